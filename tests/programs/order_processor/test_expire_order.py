"""expire_order: anyone ends an order, one second after its deadline, and its tokens are the seller's again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anomi_sdk.events import events_of
from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.generated import order_processor_errors as errors
from tests.programs.market.bid.world import DUE
from tests.programs.market.world import BASE_ATOMS
from tests.programs.order_processor.world import (
    AWAITING,
    EXPIRED,
    PENDING,
    PROVE_BY,
    REVEAL_BY,
    TradeWorld,
    nf,
)


def test_a_missed_reveal_ends_the_order_without_a_strike(world: TradeWorld) -> None:
    order = world.matched()
    before = world.order(order)
    for now in (REVEAL_BY - 1, REVEAL_BY):
        world.svm.set_unix_time(now)
        world.refused(world.expire_instruction(order), code=errors.DeadlineNotReachedError)
    world.svm.set_unix_time(REVEAL_BY + 1)
    outcome = world.accepted(world.expire_instruction(order))
    assert world.order(order) == replace(before, status=EXPIRED, resolved_at_unix_s=REVEAL_BY + 1)
    assert events_of(outcome) == (
        market.FundsReturned(order=order, ask=before.ask, returned_atoms=BASE_ATOMS, reason=0),
        order_store.StatusUpdated(order=order, from_status=PENDING, to_status=EXPIRED),
        order_processor.OrderExpired(order=order, strike=False),
    )
    line = world.read(market.SolvencyLine, market.line_address(before.line_id))
    assert (line.reserved_minor_units, line.strikes) == (0, 0)


def test_a_missed_proof_ends_the_order_with_a_strike(world: TradeWorld) -> None:
    order = world.revealed()
    before = world.order(order)
    assert before.prove_by_unix_s == PROVE_BY
    for now in (REVEAL_BY + 1, PROVE_BY - 1, PROVE_BY):
        world.svm.set_unix_time(now)
        world.refused(world.expire_instruction(order), code=errors.DeadlineNotReachedError)
    world.svm.set_unix_time(PROVE_BY + 1)
    outcome = world.accepted(world.expire_instruction(order))
    assert world.order(order) == replace(before, status=EXPIRED, resolved_at_unix_s=PROVE_BY + 1)
    assert events_of(outcome) == (
        market.FundsReturned(order=order, ask=before.ask, returned_atoms=BASE_ATOMS, reason=1),
        order_store.StatusUpdated(order=order, from_status=AWAITING, to_status=EXPIRED),
        order_processor.OrderExpired(order=order, strike=True),
    )
    line = world.read(market.SolvencyLine, market.line_address(before.line_id))
    assert (line.reserved_minor_units, line.strikes) == (0, 1)


@pytest.mark.parametrize("extension_s", [1, 7 * 86_400, 2**32 - 1])
def test_terms_that_were_revoked_give_more_time(world: TradeWorld, extension_s: int) -> None:
    order = world.revealed()
    world.edit(market.Terms, world.place.terms(), claim_extension_s=extension_s)
    world.svm.set_unix_time(PROVE_BY + extension_s)
    world.refused(world.expire_instruction(order), code=errors.DeadlineNotReachedError)
    world.svm.set_unix_time(PROVE_BY + extension_s + 1)
    world.accepted(world.expire_instruction(order))


def test_an_extension_does_not_lengthen_the_time_to_reveal(world: TradeWorld) -> None:
    order = world.matched()
    world.edit(market.Terms, world.place.terms(), claim_extension_s=7 * 86_400, revoked_at_unix_s=REVEAL_BY)
    world.svm.set_unix_time(REVEAL_BY + 1)
    world.accepted(world.expire_instruction(order))


def test_nobody_can_hold_an_order_open(world: TradeWorld) -> None:
    """Whatever buyer and seller did to their accounts, and with the market paused: no account of theirs is needed."""
    order = world.revealed()
    world.edit(market.Market, world.place.market, paused=True)
    world.svm.set_unix_time(PROVE_BY + 1)
    call = world.expire_instruction(order)
    assert not any(meta.is_signer for meta in call.accounts)
    stranger = world.user()
    world.accepted(call, payer=stranger)
    assert world.status(order) == EXPIRED


def test_the_returned_tokens_are_the_sellers_to_withdraw(world: TradeWorld) -> None:
    order = world.matched()
    stored, seller = world.order(order), world.seller_of(order)
    world.svm.set_unix_time(REVEAL_BY + 1)
    world.accepted(world.expire_instruction(order))
    ask = world.read(market.Ask, stored.ask)
    assert (ask.returned_atoms, ask.locked_atoms, ask.live_orders) == (BASE_ATOMS, 0, 0)
    withdraw = world.withdraw_instruction(seller.pubkey(), stored.ask)
    world.accepted(withdraw, signers=[seller])
    assert world.balance(withdraw.accounts[3].pubkey) == BASE_ATOMS


def test_an_expired_order_stays_expired(world: TradeWorld) -> None:
    order = world.reported()
    seller = world.seller_of(order)
    world.svm.set_unix_time(PROVE_BY + 1)
    world.accepted(world.expire_instruction(order))
    world.refused(world.expire_instruction(order), code=errors.OrderStatusMismatchError)
    world.refused(world.finalize_instruction(order), code=errors.OrderStatusMismatchError)
    world.refused(world.seller_release_instruction(order), signers=[seller], code=errors.OrderStatusMismatchError)
    world.refused(world.reveal_instruction(order), signers=[seller], code=errors.OrderStatusMismatchError)
    report = world.report_instruction(order, nf("another"))
    world.refused(report, signers=[world.buyer], code=errors.OrderStatusMismatchError)
    assert world.order(order).due_minor_units == DUE
