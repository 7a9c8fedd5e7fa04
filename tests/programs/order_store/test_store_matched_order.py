"""store_matched_order: the market's word becomes a record, once, at the order's own address."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.events import events_of
from anomi_sdk.generated import order_store
from anomi_sdk.generated import order_store_errors as errors
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.programs import load_program
from tests.programs.conftest import PROGRAMS
from tests.programs.order_store.world import (
    MARKET_AUTHORITY,
    ORDER,
    PAYER,
    PROCESSOR_AUTHORITY,
    StoreWorld,
    address,
    store,
)
from tests.programs.world import World, with_account, with_accounts, with_data

SPACE = order_store.MATCHED_ORDER_BYTES
ADDRESS, BUMP = order_store.order_address_and_bump(ORDER["market"], ORDER["line_id"], ORDER["seq"])
NEW: dict[str, Any] = {
    "rent_payer": PAYER,
    "bump": BUMP,
    "status": 0,
    "revealed_at_unix_s": 0,
    "pay_by_unix_s": 0,
    "prove_by_unix_s": 0,
    "claim_extended": False,
    "reported_nf": bytes(32),
    "resolved_at_unix_s": 0,
    "paid_floor_minor_units": 0,
    "released_atoms": 0,
    "nf": bytes(32),
    "reveal_ciphertext": bytes(176),
}


def test_an_order_is_stored_as_the_market_says(world: StoreWorld) -> None:
    outcome = world.accepted(store())
    assert world.order(ADDRESS) == order_store.MatchedOrder(**ORDER, **NEW)
    account = world.account(ADDRESS)
    assert account is not None
    assert account.lamports == world.svm.minimum_balance_lamports(SPACE)
    assert events_of(outcome) == (
        order_store.OrderStored(
            order=ADDRESS, market=ORDER["market"], order_id=7, reveal_by_unix_s=ORDER["reveal_by_unix_s"]
        ),
    )


def test_the_extremes_of_every_number_are_stored(world: StoreWorld) -> None:
    for extreme in (0, -1):
        widest: dict[str, Any] = {
            name: extreme % 2**32 if name == "terms_version" else extreme % 2**64
            for name, value in ORDER.items()
            if isinstance(value, int)
        }
        world.accepted(store(**widest))
        at = order_store.order_address(ORDER["market"], ORDER["line_id"], widest["seq"])
        stored = world.order(at)
        assert {name: getattr(stored, name) for name in ORDER} == ORDER | widest


@pytest.mark.parametrize("short", [-1, 0, 1, None], ids=["a lamport short", "exact", "a lamport more", "one lamport"])
def test_lamports_at_the_address_do_not_block_it(world: StoreWorld, short: int | None) -> None:
    rent = world.svm.minimum_balance_lamports(SPACE)
    funded = 1 if short is None else rent + short
    world.svm.set_account(ADDRESS, Account(funded, b"", Pubkey.default()))
    world.accepted(store())
    account = world.account(ADDRESS)
    assert account is not None
    assert account.lamports == max(rent, funded)
    assert world.order(ADDRESS) == order_store.MatchedOrder(**ORDER, **NEW)


def test_an_order_is_stored_once(world: StoreWorld) -> None:
    world.accepted(store())
    world.refused(store(), code=errors.OrderAlreadyExistsError)
    world.refused(store(buyer=address("another buyer")), code=errors.OrderAlreadyExistsError)
    world.accepted(store(seq=4))


Spoil = Callable[[Instruction], Instruction]
SPOILED: dict[str, tuple[type[TransactionRefusedError], Spoil]] = {
    "no data": (errors.InstructionUnknownError, lambda call: with_data(call, b"")),
    "7 bytes": (errors.InstructionUnknownError, lambda call: with_data(call, call.data[:7])),
    "another discriminator": (errors.InstructionUnknownError, lambda call: with_data(call, b"\0" + call.data[1:])),
    "a byte less": (errors.InstructionDataLengthMismatchError, lambda call: with_data(call, call.data[:-1])),
    "a byte more": (errors.InstructionDataLengthMismatchError, lambda call: with_data(call, call.data + b"\0")),
    "no arguments": (errors.InstructionDataLengthMismatchError, lambda call: with_data(call, call.data[:8])),
    "no accounts": (errors.AccountCountMismatchError, lambda call: with_accounts(call, [])),
    "an account less": (errors.AccountCountMismatchError, lambda call: with_accounts(call, call.accounts[:-1])),
    "an account more": (
        errors.AccountCountMismatchError,
        lambda call: with_accounts(call, [*call.accounts, AccountMeta(address("x"), False, False)]),
    ),
    "authority did not sign": (errors.SignerMissingError, lambda call: with_account(call, 0, is_signer=False)),
    "payer did not sign": (
        errors.SignerMissingError,
        lambda call: with_account(call, 1, pubkey=address("rich"), is_signer=False),
    ),
    "payer read only": (
        errors.AccountNotWritableError,
        lambda call: with_account(call, 1, pubkey=address("rich"), is_writable=False),
    ),
    "order read only": (errors.AccountNotWritableError, lambda call: with_account(call, 2, is_writable=False)),
    "another system program": (
        errors.SystemProgramMismatchError,
        lambda call: with_account(call, 3, pubkey=order_store.PROGRAM_ID),
    ),
    "order_processor's authority": (
        errors.AuthorityAddressMismatchError,
        lambda call: with_account(call, 0, pubkey=PROCESSOR_AUTHORITY),
    ),
    "a user as authority": (
        errors.AuthorityAddressMismatchError,
        lambda call: with_account(call, 0, pubkey=PAYER),
    ),
    "the next order's address": (
        errors.OrderAddressMismatchError,
        lambda call: with_account(call, 2, pubkey=order_store.order_address(ORDER["market"], ORDER["line_id"], 4)),
    ),
    "the payer as order": (errors.OrderAddressMismatchError, lambda call: with_account(call, 2, pubkey=PAYER)),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_call_is_refused(world: StoreWorld, name: str) -> None:
    error, spoil = SPOILED[name]
    world.svm.airdrop(address("rich"), 10**10)
    world.refused(spoil(store()), code=error)


@pytest.mark.parametrize("field", ["market", "line_id", "seq"])
def test_the_address_binds_what_it_is_derived_from(world: StoreWorld, field: str) -> None:
    other = {"market": address("another market"), "line_id": ORDER["line_id"][:-1] + b"\0", "seq": 2**63}[field]
    world.refused(store(**{field: other}, order=ADDRESS), code=errors.OrderAddressMismatchError)


def test_an_address_of_another_bump_is_refused(world: StoreWorld) -> None:
    seeds = b"order" + bytes(ORDER["market"]) + ORDER["line_id"] + ORDER["seq"].to_bytes(8, "little")

    def at(bump: int) -> Pubkey:
        whole = seeds + bytes([bump]) + bytes(order_store.PROGRAM_ID) + b"ProgramDerivedAddress"
        return Pubkey.from_bytes(hashlib.sha256(whole).digest())

    assert at(BUMP) == ADDRESS
    others = [at(bump) for bump in range(256) if bump != BUMP]
    assert sum(not other.is_on_curve() for other in others) > 100
    for other in others:
        world.refused(store(order=other), code=errors.OrderAddressMismatchError)


def test_a_user_cannot_store_an_order() -> None:
    world = World(load_program(PROGRAMS, "order_store"))
    rich: Keypair = world.user()
    call = with_account(store(), 1, pubkey=rich.pubkey())
    world.refused(with_account(call, 0, is_signer=False), signers=[rich], code=errors.SignerMissingError)
    mine = with_account(call, 0, pubkey=rich.pubkey())
    world.refused(mine, signers=[rich], code=errors.AuthorityAddressMismatchError)
    assert call.accounts[0] == AccountMeta(MARKET_AUTHORITY, True, False)
