"""Which constraints of `circom --O0` are left after simplification.

circom --O1 and --O2 remove linear constraints by expressing signals by others, and put the expressions into the rest.
So a constraint that is left and the one it was written as are one polynomial in the wires that are left: we draw values
for those wires, compute what the removed signals are then worth from the removed constraints, and compare A·B − C. Two
that agree by chance do so with probability below 2⁻²⁰⁰. A constraint that comes to zero was removed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from anomi_prover.r1cs import Constraint, LinearCombination, R1cs

__all__ = ["written_as"]

ROWS_MAX: Final = 200_000
"""Coupled equations that are solved together at most; the rest stay unknown."""

Pair = tuple[int, int]


def written_as(written: R1cs, left: R1cs) -> list[int | None]:
    """Return, for every constraint of `left`, the index in `written` (--O0) of what it was written as, or None."""
    solver = _Values(written, left)
    solver.solve()
    by_value: dict[int, list[int]] = defaultdict(list)
    for index in range(written.n_constraints - 1, -1, -1):
        if worth := solver.value_of(written.constraints[index]):
            by_value[worth].append(index)
    prime = left.prime
    values = [solver.drawn[label][0] if label else 1 for label in left.labels]
    found: list[int | None] = []
    for a, b, c in left.constraints:
        at = [sum(coefficient * values[wire] for wire, coefficient in part) for part in (a, b, c)]
        point = (at[0] * at[1] - at[2]) % prime
        same = by_value.get(point) or by_value.get(-point % prime)
        found.append(same.pop() if same else None)
    return found


class _Values:
    """Two random points at once: what is the same at both is constant."""

    def __init__(self, written: R1cs, left: R1cs) -> None:
        self.system = written
        self.prime = written.prime
        self.drawn = {
            label: (_draw(label, 0, self.prime), _draw(label, 1, self.prime)) for label in left.labels if label
        }
        self.known: list[Pair | None] = [self.drawn.get(label) for label in written.labels]
        self.known[0] = (1, 1)

    def solve(self) -> None:
        """Find the value of every removed signal that one constraint after the other gives, then of coupled ones."""
        unknown = [0] * self.system.n_constraints
        standing: dict[int, list[int]] = defaultdict(list)
        ready: list[int] = []
        for index, constraint in enumerate(self.system.constraints):
            missing = {wire for part in constraint for wire, _ in part if self.known[wire] is None}
            unknown[index] = len(missing)
            for wire in missing:
                standing[wire].append(index)
            if len(missing) == 1:
                ready.append(index)
        while True:
            if ready:
                solved = self._solve_one(ready.pop())
                wires = [solved] if solved is not None else []
            else:
                wires = self._solve_coupled(index for index, count in enumerate(unknown) if count > 1)
                if not wires:
                    return
            for wire in wires:
                for other in standing.pop(wire, ()):
                    unknown[other] -= 1
                    if unknown[other] == 1:
                        ready.append(other)

    def value_of(self, constraint: Constraint) -> int | None:
        """Return A·B − C at the first point; None while a signal is unknown."""
        parts = [self._at(part) for part in constraint]
        if any(part is None for part in parts):
            return None
        a, b, c = (part[0] for part in parts if part is not None)
        return (a * b - c) % self.prime

    def _at(self, part: LinearCombination) -> Pair | None:
        first = second = 0
        for wire, coefficient in part:
            value = self.known[wire]
            if value is None:
                return None
            first += coefficient * value[0]
            second += coefficient * value[1]
        return first % self.prime, second % self.prime

    def _linear(self, index: int) -> LinearCombination | None:
        """Return a constraint as a sum that must be zero, when a factor is constant; else None."""
        a, b, c = self.system.constraints[index]
        if not a or not b:
            return c
        for factor, other in ((a, b), (b, a)):
            at = self._at(factor)
            if at is not None and at[0] == at[1]:
                return (*((wire, coefficient * at[0]) for wire, coefficient in other), *((w, -k) for w, k in c))
        return None

    def _row(self, linear: LinearCombination) -> tuple[dict[int, int], Pair]:
        """Split a sum into coefficients of unknown wires and the known rest, at both points."""
        first = second = 0
        row: dict[int, int] = {}
        for wire, coefficient in linear:
            value = self.known[wire]
            if value is None:
                row[wire] = (row.get(wire, 0) + coefficient) % self.prime
            else:
                first += coefficient * value[0]
                second += coefficient * value[1]
        return {wire: coefficient for wire, coefficient in row.items() if coefficient}, (first, second)

    def _solve_one(self, index: int) -> int | None:
        linear = self._linear(index)
        if linear is None:
            return None
        row, (first, second) = self._row(linear)
        if len(row) != 1:
            return None
        ((wire, coefficient),) = row.items()
        inverse = pow(-coefficient, -1, self.prime)
        self.known[wire] = (first * inverse % self.prime, second * inverse % self.prime)
        return wire

    def _solve_coupled(self, indices: Iterator[int]) -> list[int]:
        """Gaussian elimination over the linear constraints with several unknown signals; return what it settles."""
        pivots: dict[int, tuple[dict[int, int], Pair]] = {}
        order: list[int] = []
        prime = self.prime
        for index in indices:
            linear = self._linear(index)
            if linear is None:
                continue
            row, (first, second) = self._row(linear)
            while row:
                wire = next((wire for wire in row if wire in pivots), None)
                if wire is None:
                    break
                factor = row.pop(wire)
                other, (one, two) = pivots[wire]
                for key, coefficient in other.items():
                    value = (row.get(key, 0) + factor * coefficient) % prime
                    if value:
                        row[key] = value
                    else:
                        row.pop(key, None)
                first, second = (first + factor * one) % prime, (second + factor * two) % prime
            if not row:
                continue
            wire, coefficient = row.popitem()
            inverse = pow(-coefficient, -1, prime)
            pivots[wire] = (
                {key: value * inverse % prime for key, value in row.items()},
                (first * inverse % prime, second * inverse % prime),
            )
            order.append(wire)
            if len(order) > ROWS_MAX:
                break
        settled = []
        for wire in reversed(order):
            row, (first, second) = pivots[wire]
            if any(self.known[key] is None for key in row):
                continue
            for key, coefficient in row.items():
                one, two = self.known[key] or (0, 0)
                first, second = first + coefficient * one, second + coefficient * two
            self.known[wire] = (first % prime, second % prime)
            settled.append(wire)
        return settled


def _draw(label: int, point: int, prime: int) -> int:
    """Return a value for a wire: fixed, so that a report is the same every time, and without pattern."""
    return int.from_bytes(hashlib.sha512(f"anomi circuit report {point} {label}".encode()).digest(), "big") % prime
