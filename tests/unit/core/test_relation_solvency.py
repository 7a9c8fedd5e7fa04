"""The solvency relation: for each named check, what is just accepted and what is just refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import pytest

from anomi_core import identity, messages
from anomi_core.attestation import AttestationShapeError
from anomi_core.field import FR_MODULUS, KeyLengthError, NotCanonicalError
from anomi_core.relations import CheckFailedError, check_solvency
from anomi_core.spec import CHECKS, TAG_PAYMENT
from anomi_core.statements import SolvencyStatement, SolvencyWitness
from tests.unit.core.attestor_attacks import FALSE_SIGNATURES, UNREGISTERED_OR_REPEATED, Attack
from tests.unit.core.cases import NOON_UNIX_S, QUORUMS, Quorum, solvency_statement, solvency_witness

DEPTH = 2
HONEST_WITNESS = solvency_witness()
HONEST = solvency_statement(HONEST_WITNESS)
(ATTESTORS, ATTESTATION, DOMAIN, LINE, BALANCE, FRESH, STATEMENT) = CHECKS["solvency"]


def _changed(name: str, value: int) -> dict[str, Any]:
    return {name: value}


@contextmanager
def refused_by(check: str) -> Iterator[None]:
    with pytest.raises(CheckFailedError) as caught:
        yield
    assert caught.value.check == check
    assert caught.value.exit_code == 1


def accept(statement: SolvencyStatement, witness: SolvencyWitness) -> None:
    check_solvency(statement, witness, depth=DEPTH)


def refuse(check: str, statement: SolvencyStatement, witness: SolvencyWitness) -> None:
    with refused_by(check):
        check_solvency(statement, witness, depth=DEPTH)


@pytest.mark.parametrize("quorum", QUORUMS, ids=lambda quorum: f"{quorum.registry.k} of {len(quorum.registry.keys)}")
def test_honest_quorums_pass(quorum: Quorum) -> None:
    witness = solvency_witness(quorum)
    check_solvency(solvency_statement(witness, quorum.registry.root), witness, depth=quorum.registry.depth)


@pytest.mark.parametrize("indices", [(0, 1), (0, 2), (1, 2)])
def test_any_two_of_three_pass(indices: tuple[int, ...]) -> None:
    witness = solvency_witness(Quorum(QUORUMS[1].registry, indices))
    accept(solvency_statement(witness), witness)


@pytest.mark.parametrize("attack", UNREGISTERED_OR_REPEATED, ids=lambda attack: attack.__name__)
def test_attestors_are_distinct_and_registered(attack: Attack) -> None:
    attestations, root, bitmap = attack(HONEST_WITNESS.message())
    witness = replace(HONEST_WITNESS, attestations=attestations)
    refuse(ATTESTORS, solvency_statement(witness, root, bitmap=bitmap), witness)


@pytest.mark.parametrize("attack", FALSE_SIGNATURES, ids=lambda attack: attack.__name__)
def test_attestation_is_for_this_account_and_deployment_signatures(attack: Attack) -> None:
    attestations, root, bitmap = attack(HONEST_WITNESS.message())
    witness = replace(HONEST_WITNESS, attestations=attestations)
    refuse(ATTESTATION, solvency_statement(witness, root, bitmap=bitmap), witness)


@pytest.mark.parametrize(
    "name",
    ["deployment", "rail", "id_secret", "payer_account", "balance_minor_units", "issued_at_unix_s", "nonce"],
)
def test_attestation_is_for_this_account_and_deployment(name: str) -> None:
    """The statement follows the altered witness, so that only the signatures disagree."""
    witness = replace(HONEST_WITNESS, **{name: getattr(HONEST_WITNESS, name) + 1})
    refuse(ATTESTATION, solvency_statement(witness), witness)


def test_attestation_is_for_this_account_and_deployment_receipt_is_no_balance() -> None:
    receipt = messages.receipt_message(
        deployment=HONEST_WITNESS.deployment,
        rail=HONEST_WITNESS.rail,
        idc=HONEST_WITNESS.idc(),
        payee_account=1,
        amount_minor_units=HONEST_WITNESS.balance_minor_units,
        paid_at_unix_s=HONEST_WITNESS.issued_at_unix_s,
        txid=2,
        nonce=HONEST_WITNESS.nonce,
    )
    refuse(ATTESTATION, HONEST, replace(HONEST_WITNESS, attestations=QUORUMS[1].attest(receipt)))


def test_domain_opens_to_this_deployment_rail_and_market() -> None:
    refuse(DOMAIN, HONEST, replace(HONEST_WITNESS, market=bytes(32)))
    for name in ("deployment", "rail"):
        witness = solvency_witness(**_changed(name, 7))
        refuse(DOMAIN, solvency_statement(witness, domain=HONEST.domain), witness)
    other_tag = identity.domain(TAG_PAYMENT, HONEST_WITNESS.deployment, HONEST_WITNESS.rail, HONEST_WITNESS.market)
    refuse(DOMAIN, HONEST.altered(domain=other_tag), HONEST_WITNESS)


@pytest.mark.parametrize("name", ["id_secret", "payer_account"])
def test_line_belongs_to_the_prover(name: str) -> None:
    """Another person's attested account does not stand for this line."""
    witness = solvency_witness(**_changed(name, 7))
    refuse(LINE, solvency_statement(witness, line_id=HONEST.line_id), witness)


@pytest.mark.parametrize(
    ("balance", "covered"),
    [(0, 0), (1, 0), (2_850_000, 2_850_000), (2**64 - 1, 0), (2**64 - 1, 2**64 - 1)],
)
def test_balance_covers_reservations_edges_pass(balance: int, covered: int) -> None:
    witness = solvency_witness(balance_minor_units=balance)
    accept(solvency_statement(witness, covered_minor_units=covered), witness)


@pytest.mark.parametrize(
    ("balance", "covered"),
    [
        (0, 1),
        (2_849_999, 2_850_000),
        (2**64 - 2, 2**64 - 1),
        (2**64, 0),
        (2**64, 2**64 - 1),
        (2**64, 2**64),
        (2**64 - 1, 2**64),
        (FR_MODULUS - 1, 0),
        (FR_MODULUS - 1, 1),
        (0, FR_MODULUS - 1),
    ],
)
def test_balance_covers_reservations(balance: int, covered: int) -> None:
    witness = solvency_witness(balance_minor_units=balance)
    refuse(BALANCE, solvency_statement(witness, covered_minor_units=covered), witness)


@pytest.mark.parametrize(
    ("issued_min", "issued_at"),
    [
        (NOON_UNIX_S, NOON_UNIX_S),
        (NOON_UNIX_S, NOON_UNIX_S + 127),
        (0, 0),
        (0, 127),
        (2**40 - 1, 2**40 - 1),
        (2**40 - 128, 2**40 - 1),
    ],
)
def test_attestation_is_fresh_edges_pass(issued_min: int, issued_at: int) -> None:
    witness = solvency_witness(issued_at_unix_s=issued_at)
    accept(solvency_statement(witness, issued_min_unix_s=issued_min), witness)


@pytest.mark.parametrize(
    ("issued_min", "issued_at"),
    [
        (NOON_UNIX_S, NOON_UNIX_S - 1),
        (NOON_UNIX_S, NOON_UNIX_S + 128),
        (1, 0),
        (0, 128),
        (2**40 - 1, 2**40 - 2),
        (2**40 - 129, 2**40 - 1),
        (2**40 - 1, 2**40),
        (2**40, 2**40),
        (0, FR_MODULUS - 1),
        (FR_MODULUS - 1, 0),
        (FR_MODULUS - 128, FR_MODULUS - 1),
    ],
)
def test_attestation_is_fresh(issued_min: int, issued_at: int) -> None:
    witness = solvency_witness(issued_at_unix_s=issued_at)
    refuse(FRESH, solvency_statement(witness, issued_min_unix_s=issued_min), witness)


@pytest.mark.parametrize("seq", [0, 2**64 - 1])
def test_statement_binds_every_public_value_edges_pass(seq: int) -> None:
    accept(HONEST.altered(seq=seq), HONEST_WITNESS)


@pytest.mark.parametrize("seq", [2**64, FR_MODULUS - 1])
def test_statement_binds_every_public_value_seq_has_64_bits(seq: int) -> None:
    refuse(STATEMENT, HONEST.altered(seq=seq), HONEST_WITNESS)


def test_statement_binds_every_public_value_parts_cannot_carry() -> None:
    """A stmt of the program's with seq 3 is no stmt for seq 2**64 + 3 and an issued_min one less."""
    claimed = HONEST.stmt()
    carried = HONEST.altered(seq=HONEST.seq + 2**64, issued_min_unix_s=HONEST.issued_min_unix_s - 1)
    assert carried.stmt() == claimed
    with refused_by(STATEMENT):
        check_solvency(carried, HONEST_WITNESS, depth=DEPTH, stmt=claimed)


@pytest.mark.parametrize("offset", [1, -1])
def test_statement_binds_every_public_value_stmt_itself(offset: int) -> None:
    with refused_by(STATEMENT):
        check_solvency(HONEST, HONEST_WITNESS, depth=DEPTH, stmt=HONEST.stmt() + offset)


ALTERED_BY = {
    "domain": (HONEST.domain + 1, DOMAIN),
    "buyer": (HONEST.buyer[:31] + bytes([HONEST.buyer[31] ^ 1]), STATEMENT),
    "covered_minor_units": (HONEST.covered_minor_units - 1, STATEMENT),
    "seq": (HONEST.seq + 1, STATEMENT),
    "issued_min_unix_s": (HONEST.issued_min_unix_s + 1, STATEMENT),
    "bitmap": (HONEST.bitmap ^ 1, ATTESTORS),
    "root": (HONEST.root + 1, ATTESTORS),
    "line_id": (HONEST.line_id + 1, LINE),
}


@pytest.mark.parametrize("name", [field.name for field in fields(SolvencyStatement)])
def test_every_public_value_altered_by_one_is_refused(name: str) -> None:
    value, check = ALTERED_BY[name]
    with refused_by(check):
        check_solvency(HONEST.altered(**{name: value}), HONEST_WITNESS, depth=DEPTH, stmt=HONEST.stmt())


def test_the_first_failing_check_is_named() -> None:
    refuse(DOMAIN, HONEST.altered(domain=1, line_id=1, covered_minor_units=2**64, seq=2**64), HONEST_WITNESS)


@pytest.mark.parametrize(
    "name", ["deployment", "rail", "id_secret", "payer_account", "balance_minor_units", "issued_at_unix_s", "nonce"]
)
@pytest.mark.parametrize("value", [-1, FR_MODULUS])
def test_private_values_are_field_elements(name: str, value: int) -> None:
    with pytest.raises(NotCanonicalError, match=f"{name} must be a field element"):
        accept(HONEST, replace(HONEST_WITNESS, **_changed(name, value)))


@pytest.mark.parametrize("value", [-1, FR_MODULUS])
def test_public_values_and_signatures_are_field_elements(value: int) -> None:
    for name in ("covered_minor_units", "seq", "issued_min_unix_s", "bitmap"):
        with pytest.raises(NotCanonicalError, match=f"{name} must be a field element"):
            accept(HONEST.altered(**{name: value}), HONEST_WITNESS)
    with pytest.raises(NotCanonicalError, match="stmt must be a field element"):
        check_solvency(HONEST, HONEST_WITNESS, depth=DEPTH, stmt=value)
    first, second = HONEST_WITNESS.attestations
    spoilt: list[tuple[str, dict[str, Any]]] = [
        *((name, {"key": second.key._replace(**{name: value})}) for name in ("ax", "ay")),
        *((name, {"signature": second.signature._replace(**{name: value})}) for name in ("r8x", "r8y", "s")),
        ("sibling 1", {"siblings": (second.siblings[0], value)}),
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
        check_solvency(HONEST, HONEST_WITNESS, depth=3)
    with pytest.raises(KeyLengthError):
        accept(HONEST, replace(HONEST_WITNESS, market=bytes(31)))


def test_a_refusal_names_no_value() -> None:
    with pytest.raises(CheckFailedError) as caught:
        accept(HONEST.altered(covered_minor_units=2**64 - 1), HONEST_WITNESS)
    assert str(caught.value) == "the check “Balance covers reservations” fails for this statement and witness"
