"""cancel_order: the buyer gives an order up, without a strike where that is fair, and never with one unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solders.pubkey import Pubkey

from anomi_sdk.events import events_of
from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.generated import order_processor_errors as errors
from anomi_sdk.generated.market_errors import NoAskMatchesError
from tests.programs.market import steps
from tests.programs.market.bid.world import CANCELLED as CANCELLED_FOR_A_STRIKE
from tests.programs.market.bid.world import CANCELLED_FREE, MISSED_REVEAL, BidArgs, line_id
from tests.programs.market.world import BASE_ATOMS, AskArgs, TermsArgs, conserved
from tests.programs.order_processor.world import (
    ASK,
    AWAITING,
    BID,
    CANCELLED,
    PENDING,
    PROVE_BY,
    REVEAL_BY,
    TRANSFER,
    TradeWorld,
    nf,
)
from tests.programs.world import UNIX_TIME_S

GRACE_S, INTERVAL_S = TermsArgs().free_cancel_grace_s, TermsArgs().free_cancel_interval_s
PART = BidArgs(base_atoms=BASE_ATOMS // 8)


def revealed_of(world: TradeWorld, ask: Pubkey, bid: BidArgs = PART) -> Pubkey:
    """A revealed order of a part of this ask."""
    order = world.place_bid(ask, bid)
    world.accepted(world.reveal_instruction(order), signers=[world.seller_of(order)])
    return order


def line_of(world: TradeWorld, order: Pubkey) -> market.SolvencyLine:
    return world.read(market.SolvencyLine, market.line_address(world.order(order).line_id))


def cancelled(world: TradeWorld, order: Pubkey, *, accepts_strike: bool = False) -> bool:
    """Cancel; return whether the line got a strike. What the programs say and what they do is held to be the same."""
    before, line, now = world.order(order), line_of(world, order), world.svm.unix_time_s()
    call = world.cancel_order_instruction(order, accepts_strike=accepts_strike)
    outcome = world.accepted(call, signers=[world.buyer])
    assert world.order(order) == replace(before, status=CANCELLED, resolved_at_unix_s=now)
    returned, updated, ended = events_of(outcome)
    assert isinstance(returned, market.FundsReturned)
    assert isinstance(ended, order_processor.OrderCancelled)
    assert (returned.order, returned.ask, returned.returned_atoms) == (order, before.ask, before.base_atoms)
    assert updated == order_store.StatusUpdated(order=order, from_status=before.status, to_status=CANCELLED)
    after = line_of(world, order)
    strikes = line.strikes + ended.strike
    reserved = line.reserved_minor_units - before.due_minor_units
    free_at = now + INTERVAL_S if returned.reason == CANCELLED_FREE else line.free_cancel_at_unix_s
    assert after == replace(line, reserved_minor_units=reserved, strikes=strikes, free_cancel_at_unix_s=free_at)
    assert ended.strike == (returned.reason == CANCELLED_FOR_A_STRIKE)
    ask = world.read(market.Ask, before.ask)
    assert (ask.listed, world.balance(ask.vault)) == (
        returned.reason != MISSED_REVEAL and _is_in_book(world, ask),
        BASE_ATOMS,
    )
    return ended.strike


def _is_in_book(world: TradeWorld, ask: market.Ask) -> bool:
    return (ask.price, ask.sequence) in {(leaf.price, leaf.sequence) for leaf in world.leaves()}


def refused_as_a_strike(world: TradeWorld, order: Pubkey) -> None:
    world.refused(world.cancel_order_instruction(order), signers=[world.buyer], code=errors.CancelNotFreeError)


@pytest.mark.parametrize("after_s", [0, 1, GRACE_S])
@pytest.mark.parametrize("accepts_strike", [False, True])
def test_within_the_grace_of_the_reveal_it_is_free(world: TradeWorld, after_s: int, accepts_strike: bool) -> None:
    order = world.revealed(bid=PART)
    world.svm.set_unix_time(UNIX_TIME_S + after_s)
    assert not cancelled(world, order, accepts_strike=accepts_strike)


@pytest.mark.parametrize("after_s", [GRACE_S + 1, PROVE_BY - UNIX_TIME_S, PROVE_BY - UNIX_TIME_S + 1])
def test_after_the_grace_it_is_a_strike(world: TradeWorld, after_s: int) -> None:
    order = world.revealed(bid=PART)
    world.svm.set_unix_time(UNIX_TIME_S + after_s)
    refused_as_a_strike(world, order)
    assert cancelled(world, order, accepts_strike=True)


def test_the_grace_begins_with_the_reveal(world: TradeWorld) -> None:
    order = world.matched(bid=PART)
    world.svm.set_unix_time(REVEAL_BY)
    world.accepted(world.reveal_instruction(order), signers=[world.seller_of(order)])
    world.svm.set_unix_time(REVEAL_BY + GRACE_S)
    assert not cancelled(world, order)


def test_a_garbage_reveal_costs_the_buyer_nothing_and_wins_the_seller_nothing(world: TradeWorld) -> None:
    """The chain cannot tell a reveal that opens nothing from a true one: the buyer can, and answers."""
    ask, bid = world.ask(), PART
    order = world.place_bid(ask, bid)
    seller = world.seller_of(order)
    world.accepted(world.reveal_instruction(order, ciphertext=b"\7" * 176), signers=[seller])
    vault = world.balance(market.vault_address(ask))
    assert not cancelled(world, order)
    # Nothing can be made of the order any more: by the seller's word, by a report of the buyer's, or by a proof.
    world.edit_order(order, reported_nf=TRANSFER)
    release = world.seller_release_instruction(order)
    world.refused(release, signers=[seller], code=errors.OrderStatusMismatchError)
    world.refused(world.finalize_instruction(order), code=errors.OrderStatusMismatchError)
    world.svm.set_unix_time(PROVE_BY + 1)
    world.refused(world.expire_instruction(order), code=errors.OrderStatusMismatchError)
    stored, line = world.read(market.Ask, ask), line_of(world, order)
    assert (line.strikes, line.reserved_minor_units, line.fresh_after_unix_s) == (0, 0, 0)
    assert (stored.released_atoms, stored.fees_atoms, stored.locked_atoms, stored.live_orders) == (0, 0, 0, 0)
    assert (world.balance(market.vault_address(ask)), conserved(stored, BASE_ATOMS - bid.base_atoms)) == (vault, True)


def test_what_a_cancelled_order_held_is_not_matched_again_until_the_seller_lists_it(world: TradeWorld) -> None:
    order = world.revealed()
    assert not cancelled(world, order)
    assert world.leaves() == []
    ask, seller = world.order(order).ask, world.seller_of(order)
    world.bid_refused(world.bid_instruction(ask), NoAskMatchesError)
    world.accepted(steps.relist(world, seller.pubkey(), ask), signers=[seller])
    world.place_bid(ask)


def test_a_line_has_one_free_cancel_in_a_while(world: TradeWorld) -> None:
    """Whichever orders they are, and whatever else the line does."""
    ask = world.ask()
    first, second = revealed_of(world, ask), revealed_of(world, ask)
    assert not cancelled(world, first)
    refused_as_a_strike(world, second)
    assert cancelled(world, second, accepts_strike=True)
    for now, is_free in (
        (UNIX_TIME_S + INTERVAL_S - 1, False),
        (UNIX_TIME_S + INTERVAL_S, True),
        (UNIX_TIME_S + 2 * INTERVAL_S - 1, False),
        (UNIX_TIME_S + 2 * INTERVAL_S, True),
    ):
        world.svm.set_unix_time(now)
        order = revealed_of(world, ask, replace(PART, issued_min_unix_s=now - 60))
        if is_free:
            assert not cancelled(world, order)
        else:
            refused_as_a_strike(world, order)


def test_another_line_has_a_free_cancel_of_its_own(world: TradeWorld) -> None:
    ask = world.ask()
    first = revealed_of(world, ask)
    second = revealed_of(world, ask, replace(PART, line_id=line_id("another")))
    assert not cancelled(world, first)
    assert not cancelled(world, second)


@pytest.mark.parametrize("now", [UNIX_TIME_S, REVEAL_BY])
def test_before_the_reveal_it_is_a_strike(world: TradeWorld, now: int) -> None:
    order = world.matched(bid=PART)
    world.svm.set_unix_time(now)
    refused_as_a_strike(world, order)
    assert cancelled(world, order, accepts_strike=True)


@pytest.mark.parametrize("after_s", [1, GRACE_S, GRACE_S + 1, 10**6])
@pytest.mark.parametrize("accepts_strike", [False, True])
def test_after_a_missed_reveal_it_costs_nothing(world: TradeWorld, after_s: int, accepts_strike: bool) -> None:
    """As when the order expires: the ask leaves the book, and the line keeps its free cancel."""
    order = world.matched(bid=PART)
    world.svm.set_unix_time(REVEAL_BY + after_s)
    assert not cancelled(world, order, accepts_strike=accepts_strike)
    assert world.leaves() == []
    assert line_of(world, order).free_cancel_at_unix_s == 0


def test_after_a_missed_reveal_it_costs_nothing_without_a_free_cancel_either(world: TradeWorld) -> None:
    ask = world.ask()
    first, second = revealed_of(world, ask), world.place_bid(ask, PART)
    assert not cancelled(world, first)
    world.svm.set_unix_time(REVEAL_BY + 1)
    assert not cancelled(world, second)


def test_after_a_report_it_is_a_strike(world: TradeWorld) -> None:
    """A buyer who has said that he paid has made the seller wait for a proof."""
    order = world.reported()
    refused_as_a_strike(world, order)
    assert cancelled(world, order, accepts_strike=True)


def test_strikes_of_cancels_lead_to_a_cool_down(world: TradeWorld) -> None:
    ask = world.ask()
    for _ in range(TermsArgs().strikes_max):
        order = world.place_bid(ask, PART)
        call = world.cancel_order_instruction(order, accepts_strike=True)
        world.accepted(call, signers=[world.buyer])
    line = line_of(world, order)
    assert (line.strikes, line.cooldown_until_unix_s) == (0, UNIX_TIME_S + TermsArgs().cooldown_s)


def test_only_the_buyer_cancels(world: TradeWorld) -> None:
    order = world.revealed(bid=PART)
    for other in (world.user(), world.seller_of(order), world.payer, world.governor):
        call = world.cancel_order_instruction(order, accepts_strike=True, buyer=other.pubkey())
        world.refused(call, signers=[other], code=errors.BuyerMismatchError)


def test_a_cancelled_order_stays_cancelled(world: TradeWorld) -> None:
    order = world.revealed(bid=PART)
    assert not cancelled(world, order)
    call = world.cancel_order_instruction(order, accepts_strike=True)
    world.refused(call, signers=[world.buyer], code=errors.OrderStatusMismatchError)
    report = world.report_instruction(order, nf("a transfer"))
    world.refused(report, signers=[world.buyer], code=errors.OrderStatusMismatchError)


def test_other_orders_of_line_and_ask_go_on(world: TradeWorld) -> None:
    ask = world.ask()
    first, second = revealed_of(world, ask), revealed_of(world, ask)
    assert not cancelled(world, first)
    stored = world.read(market.Ask, ask)
    assert (stored.locked_atoms, stored.live_orders, stored.returned_atoms) == (PART.base_atoms, 1, PART.base_atoms)
    assert line_of(world, second).reserved_minor_units == world.order(second).due_minor_units
    assert world.status(second) == AWAITING


@pytest.mark.parametrize("revealed", [False, True])
def test_a_pause_or_revoked_terms_stop_no_cancel(world: TradeWorld, revealed: bool) -> None:
    order = world.revealed(bid=PART) if revealed else world.matched(bid=PART)
    assert world.status(order) == (AWAITING if revealed else PENDING)
    world.accepted(steps.set_paused(world, True), steps.revoke(world), signers=[world.governor])
    assert cancelled(world, order, accepts_strike=True) is not revealed


def test_a_cancelled_record_is_closed_in_the_end(world: TradeWorld) -> None:
    order = world.revealed(ASK, BID)
    assert not cancelled(world, order)
    payer = world.order(order).rent_payer
    assert payer == world.payer.pubkey()
    rent, before = world.lamports(order), world.lamports(payer)
    world.svm.set_unix_time(UNIX_TIME_S + order_store.ORDER_RETENTION_S)
    world.accepted(order_store.close_order(order=order, rent_payer=payer))
    assert (world.account(order), world.lamports(payer)) == (None, before + rent)


def test_the_times_of_the_orders_own_terms_count(world: TradeWorld) -> None:
    order = world.revealed(AskArgs(), PART)
    world.publish_terms(TermsArgs(version=2, free_cancel_grace_s=0, free_cancel_interval_s=0))
    world.svm.set_unix_time(UNIX_TIME_S + GRACE_S)
    assert not cancelled(world, order)
