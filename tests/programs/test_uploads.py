"""Uploads that must go through, and what they leave behind: accounts, balances, events."""

from __future__ import annotations

import hashlib
import random
from itertools import chain

import pytest
from solders.account import Account
from solders.system_program import ID as SYSTEM_PROGRAM
from solders.system_program import TransferParams, transfer

from anomi_core.groth16.solana import verifying_key_body
from anomi_core.spec import PUBLIC_INPUTS_MAX
from anomi_sdk.generated import groth16_verifier as generated
from anomi_sdk.generated.groth16_verifier_errors import BodyHashMismatchError, StagingOwnerMismatchError
from anomi_sdk.groth16_verifier import (
    KeyFinalized,
    close_staging,
    decode_staging,
    decode_verifying_key,
    finalize_key,
    init_key,
    key_finalized_events,
    verify,
    verifying_key_address,
    write_key,
)
from anomi_sdk.measuring_key import MeasuringKey
from tests.programs.golden import golden
from tests.programs.world import FEE_PER_SIGNATURE, GROTH16_VERIFIER_ID, World

BODY = golden(1).body
DIGEST = hashlib.sha256(BODY).digest()


def _works(world: World) -> None:
    world.accepted(verify(verifying_key_address(DIGEST), golden(1).proof, golden(1).inputs))


def test_one_upload_step_by_step(world: World) -> None:
    """Every lamport and every byte is accounted for."""
    authority = world.authority.pubkey()
    staging, key = world.staging(DIGEST), verifying_key_address(DIGEST)
    rent = world.svm.minimum_balance_lamports
    start = world.lamports(authority)

    world.accepted(init_key(authority, DIGEST, len(BODY)))
    opened = world.account(staging)
    assert opened is not None
    assert bytes(opened.data) == generated.STAGING_TAG + bytes(authority) + DIGEST + bytes(len(BODY))
    assert opened.owner == GROTH16_VERIFIER_ID
    assert opened.lamports == rent(generated.STAGING_FIXED_BYTES + len(BODY))
    assert world.lamports(authority) == start - FEE_PER_SIGNATURE - opened.lamports

    world.accepted(write_key(authority, DIGEST, 0, BODY))
    assert decode_staging(world.account(staging)).body == BODY

    outcome = world.accepted(finalize_key(authority, DIGEST))
    assert world.account(staging) is None
    stored = world.account(key)
    assert stored is not None
    assert bytes(stored.data) == generated.VERIFYING_KEY_TAG + BODY
    assert stored.owner == GROTH16_VERIFIER_ID
    assert stored.lamports == rent(generated.VERIFYING_KEY_FIXED_BYTES + len(BODY))
    assert world.lamports(authority) == start - 3 * FEE_PER_SIGNATURE - stored.lamports
    assert key_finalized_events(outcome.logs) == (KeyFinalized(key, DIGEST, authority, 1),)
    assert decode_verifying_key(stored).public_input_count == 1
    _works(world)


@pytest.mark.parametrize("count", [0, 1, PUBLIC_INPUTS_MAX])
def test_edges_of_the_length(world: World, count: int) -> None:
    body = verifying_key_body(MeasuringKey.derive(f"length {count}", count).verifying_key)
    assert len(body) == generated.KEY_BODY_FIXED_BYTES + 64 * (count + 1)
    stored = world.account(world.store(body))
    assert decode_verifying_key(stored).body == body
    assert decode_verifying_key(stored).public_input_count == count


@pytest.mark.parametrize("way", ["backwards", "shuffled and twice", "byte by byte at the edges"])
def test_writes_come_in_any_order(world: World, way: str) -> None:
    authority = world.authority.pubkey()
    world.accepted(init_key(authority, DIGEST, len(BODY)))
    chunks = [(at, BODY[at : at + 64]) for at in range(0, len(BODY), 64)]
    match way:
        case "backwards":
            chunks.reverse()
        case "shuffled and twice":
            wrong = [(at, bytes(len(chunk))) for at, chunk in chunks]
            random.Random(7).shuffle(wrong)
            chunks = wrong + chunks
        case _:
            edges = chain(range(2), range(len(BODY) - 2, len(BODY)))
            chunks = [(2, BODY[2:-2]), *((at, BODY[at : at + 1]) for at in edges)]
    for at, chunk in chunks:
        world.accepted(write_key(authority, DIGEST, at, chunk))
    world.accepted(finalize_key(authority, DIGEST))
    _works(world)


def _lamports_cases(world: World, data_bytes: int) -> dict[str, int]:
    rent = world.svm.minimum_balance_lamports
    return {
        "one lamport": 1,
        "an empty account's rent": rent(0),
        "a lamport less than the rent": rent(data_bytes) - 1,
        "the rent": rent(data_bytes),
        "a lamport more than the rent": rent(data_bytes) + 1,
        "ten SOL": 10_000_000_000,
    }


@pytest.mark.parametrize(
    "gift",
    [
        "one lamport",
        "an empty account's rent",
        "a lamport less than the rent",
        "the rent",
        "a lamport more than the rent",
        "ten SOL",
    ],
)
@pytest.mark.parametrize("where", ["staging", "verifying key", "both"])
def test_lamports_sent_beforehand_block_nothing(world: World, where: str, gift: str) -> None:
    """Anybody can send lamports to an address that does not exist yet; the upload then goes on and pays the rest."""
    authority = world.authority.pubkey()
    staging, key = world.staging(DIGEST), verifying_key_address(DIGEST)
    start = world.lamports(authority)
    given = {staging: 0, key: 0}
    if where in ("staging", "both"):
        given[staging] = _lamports_cases(world, generated.STAGING_FIXED_BYTES + len(BODY))[gift]
    if where in ("verifying key", "both"):
        given[key] = _lamports_cases(world, generated.VERIFYING_KEY_FIXED_BYTES + len(BODY))[gift]
    for address, lamports in given.items():
        if lamports:
            world.svm.set_account(address, Account(lamports, b"", SYSTEM_PROGRAM))
    world.stage(BODY)
    world.accepted(finalize_key(authority, DIGEST))
    _works(world)
    rent = world.svm.minimum_balance_lamports(generated.VERIFYING_KEY_FIXED_BYTES + len(BODY))
    kept = max(rent, given[key])
    assert world.lamports(key) == kept
    assert world.account(staging) is None
    # What was sent to the staging address comes back to the authority with the rent.
    fees = 4 * FEE_PER_SIGNATURE
    assert world.lamports(authority) == start - fees + given[staging] - (kept - given[key])


def test_lamports_sent_to_an_open_staging_account_come_back(world: World) -> None:
    authority = world.authority.pubkey()
    stranger = world.user()
    world.stage(BODY)
    staging = world.staging(DIGEST)
    gift = transfer(TransferParams(from_pubkey=stranger.pubkey(), to_pubkey=staging, lamports=12_345))
    world.accepted(gift, payer=stranger)
    held = world.lamports(staging)
    before = world.lamports(authority)
    world.accepted(close_staging(authority, DIGEST))
    assert world.account(staging) is None
    assert world.lamports(authority) == before - FEE_PER_SIGNATURE + held


def test_everything_in_one_transaction(world: World) -> None:
    authority = world.authority.pubkey()
    world.accepted(
        init_key(authority, DIGEST, len(BODY)),
        write_key(authority, DIGEST, 0, BODY),
        finalize_key(authority, DIGEST),
    )
    _works(world)


def test_a_closed_upload_starts_over_with_zeros(world: World) -> None:
    """Also within one transaction, where the runtime has not yet erased the account."""
    authority = world.authority.pubkey()
    world.stage(BODY)
    world.accepted(close_staging(authority, DIGEST), init_key(authority, DIGEST, len(BODY)))
    assert decode_staging(world.account(world.staging(DIGEST))).body == bytes(len(BODY))
    world.refused(finalize_key(authority, DIGEST), code=BodyHashMismatchError)
    world.accepted(write_key(authority, DIGEST, 0, BODY), finalize_key(authority, DIGEST))
    _works(world)


def test_a_revived_staging_address_is_an_empty_wallet(world: World) -> None:
    """Lamports sent to a closed account in the same transaction keep an account there: without owner, tag or data."""
    authority = world.authority.pubkey()
    world.stage(BODY)
    staging = world.staging(DIGEST)
    fund = transfer(TransferParams(from_pubkey=authority, to_pubkey=staging, lamports=5_000_000))
    world.accepted(finalize_key(authority, DIGEST), fund)
    revived = world.account(staging)
    assert revived is not None
    assert (revived.owner, bytes(revived.data)) == (SYSTEM_PROGRAM, b"")
    for instruction in (
        write_key(authority, DIGEST, 0, b"\1"),
        finalize_key(authority, DIGEST),
        close_staging(authority, DIGEST),
    ):
        world.refused(instruction, code=StagingOwnerMismatchError)
    world.accepted(init_key(authority, DIGEST, len(BODY)), close_staging(authority, DIGEST))
    assert world.account(staging) is None


def test_uploads_of_two_authorities_do_not_meet(world: World) -> None:
    other = world.user()
    world.stage(BODY)
    world.stage(BODY, other)
    assert world.staging(DIGEST) != world.staging(DIGEST, other)
    world.accepted(finalize_key(other.pubkey(), DIGEST), payer=other)
    _works(world)
    # The slower one gets its rent back.
    held = world.lamports(world.staging(DIGEST))
    before = world.lamports(world.authority.pubkey())
    world.accepted(close_staging(world.authority.pubkey(), DIGEST))
    assert world.lamports(world.authority.pubkey()) == before - FEE_PER_SIGNATURE + held


def test_the_authority_need_not_pay_the_fee(world: World) -> None:
    authority, payer = world.authority.pubkey(), world.user()
    steps = [
        init_key(authority, DIGEST, len(BODY)),
        write_key(authority, DIGEST, 0, BODY),
        finalize_key(authority, DIGEST),
    ]
    for step in steps:
        world.accepted(step, payer=payer, signers=[world.authority])
    _works(world)
