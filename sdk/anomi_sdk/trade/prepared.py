"""A step before it is taken: the unsigned transaction, and who learns what from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.instruction import Instruction
from solders.message import Message, to_bytes_versioned
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction

from anomi_core.errors import UsageError
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.seams import Wallet
from anomi_sdk.trade.tokens import TOKEN_PROGRAM, associated_token_address, create_associated_token
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX, TransactionTooLargeError, transaction_bytes

__all__ = [
    "CREATE_TOKEN_COMPUTE_UNITS",
    "STEP_COMPUTE_UNITS",
    "Audience",
    "Disclosure",
    "Prepared",
    "SignerMissingError",
    "Till",
    "execute",
    "send_signed",
    "sign",
]

STEP_COMPUTE_UNITS: Final = {
    "place_ask_order": 120_000,
    "cancel_ask_order": 60_000,
    "withdraw_ask": 60_000,
    "collect_fees": 60_000,
    "place_bid_order": 200_000,
    "reveal_payee": 60_000,
    "report_payment": 40_000,
    "finalize_trade": 200_000,
    "release_by_seller": 120_000,
    "expire_order": 80_000,
    "cancel_order": 80_000,
    "extend_claim": 40_000,
    "close_order": 40_000,
    "accept_terms": 60_000,
    "relist_ask": 60_000,
    "prune_ask": 60_000,
    "publish_terms": 80_000,
    "revoke_terms": 20_000,
    "restore_terms": 20_000,
    "set_paused": 20_000,
    "transfer_authority": 20_000,
    "accept_authority": 20_000,
}
"""The most that each step may use, above what it costs with the worst addresses; unused units cost nothing."""

CREATE_TOKEN_COMPUTE_UNITS: Final = 40_000
"""And this for the creation of a token account before it."""


class SignerMissingError(UsageError):
    """A transaction needs the signature of a wallet that was not given."""


class Audience(StrEnum):
    """Who learns something from a step."""

    CHAIN = "everyone, for ever, on chain"
    ATTESTORS = "the attestors"
    COUNTERPARTY = "the counterparty"


@dataclass(frozen=True)
class Disclosure:
    """One fact that a step gives away. `value` may be private until then, so no repr shows it."""

    to: Audience
    what: str
    value: str = field(repr=False)


@dataclass(frozen=True)
class Prepared:
    """A step that has not been taken: `message` is its unsigned transaction, None when it needs none.

    `step` names it; `discloses` says who learns what when it is executed, `follows` what else comes of it, each a
    sentence without a full stop. Nothing has been sent, and nobody has learned anything yet.
    """

    step: str
    discloses: tuple[Disclosure, ...]
    message: Message | None = None
    follows: tuple[str, ...] = ()

    @property
    def signers(self) -> tuple[Pubkey, ...]:
        """The addresses that have to sign, the fee payer first."""
        if self.message is None:
            return ()
        return tuple(self.message.account_keys[: self.message.header.num_required_signatures])

    @property
    def transaction_bytes(self) -> int:
        """The size of the signed transaction in bytes, 0 without one."""
        return 0 if self.message is None else transaction_bytes(self.message)


@dataclass(frozen=True)
class Till:
    """Where steps are paid for: a cluster, the address that pays fees and rent, the price of a compute unit."""

    rpc: Rpc
    payer: Pubkey
    micro_lamports_per_unit: int = 0

    def prepare(
        self,
        step: str,
        *instructions: Instruction,
        discloses: Iterable[Disclosure] = (),
        follows: Iterable[str] = (),
        creates_token_account: bool = False,
    ) -> Prepared:
        """Return the unsigned transaction of `instructions`, with its compute budget before them and a fresh blockhash.

        It has been simulated, so that nobody is asked to sign a doomed one: raises the error class of the program that
        refuses it, and TransactionTooLargeError. `step` is one of STEP_COMPUTE_UNITS; a price of a compute unit is paid
        for all of these, used or not.
        """
        compute_units = STEP_COMPUTE_UNITS[step] + (CREATE_TOKEN_COMPUTE_UNITS if creates_token_account else 0)
        budget = [set_compute_unit_limit(compute_units)]
        if self.micro_lamports_per_unit:
            budget.append(set_compute_unit_price(self.micro_lamports_per_unit))
        message = Message.new_with_blockhash([*budget, *instructions], self.payer, self.rpc.latest_blockhash())
        size = transaction_bytes(message)
        if size > TRANSACTION_BYTES_MAX:
            raise TransactionTooLargeError(f"a transaction has at most {TRANSACTION_BYTES_MAX} bytes, {step} {size}")
        unsigned = VersionedTransaction.populate(
            message, [Signature.default()] * message.header.num_required_signatures
        )
        self.rpc.simulate(unsigned, verify_signatures=False).require_success()
        return Prepared(step, tuple(discloses), message, tuple(follows))

    def prepare_payout(
        self, step: str, instruction: Instruction, owner: Pubkey, mint: Pubkey, *, discloses: Iterable[Disclosure] = ()
    ) -> Prepared:
        """Do as `prepare` for a step that pays `owner`, whose token account it creates where there is none."""
        token_account = self.rpc.accounts([associated_token_address(owner, mint)])[0]
        creates = token_account is None or token_account.owner != TOKEN_PROGRAM
        before = [create_associated_token(self.payer, owner, mint)] if creates else []
        return self.prepare(step, *before, instruction, discloses=discloses, creates_token_account=creates)


def sign(prepared: Prepared, wallets: Iterable[Wallet]) -> VersionedTransaction:
    """Return the signed transaction; `wallets` may hold more than have to sign. Raises SignerMissingError."""
    if prepared.message is None:
        raise UsageError(f"the step {prepared.step} has no transaction to sign")
    by_address = {wallet.pubkey(): wallet for wallet in wallets}
    content = to_bytes_versioned(prepared.message)
    signatures = []
    for address in prepared.signers:
        if address not in by_address:
            raise SignerMissingError(f"{prepared.step} has to be signed by {address}, whose wallet was not given")
        signatures.append(by_address[address].sign_message(content))
    return VersionedTransaction.populate(prepared.message, signatures)


def execute(rpc: Rpc, prepared: Prepared, wallets: Iterable[Wallet]) -> TransactionOutcome:
    """Sign, simulate, then send and confirm; return the outcome of a transaction that went through.

    A doomed transaction costs nothing: its simulation raises the error class of the program that refuses it, and it is
    never sent.
    """
    return send_signed(rpc, sign(prepared, wallets))


def send_signed(rpc: Rpc, transaction: VersionedTransaction) -> TransactionOutcome:
    """Simulate, then send and confirm a signed transaction that was never sent before."""
    rpc.simulate(transaction).require_success()
    return rpc.send(transaction).require_success()
