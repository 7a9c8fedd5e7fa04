"""Strict readers of groth16_verifier's accounts: owner and tag, then a body of a length that a key can have."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from solders.account import Account

from anomi_sdk.generated.groth16_verifier import KEY_BODY_FIXED_BYTES, PUBLIC_INPUTS_MAX, Staging, VerifyingKey
from anomi_sdk.wire import DataLengthMismatchError

__all__ = ["VerifyingKeyAccount", "decode_staging", "decode_verifying_key"]

_G1_BYTES: Final = 64


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
        return (len(self.body) - KEY_BODY_FIXED_BYTES) // _G1_BYTES - 1


def decode_verifying_key(account: Account | None) -> VerifyingKeyAccount:
    """Read a verifying key account. Raises the errors of `AccountLayout.read` when it is not one."""
    body = VerifyingKey.read(account).body.encode()
    _require_body_length(body, VerifyingKey)
    return VerifyingKeyAccount(body)


def decode_staging(account: Account | None) -> Staging:
    """Read a staging account. Raises the errors of `AccountLayout.read` when it is not one."""
    staging = Staging.read(account)
    _require_body_length(staging.body, Staging)
    return staging


def _require_body_length(body: bytes, kind: type[Staging | VerifyingKey]) -> None:
    points, odd = divmod(len(body) - KEY_BODY_FIXED_BYTES, _G1_BYTES)
    if odd or not 1 <= points <= PUBLIC_INPUTS_MAX + 1:
        raise DataLengthMismatchError(
            f"a {kind.__name__} holds a body of {KEY_BODY_FIXED_BYTES} + {_G1_BYTES}·(n + 1) bytes "
            f"with n ≤ {PUBLIC_INPUTS_MAX}, this account one of {len(body)} bytes"
        )
