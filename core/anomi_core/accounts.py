"""Canonical account numbers and transaction ids: one spelling for each, whatever people and banks type.

Every function is idempotent, and refuses what it cannot read with a sentence that never repeats the text: account
numbers end up in logs otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from anomi_core.errors import RefusedError, UnreadableInputError

__all__ = [
    "IbanCheckDigitsError",
    "IbanCountryError",
    "IbanFormatError",
    "IbanLengthError",
    "MobileNumberError",
    "TransactionIdCharacterError",
    "TransactionIdLengthError",
    "canonical_iban",
    "canonical_pk_mobile",
    "canonical_txid",
]

SEPARATORS: Final = str.maketrans("", "", " \t-/.,:'?()")
"""Dropped wherever they stand. The plus sign is not among them: it has a meaning in a phone number."""
PK_MOBILE: Final = re.compile(r"(?:(?:\+|00)?92)?0?(3[0-9]{9})")
IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}")
ALPHANUMERIC: Final = re.compile(r"[A-Z0-9]*")
DIGITS: Final = re.compile(r"[0-9]*")
TYPED_CHARACTERS_MAX: Final = 100
"""Longer input is refused unread."""
NOT_READ: Final = "?"
"""Stands for input that no rule accepts."""


class MobileNumberError(UnreadableInputError):
    """The text is not a Pakistani mobile number in a usual spelling."""


class IbanFormatError(UnreadableInputError):
    """The text does not look like an IBAN: two letters, two digits, then letters and digits."""


class IbanCountryError(RefusedError):
    """The rail does not reach the IBAN's country."""


class IbanLengthError(RefusedError):
    """The IBAN does not have its country's number of characters."""


class IbanCheckDigitsError(RefusedError):
    """The IBAN's check digits do not fit the rest: a mistyped number, or a second spelling of one."""


class TransactionIdCharacterError(UnreadableInputError):
    """The transaction id holds a character that no id of the rail has."""


class TransactionIdLengthError(RefusedError):
    """The canonical transaction id is shorter or longer than the rail's ids are."""


def canonical_pk_mobile(text: str) -> str:
    """Return 923XXXXXXXXX for a Pakistani mobile number; raises MobileNumberError."""
    match = PK_MOBILE.fullmatch(_without_separators(text))
    if match is None:
        raise MobileNumberError(
            "this is not a Pakistani mobile number: write it as 03XXXXXXXXX, 923XXXXXXXXX or +923XXXXXXXXX"
        )
    return "92" + match[1]


def canonical_iban(text: str, characters: Mapping[str, int]) -> str:
    """Return an IBAN in upper case without separators; `characters` holds the length for each country reached.

    Raises IbanFormatError, IbanCountryError, IbanLengthError, IbanCheckDigitsError.
    """
    iban = _without_separators(text).upper()
    if IBAN.fullmatch(iban) is None:
        raise IbanFormatError("this is not an IBAN: two letters for the country, two check digits, then the account")
    country = iban[:2]
    if country not in characters:
        raise IbanCountryError(f"the rail reaches IBANs of {', '.join(sorted(characters))}; this one is of {country}")
    if len(iban) != characters[country]:
        raise IbanLengthError(f"an IBAN of {country} has {characters[country]} characters; this one has {len(iban)}")
    # ISO 7064 yields 02 … 98. The digits 00, 01 and 99 are congruent to 97, 98 and 02: other spellings of an account.
    number = int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4]))
    if number % 97 != 1 or not 2 <= int(iban[2:4]) <= 98:
        raise IbanCheckDigitsError("the check digits of this IBAN do not fit its number; look for a typing mistake")
    return iban


def canonical_txid(text: str, *, digits_only: bool, characters_min: int, characters_max: int) -> str:
    """Return a transaction id in upper case without separators, and without leading zeros when it is a number.

    Raises TransactionIdCharacterError, and TransactionIdLengthError when the result is not within the bounds.
    """
    txid = _without_separators(text).replace("+", "").upper()
    if (DIGITS if digits_only else ALPHANUMERIC).fullmatch(txid) is None:
        kind = "digits" if digits_only else "letters A–Z and digits"
        raise TransactionIdCharacterError(f"a transaction id of this rail holds only {kind}; this one holds others")
    if digits_only:
        txid = txid.lstrip("0")
    if not characters_min <= len(txid) <= characters_max:
        raise TransactionIdLengthError(
            f"a transaction id of this rail has {characters_min} to {characters_max} characters; {len(txid)} came"
        )
    return txid


def _without_separators(text: str) -> str:
    # Upper-casing may turn a foreign letter into ASCII ones (ß, ﬁ, ı), so nothing but ASCII gets that far.
    if len(text) > TYPED_CHARACTERS_MAX or not text.isascii():
        return NOT_READ
    return text.translate(SEPARATORS)
