"""Orders that go wrong: cancelled by the buyer, given more time, and their records closed in the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from solders.keypair import Keypair

from anomi_core.spec import CLOCK_SKEW_S, ORDER_RETENTION_S
from anomi_sdk.generated.order_processor_errors import (
    CancelNotFreeError,
    ClaimAlreadyExtendedError,
    PaymentNotReportedError,
)
from anomi_sdk.generated.order_store import MatchedOrder
from anomi_sdk.generated.order_store_errors import OrderNotOverError, RetentionNotOverError
from anomi_sdk.trade.buyer import BuyerTrade, TradeNotMatchedError, TradePaidError
from anomi_sdk.trade.buyer_steps import Ended
from anomi_sdk.trade.prepared import Prepared
from anomi_sdk.trade.reveal import RevealCommitmentMismatchError
from tests.programs.market.world import BASE_ATOMS, TermsArgs
from tests.unit.sdk.trade.trade_world import TradeWorld


def take(trade: BuyerTrade, *names: str) -> None:
    for name in names:
        step = trade.prepare()
        assert isinstance(step, Prepared), step
        assert step.step == name
        trade.execute(step)


@pytest.fixture
def trade(world: TradeWorld) -> BuyerTrade:
    """A trade that is matched with Ali's ask."""
    world.seller_client().place_ask(world.ask_terms())
    trade = world.buyer().open(world.bid())
    take(trade, "attest_balance", "prove_solvency", "place_bid_order")
    return trade


def reported(world: TradeWorld, trade: BuyerTrade) -> None:
    world.seller_client().reveal_pending()
    take(trade, "open_reveal")
    world.clock.sleep(CLOCK_SKEW_S)
    trade.paid(**world.pay())  # type: ignore[arg-type]
    take(trade, "report_payment")


def test_a_reveal_that_opens_nothing_is_answered_by_a_free_cancel(world: TradeWorld, trade: BuyerTrade) -> None:
    order = world.seller_client().orders()[0]
    world.seller_client().reveal(order.address)
    world.edit(MatchedOrder, order.address, payee_commit=(5).to_bytes(32, "big"))
    with pytest.raises(RevealCommitmentMismatchError):
        take(trade, "open_reveal")
    trade.cancel()
    assert trade.prepare() == Ended("cancelled", 0)
    assert (world.line().reserved_minor_units, world.line().strikes) == (0, 0)
    assert (world.ask().returned_atoms, world.ask().live_orders) == (BASE_ATOMS, 0)


def test_a_strike_has_to_be_accepted(world: TradeWorld, trade: BuyerTrade) -> None:
    with pytest.raises(CancelNotFreeError):
        trade.cancel()
    assert (world.line().strikes, world.ask().live_orders) == (0, 1)
    trade.cancel(accepts_strike=True)
    assert trade.prepare() == Ended("cancelled", 0)
    assert world.line().strikes == 1


def test_a_second_bad_reveal_within_a_day_is_not_free(world: TradeWorld, trade: BuyerTrade) -> None:
    world.seller_client().reveal_pending()
    world.clock.sleep(TermsArgs().free_cancel_grace_s)
    trade.cancel()
    ask = world.seller_client().asks()[0]
    world.seller_client().relist(
        ask.address, price=ask.ask.price, min_fill_atoms=ask.ask.min_fill_atoms, expiry_unix_s=ask.ask.expiry_unix_s
    )
    second = world.buyer().open(world.bid())
    take(second, "attest_balance", "prove_solvency", "place_bid_order")
    world.seller_client().reveal_pending()
    with pytest.raises(CancelNotFreeError):
        second.cancel()


def test_what_was_paid_is_never_cancelled_by_the_client(world: TradeWorld, trade: BuyerTrade) -> None:
    reported(world, trade)
    for accepts_strike in (False, True):
        with pytest.raises(TradePaidError):
            trade.cancel(accepts_strike=accepts_strike)
    take(trade, "attest_receipt", "prove_payment", "finalize_trade")
    assert trade.prepare() == Ended("settled", BASE_ATOMS)


def test_a_trade_without_an_order_has_nothing_to_cancel(world: TradeWorld) -> None:
    trade = world.buyer().open(world.bid())
    with pytest.raises(TradeNotMatchedError):
        trade.cancel(accepts_strike=True)
    with pytest.raises(TradeNotMatchedError):
        trade.extend_claim()


def test_a_reported_payment_gets_three_days_more_once(world: TradeWorld, trade: BuyerTrade) -> None:
    with pytest.raises(PaymentNotReportedError):
        _revealed(world, trade).extend_claim()
    trade.paid(**world.pay())  # type: ignore[arg-type]
    take(trade, "report_payment")
    prove_by = world.seller_client().orders()[0].order.prove_by_unix_s
    trade.extend_claim()
    order = world.seller_client().orders()[0].order
    assert (order.prove_by_unix_s, order.claim_extended) == (prove_by + 3 * 86_400, True)
    with pytest.raises(ClaimAlreadyExtendedError):
        trade.extend_claim()
    # Past the first deadline, and the receipt is still taken.
    world.svm.set_unix_time(prove_by + 1)
    take(trade, "attest_receipt", "prove_payment", "finalize_trade")
    assert trade.prepare() == Ended("settled", BASE_ATOMS)


def _revealed(world: TradeWorld, trade: BuyerTrade) -> BuyerTrade:
    world.seller_client().reveal_pending()
    take(trade, "open_reveal")
    world.clock.sleep(CLOCK_SKEW_S)
    return trade


def test_another_wallet_pays_and_the_rent_goes_back_to_it(world: TradeWorld, tmp_path: Path) -> None:
    world.seller_client().place_ask(world.ask_terms())
    payer = Keypair.from_seed(b"\x21" * 32)
    world.svm.airdrop(payer.pubkey(), 10**10)
    trade = world.buyer(tmp_path / "other.db", fee_payer=payer).open(world.bid())
    take(trade, "attest_balance", "prove_solvency", "place_bid_order")
    trade.cancel(accepts_strike=True)
    order = world.seller_client().orders()[0].address
    settler, rent = world.settler(), world.lamports(order)
    world.clock.sleep(ORDER_RETENTION_S - 1)
    with pytest.raises(RetentionNotOverError):
        settler.close(order)
    world.clock.sleep(1)
    before = world.lamports(payer.pubkey())
    settler.close(order)
    assert (world.account(order), world.lamports(payer.pubkey())) == (None, before + rent)


def test_a_live_order_is_not_closed(world: TradeWorld, trade: BuyerTrade) -> None:
    assert isinstance(trade.number, int)
    with pytest.raises(OrderNotOverError):
        world.settler().close(world.seller_client().orders()[0].address)
