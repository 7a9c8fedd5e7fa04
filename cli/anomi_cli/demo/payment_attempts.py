"""What cannot be done between match and settlement: pay too early, too little, as another, for another order."""

from __future__ import annotations

import secrets
from dataclasses import replace

from solders.instruction import Instruction

from anomi_cli.demo import raw, receipts
from anomi_cli.demo.cast import Cast
from anomi_cli.demo.stage import ATTESTORS, CLIENT
from anomi_cli.demo.world import DEPTH
from anomi_core import eddsa
from anomi_core.registry import AttestorSet
from anomi_core.relations import check_payment
from anomi_core.statements import PaymentStatement, PaymentWitness, payment_circuit_input
from anomi_sdk.generated import groth16_verifier_errors, order_processor, order_processor_errors
from anomi_sdk.trade.buyer import BuyerTrade
from anomi_sdk.trade.markets import field_bytes
from anomi_sdk.trade.orders import OrderView
from anomi_sdk.trade.paying import PayeeNotShownYetError, PaymentOutsideWindowError, PaymentTooSmallError
from anomi_sdk.trade.reveal import Payee, RevealCommitmentMismatchError, open_reveal, seal_reveal
from anomi_services.attestor.attestor import ReceiptMismatchError
from anomi_services.attestor.ledger import Transfer

__all__ = ["another_order", "before_the_reveal", "false_reveal", "paid_too_early", "too_little", "wrong_payer"]


def before_the_reveal(cast: Cast, trade: BuyerTrade) -> None:
    """Prove or report a payment for an order whose payee was not revealed; reveal as somebody who may not."""
    stage, order, kept = cast.stage, cast.matched(trade), cast.prover.payment[-1]
    gas = cast.world.chain.gas.pubkey()
    nf = field_bytes(kept.statement.nf)
    stage.refuses("Farzan asks whom to pay before the reveal", CLIENT, PayeeNotShownYetError, trade.to_pay)
    stage.chain_refuses(
        "Finalize before the reveal",
        "order_processor",
        order_processor_errors.OrderStatusMismatchError,
        [raw.finalize(cast.deployment, gas, order, kept)],
    )
    report = order_processor.report_payment(
        buyer=order.order.buyer,
        order=order.address,
        processor_authority=order_processor.authority_address(),
        nf=nf,
    )
    stage.chain_refuses(
        "Report a payment before the reveal",
        "order_processor",
        order_processor_errors.OrderStatusMismatchError,
        [report],
        [cast.world.farzan.wallet],
    )
    reveal = order_processor.reveal_payee(
        revealer=cast.world.bilal.address,
        order=order.address,
        ask=order.order.ask,
        terms=order.terms,
        processor_authority=order_processor.authority_address(),
        reveal_ciphertext=_false_reveal(cast, order),
    )
    stage.chain_refuses(
        "Bilal reveals his own account as the payee",
        "order_processor",
        order_processor_errors.RevealerMismatchError,
        [reveal],
        [cast.world.bilal.wallet],
    )


def false_reveal(cast: Cast, order: OrderView) -> None:
    """A delegate who may reveal, and reveals an account of his own: the chain cannot see it, Farzan's client does."""
    world = cast.world
    line_id = int.from_bytes(order.order.line_id, "big")
    private_key = world.farzan.identity.reveal_private_key(world.deployment, line_id, order.order.seq)
    cast.stage.refuses(
        "A dishonest delegate's reveal that names another account than the ask commits to",
        CLIENT,
        RevealCommitmentMismatchError,
        lambda: open_reveal(
            _false_reveal(cast, order),
            order=order.address,
            rail=world.rail,
            private_key=private_key,
            payee_commit=int.from_bytes(order.order.payee_commit, "big"),
        ),
    )


def paid_too_early(cast: Cast, trade: BuyerTrade, transfer: Transfer) -> None:
    """Offer a real transfer to Ali that was made before the reveal."""
    order = cast.matched(trade)
    cast.stage.refuses(
        "A payment from before the reveal",
        CLIENT,
        PaymentOutsideWindowError,
        lambda: trade.paid(
            txid=transfer.txid,
            amount_minor_units=transfer.amount_minor_units,
            paid_at_unix_s=transfer.paid_at_unix_s,
        ),
    )
    witness = receipts.witness(cast, cast.world.farzan, transfer, order)
    statement = receipts.statement(cast, witness, order, order.order.paid_min_minor_units)
    _circuit(cast, "A proof of the payment from before the reveal", "Paid inside the window", statement, witness)


def too_little(cast: Cast, trade: BuyerTrade, paid: Transfer) -> None:
    """Settle for less than the least, or claim more than `paid`, the part of the due that Farzan did pay."""
    stage, order, kept = cast.stage, cast.matched(trade), cast.prover.payment[-1]
    least = order.order.paid_min_minor_units
    stage.refuses(
        "An underpayment below the least that the order takes, told to the client",
        CLIENT,
        PaymentTooSmallError,
        lambda: trade.paid(txid=paid.txid, amount_minor_units=least - 1, paid_at_unix_s=paid.paid_at_unix_s),
    )
    gas = cast.world.chain.gas.pubkey()
    stage.chain_refuses(
        "An underpayment below the least that the order takes, finalized",
        "order_processor",
        order_processor_errors.PaidBelowMinimumError,
        [raw.finalize(cast.deployment, gas, order, kept, paid_floor_minor_units=least - 1)],
    )
    larger = replace(paid, amount_minor_units=order.order.due_minor_units)
    stage.refuses(
        "A receipt for more than the bank has sent",
        ATTESTORS,
        ReceiptMismatchError,
        lambda: cast.world.quorum.attest_receipt(
            cast.world.attestor_set, receipts.claim(cast, cast.world.farzan, larger)
        ),
    )
    _circuit(
        cast,
        "A proof that all of the due was paid, by who paid two thirds",
        "Amount reaches the floor",
        kept.statement.altered(paid_floor_minor_units=order.order.due_minor_units),
        kept.witness,
    )
    stage.chain_refuses(
        "The proof of two thirds, told to prove all of the due",
        "groth16_verifier",
        groth16_verifier_errors.ProofInvalidError,
        [raw.finalize(cast.deployment, gas, order, kept, paid_floor_minor_units=order.order.due_minor_units)],
    )


def wrong_payer(cast: Cast, trade: BuyerTrade, transfer: Transfer) -> None:
    """Offer Bilal's genuine payment to Ali for Farzan's order, and Farzan's to somebody else."""
    order, kept = cast.matched(trade), cast.prover.payment[-1]
    witness = receipts.witness(cast, cast.world.bilal, transfer, order)
    statement = receipts.statement(cast, witness, order, transfer.amount_minor_units)
    _circuit(
        cast,
        "A third-party payer: Bilal's genuine payment for Farzan's order",
        "Payer is the bidder",
        statement.altered(line_id=int.from_bytes(order.order.line_id, "big")),
        witness,
    )
    _circuit(
        cast,
        "A payment to somebody else than the ask's payee",
        "Payee is the seller",
        kept.statement.altered(payee_commit=kept.statement.payee_commit + 1),
        kept.witness,
    )
    _circuit(
        cast,
        "A second nullifier for the same transfer",
        "Nullifier names the transfer",
        kept.statement.altered(nf=kept.statement.nf + 1),
        kept.witness,
    )


def another_order(cast: Cast, trade: BuyerTrade, other: BuyerTrade) -> None:
    """Bring a proof to an order that it was not made for, or under terms of the attacker's own choice."""
    world, stage, kept = cast.world, cast.stage, cast.prover.payment[-1]
    gas = world.chain.gas.pubkey()
    stage.chain_refuses(
        "The payment proof of one order, brought to another",
        "groth16_verifier",
        groth16_verifier_errors.ProofInvalidError,
        [raw.finalize(cast.deployment, gas, cast.matched(other), kept)],
    )
    stage.chain_refuses(
        "The payment proof with another nullifier, so that the transfer could be spent once more",
        "groth16_verifier",
        groth16_verifier_errors.ProofInvalidError,
        [_with_nf(cast, cast.matched(trade), kept.statement.nf + 1)],
    )
    own = [eddsa.derive_public_key(secrets.token_bytes(32)) for _ in world.attestor_set.keys]
    cast.deployment.publish_terms(2, AttestorSet(tuple(own), k=world.attestor_set.k, depth=DEPTH))
    stage.tell("the governor publishes terms 2 with attestors of his own; the orders keep the terms of their match")
    stage.chain_refuses(
        "Terms substituted: an order of terms 1 finalized under terms 2",
        "order_processor",
        order_processor_errors.TermsMismatchError,
        [raw.finalize(cast.deployment, gas, cast.matched(trade), kept, terms=cast.deployment.terms_address(2))],
    )
    stage.chain_refuses(
        "The verifying key substituted: another circuit's key in the place of the terms'",
        "order_processor",
        order_processor_errors.PaymentKeyMismatchError,
        [raw.finalize(cast.deployment, gas, cast.matched(trade), kept, payment_key=cast.deployment.keys["solvency"])],
    )


def _with_nf(cast: Cast, order: OrderView, nf: int) -> Instruction:
    return raw.finalize(
        cast.deployment,
        cast.world.chain.gas.pubkey(),
        order,
        cast.prover.payment[-1],
        nf=field_bytes(nf),
        nullifier=order_processor.nullifier_address(field_bytes(nf)),
        word=order.word(field_bytes(nf)),
    )


def _false_reveal(cast: Cast, order: OrderView) -> bytes:
    payee = Payee(cast.world.bilal.account, secret=1, salt=1)
    return seal_reveal(payee, order=order.address, rail=cast.world.rail, reveal_key=order.order.reveal_key)


def _circuit(cast: Cast, attempt: str, check: str, statement: PaymentStatement, witness: PaymentWitness) -> None:
    cast.stage.circuit_refuses(
        attempt,
        "payment",
        check,
        lambda: check_payment(statement, witness, depth=DEPTH),
        lambda: cast.prover.circuits["payment"].witness(payment_circuit_input(statement, witness)),
    )
