"""What an expression of Circom is worth before there is a witness: a number, or something that depends on signals.

Field arithmetic follows circom's documentation (docs.circom.io, "Basic operators"): comparisons read a value above
(prime - 1)/2 as negative, `/` is the product with the inverse, `\\` and `%` are those of the integers.
"""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = [
    "SIGNAL",
    "UNKNOWN",
    "BusShape",
    "NotConstantError",
    "Opaque",
    "ZeroDivisorError",
    "at_index",
    "infix",
    "leaves",
    "prefix",
    "shape",
]


PLAIN: Final[Mapping[str, Callable[[int, int], int]]] = {
    "+": operators.add,
    "-": operators.sub,
    "*": operators.mul,
    "&": operators.and_,
    "|": operators.or_,
    "^": operators.xor,
    "==": operators.eq,
    "!=": operators.ne,
    "<": operators.lt,
    ">": operators.gt,
    "<=": operators.le,
    ">=": operators.ge,
    "&&": lambda left, right: left != 0 and right != 0,
    "||": lambda left, right: left != 0 or right != 0,
}


class NotConstantError(Exception):
    """A value that the compiler must know depends on signals."""


class ZeroDivisorError(Exception):
    """A division by zero, which the compiler refuses too."""


class Opaque:
    """A value that is not a number at compile time."""

    def __init__(self, name: str) -> None:
        """`name` is for whoever looks at one."""
        self.name = name

    def __repr__(self) -> str:
        return self.name


SIGNAL: Final = Opaque("SIGNAL")
"""One signal."""
UNKNOWN: Final = Opaque("UNKNOWN")
"""Anything computed from signals."""


@dataclass(frozen=True)
class BusShape:
    """A signal of a bus type: its fields, each SIGNAL, a tuple of it, or a bus."""

    fields: Mapping[str, Any]


def shape(element: Any, dimensions: Sequence[int]) -> Any:
    """Return the array of `element` with these dimensions, as nested tuples that share their rows."""
    for size in reversed(dimensions):
        element = (element,) * size
    return element


def leaves(value: Any) -> int:
    """Return how many scalars a value holds."""
    if isinstance(value, (tuple, list)):
        if not value:
            return 0
        if isinstance(value, tuple):
            return len(value) * leaves(value[0])  # an array of signals: all rows are alike
        return sum(map(leaves, value))
    if isinstance(value, BusShape):
        return sum(map(leaves, value.fields.values()))
    return 1


def at_index(value: Any, index: Any) -> Any:
    """Return an element; UNKNOWN where index or array is not known. Raises IndexError past the end."""
    if isinstance(value, Opaque):
        return UNKNOWN
    if not isinstance(index, int):
        first = next(_scalars(value), UNKNOWN)
        return SIGNAL if first is SIGNAL else UNKNOWN
    if not isinstance(value, (tuple, list)):
        raise IndexError
    return value[index]


def _scalars(value: Any) -> Iterator[Any]:
    if isinstance(value, (tuple, list)):
        for one in value:
            yield from _scalars(one)
    else:
        yield value


def prefix(operator: str, value: Any, prime: int) -> Any:
    """Return `operator value`."""
    if not isinstance(value, int):
        return UNKNOWN
    if operator == "-":
        return -value % prime
    if operator == "!":
        return int(value == 0)
    return (~value & _mask(prime)) % prime


def infix(operator: str, left: Any, right: Any, prime: int) -> Any:
    """Return `left operator right`; raises ZeroDivisorError."""
    if not isinstance(left, int) or not isinstance(right, int):
        if operator == "*" and (left == 0 or right == 0):
            return 0
        return UNKNOWN
    if operator in ("/", "\\", "%"):
        if right == 0:
            raise ZeroDivisorError
        return left * pow(right, -1, prime) % prime if operator == "/" else divmod(left, right)[operator == "%"]
    if operator in ("<<", ">>"):
        return _shift(left, right if operator == "<<" else -right, prime)
    if operator == "**":
        return pow(left, right, prime)
    if operator in ("<", ">", "<=", ">="):
        left, right = _signed(left, prime), _signed(right, prime)
    return int(PLAIN[operator](left, right)) % prime


def _signed(value: int, prime: int) -> int:
    return value - prime if value > prime // 2 else value


def _mask(prime: int) -> int:
    return (1 << prime.bit_length()) - 1


def _shift(value: int, left: int, prime: int) -> int:
    """Shift to the left, or to the right when `left` is negative; a count above half the prime is a negative one."""
    count = _signed(left % prime, prime)
    if abs(count) > prime.bit_length():
        return 0
    return ((value << count) & _mask(prime)) % prime if count >= 0 else value >> -count
