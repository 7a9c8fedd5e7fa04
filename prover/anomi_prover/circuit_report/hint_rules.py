"""Rules about `<--`, which tells the witness generator a value and constrains nothing, and about `assert`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from anomi_prover.circom_source.facts import TemplateFacts, name_of, targets_of, variables_in
from anomi_prover.circom_source.syntax import (
    AnonymousComponent,
    ArrayLiteral,
    Assertion,
    Call,
    Expression,
    Infix,
    Node,
    Number,
    Prefix,
    Substitution,
    Ternary,
    TupleExpression,
    Variable,
    subexpressions,
)
from anomi_prover.circuit_report.findings import RULES, Finding

__all__ = ["finding", "hint_findings"]

RANGE_CHECKS: Final = ("num2bits", "range", "bits", "lessthan", "lesseqthan", "greaterthan", "greatereqthan")
"""Parts of the names of templates that bound what they are given."""
NOT_QUADRATIC: Final = 3


def finding(facts: TemplateFacts, rule: str, node: Node, message: str) -> Finding:
    """Return a finding of `rule` at a node of a template."""
    return Finding(rule, RULES[rule].severity, message, facts.file, node.line, node.column, facts.definition.name)


def hint_findings(facts: TemplateFacts) -> Iterator[Finding]:
    """Yield what the hints and assertions of one template invite."""
    for hint in facts.hints:
        yield from _unconstrained(facts, hint)
        yield from _quotient(facts, hint)
        yield from _integer_division(facts, hint)
        if _is_plain(hint.target) and 1 <= _degree(facts, hint.value) < NOT_QUADRATIC:
            yield finding(
                facts, "hint-could-be-constraint", hint, f"{_shown(hint.target)} <-- … is at most quadratic: write <=="
            )
    for statement in facts.statements:
        if isinstance(statement, Assertion):
            named = [one for one in variables_in(statement.condition) if facts.reaches_signal([name_of(one)])]
            if named:
                yield finding(
                    facts, "assert-on-signal", statement, f"assert reads {_shown(named[0])} and constrains nothing"
                )


def _unconstrained(facts: TemplateFacts, hint: Substitution) -> Iterator[Finding]:
    for target in targets_of(hint.target):
        name = name_of(target)
        if name not in facts.constrained:
            yield finding(
                facts,
                "hint-without-constraint",
                hint,
                f"{_shown(target)} is assigned by <-- and stands in no constraint",
            )


def _quotient(facts: TemplateFacts, hint: Substitution) -> Iterator[Finding]:
    guards = {
        name_of(variable)
        for one in subexpressions(hint.value)
        if isinstance(one, Ternary)
        for variable in variables_in(one.condition)
    }
    for one in subexpressions(hint.value):
        if not isinstance(one, Infix) or one.operator != "/":
            continue
        divisors = [variable for variable in variables_in(one.right) if facts.reaches_signal([name_of(variable)])]
        if divisors and not all(name_of(variable) in guards for variable in divisors):
            if not _shown_not_zero(facts, divisors):
                yield finding(
                    facts,
                    "hint-quotient",
                    hint,
                    f"the divisor of {_shown(hint.target)}, {_shown(divisors[0])}, may be zero",
                )
            return


def _shown_not_zero(facts: TemplateFacts, divisors: list[Variable]) -> bool:
    """Whether a divisor goes into an IsZero or IsEqual of this template, or into one named for being different."""
    names = {name_of(one)[0] for one in divisors}
    for statement in facts.statements:
        if isinstance(statement, Substitution):
            templates = {
                template
                for target in targets_of(statement.target)
                for template in facts.components.get(target.name, ())
            }
            given = {one.name for one in variables_in(statement.value)}
            templates |= {
                one.template for one in subexpressions(statement.value) if isinstance(one, AnonymousComponent)
            }
            if given & names and any(_tells_zero(template) for template in templates):
                return True
    return False


def _tells_zero(template: str) -> bool:
    lowered = template.lower()
    return any(word in lowered for word in ("iszero", "isequal", "nonzero", "notzero", "different", "inverse"))


def _integer_division(facts: TemplateFacts, hint: Substitution) -> Iterator[Finding]:
    divides = any(
        isinstance(one, Infix) and one.operator in ("\\", "%") and facts.reaches_signal(map(name_of, variables_in(one)))
        for one in subexpressions(hint.value)
    )
    if not divides:
        return
    for target in targets_of(hint.target):
        if name_of(target) not in _range_checked(facts):
            yield finding(
                facts,
                "hint-integer-division",
                hint,
                f"{_shown(target)} is an integer quotient or remainder and goes into no range check of this template",
            )


def _range_checked(facts: TemplateFacts) -> set[tuple[str, str | None]]:
    """Return the names that go into a component which bounds them, or are constrained to be 0 or 1 by a product."""
    found = set()
    for statement in facts.statements:
        for expression in _values(statement):
            for one in subexpressions(expression):
                if isinstance(one, AnonymousComponent) and _bounds(one.template):
                    found |= {name_of(variable) for given in one.inputs for variable in variables_in(given)}
        if isinstance(statement, Substitution):
            for target in targets_of(statement.target):
                if any(map(_bounds, facts.components.get(target.name, ()))):
                    found |= facts.reach(name_of(variable) for variable in variables_in(statement.value))
    for statement in facts.statements:
        # b * (b - 1) === 0 in any spelling: a product of two sums that both hold b.
        for expression in _values(statement):
            for one in subexpressions(expression):
                if isinstance(one, Infix) and one.operator == "*":
                    left = {name_of(variable) for variable in variables_in(one.left)}
                    found |= left & {name_of(variable) for variable in variables_in(one.right)}
    return found


def _values(statement: object) -> tuple[Expression, ...]:
    return tuple(value for name in ("value", "left", "right") if (value := getattr(statement, name, None)) is not None)


def _bounds(template: str) -> bool:
    return any(word in template.lower() for word in RANGE_CHECKS)


def _degree(facts: TemplateFacts, node: Expression) -> int:  # noqa: PLR0911 - a table of cases
    """Return the degree of a value in the signals, NOT_QUADRATIC where it is no polynomial of degree 2."""
    match node:
        case Number():
            return 0
        case Variable(name=name):
            if facts.is_signal(name_of(node)):
                return 1
            return NOT_QUADRATIC if facts.reaches_signal([(name, None)]) else 0
        case Prefix(operator="-", operand=operand):
            return _degree(facts, operand)
        case Infix():
            # Down the left side in a loop: a sum of a thousand terms is a thousand levels deep there.
            spine: list[Infix] = []
            left: Expression = node
            while isinstance(left, Infix):
                spine.append(left)
                left = left.left
            degree = _degree(facts, left)
            for one in reversed(spine):
                degree = _joined(one.operator, degree, _degree(facts, one.right))
            return degree
        case Call(arguments=arguments) | ArrayLiteral(items=arguments) | TupleExpression(items=arguments):
            return max((NOT_QUADRATIC if _degree(facts, one) else 0 for one in arguments), default=0)
    return NOT_QUADRATIC


def _joined(operator: str, left: int, right: int) -> int:
    if left == right == 0:
        return 0
    if operator in ("+", "-"):
        return max(left, right)
    if operator == "*":
        return min(left + right, NOT_QUADRATIC)
    return left if operator == "/" and right == 0 else NOT_QUADRATIC


def _is_plain(target: Expression) -> bool:
    return isinstance(target, Variable)


def _shown(node: Expression) -> str:
    if isinstance(node, Variable):
        return node.name + "".join(f".{one}" if isinstance(one, str) else "[…]" for one in node.accesses)
    return "(…)"
