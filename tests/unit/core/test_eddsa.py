"""EdDSA-Poseidon: zk-kit's keys and signatures, and every reason to refuse one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anomi_core import eddsa
from anomi_core.babyjub import SUBGROUP_ORDER
from anomi_core.eddsa import PublicKey, SecretLengthError, Signature, derive_public_key, sign, verify
from anomi_core.field import FR_MODULUS, NotCanonicalError
from tests.unit.core.cases import negated, sign_for_negated_key

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/eddsa.json").read_text())
SECRET = bytes(range(32))


def _key(row: dict[str, str]) -> PublicKey:
    return PublicKey(**{name: int(value) for name, value in row.items()})


def _signature(row: dict[str, str]) -> Signature:
    return Signature(**{name: int(value) for name, value in row.items()})


@pytest.mark.parametrize("case", VECTORS["cases"])
def test_vectors(case: dict[str, Any]) -> None:
    secret, message = bytes.fromhex(case["secret"]), int(case["message"])
    assert derive_public_key(secret) == _key(case["key"])
    assert sign(secret, message) == _signature(case["signature"])
    verify(_key(case["key"]), message, _signature(case["signature"]))


def test_the_refused_vectors_show_every_reason() -> None:
    shown = {case["error"] for case in VECTORS["refused"]}
    reasons = {kind.__name__ for kind in eddsa.SignatureRefusedError.__subclasses__()}
    assert shown == reasons
    assert len(reasons) == 6


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["why"])
def test_refused_vectors(case: dict[str, Any]) -> None:
    with pytest.raises(eddsa.SignatureRefusedError) as caught:
        verify(_key(case["key"]), int(case["message"]), _signature(case["signature"]))
    assert type(caught.value).__name__ == case["error"]
    assert caught.value.exit_code == 1


@settings(max_examples=10, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(0, FR_MODULUS - 1))
def test_what_is_signed_verifies_and_nothing_else_does(secret: bytes, message: int) -> None:
    key, signature = derive_public_key(secret), sign(secret, message)
    verify(key, message, signature)
    assert sign(secret, message) == signature
    with pytest.raises(eddsa.SignatureEquationError):
        verify(key, (message + 1) % FR_MODULUS, signature)


def test_s_is_accepted_only_below_the_subgroup_order() -> None:
    key, signature = derive_public_key(SECRET), sign(SECRET, 5)
    with pytest.raises(eddsa.SignatureEquationError):
        verify(key, 5, signature._replace(s=SUBGROUP_ORDER - 1))
    for s in (SUBGROUP_ORDER, signature.s + SUBGROUP_ORDER, -1, signature.s - SUBGROUP_ORDER):
        with pytest.raises(eddsa.ScalarTooLargeError, match="below Baby Jubjub's subgroup order"):
            verify(key, 5, signature._replace(s=s))


@pytest.mark.parametrize("coordinate", ["ax", "ay"])
def test_a_key_is_refused_in_non_canonical_coordinates(coordinate: str) -> None:
    key = derive_public_key(SECRET)
    with pytest.raises(eddsa.KeyOffCurveError):
        verify(key._replace(**{coordinate: getattr(key, coordinate) + FR_MODULUS}), 5, sign(SECRET, 5))


@pytest.mark.parametrize("coordinate", ["r8x", "r8y"])
def test_a_nonce_point_is_refused_in_non_canonical_coordinates(coordinate: str) -> None:
    signature = sign(SECRET, 5)
    spoilt = signature._replace(**{coordinate: getattr(signature, coordinate) + FR_MODULUS})
    with pytest.raises(eddsa.NonceOffCurveError):
        verify(derive_public_key(SECRET), 5, spoilt)


@pytest.mark.parametrize("message", [-1, FR_MODULUS])
def test_messages_outside_the_field_are_refused(message: int) -> None:
    with pytest.raises(NotCanonicalError, match="message"):
        sign(SECRET, message)
    with pytest.raises(NotCanonicalError, match="message"):
        verify(derive_public_key(SECRET), message, sign(SECRET, 5))


@pytest.mark.parametrize("length", [0, 31, 33])
def test_secrets_have_32_bytes(length: int) -> None:
    for use in (derive_public_key, lambda secret: sign(secret, 1)):
        with pytest.raises(SecretLengthError, match=f"32 bytes; this one has {length}"):
            use(bytes(length))


def test_an_owner_can_sign_for_the_negative_of_his_key() -> None:
    """Which is why registries and circuits tell keys apart by y alone."""
    key = negated(derive_public_key(SECRET))
    verify(key, 5, sign_for_negated_key(SECRET, 5))
