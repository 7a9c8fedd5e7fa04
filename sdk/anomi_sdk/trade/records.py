"""What a buyer's journal records, and where a trade stands after its records.

Each record is written down before the step that it makes possible is taken. A record never changes; a later one of the
same kind replaces it, and makes void what was built on the earlier.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Final, Self

from solders.pubkey import Pubkey

from anomi_core.errors import UnreadableInputError

__all__ = [
    "BalanceAttested",
    "BidSigned",
    "BidVoided",
    "FinalizeSigned",
    "OrderMatched",
    "PayeeOpened",
    "PaymentMade",
    "PaymentProven",
    "Progress",
    "ReceiptAttested",
    "Record",
    "RecordUnreadableError",
    "ReportSigned",
    "Signatures",
    "SolvencyProven",
    "TradeEnded",
    "TradeOpened",
    "decode_record",
]

Signatures = tuple[tuple[int, int, int, int], ...]
"""Attestors' signatures: leaf index, R8's coordinates, S."""


class RecordUnreadableError(UnreadableInputError):
    """A journal's record is of a kind or shape that this version does not know."""


@dataclass(frozen=True)
class Record:
    """One record; subclasses have fields of int, str, bytes, Pubkey and nested tuples of int."""

    def encode(self) -> bytes:
        """Return the record as JSON."""
        return json.dumps({item.name: _plain(getattr(self, item.name)) for item in fields(self)}).encode()

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read what `encode` wrote. Raises RecordUnreadableError."""
        try:
            values = json.loads(content)
            return cls(**{name: _typed(value) for name, value in values.items()})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RecordUnreadableError(f"a journal's record is no {cls.__name__} as this version writes it") from error


@dataclass(frozen=True)
class TradeOpened(Record):
    """A bid that somebody wants to make, from a linked account."""

    base_mint: Pubkey
    rail: str
    buyer: Pubkey
    account: str = field(repr=False)
    base_atoms: int
    limit_price: int
    min_fill_atoms: int


@dataclass(frozen=True)
class BalanceAttested(Record):
    """Attestors have signed that the account holds `covered_minor_units`."""

    terms_version: int
    covered_minor_units: int
    issued_at_unix_s: int
    nonce: int = field(repr=False)
    signatures: Signatures = field(repr=False)


@dataclass(frozen=True)
class SolvencyProven(Record):
    """A proof of solvency for the bid `seq` of the line."""

    proof: bytes = field(repr=False)
    seq: int
    issued_min_unix_s: int
    bitmap: int


@dataclass(frozen=True)
class BidSigned(Record):
    """A signed bid that may have been sent. Its order, if it lands, stands at `order`."""

    order: Pubkey
    seq: int
    transaction: bytes = field(repr=False)


@dataclass(frozen=True)
class BidVoided(Record):
    """The last signed bid did not land and never will."""

    reason: str


@dataclass(frozen=True)
class OrderMatched(Record):
    """The bid has landed."""

    order: Pubkey
    seq: int


@dataclass(frozen=True)
class PayeeOpened(Record):
    """The seller's reveal, opened and checked."""

    account: str = field(repr=False)
    secret: int = field(repr=False)
    salt: int = field(repr=False)


@dataclass(frozen=True)
class PaymentMade(Record):
    """The buyer's word that he has paid, in canonical text; it can be given again when it was mistyped."""

    txid: str = field(repr=False)
    amount_minor_units: int = field(repr=False)
    paid_at_unix_s: int = field(repr=False)


@dataclass(frozen=True)
class ReportSigned(Record):
    """A signed report_payment that may have been sent."""

    transaction: bytes = field(repr=False)


@dataclass(frozen=True)
class ReceiptAttested(Record):
    """Attestors have signed the transfer."""

    nonce: int = field(repr=False)
    signatures: Signatures = field(repr=False)


@dataclass(frozen=True)
class PaymentProven(Record):
    """A proof of the payment."""

    proof: bytes = field(repr=False)
    nf: bytes
    paid_floor_minor_units: int
    bitmap: int


@dataclass(frozen=True)
class FinalizeSigned(Record):
    """A signed finalize_trade that may have been sent."""

    transaction: bytes = field(repr=False)


@dataclass(frozen=True)
class TradeEnded(Record):
    """Nothing is left to do: "settled" with what was released, "expired", "cancelled" or "abandoned"."""

    outcome: str
    released_atoms: int


KINDS: Final[tuple[type[Record], ...]] = (
    TradeOpened,
    BalanceAttested,
    SolvencyProven,
    BidSigned,
    BidVoided,
    OrderMatched,
    PayeeOpened,
    PaymentMade,
    ReportSigned,
    ReceiptAttested,
    PaymentProven,
    FinalizeSigned,
    TradeEnded,
)
_BY_NAME: Final = {kind.__name__: kind for kind in KINDS}


def decode_record(kind: str, content: bytes) -> Record:
    """Return the record of this kind. Raises RecordUnreadableError."""
    if kind not in _BY_NAME:
        raise RecordUnreadableError(
            f"the journal holds a record of the kind {kind!r}, which this version does not know",
            hint="was it written by a newer version?",
        )
    return _BY_NAME[kind].decode(content)


@dataclass
class Progress:
    """Where a trade stands: of each kind of record, the one that counts."""

    opened: TradeOpened
    balance: BalanceAttested | None = None
    solvency: SolvencyProven | None = None
    bid: BidSigned | None = None
    bids: tuple[BidSigned, ...] = ()
    """All bids that were ever signed, void or not."""
    matched: OrderMatched | None = None
    payee: PayeeOpened | None = None
    payment: PaymentMade | None = None
    report: ReportSigned | None = None
    receipt: ReceiptAttested | None = None
    proven: PaymentProven | None = None
    finalize: FinalizeSigned | None = None
    ended: TradeEnded | None = None
    records: int = 1
    """How many records there are."""

    @classmethod
    def of(cls, records: Iterable[Record]) -> Progress:
        """Return where a trade stands after all its records. Raises RecordUnreadableError."""
        found = iter(records)
        opened = next(found, None)
        if not isinstance(opened, TradeOpened):
            raise RecordUnreadableError("a trade's first record says what was wanted; this trade has none")
        progress = cls(opened)
        for record in found:
            progress.apply(record)
        return progress

    def apply(self, record: Record) -> None:
        """Take one more record in."""
        slot, voids = _SLOTS.get(type(record), (None, ()))
        if slot is None:
            raise RecordUnreadableError("a trade is opened once, and its journal says so twice")
        setattr(self, slot, record)
        for void in voids:
            setattr(self, void, None)
        if isinstance(record, BidSigned):
            self.bids = (*self.bids, record)
        self.records += 1


_SLOTS: Final[dict[type[Record], tuple[str, tuple[str, ...]]]] = {
    BalanceAttested: ("balance", ("solvency", "bid")),
    SolvencyProven: ("solvency", ("bid",)),
    BidSigned: ("bid", ()),
    BidVoided: ("bid", ("bid",)),
    OrderMatched: ("matched", ()),
    PayeeOpened: ("payee", ()),
    PaymentMade: ("payment", ("report", "receipt", "proven", "finalize")),
    ReportSigned: ("report", ()),
    ReceiptAttested: ("receipt", ("proven", "finalize")),
    PaymentProven: ("proven", ("finalize",)),
    FinalizeSigned: ("finalize", ()),
    TradeEnded: ("ended", ()),
}
"""Where each kind of record counts, and what it makes void."""


def _plain(value: object) -> Any:
    """Return a value as JSON has it. Bytes and addresses get a name beside them, so that they come back as such."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, Pubkey):
        return {"address": str(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _typed(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_typed(item) for item in value)
    if isinstance(value, dict):
        if set(value) == {"hex"}:
            return bytes.fromhex(value["hex"])
        return Pubkey.from_string(value["address"])
    return value
