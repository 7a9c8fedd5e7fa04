"""Which statements of a template can have written a constraint, by the names in it alone.

For constraints whose statement is not known: those that simplification has rewritten, and those of a source that could
not be unrolled. More than one statement can fit, and a rewritten constraint need not fit the one it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from anomi_prover.circom_source.facts import Name, TemplateFacts, name_of, targets_of, variables_in
from anomi_prover.circom_source.syntax import Constraint, Substitution, expressions_in

__all__ = ["Candidate", "candidates_in", "fitting", "mentioning"]


@dataclass(frozen=True)
class Candidate:
    """A `<==` (with what it assigns) or `===`: the names in it, and `reach`, with those behind its variables."""

    line: int
    targets: frozenset[Name]
    names: frozenset[Name]
    reach: frozenset[Name]


def candidates_in(template: TemplateFacts) -> tuple[Candidate, ...]:
    """Return the statements of a template that write constraints, in the order of the text."""
    found = []
    for one in template.statements:
        targets: frozenset[Name] = frozenset()
        if isinstance(one, Substitution) and one.operator == "<==":
            targets = frozenset(map(name_of, targets_of(one.target)))
        elif not isinstance(one, Constraint):
            continue
        names = frozenset(name_of(variable) for value in expressions_in(one) for variable in variables_in(value))
        found.append(Candidate(one.line, targets, names, frozenset(template.reach(names))))
    return tuple(found)


def fitting(candidates: Sequence[Candidate], wires: Sequence[AbstractSet[Name]]) -> tuple[int, list[int]] | None:
    """Return the lines of the candidates that hold every wire, each known by some names, and have fewest names beyond.

    The first number is how many those are; None when no candidate fits.
    """
    every = frozenset[Name]().union(*wires)
    ranked = [
        (len(one.names - every), one.line)
        for one in candidates
        if not any(one.reach.isdisjoint(wire) for wire in wires) and (not one.targets or one.targets & every)
    ]
    if not ranked:
        return None
    least = min(beyond for beyond, _ in ranked)
    return least, sorted({line for beyond, line in ranked if beyond == least})


def mentioning(candidates: Sequence[Candidate], names: AbstractSet[Name]) -> list[int]:
    """Return the lines of the candidates that mention any of these names."""
    return sorted({one.line for one in candidates if not one.reach.isdisjoint(names)})
