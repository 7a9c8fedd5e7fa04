"""Tries one fault: a damaged copy of the circuits, compiled, before the circuit tests."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from anomi_core.spec import CIRCUIT_PRESETS
from anomi_prover import tools
from anomi_prover.cache import Cache
from anomi_prover.compile import CircomError, CompiledCircuit, compile_circuit
from tools.mutation.apart import said
from tools.mutation.campaign import Outcome, Verdict
from tools.mutation.mutant import Mutant, planted
from tools.mutation.suite import Suite

__all__ = ["ARGUMENTS", "ROOT", "Bench"]

ROOT = Path(__file__).resolve().parents[2]
TESTS = "tests/circuits"
GADGETS = ("test_gadgets.py", "test_vectors.py")
# These notice nearly every fault, by counting constraints and by reading the sources. They are asked last: the question
# is whether a false claim gets through.
PINS = ("test_budget.py", "test_sources.py")
# It compares with the sound circuits and would notice everything.
NEVER = "test_build.py"
ARGUMENTS = (TESTS, f"--ignore={TESTS}/{NEVER}")
_SECONDS_MAX = 1_800


class Bench:
    """A copy of the circuits, damaged by one fault at a time; the tests find what is compiled of it in `cache`."""

    def __init__(self, circuits: Path, cache: Cache) -> None:
        """Take the copy's place and compile it once, so that what every compilation needs is there."""
        self._circuits, self._cache = circuits, cache
        self._kills: Counter[tuple[str, str]] = Counter()
        self._compiled([CIRCUIT_PRESETS[0].main])

    def try_mutant(self, mutant: Mutant, suite: Suite, *, quick: bool) -> Outcome:
        """Plant one fault and ask the tests, the likeliest and cheapest first.

        Raises SuiteFailsError when the test that noticed it fails by itself on the sound circuits, too.
        """
        with self._planted(mutant):
            outcome = self._judged(mutant.path, suite, quick)
        suite.check_alone(outcome.by, seconds_max=_SECONDS_MAX)
        self._kills.update([(mutant.path, outcome.by)])
        return outcome

    def _judged(self, path: str, suite: Suite, quick: bool) -> Outcome:
        affected = [preset.main for preset in CIRCUIT_PRESETS if path.startswith(("lib/", f"{preset.circuit}/"))]
        first = next(main for main in affected if main in ("solvency", "payment"))

        def asked(chosen: Callable[[str], bool]) -> str | None:
            names = sorted(filter(chosen, suite.names), key=lambda name: -self._kills[path, name])
            return suite.first_failure(names, seconds_max=_SECONDS_MAX)

        def cheap(name: str) -> bool:
            return "k1_d1" not in name and "k3_d3" not in name

        stages: list[tuple[list[str], Callable[[str], bool]]] = [
            ([first], lambda name: path.startswith("lib/") and cheap(name) and _stands_in(name, GADGETS)),
            ([], lambda name: first in name and cheap(name) and not _stands_in(name, PINS)),
            (affected, lambda name: any(main in name for main in affected) and not _stands_in(name, PINS)),
        ]
        for mains, chosen in stages[:-1] if quick else stages:
            if refused := self._compiled(mains):
                return Outcome(Verdict.REFUSED, refused)
            if (by := asked(chosen)) is not None:
                return Outcome(Verdict.NOTICED, by)
        if quick:
            return Outcome(Verdict.OPEN)
        counted = asked(lambda name: _stands_in(name, PINS))
        return Outcome(Verdict.SURVIVED if counted is None else Verdict.COUNTED, counted or "")

    def _compiled(self, mains: Sequence[str]) -> str:
        """Compile presets, so that a fault that is no circuit shows here and not in a test; return the complaint.

        In a fork: the compiler's threads would not survive in later ones.
        """

        def work() -> str:
            try:
                for main in mains:
                    compile_main(self._circuits, main, self._cache)
            except CircomError as error:
                return error.diagnostics[0].message if error.diagnostics else str(error)
            return ""

        return said(work, seconds_max=_SECONDS_MAX) if mains else ""

    @contextmanager
    def _planted(self, mutant: Mutant) -> Iterator[None]:
        """Put the fault into the copy, and afterwards take it out, with what was compiled of it."""
        kept = set(self._cache.root.glob("*/*"))
        try:
            with planted(mutant, self._circuits):
                yield
        finally:
            for entry in set(self._cache.root.glob("*/*")) - kept:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def compile_main(circuits: Path, main: str, cache: Cache) -> CompiledCircuit:
    """Compile one preset of a copy of the circuits."""
    source = circuits / "main" / f"{main}.circom"
    return compile_circuit(source, include_dirs=(tools.circom_wasm().parents[1],), cache=cache)


def _stands_in(name: str, files: Sequence[str]) -> bool:
    return name.startswith(tuple(f"{TESTS}/{file}::" for file in files))
