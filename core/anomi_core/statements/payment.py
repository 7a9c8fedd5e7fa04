"""Payment: "k registered attestors saw the bidder's account complete this transfer to the seller in time"."""

from __future__ import annotations

from dataclasses import dataclass, field

from anomi_core import identity, messages, registry
from anomi_core.attestation import Attestation, Signals, attestation_signals
from anomi_core.field import FR_MODULUS, require_fr, split_key
from anomi_core.poseidon import poseidon
from anomi_core.spec import (
    AMOUNT_BITS,
    ATTESTORS_MAX,
    PAYMENT_BITMAP_SHIFT,
    PAYMENT_NOT_AFTER_UNIX_S_SHIFT,
    PAYMENT_NOT_BEFORE_UNIX_S_SHIFT,
    PAYMENT_PAID_FLOOR_MINOR_UNITS_SHIFT,
    TAG_PAYMENT,
    TIME_BITS,
)
from anomi_core.statements.width import CheckedStatement, require_bits

__all__ = ["PaymentStatement", "PaymentWitness", "payment_circuit_input"]


@dataclass(frozen=True)
class PaymentStatement(CheckedStatement):
    """The public values that the order processor rebuilds `stmt` from; constructing one checks every range.

    `order_id` has 64 bits, `paid_floor_minor_units` (64 bits) is the least amount the transfer is shown to
    reach, the window is closed at both ends in unix seconds (40 bits), `nf` is the transfer's nullifier.
    """

    domain: int
    order_id: int
    paid_floor_minor_units: int
    not_before_unix_s: int
    not_after_unix_s: int
    bitmap: int
    payee_commit: int
    root: int
    line_id: int
    nf: int

    def validate(self) -> None:
        """Raise ValueOutOfRangeError or NotCanonicalError on a part out of range."""
        require_fr(self.domain, "domain")
        require_bits(self.order_id, AMOUNT_BITS, "order_id")
        require_bits(self.paid_floor_minor_units, AMOUNT_BITS, "paid_floor_minor_units")
        require_bits(self.not_before_unix_s, TIME_BITS, "not_before_unix_s")
        require_bits(self.not_after_unix_s, TIME_BITS, "not_after_unix_s")
        require_bits(self.bitmap, ATTESTORS_MAX, "bitmap")
        require_fr(self.payee_commit, "payee_commit")
        require_fr(self.root, "root")
        require_fr(self.line_id, "line_id")
        require_fr(self.nf, "nf")

    def packed(self) -> int:
        """Return the word that holds paid_floor, the window and bitmap; mod r, as a circuit computes it."""
        return (
            (self.paid_floor_minor_units << PAYMENT_PAID_FLOOR_MINOR_UNITS_SHIFT)
            + (self.not_before_unix_s << PAYMENT_NOT_BEFORE_UNIX_S_SHIFT)
            + (self.not_after_unix_s << PAYMENT_NOT_AFTER_UNIX_S_SHIFT)
            + (self.bitmap << PAYMENT_BITMAP_SHIFT)
        ) % FR_MODULUS

    def stmt(self) -> int:
        """Return the one public input of the proof."""
        return poseidon(
            [
                self.domain,
                self.order_id,
                self.packed(),
                self.payee_commit,
                self.root,
                self.line_id,
                self.nf,
            ]
        )


@dataclass(frozen=True)
class PaymentWitness:
    """What only the prover knows; deployment, rail and market (a 32-byte address) open the domain.

    Field elements all; nothing is checked here, since the circuit and its relation do. The repr shows no
    private value.
    """

    deployment: int
    rail: int
    market: bytes
    id_secret: int = field(repr=False)
    payer_account: int = field(repr=False)
    payee_account: int = field(repr=False)
    payee_secret: int = field(repr=False)
    payee_salt: int = field(repr=False)
    amount_minor_units: int = field(repr=False)
    paid_at_unix_s: int = field(repr=False)
    txid: int = field(repr=False)
    nonce: int = field(repr=False)
    attestations: tuple[Attestation, ...] = field(repr=False)

    def idc(self) -> int:
        """Return the identity commitment the attestors signed about."""
        account_hash = identity.h(self.id_secret, self.rail, self.payer_account)
        return identity.idc(account_hash, self.rail, self.payer_account)

    def message(self) -> int:
        """Return the message the attestors signed."""
        return messages.receipt_message(
            deployment=self.deployment,
            rail=self.rail,
            idc=self.idc(),
            payee_account=self.payee_account,
            amount_minor_units=self.amount_minor_units,
            paid_at_unix_s=self.paid_at_unix_s,
            txid=self.txid,
            nonce=self.nonce,
        )

    def payee_key(self) -> int:
        """Return the seller's handle that the commitment and the nullifier are made of."""
        return identity.payee_key(self.rail, self.payee_account, self.payee_secret)

    def statement(
        self,
        *,
        order_id: int,
        paid_floor_minor_units: int,
        not_before_unix_s: int,
        not_after_unix_s: int,
        root: int,
    ) -> PaymentStatement:
        """Return the statement this witness is for: domain, payee, line, nullifier and bitmap follow."""
        return PaymentStatement(
            domain=identity.domain(TAG_PAYMENT, self.deployment, self.rail, self.market),
            order_id=order_id,
            paid_floor_minor_units=paid_floor_minor_units,
            not_before_unix_s=not_before_unix_s,
            not_after_unix_s=not_after_unix_s,
            bitmap=registry.bitmap(attestation.index for attestation in self.attestations),
            payee_commit=identity.payee_commit(self.payee_key(), self.payee_salt),
            root=root,
            line_id=identity.line_id(self.id_secret, self.idc(), self.deployment),
            nf=identity.nullifier(self.rail, self.txid, self.payee_key()),
        )


def payment_circuit_input(statement: PaymentStatement, witness: PaymentWitness, *, stmt: int | None = None) -> Signals:
    """Return the circuit's input by signal name.

    `stmt` is the public input as claimed, by default the statement's own. Refuses no value, so that a
    circuit can be shown false ones; raises AttestationShapeError when the attestations cannot be laid out
    as the circuit's arrays.
    """
    market_hi, market_lo = split_key(witness.market)
    numbers = {
        "stmt": statement.stmt() if stmt is None else stmt,
        "domain": statement.domain,
        "order_id": statement.order_id,
        "paid_floor_minor_units": statement.paid_floor_minor_units,
        "not_before_unix_s": statement.not_before_unix_s,
        "not_after_unix_s": statement.not_after_unix_s,
        "bitmap": statement.bitmap,
        "payee_commit": statement.payee_commit,
        "root": statement.root,
        "line_id": statement.line_id,
        "nf": statement.nf,
        "deployment": witness.deployment,
        "rail": witness.rail,
        "market_hi": market_hi,
        "market_lo": market_lo,
        "id_secret": witness.id_secret,
        "payer_account": witness.payer_account,
        "payee_account": witness.payee_account,
        "payee_secret": witness.payee_secret,
        "payee_salt": witness.payee_salt,
        "amount_minor_units": witness.amount_minor_units,
        "paid_at_unix_s": witness.paid_at_unix_s,
        "txid": witness.txid,
        "nonce": witness.nonce,
    }
    signals: Signals = {name: str(number) for name, number in numbers.items()}
    return signals | attestation_signals(witness.attestations)
