"""Solana bytes of proofs, inputs and keys: exact layout, exact inverse, every refusal by name."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable

import pytest

from anomi_core.errors import AnomiError
from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16 import curve, solana
from anomi_core.groth16.errors import (
    CoordinateNotCanonicalError,
    FlagBitsSetError,
    GammaEqualsDeltaError,
    MalformedProofError,
    MalformedPublicInputsError,
    MalformedVerifyingKeyError,
    PointAtInfinityError,
    PointNotInSubgroupError,
    PointNotOnCurveError,
    PublicInputNotCanonicalError,
    TooManyPublicInputsError,
)
from anomi_core.spec import PUBLIC_INPUTS_MAX
from tests.unit.prove.vectors import COUNTS, off_subgroup_g2, vector

A, B, C = 0, 64, 192
ALPHA, BETA, GAMMA, DELTA, IC = 0, 64, 192, 320, 448


@pytest.mark.parametrize("count", COUNTS)
def test_vectors_round_trip_byte_for_byte(count: int) -> None:
    v = vector(count)
    assert solana.proof_to_bytes(v.proof) == v.raw("proof")
    assert solana.proof_from_bytes(v.raw("proof")) == v.proof
    assert solana.public_inputs_to_bytes(v.inputs) == v.raw("inputs")
    assert solana.public_inputs_from_bytes(v.raw("inputs")) == v.inputs
    body = v.raw("key_body")
    assert len(body) == 448 + 64 * (count + 1)
    assert solana.verifying_key_body(v.key) == body
    assert solana.verifying_key_from_body(body) == v.key
    assert solana.verifying_key_body_hash(body).hex() == v.document["key_body_sha256_hex"]
    assert hashlib.sha256(body).hexdigest() == v.document["key_body_sha256_hex"]


def test_the_layout_is_eip_197_with_negated_key_points() -> None:
    v = vector(1)
    (x0, x1), (y0, y1) = v.proof.b
    assert v.raw("proof")[B:C] == b"".join(n.to_bytes(32, "big") for n in (x1, x0, y1, y0))
    (x0, x1), (y0, y1) = v.key.delta
    words = (x1, x0, FQ_MODULUS - y1, FQ_MODULUS - y0)
    assert v.raw("key_body")[DELTA:IC] == b"".join(n.to_bytes(32, "big") for n in words)


def _with(data: bytes, at: int, replacement: bytes) -> bytes:
    return data[:at] + replacement + data[at + len(replacement) :]


_Q = FQ_MODULUS.to_bytes(32, "big")
_ALIASED_GENERATOR = (1 + FQ_MODULUS).to_bytes(32, "big") + (2).to_bytes(32, "big")


def _flagged(bits: int, at: int) -> Callable[[bytes], bytes]:
    return lambda data: _with(data, at, bytes([data[at] | bits]))


def _swapped(at: int) -> Callable[[bytes], bytes]:
    return lambda data: _with(data, at, data[at + 32 : at + 64] + data[at : at + 32])


def _negated(g2: bytes) -> bytes:
    y = (FQ_MODULUS - int.from_bytes(g2[at : at + 32], "big") for at in (64, 96))
    return g2[:64] + b"".join(word.to_bytes(32, "big") for word in y)


def _g2_words(point: tuple[tuple[int, int], tuple[int, int]]) -> bytes:
    (x0, x1), (y0, y1) = point
    return b"".join(n.to_bytes(32, "big") for n in (x1, x0, y1, y0))


Mutation = tuple[str, Callable[[bytes], bytes], type[AnomiError], str]

PROOF_MUTATIONS: list[Mutation] = [
    ("one byte short", lambda d: d[:-1], MalformedProofError, "256 bytes, 255"),
    ("one byte long", lambda d: d + b"\0", MalformedProofError, "256 bytes, 257"),
    ("empty", lambda _: b"", MalformedProofError, "256 bytes, 0"),
    *(
        (f"flag {bits:#x} at {at}", _flagged(bits, at), FlagBitsSetError, "two top bits")
        for bits in (0x80, 0x40, 0xC0)
        for at in range(0, 256, 32)
    ),
    ("A = (1 + q, 2)", lambda d: _with(d, A, _ALIASED_GENERATOR), CoordinateNotCanonicalError, "A of the proof"),
    ("B.x1 = q", lambda d: _with(d, B, _Q), CoordinateNotCanonicalError, "B of the proof"),
    ("B.y0 = q", lambda d: _with(d, B + 96, _Q), CoordinateNotCanonicalError, "B of the proof"),
    ("C = (1 + q, 2)", lambda d: _with(d, C, _ALIASED_GENERATOR), CoordinateNotCanonicalError, "C of the proof"),
    ("A = 0", lambda d: _with(d, A, bytes(64)), PointAtInfinityError, "A of the proof"),
    ("B = 0", lambda d: _with(d, B, bytes(128)), PointAtInfinityError, "B of the proof"),
    ("C = 0", lambda d: _with(d, C, bytes(64)), PointAtInfinityError, "C of the proof"),
    ("A.y off by one bit", lambda d: _with(d, 63, bytes([d[63] ^ 1])), PointNotOnCurveError, "A of the proof"),
    ("C.x off by one bit", lambda d: _with(d, 223, bytes([d[223] ^ 1])), PointNotOnCurveError, "C of the proof"),
    ("halves of B.x swapped", _swapped(B), PointNotOnCurveError, "B of the proof"),
    ("halves of B.y swapped", _swapped(B + 64), PointNotOnCurveError, "B of the proof"),
    ("B off subgroup", lambda d: _with(d, B, _g2_words(off_subgroup_g2())), PointNotInSubgroupError, "B of the"),
]


@pytest.mark.parametrize(("name", "mutate", "error", "words"), PROOF_MUTATIONS, ids=[m[0] for m in PROOF_MUTATIONS])
def test_a_mutated_proof_is_refused_by_name(
    name: str, mutate: Callable[[bytes], bytes], error: type[AnomiError], words: str
) -> None:
    with pytest.raises(error, match=words) as refusal:
        solana.proof_from_bytes(mutate(vector(1).raw("proof")))
    assert type(refusal.value) is error, name


KEY_MUTATIONS: list[Mutation] = [
    ("one byte short", lambda d: d[:-1], MalformedVerifyingKeyError, "575 came"),
    ("no IC", lambda d: d[:IC], MalformedVerifyingKeyError, "448 came"),
    ("empty", lambda _: b"", MalformedVerifyingKeyError, "0 came"),
    ("half an IC more", lambda d: d + d[IC : IC + 32], MalformedVerifyingKeyError, "608 came"),
    *(
        (f"flag {bits:#x} at {at}", _flagged(bits, at), FlagBitsSetError, "two top bits")
        for bits in (0x80, 0x40)
        for at in (ALPHA, BETA, GAMMA + 32, DELTA + 64, DELTA + 96, IC, IC + 96)
    ),
    ("α = 0", lambda d: _with(d, ALPHA, bytes(64)), PointAtInfinityError, "α of the"),
    ("β = 0", lambda d: _with(d, BETA, bytes(128)), PointAtInfinityError, "β of the"),
    ("γ = 0", lambda d: _with(d, GAMMA, bytes(128)), PointAtInfinityError, "γ of the"),
    ("δ = 0", lambda d: _with(d, DELTA, bytes(128)), PointAtInfinityError, "δ of the"),
    ("IC[1] = 0", lambda d: _with(d, IC + 64, bytes(64)), PointAtInfinityError, r"IC\[1\]"),
    ("α off curve", lambda d: _with(d, 63, bytes([d[63] ^ 1])), PointNotOnCurveError, "α of the"),
    ("IC[0] off curve", lambda d: _with(d, IC + 63, bytes([d[IC + 63] ^ 1])), PointNotOnCurveError, r"IC\[0\]"),
    ("halves of δ.x swapped", _swapped(DELTA), PointNotOnCurveError, "δ of the"),
    ("γ off subgroup", lambda d: _with(d, GAMMA, _g2_words(off_subgroup_g2())), PointNotInSubgroupError, "γ of"),
    ("γ = δ", lambda d: _with(d, DELTA, d[GAMMA:DELTA]), GammaEqualsDeltaError, "anyone can forge"),
    ("γ = −δ", lambda d: _with(d, DELTA, _negated(d[GAMMA:DELTA])), GammaEqualsDeltaError, "anyone can forge"),
]


@pytest.mark.parametrize(("name", "mutate", "error", "words"), KEY_MUTATIONS, ids=[m[0] for m in KEY_MUTATIONS])
def test_a_mutated_key_body_is_refused_by_name(
    name: str, mutate: Callable[[bytes], bytes], error: type[AnomiError], words: str
) -> None:
    with pytest.raises(error, match=words) as refusal:
        solana.verifying_key_from_body(mutate(vector(1).raw("key_body")))
    assert type(refusal.value) is error, name


def test_as_many_public_inputs_as_the_program_accepts_and_not_one_more() -> None:
    v = vector(12)
    filler = v.key.ic[0]
    most = dataclasses.replace(v.key, ic=(filler,) * (PUBLIC_INPUTS_MAX + 1))
    body = solana.verifying_key_body(most)
    assert solana.verifying_key_from_body(body) == most
    more = dataclasses.replace(most, ic=(*most.ic, filler))
    with pytest.raises(TooManyPublicInputsError, match=f"at most {PUBLIC_INPUTS_MAX} public inputs"):
        solana.verifying_key_body(more)
    with pytest.raises(TooManyPublicInputsError, match=f"{PUBLIC_INPUTS_MAX + 1} came"):
        solana.verifying_key_from_body(body + body[IC : IC + 64])
    assert len(solana.public_inputs_to_bytes([0] * PUBLIC_INPUTS_MAX)) == 32 * PUBLIC_INPUTS_MAX
    with pytest.raises(TooManyPublicInputsError):
        solana.public_inputs_to_bytes([0] * (PUBLIC_INPUTS_MAX + 1))
    with pytest.raises(TooManyPublicInputsError):
        solana.public_inputs_from_bytes(bytes(32 * (PUBLIC_INPUTS_MAX + 1)))


def test_inputs_are_below_r_and_whole_words() -> None:
    edge = (0, 1, FR_MODULUS - 1)
    assert solana.public_inputs_from_bytes(solana.public_inputs_to_bytes(edge)) == edge
    for bad in (FR_MODULUS, -1, 1 << 256):
        with pytest.raises(PublicInputNotCanonicalError, match="public input 1 is not below"):
            solana.public_inputs_to_bytes((0, bad))
    with pytest.raises(PublicInputNotCanonicalError, match="public input 0 is not below"):
        solana.public_inputs_from_bytes(FR_MODULUS.to_bytes(32, "big"))
    with pytest.raises(MalformedPublicInputsError, match="33 bytes came"):
        solana.public_inputs_from_bytes(bytes(33))


def test_encoding_checks_the_points_too() -> None:
    v = vector(1)
    with pytest.raises(PointNotInSubgroupError):
        solana.proof_to_bytes(dataclasses.replace(v.proof, b=off_subgroup_g2()))
    with pytest.raises(GammaEqualsDeltaError):
        solana.verifying_key_body(dataclasses.replace(v.key, delta=v.key.gamma))
    with pytest.raises(PointAtInfinityError):
        solana.proof_to_bytes(dataclasses.replace(v.proof, c=curve.G1_IDENTITY))
