"""Claims: a statement with a witness, true or false in exactly the way a test asks for.

Every part has an honest default that agrees with all others, attestors' signatures included. A test names what it
changes, and everything that depends on it is made anew, so that the claim is false in that one way only:

    solvency(preset, balance_minor_units=999, covered_minor_units=1000)     attestors did see 999
    solvency(preset, balance_minor_units=999, attested={"balance_minor_units": 1000})     they saw 1000
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from anomi_core import identity
from anomi_core.attestation import Attestation, Signals
from anomi_core.relations import check_payment, check_solvency
from anomi_core.spec import TAG_PAYMENT, TAG_SOLVENCY, CircuitPreset
from anomi_core.statements import (
    PaymentStatement,
    PaymentWitness,
    SolvencyStatement,
    SolvencyWitness,
    payment_circuit_input,
    solvency_circuit_input,
)
from tests.circuits.support.signers import Negative, Signer, Tree, attest

__all__ = [
    "NOW",
    "Attestors",
    "Claim",
    "PaymentClaim",
    "SolvencyClaim",
    "honest_attestors",
    "payment",
    "solvency",
]

NOW: Final = 1_795_000_000

DEPLOYMENT: Final = 7_000_000_000_000_000_000_001
RAIL: Final = 7_000_000_000_000_000_000_002
MARKET: Final = bytes(range(200, 232))

Attest = Callable[[int], Sequence[Attestation]]


@dataclass(frozen=True)
class Attestors:
    """Who signs a claim: attestors at `indices` of `tree`, or whoever stands in `instead` at a position."""

    tree: Tree
    indices: tuple[int, ...]
    instead: Mapping[int, Signer | Negative] | None = None

    def attest(self, message: int) -> tuple[Attestation, ...]:
        """Return the attestations of a message, in order."""
        instead = self.instead or {}
        return tuple(
            attest(self.tree, index, message, by=instead.get(position)) for position, index in enumerate(self.indices)
        )


def honest_attestors(preset: CircuitPreset) -> Attestors:
    """Return k attestors of a registry of 2k - 1, spread over its leaves."""
    count = 2 * preset.k - 1
    tree = Tree({index: Signer(index) for index in range(count)}, preset.depth)
    return Attestors(tree, tuple(range(0, count, 2)))


class Claim(ABC):
    """A statement with a witness."""

    statement: Any
    witness: Any

    @abstractmethod
    def check(self) -> None:
        """Ask the reference relation; it raises."""

    @abstractmethod
    def inputs(self) -> Signals:
        """Return the circuit's input."""


@dataclass(frozen=True)
class SolvencyClaim(Claim):
    """A claim for the solvency circuit; `stmt` is the public input when it is not the statement's own."""

    statement: SolvencyStatement
    witness: SolvencyWitness
    depth: int
    stmt: int | None = None

    def check(self) -> None:
        """Ask `check_solvency`."""
        check_solvency(self.statement, self.witness, depth=self.depth, stmt=self.stmt)

    def inputs(self) -> Signals:
        """Return the solvency circuit's input."""
        return solvency_circuit_input(self.statement, self.witness, stmt=self.stmt)


@dataclass(frozen=True)
class PaymentClaim(Claim):
    """A claim for the payment circuit; `stmt` is the public input when it is not the statement's own."""

    statement: PaymentStatement
    witness: PaymentWitness
    depth: int
    stmt: int | None = None

    def check(self) -> None:
        """Ask `check_payment`."""
        check_payment(self.statement, self.witness, depth=self.depth, stmt=self.stmt)

    def inputs(self) -> Signals:
        """Return the payment circuit's input."""
        return payment_circuit_input(self.statement, self.witness, stmt=self.stmt)


def solvency(
    preset: CircuitPreset,
    *,
    attestors: Attestors | None = None,
    attested: Mapping[str, Any] | None = None,
    tamper: Callable[[tuple[Attestation, ...]], Sequence[Attestation]] | None = None,
    stmt: int | None = None,
    **values: Any,
) -> SolvencyClaim:
    """Return a solvency claim; `values` are fields of statement or witness.

    `attested` are witness fields as the attestors saw them, where that differs from the witness; `tamper` changes
    their attestations afterwards; `stmt` is a public input of its own.
    """
    attestors = attestors or honest_attestors(preset)
    public = _take(SolvencyStatement, values)
    issued_min_unix_s = public.setdefault("issued_min_unix_s", NOW)
    private: dict[str, Any] = {
        "deployment": DEPLOYMENT,
        "rail": RAIL,
        "market": MARKET,
        "id_secret": 11**70,
        "payer_account": 3_111_111_111,
        "balance_minor_units": 2_850_001,
        "issued_at_unix_s": issued_min_unix_s + 60,
        "nonce": 13**60,
        **values,
    }
    witness = SolvencyWitness(**private, attestations=())
    witness = replace(witness, attestations=_attestations(attestors, witness, attested, tamper))
    statement = SolvencyStatement.unchecked(
        **{
            "domain": identity.domain(TAG_SOLVENCY, witness.deployment, witness.rail, witness.market),
            "buyer": bytes(range(100, 132)),
            "covered_minor_units": 2_850_000,
            "seq": 3,
            "bitmap": _bitmap(witness.attestations),
            "root": attestors.tree.root,
            "line_id": identity.line_id(witness.id_secret, witness.idc(), witness.deployment),
            **public,
        }
    )
    return SolvencyClaim(statement, witness, preset.depth, stmt)


def payment(
    preset: CircuitPreset,
    *,
    attestors: Attestors | None = None,
    attested: Mapping[str, Any] | None = None,
    tamper: Callable[[tuple[Attestation, ...]], Sequence[Attestation]] | None = None,
    stmt: int | None = None,
    **values: Any,
) -> PaymentClaim:
    """Return a payment claim; `values` are fields of statement or witness, the rest as for `solvency`."""
    attestors = attestors or honest_attestors(preset)
    public = _take(PaymentStatement, values)
    private: dict[str, Any] = {
        "deployment": DEPLOYMENT,
        "rail": RAIL,
        "market": MARKET,
        "id_secret": 11**70,
        "payer_account": 3_111_111_111,
        "payee_account": 3_001_234_567,
        "payee_secret": 17**60,
        "payee_salt": 19**55,
        "amount_minor_units": 2_850_001,
        "paid_at_unix_s": NOW + 600,
        "txid": 12_345_678_901,
        "nonce": 13**60,
        **values,
    }
    witness = PaymentWitness(**private, attestations=())
    witness = replace(witness, attestations=_attestations(attestors, witness, attested, tamper))
    statement = PaymentStatement.unchecked(
        **{
            "domain": identity.domain(TAG_PAYMENT, witness.deployment, witness.rail, witness.market),
            "order_id": 42,
            "paid_floor_minor_units": 2_850_000,
            "not_before_unix_s": NOW,
            "not_after_unix_s": NOW + 3600,
            "bitmap": _bitmap(witness.attestations),
            "payee_commit": identity.payee_commit(witness.payee_key(), witness.payee_salt),
            "root": attestors.tree.root,
            "line_id": identity.line_id(witness.id_secret, witness.idc(), witness.deployment),
            "nf": identity.nullifier(witness.rail, witness.txid, witness.payee_key()),
            **public,
        }
    )
    return PaymentClaim(statement, witness, preset.depth, stmt)


def _attestations(
    attestors: Attestors,
    witness: SolvencyWitness | PaymentWitness,
    attested: Mapping[str, Any] | None,
    tamper: Callable[[tuple[Attestation, ...]], Sequence[Attestation]] | None,
) -> tuple[Attestation, ...]:
    attestations = attestors.attest(replace(witness, **dict(attested or {})).message())
    return tuple(tamper(attestations)) if tamper else attestations


def _bitmap(attestations: Sequence[Attestation]) -> int:
    """Return what the circuit computes as bitmap; unlike `registry.bitmap` also for a repeated index."""
    return sum(1 << attestation.index for attestation in attestations)


def _take(statement: type[SolvencyStatement] | type[PaymentStatement], values: dict[str, Any]) -> dict[str, Any]:
    """Move the statement's fields out of `values`."""
    return {field.name: values.pop(field.name) for field in fields(statement) if field.name in values}
