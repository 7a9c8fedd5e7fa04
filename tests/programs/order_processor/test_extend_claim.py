"""extend_claim: a buyer who has reported a payment takes three days more to prove it, once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solders.pubkey import Pubkey

from anomi_sdk.events import events_of
from anomi_sdk.generated import market, order_processor
from anomi_sdk.generated import order_processor_errors as errors
from tests.programs.market import steps
from tests.programs.order_processor.world import EXPIRED, PROVE_BY, SETTLED, TradeWorld
from tests.programs.world import UNIX_TIME_S

EXTENSION_S = 3 * 86_400
WEEK_S = 7 * 86_400
TIME_MAX = 2**40 - 1


def extended(world: TradeWorld) -> Pubkey:
    order = world.reported()
    world.accepted(world.extend_instruction(order), signers=[world.buyer])
    return order


@pytest.mark.parametrize("now", [UNIX_TIME_S, PROVE_BY])
def test_the_deadline_moves_by_three_days(world: TradeWorld, now: int) -> None:
    order = world.reported()
    before = world.order(order)
    world.svm.set_unix_time(now)
    outcome = world.accepted(world.extend_instruction(order), signers=[world.buyer])
    later = PROVE_BY + EXTENSION_S
    assert world.order(order) == replace(before, prove_by_unix_s=later, claim_extended=True)
    assert events_of(outcome) == (order_processor.ClaimExtended(order=order, prove_by_unix_s=later),)


def test_a_claim_is_extended_once(world: TradeWorld) -> None:
    order = extended(world)
    for now in (UNIX_TIME_S, PROVE_BY + EXTENSION_S):
        world.svm.set_unix_time(now)
        world.refused(world.extend_instruction(order), signers=[world.buyer], code=errors.ClaimAlreadyExtendedError)


def test_a_proof_is_taken_until_the_new_deadline_and_no_later(world: TradeWorld) -> None:
    order = extended(world)
    finalize = world.finalize_instruction(order)
    world.svm.set_unix_time(PROVE_BY + EXTENSION_S + 1)
    world.refused(finalize, code=errors.ProveTooLateError)
    world.svm.set_unix_time(PROVE_BY + EXTENSION_S)
    world.refused(world.expire_instruction(order), code=errors.DeadlineNotReachedError)
    world.accepted(finalize)
    assert world.status(order) == SETTLED


def test_an_extended_order_expires_with_a_strike(world: TradeWorld) -> None:
    order = extended(world)
    world.svm.set_unix_time(PROVE_BY + EXTENSION_S + 1)
    world.accepted(world.expire_instruction(order))
    assert world.status(order) == EXPIRED
    line = world.read(market.SolvencyLine, market.line_address(world.order(order).line_id))
    assert line.strikes == 1


def test_the_time_to_pay_stays(world: TradeWorld) -> None:
    """What the proof says about the payment's time does not move with the time to prove it."""
    order = world.reported()
    before = world.order(order)
    world.accepted(world.extend_instruction(order), signers=[world.buyer])
    assert world.order(order).pay_by_unix_s == before.pay_by_unix_s


def test_too_late_is_too_late(world: TradeWorld) -> None:
    order = world.reported()
    for now in (PROVE_BY + 1, PROVE_BY + EXTENSION_S):
        world.svm.set_unix_time(now)
        world.refused(world.extend_instruction(order), signers=[world.buyer], code=errors.ProveTooLateError)


def test_the_time_of_revoked_terms_counts_and_is_added_to(world: TradeWorld) -> None:
    order = world.reported()
    world.accepted(steps.revoke(world), signers=[world.governor])
    world.svm.set_unix_time(PROVE_BY + WEEK_S + 1)
    world.refused(world.extend_instruction(order), signers=[world.buyer], code=errors.ProveTooLateError)
    world.svm.set_unix_time(PROVE_BY + WEEK_S)
    world.accepted(world.extend_instruction(order), signers=[world.buyer])
    world.accepted(steps.restore(world), signers=[world.governor])
    world.svm.set_unix_time(PROVE_BY + WEEK_S + EXTENSION_S)
    world.refused(world.expire_instruction(order), code=errors.DeadlineNotReachedError)
    world.finalized(order)


def test_nothing_is_extended_before_a_payment_is_reported(world: TradeWorld) -> None:
    order = world.revealed()
    world.refused(world.extend_instruction(order), signers=[world.buyer], code=errors.PaymentNotReportedError)


def test_only_the_buyer_extends(world: TradeWorld) -> None:
    order = world.reported()
    for other in (world.user(), world.seller_of(order), world.payer):
        call = world.extend_instruction(order, other.pubkey())
        world.refused(call, signers=[other], code=errors.BuyerMismatchError)


def test_a_deadline_is_a_time_of_40_bits(world: TradeWorld) -> None:
    order = world.reported()
    world.edit_order(order, prove_by_unix_s=TIME_MAX - EXTENSION_S + 1)
    world.refused(world.extend_instruction(order), signers=[world.buyer], code=errors.ClockOutOfRangeError)
    world.edit_order(order, prove_by_unix_s=2**64 - 1 - WEEK_S)
    world.refused(world.extend_instruction(order), signers=[world.buyer], code=errors.ClockOutOfRangeError)
    world.edit_order(order, prove_by_unix_s=TIME_MAX - EXTENSION_S)
    world.accepted(world.extend_instruction(order), signers=[world.buyer])
    assert world.order(order).prove_by_unix_s == TIME_MAX


def test_a_pause_does_not_stop_it(world: TradeWorld) -> None:
    order = world.reported()
    world.accepted(steps.set_paused(world, True), signers=[world.governor])
    world.accepted(world.extend_instruction(order), signers=[world.buyer])
