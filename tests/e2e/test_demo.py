"""`anomi demo --json`: valid against its schema, and every figure that follows from others follows from them."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from .conftest import run_anomi

Document = dict[str, Any]

BID_COMPUTE_UNITS_MAX = 110_000
FINALIZE_COMPUTE_UNITS_MAX = 115_000
FINALIZE_NEW_ACCOUNT_COMPUTE_UNITS_MAX = 140_000
TRANSACTION_BYTES_MAX = 1_232
PROOFS_MAX = 7

PEOPLE = ("ali", "farzan", "bilal")

REFUSALS = [
    ("order_processor", "OrderStatusMismatchError"),  # finalize twice
    ("market", "AttestationBeforeSettlementError"),
    ("the attestors", "BalanceTooSmallError"),
    ("solvency circuit", "Balance covers reservations"),
    ("solvency circuit", "Attestation is for this account and deployment"),
    ("solvency circuit", "Attestors are distinct and registered"),
    ("solvency circuit", "Attestors are distinct and registered"),
    ("market", "CoverageExceededError"),
    ("groth16_verifier", "ProofInvalidError"),  # replayed
    ("groth16_verifier", "ProofInvalidError"),  # altered
    ("groth16_verifier", "ProofInvalidError"),  # stolen
    ("Farzan's client", "PayeeNotShownYetError"),
    ("order_processor", "OrderStatusMismatchError"),  # finalize before the reveal
    ("order_processor", "OrderStatusMismatchError"),  # report before the reveal
    ("order_processor", "RevealerMismatchError"),
    ("Farzan's client", "RevealCommitmentMismatchError"),
    ("market", "NothingToWithdrawError"),
    ("Farzan's client", "PaymentOutsideWindowError"),
    ("payment circuit", "Paid inside the window"),
    ("payment circuit", "Payer is the bidder"),
    ("payment circuit", "Payee is the seller"),
    ("payment circuit", "Nullifier names the transfer"),
    ("Farzan's client", "PaymentTooSmallError"),
    ("order_processor", "PaidBelowMinimumError"),
    ("the attestors", "ReceiptMismatchError"),
    ("payment circuit", "Amount reaches the floor"),
    ("groth16_verifier", "ProofInvalidError"),  # a higher floor
    ("groth16_verifier", "ProofInvalidError"),  # another order
    ("groth16_verifier", "ProofInvalidError"),  # another nullifier
    ("order_processor", "TermsMismatchError"),
    ("order_processor", "PaymentKeyMismatchError"),
    ("market", "AuthorityAddressMismatchError"),
    ("market", "SignerMissingError"),
    ("order_store", "AuthorityAddressMismatchError"),
    ("market", "TokenAccountAddressMismatchError"),
    ("order_processor", "NullifierAlreadySpentError"),
    ("Farzan's client", "TransferAlreadySpentError"),
    ("order_processor", "SellerMismatchError"),
    ("order_processor", "PaymentNotReportedError"),
    ("order_processor", "DeadlineNotReachedError"),
    ("order_processor", "RevealTooLateError"),
]
"""Who refuses, and why, in the order in which the demo tries."""


@pytest.fixture(scope="module")
def document() -> Document:
    ran = run_anomi("demo", "--json")
    assert ran.exit_code == 0, ran.stderr
    return ran.document


def test_schema(document: Document, repo_root: Path) -> None:
    schema = json.loads((repo_root / "docs" / "reference" / "demo.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)


def test_every_attempt_is_refused_by_its_own_error_and_moves_nothing(document: Document) -> None:
    refusals = document["refusals"]
    assert [(row["refused_by"], row["got"]) for row in refusals] == REFUSALS
    assert all((row["expected_by"], row["expected"]) == (row["refused_by"], row["got"]) for row in refusals)
    assert len({row["attempt"] for row in refusals}) == len(refusals)
    assert {row["total_atoms"] for row in refusals} == {document["supply_atoms"]}
    money = document["phases"][0]["before"]["total_minor_units"]
    assert {row["total_minor_units"] for row in refusals} == {money}
    assert {row["phase"] for row in refusals} <= {phase["title"] for phase in document["phases"]}


def test_nothing_is_made_and_nothing_is_lost(document: Document) -> None:
    phases = document["phases"]
    for earlier, later in pairwise(phases):
        assert earlier["after"] == later["before"]
    for phase in phases:
        for side in (phase["before"], phase["after"]):
            held = sum(side[f"{who}_atoms"] for who in (*PEOPLE, "vaults", "treasury"))
            assert held == side["total_atoms"] == document["supply_atoms"]
            money = sum(side[f"{who}_minor_units"] for who in PEOPLE)
            assert money == side["total_minor_units"] == phases[0]["before"]["total_minor_units"]


def test_the_first_trade_is_that_of_the_protocol(document: Document) -> None:
    first = document["orders"][0]
    assert (first["order_id"], first["status"], first["buyer"]) == (1, "SETTLED", "Farzan")
    assert (first["base_atoms"], first["price"]) == (100 * 10**6, 28_500)
    assert first["due_minor_units"] == first["paid_floor_minor_units"] == 2_850_000
    before, settled = document["phases"][0]["before"], document["phases"][7]["after"]
    fee = 100 * 10**6 * document["market"]["fee_bps"] // 10_000
    assert settled["farzan_atoms"] - before["farzan_atoms"] == 100 * 10**6 - fee
    assert before["ali_atoms"] - settled["ali_atoms"] == 100 * 10**6
    assert settled["vaults_atoms"] == fee
    assert before["farzan_minor_units"] - settled["farzan_minor_units"] == 2_850_000
    assert settled["ali_minor_units"] - before["ali_minor_units"] == 2_850_000


def test_orders_follow_from_what_was_paid(document: Document) -> None:
    fee_bps, decimals = document["market"]["fee_bps"], document["market"]["base_decimals"]
    for order in document["orders"]:
        base, due, paid = order["base_atoms"], order["due_minor_units"], order["paid_floor_minor_units"]
        assert due == -(-base * order["price"] // 10**decimals)
        assert (order["status"] == "SETTLED") == (paid > 0)
        assert paid == 0 or order["paid_min_minor_units"] <= paid <= due
        released = base * paid // due
        fee = released * fee_bps // 10_000
        assert (order["released_atoms"], order["fee_atoms"]) == (released, fee)
        assert (order["buyer_atoms"], order["returned_atoms"]) == (released - fee, base - released)
    kinds = Counter(
        (order["status"], order["paid_floor_minor_units"] < order["due_minor_units"]) for order in document["orders"]
    )
    assert kinds == {("SETTLED", False): 2, ("SETTLED", True): 1, ("EXPIRED", True): 1}


def test_the_last_balances_follow_from_the_orders(document: Document) -> None:
    orders, asks = document["orders"], document["asks"]
    before, after = document["phases"][0]["before"], document["phases"][-1]["after"]
    bought, fees = (sum(order[name] for order in orders) for name in ("buyer_atoms", "fee_atoms"))
    assert after["farzan_atoms"] == before["farzan_atoms"] + bought
    assert after["treasury_atoms"] == before["treasury_atoms"] + fees
    assert after["ali_atoms"] == before["ali_atoms"] - bought - fees
    assert (after["vaults_atoms"], after["bilal_atoms"]) == (0, 0)
    assert sum(ask["released_atoms"] for ask in asks) == bought
    assert sum(ask["fees_atoms"] for ask in asks) == fees
    for ask in asks:
        assert ask["vault_closed"]
        assert [ask[f"{name}_atoms"] for name in ("locked", "fee_owed", "returned")] == [0, 0, 0]
        assert ask["deposited_atoms"] == ask["released_atoms"] + ask["fees_atoms"] + ask["withdrawn_atoms"]
    (line,) = document["lines"]
    assert (line["reserved_minor_units"], line["seq"], line["strikes"]) == (0, len(orders), 1)


def test_costs(document: Document) -> None:
    transactions = [sent for phase in document["phases"] for sent in phase["transactions"]]
    assert all(sent["transaction_bytes"] <= TRANSACTION_BYTES_MAX for sent in transactions)
    units: dict[tuple[str, ...], list[int]] = {}
    for sent in transactions:
        units.setdefault(tuple(sent["instructions"]), []).append(sent["compute_units"])
    assert len(units["place_bid_order",]) == len(document["orders"])
    assert max(units["place_bid_order",]) <= BID_COMPUTE_UNITS_MAX
    assert max(units["finalize_trade",]) <= FINALIZE_COMPUTE_UNITS_MAX
    assert max(units["create_token_account", "finalize_trade"]) <= FINALIZE_NEW_ACCOUNT_COMPUTE_UNITS_MAX
    assert {"release_by_seller", "expire_order", "withdraw_ask", "reveal_payee", "report_payment"} <= {
        name for names in units for name in names
    }


def test_every_bid_and_every_settlement_by_proof_has_a_proof_of_its_own(document: Document) -> None:
    proofs = Counter(proof["circuit"] for phase in document["phases"] for proof in phase["proofs"])
    assert proofs == {"solvency": len(document["orders"]), "payment": 3}
    assert proofs.total() <= PROOFS_MAX


def test_the_terminal_shows_every_part_and_every_attempt(document: Document) -> None:
    ran = run_anomi("demo", env={"COLUMNS": "200"})
    assert ran.exit_code == 0, ran.stderr
    shown = ran.stdout.decode()
    assert all(phase["title"] in shown for phase in document["phases"])
    assert all(row["attempt"] in shown and row["got"] in shown for row in document["refusals"])
    assert "NOT AS EXPECTED" not in shown
