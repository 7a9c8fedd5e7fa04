"""How orders are settled, by a proof or by the seller's word."""

from __future__ import annotations

from collections.abc import Mapping

from solders.pubkey import Pubkey

from anomi_core.statements import PaymentStatement
from anomi_sdk.generated import market, order_processor
from anomi_sdk.generated.order_store import MatchedOrder
from anomi_sdk.trade.tokens import associated_token_address
from tests.property.acts.common import (
    HUGE,
    NOT_AN_ELEMENT,
    TRANSFERS,
    mint_of,
    processor,
    some_order,
    some_proof,
    somebody,
    terms_at,
)
from tests.property.arena import Arena, new_call
from tests.property.choices import Choices
from tests.property.model.ledger import Call
from tests.property.model.orders import AWAITING

__all__ = ["finalize_trade", "release_by_seller", "settlement"]


def settlement(arena: Arena, order: MatchedOrder, nf: bytes) -> Mapping[str, Pubkey]:
    """The accounts that both ways to settle take."""
    return {
        "market": order.market,
        "terms": market.terms_address(order.market, order.terms_version),
        "ask": order.ask,
        "vault": market.vault_address(order.ask),
        "line": market.line_address(order.line_id),
        "buyer_token": associated_token_address(order.buyer, mint_of(arena, order.market)),
        "nullifier": order_processor.nullifier_address(nf),
        "word": order_processor.word_address(order.line_id, nf),
        **processor(),
    }


def _spent(arena: Arena, order: MatchedOrder) -> list[bytes]:
    """Transfers that have settled orders of the same line already; then those of any other line's."""
    settled = [other for other in arena.ledger.all(MatchedOrder).values() if any(other.nf)]
    return [other.nf for other in sorted(settled, key=lambda other: other.line_id != order.line_id)]


def finalize_trade(arena: Arena, choices: Choices) -> Call | None:
    if (found := some_order(arena, choices, AWAITING)) is None:
        return None
    address, order = found
    terms = terms_at(arena, market.terms_address(order.market, order.terms_version))
    place = arena.ledger.get(market.Market, order.market)
    assert place is not None
    odd_nf = (order.reported_nf, *_spent(arena, order), bytes(32), NOT_AN_ELEMENT)
    nf = choices.mostly(choices.one(TRANSFERS), *odd_nf, once_in=6)
    due, least = order.due_minor_units, order.paid_min_minor_units
    odd = (max(due - 1, 0), min(due + 5, HUGE), least, max(least - 1, 0), (least + due) // 2, HUGE)
    paid = choices.mostly(due, *odd, once_in=2)
    bitmap = choices.mostly(2**terms.attestor_k - 1, 0, 31, 2**terms.attestor_n, once_in=16)
    statement = None
    if nf != NOT_AN_ELEMENT and bitmap < 32:
        statement = PaymentStatement(
            domain=int.from_bytes(place.domain_payment, "big"),
            order_id=order.order_id,
            paid_floor_minor_units=paid,
            not_before_unix_s=order.revealed_at_unix_s,
            not_after_unix_s=order.pay_by_unix_s + 120,
            bitmap=bitmap,
            payee_commit=int.from_bytes(order.payee_commit, "big"),
            root=int.from_bytes(terms.attestor_root, "big"),
            line_id=int.from_bytes(order.line_id, "big"),
            nf=int.from_bytes(nf, "big"),
        )
    key = next(name for name, value in arena.cast.keys.items() if value == terms.payment_key)
    return new_call(
        "order_processor.finalize_trade",
        {
            "payer": somebody(arena, choices),
            "order": address,
            "payment_key": terms.payment_key,
            **settlement(arena, order, nf),
        },
        {
            "proof": some_proof(arena, choices, key, statement),
            "nf": nf,
            "paid_floor_minor_units": paid,
            "bitmap": bitmap,
        },
    )


def release_by_seller(arena: Arena, choices: Choices) -> Call | None:
    if (found := some_order(arena, choices, AWAITING)) is None:
        return None
    address, order = found
    nf = choices.mostly(order.reported_nf, choices.one(TRANSFERS))
    return new_call(
        "order_processor.release_by_seller",
        {
            "seller": choices.mostly(order.seller, order.buyer, somebody(arena, choices)),
            "order": address,
            **settlement(arena, order, nf),
        },
        {"nf": nf},
    )
