"""A buyer in one market: the flows of the SDK with this machine's prover and the market's attestors plugged in."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from solders.pubkey import Pubkey

from anomi_cli.adapters.attestors import AttestorQuorum
from anomi_cli.adapters.prover import LocalProver
from anomi_cli.output import Output
from anomi_cli.trade.counter import Counter, open_counter
from anomi_cli.trade.market_folder import open_attestors
from anomi_cli.trade.options import Options
from anomi_core.eddsa import Signature
from anomi_core.errors import UsageError
from anomi_core.registry import AttestorSet
from anomi_core.statements import PaymentStatement, PaymentWitness, SolvencyStatement, SolvencyWitness
from anomi_prover.progress import Progress
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.buyer import Buyer, BuyerTrade
from anomi_sdk.trade.journal import Journal
from anomi_sdk.trade.seams import BalanceClaim, MadeProof, ReceiptClaim
from anomi_sdk.trade.vault import Identity
from anomi_sdk.wallets import read_wallet

__all__ = ["BuyerCounter", "TradeChoiceError", "open_buyer"]


class TradeChoiceError(UsageError):
    """A journal has no trade under way, or several of which none was named."""


class WallClock:
    """The clock of this machine."""

    def unix_time_s(self) -> int:
        """Return unix seconds."""
        return int(time.time())

    def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        time.sleep(seconds)


class LazyProver:
    """The prover of this machine, loaded when it is first needed: most commands never prove."""

    def __init__(self, progress: Progress) -> None:
        """Load nothing yet."""
        self._progress = progress
        self._loaded: LocalProver | None = None

    def verifying_key_hash(self, circuit: str) -> bytes:
        """See `anomi_sdk.trade.seams.Prover`."""
        return self._prover().verifying_key_hash(circuit)

    def prove_solvency(self, statement: SolvencyStatement, witness: SolvencyWitness) -> MadeProof:
        """See `anomi_sdk.trade.seams.Prover`."""
        return self._prover().prove_solvency(statement, witness)

    def prove_payment(self, statement: PaymentStatement, witness: PaymentWitness) -> MadeProof:
        """See `anomi_sdk.trade.seams.Prover`."""
        return self._prover().prove_payment(statement, witness)

    def _prover(self) -> LocalProver:
        if self._loaded is None:
            self._loaded = LocalProver(progress=self._progress)
        return self._loaded


class LazyAttestors:
    """The market's attestors, looked for when they are first asked."""

    def __init__(self, options: Options, rpc: Rpc) -> None:
        """Ask nobody yet."""
        self._options = options
        self._rpc = rpc
        self._opened: AttestorQuorum | None = None

    def attest_balance(self, attestors: AttestorSet, claim: BalanceClaim) -> Mapping[int, Signature]:
        """See `anomi_sdk.trade.seams.AttestorClient`."""
        return self._attestors().attest_balance(attestors, claim)

    def attest_receipt(self, attestors: AttestorSet, claim: ReceiptClaim) -> Mapping[int, Signature]:
        """See `anomi_sdk.trade.seams.AttestorClient`."""
        return self._attestors().attest_receipt(attestors, claim)

    def _attestors(self) -> AttestorQuorum:
        if self._opened is None:
            self._opened = open_attestors(self._options.folder, self._options.market().rail, self._rpc)
        return self._opened


@dataclass(frozen=True)
class BuyerCounter(Counter):
    """A market, and a buyer in it."""

    buyer: Buyer
    journal: Journal
    wallet: Pubkey
    identity: Identity = field(repr=False)

    def trade(self, number: int | None) -> BuyerTrade:
        """Return a trade of the journal; the only one under way when none is named.

        Raises TradeChoiceError, TradeUnknownError and TradeOfAnotherMarketError.
        """
        if number is not None:
            return self.buyer.resume(number)
        alive = [trade for trade in self.trades_here() if self.journal.progress(trade).ended is None]
        if len(alive) != 1:
            told = "no trade is under way: say which"
            if alive:
                told = f"the trades {', '.join(map(str, alive))} are under way: say which"
            raise TradeChoiceError(told, hint="`anomi buyer status` shows them")
        return self.buyer.resume(alive[0])

    def trades_here(self) -> list[int]:
        """Return the journal's trades of this market and wallet."""
        found = []
        for number in self.buyer.trades():
            opened = self.journal.progress(number).opened
            if (opened.base_mint, opened.rail, opened.buyer) == (
                self.file.base_mint,
                self.file.rail.name,
                self.wallet,
            ):
                found.append(number)
        return found


@contextmanager
def open_buyer(options: Options, output: Output) -> Iterator[BuyerCounter]:
    """Open the market with its buyer; the vault is unlocked."""
    with open_counter(options) as counter, output.progress() as progress:
        wallet = options.keypair()
        fee_payer = None if options.fee_payer is None else read_wallet(options.fee_payer)
        identity = options.vault().identity
        journal = Journal(options.journal_path, identity.journal_key())
        try:
            buyer = Buyer(
                counter.rpc,
                counter.file.ref,
                identity=identity,
                wallet=wallet,
                fee_payer=fee_payer,
                journal=journal,
                prover=LazyProver(progress),
                attestors=LazyAttestors(options, counter.rpc),
                clock=WallClock(),
                micro_lamports_per_unit=options.micro_lamports_per_unit,
            )
            yield BuyerCounter(
                counter.rpc,
                counter.url,
                counter.file,
                counter.view,
                counter.units,
                buyer,
                journal,
                wallet.pubkey(),
                identity,
            )
        finally:
            journal.close()
