"""What the ways to try an instruction share: numbers to choose from, and the things and people of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from solders.pubkey import Pubkey

from anomi_core.field import FR_MODULUS
from anomi_core.statements import PaymentStatement, SolvencyStatement
from anomi_sdk.generated import market, order_processor
from anomi_sdk.generated.order_store import MatchedOrder
from tests.programs.market.world import Place
from tests.property.arena import Arena
from tests.property.choices import Choices
from tests.property.model.bids import NO_PROOF
from tests.property.model.ledger import Book, Call
from tests.property.proofs import prove

__all__ = [
    "CIPHERTEXT",
    "DAY_S",
    "HUGE",
    "LINE_IDS",
    "NOT_AN_ELEMENT",
    "PRICES",
    "TRANSFERS",
    "Act",
    "book_at",
    "governor",
    "market_at",
    "mint_of",
    "processor",
    "some_order",
    "some_place",
    "some_proof",
    "somebody",
    "terms_at",
]

Act = Callable[[Arena, Choices], Call | None]
"""Makes a call, or none when the run has nothing yet to try it on."""
NOT_AN_ELEMENT = FR_MODULUS.to_bytes(32, "big")
LINE_IDS = tuple((7001 + index).to_bytes(32, "big") for index in range(2))
TRANSFERS = tuple((9001 + index).to_bytes(32, "big") for index in range(4))
CIPHERTEXT = bytes(range(1, 177))
HUGE = 2**64 - 1
DAY_S = 86_400
PRICES = (28_500, 28_499, 30_000, 1, 7)


def some_place(arena: Arena, choices: Choices) -> Place:
    return choices.mostly(*arena.cast.places, once_in=3)


def somebody(arena: Arena, choices: Choices) -> Pubkey:
    return choices.one(actor.pubkey() for actor in arena.cast.actors)


def market_at(arena: Arena, place: Place) -> market.Market:
    value = arena.ledger.get(market.Market, place.market)
    assert value is not None
    return value


def terms_at(arena: Arena, address: Pubkey) -> market.Terms:
    value = arena.ledger.get(market.Terms, address)
    assert value is not None
    return value


def book_at(arena: Arena, place: Place) -> Book:
    book = arena.ledger.get(Book, place.book)
    assert book is not None
    return book


def mint_of(arena: Arena, address: Pubkey) -> Pubkey:
    place = arena.ledger.get(market.Market, address)
    assert place is not None
    return place.base_mint


def governor(arena: Arena) -> Pubkey:
    config = arena.ledger.get(market.Config, market.config_address())
    assert config is not None
    return config.authority


def some_order(arena: Arena, choices: Choices, status: int | None = None) -> tuple[Pubkey, MatchedOrder] | None:
    """An order, mostly one in this status; mostly none when no order is."""
    orders = arena.ledger.all(MatchedOrder)
    if choices.focus in orders:
        return choices.focus, orders[choices.focus]
    if status is not None and not choices.once_in(10):
        orders = {address: order for address, order in orders.items() if order.status == status}
    return choices.one(reversed(orders.items())) if orders else None


def processor() -> Mapping[str, Pubkey]:
    return {"processor_authority": order_processor.authority_address()}


def some_proof(
    arena: Arena, choices: Choices, key: str, statement: SolvencyStatement | PaymentStatement | None
) -> bytes:
    """A proof of the statement; sometimes of one that differs in one value, of another key's, an old one, or none."""
    if statement is None:
        return NO_PROOF
    how = choices.mostly("right", "one value", "another key", "an old proof", "none", once_in=8)
    if how == "one value":
        name = choices.one(statement.__dataclass_fields__)
        value = getattr(statement, name)
        other = bytes([value[0] ^ 1]) + value[1:] if isinstance(value, bytes) else max(value - 1, 0) or value + 1
        statement = type(statement)(**{**vars(statement), name: other})
    if how == "another key":
        key = "payment" if key == "solvency" else "solvency"
    if how == "an old proof" and arena.ledger.proofs:
        return choices.one(reversed(arena.ledger.proofs))
    if how == "none":
        return NO_PROOF
    return prove(arena.ledger, arena.cast.keys, key, statement, choices.number(0, 1))
