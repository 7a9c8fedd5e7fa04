"""Tries one fault: a damaged copy of the circuits, compiled, before the circuit tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory

from anomi_core.spec import CIRCUIT_PRESETS
from anomi_prover import tools
from anomi_prover.cache import Cache
from anomi_prover.compile import CircomError, CompiledCircuit, compile_circuit
from tools.mutate_circuits.mutants import Mutant

__all__ = ["Outcome", "Verdict", "compile_main", "try_mutant"]

ROOT = Path(__file__).resolve().parents[2]
TESTS = "tests/circuits"
# These notice nearly every fault, by counting constraints and by reading the sources. They are asked last: the question
# is whether a false claim gets through. test_build.py compares with the sound circuits and would notice everything.
PINS = ("test_budget.py", "test_sources.py")
NEVER = ("test_build.py",)
TEST_SECONDS_MAX = 1800


class Verdict(Enum):
    """What became of a fault."""

    REFUSED = "refused by the compiler"
    NOTICED = "noticed"
    COUNTED = "noticed only by constraint counts or source rules"
    SURVIVED = "SURVIVED"


@dataclass(frozen=True)
class Outcome:
    """The verdict on a fault, with the first test that noticed it or the compiler's complaint."""

    mutant: Mutant
    verdict: Verdict
    by: str


def try_mutant(mutant: Mutant, circuits: Path, cache: Cache) -> Outcome:
    """Plant one fault into a copy of `circuits` and ask the tests, which find what is compiled here in `cache`."""
    affected = [p.main for p in CIRCUIT_PRESETS if mutant.path.startswith(("lib/", f"{p.circuit}/"))]
    first = [main for main in affected if main in ("solvency", "payment")][:1]
    with _copy(circuits, mutant) as copy:
        try:
            # The first test that notices ends the matter, so the cheapest come first.
            copy.compile(first, cache)
            noticed = copy.test([TESTS], f"{first[0]} and not k1_d1 and not k3_d3")
            if noticed is None and mutant.path.startswith("lib/"):
                noticed = copy.test([f"{TESTS}/test_gadgets.py", f"{TESTS}/test_vectors.py"], "not k1_d1 and not k3_d3")
            if noticed is None:
                copy.compile([main for main in affected if main not in first], cache)
                noticed = copy.test([TESTS], " or ".join(affected))
        except CircomError as error:
            return Outcome(mutant, Verdict.REFUSED, error.diagnostics[0].message)
        if noticed is not None:
            return Outcome(mutant, Verdict.NOTICED, noticed)
        counted = copy.test([f"{TESTS}/{pin}" for pin in PINS], "", pins=True)
        return Outcome(mutant, Verdict.SURVIVED if counted is None else Verdict.COUNTED, counted or "")


def compile_main(circuits: Path, main: str, cache: Cache) -> CompiledCircuit:
    """Compile one preset of a copy of the circuits."""
    source = circuits / "main" / f"{main}.circom"
    return compile_circuit(source, include_dirs=(tools.circom_wasm().parents[1],), cache=cache)


@dataclass(frozen=True)
class _Copy:
    circuits: Path

    def compile(self, mains: Sequence[str], cache: Cache) -> None:
        """Compile presets, so that a fault that is no circuit shows here and not in a test."""
        for main in mains:
            compile_main(self.circuits, main, cache)

    def test(self, paths: Sequence[str], only: str, *, pins: bool = False) -> str | None:
        """Run tests against the copy until one fails; return its name, or None when all pass."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", *paths]
        command += ["-k", only] if only else []
        command += [f"--ignore={TESTS}/{name}" for name in (*NEVER, *(() if pins else PINS))]
        environment = os.environ | {"ANOMI_CIRCUITS_SOURCE": str(self.circuits)}
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TEST_SECONDS_MAX,
            check=False,
        )
        if done.returncode == 0:
            return None
        lines = done.stdout.splitlines()
        named = [line.split(" ", 1)[1].split(" - ")[0] for line in lines if line.startswith(("FAILED ", "ERROR "))]
        if done.returncode != 1 or not named:
            raise RuntimeError(f"pytest ended with code {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return named[0].removeprefix(f"{TESTS}/")


@contextmanager
def _copy(circuits: Path, mutant: Mutant) -> Iterator[_Copy]:
    """Make a copy of the circuits with the fault in it."""
    with TemporaryDirectory(prefix="anomi-mutant-") as folder:
        copy = _Copy(Path(folder) / "circuits")
        shutil.copytree(circuits, copy.circuits)
        damaged = copy.circuits / mutant.path
        damaged.write_text(mutant.apply(damaged.read_text(encoding="utf-8")), encoding="utf-8")
        yield copy
