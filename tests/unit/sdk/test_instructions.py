"""Instruction builders: every byte as the specification of the wire format says, and nothing that does not fit."""

from __future__ import annotations

import hashlib

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM_PROGRAM

from anomi_core.errors import UsageError
from anomi_sdk.generated import groth16_verifier as generated
from anomi_sdk.groth16_verifier import (
    GROTH16_VERIFIER_ID,
    close_staging,
    finalize_key,
    init_key,
    staging_address,
    verify,
    verifying_key_address,
    write_key,
)

AUTHORITY = Pubkey.from_bytes(bytes(range(32)))
DIGEST = bytes(range(100, 132))
STAGING = staging_address(AUTHORITY, DIGEST)
KEY = verifying_key_address(DIGEST)


def _discriminator(name: str) -> bytes:
    return hashlib.sha256(f"global:{name}".encode()).digest()[:8]


def test_addresses_are_the_derived_ones() -> None:
    assert Pubkey.find_program_address([b"vk", DIGEST], GROTH16_VERIFIER_ID)[0] == KEY
    assert Pubkey.find_program_address([b"staging", bytes(AUTHORITY), DIGEST], GROTH16_VERIFIER_ID)[0] == STAGING
    for wrong in (b"", DIGEST[:-1], DIGEST + b"\0"):
        with pytest.raises(UsageError, match=f"verifying_key address: body_hash is 32 bytes, {len(wrong)} came"):
            verifying_key_address(wrong)
        with pytest.raises(UsageError, match=f"staging address: body_hash is 32 bytes, {len(wrong)} came"):
            staging_address(AUTHORITY, wrong)


EXPECTED = {
    "init_key": (
        init_key(AUTHORITY, DIGEST, 0x01020304),
        DIGEST + bytes([4, 3, 2, 1]),
        [
            AccountMeta(STAGING, False, True),
            AccountMeta(AUTHORITY, True, True),
            AccountMeta(SYSTEM_PROGRAM, False, False),
        ],
    ),
    "write_key": (
        write_key(AUTHORITY, DIGEST, 0x0102, b"abc"),
        bytes([2, 1, 0, 0, 3, 0, 0, 0]) + b"abc",
        [AccountMeta(STAGING, False, True), AccountMeta(AUTHORITY, True, False)],
    ),
    "finalize_key": (
        finalize_key(AUTHORITY, DIGEST),
        b"",
        [
            AccountMeta(STAGING, False, True),
            AccountMeta(AUTHORITY, True, True),
            AccountMeta(KEY, False, True),
            AccountMeta(SYSTEM_PROGRAM, False, False),
        ],
    ),
    "close_staging": (
        close_staging(AUTHORITY, DIGEST),
        b"",
        [AccountMeta(STAGING, False, True), AccountMeta(AUTHORITY, True, True)],
    ),
    "verify": (
        verify(KEY, bytes(range(256)), [bytes(32), b"\xff" * 32]),
        bytes(range(256)) + bytes([2, 0, 0, 0]) + bytes(32) + b"\xff" * 32,
        [AccountMeta(KEY, False, False)],
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_byte(name: str) -> None:
    instruction, arguments, accounts = EXPECTED[name]
    assert instruction == Instruction(GROTH16_VERIFIER_ID, _discriminator(name) + arguments, accounts)


def test_there_is_a_builder_for_every_instruction() -> None:
    assert set(EXPECTED) == {spec.name for spec in generated.INSTRUCTIONS}


def test_numbers_have_their_width() -> None:
    assert bytes(init_key(AUTHORITY, DIGEST, 2**32 - 1).data)[-4:] == b"\xff" * 4
    assert bytes(write_key(AUTHORITY, DIGEST, 2**32 - 1, b"").data)[8:12] == b"\xff" * 4
    for wrong in (2**32, -1):
        with pytest.raises(UsageError, match="unsigned integer of 32 bits"):
            init_key(AUTHORITY, DIGEST, wrong)
        with pytest.raises(UsageError, match="unsigned integer of 32 bits"):
            write_key(AUTHORITY, DIGEST, wrong, b"")


def test_arrays_have_their_length() -> None:
    for size in (255, 257):
        with pytest.raises(UsageError, match=f"verify: proof is 256 bytes, {size} came"):
            verify(KEY, bytes(size), [])
    for size in (0, 31, 33):
        with pytest.raises(UsageError, match=rf"verify: public_inputs\[1\] is 32 bytes, {size} came"):
            verify(KEY, bytes(256), [bytes(32), bytes(size)])
