"""Trying a compiled circuit with many inputs: second witnesses, refusals that are no constraints, inputs left unbound.

Inputs come from the caller, or are made up from the shapes of the input signals, and are changed one value at a time.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from math import prod
from typing import Any, Final, Protocol

from anomi_core.errors import AnomiError
from anomi_core.field import FR_MODULUS
from anomi_prover.circuit_map import CircuitMap
from anomi_prover.r1cs import LinearCombination
from anomi_prover.soundness.findings import SEVERITIES, Determinism, Finding, second_witnesses, unbound_inputs
from anomi_prover.soundness.search import find_witness
from anomi_prover.witness import WitnessError
from anomi_prover.witness_input import flatten_inputs

__all__ = ["Campaign", "Forgiven", "flat_inputs", "run_campaign"]

Inputs = Mapping[str, Sequence[int]]
"""The values of each input signal in one flat list."""

CHANGES_MAX: Final = 24
VARIANTS: Final = 6
VANISHING_MAX: Final = 48
COMBINATIONS_MAX: Final = 64
SEED: Final = 0xA1701


class Calculator(Protocol):
    """What computes wires from inputs: a WitnessCalculator, or one that refuses nothing."""

    def calculate(self, inputs: Mapping[str, object]) -> list[int]:
        """Return every wire."""


@dataclass(frozen=True)
class Forgiven:
    """Inputs that the calculator refuses and the constraints accept, with a witness that satisfies all of them.

    `by_calculator`: the wires are the calculator's own, so that the refusal is an `assert`; else some are forged.
    """

    reason: str
    by_calculator: bool
    inputs: Inputs = field(repr=False)
    witness: tuple[int, ...] = field(repr=False)


@dataclass(frozen=True)
class Campaign:
    """What many inputs have shown. `proven_unique`: accepted inputs for which no second witness can exist."""

    accepted: int
    refused: int
    proven_unique: int
    findings: tuple[Finding, ...]
    forgiven: tuple[Forgiven, ...]
    unbound: tuple[str, ...]
    undetermined: tuple[str, ...]


def run_campaign(
    circuit: CircuitMap,
    calculator: Calculator,
    unasserted: Calculator,
    shapes: Mapping[str, tuple[int, ...]],
    given: Sequence[Inputs] = (),
    *,
    seconds: float = 30.0,
    steps_max: int = 3_000_000,
) -> Campaign:
    """Try a circuit for about `seconds` of time; the first inputs are tried whatever the time.

    `shapes` are the dimensions of the input signals. Findings with the same cause are reported once, the worst.
    """
    until = time.monotonic() + seconds
    accepted = refused = unique = 0
    findings: dict[str, Finding] = {}
    forgiven: dict[str, Forgiven] = {}
    undetermined: dict[str, None] = {}
    for inputs in _inputs(circuit, shapes, given):
        if accepted + refused and time.monotonic() > until:
            break
        try:
            witness = calculator.calculate(inputs)
        except WitnessError as error:
            refused += 1
            reason = str(error)
            if reason not in forgiven and (found := _forgive(circuit, unasserted, inputs, reason, steps_max)):
                forgiven[reason] = found
            continue
        except AnomiError:
            continue
        accepted += 1
        result: Determinism = second_witnesses(circuit, witness, steps_max=steps_max)
        unique += result.is_unique
        undetermined.update(dict.fromkeys(result.undetermined))
        for finding in result.findings:
            known = findings.get(finding.cause)
            if known is None or SEVERITIES.index(finding.severity) < SEVERITIES.index(known.severity):
                findings[finding.cause] = finding
    return Campaign(
        accepted,
        refused,
        unique,
        tuple(sorted(findings.values(), key=lambda one: SEVERITIES.index(one.severity))),
        tuple(forgiven.values()),
        unbound_inputs(circuit),
        tuple(undetermined),
    )


def _forgive(
    circuit: CircuitMap, unasserted: Calculator, inputs: Inputs, reason: str, steps_max: int
) -> Forgiven | None:
    try:
        wires = unasserted.calculate(inputs)
    except AnomiError:
        return None
    witness = find_witness(circuit.r1cs, wires, steps_max=steps_max)
    return None if witness is None else Forgiven(reason, witness == tuple(wires), inputs, witness)


def flat_inputs(inputs: Mapping[str, Any]) -> dict[str, list[int]]:
    """Return checked inputs of a file, every signal as one flat list. Raises what `flatten_inputs` raises."""
    return {name: list(signal.values) for name, signal in flatten_inputs(inputs).items()}


def _inputs(circuit: CircuitMap, shapes: Mapping[str, tuple[int, ...]], given: Sequence[Inputs]) -> Iterator[Inputs]:
    """Yield the given inputs and made-up ones, those at which something vanishes, and all with one value changed."""
    chance = random.Random(SEED)  # noqa: S311 -- the same inputs at every run
    made = [*given, *islice(_made_up(shapes, chance), VARIANTS)]
    yield from made
    bases = made[: max(2, len(given))]
    for base in bases:
        yield from islice(_vanishing(circuit, base), VANISHING_MAX)
    yield from _special(shapes, chance)
    for base in bases:
        yield from _changed(base, chance)


def _made_up(shapes: Mapping[str, tuple[int, ...]], chance: random.Random) -> Iterator[Inputs]:
    sizes = {name: prod(shape) for name, shape in shapes.items()}
    yield {name: [0] * size for name, size in sizes.items()}
    counter = iter(range(2, 2 + sum(sizes.values())))
    yield {name: [next(counter) for _ in range(size)] for name, size in sizes.items()}
    yield {name: [1] * size for name, size in sizes.items()}
    while True:
        for bits in (1, 8, 32, 128, 253):
            yield {name: [chance.getrandbits(bits) for _ in range(size)] for name, size in sizes.items()}


def _special(shapes: Mapping[str, tuple[int, ...]], chance: random.Random) -> Iterator[Inputs]:
    """Yield inputs of 0, 1, 2 and −1: every combination where they are few, else some."""
    sizes = {name: prod(shape) for name, shape in shapes.items()}
    count = sum(sizes.values())
    values = (0, 1, FR_MODULUS - 1, 2)
    if len(values) ** count <= COMBINATIONS_MAX:
        combinations: Iterator[Sequence[int]] = product(values, repeat=count)
    else:
        combinations = (chance.choices(values, k=count) for _ in range(VARIANTS))
    for combination in combinations:
        left = iter(combination)
        yield {name: [next(left) for _ in range(size)] for name, size in sizes.items()}


def _vanishing(circuit: CircuitMap, base: Inputs) -> Iterator[Inputs]:
    """Yield inputs at which a factor of a constraint is zero, where inputs alone decide it.

    What a constraint divides by then is zero, and it may hold whatever the quotient is; where the other side is a sum
    of inputs too, it is made zero as well.
    """
    r1cs = circuit.r1cs
    place: dict[int, tuple[str, int]] = {}
    for name, values in base.items():
        for at, signal in enumerate(circuit.elements_of(f"main.{name}")):
            wire = circuit.sym.signal(signal).wire
            if wire is not None and at < len(values):
                place[wire] = (name, at)
    for a, b, c in r1cs.constraints:
        for side in (b, a):
            changed = _solved(base, side, place, r1cs.prime)
            if changed is None:
                continue
            yield changed
            others = {wire: one for wire, one in place.items() if wire not in dict(side)}
            both = _solved(changed, c, others, r1cs.prime)
            if both is not None:
                yield both


def _solved(inputs: Inputs, side: LinearCombination, place: Mapping[int, tuple[str, int]], prime: int) -> Inputs | None:
    """Return inputs with one value changed so that a sum of inputs is zero; None when others stand in it too."""
    wires = [wire for wire, _ in side if wire]
    if not wires or any(wire not in place for wire in wires):
        return None
    total, factors = 0, dict(side)
    for wire, factor in side:
        name, at = place.get(wire, ("", 0))
        total += factor * (inputs[name][at] if wire else 1)
    name, at = place[wires[-1]]
    values = list(inputs[name])
    values[at] = (values[at] - total * pow(factors[wires[-1]], -1, prime)) % prime
    return {**inputs, name: values}


def _changed(base: Inputs, chance: random.Random) -> Iterator[Inputs]:
    places: list[tuple[str, int]] = [(name, at) for name, values in base.items() for at in range(len(values))]
    if len(places) > CHANGES_MAX:
        places = sorted(chance.sample(places, CHANGES_MAX))
    for step in (1, None, -1, 1 << 64):
        for name, at in places:
            values = list(base[name])
            old = values[at]
            new = 0 if step is None else (old + step) % FR_MODULUS
            if new != old:
                values[at] = new
                yield {**base, name: values}
