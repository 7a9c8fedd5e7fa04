"""The two prime fields of BN254, and how a 32-byte key enters a circuit.

`Fr` (the scalar field, order `FR_MODULUS`) is where every hash, statement and circuit signal lives. `Fq`
(order `FQ_MODULUS`) holds the coordinates of proof points. Source: EIP-196.
"""

from __future__ import annotations

from typing import Final

from anomi_core.errors import RefusedError, UnreadableInputError

__all__ = ["FQ_MODULUS", "FR_MODULUS", "KeyLengthError", "NotCanonicalError", "require_fr", "split_key"]

FR_MODULUS: Final = 21888242871839275222246405745257275088548364400416034343698204186575808495617
"""r, the order of BN254's groups: field elements are 0 … r − 1."""
FQ_MODULUS: Final = 21888242871839275222246405745257275088696311157297823662689037894645226208583
"""q, the order of the field BN254 is defined over."""

KEY_BYTES: Final = 32


class NotCanonicalError(RefusedError):
    """A value is not a canonical field element: negative, or ≥ r."""


class KeyLengthError(UnreadableInputError):
    """A key, hash or address is not 32 bytes long."""


def require_fr(value: int, name: str) -> int:
    """Return `value` when 0 ≤ value < r, else raise NotCanonicalError.

    The sentence names `name` and never the value, which may be secret.
    """
    if not 0 <= value < FR_MODULUS:
        came = "a negative number" if value < 0 else "a number ≥ r"
        raise NotCanonicalError(f"{name} must be a field element, 0 <= {name} < r of BN254; it is {came}")
    return value


def split_key(key: bytes) -> tuple[int, int]:
    """Return the big-endian halves (hi, lo) of a 32-byte key as two 128-bit integers, never reduced mod r.

    Two limbs because a key has 256 bits and a field element fewer than 254: reducing would let two keys
    share one value.
    """
    if len(key) != KEY_BYTES:
        raise KeyLengthError(f"a key has 32 bytes; this one has {len(key)}")
    return int.from_bytes(key[:16], "big"), int.from_bytes(key[16:], "big")
