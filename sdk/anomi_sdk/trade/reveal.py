"""The reveal: how a seller tells one buyer whom to pay, and how the buyer makes sure that it is the ask's payee.

The plaintext has 128 bytes, the same number for every account:

| offset | bytes | what |
|---|---|---|
| 0 | 1 | version, 1 |
| 1 | 32 | SHA-256 of "anomi reveal" and the order's address |
| 33 | 1 | length of the account |
| 34 | 32 | the account, canonical ASCII, then zeros |
| 66 | 31 | payee_secret, big-endian |
| 97 | 31 | salt, big-endian |

It is sealed to the order's X25519 key (libsodium's sealed box: an ephemeral key, XSalsa20-Poly1305), 48 bytes more.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from solders.pubkey import Pubkey

from anomi_core import identity
from anomi_core.errors import RefusedError, UnreadableInputError
from anomi_core.rails import Rail, pack_text
from anomi_sdk.generated.order_processor import REVEAL_CIPHERTEXT_BYTES
from anomi_sdk.trade.derivation import SECRET_BYTES, secret_bytes
from anomi_sdk.trade.markets import field_bytes

__all__ = [
    "PLAINTEXT_BYTES",
    "Payee",
    "RevealAccountNotCanonicalError",
    "RevealCommitmentMismatchError",
    "RevealKeyUnusableError",
    "RevealLengthError",
    "RevealNotCanonicalError",
    "RevealOfAnotherOrderError",
    "RevealUndecryptableError",
    "RevealVersionUnknownError",
    "open_reveal",
    "require_usable_reveal_key",
    "seal_reveal",
]

_VERSION: Final = 1
_BINDING_BYTES: Final = 32
_ACCOUNT_BYTES: Final = 32
_KEY_BYTES: Final = 32
_P: Final = 2**255 - 19
_ORDER_8: Final = (
    0x00B8495F16056286FDB1329CEB8D09DA6AC49FF1FAE35616AEB8413B7C7AEBE0,
    0x57119FD0DD4E22D8868E1C58C45C44045BEF839C55B1D0B1248C50A3BC959C5F,
)
_SMALL_ORDER: Final = frozenset({0, 1, _P - 1, *_ORDER_8})
"""Every point of small order on Curve25519 and its twist, by its u."""

PLAINTEXT_BYTES: Final = 1 + _BINDING_BYTES + 1 + _ACCOUNT_BYTES + 2 * SECRET_BYTES


class RevealLengthError(RefusedError):
    """A reveal is not 176 bytes long."""


class RevealUndecryptableError(RefusedError):
    """A reveal does not open under the bid's key: it was made for another key, or changed."""


class RevealVersionUnknownError(RefusedError):
    """A reveal is of a version that this client does not know."""


class RevealOfAnotherOrderError(RefusedError):
    """A reveal was made for another order."""


class RevealNotCanonicalError(RefusedError):
    """A reveal is not written as every reveal is: its length byte or its padding."""


class RevealAccountNotCanonicalError(RefusedError):
    """A reveal's account is not in the one spelling that the rail has for it."""


class RevealCommitmentMismatchError(RefusedError):
    """A reveal does not open the ask's commitment: it names another payee than the one that can be proven as paid."""


class RevealKeyUnusableError(RefusedError):
    """An X25519 key is one to which nothing can be sealed in secret, or is not written in its shortest form."""


@dataclass(frozen=True)
class Payee:
    """Whom to pay: an account in canonical text, and what opens the commitment to it."""

    account: str = field(repr=False)
    secret: int = field(repr=False)
    salt: int = field(repr=False)

    def key(self, rail: Rail) -> int:
        """Return the payee key, from which the commitment and every transfer's nullifier are made."""
        return identity.payee_key(rail.id(), pack_text(self.account), self.secret)

    def nullifier(self, rail: Rail, txid: str) -> bytes:
        """Return the nullifier of a transfer to this payee, whose id is in canonical text."""
        return field_bytes(identity.nullifier(rail.id(), pack_text(txid), self.key(rail)))

    def commitment(self, rail: Rail) -> int:
        """Return what the ask commits to."""
        return identity.payee_commit(self.key(rail), self.salt)


def seal_reveal(payee: Payee, *, order: Pubkey, rail: Rail, reveal_key: bytes) -> bytes:
    """Return the 176 bytes that tell the owner of `reveal_key` the payee of `order`.

    Raises RevealAccountNotCanonicalError, SecretOutOfRangeError for a secret of more than 248 bits, and
    RevealKeyUnusableError, as for a key of small order, which would open the reveal to everyone.
    """
    plaintext = _encode(payee, order, rail)
    require_usable_reveal_key(reveal_key)
    return bytes(SealedBox(PublicKey(reveal_key)).encrypt(plaintext))


def require_usable_reveal_key(key: bytes) -> None:
    """Refuse what market refuses: a key that is not 32 bytes below p, or one of small order. RevealKeyUnusableError."""
    number = int.from_bytes(key, "little")
    if len(key) != _KEY_BYTES or number >= _P or number in _SMALL_ORDER:
        raise RevealKeyUnusableError(
            f"nothing can be sealed to the reveal key {key.hex()}: it is no X25519 key of large order in canonical form"
        )


def open_reveal(ciphertext: bytes, *, order: Pubkey, rail: Rail, private_key: PrivateKey, payee_commit: int) -> Payee:
    """Return the payee of `order`, after every check that a buyer has to make before he pays.

    Raises, in this order: RevealLengthError, RevealUndecryptableError, RevealVersionUnknownError,
    RevealOfAnotherOrderError, RevealNotCanonicalError, RevealAccountNotCanonicalError, RevealCommitmentMismatchError.
    Their sentences hold nothing of the content.
    """
    payee = _decode(_unseal(ciphertext, private_key), order, rail)
    if payee.commitment(rail) != payee_commit:
        raise RevealCommitmentMismatchError(
            "the reveal names another payee than the ask commits to: a payment to it could never be proven",
            hint="do not pay; the order expires by itself",
        )
    return payee


def _unseal(ciphertext: bytes, private_key: PrivateKey) -> bytes:
    if len(ciphertext) != REVEAL_CIPHERTEXT_BYTES:
        raise RevealLengthError(f"a reveal has {REVEAL_CIPHERTEXT_BYTES} bytes, {len(ciphertext)} came")
    try:
        return SealedBox(private_key).decrypt(ciphertext)
    except CryptoError as error:
        raise RevealUndecryptableError("the reveal does not open under this bid's key") from error


def _encode(payee: Payee, order: Pubkey, rail: Rail) -> bytes:
    _require_canonical_account(payee.account, rail)
    account = payee.account.encode("ascii")
    return b"".join(
        (
            bytes([_VERSION]),
            _binding(order),
            bytes([len(account)]),
            account.ljust(_ACCOUNT_BYTES, b"\0"),
            secret_bytes(payee.secret, "payee_secret"),
            secret_bytes(payee.salt, "payee_salt"),
        )
    )


def _decode(plaintext: bytes, order: Pubkey, rail: Rail) -> Payee:
    if plaintext[0] != _VERSION:
        raise RevealVersionUnknownError(f"this client reads reveals of version {_VERSION}; one of {plaintext[0]} came")
    at = 1 + _BINDING_BYTES
    if plaintext[1:at] != _binding(order):
        raise RevealOfAnotherOrderError("the reveal was made for another order than the one that holds it")
    length, text = plaintext[at], plaintext[at + 1 : at + 1 + _ACCOUNT_BYTES]
    if not 1 <= length <= _ACCOUNT_BYTES or any(text[length:]) or not text[:length].isascii():
        raise RevealNotCanonicalError("the reveal's account is not ASCII of its length followed by zeros")
    secrets = plaintext[at + 1 + _ACCOUNT_BYTES :]
    payee = Payee(
        account=text[:length].decode("ascii"),
        secret=int.from_bytes(secrets[:SECRET_BYTES], "big"),
        salt=int.from_bytes(secrets[SECRET_BYTES:], "big"),
    )
    if _encode(payee, order, rail) != plaintext:
        raise RevealNotCanonicalError("the reveal is not written as every reveal is")
    return payee


def _require_canonical_account(account: str, rail: Rail) -> None:
    try:
        canonical = rail.canonical_account(account)
        pack_text(account)
    except (RefusedError, UnreadableInputError) as error:
        raise RevealAccountNotCanonicalError(f"the reveal's account is not one of the rail {rail.name}") from error
    if canonical != account or len(account) > _ACCOUNT_BYTES:
        raise RevealAccountNotCanonicalError(
            f"the reveal's account is not in the one spelling that the rail {rail.name} has for it"
        )


def _binding(order: Pubkey) -> bytes:
    return hashlib.sha256(b"anomi reveal" + bytes(order)).digest()
