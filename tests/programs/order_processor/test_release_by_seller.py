"""release_by_seller: the seller's word for a reported payment, in full."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solders.account import Account
from solders.pubkey import Pubkey

from anomi_sdk.events import events_of
from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.generated import order_processor_errors as errors
from anomi_sdk.trade.tokens import associated_token_address
from tests.programs.market.bid.world import DUE, BidArgs, line_id
from tests.programs.market.world import BASE_ATOMS, FEE_BPS
from tests.programs.order_processor.world import (
    ASK,
    AWAITING,
    BID,
    CONFIRMED,
    PROVE_BY,
    SETTLED,
    TRANSFER,
    Payment,
    TradeWorld,
    nf,
)
from tests.programs.world import UNIX_TIME_S, with_account

FEE_ATOMS = BASE_ATOMS * FEE_BPS // 10_000


def test_the_seller_releases_all_of_it(world: TradeWorld) -> None:
    order = world.reported()
    before = world.order(order)
    outcome = world.accepted(world.seller_release_instruction(order), signers=[world.seller_of(order)])
    assert world.order(order) == replace(
        before,
        status=SETTLED,
        resolved_at_unix_s=UNIX_TIME_S,
        paid_floor_minor_units=DUE,
        released_atoms=BASE_ATOMS,
        nf=TRANSFER,
    )
    assert world.word(TRANSFER) == order_processor.SellerWord(nf=TRANSFER, order=order)
    assert world.account(order_processor.nullifier_address(TRANSFER)) is None
    assert events_of(outcome) == (
        order_store.StatusUpdated(order=order, from_status=AWAITING, to_status=CONFIRMED),
        market.FundsReleased(
            order=order, ask=before.ask, buyer_atoms=BASE_ATOMS - FEE_ATOMS, fee_atoms=FEE_ATOMS, returned_atoms=0
        ),
        order_store.StatusUpdated(order=order, from_status=CONFIRMED, to_status=SETTLED),
        order_processor.TradeReleased(order=order, nf=TRANSFER, released_atoms=BASE_ATOMS),
    )
    assert world.balance(associated_token_address(world.buyer.pubkey(), world.place.mint)) == BASE_ATOMS - FEE_ATOMS
    line = world.read(market.SolvencyLine, market.line_address(before.line_id))
    assert (line.reserved_minor_units, line.strikes) == (0, 0)


def test_only_the_seller_releases(world: TradeWorld) -> None:
    order = world.reported()
    for other in (world.user(), world.buyer):
        call = with_account(world.seller_release_instruction(order), 0, pubkey=other.pubkey())
        world.refused(call, signers=[other], code=errors.SellerMismatchError)


def test_the_asks_delegate_reveals_and_does_not_release(world: TradeWorld) -> None:
    delegate = world.user()
    order = world.revealed(replace(ASK, reveal_delegate=delegate.pubkey()))
    world.accepted(world.report_instruction(order, TRANSFER), signers=[world.buyer])
    call = with_account(world.seller_release_instruction(order), 0, pubkey=delegate.pubkey())
    world.refused(call, signers=[delegate], code=errors.SellerMismatchError)


def test_the_payment_is_the_reported_one(world: TradeWorld) -> None:
    order = world.revealed()
    seller = world.seller_of(order)
    for transfer in (bytes(32), TRANSFER):
        call = world.seller_release_instruction(order, transfer)
        world.refused(call, signers=[seller], code=errors.PaymentNotReportedError)
    world.accepted(world.report_instruction(order, TRANSFER), signers=[world.buyer])
    for transfer in (bytes(32), nf("another transfer"), TRANSFER[:-1] + bytes([TRANSFER[-1] ^ 1])):
        call = world.seller_release_instruction(order, transfer)
        world.refused(call, signers=[seller], code=errors.PaymentNotReportedError)
    world.accepted(world.seller_release_instruction(order), signers=[seller])


def test_a_released_transfer_proves_no_other_order(world: TradeWorld) -> None:
    first, second = world.reported(), world.revealed()
    world.accepted(world.seller_release_instruction(first), signers=[world.seller_of(first)])
    world.refused(world.finalize_instruction(second), code=errors.NullifierAlreadySpentError)


def test_a_proven_transfer_is_released_for_no_other_order(world: TradeWorld) -> None:
    first, second = world.revealed(), world.reported()
    world.finalized(first)
    call = world.seller_release_instruction(second)
    world.refused(call, signers=[world.seller_of(second)], code=errors.NullifierAlreadySpentError)


def test_a_sellers_word_spends_no_other_lines_transfer(world: TradeWorld) -> None:
    """A seller who has the money cannot use up the buyer's proof by an order of his own making."""
    honest, seller = world.buyer, world.seller(2 * BASE_ATOMS)
    ask = world.place_ask(seller, ASK)
    world.buyer_token()
    order = world.place_bid(ask)
    world.accepted(world.reveal_instruction(order), signers=[seller])

    world.buyer = world.user()
    world.buyer_token()
    accomplice = BidArgs(line_id=line_id("of an accomplice"), base_atoms=BASE_ATOMS)
    sham = world.place_bid(world.place_ask(seller, replace(ASK, client_nonce=2)), accomplice)
    world.accepted(world.reveal_instruction(sham), signers=[seller])
    world.accepted(world.report_instruction(sham, TRANSFER), signers=[world.buyer])
    world.accepted(world.seller_release_instruction(sham), signers=[seller])

    world.buyer = honest
    world.finalized(order)
    assert (world.status(order), world.status(sham)) == (SETTLED, SETTLED)


def test_a_proof_leaves_no_seller_a_word_about_the_transfer(world: TradeWorld) -> None:
    """On any line: an accomplice cannot have the same transfer released once more."""
    first = world.revealed()
    second = world.revealed(bid=BidArgs(line_id=line_id("of an accomplice")))
    world.accepted(world.report_instruction(second, TRANSFER), signers=[world.buyer])
    call = world.seller_release_instruction(second)
    world.finalized(first)
    world.refused(call, signers=[world.seller_of(second)], code=errors.NullifierAlreadySpentError)


def test_a_transfer_is_released_once(world: TradeWorld) -> None:
    first, second = world.reported(), world.reported()
    world.accepted(world.seller_release_instruction(first), signers=[world.seller_of(first)])
    call = world.seller_release_instruction(second)
    world.refused(call, signers=[world.seller_of(second)], code=errors.NullifierAlreadySpentError)


@pytest.mark.parametrize("lamports", [1, 10**9])
def test_lamports_at_the_words_address_do_not_block_it(world: TradeWorld, lamports: int) -> None:
    order = world.reported()
    world.svm.set_account(order_processor.word_address(BID.line_id, TRANSFER), Account(lamports, b"", Pubkey.default()))
    world.accepted(world.seller_release_instruction(order), signers=[world.seller_of(order)])
    assert world.word(TRANSFER).order == order


def test_an_order_is_released_once(world: TradeWorld) -> None:
    order = world.reported()
    seller = world.seller_of(order)
    world.accepted(world.seller_release_instruction(order), signers=[seller])
    world.refused(world.seller_release_instruction(order), signers=[seller], code=errors.OrderStatusMismatchError)
    world.refused(world.finalize_instruction(order, Payment(nf=nf("x"))), code=errors.OrderStatusMismatchError)


def test_two_releases_in_one_transaction_are_refused_whole(world: TradeWorld) -> None:
    order = world.reported()
    call = world.seller_release_instruction(order)
    world.refused(call, call, signers=[world.seller_of(order)], code=errors.OrderStatusMismatchError)
    assert world.status(order) == AWAITING


@pytest.mark.parametrize("now", [PROVE_BY, PROVE_BY + 1, PROVE_BY + 365 * 86_400])
def test_no_deadline_stops_a_seller_until_the_order_has_expired(world: TradeWorld, now: int) -> None:
    order = world.reported()
    world.svm.set_unix_time(now)
    world.accepted(world.seller_release_instruction(order), signers=[world.seller_of(order)])
    assert world.status(order) == SETTLED


def test_neither_revoked_terms_nor_a_pause_stop_a_seller(world: TradeWorld) -> None:
    order = world.reported()
    world.edit(market.Terms, world.place.terms(), revoked_at_unix_s=UNIX_TIME_S)
    world.edit(market.Market, world.place.market, paused=True)
    world.accepted(world.seller_release_instruction(order), signers=[world.seller_of(order)])
    assert world.status(order) == SETTLED
