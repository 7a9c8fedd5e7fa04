"""What the generated account, event and struct classes share: strict reading, and writing for tools and tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self

from solders.account import Account
from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError, UsageError
from anomi_sdk.wire import Field, Reader

__all__ = [
    "AccountLayout",
    "AccountMissingError",
    "AccountOwnerMismatchError",
    "EventLayout",
    "Layout",
    "Struct",
    "TagMismatchError",
]


class AccountMissingError(RefusedError):
    """There is no account at this address."""


class AccountOwnerMismatchError(RefusedError):
    """The account belongs to another program than the one that writes accounts of this kind."""


class TagMismatchError(RefusedError):
    """The data is of another kind: its first 8 bytes are not this kind's tag."""


class Layout:
    """A row of fields behind a tag; subclasses are frozen dataclasses whose attributes are `FIELDS` in order."""

    TAG: ClassVar[bytes] = b""
    """The first bytes: 8 for an account or an event, none for a struct."""
    FIELDS: ClassVar[tuple[Field, ...]]

    @classmethod
    def size(cls) -> int | None:
        """Return the bytes that every value has, its tag included, or None when values differ in size."""
        total = len(cls.TAG)
        for field in cls.FIELDS:
            if field.type.size is None:
                return None
            total += field.type.size
        return total

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read `data` to its last byte.

        Raises TagMismatchError, DataLengthMismatchError or BoolInvalidError, each naming this kind and what it expects.
        """
        reader = Reader(data, f"the data of {_article(cls.__name__)} {cls.__name__}")
        if data[: len(cls.TAG)] != cls.TAG:
            raise TagMismatchError(
                f"{reader.what} starts with the tag {cls.TAG.hex()}, this data with "
                f"{data[: len(cls.TAG)].hex() or 'nothing'}"
            )
        reader.take(len(cls.TAG), "its tag")
        value = cls.take(reader, "")
        reader.require_end()
        return value

    @classmethod
    def take(cls, reader: Reader, path: str) -> Self:
        """Take the fields, without a tag, off `reader`; `path` goes before their names in messages."""
        build: Callable[..., Self] = cls
        return build(**{field.name: field.type.decode(reader, f"{path}{field.name}") for field in cls.FIELDS})

    def encode(self) -> bytes:
        """Return the bytes that `decode` reads. Raises UsageError when a value does not fit its field."""
        return self.TAG + self.put(f"{type(self).__name__}.")

    def put(self, path: str) -> bytes:
        """Return the bytes of the fields, without a tag."""
        return b"".join(field.type.encode(getattr(self, field.name), f"{path}{field.name}") for field in self.FIELDS)


class AccountLayout(Layout):
    """An account of one of our programs."""

    PROGRAM: ClassVar[Pubkey]
    """The program that alone writes such accounts."""

    @classmethod
    def read(cls, account: Account | None) -> Self:
        """Read an account as a cluster returned it: that it is there, its owner, then `decode`.

        Raises AccountMissingError and AccountOwnerMismatchError too. That it stands at the right address is the
        caller's to check.
        """
        kind = f"{_article(cls.__name__)} {cls.__name__} account"
        if account is None:
            raise AccountMissingError(f"there is no account where {kind} was expected")
        if account.owner != cls.PROGRAM:
            raise AccountOwnerMismatchError(
                f"{kind} belongs to the program {cls.PROGRAM}, this account to {account.owner}"
            )
        return cls.decode(bytes(account.data))


class EventLayout(Layout):
    """An event that one of our programs logs, one slice of `sol_log_data` each."""

    PROGRAM: ClassVar[Pubkey]
    """The program that alone logs such events."""


@dataclass(frozen=True)
class Struct:
    """A struct as the type of a field."""

    layout: type[Layout]

    @property
    def size(self) -> int | None:
        """The struct's size."""
        return self.layout.size()

    def encode(self, value: object, where: str) -> bytes:
        """Refuse anything but this very struct."""
        if not isinstance(value, self.layout):
            name = self.layout.__name__
            raise UsageError(f"{where} is {_article(name)} {name}, a value of type {type(value).__name__} came")
        return value.put(f"{where}.")

    def decode(self, reader: Reader, where: str) -> Layout:
        """Return the struct."""
        return self.layout.take(reader, f"{where}.")


def _article(name: str) -> str:
    return "an" if name[0] in "AEIOU" else "a"
