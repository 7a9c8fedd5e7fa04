"""How each instruction is tried: mostly as an honest client would, sometimes with one thing wrong."""

from __future__ import annotations

from collections.abc import Mapping

from tests.property.acts.asks import cancel_ask_order, collect_fees, place_ask_order, withdraw_ask
from tests.property.acts.bids import place_bid_order
from tests.property.acts.common import CIPHERTEXT, LINE_IDS, TRANSFERS, Act
from tests.property.acts.forged import of_a_program, stored
from tests.property.acts.governance import (
    accept_authority,
    governed,
    grow_book,
    initialize_config,
    initialize_market,
    publish_terms,
    transfer_authority,
)
from tests.property.acts.listing import anew, is_behind, is_off, is_stale, listing, named_version, nothing
from tests.property.acts.orders import (
    cancel_order,
    close_order,
    expire_order,
    extend_claim,
    report_payment,
    reveal_payee,
)
from tests.property.acts.settling import finalize_trade, release_by_seller

__all__ = ["ACTS", "LINE_IDS", "TRANSFERS", "Act"]

ACTS: Mapping[str, Act] = {
    "market.initialize_config": initialize_config,
    "market.initialize_market": initialize_market,
    "market.grow_book": grow_book,
    "market.publish_terms": publish_terms,
    "market.revoke_terms": governed("market.revoke_terms", {}),
    "market.restore_terms": governed("market.restore_terms", {}, restores=True),
    "market.set_paused": governed("market.set_paused", {"paused": (False, False, True)}),
    "market.transfer_authority": transfer_authority,
    "market.accept_authority": accept_authority,
    "market.place_ask_order": place_ask_order,
    "market.cancel_ask_order": cancel_ask_order,
    "market.accept_terms": listing("market.accept_terms", is_behind, named_version),
    "market.relist_ask": listing("market.relist_ask", is_off, anew),
    "market.prune_ask": listing("market.prune_ask", is_stale, nothing),
    "market.withdraw_ask": withdraw_ask,
    "market.collect_fees": collect_fees,
    "market.place_bid_order": place_bid_order,
    "market.release_escrowed_funds": of_a_program(
        "market.release_escrowed_funds", lambda order: {"paid_floor_minor_units": order.due_minor_units}
    ),
    "market.return_escrowed_funds": of_a_program(
        "market.return_escrowed_funds", lambda order: {"reason": order.status & 1}
    ),
    "order_store.store_matched_order": of_a_program("order_store.store_matched_order", stored),
    "order_store.record_reveal": of_a_program(
        "order_store.record_reveal",
        lambda order: {
            "revealed_at_unix_s": order.matched_at_unix_s,
            "pay_by_unix_s": order.reveal_by_unix_s,
            "prove_by_unix_s": order.reveal_by_unix_s,
            "reveal_ciphertext": CIPHERTEXT,
        },
    ),
    "order_store.record_payment_report": of_a_program(
        "order_store.record_payment_report", lambda _order: {"nf": TRANSFERS[0]}
    ),
    "order_store.record_claim_extension": of_a_program(
        "order_store.record_claim_extension", lambda order: {"prove_by_unix_s": order.reveal_by_unix_s}
    ),
    "order_store.close_order": close_order,
    "order_store.update_status": of_a_program(
        "order_store.update_status",
        lambda order: {
            "status": order.status + 1,
            "now_unix_s": order.reveal_by_unix_s,
            "nf": TRANSFERS[0],
            "paid_floor_minor_units": order.due_minor_units,
            "released_atoms": order.base_atoms,
        },
    ),
    "order_processor.reveal_payee": reveal_payee,
    "order_processor.report_payment": report_payment,
    "order_processor.finalize_trade": finalize_trade,
    "order_processor.release_by_seller": release_by_seller,
    "order_processor.extend_claim": extend_claim,
    "order_processor.cancel_order": cancel_order,
    "order_processor.expire_order": expire_order,
}
"""By program and instruction: one for each instruction of the trade's programs."""
