"""What a node keeps beside the accounts: a running clock, the transactions that went through, and a faucet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from solders.account import Account
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM_PROGRAM
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

from anomi_sdk.localnet.fees import fee_lamports
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.svm import OUTCOMES_MAX, EmbeddedSvm
from anomi_sdk.transactions import build_transaction

__all__ = ["Chain", "Landed"]

_FAUCET_LAMPORTS: Final = 500_000_000 * 10**9


@dataclass(frozen=True)
class Landed:
    """A transaction that went through, refused or not, and the lamports of its accounts before and after."""

    slot: int
    unix_time_s: int
    transaction: VersionedTransaction
    outcome: TransactionOutcome
    fee_lamports: int
    lamports_before: list[int]
    lamports_after: list[int]


class Chain:
    """An embedded runtime whose clock goes on with `monotonic` from where it stands now."""

    def __init__(self, svm: EmbeddedSvm, *, monotonic: Callable[[], float]) -> None:
        """Put a faucet on `svm`, whose key is known to everybody."""
        self.svm = svm
        self.sent = 0
        self.landed: dict[str, Landed] = {}
        self._monotonic = monotonic
        self._began_s = monotonic()
        self._start_unix_s = svm.unix_time_s()
        self._faucet = Keypair.from_seed(hashlib.sha256(b"anomi localnet faucet").digest())
        svm.set_account(self._faucet.pubkey(), Account(_FAUCET_LAMPORTS, b"", SYSTEM_PROGRAM))

    def tick(self) -> None:
        """Move the clock sysvar to the present second."""
        now_s = self._start_unix_s + int(self._monotonic() - self._began_s)
        if now_s != self.svm.unix_time_s():
            self.svm.set_unix_time(now_s)

    def set_unix_time(self, unix_time_s: int) -> None:
        """Let the clock go on from `unix_time_s`. Raises UsageError outside 40 bits."""
        self.svm.set_unix_time(unix_time_s)
        self._start_unix_s = unix_time_s
        self._began_s = self._monotonic()

    def send(self, transaction: VersionedTransaction) -> TransactionOutcome:
        """Run `transaction` and keep a record if it went through."""
        before = self._lamports(transaction)
        outcome = self.svm.send(transaction)
        if outcome.signature not in self.landed and self.svm.outcome_of(outcome.signature) is outcome:
            self.sent += 1
            self.landed[outcome.signature] = Landed(
                slot=self.svm.slot,
                unix_time_s=self.svm.unix_time_s(),
                transaction=transaction,
                outcome=outcome,
                fee_lamports=fee_lamports(transaction.message),
                lamports_before=before,
                lamports_after=self._lamports(transaction),
            )
            if len(self.landed) > OUTCOMES_MAX:
                del self.landed[next(iter(self.landed))]
        return outcome

    def airdrop(self, address: Pubkey, lamports: int) -> TransactionOutcome:
        """Transfer `lamports` from the faucet to `address`."""
        faucet = self._faucet.pubkey()
        gift = transfer(TransferParams(from_pubkey=faucet, to_pubkey=address, lamports=lamports))
        blockhash = self.svm.latest_blockhash()
        return self.send(build_transaction([gift], payer=faucet, signers=[self._faucet], blockhash=blockhash))

    def lamports(self, address: Pubkey) -> int:
        """Return the lamports of an account, 0 where there is none."""
        account = self.svm.accounts([address])[0]
        return 0 if account is None else account.lamports

    def _lamports(self, transaction: VersionedTransaction) -> list[int]:
        return [self.lamports(address) for address in transaction.message.account_keys]
