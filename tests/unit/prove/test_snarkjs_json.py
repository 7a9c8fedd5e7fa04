"""snarkjs's JSON files: written byte for byte alike, read strictly, every refusal by name."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from anomi_core.errors import AnomiError, RefusedError, UnreadableInputError
from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16 import (
    parse_proof,
    parse_public_inputs,
    parse_verifying_key,
    proof_json,
    public_inputs_json,
    snarkjs_json,
    verifying_key_json,
)
from anomi_core.groth16.errors import (
    CoordinateNotCanonicalError,
    GammaEqualsDeltaError,
    MalformedProofError,
    MalformedPublicInputsError,
    MalformedVerifyingKeyError,
    PhaseOneNotContributedError,
    PointAtInfinityError,
    PointNotInSubgroupError,
    PointNotOnCurveError,
    PublicInputNotCanonicalError,
    TooManyPublicInputsError,
    VerifyingKeyArityError,
    WrongCurveError,
    WrongProtocolError,
)
from tests.unit.prove.vectors import COUNTS, off_subgroup_g2, vector


@pytest.mark.parametrize("count", COUNTS)
def test_vectors_round_trip(count: int) -> None:
    v = vector(count)
    assert parse_proof(proof_json(v.proof)) == v.proof
    assert parse_public_inputs(public_inputs_json(v.inputs)) == v.inputs
    assert len(v.inputs) == count == v.key.public_input_count
    assert parse_verifying_key(verifying_key_json(v.key)) == v.key
    # Members, their order and their values are snarkjs's own; `vk_alphabeta_12` is tested with the pairing.
    assert json.dumps(json.loads(proof_json(v.proof))) == json.dumps(v.document["proof"])
    written = json.loads(verifying_key_json(v.key))
    assert list(written.items()) == [item for item in v.document["vk"].items() if item[0] != "vk_alphabeta_12"]


def test_public_inputs_are_written_as_snarkjs_writes_them() -> None:
    assert public_inputs_json([0, 1]) == '[\n "0",\n "1"\n]'
    assert public_inputs_json([]) == "[\n]"


def _proof_text(change: Callable[[dict[str, Any]], object]) -> str:
    document = copy.deepcopy(vector(1).document["proof"])
    change(document)
    return json.dumps(document)


def _key_text(change: Callable[[dict[str, Any]], object], count: int = 2) -> str:
    document = copy.deepcopy(vector(count).document["vk"])
    change(document)
    return json.dumps(document)


def _set(*path: str | int, to: object) -> Callable[[dict[str, Any]], object]:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = to

    return change


def _g2_items(point: tuple[tuple[int, int], tuple[int, int]]) -> list[list[str]]:
    return [[str(c) for c in point[0]], [str(c) for c in point[1]], ["1", "0"]]


Case = tuple[str, Callable[[dict[str, Any]], object], type[AnomiError], str]

PROOF_CASES: list[Case] = [
    ("no pi_b", lambda d: d.pop("pi_b"), MalformedProofError, "'pi_b' is missing"),
    ("plus sign", _set("pi_a", 0, to="+1"), MalformedProofError, "canonical decimal"),
    ("minus sign", _set("pi_a", 0, to="-1"), MalformedProofError, "canonical decimal"),
    ("leading zero", _set("pi_a", 0, to="01"), MalformedProofError, "canonical decimal"),
    ("leading space", _set("pi_a", 0, to=" 1"), MalformedProofError, "canonical decimal"),
    ("trailing newline", _set("pi_a", 0, to="1\n"), MalformedProofError, "canonical decimal"),
    ("underscore", _set("pi_a", 0, to="1_0"), MalformedProofError, "canonical decimal"),
    ("exponent", _set("pi_a", 0, to="1e3"), MalformedProofError, "canonical decimal"),
    ("hexadecimal", _set("pi_a", 0, to="0x1"), MalformedProofError, "canonical decimal"),
    ("another script's digit", _set("pi_a", 0, to="١"), MalformedProofError, "canonical decimal"),
    ("empty string", _set("pi_a", 0, to=""), MalformedProofError, "canonical decimal"),
    ("79 digits", _set("pi_a", 0, to="1" * 79), MalformedProofError, "at most 78 digits"),
    ("bare integer", _set("pi_a", 0, to=1), MalformedProofError, "decimal string, a number came"),
    ("float", _set("pi_a", 0, to=1.0), MalformedProofError, "not an integer"),
    ("null", _set("pi_a", 0, to=None), MalformedProofError, "decimal string, null came"),
    ("true", _set("pi_a", 0, to=True), MalformedProofError, "decimal string, true came"),
    ("an array for a coordinate", _set("pi_a", 0, to=["1"]), MalformedProofError, "an array came"),
    ("a string for a point", _set("pi_a", to="1"), MalformedProofError, "must be an array"),
    ("two coordinates", lambda d: d["pi_a"].pop(), MalformedProofError, "3 items, 2 came"),
    ("four coordinates", lambda d: d["pi_a"].append("1"), MalformedProofError, "3 items, 4 came"),
    ("three halves", lambda d: d["pi_b"][0].append("1"), MalformedProofError, "2 items, 3 came"),
    ("G1 for G2", lambda d: d.update(pi_b=d["pi_a"]), MalformedProofError, "must be an array"),
    ("Z of A is 2", _set("pi_a", 2, to="2"), MalformedProofError, "must be affine"),
    ("Z of B is u", _set("pi_b", 2, to=["0", "1"]), MalformedProofError, "must be affine"),
    ("PLONK", _set("protocol", to="plonk"), WrongProtocolError, "groth16"),
    ("BLS12-381", _set("curve", to="bls12381"), WrongCurveError, "bn128"),
    ("A.x = q", _set("pi_a", 0, to=str(FQ_MODULUS)), CoordinateNotCanonicalError, "pi_a"),
    ("A is (1 + q, 2)", _set("pi_a", to=[str(FQ_MODULUS + 1), "2", "1"]), CoordinateNotCanonicalError, "pi_a"),
    ("B.y1 = q", _set("pi_b", 1, 1, to=str(FQ_MODULUS)), CoordinateNotCanonicalError, "pi_b"),
    ("A at infinity", _set("pi_a", to=["0", "1", "0"]), PointAtInfinityError, "A of the proof"),
    ("A zero", _set("pi_a", to=["0", "0", "1"]), PointAtInfinityError, "A of the proof"),
    ("B at infinity", _set("pi_b", to=[["0", "0"], ["1", "0"], ["0", "0"]]), PointAtInfinityError, "B of the proof"),
    ("B zero", _set("pi_b", to=[["0", "0"], ["0", "0"], ["1", "0"]]), PointAtInfinityError, "B of the proof"),
    ("C at infinity", _set("pi_c", to=["0", "1", "0"]), PointAtInfinityError, "C of the proof"),
    ("A off curve", _set("pi_a", to=["1", "3", "1"]), PointNotOnCurveError, "A of the proof"),
    ("C off curve", _set("pi_c", to=["1", "3", "1"]), PointNotOnCurveError, "C of the proof"),
    ("halves of B.x swapped", lambda d: d["pi_b"][0].reverse(), PointNotOnCurveError, "B of the proof"),
    ("B off subgroup", _set("pi_b", to=_g2_items(off_subgroup_g2())), PointNotInSubgroupError, "B of the proof"),
]


@pytest.mark.parametrize(("name", "change", "error", "words"), PROOF_CASES, ids=[c[0] for c in PROOF_CASES])
def test_a_bad_proof_is_refused_by_name(
    name: str, change: Callable[[dict[str, Any]], object], error: type[AnomiError], words: str
) -> None:
    with pytest.raises(error, match=words) as refusal:
        parse_proof(_proof_text(change))
    assert type(refusal.value) is error, name


def test_a_proof_without_curve_and_with_members_of_another_tool_is_read() -> None:
    def as_rapidsnark(document: dict[str, Any]) -> None:
        del document["curve"]
        document["comment"] = "made elsewhere"

    assert parse_proof(_proof_text(as_rapidsnark)) == vector(1).proof
    assert parse_proof(_proof_text(as_rapidsnark).encode()) == vector(1).proof


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 33, "nested too deeply"),
        ("[" * 32, "not JSON"),
        ('{"]]]]": ' * 33, "nested too deeply"),
        ("[]", "expected a JSON object, an array came"),
        ("null", "expected a JSON object, null came"),
        ('"proof"', "expected a JSON object, a string came"),
        ('{"pi_a": 1, "pi_a": 2}', "'pi_a' stands twice"),
        ('{"a": ' + "9" * 5000 + "}", "too long or not an integer"),
        ('{"a": NaN}', "too long or not an integer"),
        ('{"a": 1.5}', "too long or not an integer"),
        (" " * (snarkjs_json.PROOF_BYTES_MAX + 1), "at most 16384 bytes"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
    ],
)
def test_what_is_not_a_proof_at_all_is_unreadable(text: str | bytes, words: str) -> None:
    with pytest.raises(MalformedProofError, match=words):
        parse_proof(text)


def test_duplicate_members_are_refused_at_every_depth() -> None:
    text = '{"protocol": "groth16", "extra": {"x": "1", "x": "2"}}'
    with pytest.raises(MalformedProofError, match="'x' stands twice"):
        parse_proof(text)


KEY_CASES: list[Case] = [
    ("no IC", lambda d: d.pop("IC"), MalformedVerifyingKeyError, "'IC' is missing"),
    ("empty IC", lambda d: d.update(IC=[], nPublic=-1), MalformedVerifyingKeyError, "at least one IC point"),
    ("nPublic + 1", _set("nPublic", to=3), VerifyingKeyArityError, "4 IC points were expected, 3 came"),
    ("nPublic − 1", _set("nPublic", to=1), VerifyingKeyArityError, "2 IC points were expected, 3 came"),
    ("one IC dropped", lambda d: d["IC"].pop(), VerifyingKeyArityError, "3 IC points were expected, 2 came"),
    ("nPublic as a string", _set("nPublic", to="2"), MalformedVerifyingKeyError, "nPublic must be an integer"),
    ("nPublic true", _set("nPublic", to=True), MalformedVerifyingKeyError, "nPublic must be an integer"),
    ("PLONK", _set("protocol", to="plonk"), WrongProtocolError, "groth16"),
    ("BLS12-381", _set("curve", to="bls12381"), WrongCurveError, "bn128"),
    ("γ = δ", lambda d: d.update(vk_delta_2=d["vk_gamma_2"]), GammaEqualsDeltaError, "anyone can forge"),
    ("α off curve", _set("vk_alpha_1", to=["1", "3", "1"]), PointNotOnCurveError, "α of the verifying key"),
    ("α = generator", _set("vk_alpha_1", to=["1", "2", "1"]), PhaseOneNotContributedError, "phase-1 contribution"),
    ("β = generator", lambda d: d.update(vk_beta_2=d["vk_gamma_2"]), PhaseOneNotContributedError, "phase-1"),
    ("α at infinity", _set("vk_alpha_1", to=["0", "1", "0"]), PointAtInfinityError, "α of the"),
    ("IC[1] at infinity", _set("IC", 1, to=["0", "1", "0"]), PointAtInfinityError, r"IC\[1\]"),
    ("IC[2] off curve", _set("IC", 2, to=["1", "3", "1"]), PointNotOnCurveError, r"IC\[2\]"),
    ("halves of γ.y swapped", lambda d: d["vk_gamma_2"][1].reverse(), PointNotOnCurveError, "γ of the"),
    ("β off subgroup", _set("vk_beta_2", to=_g2_items(off_subgroup_g2())), PointNotInSubgroupError, "β of the"),
    ("δ.x0 = q", _set("vk_delta_2", 0, 0, to=str(FQ_MODULUS)), CoordinateNotCanonicalError, "vk_delta_2"),
]


@pytest.mark.parametrize(("name", "change", "error", "words"), KEY_CASES, ids=[c[0] for c in KEY_CASES])
def test_a_bad_verifying_key_is_refused_by_name(
    name: str, change: Callable[[dict[str, Any]], object], error: type[AnomiError], words: str
) -> None:
    with pytest.raises(error, match=words) as refusal:
        parse_verifying_key(_key_text(change))
    assert type(refusal.value) is error, name


def test_alphabeta_is_never_trusted() -> None:
    key = vector(2).key
    assert parse_verifying_key(_key_text(_set("vk_alphabeta_12", to="nonsense"))) == key
    assert parse_verifying_key(_key_text(lambda d: d.pop("vk_alphabeta_12"))) == key


def test_public_inputs_up_to_r_less_one() -> None:
    assert parse_public_inputs(json.dumps(["0", str(FR_MODULUS - 1)])) == (0, FR_MODULUS - 1)
    with pytest.raises(PublicInputNotCanonicalError, match="public input 1 is not below"):
        parse_public_inputs(json.dumps(["0", str(FR_MODULUS)]))
    with pytest.raises(PublicInputNotCanonicalError, match="public input 0"):
        parse_public_inputs(json.dumps([str(5 + FR_MODULUS)]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "must be an array, an object came"),
        ("[5]", "item 0 must be a decimal string, a number came"),
        ('["1", "+2"]', "item 1 must be a canonical decimal"),
        ('["1", ["2"]]', "item 1 must be a decimal string, an array came"),
    ],
)
def test_what_is_not_public_inputs_is_unreadable(text: str, words: str) -> None:
    with pytest.raises(MalformedPublicInputsError, match=words):
        parse_public_inputs(text)


def test_the_most_public_inputs_of_a_file_and_not_one_more() -> None:
    most = snarkjs_json.JSON_PUBLIC_INPUTS_MAX
    largest = public_inputs_json([FR_MODULUS - 1] * most)
    assert len(parse_public_inputs(largest)) == most
    with pytest.raises(TooManyPublicInputsError, match=f"{most + 1} came"):
        parse_public_inputs(json.dumps(["0"] * (most + 1)))


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(["0"] * 1_000_000),
        json.dumps(["1" * 100_000]),
        "[" + "1" * 100_000 + "]",
        "[" + "1" * 5_000_000 + "]",
        '["' + "1" * 5_000_000 + '"]',
        "[" * 400_000,
        '["]", ' * 70_000,
        '"' + '\\"' * 200_000,
    ],
    ids=["a million items", "long string", "long number", "huge number", "huge string", "deep", "hidden", "open"],
)
def test_bombs_are_refused_fast(text: str) -> None:
    begin = time.perf_counter()
    with pytest.raises((UnreadableInputError, RefusedError)) as refusal:
        parse_public_inputs(text)
    assert time.perf_counter() - begin < 1.0
    assert len(str(refusal.value)) < 200
