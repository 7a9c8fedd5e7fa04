"""What must hold of a proof, a key and public inputs before any pairing is computed.

snarkjs checks neither the number of public inputs nor subgroups, and Solana's syscalls accept the identity
and scalars ≥ r; so these checks stand before every verifier and inside every parser.
"""

from __future__ import annotations

from collections.abc import Sequence

from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16 import curve
from anomi_core.groth16.errors import (
    CoordinateNotCanonicalError,
    GammaEqualsDeltaError,
    MalformedVerifyingKeyError,
    PhaseOneNotContributedError,
    PointAtInfinityError,
    PointNotInSubgroupError,
    PointNotOnCurveError,
    PublicInputCountMismatchError,
    PublicInputNotCanonicalError,
)
from anomi_core.groth16.types import G1Point, G2Point, Proof, VerifyingKey

__all__ = [
    "check_g1",
    "check_g2",
    "check_gamma_is_not_delta",
    "check_proof",
    "check_public_inputs",
    "check_verifying_key",
]


def check_g1(point: G1Point, name: str) -> None:
    """Refuse what is not a point of G1 other than the identity; `name` is how the message calls it."""
    _check_coordinates(point, name)
    if point == curve.G1_IDENTITY:
        raise PointAtInfinityError(f"{name} is the point at infinity, which is never accepted")
    if not curve.is_on_g1_curve(point):
        raise PointNotOnCurveError(f"{name} is not on the curve y² = x³ + 3")


def check_g2(point: G2Point, name: str) -> None:
    """Refuse what is not a point of G2 other than the identity; `name` is how the message calls it."""
    _check_coordinates((*point[0], *point[1]), name)
    if point == curve.G2_IDENTITY:
        raise PointAtInfinityError(f"{name} is the point at infinity, which is never accepted")
    if not curve.is_on_g2_curve(point):
        raise PointNotOnCurveError(f"{name} is not on the twist y² = x³ + 3/(9 + u)")
    if not curve.is_in_g2_subgroup(point):
        raise PointNotInSubgroupError(f"{name} is on the twist but outside its subgroup of order r")


def check_proof(proof: Proof) -> None:
    """Refuse a proof any of whose points is not a canonical, non-identity element of its group."""
    check_g1(proof.a, "A of the proof")
    check_g2(proof.b, "B of the proof")
    check_g1(proof.c, "C of the proof")


def check_verifying_key(key: VerifyingKey) -> None:
    """Refuse a key with a bad point, and one whose set-up lacks a phase: anyone can forge proofs for it.

    Without a phase-1 contribution τ = α = β = 1, so α and β are the generators (this is told first: such a key also has
    IC points at infinity); without a phase-2 contribution γ = δ. An honest key meets either by chance once in 2²⁵⁴.
    """
    if not key.ic:
        raise MalformedVerifyingKeyError("a verifying key has at least one IC point, this one has none")
    if key.alpha == curve.G1_GENERATOR or key.beta == curve.G2_GENERATOR:
        raise PhaseOneNotContributedError(
            "α or β of the verifying key is the generator: without a phase-1 contribution anyone can forge proofs",
            hint="make the key from powers of tau that have contributions",
        )
    check_g1(key.alpha, "α of the verifying key")
    check_g2(key.beta, "β of the verifying key")
    check_g2(key.gamma, "γ of the verifying key")
    check_g2(key.delta, "δ of the verifying key")
    for index, point in enumerate(key.ic):
        check_g1(point, f"IC[{index}] of the verifying key")
    check_gamma_is_not_delta(key.gamma, key.delta)


def check_gamma_is_not_delta(gamma: G2Point, delta: G2Point) -> None:
    """Refuse γ = δ, which is what `snarkjs zkey new` writes before any phase-2 contribution, and γ = −δ.

    With either, C = ∓L proves every statement. A point and its negative have the same x.
    """
    if gamma[0] == delta[0]:
        raise GammaEqualsDeltaError(
            "γ equals ±δ in the verifying key: without a phase-2 contribution anyone can forge proofs for it",
            hint="contribute to phase 2, then export the key again",
        )


def check_public_inputs(key: VerifyingKey, inputs: Sequence[int]) -> None:
    """Refuse a count other than the key's, and any input that is not in [0, r)."""
    if len(inputs) != key.public_input_count:
        raise PublicInputCountMismatchError(
            f"the verifying key takes {key.public_input_count} public inputs, {len(inputs)} came"
        )
    for index, value in enumerate(inputs):
        if not 0 <= value < FR_MODULUS:
            raise PublicInputNotCanonicalError(f"public input {index} is not below the field modulus r")


def _check_coordinates(coordinates: Sequence[int], name: str) -> None:
    if not all(0 <= coordinate < FQ_MODULUS for coordinate in coordinates):
        raise CoordinateNotCanonicalError(f"{name} has a coordinate not below the base-field modulus q")
