"""Account readers: owner, tag and length, each accepted at its edge and refused one past it."""

from __future__ import annotations

import hashlib

import pytest
from solders.account import Account
from solders.pubkey import Pubkey

from anomi_core.spec import PUBLIC_INPUTS_MAX
from anomi_sdk.groth16_verifier import GROTH16_VERIFIER_ID, decode_staging, decode_verifying_key
from anomi_sdk.layouts import AccountMissingError, AccountOwnerMismatchError, TagMismatchError
from anomi_sdk.wire import DataLengthMismatchError

KEY_TAG = hashlib.sha256(b"account:VerifyingKey").digest()[:8]
STAGING_TAG = hashlib.sha256(b"account:Staging").digest()[:8]
AUTHORITY = bytes(range(32))
DIGEST = bytes(range(50, 82))
BODY_MIN, BODY_MAX = 448 + 64, 448 + 64 * (PUBLIC_INPUTS_MAX + 1)


def _account(data: bytes, owner: Pubkey = GROTH16_VERIFIER_ID) -> Account:
    return Account(1, data, owner)


@pytest.mark.parametrize("count", [0, 1, PUBLIC_INPUTS_MAX])
def test_verifying_key(count: int) -> None:
    body = bytes([count + 1]) * (448 + 64 * (count + 1))
    key = decode_verifying_key(_account(KEY_TAG + body))
    assert key.body == body
    assert key.public_input_count == count
    assert key.body_hash == hashlib.sha256(body).digest()


@pytest.mark.parametrize("size", [BODY_MIN, BODY_MAX])
def test_staging(size: int) -> None:
    staging = decode_staging(_account(STAGING_TAG + AUTHORITY + DIGEST + b"\1" * size))
    assert staging.authority == Pubkey.from_bytes(AUTHORITY)
    assert staging.body_hash == DIGEST
    assert staging.body == b"\1" * size


READERS = {
    "verifying key": (decode_verifying_key, KEY_TAG, STAGING_TAG),
    "staging": (decode_staging, STAGING_TAG + AUTHORITY + DIGEST, KEY_TAG + AUTHORITY + DIGEST),
}


@pytest.mark.parametrize("kind", READERS)
def test_what_is_no_such_account(kind: str) -> None:
    read, head, other_head = READERS[kind]
    body = bytes(BODY_MIN)
    read(_account(head + body))
    with pytest.raises(AccountMissingError, match="there is no account where"):
        read(None)
    with pytest.raises(AccountOwnerMismatchError, match=str(GROTH16_VERIFIER_ID)):
        read(_account(head + body, Pubkey.default()))
    for wrong in (other_head + body, bytes([head[0] ^ 1]) + head[1:] + body, head[:7], b""):
        with pytest.raises(TagMismatchError, match="starts with the tag"):
            read(_account(wrong))
    for size in (448, BODY_MIN - 1, BODY_MIN + 1, BODY_MIN + 63, BODY_MAX + 1, BODY_MAX + 64):
        with pytest.raises(DataLengthMismatchError, match=f"one of {size} bytes"):
            read(_account(head + bytes(size)))
    for size in (0, 1, 447):
        with pytest.raises(DataLengthMismatchError):
            read(_account(head + bytes(size)))


@pytest.mark.parametrize("size", range(8, 72))
def test_a_staging_account_cut_inside_its_head(size: int) -> None:
    head = (STAGING_TAG + AUTHORITY + DIGEST)[:size]
    with pytest.raises(DataLengthMismatchError, match=f"the data of a Staging has at least .*; {size} came"):
        decode_staging(_account(head))
