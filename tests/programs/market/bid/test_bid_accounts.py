"""Accounts of a bid, each replaced by another: forged, of the wrong kind, or of another market, ask, line or buyer."""

from __future__ import annotations

import pytest
from solders.account import Account
from solders.pubkey import Pubkey

from anomi_sdk.generated import market, order_store
from anomi_sdk.generated.market_errors import (
    AskInvalidError,
    AskOfAnotherMarketError,
    BookAddressMismatchError,
    BookCorruptError,
    BookInvalidError,
    LineAddressMismatchError,
    LineInvalidError,
    MarketInvalidError,
    MatchedAskMismatchError,
    SolvencyKeyMismatchError,
    TermsInvalidError,
    TermsOfAnotherMarketError,
    TermsVersionMismatchError,
)
from anomi_sdk.generated.order_store_errors import OrderAddressMismatchError, OrderAlreadyExistsError
from tests.programs.market.bid.ready import ARGS, READY, Ready, first_bid, later_bid
from tests.programs.market.bid.world import ASK, BidWorld, line_id
from tests.programs.market.world import AskArgs, TermsArgs
from tests.programs.world import with_account

STRANGER = Pubkey.from_bytes(bytes([9] * 32))
OWN = {
    "market": MarketInvalidError,
    "terms": TermsInvalidError,
    "ask": AskInvalidError,
}
BIDS = ("first_bid", "later_bid")


def copy_of(world: BidWorld, address: Pubkey, *, owner: Pubkey, to: Pubkey | None = None) -> Pubkey:
    """The same account, byte for byte, owned by another program, at another address."""
    account = world.account(address)
    assert account is not None
    to = to or Pubkey.find_program_address([b"forged", bytes(address)], STRANGER)[0]
    world.svm.set_account(to, Account(account.lamports, account.data, owner))
    return to


def set_data(world: BidWorld, address: Pubkey, data: bytes) -> None:
    account = world.account(address)
    assert account is not None
    world.svm.set_account(address, Account(account.lamports, data, account.owner))


@pytest.mark.parametrize("account", OWN)
@pytest.mark.parametrize("bid", BIDS)
def test_forged_and_foreign_accounts(world: BidWorld, bid: str, account: str) -> None:
    ready = READY[bid](world)
    address = ready.address(account)
    forged = [copy_of(world, address, owner=owner) for owner in (STRANGER, order_store.PROGRAM_ID, Pubkey.default())]
    kinds = {"market", "terms", "ask", "book", "solvency_key", "buyer"} - {account}
    for other in (*forged, STRANGER, *(ready.address(kind) for kind in kinds), market.config_address()):
        world.refused_unsigned(ready.with_(account, other), OWN[account])
    world.accepted_unsigned(ready.instruction)


@pytest.mark.parametrize("account", [*OWN, "book", "line"])
def test_an_account_of_ours_with_another_kinds_tag_or_length(world: BidWorld, account: str) -> None:
    ready = later_bid(world)
    error = {**OWN, "book": BookInvalidError, "line": LineInvalidError}[account]
    address = ready.address(account)
    found = world.account(address)
    assert found is not None
    data = bytes(found.data)
    lengths = (0, 7, 8, 47) if account == "book" else (0, 7, 8, len(data) - 1, len(data) + 1)
    for spoilt in (bytes(8) + data[8:], *((data + b"\0")[:length] for length in lengths)):
        set_data(world, address, spoilt)
        world.refused_unsigned(ready.instruction, error)
    set_data(world, address, data)
    world.accepted_unsigned(ready.instruction)


def test_another_market(world: BidWorld) -> None:
    ready = first_bid(world)
    other = world.open_market(decimals=6)
    world.refused_unsigned(ready.with_("market", other.market), TermsOfAnotherMarketError)
    world.refused_unsigned(ready.with_("terms", other.terms()), TermsOfAnotherMarketError)
    world.refused_unsigned(ready.with_("book", other.book), BookAddressMismatchError)
    foreign = world.ask(place=other)
    world.refused_unsigned(ready.with_("ask", foreign), AskOfAnotherMarketError)
    world.accepted_unsigned(ready.instruction)


def test_another_book(world: BidWorld) -> None:
    ready = first_bid(world)
    address = ready.address("book")
    for other in (copy_of(world, address, owner=market.PROGRAM_ID), STRANGER, ready.address("ask")):
        world.refused_unsigned(ready.with_("book", other), BookAddressMismatchError)
    true = world.account(address)
    assert true is not None
    copy_of(world, address, owner=STRANGER, to=address)
    world.refused_unsigned(ready.instruction, BookInvalidError)
    world.svm.set_account(address, true)
    world.accepted_unsigned(ready.instruction)


@pytest.mark.parametrize("root", [9, 2**32 - 1])
def test_a_book_that_contradicts_itself(world: BidWorld, root: int) -> None:
    ready = first_bid(world)
    book = world.read(market.Book, ready.address("book"))
    slab = root.to_bytes(4, "little") + book.slab[4:]
    world.edit(market.Book, ready.address("book"), slab=slab)
    world.refused_unsigned(ready.instruction, BookCorruptError)


def test_a_leaf_whose_ask_was_forgotten(world: BidWorld) -> None:
    """A book that counts a leaf and has none is refused, not taken for an empty one."""
    ready = first_bid(world)
    book = world.read(market.Book, ready.address("book"))
    world.edit(market.Book, ready.address("book"), slab=bytes(4) + book.slab[4:])
    world.refused_unsigned(ready.instruction, BookCorruptError)


def test_another_ask(world: BidWorld) -> None:
    """Of the same price but later, dearer, cancelled or sold out: the best one is the only one."""
    ready = first_bid(world)
    seller = world.seller()
    cancelled = world.place_ask(seller)
    world.accepted(world.cancel_instruction(seller.pubkey(), cancelled), signers=[seller])
    for other in (world.ask(), world.ask(AskArgs(price=ASK.price + 1)), cancelled):
        world.refused_unsigned(ready.with_("ask", other), MatchedAskMismatchError)
    world.accepted_unsigned(ready.instruction)


def test_other_terms(world: BidWorld) -> None:
    ready = first_bid(world)
    world.publish_terms(TermsArgs(version=2))
    world.refused_unsigned(ready.instruction, TermsVersionMismatchError)
    world.edit(market.Market, world.place.market, terms_version=1)
    world.refused_unsigned(ready.with_("terms", world.place.terms(2)), TermsVersionMismatchError)
    world.accepted_unsigned(ready.instruction)


def test_another_solvency_key(world: BidWorld) -> None:
    ready = first_bid(world)
    key = ready.address("solvency_key")
    for other in (
        world.stored_key("payment"),
        world.stored_key("foreign"),
        copy_of(world, key, owner=STRANGER),
        STRANGER,
        ready.address("market"),
    ):
        world.refused_unsigned(ready.with_("solvency_key", other), SolvencyKeyMismatchError)
    world.accepted_unsigned(ready.instruction)


def other_bump(seeds: list[bytes], program: Pubkey, canonical: Pubkey) -> Pubkey:
    """A valid address of the same seeds whose bump is not the largest that gives one."""
    for bump in reversed(range(256)):
        try:
            address = Pubkey.create_program_address([*seeds, bytes([bump])], program)
        except Exception as error:
            assert type(error).__name__ == "PubkeyError"  # solders gives the class no name to import it by.
            continue
        if address != canonical:
            return address
    raise AssertionError("there is one address only")


def test_another_line(world: BidWorld) -> None:
    ready = first_bid(world)
    line = ready.address("line")
    elsewhere = other_bump([b"line", ARGS.line_id], market.PROGRAM_ID, line)
    for other in (
        elsewhere,
        market.line_address(line_id("another")),
        STRANGER,
        ready.address("order"),
        ready.address("buyer"),
    ):
        world.refused_unsigned(ready.with_("line", other), LineAddressMismatchError)
    for kind in ("terms", "ask"):
        writable = with_account(ready.instruction, ready.index("terms"), is_writable=True)
        world.refused_unsigned(Ready(writable).with_("line", ready.address(kind)), LineInvalidError)
    world.accepted_unsigned(ready.instruction)


def test_another_lines_account(world: BidWorld) -> None:
    """A rich history, or none, cannot be borrowed from another line, nor from a copy that another program owns."""
    ready = later_bid(world)
    line = ready.address("line")
    fresh = world.edit(market.SolvencyLine, line, cooldown_until_unix_s=0)
    other = market.line_address(line_id("another"))
    account = world.account(line)
    assert account is not None
    world.svm.set_account(other, Account(account.lamports, fresh.encode(), market.PROGRAM_ID))
    world.edit(market.SolvencyLine, other, line_id=line_id("another"), reserved_minor_units=0)
    world.refused_unsigned(ready.with_("line", other), LineAddressMismatchError)
    for owner in (STRANGER, Pubkey.default(), order_store.PROGRAM_ID):
        forged = copy_of(world, line, owner=owner)
        world.refused_unsigned(ready.with_("line", forged), LineAddressMismatchError)
    world.accepted_unsigned(ready.instruction)


def test_another_orders_address(world: BidWorld) -> None:
    ready = later_bid(world)
    seeds = [b"order", bytes(world.place.market), ARGS.line_id, (1).to_bytes(8, "little")]
    for other in (
        other_bump(seeds, order_store.PROGRAM_ID, ready.address("order")),
        order_store.order_address(world.place.market, ARGS.line_id, 0),
        order_store.order_address(world.place.market, ARGS.line_id, 2),
        order_store.order_address(world.place.market, line_id("another"), 1),
        order_store.order_address(STRANGER, ARGS.line_id, 1),
        STRANGER,
        ready.address("line"),
        ready.address("payer"),
    ):
        world.refused_unsigned(ready.with_("order", other), OrderAddressMismatchError)
    world.accepted_unsigned(ready.instruction)


def test_an_order_that_exists_is_never_written_again(world: BidWorld) -> None:
    """A line that has lost its count, which no program makes, still does not overwrite a record."""
    first = world.place_bid(world.ask(), ARGS)
    world.edit(market.SolvencyLine, market.line_address(ARGS.line_id), seq=0)
    ask = world.order(first).ask
    world.refused_unsigned(world.bid_instruction(ask, ARGS), OrderAlreadyExistsError)
