"""Solvency: "k registered attestors saw, just now, that my account covers what I have reserved"."""

from __future__ import annotations

from dataclasses import dataclass, field

from anomi_core import identity, messages, registry
from anomi_core.attestation import Attestation, Signals, attestation_signals
from anomi_core.field import FR_MODULUS, require_fr, split_key
from anomi_core.poseidon import poseidon
from anomi_core.spec import (
    AMOUNT_BITS,
    ATTESTORS_MAX,
    SOLVENCY_BITMAP_SHIFT,
    SOLVENCY_COVERED_MINOR_UNITS_SHIFT,
    SOLVENCY_ISSUED_MIN_UNIX_S_SHIFT,
    SOLVENCY_SEQ_SHIFT,
    TAG_SOLVENCY,
    TIME_BITS,
)
from anomi_core.statements.width import CheckedStatement, require_bits

__all__ = ["SolvencyStatement", "SolvencyWitness", "solvency_circuit_input"]


@dataclass(frozen=True)
class SolvencyStatement(CheckedStatement):
    """The public values that the market program rebuilds `stmt` from; constructing one checks every range.

    `buyer` is a 32-byte address, amounts are fiat minor units (64 bits), times unix seconds (40 bits),
    `seq` the line's sequence number (64 bits), `bitmap` has bit i set for the attestor at leaf i.
    """

    domain: int
    buyer: bytes
    covered_minor_units: int
    seq: int
    issued_min_unix_s: int
    bitmap: int
    root: int
    line_id: int

    def validate(self) -> None:
        """Raise ValueOutOfRangeError, NotCanonicalError or KeyLengthError on a part out of range."""
        require_fr(self.domain, "domain")
        split_key(self.buyer)
        require_bits(self.covered_minor_units, AMOUNT_BITS, "covered_minor_units")
        require_bits(self.seq, AMOUNT_BITS, "seq")
        require_bits(self.issued_min_unix_s, TIME_BITS, "issued_min_unix_s")
        require_bits(self.bitmap, ATTESTORS_MAX, "bitmap")
        require_fr(self.root, "root")
        require_fr(self.line_id, "line_id")

    def packed(self) -> int:
        """Return the word that holds covered, seq, issued_min and bitmap; mod r, as a circuit computes it."""
        return (
            (self.covered_minor_units << SOLVENCY_COVERED_MINOR_UNITS_SHIFT)
            + (self.seq << SOLVENCY_SEQ_SHIFT)
            + (self.issued_min_unix_s << SOLVENCY_ISSUED_MIN_UNIX_S_SHIFT)
            + (self.bitmap << SOLVENCY_BITMAP_SHIFT)
        ) % FR_MODULUS

    def stmt(self) -> int:
        """Return the one public input of the proof."""
        return poseidon([self.domain, *split_key(self.buyer), self.packed(), self.root, self.line_id])


@dataclass(frozen=True)
class SolvencyWitness:
    """What only the prover knows; deployment, rail and market (a 32-byte address) open the domain.

    Field elements all; nothing is checked here, since the circuit and its relation do. The repr shows no
    private value.
    """

    deployment: int
    rail: int
    market: bytes
    id_secret: int = field(repr=False)
    payer_account: int = field(repr=False)
    balance_minor_units: int = field(repr=False)
    issued_at_unix_s: int = field(repr=False)
    nonce: int = field(repr=False)
    attestations: tuple[Attestation, ...] = field(repr=False)

    def idc(self) -> int:
        """Return the identity commitment the attestors signed about."""
        account_hash = identity.h(self.id_secret, self.rail, self.payer_account)
        return identity.idc(account_hash, self.rail, self.payer_account)

    def message(self) -> int:
        """Return the message the attestors signed."""
        return messages.balance_message(
            deployment=self.deployment,
            rail=self.rail,
            idc=self.idc(),
            balance_minor_units=self.balance_minor_units,
            issued_at_unix_s=self.issued_at_unix_s,
            nonce=self.nonce,
        )

    def statement(
        self, *, buyer: bytes, covered_minor_units: int, seq: int, issued_min_unix_s: int, root: int
    ) -> SolvencyStatement:
        """Return the statement this witness is for: domain, line and bitmap follow from the witness."""
        return SolvencyStatement(
            domain=identity.domain(TAG_SOLVENCY, self.deployment, self.rail, self.market),
            buyer=buyer,
            covered_minor_units=covered_minor_units,
            seq=seq,
            issued_min_unix_s=issued_min_unix_s,
            bitmap=registry.bitmap(attestation.index for attestation in self.attestations),
            root=root,
            line_id=identity.line_id(self.id_secret, self.idc(), self.deployment),
        )


def solvency_circuit_input(
    statement: SolvencyStatement, witness: SolvencyWitness, *, stmt: int | None = None
) -> Signals:
    """Return the circuit's input by signal name.

    `stmt` is the public input as claimed, by default the statement's own. Refuses no value, so that a
    circuit can be shown false ones; raises AttestationShapeError when the attestations cannot be laid out
    as the circuit's arrays.
    """
    buyer_hi, buyer_lo = split_key(statement.buyer)
    market_hi, market_lo = split_key(witness.market)
    numbers = {
        "stmt": statement.stmt() if stmt is None else stmt,
        "domain": statement.domain,
        "buyer_hi": buyer_hi,
        "buyer_lo": buyer_lo,
        "covered_minor_units": statement.covered_minor_units,
        "seq": statement.seq,
        "issued_min_unix_s": statement.issued_min_unix_s,
        "bitmap": statement.bitmap,
        "root": statement.root,
        "line_id": statement.line_id,
        "deployment": witness.deployment,
        "rail": witness.rail,
        "market_hi": market_hi,
        "market_lo": market_lo,
        "id_secret": witness.id_secret,
        "payer_account": witness.payer_account,
        "balance_minor_units": witness.balance_minor_units,
        "issued_at_unix_s": witness.issued_at_unix_s,
        "nonce": witness.nonce,
    }
    signals: Signals = {name: str(number) for name, number in numbers.items()}
    return signals | attestation_signals(witness.attestations)
