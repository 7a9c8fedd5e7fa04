"""The book reader, over slabs that a program wrote and over slabs that none could write."""

from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from solders.pubkey import Pubkey

from anomi_sdk.generated.market import BOOK_LEAVES_MAX, Book, BookLeaf
from anomi_sdk.trade.book import BestMatch, BookCorruptError, NoMatchError, OpenAsk, best_match, read_book
from anomi_sdk.trade.markets import DomainMismatchError, read_asks, read_market
from tests.programs.market.world import BASE_ATOMS, MIN_FILL_ATOMS, PRICE, AskArgs
from tests.unit.sdk.trade.trade_world import TradeWorld

NODE_BYTES = 149
SELLER, BUYER = Pubkey.from_bytes(b"\1" * 32), Pubkey.from_bytes(b"\2" * 32)
NOW = 1_000


def leaf(number: int) -> bytes:
    value = BookLeaf(
        ask=Pubkey.from_bytes(bytes([number]) * 32),
        seller=SELLER,
        open_atoms=number,
        min_fill_atoms=1,
        payee_commit=bytes(32),
        terms_version=1,
        expiry_unix_s=NOW + 1,
    )
    return value.put("")


def slab(
    root: int, *nodes: tuple[int, int, int, int, int], used: int | None = None, leaves: int | None = None
) -> bytes:
    """A book of nodes (price, sequence, left, right, height), with room for no more."""
    count = len(nodes)
    header = struct.pack("<4I", root, 0, count if used is None else used, count if leaves is None else leaves)
    return header + b"".join(struct.pack("<QQIIB", *node) + leaf(at) for at, node in enumerate(nodes, start=1))


def test_a_book_is_read_in_price_time_order() -> None:
    asks = read_book(slab(2, (5, 9, 0, 0, 1), (7, 1, 1, 3, 2), (7, 2, 0, 0, 1)))
    assert [(ask.price, ask.sequence, ask.open_atoms) for ask in asks] == [(5, 9, 1), (7, 1, 2), (7, 2, 3)]
    assert asks[0].ask == Pubkey.from_bytes(b"\1" * 32)
    assert (asks[0].seller, asks[0].terms_version, asks[0].expiry_unix_s) == (SELLER, 1, NOW + 1)


def test_empty_books_are_empty() -> None:
    assert read_book(bytes(16)) == ()
    assert read_book(bytes(16 + 3 * NODE_BYTES + 7)) == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(15),
        slab(1, (1, 1, 0, 0, 1), used=2),
        slab(1, (1, 1, 0, 0, 1), leaves=2),
        slab(1, (1, 1, 0, 0, 1), leaves=0),
        slab(0, (1, 1, 0, 0, 1)),
        slab(2, (1, 1, 0, 0, 1)),
        slab(2**32 - 1, (1, 1, 0, 0, 1)),
        slab(1, (1, 1, 0, 0, 0)),
        slab(1, (1, 1, 0, 0, 17)),
        slab(1, (1, 1, 1, 0, 1)),
        slab(1, (1, 1, 0, 1, 2)),
        slab(1, (1, 1, 2, 0, 2), (2, 2, 0, 0, 1)),
        slab(1, (1, 1, 0, 2, 2), (1, 1, 0, 0, 1)),
        slab(1, (2, 1, 2, 2, 2), (1, 1, 0, 0, 1)),
        slab(1, (2, 2, 2, 3, 2), (1, 1, 0, 0, 1), (3, 3, 0, 0, 1), leaves=2),
        slab(1, (2, 2, 2, 0, 2), (1, 1, 0, 0, 1), leaves=1, used=1),
    ],
    ids=[
        "nothing", "half a header", "used past the slab", "more leaves than used", "fewer leaves than there are",
        "no root", "root past the used", "root far away", "free node", "too high", "left to itself", "right to itself",
        "left is larger", "equal keys", "one node twice", "more than counted", "unused node",
    ],
)  # fmt: skip
def test_what_no_program_writes_is_refused(data: bytes) -> None:
    with pytest.raises(BookCorruptError):
        read_book(data)


@given(st.binary(max_size=16 + 4 * NODE_BYTES), st.integers(0, 5), st.integers(0, 5))
def test_no_bytes_make_the_reader_hang_or_break(data: bytes, used: int, leaves: int) -> None:
    for slab_ in (data, struct.pack("<4I", 1, 0, used, leaves) + data):
        try:
            asks = read_book(slab_)
        except BookCorruptError:
            continue
        assert len(asks) <= (len(slab_) - 16) // NODE_BYTES


def test_a_shared_subtree_does_not_blow_the_reading_up() -> None:
    """Sixteen levels that each lead twice to the next would be 65,535 leaves."""
    levels = [(1, 1, level + 2, level + 2, 16 - level) for level in range(15)] + [(1, 1, 0, 0, 1)]
    with pytest.raises(BookCorruptError):
        read_book(slab(1, *levels))


def test_a_book_longer_than_any_is_read_as_the_program_does() -> None:
    header = struct.pack("<4I", 0, 0, BOOK_LEAVES_MAX + 1, 0)
    with pytest.raises(BookCorruptError):
        read_book(header + bytes((BOOK_LEAVES_MAX + 1) * NODE_BYTES))
    header = struct.pack("<4I", 0, 0, BOOK_LEAVES_MAX, 0)
    assert read_book(header + bytes((BOOK_LEAVES_MAX + 1) * NODE_BYTES)) == ()


def test_the_programs_own_books_are_read(world: TradeWorld) -> None:
    """Asks come and go in a random order; another reader of the same bytes agrees each time."""
    chance = random.Random(7)
    seller = world.seller(atoms=60 * BASE_ATOMS)
    listed: list[Pubkey] = []
    for number in range(1, 41):
        args = AskArgs(client_nonce=number, price=PRICE + chance.randrange(5), base_atoms=BASE_ATOMS + number)
        listed.append(world.place_ask(seller, args))
        if chance.random() < 0.4:
            gone = listed.pop(chance.randrange(len(listed)))
            world.accepted(world.cancel_instruction(seller.pubkey(), gone), signers=[seller])
        asks = read_asks(world.svm, read_market(world.svm, world.ref))
        leaves = world.leaves()
        assert [(ask.price, ask.sequence) for ask in asks] == [(leaf.price, leaf.sequence) for leaf in leaves]
        assert [BookLeaf(**{name: getattr(ask, name) for name in BookLeaf.__dataclass_fields__}) for ask in asks] == [
            leaf.value for leaf in leaves
        ]
        assert {ask.ask for ask in asks} == set(listed)


def open_ask(sequence: int = 1, **changes: object) -> OpenAsk:
    values: dict[str, object] = {
        "price": 10,
        "sequence": sequence,
        "ask": Pubkey.from_bytes(bytes([sequence]) * 32),
        "seller": SELLER,
        "open_atoms": 100,
        "min_fill_atoms": 10,
        "payee_commit": bytes(32),
        "terms_version": 3,
        "expiry_unix_s": NOW + 1,
    }
    return OpenAsk(**{**values, **changes})  # type: ignore[arg-type]


def matched(*asks: OpenAsk, atoms: int = 50, limit: int = 10, min_fill: int = 1) -> BestMatch:
    return best_match(
        asks,
        buyer=BUYER,
        base_atoms=atoms,
        limit_price=limit,
        min_fill_atoms=min_fill,
        terms_version=3,
        now_unix_s=NOW,
    )


@pytest.mark.parametrize(
    ("ask", "atoms", "min_fill", "fill"),
    [
        (open_ask(), 50, 1, 50),
        (open_ask(), 100, 100, 100),
        (open_ask(), 101, 100, 100),
        (open_ask(), 10, 1, 10),
        (open_ask(open_atoms=5), 50, 5, 5),
        (open_ask(min_fill_atoms=1000), 100, 1, 100),
    ],
    ids=["part", "all", "more than all", "the least", "a rest below the least", "least above what is open"],
)
def test_an_ask_that_fits_is_taken(ask: OpenAsk, atoms: int, min_fill: int, fill: int) -> None:
    assert matched(ask, atoms=atoms, min_fill=min_fill) == BestMatch(ask, fill)


@pytest.mark.parametrize(
    ("ask", "atoms", "min_fill"),
    [
        (open_ask(), 9, 1),
        (open_ask(), 101, 101),
        (open_ask(open_atoms=5), 4, 1),
        (open_ask(min_fill_atoms=1000), 99, 1),
        (open_ask(price=11), 50, 1),
        (open_ask(terms_version=2), 50, 1),
        (open_ask(terms_version=4), 50, 1),
        (open_ask(expiry_unix_s=NOW), 50, 1),
        (open_ask(seller=BUYER), 50, 1),
        (open_ask(open_atoms=0), 50, 0),
    ],
)
def test_an_ask_that_does_not_fit_is_left(ask: OpenAsk, atoms: int, min_fill: int) -> None:
    with pytest.raises(NoMatchError):
        matched(ask, atoms=atoms, min_fill=min_fill)


def test_the_first_ask_that_fits_but_for_its_price_decides() -> None:
    with pytest.raises(NoMatchError):
        matched(open_ask(1, price=11), open_ask(2, price=12))
    assert matched(open_ask(1, expiry_unix_s=NOW, price=11), open_ask(2)).ask.sequence == 2


def test_eight_asks_are_looked_at_and_no_more() -> None:
    passed = [open_ask(sequence, expiry_unix_s=NOW) for sequence in range(1, 9)]
    assert matched(*passed[:7], open_ask(8)).ask.sequence == 8
    with pytest.raises(NoMatchError):
        matched(*passed, open_ask(9))
    with pytest.raises(NoMatchError):
        matched()


def test_the_worlds_book_holds_what_the_reader_says(world: TradeWorld) -> None:
    """The account around the slab: another market's book is refused before it is read."""
    world.place_ask(world.ali)
    view = read_market(world.svm, world.ref)
    assert [ask.min_fill_atoms for ask in read_asks(world.svm, view)] == [MIN_FILL_ATOMS]
    world.edit(Book, world.place.book, market=SELLER)
    with pytest.raises(DomainMismatchError):
        read_asks(world.svm, view)
