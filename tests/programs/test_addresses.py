"""Addresses that programs derive by themselves, hash by hash, are those that the runtime derives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import count, islice

import pytest
from solders.pubkey import Pubkey

from anomi_sdk.generated import groth16_verifier as generated
from anomi_sdk.generated.groth16_verifier import staging_address_and_bump
from anomi_sdk.generated.groth16_verifier_errors import StagingAddressMismatchError
from anomi_sdk.groth16_verifier import init_key
from tests.programs.world import World, with_account

BODY_BYTES = 576
UNITS, PER_BUMP = 3_250, 365
"""Of init_key whose address the first bump gives, and of each bump more."""


def digest_with(authority: Pubkey, further: int) -> bytes:
    """A hash whose staging address is found after so many bumps that give none."""
    digests = (hashlib.sha256(f"{further} {number}".encode()).digest() for number in count())
    return next(digest for digest in digests if staging_address_and_bump(authority, digest)[1] == 255 - further)


@pytest.mark.parametrize("further", range(11))
def test_the_canonical_bump_is_found_however_deep(world: World, further: int) -> None:
    """From the same seeds and bump the runtime derives the same address, or the program could not sign for it."""
    authority = world.authority.pubkey()
    digest = digest_with(authority, further)
    units = world.accepted(init_key(authority, digest, BODY_BYTES)).compute_units
    assert UNITS - 300 < units - PER_BUMP * further <= UNITS
    stored = generated.Staging.read(world.account(world.staging(digest)))
    assert (stored.authority, stored.body_hash) == (authority, digest)


@pytest.mark.parametrize("further", [0, 1, 5])
def test_a_lower_bump_is_refused(world: World, further: int) -> None:
    """Valid addresses of the same seeds, but not the canonical one."""
    authority = world.authority.pubkey()
    digest = digest_with(authority, further)
    lower = valid_addresses(b"".join((generated.STAGING_SEED, bytes(authority), digest)), 254 - further)
    for address in islice(lower, 5):
        instruction = with_account(init_key(authority, digest, BODY_BYTES), 0, pubkey=address)
        world.refused(instruction, code=StagingAddressMismatchError)


def valid_addresses(seeds: bytes, highest_bump: int) -> Iterator[Pubkey]:
    """The addresses of these seeds for every bump from the highest downwards that gives one."""
    for bump in range(highest_bump, 0, -1):
        preimage = seeds + bytes([bump]) + bytes(generated.PROGRAM_ID) + b"ProgramDerivedAddress"
        address = Pubkey.from_bytes(hashlib.sha256(preimage).digest())
        if not address.is_on_curve():
            yield address
