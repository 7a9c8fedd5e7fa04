"""A buyer's process that dies at a chosen moment: before or after anything that leaves a trace outside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from anomi_core.eddsa import Signature
from anomi_core.registry import AttestorSet
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.trade.buyer import Buyer
from anomi_sdk.trade.journal import Journal
from anomi_sdk.trade.records import Record, TradeOpened
from anomi_sdk.trade.seams import BalanceClaim, ReceiptClaim
from tests.unit.sdk.trade.trade_world import FARZAN, TradeWorld

T = TypeVar("T")


class KilledError(BaseException):
    """Stands for kill -9: nothing of ours may catch it and go on."""


class Fuse:
    """Counts moments, and kills at the one of the number `at`; moments that came are in `seen`."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.seen: list[str] = []

    def around(self, name: str, act: Callable[[], T]) -> T:
        """Take an action that has a moment before it and one after it."""
        self._moment(f"before {name}")
        result = act()
        self._moment(f"after {name}")
        return result

    def _moment(self, name: str) -> None:
        self.seen.append(name)
        if len(self.seen) == self.at:
            raise KilledError(name)


class FusedRpc:
    """The cluster, as seen by a process that may die around each transaction."""

    def __init__(self, svm: EmbeddedSvm, fuse: Fuse) -> None:
        self._svm = svm
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        return getattr(self._svm, name)

    def send(self, transaction: VersionedTransaction) -> TransactionOutcome:
        return self._fuse.around("send", lambda: self._svm.send(transaction))


class FusedJournal(Journal):
    """The journal of a process that may die around each record."""

    def __init__(self, path: Path, key: bytes, fuse: Fuse) -> None:
        self._fuse = fuse
        super().__init__(path, key)

    def open_trade(self, opened: TradeOpened, *more: Record, now_unix_s: int, claim: Pubkey | None = None) -> int:
        write = super().open_trade
        return self._fuse.around("TradeOpened", lambda: write(opened, *more, now_unix_s=now_unix_s, claim=claim))

    def append(
        self, trade: int, record: Record, *, now_unix_s: int, claim: Pubkey | None = None, release: bool = False
    ) -> None:
        write = super().append
        self._fuse.around(
            type(record).__name__,
            lambda: write(trade, record, now_unix_s=now_unix_s, claim=claim, release=release),
        )


class FusedBank:
    """The attestors, asked by a process that may die around each question."""

    def __init__(self, world: TradeWorld, fuse: Fuse) -> None:
        self._bank = world.bank
        self._fuse = fuse

    def attest_balance(self, attestors: AttestorSet, claim: BalanceClaim) -> Mapping[int, Signature]:
        return self._fuse.around("attest balance", lambda: self._bank.attest_balance(attestors, claim))

    def attest_receipt(self, attestors: AttestorSet, claim: ReceiptClaim) -> Mapping[int, Signature]:
        return self._fuse.around("attest receipt", lambda: self._bank.attest_receipt(attestors, claim))


def fused_buyer(world: TradeWorld, fuse: Fuse, wallet: Keypair | None = None) -> Buyer:
    """The buyer's client in a new process that dies when the fuse says so."""
    return Buyer(
        FusedRpc(world.svm, fuse),
        world.ref,
        identity=FARZAN,
        wallet=wallet or world.farzan,
        journal=FusedJournal(world.folder / "journal.db", FARZAN.journal_key(), fuse),
        prover=world.prover,
        attestors=FusedBank(world, fuse),
        clock=world.clock,
    )
