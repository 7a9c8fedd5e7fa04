"""record_* and update_status: only order_processor moves an order, and along its arrows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from anomi_sdk.events import events_of
from anomi_sdk.generated import order_processor, order_store
from anomi_sdk.generated import order_store_errors as errors
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.programs import load_program
from tests.programs.conftest import PROGRAMS
from tests.programs.order_store.world import (
    MARKET_AUTHORITY,
    PROCESSOR_AUTHORITY,
    StoreWorld,
    address,
    field,
    filled_order,
    store,
)
from tests.programs.world import UNIX_TIME_S, World, with_account, with_accounts, with_data

PENDING, AWAITING, CONFIRMED, SETTLED, EXPIRED, CANCELLED = range(6)
NOW = UNIX_TIME_S + 777
NF = field(2**250 + 17)
REVEAL: dict[str, Any] = {
    "revealed_at_unix_s": NOW,
    "pay_by_unix_s": NOW + 86_400,
    "prove_by_unix_s": NOW + 86_400 + 21_600,
    "reveal_ciphertext": bytes(range(80, 256)),
}
UPDATE: dict[str, Any] = {
    "now_unix_s": NOW,
    "nf": NF,
    "paid_floor_minor_units": 2_850_000,
    "released_atoms": 99_999_999,
}


def reveal(order: Pubkey) -> Instruction:
    return order_store.record_reveal(processor_authority=PROCESSOR_AUTHORITY, order=order, **REVEAL)


def report(order: Pubkey) -> Instruction:
    return order_store.record_payment_report(processor_authority=PROCESSOR_AUTHORITY, order=order, nf=NF)


def update(order: Pubkey, status: int) -> Instruction:
    return order_store.update_status(processor_authority=PROCESSOR_AUTHORITY, order=order, status=status, **UPDATE)


def extend(order: Pubkey) -> Instruction:
    return order_store.record_claim_extension(
        processor_authority=PROCESSOR_AUTHORITY, order=order, prove_by_unix_s=NOW + 259_200
    )


def unextended(status: int) -> order_store.MatchedOrder:
    return replace(filled_order(status), claim_extended=False)


def unreported(status: int) -> order_store.MatchedOrder:
    return replace(filled_order(status), reported_nf=bytes(32))


MOVES: dict[tuple[int, int], dict[str, Any]] = {
    (AWAITING, CONFIRMED): {"nf": NF, "paid_floor_minor_units": 2_850_000},
    (CONFIRMED, SETTLED): {"released_atoms": 99_999_999, "resolved_at_unix_s": NOW},
    (PENDING, EXPIRED): {"resolved_at_unix_s": NOW},
    (AWAITING, EXPIRED): {"resolved_at_unix_s": NOW},
    (PENDING, CANCELLED): {"resolved_at_unix_s": NOW},
    (AWAITING, CANCELLED): {"resolved_at_unix_s": NOW},
}
"""Every update that there is, and what it sets."""


@pytest.mark.parametrize("before", range(6))
def test_an_order_moves_along_its_arrows_only(world: StoreWorld, before: int) -> None:
    for after in range(6):
        order = filled_order(before)
        at = world.plant(order)
        if (before, after) in MOVES:
            outcome = world.accepted(update(at, after))
            assert world.changes(at, order) == MOVES[before, after] | {"status": after}
            assert events_of(outcome) == (order_store.StatusUpdated(order=at, from_status=before, to_status=after),)
        else:
            world.refused(update(at, after), code=errors.StatusTransitionInvalidError)


@pytest.mark.parametrize("status", [6, 7, 128, 255])
def test_a_status_that_does_not_exist_is_refused(world: StoreWorld, status: int) -> None:
    at = world.plant(filled_order(AWAITING))
    world.refused(update(at, status), code=errors.StatusUnknownError)
    at = world.plant(unreported(status))
    for call in (reveal(at), report(at), extend(at), update(at, EXPIRED)):
        world.refused(call, code=errors.OrderInvalidError)


@pytest.mark.parametrize("before", range(6))
def test_a_reveal_is_recorded_while_pending(world: StoreWorld, before: int) -> None:
    order = filled_order(before)
    at = world.plant(order)
    if before == PENDING:
        outcome = world.accepted(reveal(at))
        assert world.changes(at, order) == REVEAL | {"status": AWAITING}
        assert events_of(outcome) == (order_store.StatusUpdated(order=at, from_status=PENDING, to_status=AWAITING),)
    else:
        world.refused(reveal(at), code=errors.StatusTransitionInvalidError)


@pytest.mark.parametrize("before", range(6))
def test_a_payment_is_reported_while_it_is_awaited_and_once(world: StoreWorld, before: int) -> None:
    order = unreported(before)
    at = world.plant(order)
    if before == AWAITING:
        outcome = world.accepted(report(at))
        assert world.changes(at, order) == {"reported_nf": NF}
        assert events_of(outcome) == ()
        world.refused(report(at), code=errors.PaymentAlreadyReportedError)
    else:
        world.refused(report(at), code=errors.StatusTransitionInvalidError)


@pytest.mark.parametrize("before", range(6))
def test_a_claim_is_extended_while_payment_is_awaited_once_it_is_reported(world: StoreWorld, before: int) -> None:
    order = unextended(before)
    at = world.plant(order)
    if before == AWAITING:
        outcome = world.accepted(extend(at))
        assert world.changes(at, order) == {"prove_by_unix_s": NOW + 259_200, "claim_extended": True}
        assert events_of(outcome) == ()
        world.refused(extend(at), code=errors.ClaimAlreadyExtendedError)
        at = world.plant(replace(order, reported_nf=bytes(32)))
        world.refused(extend(at), code=errors.PaymentNotReportedError)
    else:
        world.refused(extend(at), code=errors.StatusTransitionInvalidError)


def test_a_stored_order_goes_all_the_way(world: StoreWorld) -> None:
    call = store()
    world.accepted(call)
    at = call.accounts[2].pubkey
    world.accepted(reveal(at), report(at), update(at, CONFIRMED), update(at, SETTLED))
    settled = world.order(at)
    assert settled.status == SETTLED
    assert (settled.nf, settled.reported_nf) == (NF, NF)
    for after in range(6):
        world.refused(update(at, after), code=errors.StatusTransitionInvalidError)


CALLS: dict[str, tuple[int, Callable[[Pubkey], Instruction]]] = {
    "record_reveal": (PENDING, reveal),
    "record_payment_report": (AWAITING, report),
    "record_claim_extension": (AWAITING, extend),
    "update_status": (AWAITING, lambda order: update(order, CONFIRMED)),
}
"""Each call, and the status in which it goes through."""


def ready(name: str) -> tuple[order_store.MatchedOrder, Callable[[Pubkey], Instruction]]:
    """An order that a call goes through on."""
    status, build = CALLS[name]
    return (unextended if name == "record_claim_extension" else unreported)(status), build


def spoiled(call: Instruction) -> dict[str, tuple[type[TransactionRefusedError], Instruction]]:
    return {
        "discriminator": (errors.InstructionUnknownError, with_data(call, call.data[:7])),
        "a byte less": (errors.InstructionDataLengthMismatchError, with_data(call, call.data[:-1])),
        "a byte more": (errors.InstructionDataLengthMismatchError, with_data(call, call.data + b"\0")),
        "an account less": (errors.AccountCountMismatchError, with_accounts(call, call.accounts[:1])),
        "an account more": (
            errors.AccountCountMismatchError,
            with_accounts(call, [*call.accounts, AccountMeta(address("x"), False, False)]),
        ),
        "not signed": (errors.SignerMissingError, with_account(call, 0, is_signer=False)),
        "read only": (errors.AccountNotWritableError, with_account(call, 1, is_writable=False)),
        "the market's authority": (
            errors.AuthorityAddressMismatchError,
            with_account(call, 0, pubkey=MARKET_AUTHORITY),
        ),
        "a stranger's authority": (errors.AuthorityAddressMismatchError, with_account(call, 0, pubkey=address("x"))),
        "an empty account": (errors.OrderInvalidError, with_account(call, 1, pubkey=address("empty"))),
        "the authority as order": (
            errors.OrderInvalidError,
            with_account(with_account(call, 1, pubkey=PROCESSOR_AUTHORITY), 0, is_writable=True),
        ),
    }


@pytest.mark.parametrize("name", CALLS)
def test_a_spoiled_call_is_refused(world: StoreWorld, name: str) -> None:
    order, build = ready(name)
    call = build(world.plant(order))
    for error, instruction in spoiled(call).values():
        world.refused(instruction, code=error)
    world.accepted(call)


@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_order_is_refused(world: StoreWorld, name: str) -> None:
    order, build = ready(name)
    data = order.encode()
    call = build(world.plant(order))
    for other in (
        bytes([data[0] ^ 1]) + data[1:],
        data[:7] + bytes([data[7] ^ 0x80]) + data[8:],
        bytes(8) + data[8:],
        data[:-1],
        data + b"\0",
        data[:8],
        b"",
    ):
        world.plant_bytes(other)
        world.refused(call, code=errors.OrderInvalidError)
    for owner in (Pubkey.default(), order_processor.PROGRAM_ID, PROCESSOR_AUTHORITY):
        world.plant(order, owner=owner)
        world.refused(call, code=errors.OrderInvalidError)
    world.plant(order)
    world.accepted(call)


@pytest.mark.parametrize("name", CALLS)
def test_a_user_cannot_move_an_order(name: str) -> None:
    order, build = ready(name)
    world = World(load_program(PROGRAMS, "order_store"))
    data = order.encode()
    at = address("a planted order")
    world.svm.set_account(at, Account(10**10, data, order_store.PROGRAM_ID))
    call = build(at)
    world.refused(with_account(call, 0, is_signer=False), code=errors.SignerMissingError)
    mine = with_account(call, 0, pubkey=world.authority.pubkey())
    world.refused(mine, code=errors.AuthorityAddressMismatchError)
