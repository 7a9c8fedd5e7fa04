"""`anomi bench prove`: every prover in every round, checked proofs, and failures that name who failed."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from anomi_core.errors import UsageError
from anomi_prover.bench import COLD, WARM, BenchFailedError, measure, peer
from anomi_prover.progress import NoProgress
from anomi_prover.prove import prove
from tests.native.conftest import Small

COPY = "import shutil, sys; shutil.copy({proof!r}, sys.argv[3]); shutil.copy({public!r}, sys.argv[4])"


def run_bench(small: Small, words: Sequence[str]) -> tuple[int, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "anomi_cli.main", "bench", "prove", small.zkey, small.wtns, "--json", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def proven(small: Small, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("proven")
    prove(small.zkey, small.wtns).write(folder / "proof.json", folder / "public.json")
    return folder / "proof.json", folder / "public.json"


def copier(proven: tuple[Path, Path], *words: str) -> str:
    """A peer that writes a proof which was made before."""
    code = COPY.format(proof=str(proven[0]), public=str(proven[1]))
    return "copier=" + shlex.join([sys.executable, "-c", code, *words])


def test_ours_and_peers_run_in_every_round(small: Small, proven: tuple[Path, Path]) -> None:
    peers = ("--peer", copier(proven), "--peer", "snarkjs")
    code, document = run_bench(small, [*peers, "--runs", "2", "--threads", "1"])
    assert code == 0
    assert (document["runs"], document["threads"], document["processors"]) == (2, 1, 1)
    rows = {row["name"]: row for row in document["provers"]}
    assert list(rows) == [COLD, WARM, "copier", "snarkjs"]
    for name, row in rows.items():
        assert 0 < row["min_seconds"] <= row["median_seconds"] <= row["max_seconds"]
        assert row["peak_bytes"] > 1 << 20
        assert set(row["ratio_to"]) == set(rows) - {name}
        assert (row["median_cpu_seconds"] is None) == (name == WARM)
    assert rows[WARM]["ratio_to"]["snarkjs"] < 1
    assert {"H", "A", "B", "C", "self-verify"} <= set(document["stage_seconds"])


def test_places_in_a_peers_words() -> None:
    files = {place: Path(f"/f/{place}") for place in ("zkey", "wtns", "proof", "public")}
    assert peer("p=prog").command(files) == ["prog", "/f/zkey", "/f/wtns", "/f/proof", "/f/public"]
    assert peer("p=prog -o{proof} '{wtns} x'").command(files) == ["prog", "-o/f/proof", "/f/wtns x"]


@pytest.mark.parametrize("text", ["", "=prog", "name=", "name", "name='open", f"{COLD}=prog"])
def test_what_is_no_peer(text: str) -> None:
    with pytest.raises(UsageError):
        peer(text)


def test_failures_name_the_prover(small: Small, proven: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "public.json"
    other.write_text('["1", "2"]')
    cases = {
        "p=/nowhere/prover": "p could not be started",
        "p=false": "p ended with exit code 1: it said nothing",
        "p=true": "what p wrote is no valid proof",
        copier((proven[0], other)): "what copier wrote is no valid proof",
    }
    for text, words in cases.items():
        with pytest.raises(BenchFailedError, match=words):
            measure(small.zkey, small.wtns, [peer(text)], threads=None, runs=1, progress=NoProgress())
    twice = [peer("p=true"), peer("p=false")]
    with pytest.raises(UsageError, match="two peers"):
        measure(small.zkey, small.wtns, twice, threads=None, runs=1, progress=NoProgress())
    with pytest.raises(UsageError, match="this process may use"):
        measure(small.zkey, small.wtns, [], threads=256, runs=1, progress=NoProgress())
