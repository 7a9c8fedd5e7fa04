"""A reference model of the market: what every instruction of the trade's programs does, in plain Python.

Written from the protocol's text and from spec/programs.toml, not from the programs: where the two differ, one is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

from solders.pubkey import Pubkey

from tests.property.model import asks, bids, governance, listing, orders
from tests.property.model.checks import front_door
from tests.property.model.ledger import Call, Ledger, Rule

__all__ = ["RULES", "execute"]


def _never(_ledger: Ledger, _accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    """An instruction that only another program's authority can call: no transaction gets past the front door."""
    raise AssertionError("a call that only a program can make came through")


RULES: Mapping[str, Rule] = {
    "market.initialize_config": governance.initialize_config,
    "market.initialize_market": governance.initialize_market,
    "market.grow_book": governance.grow_book,
    "market.publish_terms": governance.publish_terms,
    "market.revoke_terms": governance.revoke_terms,
    "market.restore_terms": governance.restore_terms,
    "market.set_paused": governance.set_paused,
    "market.transfer_authority": governance.transfer_authority,
    "market.accept_authority": governance.accept_authority,
    "market.place_ask_order": asks.place_ask_order,
    "market.cancel_ask_order": asks.cancel_ask_order,
    "market.accept_terms": listing.accept_terms,
    "market.relist_ask": listing.relist_ask,
    "market.prune_ask": listing.prune_ask,
    "market.withdraw_ask": asks.withdraw_ask,
    "market.collect_fees": asks.collect_fees,
    "market.place_bid_order": bids.place_bid_order,
    "market.release_escrowed_funds": _never,
    "market.return_escrowed_funds": _never,
    "order_store.store_matched_order": _never,
    "order_store.record_reveal": _never,
    "order_store.record_payment_report": _never,
    "order_store.record_claim_extension": _never,
    "order_store.update_status": _never,
    "order_store.close_order": orders.close_order,
    "order_processor.reveal_payee": orders.reveal_payee,
    "order_processor.report_payment": orders.report_payment,
    "order_processor.finalize_trade": orders.finalize_trade,
    "order_processor.release_by_seller": orders.release_by_seller,
    "order_processor.extend_claim": orders.extend_claim,
    "order_processor.cancel_order": orders.cancel_order,
    "order_processor.expire_order": orders.expire_order,
}
"""By program and instruction: one for each instruction of the trade's programs."""


def execute(ledger: Ledger, call: Call, payer: Pubkey) -> Ledger:
    """The state after a call in a transaction that `payer` pays for. Raises Refused."""
    front_door(call, payer)
    after = ledger.copy()
    names = [spec.name for spec in call.instruction.accounts]
    addresses = [account.address for account in call.accounts]
    accounts = SimpleNamespace(**dict(zip(names, addresses, strict=True)))
    RULES[call.name](after, accounts, SimpleNamespace(**call.arguments))
    return after
