"""What a buyer does about an order that goes wrong: give it up, or take more time; and the end of its record."""

from __future__ import annotations

from solders.pubkey import Pubkey

from anomi_sdk.generated import order_processor, order_store
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.orders import OrderView
from anomi_sdk.trade.prepared import Audience, Disclosure, Prepared, prepare

__all__ = ["prepare_cancel_order", "prepare_close", "prepare_extend_claim"]


def prepare_cancel_order(
    rpc: Rpc, buyer: Pubkey, payer: Pubkey, view: OrderView, *, accepts_strike: bool, micro_lamports_per_unit: int = 0
) -> Prepared:
    """Return cancel_order, which gives the tokens back to the ask.

    Raises CancelNotFreeError for a cancel that costs a strike, unless `accepts_strike`.
    """
    instruction = order_processor.cancel_order(
        buyer=buyer,
        order=view.address,
        terms=view.terms,
        ask=view.order.ask,
        line=view.line,
        book=view.book,
        processor_authority=order_processor.authority_address(),
        accepts_strike=accepts_strike,
    )
    return prepare(
        rpc,
        "cancel_order",
        [instruction],
        payer=payer,
        discloses=(Disclosure(Audience.CHAIN, "that the buyer gave the order up", ""),),
        micro_lamports_per_unit=micro_lamports_per_unit,
    )


def prepare_extend_claim(
    rpc: Rpc, buyer: Pubkey, payer: Pubkey, view: OrderView, *, micro_lamports_per_unit: int = 0
) -> Prepared:
    """Return extend_claim, for an order whose payment was reported."""
    instruction = order_processor.extend_claim(
        buyer=buyer,
        order=view.address,
        terms=view.terms,
        processor_authority=order_processor.authority_address(),
    )
    return prepare(
        rpc,
        "extend_claim",
        [instruction],
        payer=payer,
        discloses=(Disclosure(Audience.CHAIN, "that the buyer needs more time to prove", ""),),
        micro_lamports_per_unit=micro_lamports_per_unit,
    )


def prepare_close(rpc: Rpc, payer: Pubkey, view: OrderView, *, micro_lamports_per_unit: int = 0) -> Prepared:
    """Return close_order, which gives the rent of a dead order's record back to the one who paid it."""
    instruction = order_store.close_order(order=view.address, rent_payer=view.order.rent_payer)
    return prepare(
        rpc, "close_order", [instruction], payer=payer, discloses=(), micro_lamports_per_unit=micro_lamports_per_unit
    )
