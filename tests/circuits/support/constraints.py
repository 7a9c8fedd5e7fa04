"""What the tests ask of an R1CS beside "is this witness accepted"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Final

from anomi_core.field import FR_MODULUS
from anomi_prover.r1cs import R1cs

__all__ = ["Neighbourhood", "roots", "square_root", "undetermined_wires"]

NON_SQUARE: Final = 5
"""The least number that is no square in Fr."""


class Neighbourhood:
    """A witness of an R1CS, ready for many edits of few wires: only the rows that hold them are evaluated."""

    def __init__(self, r1cs: R1cs, witness: Sequence[int]) -> None:
        """Evaluate every row once."""
        self.witness = list(witness)
        self._sides = r1cs.constraints
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

    @cached_property
    def violated(self) -> frozenset[int]:
        """The rows that the witness as it stands violates."""
        return frozenset(row for row, (a, b, c) in enumerate(self._values) if (a * b - c) % FR_MODULUS)

    def repaired_by(self, edits: Mapping[int, int]) -> bool:
        """Say whether the edited witness satisfies every row."""
        touched = {row for wire in edits for row, _, _ in self._rows_of[wire]}
        return touched >= self.violated and not self.violations(edits)

    def single_wire_repairs(self) -> list[dict[int, int]]:
        """Return every edit of one wire, to whatever value, that makes a false witness pass.

        Such a wire stands in every violated row, and its value solves each of them: at most two values to try.
        """
        if not self.violated:
            raise ValueError("the witness is true: there is nothing to repair")
        rows = [{wire: None for side in self._sides[row] for wire, _ in side} for row in sorted(self.violated)]
        shared = [wire for wire in rows[0] if wire and all(wire in others for others in rows[1:])]
        row = min(self.violated)
        edits = ({wire: value} for wire in shared for value in self._solutions(row, wire))
        return [edit for edit in edits if self.repaired_by(edit)]

    def _solutions(self, row: int, wire: int) -> list[int]:
        """Return the values of one wire that satisfy one row, all other wires as they are."""
        (a, b, c) = self._values[row]
        (da, db, dc) = (sum(factor for w, factor in side if w == wire) for side in self._sides[row])
        # (a + da·t)(b + db·t) = c + dc·t
        steps = roots((da * db) % FR_MODULUS, (a * db + b * da - dc) % FR_MODULUS, (a * b - c) % FR_MODULUS)
        return [(self.witness[wire] + step) % FR_MODULUS for step in steps]

    def free_wires(self) -> list[int]:
        """Return the wires (not the constant) to which 1 can be added without violating any row."""
        return [wire for wire in range(1, len(self.witness)) if not self.violations({wire: self.witness[wire] + 1})]


def roots(x2: int, x1: int, x0: int) -> list[int]:
    """Return the roots of x2·t² + x1·t + x0 in Fr; none when it is a constant."""
    if x2 == 0:
        return [-x0 * pow(x1, -1, FR_MODULUS) % FR_MODULUS] if x1 else []
    root = square_root((x1 * x1 - 4 * x2 * x0) % FR_MODULUS)
    if root is None:
        return []
    half = pow(2 * x2, -1, FR_MODULUS)
    return sorted({(-x1 + root) * half % FR_MODULUS, (-x1 - root) * half % FR_MODULUS})


def square_root(square: int) -> int | None:
    """Return a square root in Fr, or None when there is none (Tonelli and Shanks; r - 1 = 2^28 · odd)."""
    if square == 0:
        return 0
    if pow(square, (FR_MODULUS - 1) // 2, FR_MODULUS) != 1:
        return None
    twos, odd = 28, (FR_MODULUS - 1) >> 28
    turn = pow(NON_SQUARE, odd, FR_MODULUS)
    root, rest = pow(square, (odd + 1) // 2, FR_MODULUS), pow(square, odd, FR_MODULUS)
    while rest != 1:
        order, power = 0, rest
        while power != 1:
            power = power * power % FR_MODULUS
            order += 1
        step = pow(turn, 1 << (twos - order - 1), FR_MODULUS)
        twos, turn = order, step * step % FR_MODULUS
        root, rest = root * step % FR_MODULUS, rest * turn % FR_MODULUS
    return root


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
