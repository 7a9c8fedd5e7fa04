"""Compiled circuits as the tests use them: wires by name, witnesses, and the verdict of the R1CS."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from anomi_prover import tools
from anomi_prover.compile import CompiledCircuit, compile_circuit
from anomi_prover.r1cs import R1cs, read_r1cs
from anomi_prover.sym import read_sym
from anomi_prover.testing.unasserted import without_refusals
from anomi_prover.witness import WitnessCalculator

__all__ = ["CIRCUITS", "Circuit", "circomlib", "compiled", "gadget", "preset_circuit"]

ROOT: Final = Path(__file__).resolve().parents[3]
GADGETS: Final = Path(__file__).resolve().parents[1] / "gadgets"
CIRCUITS: Final = Path(os.environ.get("ANOMI_CIRCUITS_SOURCE") or ROOT / "circuits")
"""The circuits' sources; tools/mutate_circuits names a damaged copy here."""


class Circuit:
    """One compiled circuit: `witness` asks circom's witness generator, `unasserted_witness` one that never refuses."""

    def __init__(self, r1cs: Path, wasm: Path, sym: Path, scratch: Path) -> None:
        """Take the files' places; each is read when it is first needed. `scratch` is a folder for our own."""
        self._r1cs, self._wasm, self._sym, self._scratch = r1cs, wasm, sym, scratch

    @cached_property
    def r1cs(self) -> R1cs:
        """The constraints."""
        return read_r1cs(self._r1cs)

    @cached_property
    def wires(self) -> Mapping[str, int]:
        """Wire by signal name without the leading `main.`; only signals that the simplification kept."""
        return {
            entry.name.removeprefix("main."): entry.wire
            for entry in read_sym(self._sym).signals
            if entry.wire is not None
        }

    @cached_property
    def _generator(self) -> WitnessCalculator:
        return self._calculator("wasm", self._wasm.read_bytes())

    @cached_property
    def _unasserted_generator(self) -> WitnessCalculator:
        return self._calculator("unasserted.wasm", without_refusals(self._wasm.read_bytes()))

    def _calculator(self, kind: str, wasm: bytes) -> WitnessCalculator:
        # A copy of its own: beside a .sym file, a calculator reads that at each call, for messages not needed here.
        self._scratch.mkdir(exist_ok=True)
        path = self._scratch / f"{self._wasm.stem}.{kind}"
        path.write_bytes(wasm)
        return WitnessCalculator(path)

    def witness(self, inputs: Mapping[str, object]) -> list[int]:
        """Return the witness, or raise what the witness generator raises."""
        return self._generator.calculate(inputs)

    def unasserted_witness(self, inputs: Mapping[str, object]) -> list[int]:
        """Return all wires, whether or not they satisfy the constraints."""
        return self._unasserted_generator.calculate(inputs)

    def violations(self, witness: list[int]) -> list[int]:
        """Return the rows of the R1CS that the witness violates."""
        return list(self.r1cs.violations(witness))


def circomlib() -> Path:
    """Return the folder that `circomlib/…` is included from."""
    return tools.circom_wasm().parents[1]


def compiled(main: str, optimisation: str = "O2") -> CompiledCircuit:
    """Return a preset of `spec/circuits.toml` compiled from the sources as they are now.

    Set-up has compiled the same sources with the same flags, so this finds its result in the cache; what lies in build/
    is that of the last set-up.
    """
    source = CIRCUITS / "main" / f"{main}.circom"
    return compile_circuit(source, include_dirs=(circomlib(),), optimisation=optimisation)


@cache
def preset_circuit(main: str, scratch: Path) -> Circuit:
    """Return a preset of `spec/circuits.toml`, compiled as it is for use."""
    made = compiled(main)
    return Circuit(made.r1cs, made.wasm, made.sym, scratch)


@cache
def gadget(name: str, scratch: Path) -> Circuit:
    """Return tests/circuits/gadgets/<name>.circom, compiled against the circuits' sources with O1 (cached).

    With O2 the compiler spends a minute on a dozen Poseidons of different widths.
    """
    made = compile_circuit(GADGETS / f"{name}.circom", include_dirs=(CIRCUITS, circomlib()), optimisation="O1")
    return Circuit(made.r1cs, made.wasm, made.sym, scratch)
