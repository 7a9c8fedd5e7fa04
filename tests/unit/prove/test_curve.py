"""Point checks of BN254, held to py_ecc and to the group's order."""

from __future__ import annotations

from typing import Any

import pytest

from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16 import checks, curve
from anomi_core.groth16.errors import (
    CoordinateNotCanonicalError,
    PointAtInfinityError,
    PointNotInSubgroupError,
    PointNotOnCurveError,
)
from anomi_core.groth16.types import G2Point
from anomi_prover.verifiers.py_ecc import library
from tests.unit.prove.vectors import off_curve_g1, off_subgroup_g2

bn128 = library()


def _from_py_ecc(point: Any) -> G2Point:
    x, y = bn128.normalize(point)
    return (int(x.coeffs[0]), int(x.coeffs[1])), (int(y.coeffs[0]), int(y.coeffs[1]))


def test_the_constants_are_those_of_eip_197() -> None:
    x = curve.BN_X
    assert FQ_MODULUS == bn128.field_modulus == 36 * x**4 + 36 * x**3 + 24 * x**2 + 6 * x + 1
    assert FR_MODULUS == bn128.curve_order == FQ_MODULUS + 1 - (6 * x * x + 1)
    assert _from_py_ecc(bn128.G2) == curve.G2_GENERATOR
    assert curve.is_on_g1_curve(curve.G1_GENERATOR)


@pytest.mark.parametrize("scalar", [1, 2, 3, 12345678901234567890, FR_MODULUS - 1, FR_MODULUS + 5])
def test_multiples_of_the_generator_agree_with_py_ecc(scalar: int) -> None:
    ours = curve.g2_multiply(curve.G2_GENERATOR, scalar)
    assert ours == _from_py_ecc(bn128.multiply(bn128.G2, scalar))
    assert curve.is_on_g2_curve(ours)
    assert curve.is_in_g2_subgroup(ours)


def test_the_order_of_the_generator_is_r() -> None:
    assert curve.g2_multiply(curve.G2_GENERATOR, FR_MODULUS) == curve.G2_IDENTITY
    assert curve.g2_multiply(curve.G2_GENERATOR, FR_MODULUS - 1) == curve.g2_negate(curve.G2_GENERATOR)
    assert curve.g2_multiply(curve.G2_IDENTITY, 7) == curve.G2_IDENTITY


def test_a_twist_point_outside_the_subgroup_is_told_from_one_inside() -> None:
    outside = off_subgroup_g2()
    assert curve.is_on_g2_curve(outside)
    assert not curve.is_in_g2_subgroup(outside)
    # The slow definition says the same: [r]P is not the identity, and the order divides r(2q − r).
    assert curve.g2_multiply(outside, FR_MODULUS) != curve.G2_IDENTITY
    cofactor = 2 * FQ_MODULUS - FR_MODULUS
    assert curve.g2_multiply(curve.g2_multiply(outside, FR_MODULUS), cofactor) == curve.G2_IDENTITY
    # Clearing the cofactor leads back into the subgroup.
    assert curve.is_in_g2_subgroup(curve.g2_multiply(outside, cofactor))


def test_check_g1_accepts_the_generator_and_refuses_each_fault_by_name() -> None:
    checks.check_g1(curve.G1_GENERATOR, "P")
    with pytest.raises(PointNotOnCurveError, match="P is not on the curve"):
        checks.check_g1(off_curve_g1(), "P")
    with pytest.raises(PointAtInfinityError, match="P is the point at infinity"):
        checks.check_g1(curve.G1_IDENTITY, "P")
    for aliased in ((1 + FQ_MODULUS, 2), (1, 2 + FQ_MODULUS), (-1, 2)):
        with pytest.raises(CoordinateNotCanonicalError, match="P has a coordinate not below"):
            checks.check_g1(aliased, "P")


def test_check_g2_accepts_the_generator_and_refuses_each_fault_by_name() -> None:
    generator = curve.G2_GENERATOR
    checks.check_g2(generator, "P")
    (x0, x1), y = generator
    with pytest.raises(PointNotOnCurveError, match="P is not on the twist"):
        checks.check_g2(((x1, x0), y), "P")
    with pytest.raises(PointAtInfinityError, match="P is the point at infinity"):
        checks.check_g2(curve.G2_IDENTITY, "P")
    with pytest.raises(PointNotInSubgroupError, match="outside its subgroup"):
        checks.check_g2(off_subgroup_g2(), "P")
    with pytest.raises(CoordinateNotCanonicalError, match="P has a coordinate not below"):
        checks.check_g2(((x0, x1 + FQ_MODULUS), y), "P")
