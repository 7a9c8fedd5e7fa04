"""Statements: their ranges, hashes and circuit inputs."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path
from typing import Any

import pytest

from anomi_core.field import FR_MODULUS, KeyLengthError, NotCanonicalError
from anomi_core.poseidon import poseidon
from anomi_core.statements import (
    AttestationShapeError,
    PaymentStatement,
    SolvencyStatement,
    ValueOutOfRangeError,
    payment_circuit_input,
    solvency_circuit_input,
)
from tests.unit.core.cases import payment_statement, payment_witness, solvency_statement, solvency_witness

VECTORS = Path(__file__).parents[2] / "vectors"
SOLVENCY_WITNESS, PAYMENT_WITNESS = solvency_witness(), payment_witness()
SOLVENCY, PAYMENT = solvency_statement(SOLVENCY_WITNESS), payment_statement(PAYMENT_WITNESS)

PRIVATE = ("deployment", "rail", "market_hi", "market_lo", "id_secret", "payer_account")
ATTESTORS = ("key_x", "key_y", "r8_x", "r8_y", "s", "index_bits", "siblings")
SOLVENCY_SIGNALS = (
    *("stmt", "domain", "buyer_hi", "buyer_lo", "covered_minor_units", "seq", "issued_min_unix_s", "bitmap", "root"),
    *("line_id", *PRIVATE, "balance_minor_units", "issued_at_unix_s", "nonce", *ATTESTORS),
)
PAYMENT_SIGNALS = (
    *("stmt", "domain", "order_id", "paid_floor_minor_units", "not_before_unix_s", "not_after_unix_s", "bitmap"),
    *("payee_commit", "root", "line_id", "nf", *PRIVATE, "payee_account", "payee_secret", "payee_salt"),
    *("amount_minor_units", "paid_at_unix_s", "txid", "nonce", *ATTESTORS),
)

WIDTHS = [
    (SOLVENCY, "covered_minor_units", 64),
    (SOLVENCY, "seq", 64),
    (SOLVENCY, "issued_min_unix_s", 40),
    (SOLVENCY, "bitmap", 5),
    (PAYMENT, "order_id", 64),
    (PAYMENT, "paid_floor_minor_units", 64),
    (PAYMENT, "not_before_unix_s", 40),
    (PAYMENT, "not_after_unix_s", 40),
    (PAYMENT, "bitmap", 5),
]
FIELD_ELEMENTS = [
    *((SOLVENCY, name) for name in ("domain", "root", "line_id")),
    *((PAYMENT, name) for name in ("domain", "payee_commit", "root", "line_id", "nf")),
]


@pytest.mark.parametrize(("statement", "name", "bits"), WIDTHS)
def test_widths(statement: Any, name: str, bits: int) -> None:
    for value in (0, 2**bits - 1):
        assert getattr(replace(statement, **{name: value}), name) == value
    for value in (-1, 2**bits):
        with pytest.raises(ValueOutOfRangeError, match=rf"{name} must be in 0 … 2\*\*{bits} - 1; {value} came"):
            replace(statement, **{name: value})


@pytest.mark.parametrize(("statement", "name"), FIELD_ELEMENTS)
def test_field_elements(statement: Any, name: str) -> None:
    for value in (0, FR_MODULUS - 1):
        assert getattr(replace(statement, **{name: value}), name) == value
    for value in (-1, FR_MODULUS):
        with pytest.raises(NotCanonicalError, match=f"{name} must be a field element"):
            replace(statement, **{name: value})


@pytest.mark.parametrize("length", [31, 33])
def test_buyers_have_32_bytes(length: int) -> None:
    with pytest.raises(KeyLengthError):
        replace(SOLVENCY, buyer=bytes(length))


def test_every_public_value_has_its_range_tested() -> None:
    tested = {(type(row[0]), row[1]) for row in (*WIDTHS, *FIELD_ELEMENTS)} | {(SolvencyStatement, "buyer")}
    assert tested == {(kind, f.name) for kind in (SolvencyStatement, PaymentStatement) for f in fields(kind)}


def test_unchecked_statements_hold_anything_and_can_be_validated_later() -> None:
    statement = SOLVENCY.altered(seq=2**64)
    assert statement.seq == 2**64
    assert replace(statement, seq=3) == SOLVENCY
    with pytest.raises(ValueOutOfRangeError):
        statement.validate()


def test_unchecked_needs_every_field_and_no_other() -> None:
    with pytest.raises(TypeError, match="exactly"):
        SolvencyStatement.unchecked(seq=1)
    with pytest.raises(TypeError, match="exactly"):
        SOLVENCY.altered(amount=1)


def test_statements_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        SOLVENCY.seq = 4  # type: ignore[misc]


@pytest.mark.parametrize("name", ["solvency", "payment"])
def test_vectors(name: str) -> None:
    for case in json.loads((VECTORS / f"{name}.json").read_text())["cases"]:
        row = {key: int(value) for key, value in case["statement"].items() if key != "buyer"}
        statement: Any
        if name == "solvency":
            statement = SolvencyStatement(buyer=bytes.fromhex(case["statement"]["buyer"]), **row)
        else:
            statement = PaymentStatement(**row)
        assert str(statement.packed()) == case["packed"]
        assert str(statement.stmt()) == case["stmt"]


def test_the_order_of_words_is_that_of_spec() -> None:
    buyer = (1 << 128 | 2).to_bytes(32, "big")
    solvency = SolvencyStatement(10, buyer, 3, 4, 5, 6, 11, 12)
    assert solvency.packed() == 3 | 4 << 64 | 5 << 128 | 6 << 168
    assert solvency.stmt() == poseidon([10, 1, 2, solvency.packed(), 11, 12])
    payment = PaymentStatement(10, 1, 3, 4, 5, 6, 11, 12, 13, 14)
    assert payment.packed() == 3 | 4 << 64 | 5 << 104 | 6 << 144
    assert payment.stmt() == poseidon([10, 1, payment.packed(), 11, 12, 13, 14])


def test_out_of_range_parts_run_into_each_other() -> None:
    """Two statements, one stmt: why the circuits check every width."""
    honest = SOLVENCY.altered(seq=0, issued_min_unix_s=1)
    assert SOLVENCY.altered(seq=2**64, issued_min_unix_s=0).stmt() == honest.stmt()


def test_packing_is_modulo_r_as_in_a_circuit() -> None:
    statement = SOLVENCY.altered(covered_minor_units=FR_MODULUS - 1, seq=0, issued_min_unix_s=0, bitmap=0)
    assert statement.packed() == FR_MODULUS - 1
    assert statement.altered(seq=1).packed() == 2**64 - 1


@pytest.mark.parametrize(
    ("witness", "shown"),
    [(SOLVENCY_WITNESS, {"deployment", "rail", "market"}), (PAYMENT_WITNESS, {"deployment", "rail", "market"})],
)
def test_no_repr_shows_a_private_value(witness: Any, shown: set[str]) -> None:
    assert {field.name for field in fields(witness) if field.repr} == shown
    for field in fields(witness):
        if field.name not in shown:
            assert str(getattr(witness, field.name)) not in repr(witness)


def test_witnesses_state_what_they_are_for() -> None:
    assert (
        SOLVENCY_WITNESS.statement(
            buyer=SOLVENCY.buyer,
            covered_minor_units=SOLVENCY.covered_minor_units,
            seq=SOLVENCY.seq,
            issued_min_unix_s=SOLVENCY.issued_min_unix_s,
            root=SOLVENCY.root,
        )
        == SOLVENCY
    )
    assert (
        PAYMENT_WITNESS.statement(
            order_id=PAYMENT.order_id,
            paid_floor_minor_units=PAYMENT.paid_floor_minor_units,
            not_before_unix_s=PAYMENT.not_before_unix_s,
            not_after_unix_s=PAYMENT.not_after_unix_s,
            root=PAYMENT.root,
        )
        == PAYMENT
    )


def test_circuit_inputs_name_every_signal() -> None:
    solvency = solvency_circuit_input(SOLVENCY, SOLVENCY_WITNESS)
    payment = payment_circuit_input(PAYMENT, PAYMENT_WITNESS)
    assert set(solvency) == set(SOLVENCY_SIGNALS)
    assert set(payment) == set(PAYMENT_SIGNALS)
    assert solvency["stmt"] == str(SOLVENCY.stmt())
    assert payment["stmt"] == str(PAYMENT.stmt())
    assert solvency["index_bits"] == payment["index_bits"] == [["0", "0"], ["0", "1"]]


def test_a_claimed_stmt_is_passed_on() -> None:
    assert solvency_circuit_input(SOLVENCY, SOLVENCY_WITNESS, stmt=5)["stmt"] == "5"
    assert payment_circuit_input(PAYMENT, PAYMENT_WITNESS, stmt=5)["stmt"] == "5"


@pytest.mark.parametrize("value", [2**64, FR_MODULUS - 1, FR_MODULUS, 2**256])
def test_circuit_inputs_refuse_no_value(value: int) -> None:
    solvency = solvency_circuit_input(
        SOLVENCY.altered(covered_minor_units=value), replace(SOLVENCY_WITNESS, balance_minor_units=value)
    )
    assert solvency["covered_minor_units"] == solvency["balance_minor_units"] == str(value)
    payment = payment_circuit_input(
        PAYMENT.altered(not_before_unix_s=value), replace(PAYMENT_WITNESS, paid_at_unix_s=value)
    )
    assert payment["not_before_unix_s"] == payment["paid_at_unix_s"] == str(value)


def test_attestations_that_make_no_array_are_refused() -> None:
    first, second = SOLVENCY_WITNESS.attestations
    for attestations, words in (
        ((), "at least one"),
        ((first, replace(second, siblings=second.siblings[:1])), "2 siblings; one with 1 came"),
        ((replace(first, index=4), second), "leaf index"),
        ((replace(first, index=-1), second), "leaf index"),
    ):
        with pytest.raises(AttestationShapeError, match=words):
            solvency_circuit_input(SOLVENCY, replace(SOLVENCY_WITNESS, attestations=attestations))
        with pytest.raises(AttestationShapeError, match=words):
            payment_circuit_input(PAYMENT, replace(PAYMENT_WITNESS, attestations=attestations))
