"""The payment relation: for each named check, what is just accepted and what is just refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import pytest

from anomi_core import identity, messages
from anomi_core.attestation import AttestationShapeError
from anomi_core.field import FR_MODULUS, KeyLengthError, NotCanonicalError
from anomi_core.relations import CheckFailedError, check_payment
from anomi_core.spec import CHECKS, TAG_SOLVENCY
from anomi_core.statements import PaymentStatement, PaymentWitness
from tests.unit.core.attestor_attacks import FALSE_SIGNATURES, UNREGISTERED_OR_REPEATED, Attack
from tests.unit.core.cases import NOON_UNIX_S, QUORUMS, Quorum, payment_statement, payment_witness

DEPTH = 2
HONEST_WITNESS = payment_witness()
HONEST = payment_statement(HONEST_WITNESS)
(ATTESTORS, RECEIPT, DOMAIN, PAYER, PAYEE, AMOUNT, WINDOW, NULLIFIER, STATEMENT) = CHECKS["payment"]


def _changed(name: str, value: int) -> dict[str, Any]:
    return {name: value}


@contextmanager
def refused_by(check: str) -> Iterator[None]:
    with pytest.raises(CheckFailedError) as caught:
        yield
    assert caught.value.check == check
    assert caught.value.exit_code == 1


def accept(statement: PaymentStatement, witness: PaymentWitness) -> None:
    check_payment(statement, witness, depth=DEPTH)


def refuse(check: str, statement: PaymentStatement, witness: PaymentWitness) -> None:
    with refused_by(check):
        check_payment(statement, witness, depth=DEPTH)


@pytest.mark.parametrize("quorum", QUORUMS, ids=lambda quorum: f"{quorum.registry.k} of {len(quorum.registry.keys)}")
def test_honest_quorums_pass(quorum: Quorum) -> None:
    witness = payment_witness(quorum)
    check_payment(payment_statement(witness, quorum.registry.root), witness, depth=quorum.registry.depth)


@pytest.mark.parametrize("attack", UNREGISTERED_OR_REPEATED, ids=lambda attack: attack.__name__)
def test_attestors_are_distinct_and_registered(attack: Attack) -> None:
    attestations, root, bitmap = attack(HONEST_WITNESS.message())
    witness = replace(HONEST_WITNESS, attestations=attestations)
    refuse(ATTESTORS, payment_statement(witness, root, bitmap=bitmap), witness)


@pytest.mark.parametrize("attack", FALSE_SIGNATURES, ids=lambda attack: attack.__name__)
def test_receipt_is_for_this_account_and_deployment_signatures(attack: Attack) -> None:
    attestations, root, bitmap = attack(HONEST_WITNESS.message())
    witness = replace(HONEST_WITNESS, attestations=attestations)
    refuse(RECEIPT, payment_statement(witness, root, bitmap=bitmap), witness)


SIGNED = (
    *("deployment", "rail", "id_secret", "payer_account", "payee_account", "amount_minor_units"),
    *("paid_at_unix_s", "txid", "nonce"),
)


@pytest.mark.parametrize("name", SIGNED)
def test_receipt_is_for_this_account_and_deployment(name: str) -> None:
    """The statement follows the altered witness, so that only the signatures disagree."""
    witness = replace(HONEST_WITNESS, **{name: getattr(HONEST_WITNESS, name) + 1})
    refuse(RECEIPT, payment_statement(witness), witness)


def test_receipt_is_for_this_account_and_deployment_balance_is_no_receipt() -> None:
    balance = messages.balance_message(
        deployment=HONEST_WITNESS.deployment,
        rail=HONEST_WITNESS.rail,
        idc=HONEST_WITNESS.idc(),
        balance_minor_units=HONEST_WITNESS.amount_minor_units,
        issued_at_unix_s=HONEST_WITNESS.paid_at_unix_s,
        nonce=HONEST_WITNESS.nonce,
    )
    refuse(RECEIPT, HONEST, replace(HONEST_WITNESS, attestations=QUORUMS[1].attest(balance)))


def test_domain_opens_to_this_deployment_rail_and_market() -> None:
    refuse(DOMAIN, HONEST, replace(HONEST_WITNESS, market=bytes(32)))
    for name in ("deployment", "rail"):
        witness = payment_witness(**_changed(name, 7))
        refuse(DOMAIN, payment_statement(witness, domain=HONEST.domain), witness)
    other_tag = identity.domain(TAG_SOLVENCY, HONEST_WITNESS.deployment, HONEST_WITNESS.rail, HONEST_WITNESS.market)
    refuse(DOMAIN, HONEST.altered(domain=other_tag), HONEST_WITNESS)


@pytest.mark.parametrize("name", ["id_secret", "payer_account"])
def test_payer_is_the_bidder(name: str) -> None:
    """A third party's transfer, or the bidder's own from another account, does not pay this order."""
    witness = payment_witness(**_changed(name, 7))
    refuse(PAYER, payment_statement(witness, line_id=HONEST.line_id), witness)


@pytest.mark.parametrize("name", ["payee_account", "payee_secret", "payee_salt"])
def test_payee_is_the_seller(name: str) -> None:
    witness = payment_witness(**_changed(name, 7))
    refuse(PAYEE, payment_statement(witness, payee_commit=HONEST.payee_commit), witness)


@pytest.mark.parametrize(
    ("amount", "floor"),
    [(0, 0), (2_850_000, 2_850_000), (2_850_001, 2_850_000), (2**64 - 1, 0), (2**64 - 1, 2**64 - 1)],
)
def test_amount_reaches_the_floor_edges_pass(amount: int, floor: int) -> None:
    witness = payment_witness(amount_minor_units=amount)
    accept(payment_statement(witness, paid_floor_minor_units=floor), witness)


@pytest.mark.parametrize(
    ("amount", "floor"),
    [
        (0, 1),
        (2_849_999, 2_850_000),
        (2**64 - 2, 2**64 - 1),
        (2**64, 0),
        (2**64, 2**64 - 1),
        (2**64, 2**64),
        (2**64 - 1, 2**64),
        (FR_MODULUS - 1, 0),
        (0, FR_MODULUS - 1),
    ],
)
def test_amount_reaches_the_floor(amount: int, floor: int) -> None:
    witness = payment_witness(amount_minor_units=amount)
    refuse(AMOUNT, payment_statement(witness, paid_floor_minor_units=floor), witness)


@pytest.mark.parametrize(
    ("not_before", "paid_at", "not_after"),
    [
        (NOON_UNIX_S, NOON_UNIX_S, NOON_UNIX_S),
        (NOON_UNIX_S, NOON_UNIX_S, 2**40 - 1),
        (0, NOON_UNIX_S, NOON_UNIX_S),
        (0, 0, 0),
        (0, 0, 2**40 - 1),
        (0, 2**40 - 1, 2**40 - 1),
        (2**40 - 1, 2**40 - 1, 2**40 - 1),
    ],
)
def test_paid_inside_the_window_edges_pass(not_before: int, paid_at: int, not_after: int) -> None:
    witness = payment_witness(paid_at_unix_s=paid_at)
    accept(payment_statement(witness, not_before_unix_s=not_before, not_after_unix_s=not_after), witness)


@pytest.mark.parametrize(
    ("not_before", "paid_at", "not_after"),
    [
        (NOON_UNIX_S, NOON_UNIX_S - 1, NOON_UNIX_S),
        (NOON_UNIX_S, NOON_UNIX_S + 1, NOON_UNIX_S),
        (NOON_UNIX_S + 1, NOON_UNIX_S, NOON_UNIX_S - 1),
        (1, 0, 2**40 - 1),
        (0, 2**40 - 1, 2**40 - 2),
        (0, 0, 2**40),
        (0, 2**40, 2**40),
        (0, 2**40, 2**40 - 1),
        (2**40, 2**40 - 1, 2**40 - 1),
        (0, 0, FR_MODULUS - 1),
        (FR_MODULUS - 1, 0, 1),
        (0, FR_MODULUS - 1, 2**40 - 1),
    ],
)
def test_paid_inside_the_window(not_before: int, paid_at: int, not_after: int) -> None:
    witness = payment_witness(paid_at_unix_s=paid_at)
    refuse(WINDOW, payment_statement(witness, not_before_unix_s=not_before, not_after_unix_s=not_after), witness)


def test_nullifier_names_the_transfer() -> None:
    """The one of another transfer, to another payee, or on another rail names another."""
    key = HONEST_WITNESS.payee_key()
    for nf in (
        HONEST.nf + 1,
        identity.nullifier(HONEST_WITNESS.rail, HONEST_WITNESS.txid + 1, key),
        identity.nullifier(HONEST_WITNESS.rail, HONEST_WITNESS.txid, key + 1),
        identity.nullifier(HONEST_WITNESS.rail + 1, HONEST_WITNESS.txid, key),
    ):
        refuse(NULLIFIER, HONEST.altered(nf=nf), HONEST_WITNESS)
    witness = payment_witness(txid=7)
    refuse(NULLIFIER, payment_statement(witness, nf=HONEST.nf), witness)


def test_nullifier_names_the_transfer_whoever_attests_and_whenever() -> None:
    """Two receipts of one transfer have one nullifier, whatever a prover may choose."""
    other = payment_witness(Quorum(QUORUMS[1].registry, (1, 2)), nonce=7, payee_salt=8)
    accept(payment_statement(other), other)
    assert payment_statement(other).nf == HONEST.nf


@pytest.mark.parametrize("order_id", [0, 2**64 - 1])
def test_statement_binds_every_public_value_edges_pass(order_id: int) -> None:
    accept(HONEST.altered(order_id=order_id), HONEST_WITNESS)


@pytest.mark.parametrize("offset", [1, -1])
def test_statement_binds_every_public_value_stmt_itself(offset: int) -> None:
    with refused_by(STATEMENT):
        check_payment(HONEST, HONEST_WITNESS, depth=DEPTH, stmt=HONEST.stmt() + offset)


def test_statement_binds_every_public_value_parts_cannot_carry() -> None:
    """A floor of 2**64 would be a floor of 0 and a later window to the program: its width is refused first."""
    witness = payment_witness(amount_minor_units=2**64)
    statement = payment_statement(witness, paid_floor_minor_units=0, not_before_unix_s=1)
    carried = statement.altered(paid_floor_minor_units=2**64, not_before_unix_s=0)
    assert carried.stmt() == statement.stmt()
    refuse(AMOUNT, carried, witness)


ALTERED_BY = {
    "domain": (HONEST.domain + 1, DOMAIN),
    "order_id": (HONEST.order_id + 1, STATEMENT),
    "paid_floor_minor_units": (HONEST.paid_floor_minor_units - 1, STATEMENT),
    "not_before_unix_s": (HONEST.not_before_unix_s + 1, STATEMENT),
    "not_after_unix_s": (HONEST.not_after_unix_s + 1, STATEMENT),
    "bitmap": (HONEST.bitmap ^ 1, ATTESTORS),
    "payee_commit": (HONEST.payee_commit + 1, PAYEE),
    "root": (HONEST.root + 1, ATTESTORS),
    "line_id": (HONEST.line_id + 1, PAYER),
    "nf": (HONEST.nf + 1, NULLIFIER),
}


@pytest.mark.parametrize("name", [field.name for field in fields(PaymentStatement)])
def test_every_public_value_altered_by_one_is_refused(name: str) -> None:
    value, check = ALTERED_BY[name]
    with refused_by(check):
        check_payment(HONEST.altered(**{name: value}), HONEST_WITNESS, depth=DEPTH, stmt=HONEST.stmt())


def test_the_first_failing_check_is_named() -> None:
    refuse(PAYER, HONEST.altered(line_id=1, payee_commit=1, paid_floor_minor_units=2**64, nf=1), HONEST_WITNESS)


@pytest.mark.parametrize("name", [field.name for field in fields(PaymentWitness) if field.type == "int"])
@pytest.mark.parametrize("value", [-1, FR_MODULUS])
def test_private_values_are_field_elements(name: str, value: int) -> None:
    with pytest.raises(NotCanonicalError, match=f"{name} must be a field element"):
        accept(HONEST, replace(HONEST_WITNESS, **_changed(name, value)))


@pytest.mark.parametrize("value", [-1, FR_MODULUS])
def test_public_values_and_signatures_are_field_elements(value: int) -> None:
    for name in ("order_id", "paid_floor_minor_units", "not_before_unix_s", "not_after_unix_s", "bitmap", "nf"):
        words = f"{name} must be a field element" if name not in ("order_id", "nf") else "must be a field element"
        with pytest.raises(NotCanonicalError, match=words):
            accept(HONEST.altered(**{name: value}), HONEST_WITNESS)
    with pytest.raises(NotCanonicalError, match="stmt must be a field element"):
        check_payment(HONEST, HONEST_WITNESS, depth=DEPTH, stmt=value)
    first, second = HONEST_WITNESS.attestations
    spoilt: list[tuple[str, dict[str, Any]]] = [
        *((name, {"key": second.key._replace(**{name: value})}) for name in ("ax", "ay")),
        *((name, {"signature": second.signature._replace(**{name: value})}) for name in ("r8x", "r8y", "s")),
        ("sibling 0", {"siblings": (value, second.siblings[1])}),
    ]
    for name, change in spoilt:
        with pytest.raises(NotCanonicalError, match=f"{name} must be a field element"):
            accept(HONEST, replace(HONEST_WITNESS, attestations=(first, replace(second, **change))))


def test_shapes_that_enter_no_circuit_are_refused() -> None:
    first, second = HONEST_WITNESS.attestations
    for attestations in ((), (first, replace(second, index=4)), (first, replace(second, siblings=second.siblings[:1]))):
        with pytest.raises(AttestationShapeError):
            accept(HONEST, replace(HONEST_WITNESS, attestations=attestations))
    with pytest.raises(AttestationShapeError):
        check_payment(HONEST, HONEST_WITNESS, depth=3)
    with pytest.raises(KeyLengthError):
        accept(HONEST, replace(HONEST_WITNESS, market=bytes(31)))
