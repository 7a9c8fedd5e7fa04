"""JSON as proofs and keys are read: bounded, without duplicate members, and with every number a canonical
string.

snarkjs and rapidsnark write each field element as a decimal string, because a JSON number loses digits in
JavaScript. A bare number is therefore refused wherever a field element stands, even a small one: one value
has one spelling.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from anomi_core.errors import UnreadableInputError

__all__ = ["Reader"]

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,77}", re.ASCII)
"""78 digits hold any 256-bit number; a longer one is never below q, and converting it would take quadratic
time.
"""

_STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
"""A string, ended or not, or one bracket outside of strings: one pass over any text."""
_NESTING_MAX: Final = 32
"""Python's parser recurses in C, and a library that raises the recursion limit, as py_ecc does, lets a file of opening
brackets overflow the stack; so nesting is bounded before parsing."""

_SHOWN_MAX: Final = 24


class _DuplicateMemberError(ValueError):
    """A JSON object names the same member twice."""


class _LongNumberError(ValueError):
    """A JSON number too long to be anything here."""


@dataclass(frozen=True)
class Reader:
    """Reads one kind of file; every refusal is `error` and starts with `what`, such as "proof"."""

    what: str
    error: type[UnreadableInputError]
    text_bytes_max: int

    def refuse(self, reason: str) -> NoReturn:
        """Raise this reader's error."""
        raise self.error(f"{self.what}: {reason}")

    def load(self, text: str | bytes) -> Any:
        """Parse JSON text of at most `text_bytes_max` bytes."""
        if len(text) > self.text_bytes_max:
            self.refuse(f"at most {self.text_bytes_max} bytes are read, {len(text)} came")
        try:
            if isinstance(text, bytes):
                text = text.decode("utf-8")
            if _nests_deeper_than(text, _NESTING_MAX):
                self.refuse("the JSON is nested too deeply")
            return json.loads(
                text,
                object_pairs_hook=_unique_members,
                parse_int=_short_int,
                parse_float=_no_float,
                parse_constant=_no_float,
            )
        except UnicodeDecodeError:
            self.refuse("the file is not UTF-8 text")
        except _DuplicateMemberError as error:
            self.refuse(f"the member {_shown(str(error))} stands twice in one object")
        except _LongNumberError:
            self.refuse("a JSON number is too long or not an integer; field elements are decimal strings")
        except ValueError:
            self.refuse("the file is not JSON")

    def members(self, value: Any, required: tuple[str, ...]) -> dict[str, Any]:
        """Return a JSON object that has the members `required`; further ones are allowed and not read."""
        if not isinstance(value, dict):
            self.refuse(f"expected a JSON object, {_kind(value)} came")
        missing = [name for name in required if name not in value]
        if missing:
            self.refuse(f"the member {missing[0]!r} is missing")
        return value

    def items(self, value: Any, name: str, count: int | None = None) -> list[Any]:
        """Return a JSON array, of exactly `count` items when given."""
        if not isinstance(value, list):
            self.refuse(f"{name} must be an array, {_kind(value)} came")
        if count is not None and len(value) != count:
            self.refuse(f"{name} must have {count} items, {len(value)} came")
        return value

    def decimal(self, value: Any, name: str) -> int:
        """Return a canonical decimal string as an integer: no sign, space, leading zero, exponent or bare
        number.
        """
        if not isinstance(value, str):
            self.refuse(f"{name} must be a decimal string, {_kind(value)} came")
        if not _DECIMAL.fullmatch(value):
            self.refuse(f"{name} must be a canonical decimal of at most 78 digits, {_shown(value)} came")
        return int(value)


def _nests_deeper_than(text: str, limit: int) -> bool:
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        if depth > limit:
            return True
    return False


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _DuplicateMemberError(name)
            seen.add(name)
    return members


def _short_int(digits: str) -> int:
    if len(digits) > 20:
        raise _LongNumberError
    return int(digits)


def _no_float(_: str) -> NoReturn:
    raise _LongNumberError


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN_MAX else text[:_SHOWN_MAX] + "…")


def _kind(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    return "a string" if isinstance(value, str) else "a number"
