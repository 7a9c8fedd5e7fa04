"""Payment rails: provider and currency, and how each writes accounts and transaction ids. The data: spec/rails.toml."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from anomi_core import accounts, spec
from anomi_core.errors import RefusedError, UsageError
from anomi_core.poseidon import poseidon
from anomi_core.text import pack_text

__all__ = ["RAILS", "Rail", "RailNotFinalError", "UnknownRailError", "pack_text", "rail_by_name"]


class UnknownRailError(UsageError):
    """No rail has this name."""


class RailNotFinalError(RefusedError):
    """A rail's completed transfers can be taken back, so an escrow must not be released on one."""


@dataclass(frozen=True)
class Rail(spec.RailRow):
    """One way to pay fiat money, in one currency.

    `exponent` decimal digits separate a minor unit from the currency's unit; `final_reason` says why a completed
    transfer is final. Raises RailNotFinalError when it is not.
    """

    def __post_init__(self) -> None:
        if not self.final or not self.final_reason:
            raise RailNotFinalError(f"the rail {self.name} is refused: its completed transfers are not final")

    def id(self) -> int:
        """Return the field element that names the rail in every message and statement."""
        return poseidon([spec.TAG_RAIL, self.provider_id, self.iso4217_numeric, self.exponent])

    def canonical_account(self, text: str) -> str:
        """Return the one spelling of an account number; applying it twice changes nothing.

        Raises MobileNumberError, IbanFormatError, IbanCountryError, IbanLengthError or IbanCheckDigitsError.
        """
        return ACCOUNT_RULES[self.account_rule](self, text)

    def canonical_txid(self, text: str) -> str:
        """Return the one spelling of a transaction id; applying it twice changes nothing.

        Raises TransactionIdCharacterError or TransactionIdLengthError.
        """
        return accounts.canonical_txid(
            text,
            digits_only=self.txid_rule == "digits",
            characters_min=self.txid_characters_min,
            characters_max=self.txid_characters_max,
        )


ACCOUNT_RULES: Final[dict[str, Callable[[Rail, str], str]]] = {
    "pk_mobile": lambda _, text: accounts.canonical_pk_mobile(text),
    "iban": lambda rail, text: accounts.canonical_iban(text, dict(rail.iban_characters)),
}

RAILS: Final = tuple(Rail(**asdict(row)) for row in spec.RAILS)
"""Every admitted rail."""


def rail_by_name(name: str) -> Rail:
    """Return the rail of this name; raises UnknownRailError, which lists them."""
    for rail in RAILS:
        if rail.name == name:
            return rail
    raise UnknownRailError(f"there is no rail of this name; known are {', '.join(rail.name for rail in RAILS)}")
