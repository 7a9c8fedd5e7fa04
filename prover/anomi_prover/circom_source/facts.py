"""What one template says, gathered once for all who ask: its names, what is assigned, read and constrained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from anomi_prover.circom_source.program import Located
from anomi_prover.circom_source.syntax import (
    AnonymousComponent,
    Call,
    Constraint,
    Declaration,
    Definition,
    Expression,
    ExpressionStatement,
    Statement,
    Substitution,
    TupleExpression,
    Variable,
    expressions_in,
    statements_in,
    subexpressions,
)

__all__ = ["Name", "TemplateFacts", "declared_signals", "gather", "name_of", "targets_of", "variables_in"]

Name = tuple[str, str | None]
"""A signal or variable, or a component and the signal of it: ("a", None), ("c", "in")."""

SIGNAL_KINDS: Final = ("input", "output", "signal")


@dataclass(frozen=True)
class TemplateFacts:
    """One template. `constrained` holds every name that stands in a constraint, through variables too; `read` every
    name whose value is used anywhere; `sources` what each variable was computed from.
    """

    definition: Definition
    file: Path
    signals: dict[str, Declaration]
    variables: dict[str, Declaration]
    components: dict[str, set[str]]
    statements: tuple[Statement, ...] = field(repr=False)
    constrained: set[Name]
    read: set[Name]
    sources: dict[str, set[Name]]

    @property
    def hints(self) -> list[Substitution]:
        """Every `<--`."""
        return [one for one in self.statements if isinstance(one, Substitution) and one.operator == "<--"]

    @cached_property
    def hinted(self) -> frozenset[Name]:
        """What `<--` assigns."""
        return frozenset(name_of(target) for hint in self.hints for target in targets_of(hint.target))

    def is_signal(self, name: Name) -> bool:
        """Whether a name is a signal, of this template or of a component of it."""
        return name[0] in self.signals or (name[0] in self.components and name[1] is not None)

    def reaches_signal(self, names: Iterable[Name]) -> bool:
        """Whether one of these is a signal, or a variable computed from one."""
        return any(self.is_signal(one) for one in self.reach(names))

    def reach(self, names: Iterable[Name]) -> set[Name]:
        """Return the names and all that variables among them were computed from."""
        found: set[Name] = set()
        waiting = list(names)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting.extend(self.sources.get(one[0], ()))
        return found


def name_of(variable: Variable) -> Name:
    """Return the name that a variable expression means, without its indices."""
    return variable.name, next((one for one in variable.accesses if isinstance(one, str)), None)


def variables_in(expression: Expression) -> Iterator[Variable]:
    """Yield every variable inside an expression."""
    return (one for one in subexpressions(expression) if isinstance(one, Variable))


def targets_of(target: Expression) -> Iterator[Variable]:
    """Yield what an assignment assigns: one variable, or those of a tuple."""
    if isinstance(target, TupleExpression):
        for one in target.items:
            yield from targets_of(one)
    elif isinstance(target, Variable):
        yield target


def declared_signals(definition: Definition, kind: str) -> tuple[str, ...]:
    """Return the names of a template's inputs or outputs."""
    return tuple(
        symbol.name
        for one in statements_in(definition.body)
        if isinstance(one, Declaration) and one.kind == kind
        for symbol in one.symbols
    )


def gather(located: Located) -> TemplateFacts:  # noqa: PLR0912 - a table of cases
    """Gather the facts of one template."""
    definition = located.definition
    statements = tuple(statements_in(definition.body))
    signals: dict[str, Declaration] = {}
    variables: dict[str, Declaration] = {}
    components: dict[str, set[str]] = defaultdict(set)
    for one in statements:
        if isinstance(one, Declaration):
            for symbol in one.symbols:
                if one.kind in SIGNAL_KINDS:
                    signals[symbol.name] = one
                elif one.kind == "var":
                    variables.setdefault(symbol.name, one)
                else:
                    components[symbol.name] |= set()
    read: set[Name] = set()
    sources: dict[str, set[Name]] = defaultdict(set)
    direct: set[Name] = set()
    for one in statements:
        names = {name_of(variable) for variable in _read_in(one)}
        read |= names
        match one:
            case Substitution(target=target, operator=operator, value=value):
                for variable in targets_of(target):
                    if variable.name in components and isinstance(value, Call):
                        components[variable.name].add(value.name)
                    elif operator == "=" and variable.name not in signals:
                        sources[variable.name] |= {name_of(inner) for inner in variables_in(value)}
                    elif operator == "<==":
                        direct |= names | {name_of(variable)}
                direct |= {name_of(inner) for inner in _passed_to_components(value)}
            case Constraint():
                direct |= names
            case ExpressionStatement(value=value):
                direct |= {name_of(inner) for inner in variables_in(value)}
    facts = TemplateFacts(
        definition, located.file, signals, variables, dict(components), statements, direct, read, dict(sources)
    )
    facts.constrained.update(facts.reach(direct))
    return facts


def _read_in(statement: Statement) -> Iterator[Variable]:
    """Yield the variables whose values a statement uses: not what it assigns, but the indices there."""
    if isinstance(statement, Substitution):
        for target in targets_of(statement.target):
            for access in target.accesses:
                if not isinstance(access, str):
                    yield from variables_in(access)
        yield from variables_in(statement.value)
        return
    for expression in expressions_in(statement):
        yield from variables_in(expression)


def _passed_to_components(value: Expression) -> Iterator[Variable]:
    """Yield what an expression passes to anonymous components by <==."""
    for one in subexpressions(value):
        if isinstance(one, AnonymousComponent):
            operators = one.operators or ("<==",) * len(one.inputs)
            for operator, given in zip(operators, one.inputs, strict=True):
                if operator == "<==":
                    yield from variables_in(given)
