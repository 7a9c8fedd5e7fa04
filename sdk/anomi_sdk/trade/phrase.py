"""The recovery phrase of an identity: 14 groups of four signs to write on paper.

35 bytes, the 31 of the secret and 4 of a checksum, in Crockford's base 32 (no I, L, O, U): 56 signs. A phrase with a
mistake is refused, but for one in 2**32; small letters, spaces, missing hyphens and the look-alikes I, L, O are read.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from anomi_core.errors import RefusedError, UnreadableInputError
from anomi_sdk.trade.derivation import SECRET_BYTES, secret_bytes

__all__ = [
    "RecoveryPhraseCharacterError",
    "RecoveryPhraseChecksumError",
    "RecoveryPhraseLengthError",
    "recovery_phrase",
    "secret_of_phrase",
]

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {sign: value for value, sign in enumerate(_ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_CHECKSUM_BYTES: Final = 4
_SIGNS: Final = (SECRET_BYTES + _CHECKSUM_BYTES) * 8 // 5
_GROUP: Final = 4
_TYPED_CHARACTERS_MAX: Final = 500


class RecoveryPhraseLengthError(UnreadableInputError):
    """A recovery phrase does not have 56 signs."""


class RecoveryPhraseCharacterError(UnreadableInputError):
    """A recovery phrase holds a sign that none has."""


class RecoveryPhraseChecksumError(RefusedError):
    """A recovery phrase has a mistake somewhere: its checksum does not fit."""


def recovery_phrase(id_secret: int) -> str:
    """Return the phrase that `secret_of_phrase` reads. It is the identity itself: for paper, not for a disk."""
    secret = secret_bytes(id_secret, "id_secret")
    number = int.from_bytes(secret + _checksum(secret), "big")
    signs = "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_SIGNS)))
    return "-".join(signs[at : at + _GROUP] for at in range(0, _SIGNS, _GROUP))


def secret_of_phrase(text: str) -> int:
    """Return the secret behind a phrase as typed.

    Raises RecoveryPhraseLengthError, RecoveryPhraseCharacterError (which names the group) and
    RecoveryPhraseChecksumError; none repeats the phrase.
    """
    signs = "".join(text[: _TYPED_CHARACTERS_MAX + 1].upper().replace("-", " ").split())
    if len(text) > _TYPED_CHARACTERS_MAX or len(signs) != _SIGNS:
        raise RecoveryPhraseLengthError(
            f"a recovery phrase has {_SIGNS // _GROUP} groups of {_GROUP} signs, {_SIGNS} in all;"
            f" {min(len(signs), _TYPED_CHARACTERS_MAX)} came"
        )
    number = 0
    for place, sign in enumerate(signs):
        if sign not in _VALUES:
            raise RecoveryPhraseCharacterError(
                f"group {place // _GROUP + 1} of the recovery phrase holds a sign that none has"
            )
        number = number << 5 | _VALUES[sign]
    data = number.to_bytes(SECRET_BYTES + _CHECKSUM_BYTES, "big")
    secret, checksum = data[:SECRET_BYTES], data[SECRET_BYTES:]
    if not hmac.compare_digest(checksum, _checksum(secret)):
        raise RecoveryPhraseChecksumError(
            "the recovery phrase has a mistake: its checksum does not fit",
            hint="compare it with the paper, sign by sign",
        )
    return int.from_bytes(secret, "big")


def _checksum(secret: bytes) -> bytes:
    return hashlib.sha256(b"anomi recovery phrase" + secret).digest()[:_CHECKSUM_BYTES]
