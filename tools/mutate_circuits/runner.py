"""Tries one fault: a damaged copy of the circuits, compiled, before the circuit tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from anomi_core.spec import CIRCUIT_PRESETS
from anomi_prover import tools
from anomi_prover.cache import Cache
from anomi_prover.compile import CircomError, CompiledCircuit, compile_circuit
from tools.mutation.apart import first_failure, said
from tools.mutation.campaign import Outcome, Verdict
from tools.mutation.mutant import Mutant

__all__ = ["ROOT", "TEST_SECONDS_MAX", "compile_main", "try_mutant"]

ROOT = Path(__file__).resolve().parents[2]
TESTS = "tests/circuits"
# These notice nearly every fault, by counting constraints and by reading the sources. They are asked last: the question
# is whether a false claim gets through. test_build.py compares with the sound circuits and would notice everything.
PINS = ("test_budget.py", "test_sources.py")
NEVER = ("test_build.py",)
TEST_SECONDS_MAX = 1800


def try_mutant(mutant: Mutant, circuits: Path, cache: Cache) -> Outcome:
    """Plant one fault into a copy of `circuits` and ask the tests, which find what is compiled here in `cache`."""
    # The first test that notices ends the matter, so the cheapest come first.
    affected = [p.main for p in CIRCUIT_PRESETS if mutant.path.startswith(("lib/", f"{p.circuit}/"))]
    first = [main for main in affected if main in ("solvency", "payment")][:1]
    gadgets = [f"{TESTS}/test_gadgets.py", f"{TESTS}/test_vectors.py"] if mutant.path.startswith("lib/") else []
    with _copy(circuits, mutant) as copy:
        if refused := copy.compile(first, cache):
            return Outcome(Verdict.REFUSED, refused)
        noticed = copy.test(gadgets, "not k1_d1 and not k3_d3") if gadgets else None
        if noticed is None:
            noticed = copy.test([TESTS], f"{first[0]} and not k1_d1 and not k3_d3")
        if noticed is None:
            if refused := copy.compile([main for main in affected if main not in first], cache):
                return Outcome(Verdict.REFUSED, refused)
            noticed = copy.test([TESTS], " or ".join(affected))
        if noticed is not None:
            return Outcome(Verdict.NOTICED, noticed)
        counted = copy.test([f"{TESTS}/{pin}" for pin in PINS], "", pins=True)
        return Outcome(Verdict.SURVIVED if counted is None else Verdict.COUNTED, counted or "")


def compile_main(circuits: Path, main: str, cache: Cache) -> CompiledCircuit:
    """Compile one preset of a copy of the circuits."""
    source = circuits / "main" / f"{main}.circom"
    return compile_circuit(source, include_dirs=(tools.circom_wasm().parents[1],), cache=cache)


@dataclass(frozen=True)
class _Copy:
    circuits: Path

    def compile(self, mains: Sequence[str], cache: Cache) -> str:
        """Compile presets, so that a fault that is no circuit shows here and not in a test; return the complaint."""

        def work() -> str:
            try:
                for main in mains:
                    compile_main(self.circuits, main, cache)
            except CircomError as error:
                return error.diagnostics[0].message if error.diagnostics else str(error)
            return ""

        return said(work, seconds_max=TEST_SECONDS_MAX)

    def test(self, paths: Sequence[str], only: str, *, pins: bool = False) -> str | None:
        """Run tests against the copy until one fails; return its name, or None when all pass."""
        words = [*paths, *(["-k", only] if only else [])]
        words += [f"--ignore={TESTS}/{name}" for name in (*NEVER, *(() if pins else PINS))]
        environment = {"ANOMI_CIRCUITS_SOURCE": str(self.circuits)}
        noticed = first_failure(ROOT, words, seconds_max=TEST_SECONDS_MAX, environment=environment)
        return noticed.removeprefix(f"{TESTS}/") if noticed is not None else None


@contextmanager
def _copy(circuits: Path, mutant: Mutant) -> Iterator[_Copy]:
    """Make a copy of the circuits with the fault in it."""
    with TemporaryDirectory(prefix="anomi-mutant-") as folder:
        copy = _Copy(Path(folder) / "circuits")
        shutil.copytree(circuits, copy.circuits)
        damaged = copy.circuits / mutant.path
        damaged.write_text(mutant.apply(damaged.read_text(encoding="utf-8")), encoding="utf-8")
        yield copy
