"""What a thief tries, and who refuses it by which reason.

Three kinds of refusal are shown. An attestor does not sign what it did not see. A circuit has no witness for a false
statement: the reference relation names the check, and the circuit's own witness generator refuses too. The program
refuses proofs and inputs that were altered on the way.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from anomi_cli.demo.report import RefusalRow
from anomi_cli.demo.trade import DUE_MINOR_UNITS, Prover, Trader
from anomi_cli.demo.world import COUNTERFEIT_SECRET, DEPTH
from anomi_core import eddsa, identity
from anomi_core.errors import AnomiError, InternalError
from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16 import Proof
from anomi_core.groth16.solana import proof_to_bytes
from anomi_core.relations import CheckFailedError, check_payment, check_solvency
from anomi_core.statements import (
    PaymentStatement,
    PaymentWitness,
    SolvencyStatement,
    SolvencyWitness,
    payment_circuit_input,
    solvency_circuit_input,
)
from anomi_prover.witness import WitnessError
from anomi_sdk import groth16_verifier
from anomi_sdk.transactions import build_transaction
from anomi_services.attestor.quorum import QuorumNotReachedError

__all__ = ["try_everything"]

BYTES = 32


def try_everything(trader: Trader) -> None:
    """Run every attempt and record its outcome in the trader's report."""
    thief = _Thief(trader)
    thief.against_attestors()
    thief.against_solvency()
    thief.against_payment()
    thief.against_the_program()


class _Thief:
    """Holds the honest trade, and bends one thing at a time."""

    def __init__(self, trader: Trader) -> None:
        trade = trader.trade
        if not (
            trade.solvency_witness
            and trade.solvency_statement
            and trade.solvency_proof
            and trade.payment_witness
            and trade.payment_statement
            and trade.payment_proof
            and trade.transfer
        ):
            raise InternalError("the thief came before the trade was done")
        self.trader = trader
        self.world = trader.world
        self.solvency, self.payment = trade.solvency, trade.payment
        self.solvency_witness, self.solvency_statement = trade.solvency_witness, trade.solvency_statement
        self.payment_witness, self.payment_statement = trade.payment_witness, trade.payment_statement
        self.solvency_proof, self.payment_proof = trade.solvency_proof, trade.payment_proof
        self.transfer = trade.transfer

    def against_attestors(self) -> None:
        """Ask the attestors for what is not so."""
        farzan = self.world.farzan
        self._quorum(
            "Claim a balance that the account does not hold",
            "BalanceTooSmallError",
            lambda: self.trader.attest_balance(farzan, farzan.balance_minor_units + 1, nonce=_nonce()),
        )
        self._quorum(
            "Attest a receipt with a larger amount than was paid",
            "ReceiptMismatchError",
            lambda: self.trader.attest_receipt(
                farzan, replace(self.transfer, amount_minor_units=DUE_MINOR_UNITS + 1), nonce=_nonce()
            ),
        )
        self._quorum(
            "Use one transfer for a second deployment",
            "SignedForAnotherDeploymentError",
            lambda: self.trader.attest_receipt(
                farzan, self.transfer, nonce=_nonce(), deployment=self.world.other_deployment
            ),
        )

    def against_solvency(self) -> None:
        """Bend the solvency statement or its witness."""
        witness, statement = self.solvency_witness, self.solvency_statement
        self._solvency(
            "Insufficient balance: cover one minor unit more than was attested",
            "Balance covers reservations",
            statement.altered(covered_minor_units=witness.balance_minor_units + 1),
            witness,
        )
        self._solvency(
            "Stale attestation: it was issued before the window the program accepts",
            "Attestation is fresh",
            statement.altered(issued_min_unix_s=witness.issued_at_unix_s + 1),
            witness,
        )
        self._solvency(
            "Altered attestation: raise the balance after the attestors signed",
            "Attestation is for this account and deployment",
            statement,
            replace(witness, balance_minor_units=witness.balance_minor_units + 1),
        )
        forged = witness.attestations[1]
        counterfeit_key = eddsa.derive_public_key(COUNTERFEIT_SECRET)
        counterfeit = replace(forged, key=counterfeit_key, signature=eddsa.sign(COUNTERFEIT_SECRET, witness.message()))
        self._solvency(
            "Forged attestation: one of the two signatures is by an unregistered key",
            "Attestors are distinct and registered",
            statement,
            replace(witness, attestations=(witness.attestations[0], counterfeit)),
        )
        self._solvency(
            "One attestor counted twice",
            "Attestors are distinct and registered",
            statement,
            replace(witness, attestations=(witness.attestations[0], witness.attestations[0])),
        )

    def against_payment(self) -> None:
        """Bend the payment statement or its witness."""
        witness, statement = self.payment_witness, self.payment_statement
        bilal = self.world.bilal
        third_party = self.trader.attest_receipt(bilal, self.trader.pay(bilal, DUE_MINOR_UNITS), nonce=_nonce())
        self._payment(
            "Third-party payer: Bilal's genuine payment offered for Farzan's order",
            "Payer is the bidder",
            self.trader.payment_statement(third_party).altered(line_id=statement.line_id),
            third_party,
        )
        self._payment(
            "Underpayment: claim a floor above what was paid",
            "Amount reaches the floor",
            statement.altered(paid_floor_minor_units=DUE_MINOR_UNITS + 1),
            witness,
        )
        self._payment(
            "A payment from before the account was revealed",
            "Paid inside the window",
            statement.altered(not_before_unix_s=witness.paid_at_unix_s + 1),
            witness,
        )
        self._payment(
            "A payment to somebody else",
            "Payee is the seller",
            statement.altered(payee_commit=identity.payee_commit(witness.payee_key(), witness.payee_salt + 1)),
            witness,
        )
        self._payment(
            "A second nullifier for the same transfer",
            "Nullifier names the transfer",
            statement.altered(nf=(statement.nf + 1) % FR_MODULUS),
            witness,
        )

    def against_the_program(self) -> None:
        """Bend what is sent on chain."""
        honest = self.payment_proof
        stmt = honest.public_inputs[0]
        other_order = self.payment_statement.altered(order_id=self.payment_statement.order_id + 1)
        self._program(
            "Replay the payment proof for another order", "ProofInvalidError", honest.proof, [other_order.stmt()]
        )
        (x, y) = honest.proof.a
        negated = Proof(a=(x, FQ_MODULUS - y), b=honest.proof.b, c=honest.proof.c)
        self._program("Forged proof: point A replaced by its negative", "ProofInvalidError", negated, [stmt])
        self._program(
            "Offer the solvency proof where a payment proof is asked for",
            "ProofInvalidError",
            self.solvency_proof.proof,
            list(self.solvency_proof.public_inputs),
        )
        self._program(
            "Spell the same public input a second way, as stmt + r",
            "PublicInputNotCanonicalError",
            honest.proof,
            [stmt + FR_MODULUS],
        )
        self._program("Leave the public input out", "PublicInputCountMismatchError", honest.proof, [])

    def _quorum(self, attempt: str, expected: str, ask: Callable[[], Any]) -> None:
        try:
            ask()
        except QuorumNotReachedError as error:
            names = sorted({type(reason).__name__ for reason in error.reasons.values()})
            self._record(attempt, "attestors", expected, ", ".join(names), str(next(iter(error.reasons.values()))))
            return
        self._record(attempt, "attestors", expected, "signed", "a quorum signed")

    def _solvency(self, attempt: str, check: str, statement: SolvencyStatement, witness: SolvencyWitness) -> None:
        self._circuit(
            attempt,
            check,
            self.solvency,
            lambda: check_solvency(statement, witness, depth=DEPTH),
            solvency_circuit_input(statement, witness),
        )

    def _payment(self, attempt: str, check: str, statement: PaymentStatement, witness: PaymentWitness) -> None:
        self._circuit(
            attempt,
            check,
            self.payment,
            lambda: check_payment(statement, witness, depth=DEPTH),
            payment_circuit_input(statement, witness),
        )

    def _circuit(self, attempt: str, check: str, prover: Prover, relation: Callable[[], None], signals: Any) -> None:
        """The relation must fail in exactly this check, and the circuit must have no witness."""
        try:
            relation()
        except CheckFailedError as error:
            got, reason = error.check, str(error)
        else:
            got, reason = "accepted", "the reference relation accepted it"
        try:
            prover.witness(signals)
        except WitnessError as error:
            reason = f"{reason}; {error}"
        else:
            got = f"{got}, but the circuit has a witness"
        self._record(attempt, f"{prover.artifacts.name} circuit", check, got, reason)

    def _program(self, attempt: str, expected: str, proof: Proof, public_inputs: list[int]) -> None:
        """Send the bytes as a thief would: by hand, past every check of our own client."""
        chain = self.trader.chain
        instruction = groth16_verifier.verify(
            chain.keys["payment"], proof_to_bytes(proof), [value.to_bytes(BYTES, "big") for value in public_inputs]
        )
        transaction = build_transaction(
            [instruction], payer=chain.payer.pubkey(), signers=[chain.payer], blockhash=chain.svm.latest_blockhash()
        )
        try:
            chain.svm.send(transaction).require_success()
        except AnomiError as error:
            self._record(attempt, "groth16_verifier", expected, type(error).__name__, str(error))
            return
        self._record(attempt, "groth16_verifier", expected, "accepted", "the program accepted it")

    def _record(self, attempt: str, refused_by: str, expected: str, got: str, reason: str) -> None:
        self.trader.report.refusals.append(RefusalRow(attempt, refused_by, expected, got, reason))


def _nonce() -> int:
    return identity.draw_secret(secrets.randbits)
