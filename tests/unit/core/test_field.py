"""Canonical field elements and key halves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anomi_core.field import FQ_MODULUS, FR_MODULUS, KeyLengthError, NotCanonicalError, require_fr, split_key


def test_moduli_are_those_of_eip_196() -> None:
    assert FR_MODULUS == 0x30644E72E131A029B85045B68181585D2833E84879B9709143E1F593F0000001
    assert FQ_MODULUS == 0x30644E72E131A029B85045B68181585D97816A916871CA8D3C208C16D87CFD47


@pytest.mark.parametrize("value", [0, 1, FR_MODULUS - 1])
def test_canonical_values_pass(value: int) -> None:
    assert require_fr(value, "word") == value


@pytest.mark.parametrize(("value", "came"), [(FR_MODULUS, "≥ r"), (2**256, "≥ r"), (-1, "negative")])
def test_values_outside_the_field_are_refused(value: int, came: str) -> None:
    with pytest.raises(NotCanonicalError, match=f"payer_account must be a field element.*{came}") as caught:
        require_fr(value, "payer_account")
    assert caught.value.exit_code == 1
    assert str(value) not in str(caught.value).replace("0 <=", "")


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_halves_are_the_key(key: bytes) -> None:
    hi, lo = split_key(key)
    assert (hi << 128 | lo).to_bytes(32, "big") == key


def test_halves_are_not_reduced() -> None:
    assert split_key(b"\xff" * 32) == (2**128 - 1, 2**128 - 1)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_keys_of_another_length_are_refused(length: int) -> None:
    with pytest.raises(KeyLengthError, match=f"32 bytes; this one has {length}"):
        split_key(bytes(length))
