"""Everything that an identity derives from its one secret, so that the recovery phrase alone brings it all back.

Each value is BLAKE2b keyed by `id_secret` (RFC 7693), with a personalisation of its own: none tells anything about
another, or about the secret.
"""

from __future__ import annotations

import hashlib
from typing import Final

from nacl.public import PrivateKey
from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError
from anomi_core.spec import ID_SECRET_BITS

__all__ = [
    "SECRET_BYTES",
    "SecretOutOfRangeError",
    "journal_key",
    "payee_salt",
    "payee_secret",
    "reveal_private_key",
    "secret_bytes",
]

SECRET_BYTES: Final = ID_SECRET_BITS // 8
_KEY_BYTES: Final = 32
_FIELD_BYTES: Final = 32
_SEQ_BYTES: Final = 8


class SecretOutOfRangeError(RefusedError):
    """A secret is negative or has more than 248 bits. The sentence does not show it."""


def secret_bytes(secret: int, name: str) -> bytes:
    """Return a 248-bit secret as 31 bytes, big-endian. Raises SecretOutOfRangeError."""
    if not 0 <= secret < 1 << ID_SECRET_BITS:
        raise SecretOutOfRangeError(f"{name} has to fit {ID_SECRET_BITS} bits, and does not")
    return secret.to_bytes(SECRET_BYTES, "big")


def payee_secret(id_secret: int, rail: int, payee_account: int) -> int:
    """Return the seller's secret of one account; `payee_account` is its packed text, `rail` the rail's number."""
    account = rail.to_bytes(_FIELD_BYTES, "big") + payee_account.to_bytes(_FIELD_BYTES, "big")
    return int.from_bytes(_derive(id_secret, b"anomi payee sec", account, SECRET_BYTES), "big")


def payee_salt(id_secret: int, ask: Pubkey) -> int:
    """Return the salt of one ask's payee commitment: another for each ask, so that asks stay unlinkable."""
    return int.from_bytes(_derive(id_secret, b"anomi payee salt", bytes(ask), SECRET_BYTES), "big")


def reveal_private_key(id_secret: int, deployment: int, line_id: int, seq: int) -> PrivateKey:
    """Return the X25519 key of the bid `seq` of a line, to which the seller encrypts the payee.

    It needs no journal: whoever has the recovery phrase can read every reveal that was ever made to him.
    """
    bid = b"".join(
        (
            deployment.to_bytes(_FIELD_BYTES, "big"),
            line_id.to_bytes(_FIELD_BYTES, "big"),
            seq.to_bytes(_SEQ_BYTES, "big"),
        )
    )
    return PrivateKey(_derive(id_secret, b"anomi reveal key", bid, _KEY_BYTES))


def journal_key(id_secret: int) -> bytes:
    """Return the key under which the journal keeps what is private."""
    return _derive(id_secret, b"anomi journal", b"", _KEY_BYTES)


def _derive(id_secret: int, purpose: bytes, data: bytes, size: int) -> bytes:
    key = secret_bytes(id_secret, "id_secret")
    return hashlib.blake2b(data, digest_size=size, key=key, person=purpose).digest()
