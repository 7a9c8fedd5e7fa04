"""`verify`: strict checks first, then a pairing; every refusal by name, whichever verifier computes."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

import pytest

from anomi_core.errors import MissingToolError, UsageError
from anomi_core.field import FR_MODULUS
from anomi_core.groth16 import curve, verifying_key_json
from anomi_core.groth16.errors import (
    GammaEqualsDeltaError,
    InvalidProofError,
    PhaseOneNotContributedError,
    PointAtInfinityError,
    PointNotInSubgroupError,
    PointNotOnCurveError,
    PublicInputCountMismatchError,
    PublicInputNotCanonicalError,
)
from anomi_core.groth16.snarkjs_json import PUBLIC_INPUTS_BYTES_MAX
from anomi_prover import verify as verify_module
from anomi_prover.files import FileTooLargeError, FileUnreadableError
from anomi_prover.verifiers import py_ecc
from anomi_prover.verify import verifier, verify, verify_files
from tests.unit.prove.conftest import without_native_core
from tests.unit.prove.vectors import COUNTS, Vector, off_curve_g1, off_subgroup_g2, vector


@pytest.mark.parametrize("count", COUNTS)
def test_py_ecc_accepts_every_vector(count: int) -> None:
    v = vector(count)
    verify(v.key, v.inputs, v.proof, backend="py-ecc")


def test_snarkjs_accepts_and_refuses() -> None:
    v = vector(4)
    verify(v.key, v.inputs, v.proof, backend="snarkjs")
    with pytest.raises(InvalidProofError):
        verify(v.key, (v.inputs[0] - 1, *v.inputs[1:]), v.proof, backend="snarkjs")


def test_auto_is_the_native_core_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verifier("auto").NAME == "native"
    without_native_core(monkeypatch)
    assert verifier("auto").NAME == "py-ecc"


def test_an_unknown_backend_and_one_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    without_native_core(monkeypatch)
    with pytest.raises(UsageError, match="choose one of auto, native, snarkjs, py-ecc"):
        verifier("gnark")
    with pytest.raises(MissingToolError, match="'native' is not installed"):
        verifier("native")


@pytest.mark.parametrize(
    ("inputs", "error", "words"),
    [
        ((), PublicInputCountMismatchError, "takes 2 public inputs, 0 came"),
        ((1,), PublicInputCountMismatchError, "takes 2 public inputs, 1 came"),
        ((1, 2, 0), PublicInputCountMismatchError, "takes 2 public inputs, 3 came"),
        ((1, FR_MODULUS), PublicInputNotCanonicalError, "public input 1 is not below"),
        ((-1, 2), PublicInputNotCanonicalError, "public input 0 is not below"),
    ],
)
def test_arity_and_canonical_inputs(inputs: tuple[int, ...], error: type[Exception], words: str) -> None:
    v = vector(2)
    with pytest.raises(error, match=words):
        verify(v.key, inputs, v.proof)


def test_an_aliased_input_is_refused_though_the_bare_equation_holds() -> None:
    v = vector(2)
    aliased = (v.inputs[0] + FR_MODULUS, v.inputs[1])
    assert py_ecc.pairing_equation_holds(v.key, aliased, v.proof)
    with pytest.raises(PublicInputNotCanonicalError, match="public input 0"):
        verify(v.key, aliased, v.proof)


def test_each_point_of_the_proof_is_checked() -> None:
    v = vector(1)
    for proof, error, words in (
        (dataclasses.replace(v.proof, a=off_curve_g1()), PointNotOnCurveError, "A of"),
        (dataclasses.replace(v.proof, a=curve.G1_IDENTITY), PointAtInfinityError, "A of"),
        (dataclasses.replace(v.proof, b=off_subgroup_g2()), PointNotInSubgroupError, "B of"),
        (dataclasses.replace(v.proof, b=curve.G2_IDENTITY), PointAtInfinityError, "B of"),
        (dataclasses.replace(v.proof, c=off_curve_g1()), PointNotOnCurveError, "C of"),
        (dataclasses.replace(v.proof, c=curve.G1_IDENTITY), PointAtInfinityError, "C of"),
    ):
        with pytest.raises(error, match=words):
            verify(v.key, v.inputs, proof)


def test_the_key_is_checked_too() -> None:
    v = vector(1)
    for key, error in (
        (dataclasses.replace(v.key, delta=v.key.gamma), GammaEqualsDeltaError),
        (dataclasses.replace(v.key, alpha=curve.G1_GENERATOR), PhaseOneNotContributedError),
        (dataclasses.replace(v.key, beta=curve.G2_GENERATOR), PhaseOneNotContributedError),
        (dataclasses.replace(v.key, ic=(v.key.ic[0], curve.G1_IDENTITY)), PointAtInfinityError),
        (dataclasses.replace(v.key, delta=off_subgroup_g2()), PointNotInSubgroupError),
    ):
        with pytest.raises(error):
            verify(key, v.inputs, v.proof)


def test_valid_points_that_prove_nothing_are_invalid() -> None:
    v = vector(1)
    negated = dataclasses.replace(v.proof, a=curve.g1_negate(v.proof.a))
    with pytest.raises(InvalidProofError, match="not valid for this verifying key"):
        verify(v.key, v.inputs, negated)
    with pytest.raises(InvalidProofError):
        verify(v.key, ((v.inputs[0] + 1) % FR_MODULUS,), v.proof)


def test_a_rerandomised_sign_of_a_and_b_is_still_valid() -> None:
    """(−A, −B, C) is the same statement's proof: proofs are malleable, so no one may use their bytes as a name."""
    v = vector(1)
    flipped = dataclasses.replace(v.proof, a=curve.g1_negate(v.proof.a), b=curve.g2_negate(v.proof.b))
    assert flipped != v.proof
    verify(v.key, v.inputs, flipped)


def test_alphabeta_is_computed_as_snarkjs_computes_it() -> None:
    v = vector(2)
    written = json.loads(verifying_key_json(v.key, py_ecc.alpha_beta_12(v.key)))
    assert list(written.items()) == list(v.document["vk"].items())


def test_py_ecc_leaves_the_recursion_limit_alone() -> None:
    """py_ecc sets it to 100,000, which makes deeply nested JSON crash the interpreter."""
    before = sys.getrecursionlimit()
    sys.modules.pop("py_ecc", None)
    py_ecc.library.cache_clear()
    py_ecc.library()
    assert sys.getrecursionlimit() == before


def _write(folder: Path, v: Vector) -> tuple[Path, Path, Path]:
    paths = folder / "vk.json", folder / "public.json", folder / "proof.json"
    for path, member in zip(paths, ("vk", "public", "proof"), strict=True):
        path.write_text(v.text(member))
    return paths


def test_files_are_read_and_verified(tmp_path: Path) -> None:
    key, public, proof = _write(tmp_path, vector(0))
    verify_files(key, public, proof)
    public.write_text('["0"]')
    with pytest.raises(PublicInputCountMismatchError, match="takes 0 public inputs, 1 came"):
        verify_files(key, public, proof)


def test_unreadable_files(tmp_path: Path) -> None:
    key, public, proof = _write(tmp_path, vector(0))
    proof.unlink()
    with pytest.raises(FileUnreadableError, match="cannot read the proof"):
        verify_files(key, public, proof)
    with pytest.raises(FileUnreadableError, match="is a directory"):
        verify_files(tmp_path, public, proof)
    public.write_bytes(b" " * (PUBLIC_INPUTS_BYTES_MAX + 1))
    with pytest.raises(FileTooLargeError, match="public inputs file"):
        verify_module.read_public_inputs(public)
