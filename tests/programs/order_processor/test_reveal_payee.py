"""reveal_payee: the seller or his delegate, in time, once; the deadlines follow from that second."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anomi_sdk.events import events_of
from anomi_sdk.generated import order_processor, order_store
from anomi_sdk.generated import order_processor_errors as errors
from tests.programs.market.world import AskArgs
from tests.programs.order_processor.world import AWAITING, CIPHERTEXT, PENDING, REVEAL_BY, TradeWorld
from tests.programs.world import with_account

PAY_WINDOW_S = 24 * 3600
PROVE_WINDOW_S = 6 * 3600
TIME_MAX = 2**40 - 1


@pytest.mark.parametrize("now", [REVEAL_BY - 1, REVEAL_BY])
def test_a_reveal_sets_the_deadlines(world: TradeWorld, now: int) -> None:
    order = world.matched()
    before = world.order(order)
    assert (before.status, before.reveal_by_unix_s) == (PENDING, REVEAL_BY)
    world.svm.set_unix_time(now)
    outcome = world.accepted(world.reveal_instruction(order), signers=[world.seller_of(order)])
    pay_by, prove_by = now + PAY_WINDOW_S, now + PAY_WINDOW_S + PROVE_WINDOW_S
    assert world.order(order) == replace(
        before,
        status=AWAITING,
        revealed_at_unix_s=now,
        pay_by_unix_s=pay_by,
        prove_by_unix_s=prove_by,
        reveal_ciphertext=CIPHERTEXT,
    )
    assert events_of(outcome) == (
        order_store.StatusUpdated(order=order, from_status=PENDING, to_status=AWAITING),
        order_processor.PayeeRevealed(order=order, pay_by_unix_s=pay_by, prove_by_unix_s=prove_by),
    )


def test_a_reveal_is_refused_a_second_late(world: TradeWorld) -> None:
    order = world.matched()
    world.svm.set_unix_time(REVEAL_BY + 1)
    call = world.reveal_instruction(order)
    world.refused(call, signers=[world.seller_of(order)], code=errors.RevealTooLateError)


def test_the_delegate_may_reveal(world: TradeWorld) -> None:
    delegate, stranger = world.user(), world.user()
    order = world.matched(AskArgs(reveal_delegate=delegate.pubkey()))
    for other in (stranger, world.buyer):
        call = world.reveal_instruction(order, other.pubkey())
        world.refused(call, signers=[other], code=errors.RevealerMismatchError)
    world.accepted(world.reveal_instruction(order, delegate.pubkey()), signers=[delegate])
    assert world.status(order) == AWAITING


def test_the_seller_may_reveal_beside_his_delegate(world: TradeWorld) -> None:
    order = world.matched(AskArgs(reveal_delegate=world.user().pubkey()))
    world.accepted(world.reveal_instruction(order), signers=[world.seller_of(order)])
    assert world.status(order) == AWAITING


def test_another_asks_delegate_may_not_reveal(world: TradeWorld) -> None:
    delegate = world.user()
    order, other = world.matched(), world.ask(AskArgs(reveal_delegate=delegate.pubkey()))
    call = world.reveal_instruction(order, delegate.pubkey())
    world.refused(call, signers=[delegate], code=errors.RevealerMismatchError)
    world.refused(with_account(call, 2, pubkey=other), signers=[delegate], code=errors.AskMismatchError)


def test_a_ciphertext_is_not_empty(world: TradeWorld) -> None:
    order = world.matched()
    seller = world.seller_of(order)
    world.refused(
        world.reveal_instruction(order, ciphertext=bytes(176)), signers=[seller], code=errors.RevealEmptyError
    )
    last = bytes(175) + b"\1"
    world.accepted(world.reveal_instruction(order, ciphertext=last), signers=[seller])
    assert world.order(order).reveal_ciphertext == last


def test_an_order_is_revealed_once(world: TradeWorld) -> None:
    order = world.revealed()
    call = world.reveal_instruction(order, ciphertext=CIPHERTEXT[::-1])
    world.refused(call, signers=[world.seller_of(order)], code=errors.OrderStatusMismatchError)


def test_deadlines_past_40_bits_are_refused(world: TradeWorld) -> None:
    order = world.matched()
    world.edit_order(order, reveal_by_unix_s=TIME_MAX)
    seller = world.seller_of(order)
    last = TIME_MAX - PAY_WINDOW_S - PROVE_WINDOW_S
    world.svm.set_unix_time(last + 1)
    world.refused(world.reveal_instruction(order), signers=[seller], code=errors.ClockOutOfRangeError)
    world.svm.set_unix_time(last)
    world.accepted(world.reveal_instruction(order), signers=[seller])
    assert world.order(order).prove_by_unix_s == TIME_MAX
