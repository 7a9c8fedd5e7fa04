"""Expressions: one level of recursion for each level of precedence would be thirteen; a table does."""

from __future__ import annotations

from typing import Final

from anomi_prover.circom_source.cursor import Cursor
from anomi_prover.circom_source.syntax import (
    Access,
    AnonymousComponent,
    ArrayLiteral,
    AssignOperator,
    Call,
    Expression,
    Infix,
    Number,
    Prefix,
    Ternary,
    TupleExpression,
    Underscore,
    Variable,
)

__all__ = ["expression", "expressions", "variable"]

PRECEDENCE: Final = {
    operator: level
    for level, operators in enumerate(
        ("||", "&&", "== != < > <= >=", "|", "^", "&", "<< >>", "+ -", "* / \\ %", "**"), start=1
    )
    for operator in operators.split()
}
"""All of them associate to the left, as circom's do."""


def expression(at: Cursor) -> Expression:
    """Parse one expression; raises CircomSyntaxError."""
    at.deeper()
    start = at.now
    if start.text == "parallel" and start.kind == "name":
        at.take()  # says how a component is computed, nothing about what it constrains
    found = _infix(at, 1)
    if at.takes("?"):
        yes = expression(at)
        at.expect(":")
        found = Ternary(found, yes, expression(at), line=start.line, column=start.column)
    at.depth -= 1
    return found


def expressions(at: Cursor, end: str) -> tuple[Expression, ...]:
    """Parse a list separated by commas up to and with `end`."""
    found: list[Expression] = []
    while not at.takes(end):
        if found:
            at.expect(",")
        found.append(expression(at))
    return tuple(found)


def variable(at: Cursor) -> Variable:
    """Parse a name with its accesses."""
    start = at.now
    name = at.name()
    accesses: list[Access] = []
    while at.sees("[", "."):
        if at.take().text == ".":
            accesses.append(at.name())
        else:
            accesses.append(expression(at))
            at.expect("]")
    return Variable(name, tuple(accesses), line=start.line, column=start.column)


def _infix(at: Cursor, level: int) -> Expression:
    left = _prefix(at)
    while at.now.kind == "symbol" and (own := PRECEDENCE.get(at.now.text, 0)) >= level:
        token = at.take()
        right = _infix(at, own + 1)
        left = Infix(token.text, left, right, line=left.line, column=left.column)
    return left


def _prefix(at: Cursor) -> Expression:
    if at.sees("-", "!", "~"):
        at.deeper()
        token = at.take()
        found = Prefix(token.text, _prefix(at), line=token.line, column=token.column)
        at.depth -= 1
        return found
    return _primary(at)


def _primary(at: Cursor) -> Expression:  # noqa: PLR0911 - a table of cases
    token = at.now
    place = {"line": token.line, "column": token.column}
    if token.kind == "number":
        return Number(int(at.take().text, 0 if token.text.startswith("0x") else 10), **place)
    if at.takes("["):
        return ArrayLiteral(expressions(at, "]"), **place)
    if at.takes("("):
        items = expressions(at, ")")
        return items[0] if len(items) == 1 else TupleExpression(items, **place)
    if token.text == "_":
        at.take()
        return Underscore(**place)
    if token.kind != "name":
        at.fail("an expression is expected")
    if at.ahead(1).text != "(" or at.ahead(1).kind != "symbol":
        return variable(at)
    name = at.name()
    at.expect("(")
    arguments = expressions(at, ")")
    if not at.takes("("):
        return Call(name, arguments, **place)
    return _anonymous(at, name, arguments, place)


def _anonymous(at: Cursor, name: str, parameters: tuple[Expression, ...], place: dict[str, int]) -> AnonymousComponent:
    if at.now.kind != "name" or at.ahead(1).text not in ("<==", "<--", "="):
        return AnonymousComponent(name, parameters, expressions(at, ")"), None, (), **place)
    names: list[str] = []
    operators: list[AssignOperator] = []
    values: list[Expression] = []
    while not at.takes(")"):
        if names:
            at.expect(",")
        names.append(at.name())
        operators.append("<--" if at.takes("<--") else "<==")
        if operators[-1] == "<==":
            at.expect("<==")
        values.append(expression(at))
    return AnonymousComponent(name, parameters, tuple(values), tuple(names), tuple(operators), **place)
