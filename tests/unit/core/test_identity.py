"""Identities and domains against the vectors, and how secrets are drawn."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest

from anomi_core import identity
from anomi_core.field import FR_MODULUS, KeyLengthError, NotCanonicalError
from anomi_core.spec import TAG_PAYMENT, TAG_SOLVENCY

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/identity.json").read_text())


def test_deployments() -> None:
    for row in VECTORS["deployments"]:
        genesis, program = bytes.fromhex(row["genesis"]), bytes.fromhex(row["market_program"])
        assert str(identity.deployment_id(genesis, program)) == row["deployment"]
        assert identity.deployment_id(program, genesis) != identity.deployment_id(genesis, program)


def test_domains() -> None:
    assert {int(row["tag"]) for row in VECTORS["domains"]} == {TAG_SOLVENCY, TAG_PAYMENT}
    for row in VECTORS["domains"]:
        market = bytes.fromhex(row["market"])
        assert str(identity.domain(int(row["tag"]), int(row["deployment"]), int(row["rail"]), market)) == row["domain"]


def test_payer() -> None:
    row = {name: int(value) for name, value in VECTORS["payer"].items()}
    assert identity.h(row["id_secret"], row["rail"], row["payer_account"]) == row["h"]
    assert identity.idc(row["h"], row["rail"], row["payer_account"]) == row["idc"]
    assert identity.line_id(row["id_secret"], row["idc"], row["deployment"]) == row["line_id"]


def test_payee() -> None:
    row = {name: int(value) for name, value in VECTORS["payee"].items()}
    assert identity.payee_key(row["rail"], row["payee_account"], row["payee_secret"]) == row["payee_key"]
    assert identity.payee_commit(row["payee_key"], row["payee_salt"]) == row["payee_commit"]
    assert identity.nullifier(row["rail"], row["txid"], row["payee_key"]) == row["nf"]


@pytest.mark.parametrize("length", [31, 33])
def test_addresses_have_32_bytes(length: int) -> None:
    with pytest.raises(KeyLengthError):
        identity.deployment_id(bytes(length), bytes(32))
    with pytest.raises(KeyLengthError):
        identity.deployment_id(bytes(32), bytes(length))
    with pytest.raises(KeyLengthError):
        identity.domain(TAG_SOLVENCY, 1, 2, bytes(length))


def test_words_outside_the_field_are_refused() -> None:
    with pytest.raises(NotCanonicalError):
        identity.h(FR_MODULUS, 1, 2)


def test_secrets_are_248_bits_of_the_source_given() -> None:
    asked = []

    def all_ones(bits: int) -> int:
        asked.append(bits)
        return int(2**bits - 1)

    assert identity.draw_secret(all_ones) == 2**248 - 1 < FR_MODULUS
    assert asked == [248]
    assert identity.draw_secret(secrets.randbits) != identity.draw_secret(secrets.randbits)
