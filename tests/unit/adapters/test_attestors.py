"""Attestors behind the seam of the trade flows: who is asked, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from anomi_cli.adapters.attestors import AttestorQuorum
from anomi_core import eddsa, identity, messages
from anomi_core.rails import pack_text, rail_by_name
from anomi_core.registry import AttestorSet
from anomi_sdk.trade.seams import AttestorClient, BalanceClaim, ReceiptClaim
from anomi_services.attestor.attestor import Attestor, BalanceTooSmallError, ReceiptMismatchError
from anomi_services.attestor.ledger import BankLedger, WrongPasswordError
from anomi_services.attestor.quorum import QuorumNotReachedError

NOW = 1_795_000_000
DEPLOYMENT = 5
RAIL = rail_by_name("easypaisa")
FARZAN = RAIL.canonical_account("0300 1234567")
ALI = RAIL.canonical_account("0345 7654321")
PASSWORDS = {FARZAN: "open sesame", ALI: "swordfish"}
BALANCE = BalanceClaim(
    deployment=DEPLOYMENT,
    rail=RAIL.name,
    account=FARZAN,
    h=777,
    balance_minor_units=1000,
    issued_at_unix_s=NOW,
    nonce=9,
)
RECEIPT = ReceiptClaim(
    deployment=DEPLOYMENT,
    rail=RAIL.name,
    account=FARZAN,
    h=777,
    payee_account=ALI,
    amount_minor_units=400,
    paid_at_unix_s=NOW,
    txid="12345678901",
    nonce=9,
)


@pytest.fixture
def attestors() -> Iterator[list[Attestor]]:
    ledger = BankLedger()
    ledger.open_account(FARZAN, "Farzan", PASSWORDS[FARZAN], 1400)
    ledger.open_account(ALI, "Ali", PASSWORDS[ALI], 10)
    ledger.transfer(RECEIPT.txid, FARZAN, ALI, 400, NOW)
    made = [
        Attestor(bytes([seed]) * 32, ledger=ledger, rail=RAIL, deployments=frozenset({DEPLOYMENT}), clock=lambda: NOW)
        for seed in (1, 2, 3)
    ]
    yield made
    for attestor in made:
        attestor.close()
    ledger.close()


def set_of(attestors: list[Attestor]) -> AttestorSet:
    return AttestorSet(tuple(attestor.key for attestor in attestors), k=2, depth=2)


def quorum(attestors: list[Attestor]) -> AttestorClient:
    return AttestorQuorum(attestors, PASSWORDS.__getitem__)


def refusals(error: QuorumNotReachedError) -> set[type[Exception]]:
    return {type(reason) for reason in error.reasons.values()}


def test_balance_is_signed_as_proposed(attestors: list[Attestor]) -> None:
    chosen = set_of(attestors)
    answers = quorum(attestors).attest_balance(chosen, BALANCE)
    message = messages.balance_message(
        deployment=DEPLOYMENT,
        rail=RAIL.id(),
        idc=identity.idc(777, RAIL.id(), pack_text(FARZAN)),
        balance_minor_units=1000,
        issued_at_unix_s=NOW,
        nonce=9,
    )
    assert set(answers) == {0, 1}
    for index, signature in answers.items():
        eddsa.verify(chosen.keys[index], message, signature)


def test_receipt_is_signed_as_proposed(attestors: list[Attestor]) -> None:
    chosen = set_of(attestors)
    answers = quorum(attestors).attest_receipt(chosen, RECEIPT)
    message = messages.receipt_message(
        deployment=DEPLOYMENT,
        rail=RAIL.id(),
        idc=identity.idc(777, RAIL.id(), pack_text(FARZAN)),
        payee_account=pack_text(ALI),
        amount_minor_units=400,
        paid_at_unix_s=NOW,
        txid=pack_text(RECEIPT.txid),
        nonce=9,
    )
    assert set(answers) == {0, 1}
    for index, signature in answers.items():
        eddsa.verify(chosen.keys[index], message, signature)


def test_attestors_are_asked_by_their_place_in_the_set(attestors: list[Attestor]) -> None:
    one, two, three = attestors
    answers = quorum([three, two, one]).attest_balance(set_of([two, three, one]), BALANCE)
    assert set(answers) == {0, 1}


def test_only_those_that_are_known_and_named_are_asked(attestors: list[Attestor]) -> None:
    one, two, three = attestors
    assert set(quorum([one, three]).attest_balance(set_of(attestors), BALANCE)) == {0, 2}
    with pytest.raises(QuorumNotReachedError) as raised:
        quorum([three]).attest_balance(set_of(attestors), BALANCE)
    assert refusals(raised.value) == set()
    with pytest.raises(QuorumNotReachedError):
        quorum([three]).attest_balance(AttestorSet((one.key, two.key), k=2, depth=1), BALANCE)


def test_every_reason_comes_back(attestors: list[Attestor]) -> None:
    chosen = set_of(attestors)
    assert quorum(attestors).attest_balance(chosen, BALANCE)
    with pytest.raises(QuorumNotReachedError) as raised:
        quorum(attestors).attest_balance(chosen, replace(BALANCE, balance_minor_units=1001))
    assert refusals(raised.value) == {BalanceTooSmallError}
    with pytest.raises(QuorumNotReachedError) as raised:
        quorum(attestors).attest_receipt(chosen, replace(RECEIPT, amount_minor_units=401))
    assert refusals(raised.value) == {ReceiptMismatchError}
    with pytest.raises(QuorumNotReachedError) as raised:
        AttestorQuorum(attestors, lambda _: "swordfish").attest_balance(chosen, BALANCE)
    assert refusals(raised.value) == {WrongPasswordError}
