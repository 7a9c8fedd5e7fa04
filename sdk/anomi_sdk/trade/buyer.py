"""The buyer: opens trades, and takes each from where the chain and the journal say that it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from solders.transaction import VersionedTransaction

from anomi_core.errors import RefusedError, UsageError
from anomi_sdk.generated.market_errors import MatchedAskMismatchError
from anomi_sdk.generated.order_store import MATCHED_ORDER_BUYER_OFFSET, MATCHED_ORDER_LINE_ID_OFFSET
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.rpc import DataMatch, Rpc
from anomi_sdk.trade.bidding import landed_order, plan_bid
from anomi_sdk.trade.buyer_steps import Desk, Ended, Step, TradeLog, WaitFor, Waiting
from anomi_sdk.trade.giving_up import prepare_cancel_order, prepare_close, prepare_extend_claim
from anomi_sdk.trade.journal import Journal
from anomi_sdk.trade.markets import MarketRef, field_bytes, read_market
from anomi_sdk.trade.orders import OrderView, orders_where
from anomi_sdk.trade.paying import ToPay, accept_payment, matched_order, plan_payment, what_to_pay
from anomi_sdk.trade.prepared import Prepared, execute
from anomi_sdk.trade.records import OrderMatched, TradeEnded, TradeOpened
from anomi_sdk.trade.seams import AttestorClient, Clock, Prover, Wallet
from anomi_sdk.trade.vault import Identity

__all__ = [
    "AccountNotLinkedError",
    "Bid",
    "BidValuesError",
    "Buyer",
    "BuyerTrade",
    "Driver",
    "StepOutdatedError",
    "TradeMatchedError",
    "TradeNotMatchedError",
    "TradeOfAnotherMarketError",
    "TradePaidError",
]

_POLL_S: Final = 2.0
_RETRIES_MAX: Final = 5
"""A book that changes under a bid, or a blockhash that expires, is met again so often before it is an error."""


class AccountNotLinkedError(UsageError):
    """A bid names an account that the vault does not hold."""


class BidValuesError(UsageError):
    """A bid that no book can fill: an amount or price of 0, or a smallest fill that is not between 1 and the amount."""


class TradeOfAnotherMarketError(UsageError):
    """A trade of the journal is about another market or wallet than this buyer's."""


class StepOutdatedError(UsageError):
    """A prepared step is not the trade's next one any more."""


class TradeMatchedError(RefusedError):
    """A trade cannot be abandoned: its bid has landed, or may still land."""


class TradeNotMatchedError(UsageError):
    """A trade has no order yet: there is nothing on chain to cancel or to extend; see `BuyerTrade.abandon`."""


class TradePaidError(RefusedError):
    """A trade that the buyer says he has paid is not cancelled: the money would be gone, and the tokens too."""


@dataclass(frozen=True)
class Bid:
    """What is wanted: up to `base_atoms`, at up to `limit_price` (fiat minor units a whole token), paid from `account`.

    The attested balance covers the whole amount at the limit price, since the bid may meet an ask as dear as that.
    """

    account: str = field(repr=False)
    base_atoms: int
    limit_price: int
    min_fill_atoms: int = 1


class Buyer:
    """One person's wallet and identity in one market."""

    def __init__(
        self,
        rpc: Rpc,
        ref: MarketRef,
        *,
        identity: Identity,
        wallet: Wallet,
        journal: Journal,
        prover: Prover,
        attestors: AttestorClient,
        clock: Clock,
        fee_payer: Wallet | None = None,
        micro_lamports_per_unit: int = 0,
    ) -> None:
        """Buy with `wallet`; `fee_payer`, the wallet itself unless given, pays fees and rent."""
        self._desk = Desk(
            rpc=rpc,
            ref=ref,
            identity=identity,
            wallet=wallet,
            fee_payer=fee_payer or wallet,
            prover=prover,
            attestors=attestors,
            clock=clock,
            journal=journal,
            micro_lamports_per_unit=micro_lamports_per_unit,
        )

    def open(self, bid: Bid) -> BuyerTrade:
        """Write a new trade down. Nothing is sent, and nobody learns of it.

        Raises AccountNotLinkedError, BidValuesError, and what `Rail.canonical_account` does.
        """
        rail = self._desk.ref.rail
        account = rail.canonical_account(bid.account)
        if account not in self._desk.identity.accounts_of(rail):
            raise AccountNotLinkedError(
                f"this account of the rail {rail.name} is not in the vault", hint="link the account first"
            )
        if bid.limit_price < 1 or not 1 <= bid.min_fill_atoms <= bid.base_atoms:
            raise BidValuesError(
                "a bid has a price and a smallest fill of at least 1, and the fill is within the amount"
            )
        opened = self._opened(account, bid.base_atoms, bid.limit_price, bid.min_fill_atoms)
        return self.resume(self._desk.journal.open_trade(opened, now_unix_s=self._desk.clock.unix_time_s()))

    def resume(self, trade: int) -> BuyerTrade:
        """Return a trade of the journal. Raises TradeUnknownError and TradeOfAnotherMarketError."""
        opened = self._desk.journal.progress(trade).opened
        ours = (self._desk.ref.base_mint, self._desk.ref.rail.name, self._desk.buyer)
        if (opened.base_mint, opened.rail, opened.buyer) != ours:
            raise TradeOfAnotherMarketError(
                f"the trade {trade} is of the wallet {opened.buyer}, of {opened.base_mint} against {opened.rail}"
            )
        return BuyerTrade(self._desk, trade)

    def trades(self) -> tuple[int, ...]:
        """Return the numbers of the journal's trades, those of other markets included."""
        return self._desk.journal.trades()

    def recover(self) -> tuple[BuyerTrade, ...]:
        """Take over the orders of this wallet that the journal does not know, as after its loss.

        The vault is enough for that: an order's line and its reveal key follow from the identity.
        """
        desk = self._desk
        view = read_market(desk.rpc, desk.ref)
        known = desk.journal.claimed_orders()
        found = []
        for account in desk.identity.accounts_of(desk.ref.rail):
            line_id = field_bytes(desk.identity.line_id(desk.ref.rail, account, view.deployment))
            orders = orders_where(
                desk.rpc,
                DataMatch(MATCHED_ORDER_LINE_ID_OFFSET, line_id),
                DataMatch(MATCHED_ORDER_BUYER_OFFSET, bytes(desk.buyer)),
            )
            found += [
                self._take_over(account, order)
                for order in orders
                if order.address not in known and order.order.market == view.address
            ]
        return tuple(found)

    def _take_over(self, account: str, found: OrderView) -> BuyerTrade:
        desk, order = self._desk, found.order
        now = desk.clock.unix_time_s()
        opened = self._opened(account, order.base_atoms, order.price, order.base_atoms)
        matched = OrderMatched(found.address, order.seq)
        return self.resume(desk.journal.open_trade(opened, matched, now_unix_s=now, claim=found.address))

    def _opened(self, account: str, base_atoms: int, limit_price: int, min_fill_atoms: int) -> TradeOpened:
        return TradeOpened(
            base_mint=self._desk.ref.base_mint,
            rail=self._desk.ref.rail.name,
            buyer=self._desk.buyer,
            account=account,
            base_atoms=base_atoms,
            limit_price=limit_price,
            min_fill_atoms=min_fill_atoms,
        )


class Driver(Protocol):
    """Who goes along with a trade while `BuyerTrade.run` takes its steps."""

    def agrees(self, prepared: Prepared) -> bool:
        """Tell whether to take this step; what is raised ends the run."""

    def took(self, prepared: Prepared, outcome: TransactionOutcome | None) -> None:
        """Take note of a step that was taken."""

    def waits(self, waiting: Waiting) -> bool:
        """Wait a moment and return True, or return False where the run is to end."""


class _Alone:
    """Takes every step, and waits for everybody but the buyer himself."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def agrees(self, _prepared: Prepared) -> bool:
        return True

    def took(self, _prepared: Prepared, _outcome: TransactionOutcome | None) -> None:
        pass

    def waits(self, waiting: Waiting) -> bool:
        if waiting.what is WaitFor.PAYMENT:
            return False
        left = waiting.until_unix_s - self._desk.rpc.unix_time_s()
        self._desk.clock.sleep(max(1.0, min(_POLL_S, float(left))))
        return True


class BuyerTrade:
    """One trade. Every call looks at the chain first, so it does not matter when and how an earlier process ended.

    Attest the balance → prove solvency → bid → open the reveal → (the buyer pays) → report → attest the receipt → prove
    the payment → finalize. What a step needs later is in the journal before the step is taken.
    """

    def __init__(self, desk: Desk, number: int) -> None:
        """Use `Buyer.open`, `Buyer.resume` or `Buyer.recover`."""
        self._desk = desk
        self._planned: tuple[Step, int] | None = None
        self.number = number

    def prepare(self) -> Prepared | Waiting | Ended:
        """Return the next step, untaken: its unsigned transaction, and who learns what from it.

        Raises the error class of the program that would refuse, MarketClosedError, NoMatchError,
        VerifyingKeyForeignError, TokenAccountGivenAwayError, TokenAccountFrozenError and what reading the market
        raises, before anything is disclosed or paid.
        """
        with self._desk.journal.hold(self.number):
            log = TradeLog(self._desk, self.number)
            while True:
                if log.progress.ended is not None:
                    return Ended(log.progress.ended.outcome, log.progress.ended.released_atoms)
                planned = (plan_bid if log.progress.matched is None else plan_payment)(self._desk, log)
                if isinstance(planned, Step):
                    self._planned = planned, log.progress.records
                    return planned.prepared
                if planned is not None:
                    return planned

    def execute(self, prepared: Prepared) -> TransactionOutcome | None:
        """Take the step that `prepare` has just returned; return its transaction's outcome, None when it has none.

        Raises StepOutdatedError when the trade has moved since, and the error class of the program that refuses: the
        signed transaction is simulated before it is written down and sent.
        """
        with self._desk.journal.hold(self.number):
            records = self._desk.journal.progress(self.number).records
            if self._planned is None or self._planned[0].prepared is not prepared or self._planned[1] != records:
                raise StepOutdatedError(
                    f"{prepared.step} is not the next step of the trade {self.number}: prepare again"
                )
            step, self._planned = self._planned[0], None
            return step.take()

    def run(self, driver: Driver | None = None) -> Prepared | Waiting | Ended:
        """Take step after step until the driver stops, or the trade has ended; return where it stands then.

        Without a driver: until the buyer has to pay, sleeping in between. What a moment can change is tried again a few
        times: a book that moved under the bid, an expired blockhash.
        """
        driver = driver or _Alone(self._desk)
        retries = 0
        while True:
            try:
                standing = self.prepare()
                if isinstance(standing, Prepared):
                    if not driver.agrees(standing):
                        return standing
                    driver.took(standing, self.execute(standing))
                    retries = 0
                    continue
            except TransactionRefusedError as error:
                passing = isinstance(error, MatchedAskMismatchError) or error.failure.reason == "BlockhashNotFound"
                if not passing or retries == _RETRIES_MAX:
                    raise
                retries += 1
                continue
            if isinstance(standing, Ended) or not driver.waits(standing):
                return standing

    def to_pay(self) -> ToPay:
        """Return whom to pay, how much and until when. Raises PayeeNotShownYetError."""
        return what_to_pay(self._desk, TradeLog(self._desk, self.number))

    def paid(self, *, txid: str, amount_minor_units: int, paid_at_unix_s: int) -> None:
        """Write down that the buyer has paid; said again, it replaces what was said before.

        Raises PayeeNotShownYetError, PaymentTooSmallError, PaymentOutsideWindowError, TransferAlreadySpentError, and
        what `Rail.canonical_txid` does.
        """
        with self._desk.journal.hold(self.number):
            accept_payment(
                self._desk,
                TradeLog(self._desk, self.number),
                txid=txid,
                amount_minor_units=amount_minor_units,
                paid_at_unix_s=paid_at_unix_s,
            )

    def prepare_cancel(self, *, accepts_strike: bool = False) -> Prepared:
        """Return the step that gives the order up, for `execute`. The next look at the trade finds it cancelled.

        Free for a while after a reveal, as one that opens nothing, and after a missed one; else a strike on the line,
        and refused with CancelNotFreeError unless `accepts_strike`. Raises TradeNotMatchedError, and TradePaidError
        for a trade whose payment is written down.
        """

        def prepared(log: TradeLog, order: OrderView) -> Prepared:
            if log.progress.payment is not None:
                raise TradePaidError(f"the trade {self.number} was paid", hint="prove the payment instead")
            return prepare_cancel_order(self._desk.till, self._desk.buyer, order, accepts_strike=accepts_strike)

        return self._aside(prepared)

    def cancel(self, *, accepts_strike: bool = False) -> TransactionOutcome | None:
        """Give the order up; see `prepare_cancel`."""
        return self.execute(self.prepare_cancel(accepts_strike=accepts_strike))

    def prepare_extend_claim(self) -> Prepared:
        """Return the step that takes three days more to prove a reported payment, once. Raises TradeNotMatchedError."""
        return self._aside(lambda _, order: prepare_extend_claim(self._desk.till, self._desk.buyer, order))

    def extend_claim(self) -> TransactionOutcome | None:
        """Take three days more to prove a reported payment; see `prepare_extend_claim`."""
        return self.execute(self.prepare_extend_claim())

    def prepare_close(self) -> Prepared:
        """Return the step that closes the record of an order that came to nothing. Raises TradeNotMatchedError."""
        return self._aside(lambda _, order: prepare_close(self._desk.till, order))

    def order(self) -> OrderView:
        """Return the order as the chain has it. Raises TradeNotMatchedError, and what `matched_order` does."""
        return self._order(TradeLog(self._desk, self.number))

    def _order(self, log: TradeLog) -> OrderView:
        if log.progress.matched is None:
            raise TradeNotMatchedError(f"the trade {self.number} has no order yet", hint="abandon it instead")
        return matched_order(self._desk, log)

    def _aside(self, prepare: Callable[[TradeLog, OrderView], Prepared]) -> Prepared:
        """Return a step that is beside the road of a trade; `execute` takes it unless the trade has moved since."""
        desk = self._desk
        with desk.journal.hold(self.number):
            log = TradeLog(desk, self.number)
            prepared = prepare(log, self._order(log))
            step = Step(prepared, lambda: execute(desk.rpc, prepared, desk.wallets))
            self._planned = step, log.progress.records
            return prepared

    def abandon(self) -> None:
        """Give a trade up that is not matched. Raises TradeMatchedError when it is, or may still be."""
        desk = self._desk
        with desk.journal.hold(self.number):
            log = TradeLog(desk, self.number)
            if log.progress.ended is not None:
                return
            alive = [bid for bid in log.progress.bids if _may_land(desk, bid.transaction)]
            if log.progress.matched is not None or alive or landed_order(desk, log) is not None:
                raise TradeMatchedError(
                    f"the trade {self.number} is matched, or a bid of it may still land", hint="resume it instead"
                )
            log.write(TradeEnded("abandoned", 0), release=True)


def _may_land(desk: Desk, recorded: bytes) -> bool:
    return desk.rpc.is_blockhash_valid(VersionedTransaction.from_bytes(recorded).message.recent_blockhash)
