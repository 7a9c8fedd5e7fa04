"""A buyer's steps from the match to the settlement: learn the payee, pay, say so, have it attested, prove it, finalize.

The order on chain decides which of them is next; what the journal adds is what the chain must not know.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from anomi_core import identity, messages
from anomi_core.errors import InternalError, RefusedError, UsageError
from anomi_core.rails import pack_text
from anomi_core.relations import check_payment
from anomi_core.spec import CLOCK_SKEW_S
from anomi_core.statements import PaymentStatement, PaymentWitness
from anomi_sdk.generated import order_processor
from anomi_sdk.generated.order_processor import Nullifier, SellerWord
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.trade.buyer_steps import (
    Desk,
    Ended,
    Step,
    TradeLog,
    WaitFor,
    Waiting,
    attestations_of,
    quorum,
    require_proof_of,
    resend,
)
from anomi_sdk.trade.markets import MarketView, TermsView, field_bytes, read_market, read_terms, require_local_key
from anomi_sdk.trade.orders import OrderStatus, OrderView, existing, line_at, order_at
from anomi_sdk.trade.prepared import Audience, Disclosure, Prepared, execute, sign
from anomi_sdk.trade.records import (
    FinalizeSigned,
    PayeeOpened,
    PaymentMade,
    PaymentProven,
    ReceiptAttested,
    Record,
    ReportSigned,
    TradeEnded,
)
from anomi_sdk.trade.reveal import Payee, open_reveal
from anomi_sdk.trade.seams import ReceiptClaim
from anomi_sdk.trade.settlement import PaymentProof, prepare_expire, prepare_finalize

__all__ = [
    "OrderNotFoundError",
    "OrderRecordClosedError",
    "PayeeNotShownYetError",
    "PaymentOutsideWindowError",
    "PaymentTooSmallError",
    "ToPay",
    "TransferAlreadySpentError",
    "accept_payment",
    "matched_order",
    "plan_payment",
    "what_to_pay",
]


class OrderRecordClosedError(RefusedError):
    """An order expired or was cancelled, and its record was closed 30 days later: nothing can be done about it."""


class OrderNotFoundError(RefusedError):
    """A node does not show an order that this journal knows to be matched, nor that it ever was."""


class PayeeNotShownYetError(UsageError):
    """The payee is not shown yet: a payment that a bank dates before the reveal could not be proven."""


class PaymentOutsideWindowError(RefusedError):
    """A payment was made before the reveal, or too long after it: it cannot be proven for this order."""


class PaymentTooSmallError(RefusedError):
    """A payment is below the least that this order takes."""


class TransferAlreadySpentError(RefusedError):
    """This transfer has settled an order already."""


@dataclass(frozen=True)
class ToPay:
    """What the buyer has to pay, to whom, and when: one transfer, of his own linked account."""

    account: str = field(repr=False)
    due_minor_units: int
    least_minor_units: int
    pay_by_unix_s: int


@dataclass(frozen=True)
class _Sight:
    """The order, its market and its terms, as the chain has them now."""

    order: OrderView
    view: MarketView
    terms: TermsView
    now_unix_s: int


def plan_payment(desk: Desk, log: TradeLog) -> Step | Waiting | Ended | None:
    """Return the next step after the match, or None when the journal has moved and is to be looked at again.

    Raises OrderNotFoundError.
    """
    try:
        sight = _look(desk, log)
    except OrderRecordClosedError:
        log.write(TradeEnded("closed", 0))
        return None
    match sight.order.status:
        case OrderStatus.PENDING:
            return _await_reveal(desk, sight)
        case OrderStatus.AWAITING_PAYMENT:
            if log.progress.payee is None:
                return _open_reveal_step(desk, log, sight)
            if log.progress.payment is None:
                return _await_payment(desk, sight)
            return _plan_proof(desk, log, sight)
        case OrderStatus.PAYMENT_CONFIRMED:
            raise InternalError(f"the order {sight.order.address} stands in a status that no transaction leaves it in")
        case _:
            released = sight.order.order.released_atoms
            log.write(TradeEnded(sight.order.status.name.lower(), released))
            return None


def what_to_pay(desk: Desk, log: TradeLog) -> ToPay:
    """Return the payee, when he may be shown. Raises PayeeNotShownYetError."""
    sight = _look(desk, log)
    payee, order = log.progress.payee, sight.order.order
    if payee is None or sight.order.status is not OrderStatus.AWAITING_PAYMENT:
        raise PayeeNotShownYetError("the payee is not known: the order is not awaiting a payment, or not looked at yet")
    shown_from = _shown_from(sight)
    if _earliest_now(desk, sight) < shown_from:
        raise PayeeNotShownYetError(
            f"the payee is shown from {shown_from} (unix seconds) on, {CLOCK_SKEW_S} s after the reveal:"
            " a payment that the bank dates before the reveal could not be proven"
        )
    return ToPay(payee.account, order.due_minor_units, order.paid_min_minor_units, order.pay_by_unix_s)


def accept_payment(desk: Desk, log: TradeLog, *, txid: str, amount_minor_units: int, paid_at_unix_s: int) -> None:
    """Write down the buyer's word that he has paid, before anything follows from it.

    The id is taken as typed. Raises what `Rail.canonical_txid` does, PayeeNotShownYetError, PaymentTooSmallError,
    PaymentOutsideWindowError and TransferAlreadySpentError.
    """
    sight = _look(desk, log)
    order = sight.order
    payee = log.progress.payee
    if payee is None:
        raise PayeeNotShownYetError("nobody can have been paid: the payee is not known yet")
    if amount_minor_units < order.order.paid_min_minor_units:
        raise PaymentTooSmallError(
            f"this order takes payments of at least {order.order.paid_min_minor_units} minor units;"
            f" {amount_minor_units} were paid"
        )
    first, last = order.payment_window_unix_s
    if not first <= paid_at_unix_s <= last:
        raise PaymentOutsideWindowError(
            f"a payment for this order is made from {first} to {last} (unix seconds); this one was at {paid_at_unix_s}"
        )
    payment = PaymentMade(desk.ref.rail.canonical_txid(txid), amount_minor_units, paid_at_unix_s)
    nf = _nf(desk, payee, payment)
    proven, said = desk.rpc.accounts([order_processor.nullifier_address(nf), order.word(nf)])
    spent = existing(Nullifier, proven) or existing(SellerWord, said)
    if spent is not None and spent.order != order.address:
        raise TransferAlreadySpentError("this transfer has settled another order already")
    if payment != log.progress.payment:
        log.write(payment)


def matched_order(desk: Desk, log: TradeLog) -> OrderView:
    """Return the order of a matched trade. Raises OrderRecordClosedError and OrderNotFoundError.

    A line counts its orders, so one with a later number shows that this order was there. And a settled order's record
    is never closed, so one that was there and is not had come to nothing.
    """
    matched = log.progress.matched
    if matched is None:
        raise PayeeNotShownYetError("the bid is not matched yet")
    found = order_at(desk.rpc, matched.order)
    if found is not None:
        return found
    deployment = read_market(desk.rpc, desk.ref).deployment
    line_id = field_bytes(desk.identity.line_id(desk.ref.rail, log.progress.opened.account, deployment))
    if line_at(desk.rpc, line_id).seq > matched.seq:
        raise OrderRecordClosedError(
            f"the order {matched.order} expired or was cancelled, and its record on chain is closed"
        )
    raise OrderNotFoundError(
        f"the node shows no order at {matched.order}, which this trade's bid made",
        hint="is it the same cluster, and up to date?",
    )


def _look(desk: Desk, log: TradeLog) -> _Sight:
    order = matched_order(desk, log)
    view = read_market(desk.rpc, desk.ref)
    terms = read_terms(desk.rpc, order.order.market, order.order.terms_version)
    return _Sight(order, view, terms, desk.rpc.unix_time_s())


def _shown_from(sight: _Sight) -> int:
    return sight.order.order.revealed_at_unix_s + CLOCK_SKEW_S


def _earliest_now(desk: Desk, sight: _Sight) -> int:
    """Return the time by the slower of two clocks, the cluster's and ours: the bank's may be as slow."""
    return min(sight.now_unix_s, desk.clock.unix_time_s())


def _prove_until(sight: _Sight) -> int:
    return sight.order.order.prove_by_unix_s + sight.terms.terms.claim_extension_s


def _await_reveal(desk: Desk, sight: _Sight) -> Step | Waiting:
    deadline = sight.order.order.reveal_by_unix_s
    if sight.now_unix_s <= deadline:
        return Waiting(WaitFor.REVEAL, deadline + 1)
    return _expire_step(desk, sight)


def _await_payment(desk: Desk, sight: _Sight) -> Step | Waiting:
    if _earliest_now(desk, sight) < _shown_from(sight):
        return Waiting(WaitFor.PAYEE_DELAY, _shown_from(sight))
    deadline = _prove_until(sight)
    if sight.now_unix_s <= deadline:
        # A payment made in time can still be named after pay_by.
        return Waiting(WaitFor.PAYMENT, deadline + 1)
    return _expire_step(desk, sight)


def _expire_step(desk: Desk, sight: _Sight) -> Step:
    """End the order: it frees the line. Never planned once the buyer has said that he paid."""
    prepared = prepare_expire(desk.till, sight.order)
    return Step(prepared, lambda: execute(desk.rpc, prepared, desk.wallets))


def _open_reveal_step(desk: Desk, log: TradeLog, sight: _Sight) -> Step:
    """Decrypt and check what the seller has posted: nothing is sent, and nobody learns of it."""
    order = sight.order.order

    def take() -> None:
        line_id = int.from_bytes(order.line_id, "big")
        payee = open_reveal(
            order.reveal_ciphertext,
            order=sight.order.address,
            rail=desk.ref.rail,
            private_key=desk.identity.reveal_private_key(sight.view.deployment, line_id, order.seq),
            payee_commit=int.from_bytes(order.payee_commit, "big"),
        )
        log.write(PayeeOpened(payee.account, payee.secret, payee.salt))

    return Step(Prepared("open_reveal", ()), take)


def _plan_proof(desk: Desk, log: TradeLog, sight: _Sight) -> Step | Waiting | None:
    """Return the next step after the payment: report, receipt, proof, finalize."""
    progress = log.progress
    if sight.order.reported_nf is None:
        return _sent_before(desk, "report_payment", progress.report) or _report_step(desk, log, sight)
    if progress.receipt is None:
        return _attest_step(desk, log, sight)
    if progress.proven is None:
        return _prove_step(desk, log, sight)
    return _sent_before(desk, "finalize_trade", progress.finalize) or _finalize_step(desk, log, sight)


def _sent_before(desk: Desk, step: str, record: ReportSigned | FinalizeSigned | None) -> Step | Waiting | None:
    return None if record is None else resend(desk, step, record.transaction)


def _report_step(desk: Desk, log: TradeLog, sight: _Sight) -> Step:
    nf = _recorded_nf(desk, log)
    instruction = order_processor.report_payment(
        buyer=desk.buyer,
        order=sight.order.address,
        processor_authority=order_processor.authority_address(),
        nf=nf,
    )
    discloses = (
        Disclosure(Audience.CHAIN, "that the buyer says he has paid", ""),
        Disclosure(Audience.CHAIN, "the transfer's nullifier, which hides its id", nf.hex()),
    )
    prepared = desk.till.prepare("report_payment", instruction, discloses=discloses)
    return _sending(desk, log, prepared, ReportSigned)


def _attest_step(desk: Desk, log: TradeLog, sight: _Sight) -> Step:
    payee, payment = _paid(log)
    rail, account = desk.ref.rail, log.progress.opened.account
    discloses = (
        Disclosure(Audience.ATTESTORS, "the account that paid", account),
        Disclosure(Audience.ATTESTORS, "the account that was paid", payee.account),
        Disclosure(Audience.ATTESTORS, "the transfer's id", payment.txid),
        Disclosure(Audience.ATTESTORS, "its amount in minor units", str(payment.amount_minor_units)),
    )

    def take() -> None:
        claim = ReceiptClaim(
            deployment=sight.view.deployment,
            rail=rail.name,
            account=account,
            h=desk.identity.account_hash(rail, account),
            payee_account=payee.account,
            amount_minor_units=payment.amount_minor_units,
            paid_at_unix_s=payment.paid_at_unix_s,
            txid=payment.txid,
            nonce=identity.draw_secret(secrets.randbits),
        )
        message = messages.receipt_message(
            deployment=claim.deployment,
            rail=rail.id(),
            idc=desk.identity.idc(rail, account),
            payee_account=pack_text(payee.account),
            amount_minor_units=claim.amount_minor_units,
            paid_at_unix_s=claim.paid_at_unix_s,
            txid=pack_text(claim.txid),
            nonce=claim.nonce,
        )
        answers = desk.attestors.attest_receipt(sight.terms.attestors, claim)
        log.write(ReceiptAttested(claim.nonce, quorum(sight.terms.attestors, message, answers)))

    return Step(Prepared("attest_receipt", discloses), take)


def _prove_step(desk: Desk, log: TradeLog, sight: _Sight) -> Step:
    def take() -> None:
        require_local_key(
            desk.rpc, sight.terms.terms.payment_key, desk.prover.verifying_key_hash("payment"), circuit="payment"
        )
        statement, witness = _statement(desk, log, sight)
        check_payment(statement, witness, depth=sight.terms.attestors.depth)
        proof = require_proof_of(desk.prover.prove_payment(statement, witness), statement.stmt())
        log.write(PaymentProven(proof, field_bytes(statement.nf), statement.paid_floor_minor_units, statement.bitmap))

    return Step(Prepared("prove_payment", ()), take)


def _statement(desk: Desk, log: TradeLog, sight: _Sight) -> tuple[PaymentStatement, PaymentWitness]:
    payee, payment = _paid(log)
    receipt = log.progress.receipt
    assert receipt is not None  # noqa: S101 -- the plan has seen it
    order = sight.order.order
    witness = PaymentWitness(
        deployment=sight.view.deployment,
        rail=desk.ref.rail.id(),
        market=bytes(sight.view.address),
        id_secret=desk.identity.id_secret,
        payer_account=pack_text(log.progress.opened.account),
        payee_account=pack_text(payee.account),
        payee_secret=payee.secret,
        payee_salt=payee.salt,
        amount_minor_units=payment.amount_minor_units,
        paid_at_unix_s=payment.paid_at_unix_s,
        txid=pack_text(payment.txid),
        nonce=receipt.nonce,
        attestations=attestations_of(sight.terms.attestors, receipt.signatures),
    )
    not_before, not_after = sight.order.payment_window_unix_s
    statement = witness.statement(
        order_id=order.order_id,
        # What was paid beyond the due buys nothing, so the chain does not learn of it.
        paid_floor_minor_units=min(payment.amount_minor_units, order.due_minor_units),
        not_before_unix_s=not_before,
        not_after_unix_s=not_after,
        root=sight.terms.attestors.root,
    )
    return statement, witness


def _finalize_step(desk: Desk, log: TradeLog, sight: _Sight) -> Step:
    proven = log.progress.proven
    assert proven is not None  # noqa: S101 -- the plan has seen it
    proof = PaymentProof(proven.proof, proven.nf, proven.paid_floor_minor_units, proven.bitmap)
    prepared = prepare_finalize(desk.till, sight.order, proof)
    return _sending(desk, log, prepared, FinalizeSigned)


def _sending(desk: Desk, log: TradeLog, prepared: Prepared, record: Callable[[bytes], Record]) -> Step:
    """Return the step that simulates a signed transaction, writes it down, and only then sends it."""

    def take() -> TransactionOutcome:
        transaction = sign(prepared, desk.wallets)
        desk.rpc.simulate(transaction).require_success()
        log.write(record(bytes(transaction)))
        return desk.rpc.send(transaction).require_success()

    return Step(prepared, take)


def _paid(log: TradeLog) -> tuple[PayeeOpened, PaymentMade]:
    payee, payment = log.progress.payee, log.progress.payment
    assert payee is not None  # noqa: S101 -- no payment is accepted before
    assert payment is not None  # noqa: S101 -- the plan has seen it
    return payee, payment


def _recorded_nf(desk: Desk, log: TradeLog) -> bytes:
    return _nf(desk, *_paid(log))


def _nf(desk: Desk, payee: PayeeOpened, payment: PaymentMade) -> bytes:
    return Payee(payee.account, payee.secret, payee.salt).nullifier(desk.ref.rail, payment.txid)
