"""Range checks of a statement's public parts, and the way around them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import fields
from typing import Any, Self

from anomi_core.errors import RefusedError

__all__ = ["CheckedStatement", "ValueOutOfRangeError", "require_bits"]


class ValueOutOfRangeError(RefusedError):
    """A public value does not fit its width."""


def require_bits(value: int, bits: int, name: str) -> int:
    """Return `value` when 0 ≤ value < 2**bits, else raise ValueOutOfRangeError."""
    if not 0 <= value < 1 << bits:
        raise ValueOutOfRangeError(f"{name} must be in 0 … 2**{bits} - 1; {value} came")
    return value


class CheckedStatement(ABC):
    """Base of the statements: constructing one validates it; `unchecked` does not.

    Tests of relations and circuits need statements that no client could make, to see them refused by the
    right check.
    """

    def __post_init__(self) -> None:
        self.validate()

    @abstractmethod
    def validate(self) -> None:
        """Raise ValueOutOfRangeError, NotCanonicalError or KeyLengthError on a part out of range."""

    @classmethod
    def unchecked(cls, **values: Any) -> Self:
        """Return a statement with exactly these field values, in range or not; every field must be given."""
        names = {field.name for field in fields(cls)}  # type: ignore[arg-type]
        if names != set(values):
            raise TypeError(f"{cls.__name__}.unchecked needs exactly {sorted(names)}")
        statement = object.__new__(cls)
        for name, value in values.items():
            object.__setattr__(statement, name, value)
        return statement

    def altered(self, **changes: Any) -> Self:
        """Return a copy with some fields changed and none validated."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
        return self.unchecked(**{**values, **changes})
