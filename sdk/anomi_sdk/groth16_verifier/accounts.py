"""Strict readers of groth16_verifier's accounts: owner, tag and length before anything else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from solders.account import Account
from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError
from anomi_sdk.addresses import GROTH16_VERIFIER_ID
from anomi_sdk.generated import groth16_verifier as generated

__all__ = [
    "AccountDataLengthMismatchError",
    "AccountMissingError",
    "AccountOwnerMismatchError",
    "AccountTagMismatchError",
    "StagingAccount",
    "VerifyingKeyAccount",
    "decode_staging",
    "decode_verifying_key",
]

_G1_BYTES: Final = 64


class AccountMissingError(RefusedError):
    """There is no account at this address."""


class AccountOwnerMismatchError(RefusedError):
    """The account belongs to another program than the one that should have written it."""


class AccountTagMismatchError(RefusedError):
    """The account is of another kind: its first 8 bytes are not this kind's tag."""


class AccountDataLengthMismatchError(RefusedError):
    """The account's data has a length that its kind never has."""


@dataclass(frozen=True)
class VerifyingKeyAccount:
    """An accepted verifying key: `body` as `anomi_core.groth16.solana.verifying_key_body` writes it."""

    body: bytes

    @property
    def body_hash(self) -> bytes:
        """The SHA-256 of the body, from which the account's address is derived."""
        return hashlib.sha256(self.body).digest()

    @property
    def public_input_count(self) -> int:
        """How many public inputs a proof under this key has."""
        return (len(self.body) - generated.KEY_BODY_FIXED_BYTES) // _G1_BYTES - 1


@dataclass(frozen=True)
class StagingAccount:
    """A key being uploaded: bytes of `body` that were not written yet are zero."""

    authority: Pubkey
    body_hash: bytes
    body: bytes


def decode_verifying_key(account: Account | None) -> VerifyingKeyAccount:
    """Read a verifying key account. Raises one of this module's errors when it is not one."""
    data = _require(account, "a verifying key", generated.VERIFYING_KEY_TAG)
    body = data[generated.VERIFYING_KEY_BODY_OFFSET :]
    _require_body_length(body, "a verifying key")
    return VerifyingKeyAccount(body)


def decode_staging(account: Account | None) -> StagingAccount:
    """Read a staging account. Raises one of this module's errors when it is not one."""
    data = _require(account, "a staging account", generated.STAGING_TAG)
    body = data[generated.STAGING_BODY_OFFSET :]
    _require_body_length(body, "a staging account")
    return StagingAccount(
        authority=Pubkey(data[generated.STAGING_AUTHORITY_OFFSET : generated.STAGING_BODY_HASH_OFFSET]),
        body_hash=data[generated.STAGING_BODY_HASH_OFFSET : generated.STAGING_BODY_OFFSET],
        body=body,
    )


def _require(account: Account | None, kind: str, tag: bytes) -> bytes:
    if account is None:
        raise AccountMissingError(f"there is no account where {kind} was expected")
    if account.owner != GROTH16_VERIFIER_ID:
        raise AccountOwnerMismatchError(
            f"{kind} belongs to the program {GROTH16_VERIFIER_ID}, this account to {account.owner}"
        )
    data = bytes(account.data)
    if data[: len(tag)] != tag:
        raise AccountTagMismatchError(
            f"{kind} starts with the tag {tag.hex()}, this account with {data[: len(tag)].hex() or 'nothing'}"
        )
    return data


def _require_body_length(body: bytes, kind: str) -> None:
    points, odd = divmod(len(body) - generated.KEY_BODY_FIXED_BYTES, _G1_BYTES)
    if odd or not 1 <= points <= generated.PUBLIC_INPUTS_MAX + 1:
        raise AccountDataLengthMismatchError(
            f"{kind} holds a body of {generated.KEY_BODY_FIXED_BYTES} + {_G1_BYTES}·(n + 1) bytes "
            f"with n ≤ {generated.PUBLIC_INPUTS_MAX}, this account one of {len(body)} bytes"
        )
