"""Statements and declarations."""

from __future__ import annotations

from typing import Final

from anomi_prover.circom_source.cursor import Cursor
from anomi_prover.circom_source.expressions import expression, expressions
from anomi_prover.circom_source.syntax import (
    Assertion,
    AssignOperator,
    Block,
    Call,
    Constraint,
    Declaration,
    Expression,
    ExpressionStatement,
    For,
    If,
    Infix,
    Kind,
    LogCall,
    Number,
    Return,
    Statement,
    Substitution,
    Symbol,
    TupleExpression,
    Variable,
    While,
)

__all__ = ["block", "statement"]

ASSIGNMENTS: Final[dict[str, AssignOperator]] = {"=": "=", "<==": "<==", "<--": "<--"}
REVERSED: Final[dict[str, AssignOperator]] = {"==>": "<==", "-->": "<--"}
IN_PLACE: Final = ("+=", "-=", "*=", "**=", "/=", "\\=", "%=", "<<=", ">>=", "&=", "|=", "^=")


def block(at: Cursor) -> Block:
    """Parse `{ … }`; raises CircomSyntaxError."""
    start = at.expect("{")
    found: list[Statement] = []
    while not at.takes("}"):
        found.append(statement(at))
    return Block(tuple(found), line=start.line, column=start.column)


def statement(at: Cursor) -> Statement:
    """Parse one statement with its semicolon; raises CircomSyntaxError."""
    at.deeper()
    found = _statement(at)
    at.depth -= 1
    return found


def _statement(at: Cursor) -> Statement:  # noqa: PLR0911 - a table of cases
    token = at.now
    place = {"line": token.line, "column": token.column}
    if token.kind == "symbol" and token.text == "{":
        return block(at)
    if token.kind == "name":
        match token.text:
            case "if":
                return _if(at)
            case "while":
                at.take()
                at.expect("(")
                condition = expression(at)
                at.expect(")")
                return While(condition, statement(at), **place)
            case "for":
                return _for(at)
            case "return":
                at.take()
                value = expression(at)
                at.expect(";")
                return Return(value, **place)
            case "assert":
                at.take()
                at.expect("(")
                condition = expression(at)
                at.expect(")")
                at.expect(";")
                return Assertion(condition, **place)
            case "log":
                at.take()
                at.expect("(")
                return LogCall(_log_arguments(at), **place)
    found = _declaration_or_assignment(at)
    at.expect(";")
    return found


def _if(at: Cursor) -> If:
    token = at.expect("if")
    at.expect("(")
    condition = expression(at)
    at.expect(")")
    yes = statement(at)
    no = statement(at) if at.takes("else") else None
    return If(condition, yes, no, line=token.line, column=token.column)


def _for(at: Cursor) -> For:
    token = at.expect("for")
    at.expect("(")
    start = _declaration_or_assignment(at)
    at.expect(";")
    condition = expression(at)
    at.expect(";")
    step = _assignment(at)
    at.expect(")")
    return For(start, condition, step, statement(at), line=token.line, column=token.column)


def _log_arguments(at: Cursor) -> tuple[Expression, ...]:
    found: list[Expression] = []
    first = True
    while not at.takes(")"):
        if not first:
            at.expect(",")
        first = False
        if at.now.kind == "string":
            at.take()
        else:
            found.append(expression(at))
    at.expect(";")
    return tuple(found)


def _declaration_or_assignment(at: Cursor) -> Statement:
    if at.sees("var", "signal", "component", "input", "output") or _is_bus_declaration(at):
        return _declaration(at)
    return _assignment(at)


def _is_bus_declaration(at: Cursor) -> bool:
    """`Bus(n) x`, `Bus(n) input x`, `Bus(n) {tag} x`: a call and then a name, where an expression would go on."""
    if at.now.kind != "name" or at.ahead(1).text != "(":
        return False
    depth, count = 0, 1
    while at.ahead(count).kind != "end":
        text = at.ahead(count).text
        depth += (text in ("(", "[")) - (text in (")", "]"))
        count += 1
        if depth == 0:
            following = at.ahead(count)
            return following.kind == "name" or following.text == "{"
    return False


def _declaration(at: Cursor) -> Statement:
    start = at.now
    place = {"line": start.line, "column": start.column}
    kind, tags, bus = _declared_kind(at)
    if at.sees("("):
        return _tuple_declaration(at, kind, tags, bus, place)
    parts: list[Statement] = []
    while True:
        token = at.now
        name = at.name()
        dimensions: list[Expression] = []
        while at.takes("["):
            dimensions.append(expression(at))
            at.expect("]")
        here = {"line": token.line, "column": token.column}
        symbol = Symbol(name, tuple(dimensions), **here)
        parts.append(Declaration(kind, (symbol,), tags, bus, **here))
        if at.now.text in ASSIGNMENTS and at.now.kind == "symbol":
            operator = ASSIGNMENTS[at.take().text]
            parts.append(Substitution(_plain(symbol), operator, expression(at), **here))
        if not at.takes(","):
            break
    return parts[0] if len(parts) == 1 else Block(tuple(parts), scoped=False, **place)


def _declared_kind(at: Cursor) -> tuple[Kind, tuple[str, ...], Call | None]:
    """Parse the words before the names: what is declared, its tags, its bus."""
    if at.takes("var"):
        return "var", (), None
    if at.takes("component"):
        at.takes("parallel")
        return "component", (), None
    kind: Kind = "signal"
    bus: Call | None = None
    tags: tuple[str, ...] = ()
    # `signal input {tag} x`, `input Bus(n) {tag} x` and `Bus(n) input x` are one grammar: words in any order.
    while True:
        if at.takes("signal"):
            continue
        if at.sees("input", "output"):
            kind = "input" if at.take().text == "input" else "output"
        elif at.takes("{"):
            tags = _names(at, "}")
        elif bus is None and at.now.kind == "name" and at.ahead(1).text == "(":
            token = at.take()
            at.expect("(")
            bus = Call(token.text, expressions(at, ")"), line=token.line, column=token.column)
        else:
            return kind, tags, bus


def _tuple_declaration(
    at: Cursor, kind: Kind, tags: tuple[str, ...], bus: Call | None, place: dict[str, int]
) -> Statement:
    at.expect("(")
    symbols: list[Symbol] = []
    while not at.takes(")"):
        if symbols:
            at.expect(",")
        token = at.now
        name = at.name()
        dimensions: list[Expression] = []
        while at.takes("["):
            dimensions.append(expression(at))
            at.expect("]")
        symbols.append(Symbol(name, tuple(dimensions), line=token.line, column=token.column))
    declared = Declaration(kind, tuple(symbols), tags, bus, **place)
    if at.now.text not in ASSIGNMENTS or at.now.kind != "symbol":
        return declared
    operator = ASSIGNMENTS[at.take().text]
    target = TupleExpression(tuple(map(_plain, symbols)), **place)
    return Block((declared, Substitution(target, operator, expression(at), **place)), scoped=False, **place)


def _plain(symbol: Symbol) -> Expression:
    return Variable(symbol.name, (), line=symbol.line, column=symbol.column)


def _names(at: Cursor, end: str) -> tuple[str, ...]:
    found: list[str] = []
    while not at.takes(end):
        if found:
            at.expect(",")
        found.append(at.name())
    return tuple(found)


def _assignment(at: Cursor) -> Statement:  # noqa: PLR0911 - a table of cases
    token = at.now
    place = {"line": token.line, "column": token.column}
    if at.sees("++", "--"):
        operator = at.take().text
        target = expression(at)
        return _stepped(target, operator, place)
    left = expression(at)
    operator = at.now.text if at.now.kind == "symbol" else ""
    if operator in ASSIGNMENTS:
        at.take()
        return Substitution(left, ASSIGNMENTS[operator], expression(at), **place)
    if operator in REVERSED:
        at.take()
        return Substitution(expression(at), REVERSED[operator], left, **place)
    if operator == "===":
        at.take()
        return Constraint(left, expression(at), **place)
    if operator in IN_PLACE:
        at.take()
        return Substitution(left, "=", Infix(operator[:-1], left, expression(at), **place), **place)
    if operator in ("++", "--"):
        at.take()
        return _stepped(left, operator, place)
    return ExpressionStatement(left, **place)


def _stepped(target: Expression, operator: str, place: dict[str, int]) -> Substitution:
    return Substitution(target, "=", Infix(operator[0], target, Number(1, **place), **place), **place)
