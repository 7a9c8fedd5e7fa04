"""What Farzan does: link an account, prove solvency, pay, prove payment. Every figure is measured here."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from anomi_cli.demo.chain import Chain
from anomi_cli.demo.report import ArtifactRow, DemoReport, Fact, ProofRow
from anomi_cli.demo.world import DEPTH, Person, World
from anomi_cli.project import CircuitArtifacts, circuit_artifacts
from anomi_core import identity
from anomi_core.groth16 import Proof, VerifyingKey, parse_verifying_key
from anomi_core.rails import pack_text
from anomi_core.relations import check_payment, check_solvency
from anomi_core.statements import (
    Attestation,
    PaymentStatement,
    PaymentWitness,
    SolvencyStatement,
    SolvencyWitness,
    payment_circuit_input,
    solvency_circuit_input,
)
from anomi_prover.prove import prove
from anomi_prover.verify import verify
from anomi_prover.witness import WitnessCalculator
from anomi_services.attestor.attestor import Attestor, BalanceRequest, ReceiptRequest
from anomi_services.attestor.ledger import Transfer
from anomi_services.attestor.quorum import collect

__all__ = ["Prover", "Trade", "Trader"]

DUE_MINOR_UNITS = 2_850_000
ORDER_ID = 1
ISSUED_MIN_AGE_S = 60
REVEAL_AFTER_S = 120
PAY_AFTER_S = 900
PAY_WINDOW_S = 24 * 3600

Say = Callable[[str], None]


@dataclass(frozen=True)
class Proved:
    """A proof made here, and how long each step took."""

    proof: Proof
    public_inputs: tuple[int, ...]
    backend: str
    witness_seconds: float
    prove_seconds: float
    verify_seconds: float


class Prover:
    """One circuit's artifacts, loaded once: witness generator, proving key, verifying key."""

    def __init__(self, name: str) -> None:
        """Load the artifacts that set-up made."""
        self.artifacts: CircuitArtifacts = circuit_artifacts(name)
        self.calculator = WitnessCalculator(self.artifacts.wasm)
        self.key: VerifyingKey = parse_verifying_key(self.artifacts.vk_json.read_bytes())

    def witness(self, signals: Any) -> list[int]:
        """Run the witness generator; raises WitnessError when the circuit refuses the input."""
        return self.calculator.calculate(signals)

    def prove(self, signals: Any) -> Proved:
        """Compute the witness, prove it, and verify the proof independently."""
        began = time.perf_counter()
        witness = self.witness(signals)
        made_witness = time.perf_counter()
        bundle = prove(self.artifacts.zkey, witness)
        proved = time.perf_counter()
        verify(self.key, bundle.public_inputs, bundle.proof)
        verified = time.perf_counter()
        return Proved(
            proof=bundle.proof,
            public_inputs=bundle.public_inputs,
            backend=bundle.backend,
            witness_seconds=made_witness - began,
            prove_seconds=proved - made_witness,
            verify_seconds=verified - proved,
        )


@dataclass
class Trade:
    """What the honest part leaves behind for the thief to work with."""

    solvency: Prover
    payment: Prover
    balance_attestations: tuple[Attestation, ...] = ()
    solvency_witness: SolvencyWitness | None = None
    solvency_statement: SolvencyStatement | None = None
    solvency_proof: Proved | None = None
    transfer: Transfer | None = None
    payment_witness: PaymentWitness | None = None
    payment_statement: PaymentStatement | None = None
    payment_proof: Proved | None = None
    window: tuple[int, int] = field(default=(0, 0))


class Trader:
    """Runs the honest trade and records it."""

    def __init__(self, world: World, chain: Chain, report: DemoReport, say: Say) -> None:
        """Load both circuits."""
        self.world = world
        self.chain = chain
        self.report = report
        self.say = say
        self.trade = Trade(Prover("solvency"), Prover("payment"))

    def publish_keys(self) -> None:
        """Store both verifying keys on chain."""
        for prover in (self.trade.solvency, self.trade.payment):
            artifacts = prover.artifacts
            upload = self.chain.upload(artifacts.name, prover.key)
            row = ArtifactRow(
                circuit=artifacts.name,
                constraints=artifacts.manifest["r1cs"]["constraints"],
                key_kind=artifacts.manifest["kind"],
                zkey_sha256=artifacts.manifest["zkey"]["sha256"],
                verifying_key_address=str(upload.verifying_key),
                upload_transactions=len(upload.transactions),
                upload_compute_units=sum(outcome.compute_units for outcome in upload.transactions),
            )
            self.report.artifacts.append(row)
            self.say(
                f"{row.circuit}: {row.constraints:,} constraints, {row.key_kind}; verifying key stored at "
                f"{row.verifying_key_address} in {row.upload_transactions} transaction(s)"
            )

    def attest_balance(
        self, person: Person, balance_minor_units: int, *, nonce: int, deployment: int | None = None
    ) -> SolvencyWitness:
        """Ask the attestors about a person's balance, and return the witness their signatures complete."""
        world = self.world
        request = BalanceRequest(
            deployment=world.deployment if deployment is None else deployment,
            account=person.account,
            password=person.password,
            h=person.h(world.rail_id),
            balance_minor_units=balance_minor_units,
            issued_at_unix_s=world.clock(),
            nonce=nonce,
        )
        unsigned = SolvencyWitness(
            deployment=request.deployment,
            rail=world.rail_id,
            market=world.market,
            id_secret=person.id_secret,
            payer_account=pack_text(person.account),
            balance_minor_units=balance_minor_units,
            issued_at_unix_s=request.issued_at_unix_s,
            nonce=nonce,
            attestations=(),
        )
        signed = self._collect(unsigned.message(), lambda attestor: attestor.attest_balance(request))
        return SolvencyWitness(**{**vars(unsigned), "attestations": signed})

    def attest_receipt(
        self, person: Person, transfer: Transfer, *, nonce: int, deployment: int | None = None
    ) -> PaymentWitness:
        """Ask the attestors about a transfer a person made, and return the witness their signatures complete."""
        world = self.world
        request = ReceiptRequest(
            deployment=world.deployment if deployment is None else deployment,
            account=person.account,
            password=person.password,
            h=person.h(world.rail_id),
            payee_account=transfer.payee,
            amount_minor_units=transfer.amount_minor_units,
            paid_at_unix_s=transfer.paid_at_unix_s,
            txid=transfer.txid,
            nonce=nonce,
        )
        unsigned = PaymentWitness(
            deployment=request.deployment,
            rail=world.rail_id,
            market=world.market,
            id_secret=person.id_secret,
            payer_account=pack_text(person.account),
            payee_account=pack_text(transfer.payee),
            payee_secret=world.payee_secret,
            payee_salt=world.payee_salt,
            amount_minor_units=transfer.amount_minor_units,
            paid_at_unix_s=transfer.paid_at_unix_s,
            txid=pack_text(transfer.txid),
            nonce=nonce,
            attestations=(),
        )
        signed = self._collect(unsigned.message(), lambda attestor: attestor.attest_receipt(request))
        return PaymentWitness(**{**vars(unsigned), "attestations": signed})

    def prove_solvency(self) -> None:
        """Farzan proves that his balance covers the trade; the program accepts."""
        world, trade = self.world, self.trade
        self.say(
            f"Farzan's bank account holds {world.money(world.farzan.balance_minor_units)}; no one on chain sees it."
        )
        nonce = identity.draw_secret(secrets.randbits)
        witness = self.attest_balance(world.farzan, world.farzan.balance_minor_units, nonce=nonce)
        statement = witness.statement(
            buyer=world.buyer_wallet,
            covered_minor_units=DUE_MINOR_UNITS,
            seq=0,
            issued_min_unix_s=world.clock() - ISSUED_MIN_AGE_S,
            root=world.attestor_set.root,
        )
        self.say(f"{world.attestor_set.k} of {len(world.attestor_set.keys)} attestors signed his balance.")
        check_solvency(statement, witness, depth=DEPTH)
        proved = trade.solvency.prove(solvency_circuit_input(statement, witness))
        trade.solvency_witness, trade.solvency_statement, trade.solvency_proof = witness, statement, proved
        self._accept(
            "solvency",
            proved,
            learned=(
                Fact("everyone", "wallet", statement.buyer.hex()),
                Fact("everyone", "a balance covers at least", world.money(statement.covered_minor_units)),
                Fact("everyone", "attested not before (unix s)", str(statement.issued_min_unix_s)),
                Fact("everyone", "attestors who signed (bitmap)", f"{statement.bitmap:04b}"),
                Fact("everyone", "pseudonym of the account (line_id)", str(statement.line_id)),
                Fact("attestors", "account, its balance, and that somebody asked now", "never wallet, order or price"),
            ),
            hidden=("account number", "name", "balance", "identity secret", "exact time of the attestation"),
        )

    def pay_and_prove(self) -> None:
        """Farzan pays Ali, and proves the payment; the program accepts."""
        world, trade = self.world, self.trade
        world.clock.now_unix_s += REVEAL_AFTER_S
        revealed_at = world.clock()
        trade.window = (revealed_at, revealed_at + PAY_WINDOW_S)
        world.clock.now_unix_s += PAY_AFTER_S
        transfer = self.pay(world.farzan, DUE_MINOR_UNITS)
        amount = world.money(transfer.amount_minor_units)
        self.say(f"Farzan sent {amount} to Ali's account, {PAY_AFTER_S} s after it was revealed.")
        witness = self.attest_receipt(world.farzan, transfer, nonce=identity.draw_secret(secrets.randbits))
        statement = self.payment_statement(witness)
        self.say(f"{world.attestor_set.k} of {len(world.attestor_set.keys)} attestors signed the receipt.")
        check_payment(statement, witness, depth=DEPTH)
        proved = trade.payment.prove(payment_circuit_input(statement, witness))
        trade.transfer, trade.payment_witness = transfer, witness
        trade.payment_statement, trade.payment_proof = statement, proved
        self._accept(
            "payment",
            proved,
            learned=(
                Fact("everyone", "order", str(statement.order_id)),
                Fact("everyone", "paid at least", world.money(statement.paid_floor_minor_units)),
                Fact(
                    "everyone",
                    "paid between (unix s)",
                    f"{statement.not_before_unix_s} and {statement.not_after_unix_s}",
                ),
                Fact("everyone", "commitment to the payee's account", str(statement.payee_commit)),
                Fact("everyone", "pseudonym of the payer's account (line_id)", str(statement.line_id)),
                Fact("everyone", "nullifier of the transfer", str(statement.nf)),
                Fact("attestors", "payer, payee, amount and time of the transfer", "never wallet, order or price"),
                Fact("Ali", "the payer's account, as his bank shows it", "as with any transfer"),
            ),
            hidden=("both account numbers", "names", "transaction id", "exact amount and time", "identity secret"),
        )

    def pay(self, person: Person, amount_minor_units: int) -> Transfer:
        """Transfer money to Ali at the bank, now."""
        txid = self.world.rail.canonical_txid(str(10**10 + secrets.randbelow(9 * 10**10)))
        return self.world.ledger.transfer(
            txid, person.account, self.world.ali.account, amount_minor_units, self.world.clock()
        )

    def payment_statement(self, witness: PaymentWitness) -> PaymentStatement:
        """Return the statement of the demo's order for a witness."""
        not_before, not_after = self.trade.window
        return witness.statement(
            order_id=ORDER_ID,
            paid_floor_minor_units=DUE_MINOR_UNITS,
            not_before_unix_s=not_before,
            not_after_unix_s=not_after,
            root=self.world.attestor_set.root,
        )

    def _collect(self, message: int, ask: Callable[[Attestor], Any]) -> tuple[Attestation, ...]:
        return collect(self.world.attestor_set, self.world.attestors, message, ask)

    def _accept(self, circuit: str, proved: Proved, *, learned: tuple[Fact, ...], hidden: tuple[str, ...]) -> None:
        self.chain.svm.set_unix_time(self.world.clock())
        outcome = self.chain.verify(circuit, proved.proof, proved.public_inputs)
        self.report.proofs.append(
            ProofRow(
                circuit=circuit,
                stmt=str(proved.public_inputs[0]),
                witness_seconds=round(proved.witness_seconds, 4),
                prove_seconds=round(proved.prove_seconds, 4),
                verify_seconds=round(proved.verify_seconds, 4),
                backend=proved.backend,
                compute_units=outcome.compute_units,
                transaction_bytes=outcome.size_bytes,
                learned=learned,
                hidden=hidden,
            )
        )
