"""EdDSA-Poseidon over Baby Jubjub: how attestors sign, and what the circuits verify.

Keys, signatures and verdicts equal @zk-kit/eddsa-poseidon 1.1 with BLAKE-1 (circomlibjs' scheme): the
32-byte secret is expanded by BLAKE-512, pruned as in Ed25519, and the nonce is derived from the secret and
the message, so signing needs no randomness and signing twice gives the same bytes.

Python's integers are not constant-time: how long a signature takes depends on the key. Who can measure many
signatures closely (another process on the same machine, a fast network peer) may learn about it. An
attestor therefore signs in a process of its own, rate-limited, never as a library call inside a service
that answers strangers at once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from anomi_core import babyjub
from anomi_core.babyjub import BASE8, SUBGROUP_ORDER
from anomi_core.blake512 import blake512
from anomi_core.errors import RefusedError, UnreadableInputError
from anomi_core.field import require_fr
from anomi_core.poseidon import poseidon

__all__ = [
    "KeyIsIdentityError",
    "KeyOffCurveError",
    "KeyOffSubgroupError",
    "NonceOffCurveError",
    "PublicKey",
    "ScalarTooLargeError",
    "SecretLengthError",
    "Signature",
    "SignatureEquationError",
    "SignatureRefusedError",
    "derive_public_key",
    "require_public_key",
    "sign",
    "verify",
]

SECRET_BYTES: Final = 32


class PublicKey(NamedTuple):
    """A point (ax, ay) of the subgroup, both coordinates below r."""

    ax: int
    ay: int


class Signature(NamedTuple):
    """The nonce point R8 and the scalar S of one signature."""

    r8x: int
    r8y: int
    s: int


class SecretLengthError(UnreadableInputError):
    """A signing secret is not 32 bytes long."""


class SignatureRefusedError(RefusedError):
    """A signature or its key was refused; the subclasses say why."""


class ScalarTooLargeError(SignatureRefusedError):
    """S is negative or not below the subgroup order: a second spelling of a signature."""


class NonceOffCurveError(SignatureRefusedError):
    """R8 is not a point of the curve."""


class KeyOffCurveError(SignatureRefusedError):
    """The public key is not a point of the curve."""


class KeyIsIdentityError(SignatureRefusedError):
    """The public key is the identity, under which anyone can sign."""


class KeyOffSubgroupError(SignatureRefusedError):
    """The public key is on the curve but outside the subgroup of prime order."""


class SignatureEquationError(SignatureRefusedError):
    """S·B8 ≠ R8 + 8·P(R8, A, M)·A: another key, another message, or a forged signature."""


def derive_public_key(secret: bytes) -> PublicKey:
    """Return the public key of a 32-byte secret; raises SecretLengthError."""
    scalar, _ = _expand(secret)
    return _public_key(scalar)


def sign(secret: bytes, message: int) -> Signature:
    """Return the signature of a field element under a 32-byte secret, deterministically.

    Raises SecretLengthError, and NotCanonicalError when the message is not in 0 … r − 1.
    """
    require_fr(message, "message")
    scalar, prefix = _expand(secret)
    nonce = int.from_bytes(blake512(prefix + message.to_bytes(32, "little")), "little") % SUBGROUP_ORDER
    r8 = babyjub.multiply(BASE8, nonce)
    challenge = poseidon([*r8, *_public_key(scalar), message])
    return Signature(*r8, (nonce + challenge * scalar) % SUBGROUP_ORDER)


def verify(key: PublicKey, message: int, signature: Signature) -> None:
    """Raise unless `signature` is `key`'s on `message` (a field element); return nothing.

    Raises, in this order: NotCanonicalError (message), KeyOffCurveError, KeyIsIdentityError,
    KeyOffSubgroupError, ScalarTooLargeError, NonceOffCurveError, SignatureEquationError. A key outside the
    subgroup is refused here although circomlib's circuit would clear its cofactor: a registry never holds
    one.
    """
    require_fr(message, "message")
    require_public_key(key)
    r8 = (signature.r8x, signature.r8y)
    if not 0 <= signature.s < SUBGROUP_ORDER:
        raise ScalarTooLargeError("a signature's S must be below Baby Jubjub's subgroup order; this one is not")
    if not babyjub.is_on_curve(r8):
        raise NonceOffCurveError("a signature's R8 must be a point of Baby Jubjub; this one is not on the curve")
    challenge = poseidon([*r8, *key, message])
    right = babyjub.add(r8, babyjub.multiply(key, 8 * challenge))
    if babyjub.multiply(BASE8, signature.s) != right:
        raise SignatureEquationError("the signature does not belong to this key and message")


def require_public_key(key: PublicKey) -> PublicKey:
    """Return `key` when it is a point of the subgroup other than the identity.

    Raises KeyOffCurveError, KeyIsIdentityError or KeyOffSubgroupError.
    """
    if not babyjub.is_on_curve(key):
        raise KeyOffCurveError("a public key must be a point of Baby Jubjub; this one is not on the curve")
    if (key.ax, key.ay) == babyjub.IDENTITY:
        raise KeyIsIdentityError("a public key must not be the identity: anyone can sign under it")
    if not babyjub.is_in_subgroup(key):
        raise KeyOffSubgroupError("a public key must lie in Baby Jubjub's subgroup of prime order; this one does not")
    return key


def _expand(secret: bytes) -> tuple[int, bytes]:
    """Return the pruned secret scalar (a multiple of 8) and the prefix its nonces are derived from."""
    if len(secret) != SECRET_BYTES:
        raise SecretLengthError(f"a signing secret has {SECRET_BYTES} bytes; this one has {len(secret)}")
    hashed = blake512(secret)
    pruned = bytearray(hashed[:32])
    pruned[0] &= 0xF8
    pruned[31] = pruned[31] & 0x7F | 0x40
    return int.from_bytes(pruned, "little"), hashed[32:]


def _public_key(scalar: int) -> PublicKey:
    # The scalar's factor 8 is left out here and put back by the verifier's 8·A.
    return PublicKey(*babyjub.multiply(BASE8, scalar >> 3))
