"""What the tests ask of an R1CS beside "is this witness accepted"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from anomi_core.field import FR_MODULUS
from anomi_prover.r1cs import R1cs

__all__ = ["Neighbourhood", "undetermined_wires"]


class Neighbourhood:
    """A witness of an R1CS, ready for many edits of few wires: only the rows that hold them are evaluated."""

    def __init__(self, r1cs: R1cs, witness: Sequence[int]) -> None:
        """Evaluate every row once."""
        self.witness = list(witness)
        self._values: list[tuple[int, int, int]] = []
        self._rows_of: list[list[tuple[int, int, int]]] = [[] for _ in witness]
        for row, sides in enumerate(r1cs.constraints):
            a, b, c = (sum(factor * witness[wire] for wire, factor in side) for side in sides)
            self._values.append((a, b, c))
            for side, terms in enumerate(sides):
                for wire, factor in terms:
                    self._rows_of[wire].append((row, side, factor))

    def violations(self, edits: Mapping[int, int]) -> set[int]:
        """Return the rows, among those that hold an edited wire, that the edited witness violates."""
        changed: dict[int, list[int]] = {}
        for wire, value in edits.items():
            step = value - self.witness[wire]
            for row, side, factor in self._rows_of[wire]:
                changed.setdefault(row, list(self._values[row]))[side] += factor * step
        return {row for row, (a, b, c) in changed.items() if (a * b - c) % FR_MODULUS}

    def free_wires(self) -> list[int]:
        """Return the wires (not the constant) to which 1 can be added without violating any row."""
        return [wire for wire in range(1, len(self.witness)) if not self.violations({wire: self.witness[wire] + 1})]


def undetermined_wires(r1cs: R1cs, witness: Sequence[int], known: Collection[int]) -> set[int]:
    """Return the wires that do not follow from the `known` ones, one row at a time, to first order at this witness.

    A row determines a wire when that wire is the only unknown one left in the row's derivative: x in x = y·z, and in
    x·(x - 1) = 0. Rows are only used this way, never solved together, so a value that is merely compared with another
    in the end counts as undetermined: that is what `<--` in place of `<==` leaves behind. Meant for circuits compiled
    with O1, where every signal that is computed keeps its own row.
    """
    unknown_of: list[set[int]] = []
    rows_of: defaultdict[int, list[int]] = defaultdict(list)
    for row, (a, b, c) in enumerate(r1cs.constraints):
        value_a = sum(factor * witness[wire] for wire, factor in a)
        value_b = sum(factor * witness[wire] for wire, factor in b)
        derivative: defaultdict[int, int] = defaultdict(int)
        for wire, factor in a:
            derivative[wire] += factor * value_b
        for wire, factor in b:
            derivative[wire] += factor * value_a
        for wire, factor in c:
            derivative[wire] -= factor
        unknown = {wire for wire, by_wire in derivative.items() if by_wire % FR_MODULUS} - set(known)
        unknown_of.append(unknown)
        for wire in unknown:
            rows_of[wire].append(row)
    determined = set(known)
    ready = [row for row, unknown in enumerate(unknown_of) if len(unknown) == 1]
    while ready:
        unknown = unknown_of[ready.pop()]
        if len(unknown) != 1:
            continue
        (wire,) = unknown
        determined.add(wire)
        for row in rows_of[wire]:
            unknown_of[row].discard(wire)
            if len(unknown_of[row]) == 1:
                ready.append(row)
    return set(range(1, len(witness))) - determined
