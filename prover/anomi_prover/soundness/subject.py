"""A compiled circuit laid ready for `run_campaign`: its constraints with names and places, and both calculators."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anomi_prover.circuit_map import CircuitMap
from anomi_prover.compile_sources import read_sources
from anomi_prover.setup_checks import read_circuit
from anomi_prover.sym import read_sym
from anomi_prover.testing.unasserted import without_refusals
from anomi_prover.witness import WitnessCalculator, input_signals

__all__ = ["Subject", "subject"]


@dataclass(frozen=True)
class Subject:
    """What a campaign needs. `removed`: how many inputs optimisation has taken out of the constraints."""

    circuit: CircuitMap
    calculator: WitnessCalculator
    unasserted: WitnessCalculator
    shapes: Mapping[str, tuple[int, ...]]
    removed: int


@contextmanager
def subject(
    r1cs: Path, sym: Path, wasm: Path, source: Path | None = None, include_dirs: Sequence[Path] = ()
) -> Iterator[Subject]:
    """Read a compiled circuit over BN254; with its `source`, templates and lines are known too.

    Raises what the readers, `read_sources` and WitnessCalculator raise, and SymMismatchError when .sym and .r1cs do not
    belong together.
    """
    circuit, names = read_circuit(r1cs), read_sym(sym)
    inputs = input_signals(names, circuit)
    removed = sum(names.signal(name).wire is None for name in inputs)
    mapped = CircuitMap.read(circuit, names, read_sources(source, include_dirs) if source else None)
    code = wasm.read_bytes()
    with tempfile.TemporaryDirectory(prefix="anomi-soundness-") as folder:
        path = Path(folder) / wasm.name
        with contextlib.suppress(ValueError):  # a circuit without checks refuses nothing
            code = without_refusals(code)
        path.write_bytes(code)
        calculator = WitnessCalculator(wasm, sym=sym)
        yield Subject(mapped, calculator, WitnessCalculator(path, sym=sym), calculator.input_signals(names), removed)
