"""Amounts as the programs compute them."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anomi_sdk.trade.amounts import AmountOutOfRangeError, due_ceil, fee_floor, released_floor

U64 = st.integers(0, 2**64 - 1)


@given(U64, st.integers(1, 2**64 - 1), st.integers(0, 12))
def test_a_due_is_rounded_up(atoms: int, price: int, decimals: int) -> None:
    exact = ceil(Fraction(atoms * price, 10**decimals))
    if exact < 2**64:
        assert due_ceil(atoms, price, decimals) == exact
    else:
        with pytest.raises(AmountOutOfRangeError):
            due_ceil(atoms, price, decimals)


def test_a_due_is_bounded_to_64_bits() -> None:
    assert due_ceil(2**64 - 1, 1, 0) == 2**64 - 1
    with pytest.raises(AmountOutOfRangeError):
        due_ceil(2**63, 2, 0)


@given(U64, U64, st.integers(1, 2**64 - 1), st.integers(0, 100))
def test_a_release_and_its_fee_are_rounded_down(atoms: int, paid: int, due: int, bps: int) -> None:
    released = released_floor(atoms, paid, due)
    assert released == floor(Fraction(atoms * min(paid, due), due)) <= atoms
    assert fee_floor(released, bps) == floor(Fraction(released * bps, 10_000)) <= released


def test_the_demos_figures() -> None:
    assert due_ceil(100_000_000, 28_500, 6) == 2_850_000
    assert released_floor(100_000_000, 2_850_000, 2_850_000) == 100_000_000
    assert fee_floor(100_000_000, 30) == 300_000
