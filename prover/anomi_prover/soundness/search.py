"""The search for a second witness: other values of wires, the same inputs, every constraint satisfied.

First the solver says what follows from the inputs. Each wire that does not is then given another value, conclusions
are drawn, and constraints that hold a changed wire are completed with values as near the honest ones as they allow. A
witness that is returned satisfies every constraint, checked anew; that none is found proves nothing, unless no wire is
left undetermined: then there is no other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from anomi_core.errors import InternalError, RefusedError
from anomi_prover.r1cs import R1cs, WireCountMismatchError
from anomi_prover.soundness.solver import Conflict, Mark, Solver

__all__ = ["FalseWitnessError", "SearchResult", "find_witness", "search_second_witnesses"]

STEPS_MAX: Final = 10_000_000
DECISIONS_MAX: Final = 4_000
BACKTRACKS_MAX: Final = 60
SEEDS_MAX: Final = 400
PATIENCE: Final = 40
"""Seeds in a row that give nothing, after something was found, before the search ends."""


class FalseWitnessError(RefusedError):
    """The witness to start from violates a constraint."""


@dataclass(frozen=True)
class SearchResult:
    """What was found. `undetermined`: wires that do not follow from the inputs by what the solver knows.

    `forged` are witnesses with the same inputs, each differing from the honest one. `exhausted` says that the search
    came to its end, not to its limit. `two_valued` are the undetermined wires to which a constraint leaves two values.
    """

    undetermined: tuple[int, ...]
    forged: tuple[tuple[int, ...], ...]
    exhausted: bool
    two_valued: frozenset[int]

    @property
    def is_unique(self) -> bool:
        """Whether every wire follows from the inputs: a proof that there is no second witness for these inputs."""
        return not self.undetermined


def search_second_witnesses(
    r1cs: R1cs, witness: Sequence[int], *, hints: Collection[int] = (), steps_max: int = STEPS_MAX
) -> SearchResult:
    """Search other witnesses with the inputs of `witness`; `hints` are wires to vary first, such as targets of `<--`.

    `steps_max` bounds the work beyond the first pass, in terms of constraints looked at: a million take about a second.
    Raises FalseWitnessError when the witness violates a constraint, WireCountMismatchError.
    """
    if (broken := r1cs.first_violation(witness)) is not None:
        raise FalseWitnessError(f"the witness violates constraint {broken}: only a true one has a second")
    solver = _with_inputs(r1cs, witness)
    try:
        solver.probe(steps_max)
    except Conflict as conflict:
        raise InternalError(f"the solver contradicts a true witness at constraint {conflict.constraint}") from conflict
    undetermined = tuple(wire for wire in solver.unknown_wires())
    two_valued = frozenset(solver.domains) & frozenset(undetermined)
    limit = solver.steps + steps_max
    forged: list[tuple[int, ...]] = []
    varied: set[int] = set()
    free = [wire for wire in undetermined if not solver.unsettled(wire)]
    if free:
        loose = list(witness)
        for wire in free:
            # Two values that nothing chooses between, as ± of a square root, or any value at all.
            choices = solver.domains.get(wire, (loose[wire] + 1,))
            loose[wire] = next(value for value in choices if value != loose[wire]) % r1cs.prime
        forged.append(tuple(loose))
        varied.update(free)
    useless = 0
    seeds = _seeds(solver, r1cs, witness, undetermined, hints)
    for seed in seeds:
        if seed in varied:
            continue
        if solver.steps > limit or (varied and useless > PATIENCE):
            return SearchResult(undetermined, tuple(forged), False, two_valued)
        found = _vary(solver, r1cs, witness, seed, limit)
        useless += 1
        if found is not None:
            forged.append(found)
            new = {wire for wire in undetermined if found[wire] != witness[wire]} - varied
            varied |= new
            useless = 0
    return SearchResult(undetermined, tuple(forged), len(seeds) < SEEDS_MAX, two_valued)


def find_witness(r1cs: R1cs, wires: Sequence[int], *, steps_max: int = STEPS_MAX) -> tuple[int, ...] | None:
    """Return a true witness with the inputs of `wires`, a false one that it stays near; None when none is found.

    For inputs that a circuit should refuse, and whose wires were computed all the same: what a cheat would do next.
    """
    if len(wires) != r1cs.n_wires:
        raise WireCountMismatchError(f"this constraint system has {r1cs.n_wires} wires; {len(wires)} values came")
    broken = list(r1cs.violations(wires))
    if not broken:
        return tuple(wires)
    solver = _with_inputs(r1cs, wires)
    try:
        solver.probe(steps_max)
    except Conflict:
        return None
    return _complete(solver, r1cs, wires, Mark(0, 0, 0), broken, solver.steps + steps_max)


def _with_inputs(r1cs: R1cs, witness: Sequence[int]) -> Solver:
    solver = Solver(r1cs)
    first = 1 + r1cs.n_public_outputs
    # By label: behind the inputs that optimisation has left, other wires move up.
    labels = range(first, first + r1cs.n_public_inputs + r1cs.n_private_inputs)
    solver.assign({wire: witness[wire] for wire in range(first, r1cs.n_wires) if r1cs.label_of(wire) in labels})
    return solver


def _seeds(
    solver: Solver, r1cs: R1cs, witness: Sequence[int], undetermined: Sequence[int], hints: Collection[int]
) -> list[int]:
    """Return the wires to vary: those whose values decide all others', then the outputs.

    They are found by deciding one unknown wire after another as the witness has it, until everything follows.
    """
    outputs = range(1, 1 + r1cs.n_public_outputs)
    start = solver.mark()
    first = [wire for wire in undetermined if wire in hints]
    rest = sorted((wire for wire in undetermined if wire not in hints), key=lambda wire: (wire in outputs, wire))
    seeds: list[int] = []
    try:
        for wire in (*first, *rest):
            if solver.values[wire] is not None or not solver.unsettled(wire):
                continue
            if len(seeds) == SEEDS_MAX:
                break
            seeds.append(wire)
            solver.assign({wire: witness[wire]})
            solver.propagate()
    except Conflict as conflict:
        raise InternalError(f"the solver contradicts a true witness at constraint {conflict.constraint}") from conflict
    finally:
        solver.undo(start)
    known = set(seeds)
    return [*seeds, *(wire for wire in undetermined if wire in outputs and wire not in known)]


def _vary(solver: Solver, r1cs: R1cs, witness: Sequence[int], seed: int, limit: int) -> tuple[int, ...] | None:
    """Return a true witness in which `seed` has another value, or None."""
    for value in _values(solver, witness[seed], seed, r1cs.prime):
        start = solver.mark()
        try:
            solver.assign({seed: value})
            solver.propagate()
            found = _complete(solver, r1cs, witness, start, (), limit)
        except Conflict:
            found = None
        finally:
            solver.undo(start)
        if found is not None:
            return found
        if solver.steps > limit:
            break
    return None


def _values(solver: Solver, honest: int, wire: int, prime: int) -> Iterator[int]:
    """Yield other values for a wire: those that mistakes are made of, or the other one of two."""
    domain = solver.domains.get(wire)
    if domain is not None:
        yield from (value for value in domain if value != honest)
        return
    inverse = pow(honest, -1, prime) if honest else 2
    seen = {honest}
    tried = (
        0,
        1,
        honest + 1,
        -honest,
        honest - 1,
        2,
        -1,
        honest ^ 1,
        2 * honest,
        inverse,
        honest + (1 << 64),
        1 - honest,
    )
    for value in (one % prime for one in tried):
        if value not in seen:
            seen.add(value)
            yield value


def _complete(
    solver: Solver, r1cs: R1cs, near: Sequence[int], start: Mark, broken: Iterable[int], limit: int
) -> tuple[int, ...] | None:
    """Give values to unknown wires until every constraint holds, as `near` has them wherever that is allowed.

    `broken` are constraints that `near` violates. Decisions are taken back when they lead to a conflict, a bounded
    number of times. The solver is left at its last state; the caller undoes.
    """
    broken = tuple(broken)
    decisions: list[tuple[Mark, int, list[int]]] = []
    backtracks = 0
    while True:
        wire = _next_wire(solver, r1cs, near, start, broken)
        if wire is None:
            whole = tuple(near[at] if value is None else value for at, value in enumerate(solver.values))
            if r1cs.first_violation(whole) is None:
                return whole
            conflict = True
        else:
            decisions.append((solver.mark(), wire, _second_thoughts(solver, near[wire], wire, r1cs.prime)))
            conflict = not _try(solver, wire, near[wire])
        while conflict:
            backtracks += 1
            if not decisions or backtracks > BACKTRACKS_MAX:
                return None
            mark, wire, others = decisions[-1]
            solver.undo(mark)
            if others:
                conflict = not _try(solver, wire, others.pop())
            else:
                decisions.pop()
        if len(decisions) > DECISIONS_MAX or solver.steps > limit:
            return None


def _second_thoughts(solver: Solver, honest: int, wire: int, prime: int) -> list[int]:
    domain = solver.domains.get(wire)
    choices = domain if domain is not None else (1, 0, (honest + 1) % prime)
    return [value for value in choices if value != honest]


def _try(solver: Solver, wire: int, value: int) -> bool:
    try:
        solver.assign({wire: value})
        solver.propagate()
    except Conflict:
        return False
    return True


def _next_wire(solver: Solver, r1cs: R1cs, near: Sequence[int], start: Mark, broken: Sequence[int]) -> int | None:
    """Return an unknown wire of a constraint that would be violated if all unknown wires were as `near` has them."""
    outputs = r1cs.n_public_outputs
    seen: set[int] = set()
    for row in (*broken, *solver.touched(near, start)):
        if row in seen:
            continue
        seen.add(row)
        unknown = solver.unknown_in(row)
        solver.steps += 1 + len(unknown)
        if unknown and not _holds(r1cs, row, solver.values, near):
            return min(unknown, key=lambda wire: (wire not in solver.domains, 0 < wire <= outputs, wire))
    return None


def _holds(r1cs: R1cs, row: int, values: Sequence[int | None], near: Sequence[int]) -> bool:
    sides = []
    for part in r1cs.constraints[row]:
        total = 0
        for wire, factor in part:
            value = values[wire]
            total += factor * (near[wire] if value is None else value)
        sides.append(total)
    return (sides[0] * sides[1] - sides[2]) % r1cs.prime == 0
