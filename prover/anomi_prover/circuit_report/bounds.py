"""How large each signal can be, as far as the constraints show it.

Read from the constraints of --O0 alone, so what is found holds for every prover: a wire is in [0, bound] when they
say so. Booleans (two roots 0 and 1), sums of bounded wires, products, and choices by a boolean are understood; a
bound that rests on more is not found, so "not shown" does not mean "not so".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from anomi_prover.r1cs import Constraint, LinearCombination, R1cs

__all__ = ["upper_bounds"]

TERMS_MAX: Final = 2_000
"""Longer sums are not looked at; no decomposition into bits has so many."""
VISITS_PER_CONSTRAINT: Final = 24
"""Bounds can be sharpened without end around a loop of constraints; they need not be."""

Interval = tuple[int, int]


def upper_bounds(system: R1cs, booleans: Iterable[int]) -> dict[int, int]:
    """Return, by wire, the largest value that the constraints leave it; wires without an entry may be anything.

    `booleans` are wires known to be 0 or 1 for another reason.
    """
    return _Bounds(system, booleans).run()


class _Bounds:
    def __init__(self, system: R1cs, booleans: Iterable[int]) -> None:
        self.system = system
        self.prime = system.prime
        self.bounds: dict[int, int] = {0: 1}
        self.standing: dict[int, list[int]] = defaultdict(list)
        self.ready: list[int] = []
        self.open: dict[int, int] = {}
        for index, constraint in enumerate(system.constraints):
            wires = {wire for part in constraint for wire, _ in part if wire}
            if len(wires) > TERMS_MAX:
                continue
            for wire in wires:
                self.standing[wire].append(index)
            self.open[index] = len(wires)
            if len(wires) == 1:
                self.ready.append(index)
        self.given = tuple(booleans)

    def run(self) -> dict[int, int]:
        visits: dict[int, int] = defaultdict(int)
        for wire in self.given:
            self._set(wire, 1)
        self.ready.reverse()
        while self.ready:
            index = self.ready.pop()
            visits[index] += 1
            if visits[index] <= VISITS_PER_CONSTRAINT:
                self._visit(self.system.constraints[index])
        del self.bounds[0]
        return self.bounds

    def _visit(self, constraint: Constraint) -> None:
        a, b, c = constraint
        wires = {wire for part in constraint for wire, _ in part if wire}
        if a and b:
            if len(wires) == 1:
                self._one_wire(constraint, next(iter(wires)))
                return
            open_wires = [wire for wire, _ in c if wire and wire not in self.bounds]
            if len(open_wires) == 1 and not any(w not in self.bounds for w, _ in (*a, *b)):
                self._product(constraint, open_wires[0])
            return
        open_wires = [wire for wire in wires if wire not in self.bounds]
        if len(open_wires) == 1:
            self._sum(c, open_wires[0])
        elif not open_wires and len(wires) <= 2:  # x equals y, perhaps shifted
            for wire in wires:
                self._sum(c, wire)

    def _one_wire(self, constraint: Constraint, wire: int) -> None:
        """A·B = C in one wire: a polynomial of degree 2 that is zero at 0 and 1 has no other root."""
        (a1, a0), (b1, b0), (c1, c0) = (_line(part, wire) for part in constraint)
        if a1 * b1 % self.prime and not (a0 * b0 - c0) % self.prime:
            at_one = (a0 + a1) * (b0 + b1) - c0 - c1
            if at_one % self.prime == 0:
                self._set(wire, 1)

    def _sum(self, linear: LinearCombination, wire: int) -> None:
        solved = self._solved_for(linear, wire)
        if solved is not None:
            self._accept(wire, [self._interval(solved)])

    def _product(self, constraint: Constraint, wire: int) -> None:
        a, b, c = constraint
        # C = A·B, so the wire is what stands with it in C, taken from A·B.
        rest = self._solved_for(c, wire)
        coefficient = next(value for one, value in c if one == wire)
        scale = _signed(pow(coefficient, -1, self.prime), self.prime)
        if rest is None:
            return
        choice = self._boolean_line(a)
        if choice is None:
            a, b = b, a
            choice = self._boolean_line(a)
        if choice is not None:
            boolean = next(one for one, _ in a if one)
            found = []
            for bit, factor in enumerate(choice):
                merged: dict[int, int] = defaultdict(int)
                for one, value in (*rest.items(), *((w, v * factor * scale) for w, v in b)):
                    if one == boolean:
                        merged[0] += value * bit
                    else:
                        merged[one] += value
                found.append(self._interval(merged))
            self._accept(wire, found)
            return
        first, second = (self._interval(dict(part)) for part in (a, b))
        ends = [x * y * scale for x in first for y in second]
        low, high = self._interval(rest)
        self._accept(wire, [(min(ends) + low, max(ends) + high)])

    def _boolean_line(self, part: LinearCombination) -> tuple[int, int] | None:
        """Return a factor's values for 0 and 1 where it is a line in one boolean wire."""
        wires = [wire for wire, _ in part if wire]
        if len(wires) != 1 or self.bounds.get(wires[0]) != 1:
            return None
        slope, start = _line(part, wires[0])
        return start, start + slope

    def _solved_for(self, linear: LinearCombination, wire: int) -> dict[int, int] | None:
        """Return `wire` as a sum of the others, coefficients signed."""
        own = next(value for one, value in linear if one == wire)
        inverse = pow(-own, -1, self.prime)
        return {one: _signed(value * inverse % self.prime, self.prime) for one, value in linear if one != wire}

    def _interval(self, terms: dict[int, int]) -> Interval:
        low = high = 0
        for wire, coefficient in terms.items():
            if wire == 0:
                low, high = low + coefficient, high + coefficient
            elif coefficient < 0:
                low += coefficient * self.bounds[wire]
            else:
                high += coefficient * self.bounds[wire]
        return low, high

    def _accept(self, wire: int, intervals: list[Interval]) -> None:
        low, high = min(one[0] for one in intervals), max(one[1] for one in intervals)
        if low >= 0 and high < self.prime:
            self._set(wire, high)

    def _set(self, wire: int, bound: int) -> None:
        known = self.bounds.get(wire)
        if known is not None and bound >= known:
            return
        self.bounds[wire] = bound
        for index in self.standing[wire]:
            self.open[index] -= known is None
            if self.open[index] <= 1:
                self.ready.append(index)


def _line(part: LinearCombination, wire: int) -> tuple[int, int]:
    """Return slope and constant of a linear combination that holds no other wire."""
    return sum(v for w, v in part if w == wire), sum(v for w, v in part if w == 0)


def _signed(value: int, prime: int) -> int:
    return value - prime if value > prime // 2 else value
