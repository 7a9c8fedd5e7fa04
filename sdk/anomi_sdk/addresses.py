"""Program-derived addresses: where the programs keep their accounts."""

from __future__ import annotations

from typing import Final

from solders.pubkey import Pubkey

from anomi_core.errors import UsageError
from anomi_sdk.generated import groth16_verifier as generated

__all__ = [
    "GROTH16_VERIFIER_ID",
    "staging_address",
    "staging_address_and_bump",
    "verifying_key_address",
    "verifying_key_address_and_bump",
]

GROTH16_VERIFIER_ID: Final = Pubkey.from_string(generated.PROGRAM_ID)
"""The program groth16_verifier, from spec/programs.toml."""

_HASH_BYTES: Final = 32


def verifying_key_address(body_hash: bytes) -> Pubkey:
    """Return the address of the verifying key whose body has the SHA-256 `body_hash` (32 bytes).

    The address is the key: whoever uploads it, the same body stands at the same place and no other body can.
    """
    return verifying_key_address_and_bump(body_hash)[0]


def verifying_key_address_and_bump(body_hash: bytes) -> tuple[Pubkey, int]:
    """Return `verifying_key_address` and its canonical bump: 255, less one for each bump that lay on the curve."""
    _require_hash(body_hash)
    return Pubkey.find_program_address([generated.VERIFYING_KEY_SEED, body_hash], GROTH16_VERIFIER_ID)


def staging_address(authority: Pubkey, body_hash: bytes) -> Pubkey:
    """Return the address where `authority` uploads the key whose body has the SHA-256 `body_hash` (32 bytes)."""
    return staging_address_and_bump(authority, body_hash)[0]


def staging_address_and_bump(authority: Pubkey, body_hash: bytes) -> tuple[Pubkey, int]:
    """Return `staging_address` and its canonical bump."""
    _require_hash(body_hash)
    return Pubkey.find_program_address([generated.STAGING_SEED, bytes(authority), body_hash], GROTH16_VERIFIER_ID)


def _require_hash(body_hash: bytes) -> None:
    if len(body_hash) != _HASH_BYTES:
        raise UsageError(f"a body hash is {_HASH_BYTES} bytes, {len(body_hash)} came")
