"""The seam between the clients and a cluster: everything they ask of it, and nothing else.

`anomi_sdk.svm.EmbeddedSvm` answers in process, `anomi_sdk.rpc_url.RpcUrl` asks a node over JSON-RPC. Clients are
written against this Protocol only, so the same code runs on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from solders.account import Account
from solders.hash import Hash
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction

from anomi_core.errors import UsageError
from anomi_sdk.outcome import TransactionOutcome

__all__ = [
    "ACCOUNTS_MAX",
    "CLOCK_SYSVAR",
    "FILTERS_MAX",
    "DataMatch",
    "Rpc",
    "recall_or_send",
    "require_accounts_fit",
    "require_filters_fit",
    "require_signature",
    "selects",
]

ACCOUNTS_MAX: Final = 100
"""Nodes answer for at most so many accounts at once, and more than one answer is no consistent view."""

FILTERS_MAX: Final = 4
"""Nodes take at most so many filters."""

MATCH_BYTES_MAX: Final = 128
"""Nodes compare at most so many bytes in one filter."""

CLOCK_SYSVAR: Final = Pubkey.from_string("SysvarC1ock11111111111111111111111111111111")
"""Where the cluster's clock stands: 40 bytes, the last eight its unix time in seconds (i64, little-endian)."""


@dataclass(frozen=True)
class DataMatch:
    """Account data that has `expected` at `offset`, both in bytes."""

    offset: int
    expected: bytes


class Rpc(Protocol):
    """One cluster, as seen at one commitment level.

    Beside what each call names, all of them raise ClusterUnreachableError, RpcRefusedError or NodeAnswerError where
    there is a node to be asked.
    """

    def accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Return the accounts at `addresses`, in order; None where there is none. One consistent view.

        Raises UsageError for more than ACCOUNTS_MAX of them.
        """

    def program_accounts(
        self, program_id: Pubkey, *, data_bytes: int | None = None, matches: Sequence[DataMatch] = ()
    ) -> list[tuple[Pubkey, Account]]:
        """Return every account that `program_id` owns, with its address, in the order of the addresses.

        Only those with `data_bytes` bytes of data when it is given, and with every one of `matches`. Raises UsageError
        for more than FILTERS_MAX filters.
        """

    def latest_blockhash(self) -> Hash:
        """Return a blockhash that a transaction built now may carry."""

    def is_blockhash_valid(self, blockhash: Hash) -> bool:
        """Tell whether a transaction with `blockhash` can still go through; once False, it stays False."""

    def minimum_balance_lamports(self, data_bytes: int) -> int:
        """Return the lamports that make an account of `data_bytes` rent exempt."""

    def unix_time_s(self) -> int:
        """Return the cluster's own time, which its programs see, in unix seconds."""

    def genesis_hash(self) -> bytes:
        """Return the 32 bytes that tell this cluster from every other."""

    def send(self, transaction: VersionedTransaction) -> TransactionOutcome:
        """Run `transaction` for good and return its outcome, refused or not.

        One that is refused may have cost its fee (the embedded runtime) or not have been sent at all (a URL, where
        it is simulated first). Raises TransactionTooLargeError before anything is sent.
        """

    def simulate(self, transaction: VersionedTransaction, *, verify_signatures: bool = True) -> TransactionOutcome:
        """Return what `send` would, changing nothing and costing nothing.

        Without `verify_signatures` the transaction may still be unsigned: all signatures there, and all zero.
        """

    def outcome_of(self, signature: str) -> TransactionOutcome | None:
        """Return what became of the transaction with `signature` (base58), or None when it has not gone through.

        None says nothing about the future: see `recall_or_send`. Raises UsageError for what is no signature.
        """


def recall_or_send(rpc: Rpc, transaction: VersionedTransaction) -> TransactionOutcome:
    """Return the outcome of `transaction`, sending it unless it went through before.

    For a client that wrote the signed transaction down and then lost sight of it: calling this as often as one likes
    runs it at most once. With the failure `BlockhashNotFound` it never went through and never will, so that another
    may be built in its place.
    """
    signature = str(transaction.signatures[0])
    known = rpc.outcome_of(signature)
    if known is not None:
        return known
    sent = rpc.send(transaction)
    if sent.failure is not None and sent.failure.reason in ("AlreadyProcessed", "BlockhashNotFound"):
        return rpc.outcome_of(signature) or sent  # it may have gone through between the two questions
    return sent


def require_accounts_fit(addresses: Sequence[Pubkey]) -> None:
    """Raise UsageError unless one question to a node may name so many accounts."""
    if len(addresses) > ACCOUNTS_MAX:
        raise UsageError(f"one view has at most {ACCOUNTS_MAX} accounts, {len(addresses)} were asked for")


def require_filters_fit(data_bytes: int | None, matches: Sequence[DataMatch]) -> None:
    """Raise UsageError unless a node takes such filters."""
    filters = len(matches) + (data_bytes is not None)
    if filters > FILTERS_MAX:
        raise UsageError(f"a listing takes at most {FILTERS_MAX} filters, {filters} came")
    if data_bytes is not None and data_bytes < 0:
        raise UsageError(f"accounts have 0 or more bytes of data, not {data_bytes}")
    for match in matches:
        if match.offset < 0 or not 0 < len(match.expected) <= MATCH_BYTES_MAX:
            raise UsageError(
                f"a filter compares 1 to {MATCH_BYTES_MAX} bytes at an offset of 0 or more,"
                f" not {len(match.expected)} at {match.offset}"
            )


def require_signature(signature: str) -> None:
    """Raise UsageError unless `signature` is one in base58."""
    try:
        Signature.from_string(signature)
    except ValueError:
        raise UsageError("a transaction's signature is 64 bytes in base58") from None


def selects(data: bytes, data_bytes: int | None, matches: Sequence[DataMatch]) -> bool:
    """Tell whether account data has the asked-for size and every one of `matches`."""
    return (data_bytes is None or len(data) == data_bytes) and all(
        data[match.offset : match.offset + len(match.expected)] == match.expected for match in matches
    )
