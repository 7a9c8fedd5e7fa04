"""Rules about names: outputs that nothing constrains, inputs and results that nothing reads, names that hide others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from anomi_prover.circom_source.facts import TemplateFacts, declared_signals
from anomi_prover.circom_source.program import Located
from anomi_prover.circom_source.syntax import (
    AnonymousComponent,
    Block,
    Call,
    Declaration,
    For,
    If,
    Number,
    Statement,
    Substitution,
    While,
    expressions_in,
    subexpressions,
)
from anomi_prover.circuit_report.findings import Finding
from anomi_prover.circuit_report.hint_rules import finding

__all__ = ["CHECKS", "use_findings"]

CHECKS: Final = ("IsZero", "IsEqual", "LessThan", "LessEqThan", "GreaterThan", "GreaterEqThan")
DECOMPOSITIONS: Final = ("Num2Bits", "Num2Bits_strict", "Num2BitsNeg", "RangeCheck")
"""Their outputs are often not read: instantiating them is the range check."""
FIELD_BITS: Final = 254


def use_findings(facts: TemplateFacts, templates: Mapping[str, Located]) -> Iterator[Finding]:
    """Yield what one template declares in vain."""
    if facts.definition.is_custom:
        return
    used = facts.read | {name for name in facts.constrained if name[0] in facts.signals}
    for name, declared in facts.signals.items():
        place = next(symbol for symbol in declared.symbols if symbol.name == name)
        touched = {one[0] for one in used} | _assigned(facts)
        constrained = any(one[0] == name for one in facts.constrained)
        hinted = any(name == target for target in _hinted(facts))
        if declared.kind == "output" and not constrained and not hinted:
            yield finding(facts, "unconstrained-output", place, f"the output {name} stands in no constraint")
        elif declared.kind == "input" and not constrained:
            yield finding(facts, "unread-input", place, f"the input {name} stands in no constraint of this template")
        elif declared.kind == "signal" and name not in touched:
            yield finding(facts, "unused-signal", place, f"the signal {name} is never used")
    read = {name for name, _ in facts.read}
    for name, declared in facts.variables.items():
        if name not in read:
            yield finding(facts, "unused-variable", declared.symbols[0], f"the variable {name} is never read")
    yield from _results(facts, templates)
    yield from _decompositions(facts)
    yield from _shadows(facts)


def _assigned(facts: TemplateFacts) -> set[str]:
    return {
        inner.name
        for one in facts.statements
        if isinstance(one, Substitution)
        for inner in subexpressions(one.target)
        if hasattr(inner, "name")
    }


def _hinted(facts: TemplateFacts) -> set[str]:
    return {inner.name for one in facts.hints for inner in subexpressions(one.target) if hasattr(inner, "name")}


def _results(facts: TemplateFacts, templates: Mapping[str, Located]) -> Iterator[Finding]:
    """A component none of whose outputs is read; one that is passed on whole, or never made, is left alone."""
    for name, made in facts.components.items():
        known = [templates[one].definition for one in made if one in templates]
        outputs = {output for one in known for output in declared_signals(one, "output")}
        if not outputs or any((name, output) in facts.read for output in outputs) or (name, None) in facts.read:
            continue
        if any(one in DECOMPOSITIONS for one in made):
            continue
        declared = next(
            symbol
            for one in facts.statements
            if isinstance(one, Declaration)
            for symbol in one.symbols
            if symbol.name == name
        )
        template = known[0].name
        if template in CHECKS:
            yield finding(facts, "unread-result", declared, f"{name} is a {template} whose result is never read")
        else:
            listed = ", ".join(sorted(outputs))
            yield finding(facts, "unused-output", declared, f"no output of {name}, a {template}, is read: {listed}")


def _decompositions(facts: TemplateFacts) -> Iterator[Finding]:
    """Num2Bits or Bits2Num of 254 bits and more, in a template that has no alias check."""
    calls: list[tuple[str, tuple[object, ...], Call | AnonymousComponent]] = []
    for statement in facts.statements:
        for expression in expressions_in(statement):
            for one in subexpressions(expression):
                if isinstance(one, Call):
                    calls.append((one.name, one.arguments, one))
                elif isinstance(one, AnonymousComponent):
                    calls.append((one.template, one.parameters, one))
    if any("alias" in name.lower() or name == "CompConstant" for name, _, _ in calls):
        return
    for name, arguments, node in calls:
        first = arguments[0] if arguments else None
        if name == "Num2Bits" and isinstance(first, Number) and first.value >= FIELD_BITS:
            yield finding(
                facts,
                "non-strict-decomposition",
                node,
                f"{name}({first.value}) has two solutions for a third of all values",
            )


def _shadows(facts: TemplateFacts) -> Iterator[Finding]:
    yield from _shadows_in(facts, facts.definition.body, [set(facts.definition.parameters)])


def _shadows_in(facts: TemplateFacts, statement: Statement, outer: list[set[str]]) -> Iterator[Finding]:
    match statement:
        case Declaration(symbols=symbols):
            for symbol in symbols:
                if any(symbol.name in names for names in outer[:-1]):
                    yield finding(
                        facts, "shadowed-name", symbol, f"{symbol.name} hides the {symbol.name} of an outer block"
                    )
                outer[-1].add(symbol.name)
        case Block(statements=statements, scoped=scoped):
            inner = [*outer, set()] if scoped else outer
            for one in statements:
                yield from _shadows_in(facts, one, inner)
        case If(yes=yes, no=no):
            for branch in (yes, no):
                if branch is not None:
                    yield from _shadows_in(facts, branch, [*outer, set()])
        case While(body=body):
            yield from _shadows_in(facts, body, [*outer, set()])
        case For(start=start, body=body):
            inner = [*outer, set()]
            yield from _shadows_in(facts, start, inner)
            yield from _shadows_in(facts, body, inner)
