"""How orders are revealed, reported, given up, ended and closed."""

from __future__ import annotations

from collections.abc import Mapping

from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.generated.order_store import MatchedOrder
from tests.property.acts.common import CIPHERTEXT, NOT_AN_ELEMENT, TRANSFERS, processor, some_order, somebody
from tests.property.arena import Arena, new_call
from tests.property.choices import Choices
from tests.property.model.ledger import Call
from tests.property.model.orders import AWAITING, CANCELLED, EXPIRED, LIVE, PENDING

__all__ = ["cancel_order", "close_order", "expire_order", "extend_claim", "report_payment", "returning", "reveal_payee"]


def reveal_payee(arena: Arena, choices: Choices) -> Call | None:
    if (found := some_order(arena, choices, PENDING)) is None:
        return None
    address, order = found
    ask = arena.ledger.get(market.Ask, order.ask)
    assert ask is not None
    return new_call(
        "order_processor.reveal_payee",
        {
            "revealer": choices.mostly(order.seller, ask.reveal_delegate, somebody(arena, choices), once_in=4),
            "order": address,
            "ask": order.ask,
            "terms": market.terms_address(order.market, order.terms_version),
            **processor(),
        },
        {"reveal_ciphertext": choices.mostly(CIPHERTEXT, bytes(176), once_in=12)},
    )


def report_payment(arena: Arena, choices: Choices) -> Call | None:
    if (found := some_order(arena, choices, AWAITING)) is None:
        return None
    address, order = found
    nf = choices.mostly(choices.one(TRANSFERS), bytes(32), NOT_AN_ELEMENT, once_in=12)
    buyer = choices.mostly(order.buyer, somebody(arena, choices))
    return new_call("order_processor.report_payment", {"buyer": buyer, "order": address, **processor()}, {"nf": nf})


def expire_order(arena: Arena, choices: Choices) -> Call | None:
    if (found := some_order(arena, choices, choices.one(LIVE))) is None:
        return None
    address, order = found
    return new_call("order_processor.expire_order", {"order": address, **returning(order)}, {})


def cancel_order(arena: Arena, choices: Choices) -> Call | None:
    if (found := some_order(arena, choices, choices.mostly(AWAITING, PENDING, once_in=3))) is None:
        return None
    address, order = found
    buyer = choices.mostly(order.buyer, order.seller, somebody(arena, choices))
    accounts = {"buyer": buyer, "order": address, **returning(order)}
    return new_call("order_processor.cancel_order", accounts, {"accepts_strike": choices.once_in(2)})


def extend_claim(arena: Arena, choices: Choices) -> Call | None:
    if (found := some_order(arena, choices, AWAITING)) is None:
        return None
    address, order = found
    buyer = choices.mostly(order.buyer, order.seller, somebody(arena, choices))
    terms = market.terms_address(order.market, order.terms_version)
    accounts = {"buyer": buyer, "order": address, "terms": terms, **processor()}
    return new_call("order_processor.extend_claim", accounts, {})


def close_order(arena: Arena, choices: Choices) -> Call | None:
    if (found := some_order(arena, choices, choices.one([EXPIRED, CANCELLED]))) is None:
        return None
    address, order = found
    payer = choices.mostly(order.rent_payer, somebody(arena, choices))
    return new_call("order_store.close_order", {"order": address, "rent_payer": payer}, {})


def returning(order: MatchedOrder) -> Mapping[str, Pubkey]:
    """The accounts by which an order's tokens go back to its ask."""
    return {
        "terms": market.terms_address(order.market, order.terms_version),
        "ask": order.ask,
        "line": market.line_address(order.line_id),
        "book": market.book_address(order.market),
        **processor(),
    }
