"""A book that is full and cannot grow: a better price takes the place of the last ask, whose tokens are returned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from solders.account import Account
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.bench_cu.books import BOOK_BYTES_MAX, slab
from anomi_sdk.events import events_of
from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import (
    AccountNotWritableError,
    AskInvalidError,
    BookCorruptError,
    BookFullError,
    EvictedAskMismatchError,
)
from anomi_sdk.program_errors import TransactionRefusedError
from tests.programs.market import steps
from tests.programs.market.world import BASE_ATOMS, PRICE, AskArgs, MarketWorld, conserved
from tests.programs.world import UNIX_TIME_S, with_account

STRANGER = Pubkey.from_bytes(bytes([9] * 32))
NAMES = ("place_ask_order", "relist_ask")


@dataclass(frozen=True)
class Full:
    """A full book whose last ask is `last`, and what lists another one at a price."""

    world: MarketWorld
    last: Pubkey
    last_seller: Keypair
    ask: Pubkey
    seller: Keypair
    list_at: Callable[[int, Pubkey], Instruction]

    def refuse(self, instruction: Instruction, code: type[TransactionRefusedError]) -> None:
        self.world.refused(instruction, signers=[self.seller], code=code)


def full(
    world: MarketWorld, name: str, leaves: int = market.BOOK_LEAVES_MAX, capacity: int = market.BOOK_LEAVES_MAX
) -> Full:
    """All but the last ask are leaves that nobody placed, at lower prices."""
    seller, last_seller = world.seller(), world.seller()
    last = world.place_ask(last_seller)
    if name == "relist_ask":
        ask = world.place_ask(seller)
        world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    ask = world.place.ask(seller.pubkey())
    (own,) = world.leaves()
    other = market.BookLeaf(Pubkey.default(), Pubkey.default(), 1, 1, bytes(32), 1, UNIX_TIME_S + 9).put("")
    places = [(index + 1, 1, other) for index in range(leaves - 1)]
    places.append((own.price, own.sequence, own.value.put("")))
    book = replace(world.read(market.Book, world.place.book), slab=slab(places, capacity))
    data = book.encode()
    lamports = world.svm.minimum_balance_lamports(len(data))
    world.svm.set_account(world.place.book, Account(lamports, data, market.PROGRAM_ID))

    def list_at(price: int, evicted: Pubkey) -> Instruction:
        if name == "relist_ask":
            return steps.relist(world, seller.pubkey(), ask, steps.RelistArgs(price=price), evicted)
        return world.ask_instruction(seller.pubkey(), AskArgs(price=price), evicted=evicted)

    return Full(world, last, last_seller, ask, seller, list_at)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("price", [1, PRICE - 1])
def test_a_better_price_takes_the_place_of_the_last_ask(world: MarketWorld, name: str, price: int) -> None:
    book = full(world, name)
    assert len(book_bytes(world)) == BOOK_BYTES_MAX
    before, leaves = world.read(market.Ask, book.last), world.leaves()
    outcome = world.accepted(book.list_at(price, book.last), signers=[book.seller])
    assert outcome.compute_units <= {"place_ask_order": 24_000, "relist_ask": 5_000}[name]
    after = world.read(market.Ask, book.last)
    assert after == replace(before, listed=False, returned_atoms=BASE_ATOMS)
    assert conserved(after, 0)
    evicted, listed = events_of(outcome)
    assert evicted == market.AskEvicted(book.last, BASE_ATOMS, book.ask)
    assert isinstance(listed, market.AskPlaced if name == "place_ask_order" else market.AskRelisted)
    now = world.leaves()
    assert len(now) == market.BOOK_LEAVES_MAX
    (new,) = [leaf for leaf in now if leaf.value.ask == book.ask]
    assert (new.price, [leaf for leaf in now if leaf != new]) == (price, leaves[:-1])
    assert world.read(market.Ask, book.ask).sequence == new.sequence
    # What was evicted is its seller's: to withdraw, or to list at a better price.
    world.accepted(world.withdraw_instruction(book.last_seller.pubkey(), book.last), signers=[book.last_seller])


@pytest.mark.parametrize("name", NAMES)
def test_who_does_not_ask_less_evicts_nobody(world: MarketWorld, name: str) -> None:
    book = full(world, name)
    for price in (PRICE, PRICE + 1, 10**9):
        for evicted in (book.last, book.ask):
            book.refuse(book.list_at(price, evicted), BookFullError)
    world.accepted(book.list_at(PRICE - 1, book.last), signers=[book.seller])


@pytest.mark.parametrize("name", NAMES)
def test_only_the_last_ask_is_evicted(world: MarketWorld, name: str) -> None:
    book = full(world, name)
    for other in (book.ask, STRANGER, world.place.market, world.place.book, book.seller.pubkey()):
        book.refuse(book.list_at(1, other), EvictedAskMismatchError)
    world.accepted(book.list_at(1, book.last), signers=[book.seller])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("missing", [1, 2])
def test_nobody_is_evicted_while_there_is_room(world: MarketWorld, name: str, missing: int) -> None:
    book = full(world, name, market.BOOK_LEAVES_MAX - missing)
    for other in (book.last, STRANGER):
        book.refuse(book.list_at(1, other), EvictedAskMismatchError)
    world.accepted(book.list_at(1, book.ask), signers=[book.seller])
    assert world.read(market.Ask, book.last).listed


@pytest.mark.parametrize("name", NAMES)
def test_a_full_book_that_can_grow_evicts_nobody(world: MarketWorld, name: str) -> None:
    capacity = 60
    book = full(world, name, capacity, capacity)
    book.refuse(book.list_at(1, book.last), EvictedAskMismatchError)
    book.refuse(book.list_at(1, book.ask), BookFullError)
    grow = market.grow_book(payer=world.authority.pubkey(), book=world.place.book)
    world.accepted(grow)
    world.accepted(book.list_at(1, book.ask), signers=[book.seller])
    assert len(world.leaves()) == capacity + 1


@pytest.mark.parametrize("name", NAMES)
def test_every_account_that_changes_is_writable(world: MarketWorld, name: str) -> None:
    """Where the evicted ask is another than the new one, so that each flag counts."""
    book = full(world, name)
    instruction = book.list_at(1, book.last)
    (spec,) = (spec for spec in market.INSTRUCTIONS if spec.name == name)
    for index, account in enumerate(spec.accounts):
        if account.writable and not account.signer:
            book.refuse(with_account(instruction, index, is_writable=False), AccountNotWritableError)
    world.accepted(instruction, signers=[book.seller])


def test_an_ask_of_the_same_seller_makes_room_too(world: MarketWorld) -> None:
    book = full(world, "place_ask_order")
    world.fund(world.place.mint, book.last_seller.pubkey(), BASE_ATOMS)
    args = AskArgs(client_nonce=2, price=1)
    instruction = world.ask_instruction(book.last_seller.pubkey(), args, evicted=book.last)
    world.accepted(instruction, signers=[book.last_seller])
    assert not world.read(market.Ask, book.last).listed


def test_orders_of_an_evicted_ask_go_on(world: MarketWorld) -> None:
    book = full(world, "place_ask_order")
    world.edit(market.Ask, book.last, locked_atoms=30, live_orders=1, fee_owed_atoms=7)
    world.accepted(book.list_at(1, book.last), signers=[book.seller])
    after = world.read(market.Ask, book.last)
    assert (after.locked_atoms, after.live_orders, after.fee_owed_atoms) == (30, 1, 7)


def test_books_and_asks_that_no_program_writes(world: MarketWorld) -> None:
    """An ask that is another than its leaf says, or no ask at all: refused, and nothing is lost."""
    book = full(world, "place_ask_order")
    sequence = world.read(market.Ask, book.last).sequence
    world.edit(market.Ask, book.last, sequence=sequence + 1)
    book.refuse(book.list_at(1, book.last), BookCorruptError)
    world.edit(market.Ask, book.last, sequence=sequence)
    true = world.account(book.last)
    assert true is not None
    for data, owner in ((bytes(true.data), STRANGER), (bytes(8) + bytes(true.data)[8:], true.owner), (b"", true.owner)):
        world.svm.set_account(book.last, Account(true.lamports, data, owner))
        book.refuse(book.list_at(1, book.last), AskInvalidError)
    world.svm.set_account(book.last, true)
    world.accepted(book.list_at(1, book.last), signers=[book.seller])


def book_bytes(world: MarketWorld) -> bytes:
    account = world.account(world.place.book)
    assert account is not None
    return bytes(account.data)
