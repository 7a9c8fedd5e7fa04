"""The seam between the clients and a cluster: everything they ask of it, and nothing else.

`anomi_sdk.svm.EmbeddedSvm` answers in process; a client of a JSON-RPC URL would answer the same calls with
`getMultipleAccounts`, `getLatestBlockhash`, `getMinimumBalanceForRentExemption`, `sendTransaction` (then waiting
until it is confirmed) and `simulateTransaction`. Clients are written against this Protocol only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from solders.account import Account
from solders.hash import Hash
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from anomi_sdk.outcome import TransactionOutcome

__all__ = ["Rpc"]


class Rpc(Protocol):
    """One cluster, as seen at one commitment level."""

    def accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Return the accounts at `addresses`, in order; None where there is none. One consistent view."""

    def latest_blockhash(self) -> Hash:
        """Return a blockhash that a transaction built now may carry."""

    def minimum_balance_lamports(self, data_bytes: int) -> int:
        """Return the lamports that make an account of `data_bytes` rent exempt."""

    def send(self, transaction: VersionedTransaction) -> TransactionOutcome:
        """Run `transaction` for good and return its outcome, refused or not.

        Raises TransactionTooLargeError before anything is sent.
        """

    def simulate(self, transaction: VersionedTransaction) -> TransactionOutcome:
        """Return what `send` would, changing nothing and costing nothing."""
