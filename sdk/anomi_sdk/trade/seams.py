"""The seams of the trade flows: what a caller plugs in, beside the `Rpc` of `anomi_sdk.rpc`.

The sdk never imports the prover or a service: the command hands it objects that fit these Protocols.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from solders.pubkey import Pubkey
from solders.signature import Signature as WalletSignature

from anomi_core.eddsa import Signature
from anomi_core.registry import AttestorSet
from anomi_core.statements import PaymentStatement, PaymentWitness, SolvencyStatement, SolvencyWitness

__all__ = ["AttestorClient", "BalanceClaim", "Clock", "MadeProof", "Prover", "ReceiptClaim", "Wallet"]


@dataclass(frozen=True)
class MadeProof:
    """A Groth16 proof in the 256 bytes that groth16_verifier takes, and the one public input that it proves."""

    proof: bytes
    public_input: int


class Prover(Protocol):
    """Makes the two proofs of a trade, each under one verifying key."""

    def verifying_key_hash(self, circuit: str) -> bytes:
        """Return the SHA-256 of the body of the verifying key of "solvency" or "payment": its name on chain."""

    def prove_solvency(self, statement: SolvencyStatement, witness: SolvencyWitness) -> MadeProof:
        """Return a proof of `statement`, which the reference relation has already accepted."""

    def prove_payment(self, statement: PaymentStatement, witness: PaymentWitness) -> MadeProof:
        """Return a proof of `statement`, which the reference relation has already accepted."""


@dataclass(frozen=True)
class BalanceClaim:
    """What attestors are asked to sign: that this account holds at least `balance_minor_units` at `issued_at_unix_s`.

    `account` is canonical text of `rail`, `h` hides the identity (`anomi_core.identity.h`), `nonce` is fresh. How the
    holder lets an attestor look into the account (a password, a consent) is the AttestorClient's own matter.
    """

    deployment: int
    rail: str
    account: str = field(repr=False)
    h: int = field(repr=False)
    balance_minor_units: int = field(repr=False)
    issued_at_unix_s: int
    nonce: int = field(repr=False)


@dataclass(frozen=True)
class ReceiptClaim:
    """What attestors are asked to sign: that `account` completed this transfer. Texts are canonical for the rail."""

    deployment: int
    rail: str
    account: str = field(repr=False)
    h: int = field(repr=False)
    payee_account: str = field(repr=False)
    amount_minor_units: int = field(repr=False)
    paid_at_unix_s: int = field(repr=False)
    txid: str = field(repr=False)
    nonce: int = field(repr=False)


class AttestorClient(Protocol):
    """Asks attestors to sign. Their answers are not trusted: each signature is verified before it is used."""

    def attest_balance(self, attestors: AttestorSet, claim: BalanceClaim) -> Mapping[int, Signature]:
        """Return signatures of the balance message by the attestor's leaf index, at least `attestors.k` of them.

        Raises a RefusedError that says what the attestors answered when there are fewer.
        """

    def attest_receipt(self, attestors: AttestorSet, claim: ReceiptClaim) -> Mapping[int, Signature]:
        """Return signatures of the receipt message by the attestor's leaf index; else as `attest_balance`."""


class Clock(Protocol):
    """The wall clock of the person who trades. The cluster's own time comes from `Rpc.unix_time_s`."""

    def unix_time_s(self) -> int:
        """Return unix seconds."""

    def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""


class Wallet(Protocol):
    """Signs messages with one key; a solders `Keypair` is one."""

    def pubkey(self) -> Pubkey:
        """Return the address."""

    def sign_message(self, message: bytes) -> WalletSignature:
        """Return the Ed25519 signature of a serialized transaction message."""
