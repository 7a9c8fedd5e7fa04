"""Native verification: the golden vectors, every refusal by name and in order, and batches that name the bad ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest
from anomi_prover_native import Verifier
from hypothesis import given, settings
from hypothesis import strategies as st

from anomi_core.errors import AnomiError
from anomi_core.field import FQ_MODULUS as Q
from anomi_core.field import FR_MODULUS as R
from anomi_core.groth16 import G1Point, VerifyingKey, curve
from anomi_core.groth16.errors import (
    CoordinateNotCanonicalError,
    GammaEqualsDeltaError,
    InvalidProofError,
    MalformedVerifyingKeyError,
    PhaseOneNotContributedError,
    PointAtInfinityError,
    PointNotInSubgroupError,
    PointNotOnCurveError,
    PublicInputCountMismatchError,
    PublicInputNotCanonicalError,
)
from anomi_prover.verify import verify
from anomi_prover.verify_batch import Claim, InvalidBatchError, verify_batch
from tests.unit.prove.vectors import COUNTS, off_curve_g1, off_subgroup_g2, vector


@pytest.mark.parametrize("count", COUNTS)
def test_every_vector_is_accepted_and_each_change_refused(count: int) -> None:
    v = vector(count)
    verifier = Verifier(v.key)
    verifier.verify(v.inputs, v.proof)
    verifier.verify(list(v.inputs), v.proof)
    for place in range(count):
        changed = list(v.inputs)
        changed[place] = (changed[place] + 1) % R
        with pytest.raises(InvalidProofError):
            verifier.verify(changed, v.proof)
    for change in ({"a": curve.g1_negate(v.proof.a)}, {"b": curve.g2_negate(v.proof.b)}, {"c": v.proof.a}):
        with pytest.raises(InvalidProofError):
            verifier.verify(v.inputs, dataclasses.replace(v.proof, **change))


REFUSALS: list[tuple[dict[str, object], Sequence[int] | None, type[AnomiError]]] = [
    ({}, (), PublicInputCountMismatchError),
    ({}, (1, 2, 3), PublicInputCountMismatchError),
    ({}, (1, R), PublicInputNotCanonicalError),
    ({}, (-1, 1), PublicInputNotCanonicalError),
    ({}, (1 << 300, 1), PublicInputNotCanonicalError),
    ({"a": curve.G1_IDENTITY}, None, PointAtInfinityError),
    ({"b": curve.G2_IDENTITY}, None, PointAtInfinityError),
    ({"c": curve.G1_IDENTITY}, None, PointAtInfinityError),
    ({"a": off_curve_g1()}, None, PointNotOnCurveError),
    ({"b": ((1, 2), (3, 4))}, None, PointNotOnCurveError),
    ({"b": off_subgroup_g2()}, None, PointNotInSubgroupError),
    ({"c": (1, 2 + Q)}, None, CoordinateNotCanonicalError),
    ({"c": (-1, 2)}, None, CoordinateNotCanonicalError),
    ({"a": (1 << 300, 2)}, None, CoordinateNotCanonicalError),
]


@pytest.mark.parametrize(("change", "inputs", "error"), REFUSALS)
def test_refusals_are_those_of_the_python_checks(
    change: dict[str, object], inputs: Sequence[int] | None, error: type[AnomiError]
) -> None:
    v = vector(2)
    proof = dataclasses.replace(v.proof, **change)  # type: ignore[arg-type]
    inputs = v.inputs if inputs is None else inputs
    with pytest.raises(error) as ours:
        Verifier(v.key).verify(inputs, proof)
    with pytest.raises(error) as theirs:
        verify(v.key, inputs, proof, backend="py-ecc")
    assert (str(ours.value), ours.value.hint) == (str(theirs.value), theirs.value.hint)


KEYS: list[tuple[dict[str, object], type[AnomiError]]] = [
    ({"ic": ()}, MalformedVerifyingKeyError),
    ({"alpha": curve.G1_GENERATOR}, PhaseOneNotContributedError),
    ({"beta": curve.G2_GENERATOR}, PhaseOneNotContributedError),
    ({"alpha": curve.G1_IDENTITY}, PointAtInfinityError),
    ({"gamma": curve.G2_IDENTITY}, PointAtInfinityError),
    ({"delta": off_subgroup_g2()}, PointNotInSubgroupError),
    ({"ic": (off_curve_g1(),)}, PointNotOnCurveError),
    ({"ic": ((Q, 0),)}, CoordinateNotCanonicalError),
    ({"delta": vector(2).key.gamma}, GammaEqualsDeltaError),
    ({"delta": curve.g2_negate(vector(2).key.gamma)}, GammaEqualsDeltaError),
]


@pytest.mark.parametrize(("change", "error"), KEYS)
def test_keys_are_refused_as_by_the_python_checks(change: dict[str, object], error: type[AnomiError]) -> None:
    v = vector(2)
    key = dataclasses.replace(v.key, **change)  # type: ignore[arg-type]
    with pytest.raises(error) as ours:
        Verifier(key)
    with pytest.raises(error) as theirs:
        verify(key, v.inputs, v.proof, backend="py-ecc")
    assert (str(ours.value), ours.value.hint) == (str(theirs.value), theirs.value.hint)


def test_words_that_are_no_integers_are_a_type_error() -> None:
    v = vector(1)
    with pytest.raises(TypeError):
        Verifier(v.key).verify(["1"], v.proof)  # type: ignore[list-item]
    with pytest.raises(TypeError):
        Verifier(v.key).verify(1, v.proof)  # type: ignore[arg-type]


def bad(claim: Claim, how: int) -> Claim:
    """A claim that is refused: by the equation, by a check of the proof, or by a check of the inputs."""
    key, inputs, proof = claim
    if how == 0:
        return key, inputs, dataclasses.replace(proof, c=proof.a)
    if how == 1:
        return key, inputs, dataclasses.replace(proof, a=off_curve_g1())
    return key, (*inputs, 0), proof


ERRORS = (InvalidProofError, PointNotOnCurveError, PublicInputCountMismatchError)


def claims(counts: Sequence[int]) -> list[Claim]:
    return [(v.key, v.inputs, v.proof) for v in map(vector, counts)]


def test_a_batch_over_several_keys() -> None:
    verify_batch(claims([1, 2, 4, 1, 1, 0, 12] * 4), "native")
    verify_batch([], "native")


@settings(max_examples=25, deadline=None)
@given(data=st.data(), threads=st.integers(1, 4))
def test_a_batch_names_exactly_the_bad_ones(data: st.DataObject, threads: int) -> None:
    counts = data.draw(st.lists(st.sampled_from((0, 1, 2)), min_size=1, max_size=12))
    batch = claims(counts)
    wrong = data.draw(st.dictionaries(st.integers(0, len(batch) - 1), st.integers(0, 2), min_size=1))
    for place, how in wrong.items():
        batch[place] = bad(batch[place], how)
    with pytest.raises(InvalidBatchError, match=f"{len(wrong)} of {len(batch)} proofs are refused") as caught:
        verify_batch(batch, "native", threads=threads)
    assert [(place, type(error)) for place, error in caught.value.refused] == [
        (place, ERRORS[wrong[place]]) for place in sorted(wrong)
    ]


def test_two_errors_that_cancel_out_do_not_pass() -> None:
    """With equal factors −C and 3C would pass for two honest C."""
    key, inputs, proof = claims([1])[0]
    low = dataclasses.replace(proof, c=curve.g1_negate(proof.c))
    high = dataclasses.replace(proof, c=_add(_add(proof.c, proof.c), proof.c))
    with pytest.raises(InvalidBatchError) as caught:
        verify_batch([(key, inputs, low), (key, inputs, high)], "native")
    assert [place for place, _ in caught.value.refused] == [0, 1]


def _add(p: G1Point, q: G1Point) -> G1Point:
    (x1, y1), (x2, y2) = p, q
    slope = 3 * x1 * x1 * pow(2 * y1, -1, Q) if p == q else (y2 - y1) * pow(x2 - x1, -1, Q)
    x3 = (slope * slope - x1 - x2) % Q
    return x3, (slope * (x1 - x3) - y1) % Q


def test_a_batch_with_a_bad_key_and_without_the_native_core() -> None:
    good = claims([1, 2])
    key, inputs, proof = good[0]
    forged: VerifyingKey = dataclasses.replace(key, delta=key.gamma)
    batch: list[Claim] = [good[1], (forged, inputs, proof), good[0]]
    for backend in ("native", "py-ecc"):
        with pytest.raises(InvalidBatchError, match=r"1 of 3 proofs are refused: 1 \(GammaEqualsDeltaError\)"):
            verify_batch(batch, backend)
    verify_batch(good, "py-ecc")
