"""Bytes as Solana's `alt_bn128` syscalls and the program groth16_verifier take them, and back.

Numbers are 32 bytes big-endian; G1 is x ‖ y; G2 is x.c1 ‖ x.c0 ‖ y.c1 ‖ y.c0 (EIP-197). A proof is A ‖ B ‖ C
as provers emit it, with nothing negated: the key body holds −β, −γ and −δ instead, so the program does no
field arithmetic. Decoding refuses what the program refuses, flag bits included: the syscalls ignore bit 0x80
of a first byte, and read a point with bit 0x40 as the identity whatever its coordinates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from anomi_core.field import FR_MODULUS
from anomi_core.groth16.checks import (
    check_g1,
    check_g2,
    check_gamma_is_not_delta,
    check_proof,
    check_verifying_key,
)
from anomi_core.groth16.curve import g2_negate
from anomi_core.groth16.errors import (
    FlagBitsSetError,
    MalformedProofError,
    MalformedPublicInputsError,
    MalformedVerifyingKeyError,
    PublicInputNotCanonicalError,
    TooManyPublicInputsError,
)
from anomi_core.groth16.types import G1Point, G2Point, Proof, VerifyingKey
from anomi_core.spec import PUBLIC_INPUTS_MAX

__all__ = [
    "PROOF_BYTES",
    "proof_from_bytes",
    "proof_to_bytes",
    "public_inputs_from_bytes",
    "public_inputs_to_bytes",
    "verifying_key_body",
    "verifying_key_body_hash",
    "verifying_key_from_body",
]

_WORD: Final = 32
_G1: Final = 2 * _WORD
_G2: Final = 4 * _WORD
PROOF_BYTES: Final = _G1 + _G2 + _G1
_KEY_HEAD: Final = _G1 + 3 * _G2
_FLAG_BITS: Final = 0xC0


def proof_to_bytes(proof: Proof) -> bytes:
    """Return the 256 bytes A ‖ B ‖ C of a proof, after checking its points."""
    check_proof(proof)
    return _g1_bytes(proof.a) + _g2_bytes(proof.b) + _g1_bytes(proof.c)


def proof_from_bytes(data: bytes) -> Proof:
    """Read 256 bytes A ‖ B ‖ C.

    Raises MalformedProofError on another length, FlagBitsSetError, and what `check_proof` raises.
    """
    if len(data) != PROOF_BYTES:
        raise MalformedProofError(f"a proof is {PROOF_BYTES} bytes, {len(data)} came")
    return Proof(
        a=_read_g1(data, 0, "A of the proof"),
        b=_read_g2(data, _G1, "B of the proof"),
        c=_read_g1(data, _G1 + _G2, "C of the proof"),
    )


def public_inputs_to_bytes(inputs: Sequence[int]) -> bytes:
    """Return the inputs as 32 bytes each, big-endian. Raises PublicInputNotCanonicalError or
    TooManyPublicInputsError.
    """
    _check_count(len(inputs))
    for index, value in enumerate(inputs):
        _check_input(value, index)
    return b"".join(value.to_bytes(_WORD, "big") for value in inputs)


def public_inputs_from_bytes(data: bytes) -> tuple[int, ...]:
    """Read 32-byte big-endian inputs. Raises as `public_inputs_to_bytes`, and MalformedPublicInputsError on a
    bad length.
    """
    if len(data) % _WORD:
        raise MalformedPublicInputsError(f"public inputs are {_WORD} bytes each, {len(data)} bytes came")
    _check_count(len(data) // _WORD)
    inputs = tuple(int.from_bytes(data[at : at + _WORD], "big") for at in range(0, len(data), _WORD))
    for index, value in enumerate(inputs):
        _check_input(value, index)
    return inputs


def verifying_key_body(key: VerifyingKey) -> bytes:
    """Return α ‖ −β ‖ −γ ‖ −δ ‖ IC[0] … IC[n]: 448 + 64·(n + 1) bytes, after checking the key.

    Its SHA-256 is the key's address on chain. Raises what `check_verifying_key` raises, and
    TooManyPublicInputsError.
    """
    _check_count(key.public_input_count)
    check_verifying_key(key)
    negated = (_g2_bytes(g2_negate(point)) for point in (key.beta, key.gamma, key.delta))
    return b"".join((_g1_bytes(key.alpha), *negated, *(_g1_bytes(point) for point in key.ic)))


def verifying_key_body_hash(body: bytes) -> bytes:
    """Return the SHA-256 that names a key body on chain."""
    return hashlib.sha256(body).digest()


def verifying_key_from_body(body: bytes) -> VerifyingKey:
    """Read a key body back, undoing the negations.

    Raises MalformedVerifyingKeyError on a bad length, TooManyPublicInputsError, FlagBitsSetError, and what
    `check_verifying_key` raises.
    """
    rest = len(body) - _KEY_HEAD
    if rest < _G1 or rest % _G1:
        raise MalformedVerifyingKeyError(f"a verifying key body is {_KEY_HEAD} + {_G1}·(n + 1) bytes, {len(body)} came")
    _check_count(rest // _G1 - 1)
    alpha = _read_g1(body, 0, "α of the verifying key")
    beta, gamma, delta = (
        _read_g2(body, _G1 + index * _G2, f"{name} of the verifying key") for index, name in enumerate("βγδ")
    )
    ic = tuple(
        _read_g1(body, at, f"IC[{index}] of the verifying key")
        for index, at in enumerate(range(_KEY_HEAD, len(body), _G1))
    )
    check_gamma_is_not_delta(gamma, delta)
    return VerifyingKey(alpha, g2_negate(beta), g2_negate(gamma), g2_negate(delta), ic)


def _check_count(count: int) -> None:
    if count > PUBLIC_INPUTS_MAX:
        raise TooManyPublicInputsError(
            f"groth16_verifier accepts at most {PUBLIC_INPUTS_MAX} public inputs, {count} came",
            hint="hash the public inputs to one inside the circuit",
        )


def _check_input(value: int, index: int) -> None:
    if not 0 <= value < FR_MODULUS:
        raise PublicInputNotCanonicalError(f"public input {index} is not below the field modulus r")


def _g1_bytes(point: G1Point) -> bytes:
    return point[0].to_bytes(_WORD, "big") + point[1].to_bytes(_WORD, "big")


def _g2_bytes(point: G2Point) -> bytes:
    (x0, x1), (y0, y1) = point
    return b"".join(coordinate.to_bytes(_WORD, "big") for coordinate in (x1, x0, y1, y0))


def _read_g1(data: bytes, at: int, name: str) -> G1Point:
    x, y = _words(data[at : at + _G1], name)
    point = x, y
    check_g1(point, name)
    return point


def _read_g2(data: bytes, at: int, name: str) -> G2Point:
    x1, x0, y1, y0 = _words(data[at : at + _G2], name)
    point = (x0, x1), (y0, y1)
    check_g2(point, name)
    return point


def _words(data: bytes, name: str) -> list[int]:
    words = [data[at : at + _WORD] for at in range(0, len(data), _WORD)]
    if any(word[0] & _FLAG_BITS for word in words):
        raise FlagBitsSetError(f"{name} has a coordinate with one of its two top bits set")
    return [int.from_bytes(word, "big") for word in words]
