"""The Solana codec against an oracle on py_ecc's other implementation, and parsers against arbitrary text."""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anomi_core.errors import AnomiError, RefusedError, UnreadableInputError
from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16 import parse_proof, parse_public_inputs, parse_verifying_key, solana
from anomi_core.groth16.curve import g2_multiply
from anomi_core.groth16.errors import (
    CoordinateNotCanonicalError,
    FlagBitsSetError,
    PointAtInfinityError,
    PointNotInSubgroupError,
    PointNotOnCurveError,
)
from tests.unit.prove.vectors import off_subgroup_g2, vector

# py_ecc raises the recursion limit to 100,000 when it is imported, past what the C stack of json.loads can take.
_RECURSION_LIMIT = sys.getrecursionlimit()
bn128: Any = importlib.import_module("py_ecc.bn128")
"""The plain implementation; the verifier uses the optimised one."""
sys.setrecursionlimit(_RECURSION_LIMIT)

PROOF = vector(1).raw("proof")
BODY = vector(1).raw("key_body")
G1_AT = (0, 192)
G2_AT = 64


def _oracle_point(words: list[int]) -> type[AnomiError] | None:
    """What must be refused of a point by EIP-197 and the program's rules, by py_ecc's plain implementation."""
    if any(word >> 254 for word in words):
        return FlagBitsSetError
    if any(word >= FQ_MODULUS for word in words):
        return CoordinateNotCanonicalError
    if not any(words):
        return PointAtInfinityError
    point: Any
    if len(words) == 2:
        point = bn128.FQ(words[0]), bn128.FQ(words[1])
        return None if bn128.is_on_curve(point, bn128.b) else PointNotOnCurveError
    x1, x0, y1, y0 = words
    point = bn128.FQ2([x0, x1]), bn128.FQ2([y0, y1])
    if not bn128.is_on_curve(point, bn128.b2):
        return PointNotOnCurveError
    return None if bn128.multiply(point, bn128.curve_order) is None else PointNotInSubgroupError


def _oracle(data: bytes) -> type[AnomiError] | None:
    words = [int.from_bytes(data[at : at + 32], "big") for at in range(0, 256, 32)]
    for part in (words[0:2], words[2:6], words[6:8]):
        if error := _oracle_point(part):
            return error
    return None


def _check(data: bytes) -> None:
    expected = _oracle(data)
    if expected is None:
        assert solana.proof_to_bytes(solana.proof_from_bytes(data)) == data
        return
    with pytest.raises(expected) as refusal:
        solana.proof_from_bytes(data)
    assert type(refusal.value) is expected


EDGES = (0, 1, 2, FQ_MODULUS - 1, FQ_MODULUS, FQ_MODULUS + 1, FR_MODULUS, 2**254 - 1, 2**254, 2**255, 2**256 - 1)
G2_POINTS = st.one_of(
    st.integers(1, 50).map(lambda k: g2_multiply(vector(1).proof.b, k)),
    st.integers(1, 50).map(lambda k: g2_multiply(off_subgroup_g2(), k)),
    st.just(g2_multiply(off_subgroup_g2(), FR_MODULUS)),
)


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=256, max_size=256))
@example(bytes(256))
def test_random_bytes(data: bytes) -> None:
    _check(data)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 255), flip=st.integers(1, 255))
def test_one_altered_byte(at: int, flip: int) -> None:
    _check(PROOF[:at] + bytes([PROOF[at] ^ flip]) + PROOF[at + 1 :])


@settings(max_examples=150, deadline=None)
@given(words=st.dictionaries(st.integers(0, 7), st.sampled_from(EDGES), min_size=1, max_size=4))
def test_words_at_the_edges(words: dict[int, int]) -> None:
    data = bytearray(PROOF)
    for index, value in words.items():
        data[32 * index : 32 * index + 32] = value.to_bytes(32, "big")
    _check(bytes(data))


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(8)))
@example([0, 1, 3, 2, 5, 4, 6, 7])
@example([6, 7, 2, 3, 4, 5, 0, 1])
def test_words_in_another_order(order: list[int]) -> None:
    _check(b"".join(PROOF[32 * index : 32 * index + 32] for index in order))


@settings(max_examples=20, deadline=None)
@given(G2_POINTS)
def test_points_of_the_twist(point: tuple[tuple[int, int], tuple[int, int]]) -> None:
    (x0, x1), (y0, y1) = point
    words = b"".join(word.to_bytes(32, "big") for word in (x1, x0, y1, y0))
    _check(PROOF[:G2_AT] + words + PROOF[G2_AT + 128 :])


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, len(BODY) - 1), flip=st.integers(1, 255))
def test_a_key_body_with_one_altered_byte_is_refused_or_another_key(at: int, flip: int) -> None:
    """Each point has one encoding, so no altered byte leaves the key as it was."""
    altered = BODY[:at] + bytes([BODY[at] ^ flip]) + BODY[at + 1 :]
    with contextlib.suppress(RefusedError):
        key = solana.verifying_key_from_body(altered)
        assert key != vector(1).key
        assert solana.verifying_key_body(key) == altered


ROUND_TRIPS: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: solana.proof_to_bytes(solana.proof_from_bytes(data)),
    lambda data: solana.public_inputs_to_bytes(solana.public_inputs_from_bytes(data)),
    lambda data: solana.verifying_key_body(solana.verifying_key_from_body(data)),
)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=1200))
def test_bytes_of_any_length_are_refused_or_round_trip(data: bytes) -> None:
    for there_and_back in ROUND_TRIPS:
        with contextlib.suppress(RefusedError, UnreadableInputError):
            assert there_and_back(data) == data


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["0", "1", "2"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["pi_a", "pi_b", "pi_c", "protocol", "curve", "IC", "nPublic", "vk_alpha_1", "vk_beta_2"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(JSON_VALUES.map(json.dumps), st.text(max_size=64), st.binary(max_size=64)))
def test_no_text_makes_a_parser_fail_otherwise_than_by_name(text: str | bytes) -> None:
    for parse in (parse_proof, parse_verifying_key, parse_public_inputs):
        with contextlib.suppress(RefusedError, UnreadableInputError):
            parse(text)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_proof_document_with_one_odd_value(data: st.DataObject) -> None:
    document = json.loads(json.dumps(vector(1).document["proof"]))
    place: Any = document
    key: Any = data.draw(st.sampled_from(sorted(document)))
    while isinstance(place[key], list) and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.integers(0, len(place) - 1))
    before = place[key]
    place[key] = data.draw(JSON_VALUES)
    text = json.dumps(document)
    with contextlib.suppress(RefusedError, UnreadableInputError):
        assert parse_proof(text) == vector(1).proof
        assert place[key] == before
