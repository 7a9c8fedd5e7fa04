"""A solver for the constraints of a circuit whose inputs are given: what follows from them, and what does not.

A constraint with one unknown wire left is solved: it gives the wire's value, two to choose from, or a conflict. A
linear one whose unknown wires have two values each (a decomposition into bits) is solved as a sum of integers, with
every multiple of the modulus that fits: so one that wraps around shows as two. What is then left is eliminated linearly
as far as it is small. Decisions beyond that are the caller's: `mark`, `assign`, `undo`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from anomi_prover.r1cs import R1cs
from anomi_prover.soundness.roots import roots

__all__ = ["Conflict", "Mark", "Solver"]

SMALL_TERMS: Final = 24
"""Constraints with at most so many terms are looked at whenever one of their wires becomes known."""
SUMS_MAX: Final = 4096
"""Multiples of the modulus that a sum of two-valued wires may reach before it is left alone."""
CHOICES_MAX: Final = 64
"""Ways to satisfy a sum of two-valued wires that are followed; a sum with more is left alone."""
SUM_NODES_MAX: Final = 256
"""Nodes for each wire that the search for such ways may visit."""
ELIMINATION_ROWS_MAX: Final = 600
ELIMINATION_TERMS_MAX: Final = 12_000

Choice = tuple[tuple[int, int], ...]
"""Values of wires, as (wire, value), that satisfy a constraint together."""


class Conflict(Exception):  # noqa: N818 -- the end of a branch of the search, not an error
    """A constraint that the values so far cannot satisfy; `constraint` is its index."""

    def __init__(self, constraint: int) -> None:
        """Keep the constraint's index."""
        super().__init__(constraint)
        self.constraint = constraint


class Mark(NamedTuple):
    """A point to return to."""

    trail: int
    domains: int
    done: int


class _Residue(NamedTuple):
    """What is left of a constraint: (a + A·x)(b + B·x) = c + C·x over the unknown wires, reduced to known shapes."""

    constant: int
    linear: dict[int, int]
    product: tuple[dict[int, int], dict[int, int]] | None


class _Row(NamedTuple):
    """A linear constraint, constant + Σ factor·wire = 0, that elimination works on."""

    terms: dict[int, int]
    constant: int

    def less(self, factor: int, other: _Row, prime: int) -> _Row:
        """Return this row with `factor` times another subtracted."""
        terms = dict(self.terms)
        for wire, value in other.terms.items():
            new = (terms.get(wire, 0) - factor * value) % prime
            if new:
                terms[wire] = new
            else:
                terms.pop(wire, None)
        return _Row(terms, (self.constant - factor * other.constant) % prime)


class Solver:
    """Values of wires under the constraints of an R1CS. Wire 0 is 1; everything else begins unknown."""

    def __init__(self, r1cs: R1cs) -> None:
        """Index the constraints."""
        self._r1cs = r1cs
        self._prime = r1cs.prime
        self.values: list[int | None] = [None] * r1cs.n_wires
        self.domains: dict[int, tuple[int, int]] = {}
        self._wires_of: list[tuple[int, ...]] = [
            tuple({wire for part in constraint for wire, _ in part}) for constraint in r1cs.constraints
        ]
        self._terms = [sum(map(len, constraint)) for constraint in r1cs.constraints]
        self._unknown = [len(wires) for wires in self._wires_of]
        self._done = [False] * r1cs.n_constraints
        self._trail: list[int] = []
        self._domain_trail: list[int] = []
        self._done_trail: list[int] = []
        self._dirty: set[int] = set(range(r1cs.n_constraints))
        self._linear: set[int] = set()
        self._ambiguous: dict[int, tuple[Choice, ...]] = {}
        self._supposing = False
        self._queue: list[int] = []
        self.steps = 0  # work done: terms of constraints looked at
        self.assign({0: 1})

    def mark(self) -> Mark:
        """Return the present point, for `undo`."""
        return Mark(len(self._trail), len(self._domain_trail), len(self._done_trail))

    def undo(self, mark: Mark) -> None:
        """Forget everything since `mark`."""
        self._queue.clear()
        for wire in self._trail[mark.trail :]:
            self.values[wire] = None
            for row in self._r1cs.constraints_of(wire):
                self._unknown[row] += 1
                self._dirty.add(row)
        for wire in self._domain_trail[mark.domains :]:
            self.domains.pop(wire, None)
        for row in self._done_trail[mark.done :]:
            self._done[row] = False
            self._dirty.add(row)  # which also brings it back among the linear ones
        del self._trail[mark.trail :], self._domain_trail[mark.domains :], self._done_trail[mark.done :]

    def assign(self, values: Mapping[int, int] | Iterable[tuple[int, int]]) -> None:
        """Give wires values, without drawing conclusions yet. Raises Conflict where one contradicts another."""
        pairs = values.items() if isinstance(values, Mapping) else values
        for wire, value in pairs:
            self._set(wire, value, -1)

    def propagate(self) -> None:
        """Draw every conclusion that needs no decision. Raises Conflict."""
        while True:
            self._drain()
            if not self._widen():
                return

    def probe(self, steps_max: int) -> None:
        """Draw conclusions, and those too that come of trying each way to satisfy a sum that has several.

        Where all ways but one lead to a conflict, that one is taken: so does an alias check tell the bits of x from
        those of x + r. Ends early after `steps_max` steps beyond the first pass. Raises Conflict.
        """
        self.propagate()
        limit = self.steps + steps_max
        growing = True
        while growing:
            growing = False
            for row, ways in sorted(self._ambiguous.items()):
                if self.steps > limit:
                    return
                if all(self.values[wire] is not None for wire, _ in ways[0]):
                    del self._ambiguous[row]
                    continue
                possible = [way for way in ways if self._survives(way)]
                if not possible:
                    raise Conflict(row)
                if len(possible) == 1 and any(self.values[wire] is None for wire, _ in possible[0]):
                    self.assign(possible[0])
                    self.propagate()
                    growing = True

    def _survives(self, way: Choice) -> bool:
        start, self._supposing = self.mark(), True
        try:
            self.assign(way)
            self.propagate()
        except Conflict:
            return False
        finally:
            self.undo(start)
            self._supposing = False
        return True

    def unknown_wires(self) -> list[int]:
        """Return the wires without a value."""
        return [wire for wire, value in enumerate(self.values) if value is None]

    def unsettled(self, wire: int) -> list[int]:
        """Return the constraints over a wire that are not yet satisfied for certain."""
        return [row for row in self._r1cs.constraints_of(wire) if not self._done[row] and self._unknown[row]]

    def unknown_in(self, row: int) -> list[int]:
        """Return the wires of a constraint that have no value."""
        return [wire for wire in self._wires_of[row] if self.values[wire] is None] if self._unknown[row] else []

    def touched(self, near: Sequence[int], start: Mark) -> Iterator[int]:
        """Yield the open constraints over wires that got another value than `near` has since `start`, latest first."""
        for wire in reversed(self._trail[start.trail :]):
            if self.values[wire] != near[wire]:
                yield from (row for row in self._r1cs.constraints_of(wire) if self._unknown[row])

    def _set(self, wire: int, value: int, row: int) -> None:
        value %= self._prime
        known = self.values[wire]
        if known is not None:
            if known != value:
                raise Conflict(row)
            return
        domain = self.domains.get(wire)
        if domain is not None and value not in domain:
            raise Conflict(row)
        self.values[wire] = value
        self._trail.append(wire)
        for other in self._r1cs.constraints_of(wire):
            self._unknown[other] -= 1
            if self._unknown[other] <= 1 or self._terms[other] <= SMALL_TERMS:
                self._queue.append(other)
            self._dirty.add(other)

    def _finish(self, row: int) -> None:
        if not self._done[row]:
            self._done[row] = True
            self._done_trail.append(row)

    def _drain(self) -> None:
        while self._queue:
            row = self._queue.pop()
            if not self._done[row]:
                self._look(row)

    def _look(self, row: int) -> None:
        """Solve one constraint if it has one unknown wire left, by what it says and not by what stands in it."""
        constant, linear, product = self._residue(row)
        prime = self._prime
        if product is None:
            if not linear:
                if constant:
                    raise Conflict(row)
                self._finish(row)
            elif len(linear) == 1:
                ((wire, factor),) = linear.items()
                self._finish(row)
                self._set(wire, -constant * pow(factor, -1, prime), row)
            elif len(linear) == 2:
                self._carry_domain(constant, linear)
            return
        left, right = product
        wires = left.keys() | right.keys() | linear.keys()
        if len(wires) != 1:
            return
        (wire,) = wires
        found = roots(left[wire] * right[wire] % prime, linear.get(wire, 0), constant, prime)
        self._decide(wire, found, row)

    def _carry_domain(self, constant: int, linear: Mapping[int, int]) -> None:
        """Of two wires in one linear constraint, let the second have two values when the first has."""
        for (wire, factor), (other, by) in itertools.permutations(linear.items(), 2):
            if other in self.domains and wire not in self.domains:
                scale = -pow(factor, -1, self._prime)
                low, high = ((constant + by * value) * scale % self._prime for value in self.domains[other])
                self._have_domain(wire, (low, high))

    def _have_domain(self, wire: int, domain: tuple[int, int]) -> None:
        self.domains[wire] = domain
        self._domain_trail.append(wire)
        for row in self._r1cs.constraints_of(wire):
            self._dirty.add(row)
            if self._unknown[row] == 2:
                self._queue.append(row)

    def _decide(self, wire: int, found: list[int], row: int) -> None:
        """Take the values that a constraint leaves to a wire."""
        domain = self.domains.get(wire)
        if domain is not None:
            found = [value for value in found if value in domain]
        if not found:
            raise Conflict(row)
        self._finish(row)
        if len(found) == 1:
            self._set(wire, found[0], row)
        elif domain is None:
            self._have_domain(wire, (found[0], found[1]))

    def _residue(self, row: int) -> _Residue:
        """Return a constraint with the known values put in: constant + linear·x + (left·x)(right·x) = 0."""
        prime, values = self._prime, self.values
        self.steps += self._terms[row]
        sides: list[tuple[int, dict[int, int]]] = []
        for part in self._r1cs.constraints[row]:
            constant = 0
            rest: dict[int, int] = {}
            for wire, factor in part:
                value = values[wire]
                if value is None:
                    rest[wire] = rest.get(wire, 0) + factor
                else:
                    constant += factor * value
            sides.append((constant % prime, rest))
        (a, left), (b, right), (c, out) = sides
        linear: dict[int, int] = {}
        for scale, terms in ((b, left), (a, right), (-1, out)):
            if scale:
                for wire, factor in terms.items():
                    linear[wire] = linear.get(wire, 0) + scale * factor
        linear = {wire: reduced for wire, factor in linear.items() if (reduced := factor % prime)}
        product = (left, right) if left and right else None
        return _Residue((a * b - c) % prime, linear, product)

    def _widen(self) -> bool:
        """Try what looks at more than one wire; say whether it gave anything."""
        before = (len(self._trail), len(self._domain_trail), len(self._done_trail))
        rows, self._dirty = sorted(self._dirty), set()
        for row in rows:
            if not self._done[row]:
                self._look_wider(row)
        if self._queue or before != (len(self._trail), len(self._domain_trail), len(self._done_trail)):
            return True
        return bool(rows) and self._eliminate()

    def _look_wider(self, row: int) -> None:
        """Look at one constraint as a whole, however many unknown wires it has."""
        residue = self._residue(row)
        terms, product = residue.linear, residue.product
        if product is not None:
            if len(product[0].keys() | product[1].keys() | terms.keys()) == 1:
                self._look(row)
            return
        if len(terms) <= 1:
            self._look(row)
            return
        if len(terms) == 2:
            self._carry_domain(residue.constant, terms)
        if terms.keys() <= self.domains.keys():
            if self._take_sum(row, residue):
                self._finish(row)
        else:
            self._linear.add(row)

    def _take_sum(self, row: int, residue: _Residue) -> bool:
        """Solve a sum of two-valued wires if there is one way only, and remember it if there are several."""
        ways = self._two_valued_sums(residue)
        if ways is None:
            return False
        if not ways:
            raise Conflict(row)
        if len(ways) == 1:
            self.assign(ways[0])
            return True
        if not self._supposing:
            self._ambiguous[row] = ways
        return False

    def _eliminate(self) -> bool:
        """Solve linear constraints together, when they are few: a wire that all of them leave one value gets it."""
        if not self._supposing:  # what is done on trial may be open again
            self._linear = {row for row in self._linear if not self._done[row] and self._unknown[row]}
        if not 2 <= len(self._linear) <= ELIMINATION_ROWS_MAX:
            return False
        linear = [(row, residue) for row in sorted(self._linear) if (residue := self._residue(row)).product is None]
        if sum(len(residue.linear) for _, residue in linear) > ELIMINATION_TERMS_MAX:
            return False
        before = len(self._trail)
        pivots: dict[int, _Row] = {}
        for row, residue in linear:
            self._reduce(pivots, row, residue)
        for wire, reduced in pivots.items():
            if len(reduced.terms) == 1:
                self._set(wire, -reduced.constant % self._prime, linear[0][0])
        return len(self._trail) > before

    def _reduce(self, pivots: dict[int, _Row], row: int, residue: _Residue) -> None:
        """Add a constraint to rows that each have a wire of their own, a pivot that stands in no other row."""
        prime = self._prime
        new = _Row(dict(residue.linear), residue.constant)
        for wire in [wire for wire in new.terms if wire in pivots]:
            self.steps += len(pivots[wire].terms)
            new = new.less(new.terms.get(wire, 0), pivots[wire], prime)
        if not new.terms:
            if new.constant:
                raise Conflict(row)
            return
        wire = next((one for one in new.terms if one not in self.domains), -1)
        if wire < 0:
            # Only two-valued wires are left, such as the bits of two parts of one number.
            self._take_sum(row, _Residue(new.constant, new.terms, None))
            return
        inverse = pow(new.terms[wire], -1, prime)
        new = _Row({one: value * inverse % prime for one, value in new.terms.items()}, new.constant * inverse % prime)
        for other, old in pivots.items():
            if factor := old.terms.get(wire, 0):
                self.steps += len(new.terms)
                pivots[other] = old.less(factor, new, prime)
        pivots[wire] = new

    def _two_valued_sums(self, residue: _Residue) -> tuple[Choice, ...] | None:
        """Return every way to satisfy constant + Σ factor·x = 0 where each x has two values; None when it is too much.

        Each x is u or v: Σ δ·t = target with t in {0, 1}. All δ are made positive integers below the modulus, so the
        target may be reached as itself plus any multiple of the modulus up to the sum of all δ.
        """
        prime = self._prime
        half = prime // 2
        target, steps = -residue.constant, []
        for wire, factor in residue.linear.items():
            low, high = self.domains[wire]
            delta = factor * (high - low) % prime
            if delta > half:
                low, high, delta = high, low, prime - delta
            target -= factor * low
            steps.append((delta, wire, low, high))
        steps.sort(reverse=True)
        total = sum(step[0] for step in steps)
        target %= prime
        if total >= prime * SUMS_MAX:
            return None
        rest = [0] * (len(steps) + 1)
        for i in range(len(steps) - 1, -1, -1):
            rest[i] = rest[i + 1] + steps[i][0]
        found: list[Choice] = []
        budget = SUM_NODES_MAX * (len(steps) + 1)
        self.steps += len(steps)
        while target <= total:
            stack = [(0, target, 0)]  # how many are decided, what is left to reach, which of them are taken, as bits
            while stack:
                at, left, taken = stack.pop()
                if at == len(steps):
                    found.append(
                        tuple((w, high if taken >> i & 1 else low) for i, (_, w, low, high) in enumerate(steps))
                    )
                    if len(found) > CHOICES_MAX:
                        return None
                    continue
                budget -= 1
                if budget < 0:
                    return None
                step, beyond = steps[at][0], rest[at + 1]
                if left <= beyond:
                    stack.append((at + 1, left, taken))
                if step <= left <= beyond + step:
                    stack.append((at + 1, left - step, taken | 1 << at))
            target += prime
        return tuple(found)
