"""Hostile `verify` instructions: one golden proof, spoilt in every way its bytes can be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product

from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16.curve import G1_GENERATOR
from anomi_sdk.generated.groth16_verifier_errors import (
    Groth16VerifierError,
    ProofFlagBitsSetError,
    ProofInvalidError,
    ProofPointAtInfinityError,
    ProofPointInvalidError,
    PublicInputCountMismatchError,
    PublicInputNotCanonicalError,
)
from anomi_sdk.groth16_verifier import verify, verifying_key_address
from anomi_sdk.outcome import TransactionOutcome
from tests.programs.golden import golden, off_subgroup_point
from tests.programs.world import Case, World

COORDINATES = ("A.x", "A.y", "B.x.c1", "B.x.c0", "B.y.c1", "B.y.c0", "C.x", "C.y")
POINTS = {"A": slice(0, 64), "B": slice(64, 192), "C": slice(192, 256)}
FLAGS = 0xC0
COUNT = 2
"""The golden proof that is spoilt has two public inputs, so that their order can be wrong too."""

Inputs = tuple[bytes, ...]


@dataclass(frozen=True)
class Spoilt:
    """A proof and inputs as sent, and the error class of the one thing that is wrong with them."""

    name: str
    error: type[Groth16VerifierError]
    proof: bytes
    inputs: Inputs


def spoilt() -> list[Spoilt]:
    """Every way of spoiling the golden proof of COUNT public inputs."""
    found = [*_coordinates(), *_flag_bits(), *_points(), *_statements(), *_inputs(), *_counts()]
    assert len({case.name for case in found}) == len(found)
    return found


def cases() -> list[Case]:
    """Every case; each world is expected to hold the golden key of COUNT public inputs."""
    return [Case(case.name, case.error, partial(_send, case)) for case in spoilt()]


def _send(case: Spoilt, world: World) -> TransactionOutcome:
    address = verifying_key_address(hashlib.sha256(golden(COUNT).body).digest())
    return world.refused(verify(address, case.proof, case.inputs), code=case.error)


def _case(name: str, error: type[Groth16VerifierError], proof: bytes, inputs: Inputs | None = None) -> Spoilt:
    return Spoilt(name, error, proof, golden(COUNT).inputs if inputs is None else inputs)


def _coordinates() -> Iterator[Spoilt]:
    """Each coordinate moved by one, by q, or replaced by the edges of its range: no such point is on its curve."""
    proof = golden(COUNT).proof
    for index, name in enumerate(COORDINATES):
        value = int.from_bytes(_word(proof, index), "big")
        changed = {
            "+1": value + 1,
            "-1": value - 1,
            "+q": value + FQ_MODULUS,
            "=0": 0,
            "=q-1": FQ_MODULUS - 1,
            "=q": FQ_MODULUS,
            "=q+1": FQ_MODULUS + 1,
            "=2^254-1": 2**254 - 1,
            "=2^254": 2**254,
            "=2^256-1": 2**256 - 1,
        }
        for change, new in changed.items():
            word = new.to_bytes(32, "big")
            error = ProofFlagBitsSetError if word[0] & FLAGS else ProofPointInvalidError
            yield _case(f"{name}{change}", error, _with_word(proof, index, word))
        yield _case(
            f"{name} little-endian",
            _flag_or_invalid(_word(proof, index)[::-1]),
            _with_word(proof, index, _word(proof, index)[::-1]),
        )


def _flag_bits() -> Iterator[Spoilt]:
    """The syscall ignores 0x80 in y and reads 0x40 as infinity: no flag may pass in any coordinate."""
    proof = golden(COUNT).proof
    for (index, name), flag in product(enumerate(COORDINATES), (0x80, 0x40, 0xC0)):
        word = _word(proof, index)
        flagged = bytes([word[0] | flag]) + word[1:]
        yield _case(f"{name} flag {flag:#x}", ProofFlagBitsSetError, _with_word(proof, index, flagged))
    for point, where in POINTS.items():
        infinity = bytearray(where.stop - where.start)
        infinity[len(infinity) // 2] = 0x40
        yield _case(f"{point} infinity by flag", ProofFlagBitsSetError, _with(proof, where, bytes(infinity)))


def _points() -> Iterator[Spoilt]:
    proof = golden(COUNT).proof
    for point, where in POINTS.items():
        zeros = bytes(where.stop - where.start)
        yield _case(f"{point} at infinity", ProofPointAtInfinityError, _with(proof, where, zeros))
        half = (where.start + where.stop) // 2
        for part, span in (("x", slice(where.start, half)), ("y", slice(half, where.stop))):
            zeros = bytes(span.stop - span.start)
            yield _case(f"{point}.{part} = 0", ProofPointInvalidError, _with(proof, span, zeros))
    yield _case("all points at infinity", ProofPointAtInfinityError, bytes(256))
    for name, (first, second) in {"B.x": (2, 3), "B.y": (4, 5)}.items():
        swapped = _with_word(proof, first, _word(proof, second))
        swapped = _with_word(swapped, second, _word(proof, first))
        yield _case(f"{name} halves swapped", ProofPointInvalidError, swapped)
    b = proof[POINTS["B"]]
    swapped = b[32:64] + b[:32] + b[96:] + b[64:96]
    yield _case("B halves swapped", ProofPointInvalidError, _with(proof, POINTS["B"], swapped))
    yield _case("B.x and B.y swapped", ProofPointInvalidError, _with(proof, POINTS["B"], b[64:] + b[:64]))
    off = _with(proof, POINTS["B"], off_subgroup_point())
    yield _case("B on the twist, off the subgroup", ProofPointInvalidError, off)


def _statements() -> Iterator[Spoilt]:
    """Well-formed points that prove nothing."""
    proof = golden(COUNT).proof
    for point, coordinates in (("A", (1,)), ("B", (4, 5)), ("C", (7,))):
        yield _case(f"{point} negated", ProofInvalidError, negated(proof, coordinates))
    a, c = proof[POINTS["A"]], proof[POINTS["C"]]
    generator = b"".join(value.to_bytes(32, "big") for value in G1_GENERATOR)
    yield _case("A and C swapped", ProofInvalidError, c + proof[64:192] + a)
    yield _case("C = A", ProofInvalidError, proof[:192] + a)
    for point in ("A", "C"):
        yield _case(f"{point} = generator", ProofInvalidError, _with(proof, POINTS[point], generator))
    other = golden(1).proof
    yield _case("proof of another key", ProofInvalidError, other)
    for point, where in POINTS.items():
        yield _case(f"{point} of another proof", ProofInvalidError, _with(proof, where, other[where]))
    # With A = α and B = β the key's own pairing cancels, and e(C, δ)·e(L, γ) = 1 is left to solve.
    alpha_neg_beta = golden(COUNT).body[:192]
    yield _case("A = alpha, B = -beta", ProofInvalidError, alpha_neg_beta + c)
    alpha_beta = negated(alpha_neg_beta, (4, 5))
    yield _case("A = alpha, B = beta", ProofInvalidError, alpha_beta + c)


def _inputs() -> Iterator[Spoilt]:
    proof, inputs = golden(COUNT).proof, golden(COUNT).inputs
    for index, word in enumerate(inputs):
        value = int.from_bytes(word, "big")
        for name, new in {
            "+1": value + 1,
            "-1": value - 1,
            "=0": 0,
            "=1": 1,
            "=r-1": FR_MODULUS - 1,
            "negated": FR_MODULUS - value,
        }.items():
            yield _input_case(f"input {index} {name}", ProofInvalidError, index, new)
        aliases = range(value + FR_MODULUS, 2**256, FR_MODULUS)
        for times, alias in enumerate(aliases, start=1):
            yield _input_case(f"input {index} +{times}r", PublicInputNotCanonicalError, index, alias)
        for name, new in {
            "=r": FR_MODULUS,
            "=r+1": FR_MODULUS + 1,
            "=q-1": FQ_MODULUS - 1,
            "=q": FQ_MODULUS,
            "=2^254": 2**254,
            "=2^255": 2**255,
            "=2^256-1": 2**256 - 1,
        }.items():
            yield _input_case(f"input {index} {name}", PublicInputNotCanonicalError, index, new)
        # One byte of each limb of the comparison is past r while the others are not.
        for byte in range(0, 32, 8):
            edge = bytearray(FR_MODULUS.to_bytes(32, "big"))
            edge[byte + 7 if byte == 24 else byte] += 1
            yield _input_case(
                f"input {index} =r, byte {byte} one more",
                PublicInputNotCanonicalError,
                index,
                int.from_bytes(edge, "big"),
            )
        reversed_word = word[::-1]
        error = ProofInvalidError if int.from_bytes(reversed_word, "big") < FR_MODULUS else PublicInputNotCanonicalError
        yield _case(
            f"input {index} little-endian",
            error,
            proof,
            (*inputs[:index], reversed_word, *inputs[index + 1 :]),
        )
    yield _case("inputs swapped", ProofInvalidError, proof, inputs[::-1])


def _counts() -> Iterator[Spoilt]:
    proof, inputs = golden(COUNT).proof, golden(COUNT).inputs
    for name, sent in {
        "no inputs": (),
        "one input less": inputs[:-1],
        "one input more": (*inputs, inputs[0]),
        "a zero input more": (*inputs, bytes(32)),
        "inputs twice": inputs * 2,
        "16 inputs": (inputs * 8),
        "17 inputs": (*(inputs * 8), bytes(32)),
    }.items():
        yield _case(name, PublicInputCountMismatchError, proof, sent)


def _input_case(name: str, error: type[Groth16VerifierError], index: int, value: int) -> Spoilt:
    inputs = golden(COUNT).inputs
    sent = (*inputs[:index], value.to_bytes(32, "big"), *inputs[index + 1 :])
    return _case(name, error, golden(COUNT).proof, sent)


def negated(data: bytes, indices: tuple[int, ...]) -> bytes:
    for index in indices:
        value = FQ_MODULUS - int.from_bytes(_word(data, index), "big")
        data = _with_word(data, index, value.to_bytes(32, "big"))
    return data


def _flag_or_invalid(word: bytes) -> type[Groth16VerifierError]:
    return ProofFlagBitsSetError if word[0] & FLAGS else ProofPointInvalidError


def _word(data: bytes, index: int) -> bytes:
    return data[32 * index : 32 * (index + 1)]


def _with_word(data: bytes, index: int, word: bytes) -> bytes:
    return _with(data, slice(32 * index, 32 * (index + 1)), word)


def _with(data: bytes, where: slice, new: bytes) -> bytes:
    assert len(new) == where.stop - where.start
    return data[: where.start] + new + data[where.stop :]
