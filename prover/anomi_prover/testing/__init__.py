"""Helpers for tests of circuits: edit a witness, and say in the circuit's own words what the edit breaks.

A circuit that computes a value with `<--` and forgets to constrain it accepts witnesses that its calculator never
makes. Such a hole shows only when a witness is edited by hand and the constraints, alone, are asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anomi_core.field import FR_MODULUS
from anomi_prover.r1cs import R1cs
from anomi_prover.sym import Sym

__all__ = ["Violation", "edited", "named_violations"]


@dataclass(frozen=True)
class Violation:
    """A constraint that a witness breaks, and the names of the signals in it (the first of each wire)."""

    constraint: int
    signals: tuple[str, ...]

    def __str__(self) -> str:
        return f"constraint {self.constraint} over {', '.join(self.signals)}"


def edited(witness: Sequence[int], changes: Mapping[str, int], sym: Sym) -> list[int]:
    """Return a copy of `witness` in which the named signals have other values, taken mod r.

    Names are those of the .sym file. Raises UnknownSignalError for a name that has no wire: an edit that changed
    nothing would prove nothing.
    """
    copy = list(witness)
    for name, value in changes.items():
        copy[sym.wire_of(name)] = value % FR_MODULUS
    return copy


def named_violations(r1cs: R1cs, sym: Sym, witness: Sequence[int]) -> tuple[Violation, ...]:
    """Return every constraint that `witness` breaks. Raises WireCountMismatchError."""
    found = []
    for index in r1cs.violations(witness):
        wires = sorted({wire for part in r1cs.constraints[index] for wire, _ in part if wire != 0})
        names = [sym.names_of(wire) for wire in wires]
        found.append(
            Violation(
                index, tuple(known[0] if known else f"wire {wire}" for wire, known in zip(wires, names, strict=True))
            )
        )
    return tuple(found)
