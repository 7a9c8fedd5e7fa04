"""The relation of the solvency circuit."""

from __future__ import annotations

from anomi_core import identity
from anomi_core.attestation import require_shape
from anomi_core.relations.attestors import are_distinct_and_registered, have_signed
from anomi_core.relations.check import fits, require
from anomi_core.spec import AMOUNT_BITS, CHECKS, FRESHNESS_WINDOW_S, TAG_SOLVENCY, TIME_BITS
from anomi_core.statements.canonical import require_canonical
from anomi_core.statements.solvency import SolvencyStatement, SolvencyWitness

__all__ = ["check_solvency"]

(ATTESTORS, ATTESTATION, DOMAIN, LINE, BALANCE, FRESH, STATEMENT) = CHECKS["solvency"]


def check_solvency(
    statement: SolvencyStatement, witness: SolvencyWitness, *, depth: int, stmt: int | None = None
) -> None:
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

    # Attestation is for this account and deployment
    require(ATTESTATION, have_signed(witness.attestations, witness.message()))

    # Domain opens to this deployment, rail and market
    opened = identity.domain(TAG_SOLVENCY, witness.deployment, witness.rail, witness.market)
    require(DOMAIN, opened == statement.domain)

    # Line belongs to the prover
    line_id = identity.line_id(witness.id_secret, witness.idc(), witness.deployment)
    require(LINE, line_id == statement.line_id)

    # Balance covers reservations
    require(
        BALANCE,
        fits(AMOUNT_BITS, witness.balance_minor_units, statement.covered_minor_units),
        witness.balance_minor_units >= statement.covered_minor_units,
    )

    # Attestation is fresh
    require(
        FRESH,
        fits(TIME_BITS, witness.issued_at_unix_s, statement.issued_min_unix_s),
        statement.issued_min_unix_s <= witness.issued_at_unix_s,
        witness.issued_at_unix_s < statement.issued_min_unix_s + FRESHNESS_WINDOW_S,
    )

    # Statement binds every public value
    require(STATEMENT, fits(AMOUNT_BITS, statement.seq), statement.stmt() == claimed_stmt)
