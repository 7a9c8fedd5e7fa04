"""`prove`: what is checked before, that the proof is verified after, and what is left behind."""

from __future__ import annotations

import json
import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from anomi_core.errors import MissingToolError, UsageError
from anomi_core.field import FR_MODULUS
from anomi_core.groth16.errors import PhaseOneNotContributedError, PointAtInfinityError, PointNotOnCurveError
from anomi_prover import tools
from anomi_prover.backends.rapidsnark import RapidsnarkError, find_rapidsnark
from anomi_prover.keys import PhaseTwoNotContributedError, read_proving_key
from anomi_prover.prove import ProverDisagreesError, WitnessLengthMismatchError, prove, prover
from anomi_prover.setup import KeyBundle
from anomi_prover.tools import ToolNotFoundError
from anomi_prover.verify import verify, verify_files
from anomi_prover.wtns import write_wtns
from tests.unit.prove.circuits import cube_witness, section
from tests.unit.prove.conftest import without_native_core


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which temporary folders are made, so that a test can see what is left there."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_witness_file_is_proven_and_the_proof_verified(cube_key: KeyBundle, tmp_path: Path, scratch: Path) -> None:
    witness = tmp_path / "w.wtns"
    write_wtns(witness, cube_witness(3))
    bundle = prove(cube_key.zkey, witness)
    assert bundle.public_inputs == (27,)
    assert (bundle.backend, bundle.verifier) == ("native", "native")
    verify(read_proving_key(cube_key.zkey).verifying_key, (27,), bundle.proof)
    bundle.write(tmp_path / "proof.json", tmp_path / "public.json")
    verify_files(cube_key.vk_json, tmp_path / "public.json", tmp_path / "proof.json")
    assert list(scratch.iterdir()) == []


STAND_IN = """#!{python}
import json, os, stat, subprocess, sys
zkey, wtns, proof, public = sys.argv[1:]
folder = os.path.dirname(wtns)
facts = {{
    "folder": stat.S_IMODE(os.stat(os.path.dirname(proof)).st_mode),
    "witness": stat.S_IMODE(os.stat(wtns).st_mode),
    "private": folder == os.path.dirname(proof),
    "arguments": sys.argv[1:],
}}
open({facts!r}, "w").write(json.dumps(facts))
if {exit_code}:
    print("a reason of its own")
    sys.exit({exit_code})
subprocess.run([{node!r}, {snarkjs!r}, "groth16", "prove", zkey, wtns, proof, public], check=True)
document = json.load(open(proof))
del document["curve"]
json.dump(document, open(proof, "w"))
{after}
"""


def _stand_in(folder: Path, *, exit_code: int = 0, after: str = "") -> tuple[Path, Path]:
    """A program with rapidsnark's interface and habits (no `curve` in the proof) that lets snarkjs do the work."""
    program, facts = folder / "rapidsnark", folder / "facts.json"
    program.write_text(
        STAND_IN.format(
            python=sys.executable,
            node=str(tools.node()),
            snarkjs=str(tools.snarkjs_cli()),
            facts=str(facts),
            exit_code=exit_code,
            after=after,
        )
    )
    program.chmod(0o755)
    return program, facts


def test_rapidsnark_is_run_with_private_files(
    cube_key: KeyBundle, tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, facts = _stand_in(tmp_path)
    monkeypatch.setenv("ANOMI_RAPIDSNARK", str(program))
    bundle = prove(cube_key.zkey, cube_witness(5), "rapidsnark")
    assert bundle.backend == "rapidsnark"
    assert bundle.public_inputs == (125,)
    seen = json.loads(facts.read_text())
    assert seen["private"]
    assert (seen["folder"], seen["witness"]) == (0o700, 0o600)
    assert list(scratch.iterdir()) == []


def test_a_failing_backend_leaves_nothing_behind(
    cube_key: KeyBundle, tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, _ = _stand_in(tmp_path, exit_code=7)
    monkeypatch.setenv("ANOMI_RAPIDSNARK", str(program))
    with pytest.raises(RapidsnarkError, match="exit code 7: a reason of its own"):
        prove(cube_key.zkey, cube_witness(5), "rapidsnark")
    assert list(scratch.iterdir()) == []


def test_a_backend_that_reports_other_public_inputs_is_not_believed(
    cube_key: KeyBundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, _ = _stand_in(tmp_path, after='json.dump(["126"], open(public, "w"))')
    monkeypatch.setenv("ANOMI_RAPIDSNARK", str(program))
    with pytest.raises(ProverDisagreesError, match="other public inputs"):
        prove(cube_key.zkey, cube_witness(5), "rapidsnark")


def test_rapidsnark_is_found_or_missed_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ANOMI_RAPIDSNARK", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolNotFoundError, match="rapidsnark is not on PATH"):
        find_rapidsnark()
    program = tmp_path / "rapidsnark"
    program.write_text("")
    program.chmod(0o755)
    assert find_rapidsnark() == program
    monkeypatch.setenv("ANOMI_RAPIDSNARK", str(tmp_path / "elsewhere"))
    with pytest.raises(ToolNotFoundError, match="ANOMI_RAPIDSNARK names"):
        find_rapidsnark()


def test_auto_is_never_rapidsnark_even_when_it_is_on_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "rapidsnark"
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    assert prover("auto").NAME == "native"
    without_native_core(monkeypatch)
    assert prover("auto").NAME == "snarkjs"


def test_unknown_and_missing_backends(cube_key: KeyBundle, monkeypatch: pytest.MonkeyPatch) -> None:
    without_native_core(monkeypatch)
    with pytest.raises(UsageError, match="choose one of auto, native, snarkjs, rapidsnark"):
        prove(cube_key.zkey, cube_witness(3), "groth17")
    with pytest.raises(MissingToolError, match="'native' is not installed"):
        prove(cube_key.zkey, cube_witness(3), "native")
    with pytest.raises(UsageError, match="no verifier is called"):
        prove(cube_key.zkey, cube_witness(3), verifier="none")


@pytest.mark.parametrize("witness", [cube_witness(3)[:3], [*cube_witness(3), 0], [1]])
def test_a_witness_of_another_circuit_is_refused_before_proving(cube_key: KeyBundle, witness: list[int]) -> None:
    with pytest.raises(WitnessLengthMismatchError, match=f"has 4 wires, the witness {len(witness)}"):
        prove(cube_key.zkey, witness)


def _edited(key: KeyBundle, tmp_path: Path, offset: int, replacement: bytes) -> Path:
    """A copy of the key with bytes replaced at `offset` of section 2, behind the two moduli and three counts."""
    data = bytearray(key.zkey.read_bytes())
    start = section(data, 2)[0] + 2 * 36 + 12 + offset
    data[start : start + len(replacement)] = replacement
    path = tmp_path / "edited.zkey"
    path.write_bytes(data)
    return path


ALPHA_1, BETA_1, BETA_2, GAMMA_2, DELTA_1, DELTA_2 = 0, 64, 128, 256, 384, 448


@pytest.mark.parametrize(
    ("offset", "replacement", "error", "words"),
    [
        (ALPHA_1, bytes(64), PointAtInfinityError, "α of the verifying key"),
        (BETA_1, bytes(64), PointAtInfinityError, "β in G1"),
        (BETA_2, bytes(128), PointAtInfinityError, "β of the verifying key"),
        (GAMMA_2, bytes(128), PointAtInfinityError, "γ of the verifying key"),
        (DELTA_2, bytes(128), PointAtInfinityError, "δ of the verifying key"),
        (BETA_1 + 32, b"\1", PointNotOnCurveError, "β in G1"),
    ],
    ids=["α₁ = 0", "β₁ = 0", "β₂ = 0", "γ₂ = 0", "δ₂ = 0", "β₁ off curve"],
)
def test_keys_without_blinding_or_with_bad_points_are_refused(
    cube_key: KeyBundle, tmp_path: Path, offset: int, replacement: bytes, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        prove(_edited(cube_key, tmp_path, offset, replacement), cube_witness(3))


def test_a_key_that_hides_its_missing_contributions_is_refused(
    cube_key: KeyBundle, initial_zkey: Path, tmp_path: Path
) -> None:
    """δ was changed (γ ≠ δ) by someone who left no record of it."""
    data, initial = cube_key.zkey.read_bytes(), initial_zkey.read_bytes()
    start, length = section(data, 10)
    end = start + length
    initial_start, initial_length = section(initial, 10)
    record = initial[initial_start : initial_start + initial_length]
    assert end == len(data)
    path = tmp_path / "unrecorded.zkey"
    path.write_bytes(data[: start - 8] + len(record).to_bytes(8, "little") + record)
    with pytest.raises(PhaseTwoNotContributedError, match="lists no phase-2 contribution"):
        prove(path, cube_witness(3))


def test_the_phase_one_check_needs_no_witness(initial_zkey: Path, tmp_path: Path) -> None:
    data = bytearray(initial_zkey.read_bytes())
    start = section(data, 2)[0] + 2 * 36 + 12
    one = (1 << 256) % 21888242871839275222246405745257275088696311157297823662689037894645226208583
    two = 2 * one % 21888242871839275222246405745257275088696311157297823662689037894645226208583
    data[start : start + 64] = one.to_bytes(32, "little") + two.to_bytes(32, "little")
    path = tmp_path / "alpha.zkey"
    path.write_bytes(data)
    with pytest.raises(PhaseOneNotContributedError, match="is the generator"):
        read_proving_key(path)


def test_edge_values_of_a_witness_are_proven(cube_key: KeyBundle) -> None:
    bundle = prove(cube_key.zkey, cube_witness(FR_MODULUS - 1), verifier="snarkjs")
    assert bundle.public_inputs == (FR_MODULUS - 1,)
    assert bundle.verifier == "snarkjs"


def test_the_witness_file_of_the_caller_is_not_touched(cube_key: KeyBundle, tmp_path: Path) -> None:
    witness = tmp_path / "w.wtns"
    write_wtns(witness, cube_witness(0))
    before = witness.read_bytes()
    prove(cube_key.zkey, witness)
    assert witness.read_bytes() == before
    assert stat.S_IMODE(witness.stat().st_mode) == 0o600
