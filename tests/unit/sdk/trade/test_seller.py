"""The seller's side: asks placed once, payees found again, reveals, releases, withdrawals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anomi_core.spec import CLOCK_SKEW_S
from anomi_sdk.generated import market, order_processor
from anomi_sdk.generated.market import Ask
from anomi_sdk.generated.market_errors import AmountBelowMinimumError, AskNotListedError, ExpiryPassedError
from anomi_sdk.generated.order_processor_errors import (
    DeadlineNotReachedError,
    OrderStatusMismatchError,
    RevealerMismatchError,
    RevealTooLateError,
)
from anomi_sdk.generated.order_store import MatchedOrder
from anomi_sdk.layouts import AccountMissingError
from anomi_sdk.trade.book import NoMatchError
from anomi_sdk.trade.buyer import BuyerTrade
from anomi_sdk.trade.markets import MarketClosedError
from anomi_sdk.trade.orders import OrderStatus
from anomi_sdk.trade.prepared import Audience, Prepared, SignerMissingError, execute
from anomi_sdk.trade.reveal import RevealKeyUnusableError
from anomi_sdk.trade.seller import (
    AskNonceTakenError,
    PayeeUnknownError,
    PaymentSeenTooSmallError,
    ReportedTransferMismatchError,
    RevealsRefusedError,
)
from anomi_sdk.trade.settlement import PaymentNotReportedYetError
from anomi_sdk.trade.vault import Identity, LinkedAccount
from tests.programs.market.world import BASE_ATOMS, FEE_BPS, MIN_ASK_ATOMS, RAIL, TermsArgs
from tests.unit.sdk.trade.trade_world import ALI, ALI_ACCOUNT, DUE, FARZAN, FARZAN_ACCOUNT, TradeWorld

FEE = BASE_ATOMS * FEE_BPS // 10_000


def matched(world: TradeWorld, **bid: object) -> BuyerTrade:
    trade = world.buyer().open(world.bid(**bid))
    for _ in range(3):
        step = trade.prepare()
        assert isinstance(step, Prepared)
        trade.execute(step)
    return trade


def test_an_ask_is_placed_once_however_often_it_is_placed(world: TradeWorld) -> None:
    seller = world.seller_client()
    first = seller.place_ask(world.ask_terms())
    assert seller.place_ask(world.ask_terms()) == first
    assert world.tokens(world.ali.pubkey()) == 0
    assert first.address == seller.ask_address(1)
    assert [view.ask.deposited_atoms for view in seller.asks()] == [BASE_ATOMS]
    assert seller.next_nonce() == 2


@pytest.mark.parametrize("change", [{"price": 1}, {"base_atoms": MIN_ASK_ATOMS}, {"min_fill_atoms": BASE_ATOMS}])
def test_a_number_stands_for_one_ask(world: TradeWorld, change: dict[str, object]) -> None:
    seller = world.seller_client()
    seller.place_ask(world.ask_terms())
    with pytest.raises(AskNonceTakenError):
        seller.place_ask(world.ask_terms(**change))


def test_the_account_stays_with_the_seller(world: TradeWorld) -> None:
    prepared = world.seller_client().prepare_ask(world.ask_terms())
    assert {item.to for item in prepared.discloses} == {Audience.CHAIN}
    assert all(ALI_ACCOUNT not in item.value for item in prepared.discloses)
    assert prepared.message is not None
    assert ALI_ACCOUNT.encode() not in bytes(prepared.message)
    assert ALI_ACCOUNT not in repr(world.ask_terms())


def test_two_asks_for_one_account_look_unrelated(world: TradeWorld) -> None:
    seller = world.seller_client()
    asks = [seller.place_ask(world.ask_terms(client_nonce=nonce, base_atoms=BASE_ATOMS // 2)).ask for nonce in (1, 2)]
    assert asks[0].payee_commit != asks[1].payee_commit


def test_a_doomed_ask_raises_the_programs_error_and_costs_nothing(world: TradeWorld) -> None:
    seller = world.seller_client()
    before = world.svm.snapshot()
    with pytest.raises(AmountBelowMinimumError):
        seller.prepare_ask(world.ask_terms(base_atoms=MIN_ASK_ATOMS - 1, min_fill_atoms=MIN_ASK_ATOMS - 1))
    with pytest.raises(ExpiryPassedError):
        seller.place_ask(world.ask_terms(expiry_unix_s=world.clock.unix_time_s()))
    assert world.svm.snapshot() == before


def test_a_step_that_became_doomed_after_it_was_prepared_costs_nothing(world: TradeWorld) -> None:
    seller = world.seller_client()
    ask = seller.place_ask(world.ask_terms()).address
    prepared = seller.prepare_cancel(ask)
    seller.cancel(ask)
    before = world.svm.snapshot()
    with pytest.raises(AskNotListedError):
        seller.execute(prepared)
    assert world.svm.snapshot() == before


def test_an_ask_needs_a_linked_payee_and_an_open_market(world: TradeWorld) -> None:
    with pytest.raises(PayeeUnknownError):
        world.seller_client(identity=Identity(1, ())).prepare_ask(world.ask_terms())
    world.edit(market.Market, world.place.market, paused=True)
    with pytest.raises(MarketClosedError):
        world.seller_client().prepare_ask(world.ask_terms())


def test_only_the_sellers_wallet_signs(world: TradeWorld) -> None:
    prepared = world.seller_client().prepare_ask(world.ask_terms())
    assert prepared.signers == (world.ali.pubkey(),)
    with pytest.raises(SignerMissingError):
        execute(world.svm, prepared, [world.farzan])


def test_the_payee_of_an_order_is_found_among_the_vaults_accounts(world: TradeWorld) -> None:
    """The ask does not say which account it was placed with; the vault finds out."""
    others = (
        LinkedAccount(RAIL.name, "923000000001"),
        LinkedAccount("jazzcash", ALI_ACCOUNT),
        LinkedAccount(RAIL.name, ALI_ACCOUNT),
    )
    seller = world.seller_client(identity=replace(ALI, accounts=others))
    seller.place_ask(world.ask_terms())
    trade = matched(world)
    (order,) = seller.orders(OrderStatus.PENDING)
    for accounts in ((), others[:2]):
        with pytest.raises(PayeeUnknownError):
            world.seller_client(identity=replace(ALI, accounts=accounts)).reveal(order.address)
    assert [view.address for view in seller.reveal_pending()] == [order.address]
    assert seller.reveal_pending() == []
    assert isinstance(trade.prepare(), Prepared)


def test_a_reveal_tells_the_buyer_and_nobody_else(world: TradeWorld) -> None:
    seller = world.seller_client()
    seller.place_ask(world.ask_terms())
    matched(world)
    (order,) = seller.orders()
    prepared = seller.prepare_reveal(order.address)
    told = {item.value for item in prepared.discloses if item.to is Audience.COUNTERPARTY}
    assert ALI_ACCOUNT in told
    assert all(ALI_ACCOUNT not in item.value for item in prepared.discloses if item.to is Audience.CHAIN)
    assert prepared.message is not None
    assert ALI_ACCOUNT.encode() not in bytes(prepared.message)
    seller.execute(prepared)
    with pytest.raises(OrderStatusMismatchError):
        seller.reveal(order.address)


def test_nothing_is_sealed_to_a_key_that_everyone_can_open(world: TradeWorld) -> None:
    seller = world.seller_client()
    seller.place_ask(world.ask_terms())
    matched(world)
    (order,) = seller.orders()
    world.edit(MatchedOrder, order.address, reveal_key=bytes(32))
    with pytest.raises(RevealKeyUnusableError):
        seller.reveal(order.address)


def test_a_delegate_reveals_and_a_stranger_does_not(world: TradeWorld) -> None:
    delegate = world.user()
    seller = world.seller_client()
    seller.place_ask(world.ask_terms(reveal_delegate=delegate.pubkey()))
    matched(world)
    (order,) = seller.orders()
    with pytest.raises(RevealerMismatchError):
        world.seller_client(wallet=world.user()).reveal(order.address)
    world.seller_client(wallet=delegate).reveal(order.address)
    assert seller.orders(OrderStatus.AWAITING_PAYMENT)


def test_a_reveal_that_is_too_late_is_not_tried(world: TradeWorld) -> None:
    seller = world.seller_client()
    seller.place_ask(world.ask_terms())
    matched(world)
    (order,) = seller.orders()
    world.svm.set_unix_time(order.order.reveal_by_unix_s + 1)
    assert seller.reveal_pending() == []
    with pytest.raises(RevealTooLateError):
        seller.reveal(order.address)


def test_a_release_waits_for_the_buyers_word(world: TradeWorld) -> None:
    seller = world.seller_client()
    seller.place_ask(world.ask_terms())
    matched(world)
    seller.reveal_pending()
    (order,) = seller.orders()
    with pytest.raises(PaymentNotReportedYetError):
        seller.release(order.address, txid="12345678901", seen_minor_units=DUE)


def paid(world: TradeWorld) -> BuyerTrade:
    """A trade whose buyer has paid, and has told his client so."""
    seller = world.seller_client()
    seller.place_ask(world.ask_terms())
    trade = matched(world)
    seller.reveal_pending()
    opened = trade.prepare()
    assert isinstance(opened, Prepared)
    trade.execute(opened)
    world.clock.sleep(CLOCK_SKEW_S)
    trade.paid(**world.pay())  # type: ignore[arg-type]
    return trade


def test_a_release_is_for_the_transfer_that_the_seller_has_seen(world: TradeWorld) -> None:
    """A buyer who reports a made-up transfer could have the real one settle another order, after the seller's word."""
    trade = paid(world)
    seller = world.seller_client()
    (order,) = seller.orders()
    false_report = order_processor.report_payment(
        buyer=world.farzan.pubkey(),
        order=order.address,
        processor_authority=order_processor.authority_address(),
        nf=(31337).to_bytes(32, "big"),
    )
    world.accepted(false_report, signers=[world.farzan])
    with pytest.raises(ReportedTransferMismatchError):
        seller.release(order.address, txid="12345678901", seen_minor_units=DUE)
    assert seller.orders()[0].status is OrderStatus.AWAITING_PAYMENT
    for step in ("attest_receipt", "prove_payment", "finalize_trade"):
        prepared = trade.prepare()
        assert isinstance(prepared, Prepared)
        assert prepared.step == step
        trade.execute(prepared)
    assert seller.orders()[0].status is OrderStatus.SETTLED


def test_a_release_is_for_all_that_is_due_and_the_right_id(world: TradeWorld) -> None:
    trade = paid(world)
    report = trade.prepare()
    assert isinstance(report, Prepared)
    trade.execute(report)
    seller = world.seller_client()
    (order,) = seller.orders()
    with pytest.raises(PaymentSeenTooSmallError):
        seller.release(order.address, txid="12345678901", seen_minor_units=DUE - 1)
    with pytest.raises(ReportedTransferMismatchError):
        seller.release(order.address, txid="12345678902", seen_minor_units=DUE)
    with pytest.raises(PayeeUnknownError):
        world.seller_client(identity=Identity(1, ())).prepare_release(
            order.address, txid="12345678901", seen_minor_units=DUE
        )
    # As it is typed elsewhere: the canonical id has no zeros before it.
    seller.release(order.address, txid="0012345678901", seen_minor_units=DUE)
    assert seller.orders()[0].status is OrderStatus.SETTLED


def test_an_order_that_cannot_be_revealed_does_not_hold_up_the_others(world: TradeWorld) -> None:
    seller = world.seller_client()
    seller.place_ask(world.ask_terms())
    for _ in range(3):
        matched(world, base_atoms=BASE_ATOMS // 10, min_fill_atoms=1)
    first, second, third = seller.orders()
    world.edit(MatchedOrder, first.address, reveal_key=bytes(32))
    with pytest.raises(RevealsRefusedError, match=str(first.address)) as refusal:
        seller.reveal_pending()
    assert refusal.value.revealed == (second.address, third.address)
    assert {order: type(error) for order, error in refusal.value.refused.items()} == {
        first.address: RevealKeyUnusableError
    }
    assert [view.address for view in seller.orders(OrderStatus.PENDING)] == [first.address]


def test_what_is_left_comes_back_to_the_seller(world: TradeWorld) -> None:
    seller = world.seller_client()
    ask = seller.place_ask(world.ask_terms()).address
    matched(world, base_atoms=BASE_ATOMS // 2, min_fill_atoms=1)
    seller.cancel(ask)
    seller.withdraw(ask)
    assert world.tokens(world.ali.pubkey()) == BASE_ATOMS // 2
    world.clock.sleep(1801)
    world.settler().expire(seller.orders()[0].address)
    seller.withdraw(ask)
    assert world.tokens(world.ali.pubkey()) == BASE_ATOMS
    assert world.read(Ask, ask).withdrawn_atoms == BASE_ATOMS


def test_anyone_expires_and_collects_but_not_early(world: TradeWorld) -> None:
    seller = world.seller_client()
    seller.place_ask(world.ask_terms())
    trade = matched(world)
    (order,) = seller.orders()
    with pytest.raises(DeadlineNotReachedError):
        world.settler().expire(order.address)
    with pytest.raises(AccountMissingError):
        world.settler().expire(world.order_address(9))
    seller.reveal_pending()
    for _ in range(2):
        step = trade.prepare()
        if isinstance(step, Prepared):
            trade.execute(step)
    world.clock.sleep(120)
    trade.paid(**world.pay())  # type: ignore[arg-type]
    trade.run()
    world.settler().collect_fees(order.order.ask)
    assert world.tokens(world.treasury.pubkey()) == FEE
    assert seller.orders()[0].order.paid_floor_minor_units == DUE


def test_asks_under_old_terms_are_not_matched_by_the_client_either(world: TradeWorld) -> None:
    world.seller_client().place_ask(world.ask_terms())
    world.publish_terms(TermsArgs(version=2))
    with pytest.raises(NoMatchError):
        world.buyer().open(world.bid()).prepare()


def test_reveal_keys_of_orders_are_the_buyers_own(world: TradeWorld) -> None:
    seller = world.seller_client()
    seller.place_ask(world.ask_terms())
    matched(world)
    (order,) = seller.orders()
    line_id = FARZAN.line_id(RAIL, FARZAN_ACCOUNT, world.deployment)
    expected = FARZAN.reveal_private_key(world.deployment, line_id, 0)
    assert order.order.reveal_key == bytes(expected.public_key)
