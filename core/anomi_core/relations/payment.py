"""The relation of the payment circuit."""

from __future__ import annotations

from anomi_core import identity
from anomi_core.attestation import require_shape
from anomi_core.relations.attestors import are_distinct_and_registered, have_signed
from anomi_core.relations.check import fits, require
from anomi_core.spec import AMOUNT_BITS, CHECKS, TAG_PAYMENT, TIME_BITS
from anomi_core.statements.canonical import require_canonical
from anomi_core.statements.payment import PaymentStatement, PaymentWitness

__all__ = ["check_payment"]

(ATTESTORS, RECEIPT, DOMAIN, PAYER, PAYEE, AMOUNT, WINDOW, NULLIFIER, STATEMENT) = CHECKS["payment"]


def check_payment(statement: PaymentStatement, witness: PaymentWitness, *, depth: int, stmt: int | None = None) -> None:
    """Raise CheckFailedError unless the witness proves the statement; k is the number of attestations.

    `stmt` is the public input as claimed, by default the statement's own. Before any check, raises
    AttestationShapeError for attestations that no tree of this depth has, NotCanonicalError for a value that is not a
    field element, and KeyLengthError: such values cannot enter a circuit at all.
    """
    claimed_stmt = statement.stmt() if stmt is None else stmt
    require_shape(witness.attestations, depth)
    require_canonical(statement, witness, claimed_stmt)

    # Attestors are distinct and registered
    require(ATTESTORS, are_distinct_and_registered(witness.attestations, statement.root, statement.bitmap))

    # Receipt is for this account and deployment
    require(RECEIPT, have_signed(witness.attestations, witness.message()))

    # Domain opens to this deployment, rail and market
    opened = identity.domain(TAG_PAYMENT, witness.deployment, witness.rail, witness.market)
    require(DOMAIN, opened == statement.domain)

    # Payer is the bidder
    line_id = identity.line_id(witness.id_secret, witness.idc(), witness.deployment)
    require(PAYER, line_id == statement.line_id)

    # Payee is the seller
    payee_key = identity.payee_key(witness.rail, witness.payee_account, witness.payee_secret)
    require(PAYEE, identity.payee_commit(payee_key, witness.payee_salt) == statement.payee_commit)

    # Amount reaches the floor
    require(
        AMOUNT,
        fits(AMOUNT_BITS, witness.amount_minor_units, statement.paid_floor_minor_units),
        witness.amount_minor_units >= statement.paid_floor_minor_units,
    )

    # Paid inside the window
    require(
        WINDOW,
        fits(TIME_BITS, witness.paid_at_unix_s, statement.not_before_unix_s, statement.not_after_unix_s),
        statement.not_before_unix_s <= witness.paid_at_unix_s,
        witness.paid_at_unix_s <= statement.not_after_unix_s,
    )

    # Nullifier names the transfer
    require(NULLIFIER, identity.nullifier(witness.rail, witness.txid, payee_key) == statement.nf)

    # Statement binds every public value
    require(STATEMENT, statement.stmt() == claimed_stmt)
