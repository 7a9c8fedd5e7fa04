"""The curve's constants and group law."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anomi_core.babyjub import BASE8, IDENTITY, SUBGROUP_ORDER, A, D, add, is_in_subgroup, is_on_curve, multiply
from anomi_core.field import FR_MODULUS

SCALARS = st.integers(0, SUBGROUP_ORDER - 1)
ORDER_TWO = (0, FR_MODULUS - 1)


def test_addition_is_complete() -> None:
    """a is a square and d is not: no pair of points is an exception of the addition law."""
    assert pow(A, (FR_MODULUS - 1) // 2, FR_MODULUS) == 1
    assert pow(D, (FR_MODULUS - 1) // 2, FR_MODULUS) == FR_MODULUS - 1


def test_the_base_point_generates_the_subgroup() -> None:
    assert is_on_curve(BASE8)
    assert is_in_subgroup(BASE8)
    assert multiply(BASE8, SUBGROUP_ORDER) == IDENTITY
    assert pow(2, SUBGROUP_ORDER - 1, SUBGROUP_ORDER) == 1


def test_the_generator_of_eip_2494_is_off_the_subgroup() -> None:
    generator = (
        995203441582195749578291179787384436505546430278305826713579947235728471134,
        5472060717959818805561601436314318772137091100104008585924551046643952123905,
    )
    assert is_on_curve(generator)
    assert not is_in_subgroup(generator)
    assert multiply(generator, 8) == BASE8


@pytest.mark.parametrize("point", [IDENTITY, ORDER_TWO])
def test_points_of_small_order_are_on_the_curve(point: tuple[int, int]) -> None:
    assert is_on_curve(point)
    assert multiply(point, 8) == IDENTITY


def test_only_the_identity_among_points_of_small_order_is_in_the_subgroup() -> None:
    assert is_in_subgroup(IDENTITY)
    assert not is_in_subgroup(ORDER_TWO)


@pytest.mark.parametrize(
    "point",
    [
        (BASE8.x + 1, BASE8.y),
        (BASE8.x, BASE8.y + 1),
        (BASE8.y, BASE8.x),
        (0, 0),
        (BASE8.x + FR_MODULUS, BASE8.y),
        (BASE8.x, BASE8.y + FR_MODULUS),
        (BASE8.x - FR_MODULUS, BASE8.y),
    ],
)
def test_other_pairs_are_off_the_curve(point: tuple[int, int]) -> None:
    """The last three satisfy the equation mod r, but not in canonical coordinates."""
    assert not is_on_curve(point)


@settings(max_examples=15, deadline=None)
@given(SCALARS, SCALARS)
def test_multiples_add_up(left: int, right: int) -> None:
    total = add(multiply(BASE8, left), multiply(BASE8, right))
    assert total == multiply(BASE8, left + right)
    assert is_on_curve(total)


@settings(max_examples=15, deadline=None)
@given(SCALARS)
def test_a_point_and_its_negative_cancel(scalar: int) -> None:
    x, y = multiply(BASE8, scalar)
    assert add((x, y), (-x % FR_MODULUS, y)) == IDENTITY


@pytest.mark.parametrize("scalar", [0, SUBGROUP_ORDER, 8 * SUBGROUP_ORDER])
def test_multiples_of_the_order_vanish(scalar: int) -> None:
    assert multiply(BASE8, scalar) == IDENTITY
