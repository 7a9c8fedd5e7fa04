"""close_order: the record of an order that came to nothing goes, long after its end, and its rent goes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from solders.account import Account
from solders.clock import Clock
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from anomi_sdk.events import events_of
from anomi_sdk.generated import order_processor, order_store
from anomi_sdk.generated import order_store_errors as errors
from anomi_sdk.program_errors import TransactionRefusedError
from tests.programs.order_store.world import PAYER, StoreWorld, address, filled_order
from tests.programs.world import UNIX_TIME_S, with_account, with_accounts, with_data

EXPIRED, CANCELLED = 4, 5
RENT_PAYER = address("who paid the order's rent")
RESOLVED_AT = UNIX_TIME_S - order_store.ORDER_RETENTION_S
"""Of a record that can be closed from the world's first second on."""


def dead(status: int = EXPIRED, resolved_at: int = RESOLVED_AT) -> order_store.MatchedOrder:
    return replace(filled_order(status), rent_payer=RENT_PAYER, resolved_at_unix_s=resolved_at)


def close(order: Pubkey) -> Instruction:
    return order_store.close_order(order=order, rent_payer=RENT_PAYER)


@pytest.mark.parametrize("status", [EXPIRED, CANCELLED])
@pytest.mark.parametrize("lamports", [None, 0, 10**9], ids=["payer is gone", "payer is empty", "payer has some"])
def test_the_rent_goes_back_to_who_paid_it(world: StoreWorld, status: int, lamports: int | None) -> None:
    if lamports:
        world.svm.set_account(RENT_PAYER, Account(lamports, b"", Pubkey.default()))
    at = world.plant(dead(status))
    account = world.account(at)
    assert account is not None
    outcome = world.accepted(close(at))
    assert world.account(at) is None
    paid = world.account(RENT_PAYER)
    assert paid is not None
    assert paid.lamports == account.lamports + (lamports or 0)
    assert events_of(outcome) == (order_store.OrderClosed(order=at, rent_payer=RENT_PAYER),)


def test_lamports_that_anyone_sent_go_with_the_rent(world: StoreWorld) -> None:
    at = world.plant(dead())
    world.svm.set_account(at, Account(10**9, dead().encode(), order_store.PROGRAM_ID))
    world.accepted(close(at))
    paid = world.account(RENT_PAYER)
    assert paid is not None
    assert paid.lamports == 10**9


@pytest.mark.parametrize("status", [EXPIRED, CANCELLED])
def test_a_record_stays_for_thirty_days(world: StoreWorld, status: int) -> None:
    assert order_store.ORDER_RETENTION_S == 30 * 86_400
    for resolved_at in (RESOLVED_AT + 1, UNIX_TIME_S, UNIX_TIME_S + 1, 2**40, 2**64 - 1):
        at = world.plant(dead(status, resolved_at))
        world.refused(close(at), code=errors.RetentionNotOverError)
    world.accepted(close(world.plant(dead(status, RESOLVED_AT))))


@pytest.mark.parametrize("status", [0, 1, 2, 3])
def test_only_what_came_to_nothing_is_closed(world: StoreWorld, status: int) -> None:
    """A settled order is a receipt, whatever its age."""
    world.refused(close(world.plant(dead(status, 0))), code=errors.OrderNotOverError)


@pytest.mark.parametrize("status", [6, 255])
def test_a_status_that_does_not_exist_is_refused(world: StoreWorld, status: int) -> None:
    world.refused(close(world.plant(dead(status))), code=errors.OrderInvalidError)


def test_a_closed_record_is_gone(world: StoreWorld) -> None:
    at = world.plant(dead())
    world.accepted(close(at))
    world.refused(close(at), code=errors.OrderInvalidError)
    at = world.plant(dead())
    twice = close(at)
    world.refused(twice, twice, code=errors.OrderInvalidError)


def test_nobody_signs(world: StoreWorld) -> None:
    call = close(world.plant(dead()))
    assert not any(meta.is_signer for meta in call.accounts)
    world.accepted(call)


Spoil = Callable[[Instruction], Instruction]
SPOILED: dict[str, tuple[type[TransactionRefusedError], Spoil]] = {
    "7 bytes": (errors.InstructionUnknownError, lambda call: with_data(call, call.data[:7])),
    "a byte more": (errors.InstructionDataLengthMismatchError, lambda call: with_data(call, call.data + b"\0")),
    "no accounts": (errors.AccountCountMismatchError, lambda call: with_accounts(call, [])),
    "an account less": (errors.AccountCountMismatchError, lambda call: with_accounts(call, call.accounts[:1])),
    "an account more": (
        errors.AccountCountMismatchError,
        lambda call: with_accounts(call, [*call.accounts, AccountMeta(address("x"), False, False)]),
    ),
    "order read only": (errors.AccountNotWritableError, lambda call: with_account(call, 0, is_writable=False)),
    "payer read only": (errors.AccountNotWritableError, lambda call: with_account(call, 1, is_writable=False)),
    "another payer": (errors.RentPayerMismatchError, lambda call: with_account(call, 1, pubkey=PAYER)),
    "the buyer": (errors.RentPayerMismatchError, lambda call: with_account(call, 1, pubkey=filled_order(4).buyer)),
    "the order as payer": (
        errors.RentPayerMismatchError,
        lambda call: with_account(call, 1, pubkey=call.accounts[0].pubkey),
    ),
    "the payer as order": (errors.OrderInvalidError, lambda call: with_account(call, 0, pubkey=RENT_PAYER)),
    "an empty account": (errors.OrderInvalidError, lambda call: with_account(call, 0, pubkey=address("empty"))),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_call_is_refused(world: StoreWorld, name: str) -> None:
    error, spoil = SPOILED[name]
    call = close(world.plant(dead()))
    world.refused(spoil(call), code=error)
    world.accepted(call)


def test_an_order_that_would_pay_itself_is_refused(world: StoreWorld) -> None:
    """No program makes such a record; closing it would make its lamports out of nothing."""
    at = address("a planted order")
    world.plant(replace(dead(), rent_payer=at))
    world.refused(order_store.close_order(order=at, rent_payer=at), code=errors.RentPayerMismatchError)


def test_what_is_no_order_is_refused(world: StoreWorld) -> None:
    data = dead().encode()
    call = close(world.plant(dead()))
    for other in (bytes([data[0] ^ 1]) + data[1:], bytes(8) + data[8:], data[:-1], data + b"\0", data[:8], b""):
        world.plant_bytes(other)
        world.refused(call, code=errors.OrderInvalidError)
    for owner in (Pubkey.default(), order_processor.PROGRAM_ID):
        world.plant(dead(), owner=owner)
        world.refused(call, code=errors.OrderInvalidError)


@pytest.mark.parametrize("unix_time_s", [-1, -(2**63), 2**40, 2**63 - 1])
def test_a_clock_of_more_than_40_bits_is_refused(world: StoreWorld, unix_time_s: int) -> None:
    call = close(world.plant(dead()))
    world.svm._svm.set_clock(Clock(world.svm.slot, 0, 0, 0, unix_time_s))
    world.refused(call, code=errors.ClockOutOfRangeError)
