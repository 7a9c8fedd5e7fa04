"""Builders of groth16_verifier's instructions for one authority and one key, which name their accounts themselves."""

from __future__ import annotations

from collections.abc import Sequence

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_sdk.generated import groth16_verifier as generated
from anomi_sdk.generated.groth16_verifier import staging_address, verifying_key_address

__all__ = ["close_staging", "finalize_key", "init_key", "verify", "verify_batch", "write_key"]


def init_key(authority: Pubkey, body_hash: bytes, body_bytes: int) -> Instruction:
    """Open the staging account of `authority` for a key body of this SHA-256 and length in bytes."""
    staging = staging_address(authority, body_hash)
    return generated.init_key(staging=staging, authority=authority, body_hash=body_hash, body_len=body_bytes)


def write_key(authority: Pubkey, body_hash: bytes, offset: int, chunk: bytes) -> Instruction:
    """Write `chunk` at `offset` of the staged body."""
    staging = staging_address(authority, body_hash)
    return generated.write_key(staging=staging, authority=authority, offset=offset, bytes_=chunk)


def finalize_key(authority: Pubkey, body_hash: bytes) -> Instruction:
    """Check the staged body, store it for ever at its own address, and give the staging rent back."""
    return generated.finalize_key(
        staging=staging_address(authority, body_hash),
        authority=authority,
        verifying_key=verifying_key_address(body_hash),
    )


def close_staging(authority: Pubkey, body_hash: bytes) -> Instruction:
    """Give an upload up and get its rent back."""
    return generated.close_staging(staging=staging_address(authority, body_hash), authority=authority)


def verify(verifying_key: Pubkey, proof: bytes, public_inputs: Sequence[bytes]) -> Instruction:
    """Succeed if, and only if, `proof` (256 bytes) proves `public_inputs` (32 bytes each) under the stored key.

    The bytes are those of `anomi_core.groth16.solana`; nothing about them is checked here but their lengths.
    """
    return generated.verify(verifying_key=verifying_key, proof=proof, public_inputs=public_inputs)


def verify_batch(verifying_key: Pubkey, proofs: Sequence[bytes], public_inputs: Sequence[bytes]) -> Instruction:
    """Succeed if, and only if, each of 1 to BATCH_PROOFS_MAX proofs proves its public inputs under the stored key.

    `public_inputs` holds the n inputs of the first proof, then those of the second, and so on. Bytes as for `verify`.
    Three proofs of one input fit a transaction; a program that calls can hold more in its accounts.
    """
    return generated.verify_batch(verifying_key=verifying_key, proofs=proofs, public_inputs=public_inputs)
