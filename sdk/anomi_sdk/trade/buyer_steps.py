"""What the steps of a buyer's trade share: the desk they work at, the log they write, and what a step can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from solders.message import Message
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from anomi_core import eddsa
from anomi_core.attestation import Attestation
from anomi_core.eddsa import Signature, SignatureRefusedError
from anomi_core.errors import RefusedError
from anomi_core.groth16.solana import PROOF_BYTES
from anomi_core.registry import AttestorSet
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.journal import Journal
from anomi_sdk.trade.markets import MarketRef
from anomi_sdk.trade.prepared import Prepared, Till
from anomi_sdk.trade.records import Progress, Record, Signatures
from anomi_sdk.trade.seams import AttestorClient, Clock, MadeProof, Prover, Wallet
from anomi_sdk.trade.vault import Identity

__all__ = [
    "AttestorQuorumError",
    "Desk",
    "Ended",
    "ProofOfAnotherStatementError",
    "Step",
    "TradeLog",
    "WaitFor",
    "Waiting",
    "attestations_of",
    "quorum",
    "require_proof_of",
    "resend",
]


class AttestorQuorumError(RefusedError):
    """Fewer attestors than needed gave a signature that verifies."""


class ProofOfAnotherStatementError(RefusedError):
    """The prover proved another public input than the statement's, or returned no proof of 256 bytes."""


class WaitFor(StrEnum):
    """What a trade waits for."""

    FRESHNESS = "the attestation to be old enough for the cluster's clock"
    COOLDOWN = "the cool-down of the line to end"
    SETTLEMENT = "attestations from before the last settlement to be out of date"
    CONFIRMATION = "the cluster to show a transaction that went through"
    REVEAL = "the seller to reveal the payee"
    PAYEE_DELAY = "the bank's clock to be past the reveal for certain, before the payee is shown"
    PAYMENT = "the buyer to pay and to say so"


@dataclass(frozen=True)
class Waiting:
    """Nothing can be done until `until_unix_s`, or until somebody else acts before."""

    what: WaitFor
    until_unix_s: int


@dataclass(frozen=True)
class Ended:
    """Nothing is left to do: "settled", "expired", "cancelled", "abandoned", or "closed"; tokens released with the fee.

    "closed": the order expired or was cancelled, and its record is gone from the chain.
    """

    outcome: str
    released_atoms: int


@dataclass(frozen=True)
class Desk:
    """Everything that a buyer works with; see `Buyer`."""

    rpc: Rpc
    ref: MarketRef
    identity: Identity = field(repr=False)
    wallet: Wallet = field(repr=False)
    fee_payer: Wallet = field(repr=False)
    prover: Prover
    attestors: AttestorClient
    clock: Clock
    journal: Journal
    micro_lamports_per_unit: int = 0

    @property
    def buyer(self) -> Pubkey:
        """The address that gets the tokens."""
        return self.wallet.pubkey()

    @property
    def wallets(self) -> tuple[Wallet, ...]:
        """Everyone who signs."""
        return (self.wallet, self.fee_payer)

    @property
    def till(self) -> Till:
        """Where steps are paid for."""
        return Till(self.rpc, self.fee_payer.pubkey(), self.micro_lamports_per_unit)


class TradeLog:
    """Where one trade stands, and the way to write down that it has moved."""

    def __init__(self, desk: Desk, number: int) -> None:
        """Read the trade from the journal."""
        self.number = number
        self._desk = desk
        self.progress: Progress = desk.journal.progress(number)

    def write(self, record: Record, *, claim: Pubkey | None = None, release: bool = False) -> None:
        """Write a record down, on disk when this returns; see `Journal.append`."""
        now = self._desk.clock.unix_time_s()
        self._desk.journal.append(self.number, record, now_unix_s=now, claim=claim, release=release)
        self.progress.apply(record)


@dataclass(frozen=True)
class Step:
    """A step that can be taken: what it discloses and sends, and the taking."""

    prepared: Prepared
    take: Callable[[], TransactionOutcome | None]


def quorum(attestors: AttestorSet, message: int, signatures: Mapping[int, Signature]) -> Signatures:
    """Return the first k signatures that verify, by leaf index. Raises AttestorQuorumError when there are fewer.

    Whoever collected them is not trusted: a proof over a wrong signature would fail only after it was made.
    """
    good: list[tuple[int, int, int, int]] = []
    for index in sorted(signatures):
        if len(good) == attestors.k:
            break
        if not 0 <= index < len(attestors.keys):
            continue
        try:
            eddsa.verify(attestors.keys[index], message, signatures[index])
        except SignatureRefusedError:
            continue
        good.append((index, *signatures[index]))
    if len(good) < attestors.k:
        raise AttestorQuorumError(
            f"{attestors.k} attestors must sign; {len(signatures)} answered, and {len(good)} of these signatures verify"
        )
    return tuple(good)


def attestations_of(attestors: AttestorSet, signatures: Signatures) -> tuple[Attestation, ...]:
    """Return recorded signatures with their keys and paths."""
    return tuple(attestors.attestation(index, Signature(*rest)) for index, *rest in signatures)


def require_proof_of(made: MadeProof, stmt: int) -> bytes:
    """Return the proof's bytes. Raises ProofOfAnotherStatementError."""
    if made.public_input != stmt or len(made.proof) != PROOF_BYTES:
        raise ProofOfAnotherStatementError(
            f"the prover has to return {PROOF_BYTES} bytes that prove this statement, and did not"
        )
    return made.proof


_CONFIRMATION_POLL_S: Final = 2


def resend(desk: Desk, step: str, recorded: bytes) -> Step | Waiting | None:
    """Return what to do about a recorded transaction whose effect cannot be seen: wait, send it again, or None.

    The same signed transaction can go through only once, so sending it again is safe. None means that another has to be
    built: it failed, or it would fail now, as when its blockhash has expired. Should it go through all the same, for a
    node that lags, the next look at the chain finds it, and nothing can go through twice: a bid's order, a report and a
    nullifier each have one place.
    """
    transaction = VersionedTransaction.from_bytes(recorded)
    signature = str(transaction.signatures[0])
    known = desk.rpc.outcome_of(signature)
    if known is not None:
        if known.failure is not None:
            return None
        return Waiting(WaitFor.CONFIRMATION, desk.rpc.unix_time_s() + _CONFIRMATION_POLL_S)
    if desk.rpc.simulate(transaction).failure is not None:
        return None

    def take() -> TransactionOutcome:
        return desk.rpc.send(transaction).require_success()

    message = transaction.message
    return Step(Prepared(step, (), message if isinstance(message, Message) else None), take)
