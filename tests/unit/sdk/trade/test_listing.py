"""Asks under new terms, back in the book, or taken out of it; and where a full book makes room."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solders.account import Account
from solders.pubkey import Pubkey

from anomi_core.spec import ACCEPT_TERMS_GRACE_S
from anomi_sdk.bench_cu.books import slab
from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import AskAlreadyListedError, BookFullError, TermsAlreadyAcceptedError
from anomi_sdk.trade.book import BookCorruptError, last_of_full_book, read_book
from anomi_sdk.trade.listing import AskAliveError
from anomi_sdk.trade.seller import AskView
from tests.programs.market import steps
from tests.programs.market.world import BASE_ATOMS, EXPIRY_UNIX_S, PRICE, TermsArgs
from tests.unit.sdk.trade.trade_world import TradeWorld


@pytest.fixture
def ask(world: TradeWorld) -> AskView:
    """Ali's ask, in the book."""
    return world.seller_client().place_ask(world.ask_terms())


def relist(world: TradeWorld, ask: AskView, price: int = PRICE) -> None:
    world.seller_client().relist(
        ask.address, price=price, min_fill_atoms=ask.ask.min_fill_atoms, expiry_unix_s=EXPIRY_UNIX_S
    )


def test_an_ask_moves_to_the_current_terms(world: TradeWorld, ask: AskView) -> None:
    seller = world.seller_client()
    with pytest.raises(TermsAlreadyAcceptedError):
        seller.accept_terms(ask.address)
    world.publish_terms(TermsArgs(version=2))
    seller.accept_terms(ask.address)
    assert seller.asks()[0].ask == replace(ask.ask, terms_version=2)


def test_a_cancelled_ask_is_listed_again(world: TradeWorld, ask: AskView) -> None:
    with pytest.raises(AskAlreadyListedError):
        relist(world, ask)
    world.seller_client().cancel(ask.address)
    world.publish_terms(TermsArgs(version=2))
    relist(world, ask, PRICE + 1)
    (leaf,) = world.leaves()
    assert (leaf.price, leaf.value.open_atoms, leaf.value.terms_version) == (PRICE + 1, BASE_ATOMS, 2)


def test_a_dead_ask_is_pruned_by_anyone(world: TradeWorld, ask: AskView) -> None:
    settler = world.settler()
    with pytest.raises(AskAliveError):
        settler.prune(ask.address)
    world.publish_terms(TermsArgs(version=2))
    world.publish_terms(TermsArgs(version=3))
    world.clock.sleep(ACCEPT_TERMS_GRACE_S - 1)
    with pytest.raises(AskAliveError):
        settler.prune(ask.address)
    world.clock.sleep(1)
    settler.prune(ask.address)
    assert (world.leaves(), world.ask().returned_atoms) == ([], BASE_ATOMS)


def test_an_expired_ask_is_pruned(world: TradeWorld, ask: AskView) -> None:
    world.svm.set_unix_time(EXPIRY_UNIX_S)
    world.settler().prune(ask.address)
    assert world.leaves() == []


def test_an_ask_under_revoked_terms_waits_while_they_are_the_current_ones(world: TradeWorld, ask: AskView) -> None:
    world.accepted(steps.revoke(world), signers=[world.governor])
    with pytest.raises(AskAliveError):
        world.settler().prune(ask.address)
    world.publish_terms(TermsArgs(version=2))
    world.settler().prune(ask.address)
    assert world.leaves() == []


@pytest.mark.parametrize("relists", [False, True])
def test_a_full_book_makes_room_for_a_better_price(world: TradeWorld, ask: AskView, relists: bool) -> None:
    seller = world.seller_client()
    world.fund(world.place.mint, world.ali.pubkey(), BASE_ATOMS)
    second = None
    if relists:
        second = seller.place_ask(world.ask_terms(client_nonce=2))
        seller.cancel(second.address)
    (own,) = world.leaves()
    other = market.BookLeaf(Pubkey.default(), Pubkey.default(), 1, 1, bytes(32), 1, EXPIRY_UNIX_S).put("")
    places = [(index + 1, 1, other) for index in range(market.BOOK_LEAVES_MAX - 1)]
    places.append((own.price, own.sequence, own.value.put("")))
    book = replace(world.read(market.Book, world.place.book), slab=slab(places))
    last = last_of_full_book(book.slab)
    assert last is not None
    assert (last.ask, last) == (ask.address, read_book(book.slab)[-1])
    data = book.encode()
    account = Account(world.svm.minimum_balance_lamports(len(data)), data, market.PROGRAM_ID)
    world.svm.set_account(world.place.book, account)

    def list_at(price: int) -> None:
        if second is not None:
            relist(world, second, price)
        else:
            seller.place_ask(world.ask_terms(client_nonce=2, price=price))

    with pytest.raises(BookFullError):
        list_at(PRICE)
    list_at(PRICE - 1)
    first, new = seller.asks()
    assert (first.ask.listed, first.ask.returned_atoms, new.ask.listed) == (False, BASE_ATOMS, True)


def test_a_book_with_room_gives_no_place_up() -> None:
    payload = bytes(market.BOOK_LEAF_BYTES)
    for count in (0, 1, market.BOOK_LEAVES_MAX - 1):
        assert last_of_full_book(slab([(index + 1, 1, payload) for index in range(count)])) is None
    with pytest.raises(BookCorruptError):
        last_of_full_book(b"")
