"""libFuzzer over the native readers: built from prover/native/fuzz, run from the recorded corpora, its totals read."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anomi_core.errors import MissingToolError, RefusedError
from tools.fuzz_parsers.targets import ROOT

__all__ = ["FuzzBuildError", "NativeRound", "build", "fuzz"]

FOLDER: Final = ROOT / "prover" / "native" / "fuzz"
INPUT_BYTES_MAX: Final = 8192
INPUT_SECONDS_MAX: Final = 20
MEMORY_MIB_MAX: Final = 2048


class FuzzBuildError(RefusedError):
    """The fuzz targets do not build."""


@dataclass(frozen=True)
class NativeRound:
    """What a round came to; `finding` is the file for which a reader panicked, hung or took too much memory."""

    runs: int
    edges: int
    finding: Path | None


def build() -> Path:
    """Build the targets; return the folder of the binaries. Needs a C++ compiler, for libFuzzer itself."""
    if shutil.which("cargo") is None:
        raise MissingToolError("fuzzing the native readers needs cargo", hint="install Rust 1.95 or newer")
    if subprocess.run(["cargo", "build", "--release", "--locked"], cwd=FOLDER, check=False).returncode != 0:  # noqa: S607
        raise FuzzBuildError("the fuzz targets of prover/native/fuzz do not build")
    return FOLDER / "target" / "x86_64-unknown-linux-gnu" / "release"


def fuzz(binary: Path, corpus: Path, seconds: int, seed: int, findings: Path) -> NativeRound:
    """Fuzz one reader from `corpus`, which then holds the smallest inputs that reach all that was reached."""
    with tempfile.TemporaryDirectory(prefix="anomi-fuzz-") as name:
        grown, merged = Path(name) / "grown", Path(name) / "merged"
        shutil.copytree(corpus, grown)
        merged.mkdir()
        common = [f"-max_len={INPUT_BYTES_MAX}", f"-timeout={INPUT_SECONDS_MAX}", f"-rss_limit_mb={MEMORY_MIB_MAX}",
                  f"-artifact_prefix={findings}/{binary.name}-"]  # fmt: skip
        text = _run([str(binary), *common, f"-max_total_time={seconds}", f"-seed={seed}", "-print_final_stats=1",
                     "-use_value_profile=1", str(grown)])  # fmt: skip
        found = sorted(findings.glob(f"{binary.name}-*"))
        runs = re.search(r"number_of_executed_units: (\d+)", text)
        edges = re.findall(r"cov: (\d+)", text)
        if found:
            return NativeRound(int(runs[1]) if runs else 0, int(edges[-1]) if edges else 0, found[0])
        if runs is None or not edges:
            raise RefusedError(f"{binary.name} ended without its totals: {text[-300:]}")
        # Without the profile of compared values: that keeps hundreds of inputs which differ in one operand only.
        _run([str(binary), *common, "-merge=1", str(merged), str(grown)])
        for old in corpus.iterdir():
            old.unlink()
        for new in merged.iterdir():
            shutil.copyfile(new, corpus / new.name[:16])
        return NativeRound(int(runs[1]), int(edges[-1]), None)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode(errors="replace")
