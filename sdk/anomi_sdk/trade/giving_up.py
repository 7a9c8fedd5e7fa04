"""What a buyer does about an order that goes wrong: give it up, or take more time; and the end of its record."""

from __future__ import annotations

from typing import Final

from solders.pubkey import Pubkey

from anomi_sdk.generated import order_processor, order_store
from anomi_sdk.generated.market import SolvencyLine, Terms
from anomi_sdk.generated.order_processor_errors import CancelNotFreeError
from anomi_sdk.trade.orders import OrderStatus, OrderView, line_at
from anomi_sdk.trade.prepared import Audience, Disclosure, Prepared, Till

__all__ = ["prepare_cancel_order", "prepare_close", "prepare_extend_claim", "strike_of_cancel"]

_SPANS: Final = (("day", 86_400), ("hour", 3600), ("minute", 60))


def strike_of_cancel(view: OrderView, terms: Terms, line: SolvencyLine, now_unix_s: int) -> str | None:
    """Return what a cancel in this second costs the buyer's account, None when it is free.

    The same rule as order_processor's, for saying it beforehand: the program decides when the cancel lands.
    """
    order = view.order
    if view.status is OrderStatus.PENDING:
        free = now_unix_s > order.reveal_by_unix_s
    else:
        in_time = now_unix_s <= order.revealed_at_unix_s + terms.free_cancel_grace_s
        free = in_time and view.reported_nf is None and now_unix_s >= line.free_cancel_at_unix_s
    if free:
        return None
    strike = f"a strike on the account, number {line.strikes + 1}"
    if terms.strikes_max == 0:
        return strike
    pause = _span(terms.cooldown_s)
    if line.strikes + 1 >= terms.strikes_max:
        return f"{strike}, and its bids pause for {pause}"
    return f"{strike}; with number {terms.strikes_max} its bids pause for {pause}"


def prepare_cancel_order(till: Till, buyer: Pubkey, view: OrderView, *, accepts_strike: bool) -> Prepared:
    """Return cancel_order, which gives the tokens back to the ask; what it costs now stands in `follows`.

    Raises CancelNotFreeError for a cancel that costs a strike, unless `accepts_strike`. One that is free now is never
    sent with that consent: should it land too late to be free, it is refused rather than struck.
    """
    rpc = till.rpc
    terms = Terms.read(rpc.accounts([view.terms])[0])
    strike = strike_of_cancel(view, terms, line_at(rpc, view.order.line_id), rpc.unix_time_s())
    instruction = order_processor.cancel_order(
        buyer=buyer,
        order=view.address,
        terms=view.terms,
        ask=view.order.ask,
        line=view.line,
        book=view.book,
        processor_authority=order_processor.authority_address(),
        accepts_strike=accepts_strike and strike is not None,
    )
    discloses = (Disclosure(Audience.CHAIN, "that the buyer gave the order up", ""),)
    free = "no strike: should it land too late to be free, it is refused"
    follows = (free if strike is None else strike, "the seller has his tokens back")
    try:
        return till.prepare("cancel_order", instruction, discloses=discloses, follows=follows)
    except CancelNotFreeError as error:
        raise CancelNotFreeError(
            f"cancelling {view.address} costs {strike or 'a strike'}",
            failure=error.failure,
            logs=error.logs,
            hint=_hint(view, terms),
        ) from error


def prepare_extend_claim(till: Till, buyer: Pubkey, view: OrderView) -> Prepared:
    """Return extend_claim, for an order whose payment was reported."""
    instruction = order_processor.extend_claim(
        buyer=buyer,
        order=view.address,
        terms=view.terms,
        processor_authority=order_processor.authority_address(),
    )
    return till.prepare(
        "extend_claim",
        instruction,
        discloses=(Disclosure(Audience.CHAIN, "that the buyer needs more time to prove", ""),),
        follows=(f"{_span(order_processor.CLAIM_EXTENSION_S)} more to prove the payment, once",),
    )


def prepare_close(till: Till, view: OrderView) -> Prepared:
    """Return close_order, which gives the rent of a dead order's record back to the one who paid it."""
    instruction = order_store.close_order(order=view.address, rent_payer=view.order.rent_payer)
    return till.prepare("close_order", instruction, follows=(f"the record's rent goes to {view.order.rent_payer}",))


def _hint(view: OrderView, terms: Terms) -> str:
    """Return when a cancel would be free."""
    accept = "or accept the strike"
    if view.status is not OrderStatus.PENDING:
        return f"an order that is neither paid nor cancelled expires, with a strike too; {accept}"
    return (
        f"it is free for {_span(terms.free_cancel_grace_s)} after the reveal, once in"
        f" {_span(terms.free_cancel_interval_s)}, and after a reveal that did not come; {accept}"
    )


def _span(seconds: int) -> str:
    """Return a time as people say it: 7 days, 15 minutes, 90 seconds."""
    for name, length in _SPANS:
        if seconds >= length and seconds % length == 0:
            count = seconds // length
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{seconds} seconds"
