"""What a Circom 2 file says, as a tree. Every node knows the line and column where it begins, counted from 1.

The grammar is that of circom 2.2.3 (iden3/circom, parser/src/lang.lalrpop). What is short for something else is written
out: `a ==> b` is `b <== a`, `x += 1` is `x = x + 1`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Access",
    "AnonymousComponent",
    "ArrayLiteral",
    "Assertion",
    "Block",
    "Call",
    "CircomFile",
    "Constraint",
    "Declaration",
    "Definition",
    "Expression",
    "ExpressionStatement",
    "For",
    "If",
    "Infix",
    "LogCall",
    "MainComponent",
    "Node",
    "Number",
    "Prefix",
    "Return",
    "Statement",
    "Substitution",
    "Symbol",
    "Ternary",
    "TupleExpression",
    "Underscore",
    "Variable",
    "While",
    "expressions_in",
    "statements_in",
    "subexpressions",
]

AssignOperator = Literal["=", "<==", "<--"]
Kind = Literal["var", "component", "input", "output", "signal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Where something begins."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A literal."""

    value: int


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """`name`, `name[i]`, `component.signal[i]`: a name and its accesses, an expression each or a member's name."""

    name: str
    accesses: tuple[Access, ...] = ()


@dataclass(frozen=True, slots=True)
class Underscore(Node):
    """`_`, where a value is thrown away."""


@dataclass(frozen=True, slots=True)
class Infix(Node):
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Prefix(Node):
    """`-x`, `!x`, `~x`."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Ternary(Node):
    """`condition ? yes : no`."""

    condition: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`name(arguments)`: a function's value, or a template's instance."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnonymousComponent(Node):
    """`Template(parameters)(inputs)`; `names` of the inputs where they are written `name <== value`."""

    template: str
    parameters: tuple[Expression, ...]
    inputs: tuple[Expression, ...]
    names: tuple[str, ...] | None
    operators: tuple[AssignOperator, ...] = ()


@dataclass(frozen=True, slots=True)
class ArrayLiteral(Node):
    """`[a, b]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class TupleExpression(Node):
    """`(a, b)`."""

    items: tuple[Expression, ...]


Expression = (
    Number
    | Variable
    | Underscore
    | Infix
    | Prefix
    | Ternary
    | Call
    | AnonymousComponent
    | ArrayLiteral
    | TupleExpression
)
Access = Expression | str


@dataclass(frozen=True, slots=True)
class Symbol(Node):
    """One declared name with its dimensions."""

    name: str
    dimensions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Declaration(Node):
    """`var …;`, `signal input {tag} …;`, `component …;`, `input Bus(n) …;` (`bus` is then the call)."""

    kind: Kind
    symbols: tuple[Symbol, ...]
    tags: tuple[str, ...] = ()
    bus: Call | None = None


@dataclass(frozen=True, slots=True)
class Substitution(Node):
    """`target operator value;`."""

    target: Expression
    operator: AssignOperator
    value: Expression


@dataclass(frozen=True, slots=True)
class Constraint(Node):
    """`left === right;`."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if (condition) yes else no`."""

    condition: Expression
    yes: Statement
    no: Statement | None


@dataclass(frozen=True, slots=True)
class While(Node):
    """`while (condition) body`."""

    condition: Expression
    body: Statement


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for (start; condition; step) body`."""

    start: Statement
    condition: Expression
    step: Statement
    body: Statement


@dataclass(frozen=True, slots=True)
class Return(Node):
    """`return value;`."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Assertion(Node):
    """`assert(condition);`."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class LogCall(Node):
    """`log(…);` with its expressions; texts are left out."""

    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ExpressionStatement(Node):
    """`Template()(x);`: a component that stands alone."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Block(Node):
    """Statements in order; `scoped` when written in braces."""

    statements: tuple[Statement, ...]
    scoped: bool = True


Statement = (
    Declaration
    | Substitution
    | Constraint
    | If
    | While
    | For
    | Return
    | Assertion
    | LogCall
    | ExpressionStatement
    | Block
)


@dataclass(frozen=True, slots=True)
class Definition(Node):
    """A template, function or bus."""

    kind: Literal["template", "function", "bus"]
    name: str
    parameters: tuple[str, ...]
    body: Block
    end_line: int
    is_custom: bool = False


@dataclass(frozen=True, slots=True)
class MainComponent(Node):
    """`component main {public [a, b]} = Template(…);`."""

    public: tuple[str, ...]
    value: Expression


@dataclass(frozen=True, slots=True)
class CircomFile:
    """One file."""

    includes: tuple[str, ...]
    definitions: tuple[Definition, ...]
    main: MainComponent | None


def statements_in(statement: Statement) -> Iterator[Statement]:
    """Yield a statement and all inside it, in the order of the text."""
    yield statement
    inner: tuple[Statement | None, ...] = ()
    match statement:
        case Block(statements=statements):
            inner = statements
        case If(yes=yes, no=no):
            inner = (yes, no)
        case While(body=body):
            inner = (body,)
        case For(start=start, step=step, body=body):
            inner = (start, step, body)
    for one in inner:
        if one is not None:
            yield from statements_in(one)


def expressions_in(statement: Statement) -> Iterator[Expression]:
    """Yield the outermost expressions of one statement, not those of the statements inside it."""
    match statement:
        case Declaration(symbols=symbols, bus=bus):
            for symbol in symbols:
                yield from symbol.dimensions
            if bus is not None:
                yield bus
        case Substitution(target=target, value=value):
            yield target
            yield value
        case Constraint(left=left, right=right):
            yield left
            yield right
        case If(condition=condition) | While(condition=condition) | For(condition=condition):
            yield condition
        case Assertion(condition=condition):
            yield condition
        case Return(value=value) | ExpressionStatement(value=value):
            yield value
        case LogCall(arguments=arguments):
            yield from arguments


def subexpressions(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all inside it, however deep: a sum of a thousand terms is a thousand levels."""
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(_inner(one)))


def _inner(expression: Expression) -> tuple[Expression, ...]:
    inner: tuple[Expression, ...] = ()
    match expression:
        case Variable(accesses=accesses):
            inner = tuple(one for one in accesses if not isinstance(one, str))
        case Infix(left=left, right=right):
            inner = (left, right)
        case Prefix(operand=operand):
            inner = (operand,)
        case Ternary(condition=condition, yes=yes, no=no):
            inner = (condition, yes, no)
        case Call(arguments=arguments):
            inner = arguments
        case AnonymousComponent(parameters=parameters, inputs=inputs):
            inner = (*parameters, *inputs)
        case ArrayLiteral(items=items) | TupleExpression(items=items):
            inner = items
    return inner
