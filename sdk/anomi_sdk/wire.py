"""Values as bytes: the types of spec/programs.toml, each with one encoding that is written and no other that is read.

Encoding raises UsageError for a value that its type cannot hold; decoding raises this module's errors. Both name the
field they stopped at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError, UsageError

__all__ = [
    "BOOL",
    "BYTES",
    "I64",
    "PUBKEY",
    "REST",
    "U8",
    "U16",
    "U32",
    "U64",
    "Array",
    "BoolInvalidError",
    "ByteArray",
    "DataLengthMismatchError",
    "Field",
    "Integer",
    "Reader",
    "Vec",
    "WireType",
]

_PUBKEY_BYTES: Final = 32


class DataLengthMismatchError(RefusedError):
    """The data is shorter or longer than what it should be."""


class BoolInvalidError(RefusedError):
    """A truth value is a byte of 0 or 1, and another one came."""


class Reader:
    """Takes data apart from its start; `what` names what is being read, with its article."""

    def __init__(self, data: bytes, what: str) -> None:
        """Start at the first byte."""
        self.what = what
        self._data = data
        self._at = 0

    def take(self, size: int, where: str) -> bytes:
        """Return the next `size` bytes, which belong to the field `where`."""
        end = self._at + size
        if end > len(self._data):
            raise DataLengthMismatchError(
                f"{self.what} has at least {end} bytes, up to the end of {where}; {len(self._data)} came"
            )
        start, self._at = self._at, end
        return self._data[start:end]

    def rest(self) -> bytes:
        """Return everything that is left."""
        start, self._at = self._at, len(self._data)
        return self._data[start:]

    def require_end(self) -> None:
        """Refuse bytes that nothing has taken."""
        if self._at != len(self._data):
            raise DataLengthMismatchError(f"{self.what} has {self._at} bytes, {len(self._data)} came")


class WireType(Protocol):
    """One type; `size` is the number of bytes of every value, or None when values differ in it."""

    @property
    def size(self) -> int | None:
        """Bytes of every value, or None."""

    def encode(self, value: object, where: str) -> bytes:
        """Return the bytes of `value`, which stands at the field `where`; raises UsageError when it does not fit."""

    def decode(self, reader: Reader, where: str) -> object:
        """Take a value for the field `where` off `reader`."""


@dataclass(frozen=True)
class Field:
    """One field of a layout, one argument or one seed."""

    name: str
    type: WireType


@dataclass(frozen=True)
class Integer:
    """A little-endian integer of `size` bytes."""

    size: int
    signed: bool = False

    def encode(self, value: object, where: str) -> bytes:
        """Refuse what is no integer or does not fit the width."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise _not_a(where, self._kind, value)
        try:
            return value.to_bytes(self.size, "little", signed=self.signed)
        except OverflowError:
            raise UsageError(f"{where} is {self._kind}, {value} does not fit") from None

    def decode(self, reader: Reader, where: str) -> int:
        """Every pattern of bits is a value."""
        return int.from_bytes(reader.take(self.size, where), "little", signed=self.signed)

    @property
    def _kind(self) -> str:
        return f"{'a signed' if self.signed else 'an unsigned'} integer of {8 * self.size} bits"


@dataclass(frozen=True)
class _Bool:
    size: int = 1

    def encode(self, value: object, where: str) -> bytes:
        if not isinstance(value, bool):
            raise _not_a(where, "True or False", value)
        return bytes([value])

    def decode(self, reader: Reader, where: str) -> bool:
        byte = reader.take(1, where)[0]
        if byte > 1:
            raise BoolInvalidError(f"{reader.what} has the byte 0 or 1 in {where}, {byte} came")
        return byte == 1


@dataclass(frozen=True)
class _Pubkey:
    size: int = _PUBKEY_BYTES

    def encode(self, value: object, where: str) -> bytes:
        if not isinstance(value, Pubkey):
            raise _not_a(where, "a Pubkey", value)
        return bytes(value)

    def decode(self, reader: Reader, where: str) -> Pubkey:
        return Pubkey.from_bytes(reader.take(self.size, where))


@dataclass(frozen=True)
class ByteArray:
    """`[u8; size]`: exactly `size` bytes."""

    size: int

    def encode(self, value: object, where: str) -> bytes:
        """Refuse any other length."""
        if not isinstance(value, bytes):
            raise _not_a(where, f"{self.size} bytes", value)
        if len(value) != self.size:
            raise UsageError(f"{where} is {self.size} bytes, {len(value)} came")
        return value

    def decode(self, reader: Reader, where: str) -> bytes:
        """Every pattern of bits is a value."""
        return reader.take(self.size, where)


@dataclass(frozen=True)
class Array:
    """`[item; count]`: exactly `count` items, one after the other."""

    item: WireType
    count: int

    @property
    def size(self) -> int | None:
        """`count` times the item's size."""
        return None if self.item.size is None else self.count * self.item.size

    def encode(self, value: object, where: str) -> bytes:
        """Refuse any other number of items."""
        items = _items(value, where)
        if len(items) != self.count:
            raise UsageError(f"{where} has {self.count} items, {len(items)} came")
        return _encode_items(self.item, items, where)

    def decode(self, reader: Reader, where: str) -> tuple[object, ...]:
        """Return the items as a tuple."""
        return tuple(self.item.decode(reader, f"{where}[{index}]") for index in range(self.count))


@dataclass(frozen=True)
class Vec:
    """`vec<item>`: a u32 count, then the items."""

    item: WireType

    @property
    def size(self) -> None:
        """Values differ in size."""
        return

    def encode(self, value: object, where: str) -> bytes:
        """Return the count and the items."""
        items = _items(value, where)
        return U32.encode(len(items), f"the number of {where}") + _encode_items(self.item, items, where)

    def decode(self, reader: Reader, where: str) -> tuple[object, ...]:
        """Return the items as a tuple; a count that promises too much ends at the first item that is not there."""
        count = U32.decode(reader, f"the number of {where}")
        return tuple(self.item.decode(reader, f"{where}[{index}]") for index in range(count))


@dataclass(frozen=True)
class _Bytes:
    size: None = None

    def encode(self, value: object, where: str) -> bytes:
        if not isinstance(value, bytes):
            raise _not_a(where, "bytes", value)
        return U32.encode(len(value), f"the length of {where}") + value

    def decode(self, reader: Reader, where: str) -> bytes:
        return reader.take(U32.decode(reader, f"the length of {where}"), where)


@dataclass(frozen=True)
class _Rest:
    size: None = None

    def encode(self, value: object, where: str) -> bytes:
        if not isinstance(value, bytes):
            raise _not_a(where, "bytes", value)
        return value

    def decode(self, reader: Reader, where: str) -> bytes:  # noqa: ARG002 -- the rest is never too short
        return reader.rest()


U8: Final = Integer(1)
U16: Final = Integer(2)
U32: Final = Integer(4)
U64: Final = Integer(8)
I64: Final = Integer(8, signed=True)
BOOL: Final = _Bool()
"""One byte, 0 or 1."""
PUBKEY: Final = _Pubkey()
BYTES: Final = _Bytes()
"""A u32 length, then that many bytes."""
REST: Final = _Rest()
"""The bytes up to the end: only as the last field of an account or a struct."""


def _items(value: object, where: str) -> Sequence[object]:
    if not isinstance(value, Sequence) or isinstance(value, (bytes, str)):
        raise _not_a(where, "a sequence", value)
    return value


def _encode_items(item: WireType, items: Sequence[object], where: str) -> bytes:
    return b"".join(item.encode(value, f"{where}[{index}]") for index, value in enumerate(items))


def _not_a(where: str, expected: str, value: object) -> UsageError:
    return UsageError(f"{where} is {expected}, a value of type {type(value).__name__} came")
