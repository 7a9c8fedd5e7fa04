"""A buyer's process killed at every moment of a trade, and resumed: always the same balances."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from anomi_sdk.programs import BuiltProgram
from anomi_sdk.trade.buyer import Buyer, BuyerTrade
from anomi_sdk.trade.buyer_steps import Ended, WaitFor, Waiting
from anomi_sdk.trade.orders import OrderStatus
from anomi_sdk.trade.prepared import Prepared
from tests.programs.market.world import BASE_ATOMS, FEE_BPS
from tests.unit.sdk.trade.crash import Fuse, KilledError, fused_buyer
from tests.unit.sdk.trade.trade_world import DUE, FARZAN_ACCOUNT, FARZAN_BALANCE, TradeWorld

FEE = BASE_ATOMS * FEE_BPS // 10_000
SETTLED = Ended("settled", BASE_ATOMS)


class Person:
    """What the person behind the client does: he starts the client again, pays once, and remembers the payment."""

    def __init__(self, world: TradeWorld) -> None:
        self.world = world
        self.receipt: dict[str, object] | None = None
        self.seller = world.seller_client()

    def go_on(self, buyer: Buyer) -> Ended:
        """Take the trade to its end, or die on the way."""
        trade = self._trade(buyer)
        while True:
            step = trade.prepare()
            if isinstance(step, Prepared):
                trade.execute(step)
            elif isinstance(step, Ended):
                return step
            else:
                self._wait(trade, step)

    def _trade(self, buyer: Buyer) -> BuyerTrade:
        trades = buyer.trades()
        return buyer.resume(trades[-1]) if trades else buyer.open(self.world.bid())

    def _wait(self, trade: BuyerTrade, step: Waiting) -> None:
        if step.what is WaitFor.REVEAL:
            assert self.seller.reveal_pending()
        elif step.what is WaitFor.PAYMENT:
            if self.receipt is None:
                assert trade.to_pay().due_minor_units == DUE
                self.receipt = self.world.pay()
            trade.paid(**self.receipt)  # type: ignore[arg-type]
        else:
            self.world.clock.sleep(step.until_unix_s - self.world.clock.unix_time_s())


def require_the_one_outcome(world: TradeWorld) -> None:
    """What must be true after any history: one match, one payment, everything where it belongs."""
    ask, line = world.ask(), world.line()
    assert world.tokens(world.farzan.pubkey()) == BASE_ATOMS - FEE
    assert (line.reserved_minor_units, line.seq) == (0, 1)
    assert (ask.locked_atoms, ask.live_orders, ask.returned_atoms, ask.listed) == (0, 0, 0, False)
    assert (ask.released_atoms, ask.fees_atoms) == (BASE_ATOMS - FEE, FEE)
    assert world.bank.ledger.balance_minor_units(FARZAN_ACCOUNT) == FARZAN_BALANCE - DUE
    (order,) = world.seller_client().orders()
    assert order.status is OrderStatus.SETTLED


def ready(tmp_path: Path, programs: tuple[BuiltProgram, ...]) -> TradeWorld:
    world = TradeWorld(tmp_path, programs)
    world.seller_client().place_ask(world.ask_terms())
    return world


def test_an_undisturbed_trade_passes_every_moment_once(world: TradeWorld) -> None:
    world.seller_client().place_ask(world.ask_terms())
    fuse = Fuse()
    assert Person(world).go_on(fused_buyer(world, fuse)) == SETTLED
    require_the_one_outcome(world)
    assert [moment.removeprefix("before ") for moment in fuse.seen if moment.startswith("before")] == [
        "TradeOpened",
        "attest balance",
        "BalanceAttested",
        "SolvencyProven",
        "BidSigned",
        "send",
        "OrderMatched",
        "PayeeOpened",
        "PaymentMade",
        "ReportSigned",
        "send",
        "attest receipt",
        "ReceiptAttested",
        "PaymentProven",
        "FinalizeSigned",
        "send",
        "TradeEnded",
    ]
    assert len(fuse.seen) == 34
    assert (world.prover.calls, world.bank.calls) == (["solvency", "payment"], ["balance", "receipt"])


@pytest.mark.parametrize("at", range(1, 35))
def test_a_buyer_killed_at_any_moment_ends_with_the_same_balances(
    tmp_path: Path, programs: tuple[BuiltProgram, ...], at: int
) -> None:
    world = ready(tmp_path, programs)
    person = Person(world)
    with pytest.raises(KilledError):
        person.go_on(fused_buyer(world, Fuse(at)))
    resumed = Fuse()
    assert person.go_on(fused_buyer(world, resumed)) == SETTLED
    require_the_one_outcome(world)
    assert world.prover.calls.count("solvency") + world.prover.calls.count("payment") <= 3
    assert "before TradeOpened" not in resumed.seen or at == 1


@pytest.mark.parametrize("seed", range(6))
def test_a_buyer_killed_again_and_again_ends_with_the_same_balances(
    tmp_path: Path, programs: tuple[BuiltProgram, ...], seed: int
) -> None:
    """Between two lives any time passes that the trade survives, and the blockhashes of the life before may expire."""
    chance = random.Random(seed)
    world = ready(tmp_path, programs)
    person = Person(world)
    for _ in range(200):
        try:
            ended = person.go_on(fused_buyer(world, Fuse(chance.randrange(1, 9))))
        except KilledError:
            world.clock.sleep(chance.choice([1, 10, 100]))
            for _ in range(chance.choice([0, 200])):
                world.svm.latest_blockhash()
            continue
        break
    assert ended == SETTLED
    require_the_one_outcome(world)
