"""Unrolling: which components a circuit instantiates, and which statement writes each of its constraints.

This plays the compiler's part up to the list of constraints of `circom --O0`, without coefficients: parameters and
loops are computed, `<==` and `===` counted in the order in which circom writes them. What depends on signals is opaque.
Instances of one template with the same arguments are unrolled once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from anomi_core.errors import RefusedError
from anomi_core.field import FR_MODULUS
from anomi_prover.circom_source.program import Located, Program
from anomi_prover.circom_source.syntax import (
    Access,
    AnonymousComponent,
    ArrayLiteral,
    Assertion,
    Block,
    Call,
    Constraint,
    Declaration,
    Expression,
    ExpressionStatement,
    For,
    If,
    Infix,
    LogCall,
    Node,
    Number,
    Prefix,
    Return,
    Statement,
    Substitution,
    Ternary,
    TupleExpression,
    Underscore,
    Variable,
    While,
    statements_in,
)
from anomi_prover.circom_source.values import (
    SIGNAL,
    UNKNOWN,
    BusShape,
    NotConstantError,
    Opaque,
    ZeroDivisorError,
    at_index,
    infix,
    leaves,
    prefix,
    shape,
)

__all__ = ["Instance", "NotUnrollableError", "SignalDeclaration", "Written", "unroll"]

STEPS_MAX: Final = 30_000_000
Direction = Literal["input", "output", "signal"]


class NotUnrollableError(RefusedError):
    """The source cannot be unrolled here; the sentence names the place."""


@dataclass(frozen=True, slots=True)
class Written:
    """Constraints that one statement writes at once: several where it assigns an array."""

    line: int
    column: int
    operator: Literal["<==", "==="]
    count: int


@dataclass(frozen=True, slots=True)
class SignalDeclaration:
    """A signal of a template, with its dimensions; `shape` is what an expression that names it is worth."""

    name: str
    direction: Direction
    dimensions: tuple[int, ...]
    line: int
    shape: Any = field(repr=False)
    tags: tuple[str, ...] = ()


@dataclass
class Instance:
    """A template with its arguments: what it writes itself, in order, and its components by their names.

    Names are those of the .sym file below this instance: `c[2]`, `LessThan_14_389` for an anonymous one.
    """

    template: str
    arguments: tuple[Any, ...]
    file: Path
    line: int
    written: list[Written] = field(default_factory=list, repr=False)
    children: dict[str, Instance] = field(default_factory=dict, repr=False)
    child_lines: dict[str, int] = field(default_factory=dict, repr=False)
    signals: dict[str, SignalDeclaration] = field(default_factory=dict, repr=False)

    @property
    def own_constraints(self) -> int:
        """Constraints that its own statements write."""
        return sum(one.count for one in self.written)


@dataclass
class _Returned(Exception):  # noqa: N818 - a way out of a function, no error
    value: Any


def unroll(program: Program, prime: int = FR_MODULUS) -> Instance:
    """Unroll `component main`; raises NotUnrollableError."""
    if program.main is None:
        raise NotUnrollableError(f"{program.main_file} has no component main")
    unroller = _Unroller(program, prime)
    place = program.main_file
    try:
        main = program.main.value
        if not isinstance(main, Call):
            raise NotUnrollableError(f"{place}:{main.line}: component main is no instance of a template")
        arguments = tuple(_Body(unroller, place, None).evaluate(one) for one in main.arguments)
        return unroller.instance(main.name, arguments, place, main)
    except RecursionError as error:
        raise NotUnrollableError(f"{place} nests too deeply to be unrolled") from error


class _Unroller:
    """What all bodies share: definitions, finished instances, values of functions, and a bound on the work."""

    def __init__(self, program: Program, prime: int) -> None:
        self.program = program
        self.prime = prime
        self.steps = 0
        self._instances: dict[tuple[str, Any], Instance] = {}
        self._values: dict[tuple[str, Any], Any] = {}

    def step(self, place: Path) -> None:
        self.steps += 1
        if self.steps > STEPS_MAX:
            raise NotUnrollableError(f"{place} takes more than {STEPS_MAX:,} steps to unroll")

    def instance(self, name: str, arguments: tuple[Any, ...], place: Path, node: Node) -> Instance:
        located = self.program.templates.get(name)
        if located is None:
            raise NotUnrollableError(f"{place}:{node.line}: no template {name} is included")
        key = (name, _frozen(arguments))
        found = self._instances.get(key)
        if found is None:
            definition = located.definition
            found = Instance(name, key[1], located.file, definition.line)
            self._run(located, arguments, found, place, node)
            self._instances[key] = found
        return found

    def call(self, name: str, arguments: tuple[Any, ...], place: Path, node: Node) -> Any:
        located = self.program.functions.get(name)
        if located is None:
            raise NotUnrollableError(f"{place}:{node.line}: no function {name} is included")
        if any(_is_opaque(one) for one in arguments):
            return UNKNOWN
        key = (name, _frozen(arguments))
        if key not in self._values:
            try:
                self._run(located, arguments, None, place, node)
                raise NotUnrollableError(f"{place}:{node.line}: the function {name} returns nothing")
            except _Returned as returned:
                self._values[key] = returned.value
        return self._values[key]

    def _run(
        self, located: Located, arguments: tuple[Any, ...], instance: Instance | None, place: Path, node: Node
    ) -> None:
        definition = located.definition
        if len(arguments) != len(definition.parameters):
            raise NotUnrollableError(
                f"{place}:{node.line}: {definition.name} has {len(definition.parameters)} parameters, "
                f"{len(arguments)} are given"
            )
        body = _Body(self, located.file, instance)
        body.frames[0].update(zip(definition.parameters, map(_thawed, arguments), strict=True))
        body.run(definition.body)

    def bus(self, call: Call, arguments: tuple[Any, ...], place: Path) -> BusShape:
        located = self.program.buses.get(call.name)
        if located is None:
            raise NotUnrollableError(f"{place}:{call.line}: no bus {call.name} is included")
        holder = Instance(call.name, arguments, located.file, located.definition.line)
        self._run(located, arguments, holder, place, call)
        return BusShape({name: signal.shape for name, signal in holder.signals.items()})


class _Body:
    """The execution of one template or function."""

    def __init__(self, unroller: _Unroller, file: Path, instance: Instance | None) -> None:
        self.unroller = unroller
        self.file = file
        self.instance = instance
        self.frames: list[dict[str, Any]] = [{}]
        self.components: dict[str, Any] = {}
        self.loops = 0
        self.anonymous: dict[tuple[int, int], int] = {}

    # Statements

    def run(self, statement: Statement) -> None:
        self.unroller.step(self.file)
        try:
            self._run(statement)
        except ZeroDivisorError as error:
            raise self._no(statement, "a division by zero") from error
        except IndexError as error:
            raise self._no(statement, "an index past the end of its array") from error
        except NotConstantError as error:
            raise self._no(statement, "a value depends on signals where the circuit's shape needs it") from error

    def _run(self, statement: Statement) -> None:  # noqa: PLR0912 - a table of cases
        match statement:
            case Substitution():
                self._substitute(statement)
            case Block(statements=statements, scoped=scoped):
                if scoped:
                    self.frames.append({})
                for one in statements:
                    self.run(one)
                if scoped:
                    self.frames.pop()
            case Declaration():
                for symbol in statement.symbols:
                    dimensions = tuple(self._constant(one) for one in symbol.dimensions)
                    self._declare(statement, symbol.name, dimensions, symbol.line)
            case Constraint(left=left, right=right):
                values = self.evaluate(left), self.evaluate(right)
                self._write(statement, "===", values[0] if not isinstance(values[0], int) else values[1])
            case If(condition=condition, yes=yes, no=no):
                known = self.evaluate(condition)
                if isinstance(known, int):
                    chosen = yes if known else no
                    if chosen is not None:
                        self.run(chosen)
                else:
                    self._forget(yes)
                    if no is not None:
                        self._forget(no)
            case For(start=start, condition=condition, step=step, body=body):
                self.frames.append({})
                self.run(start)
                self._loop(condition, Block((body, step), scoped=False, line=body.line, column=body.column))
                self.frames.pop()
            case While(condition=condition, body=body):
                self._loop(condition, body)
            case Return(value=value):
                raise _Returned(self.evaluate(value))
            case ExpressionStatement(value=value):
                self.evaluate(value)
            case Assertion() | LogCall():
                pass

    def _loop(self, condition: Expression, body: Statement) -> None:
        self.loops += 1
        while True:
            known = self.evaluate(condition)
            if not isinstance(known, int):
                self._forget(body)
                break
            if not known:
                break
            self.run(body)
        self.loops -= 1

    def _forget(self, statement: Statement) -> None:
        """What only a witness decides can change variables, but no constraint and no component."""
        for one in statements_in(statement):
            if isinstance(one, Return):
                raise _Returned(UNKNOWN)
            if isinstance(one, Constraint | ExpressionStatement) or (
                isinstance(one, Substitution) and one.operator == "<=="
            ):
                raise NotConstantError
            if isinstance(one, Substitution) and one.operator == "=" and isinstance(one.target, Variable):
                frame = self._frame(one.target.name)
                if frame is not None:
                    frame[one.target.name] = UNKNOWN

    def _declare(self, statement: Declaration, name: str, dimensions: tuple[int, ...], line: int) -> None:
        if statement.kind == "var":
            self.frames[-1][name] = _zeros(dimensions)
        elif statement.kind == "component":
            self.components[name] = None
        elif self.instance is not None:
            element: Any = SIGNAL
            if statement.bus is not None:
                arguments = tuple(self.evaluate(one) for one in statement.bus.arguments)
                element = self.unroller.bus(statement.bus, arguments, self.file)
            self.instance.signals[name] = SignalDeclaration(
                name, statement.kind, dimensions, line, shape(element, dimensions), statement.tags
            )

    def _substitute(self, statement: Substitution) -> None:
        target, operator, value = statement.target, statement.operator, statement.value
        if operator == "=" and isinstance(target, Variable) and target.name in self.components:
            if not isinstance(value, Call):
                raise self._no(statement, "a component that is no instance of a template")
            indices = tuple(self._constant(one) for one in target.accesses if not isinstance(one, str))
            name = target.name + "".join(f"[{index}]" for index in indices)
            self._instantiate(name, value.name, value.arguments, value)
            return
        worth = self.evaluate(value)
        if isinstance(target, TupleExpression):
            parts = worth if isinstance(worth, list) else [worth]
            if len(parts) != len(target.items):
                raise self._no(statement, "a tuple of another length than its value")
            for one, part in zip(target.items, parts, strict=True):
                self._assign(statement, one, operator, part)
            return
        self._assign(statement, target, operator, worth)

    def _assign(self, statement: Substitution, target: Expression, operator: str, worth: Any) -> None:
        if isinstance(target, Underscore):
            return
        if not isinstance(target, Variable):
            raise self._no(statement, "an assignment to what is no name")
        frame = self._frame(target.name)
        if frame is None:
            if operator == "<==":
                self._write(statement, "<==", self.evaluate(target))
            return
        accesses = [self.evaluate(one) for one in target.accesses if not isinstance(one, str)]
        if not accesses:
            frame[target.name] = _thawed(worth)
            return
        holder = frame[target.name]
        for index in accesses[:-1]:
            holder = at_index(holder, index)
        if isinstance(holder, list) and isinstance(accesses[-1], int):
            holder[accesses[-1]] = _thawed(worth)
        else:
            frame[target.name] = UNKNOWN

    def _write(self, statement: Node, operator: Literal["<==", "==="], target: Any) -> None:
        if self.instance is None or isinstance(target, int):
            return  # two numbers: circom checks them and writes nothing
        self.instance.written.append(Written(statement.line, statement.column, operator, leaves(target)))

    # Components

    def _instantiate(self, name: str, template: str, parameters: tuple[Expression, ...], node: Node) -> Instance:
        if self.instance is None:
            raise self._no(node, "a component outside a template")
        arguments = tuple(self.evaluate(one) for one in parameters)
        if any(_is_opaque(one) for one in arguments):
            raise NotConstantError
        made = self.unroller.instance(template, arguments, self.file, node)
        self.instance.children[name] = made
        self.instance.child_lines[name] = node.line
        return made

    def _anonymous(self, node: AnonymousComponent) -> Any:
        key = (node.line, node.column)
        number = self.anonymous.get(key, 0)
        self.anonymous[key] = number + 1
        name = f"{node.template}_{node.line}_{self._offset(node)}" + (f"[{number}]" if self.loops else "")
        made = self._instantiate(name, node.template, node.parameters, node)
        inputs = [one for one in made.signals.values() if one.direction == "input"]
        given = dict(zip(node.names, node.inputs, strict=True)) if node.names is not None else None
        if len(inputs) != len(node.inputs):
            raise self._no(node, f"{len(node.inputs)} inputs for the {len(inputs)} of {node.template}")
        for index, signal in enumerate(inputs):
            value = given.get(signal.name) if given is not None else node.inputs[index]
            if value is None:
                raise self._no(node, f"no value for the input {signal.name} of {node.template}")
            self.evaluate(value)
            if not isinstance(value, Underscore):
                self._write(node, "<==", signal.shape)
        outputs = [one.shape for one in made.signals.values() if one.direction == "output"]
        return outputs[0] if len(outputs) == 1 else list(outputs)

    def _offset(self, node: Node) -> int:
        lines = self.unroller.program.line_offsets(self.file)
        return lines[node.line - 1] + node.column - 1

    # Expressions

    def evaluate(self, node: Expression) -> Any:  # noqa: PLR0911 - a table of cases
        match node:
            case Number(value=value):
                return value % self.unroller.prime
            case Variable():
                return self._variable(node)
            case Infix():
                return self._infix(node)
            case Prefix(operator=operator, operand=operand):
                return prefix(operator, self.evaluate(operand), self.unroller.prime)
            case Ternary(condition=condition, yes=yes, no=no):
                known = self.evaluate(condition)
                return self.evaluate(yes if known else no) if isinstance(known, int) else UNKNOWN
            case Call(name=name, arguments=arguments):
                return self.unroller.call(name, tuple(map(self.evaluate, arguments)), self.file, node)
            case AnonymousComponent():
                return self._anonymous(node)
            case ArrayLiteral(items=items) | TupleExpression(items=items):
                return [self.evaluate(one) for one in items]
            case Underscore():
                return UNKNOWN

    def _infix(self, node: Infix) -> Any:
        """Go down the left side in a loop: a sum of a thousand terms is a thousand levels deep there."""
        spine: list[Infix] = []
        left: Expression = node
        while isinstance(left, Infix):
            spine.append(left)
            left = left.left
        value = self.evaluate(left)
        for one in reversed(spine):
            value = infix(one.operator, value, self.evaluate(one.right), self.unroller.prime)
        return value

    def _variable(self, node: Variable) -> Any:
        frame = self._frame(node.name)
        value: Any
        if frame is not None:
            value = frame[node.name]
        elif self.instance is not None and node.name in self.instance.signals:
            value = self.instance.signals[node.name].shape
        elif self.instance is not None and node.name in self.components:
            return self._component_signal(node)
        else:
            raise self._no(node, f"the name {node.name} is not declared")
        return self._reached(value, node.accesses)

    def _component_signal(self, node: Variable) -> Any:
        assert self.instance is not None  # noqa: S101 - components stand in templates only
        name, rest = node.name, list(node.accesses)
        while rest and not isinstance(rest[0], str):
            name += f"[{self._constant(rest.pop(0))}]"
        component = self.instance.children.get(name)
        member = rest.pop(0) if rest else None
        if component is None or not isinstance(member, str):
            raise self._no(node, f"the component {name} is used before it is made")
        signal = component.signals.get(member)
        if signal is None:
            raise self._no(node, f"{component.template} has no such signal")
        return self._reached(signal.shape, rest)

    def _reached(self, value: Any, accesses: Sequence[Access]) -> Any:
        """Return what indices and members of a bus lead to, from a value or a signal's shape."""
        for access in accesses:
            if isinstance(access, str):
                value = value.fields[access] if isinstance(value, BusShape) and access in value.fields else UNKNOWN
            else:
                value = at_index(value, self.evaluate(access))
        return value

    def _constant(self, node: Any) -> int:
        value = self.evaluate(node)
        if not isinstance(value, int):
            raise NotConstantError
        return value

    def _frame(self, name: str) -> dict[str, Any] | None:
        return next((frame for frame in reversed(self.frames) if name in frame), None)

    def _no(self, node: Node, what: str) -> NotUnrollableError:
        return NotUnrollableError(f"{self.file}:{node.line}:{node.column} cannot be unrolled: {what}")


def _zeros(dimensions: tuple[int, ...]) -> Any:
    if not dimensions:
        return 0
    return [_zeros(dimensions[1:]) for _ in range(dimensions[0])]


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, (list, tuple)) else value


def _thawed(value: Any) -> Any:
    """Copy an array: assigning one to a variable copies it."""
    return [_thawed(one) for one in value] if isinstance(value, (list, tuple)) else value


def _is_opaque(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_is_opaque, value))
    return isinstance(value, Opaque | BusShape)
