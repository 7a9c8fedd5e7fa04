"""Compute units and bytes of whole transactions, in the best case and in the worst.

What varies is luck, the derivation of an address costs 365 at most for each bump that it has to go down, and the depth
of the book: the fullest one is written past the program, leaf by leaf as it would stand.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_sdk.generated import market, order_store
from anomi_sdk.trade.tokens import ASSOCIATED_TOKEN_PROGRAM, TOKEN_PROGRAM
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX
from tests.programs.market.bid.ready import READY
from tests.programs.market.bid.world import ASK, DUE, MISSED_REVEAL, BidArgs, BidWorld, line_id
from tests.programs.market.world import BASE_ATOMS, PAYEE_COMMIT, AskArgs

TARGET = 110_000
"""Of a whole bid, the first one of a line included."""
PER_BUMP = 365
FIRST_BID, LATER_BID = 90_000, 88_100
FULL_BOOK = 2_100
"""What the deepest book and eight leaves looked at add to a bid."""
RELEASE, RETURN, RETURN_FROM_FULL_BOOK = 7_650, 1_050, 1_650
ASK_PRICE = 8
"""In the fullest book: the eighth leaf."""
ARGS = BidArgs(base_atoms=BASE_ATOMS // 4)


def order_bumps(world: BidWorld, name: bytes) -> int:
    """How many bumps the next order's address goes down."""
    return 255 - order_store.order_address_and_bump(world.place.market, name, world.seq(name))[1]


def line_bumps(name: bytes) -> int:
    return 255 - market.line_address_and_bump(name)[1]


def lucky_line(world: BidWorld, bumps: int = 0) -> bytes:
    """A line whose two addresses go down so many bumps together."""
    return next(
        name
        for name in map(line_id, map(str, count()))
        if world.line(name) is None and line_bumps(name) + order_bumps(world, name) == bumps
    )


def spent(world: BidWorld, ask: Pubkey, args: BidArgs) -> int:
    return world.bids(world.bid_instruction(ask, args)).compute_units


@pytest.mark.parametrize("bumps", [0, 1, 4])
def test_first_and_later_bids(world: BidWorld, bumps: int) -> None:
    ask = world.ask()
    args = replace(ARGS, line_id=lucky_line(world, bumps), base_atoms=10**6)
    first = spent(world, ask, args)
    assert FIRST_BID - 500 < first - PER_BUMP * bumps <= FIRST_BID
    bumps = order_bumps(world, args.line_id)
    assert LATER_BID - 500 < spent(world, ask, args) - PER_BUMP * bumps <= LATER_BID


def test_the_target_holds_in_the_fullest_book_whatever_the_luck() -> None:
    """Each further bump is half as likely: one first bid in a million million goes down by more than forty-five."""
    assert FIRST_BID + FULL_BOOK + PER_BUMP * 45 <= TARGET
    assert 1 / 2**46 * 47 < 1e-12


@pytest.mark.parametrize("whole", [False, True])
def test_the_fullest_book(world: BidWorld, whole: bool) -> None:
    """4,096 leaves; seven that do not fit are looked at first; the eighth is taken in part, or whole and removed."""
    seller = world.seller(BASE_ATOMS)
    ask = world.place_ask(seller, AskArgs(price=ASK_PRICE))
    fill_book(world, ask, seller.pubkey())
    assert len(world.leaves()) == market.BOOK_LEAVES_MAX
    args = replace(ARGS, line_id=lucky_line(world), base_atoms=BASE_ATOMS if whole else BASE_ATOMS // 4)
    units = spent(world, ask, args)
    assert FIRST_BID < units <= FIRST_BID + FULL_BOOK
    assert len(world.leaves()) == market.BOOK_LEAVES_MAX - whole
    if not whole:
        order = world.place_bid(ask, args)
        cost = world.accepted_unsigned(world.return_instruction(order, MISSED_REVEAL)).compute_units
        assert cost <= RETURN_FROM_FULL_BOOK


def fill_book(world: BidWorld, ask: Pubkey, seller: Pubkey) -> None:
    """Make the book as long and as full as can be: at the prices 1 to 4,096, the ask's own leaf at its price."""
    (own,) = world.leaves()
    assert (own.price, own.sequence, own.value.ask) == (ASK_PRICE, 1, ask)
    other = market.BookLeaf(Pubkey.default(), seller, 1, BASE_ATOMS, PAYEE_COMMIT, 99, ASK.expiry_unix_s)
    nodes: list[bytes] = []

    def tree(low: int, high: int) -> tuple[int, int]:
        """Write the prices from low up to, but not including, high as a balanced tree: its handle and height."""
        if low >= high:
            return 0, 0
        middle = (low + high) // 2
        (left, left_height), (right, right_height) = tree(low, middle), tree(middle + 1, high)
        height = 1 + max(left_height, right_height)
        leaf = own.value if middle == own.price else other
        links = b"".join(number.to_bytes(4, "little") for number in (left, right))
        key = b"".join(number.to_bytes(8, "little") for number in (middle, 1))
        nodes.append(key + links + bytes([height]) + leaf.put(""))
        return len(nodes), height

    root, _ = tree(1, market.BOOK_LEAVES_MAX + 1)
    header = b"".join(number.to_bytes(4, "little") for number in (root, 0, len(nodes), len(nodes)))
    world.edit(market.Book, world.place.book, slab=header + b"".join(nodes))


def test_releases(world: BidWorld) -> None:
    mint = world.place.mint
    seeds = [bytes(world.buyer.pubkey()), bytes(TOKEN_PROGRAM), bytes(mint)]
    bumps = 255 - Pubkey.find_program_address(seeds, ASSOCIATED_TOKEN_PROGRAM)[1]
    released = world.accepted_unsigned(READY["release"](world).instruction).compute_units
    assert released - PER_BUMP * bumps <= RELEASE


@pytest.mark.parametrize("name", ["missed_reveal", "missed_proof"])
def test_returns(world: BidWorld, name: str) -> None:
    ready = READY[name](world)
    assert world.accepted_unsigned(ready.instruction).compute_units <= RETURN


@pytest.mark.parametrize(("signers", "most"), [(1, 960), (2, 1_056), (3, 1_152)])
def test_bytes_of_a_bid(world: BidWorld, signers: int, most: int) -> None:
    """With both compute-budget instructions: the buyer alone, one who pays for him, and another who pays the fee."""
    ask = world.ask()
    payer = world.buyer.pubkey() if signers == 1 else world.payer.pubkey()
    budget: list[Instruction] = [set_compute_unit_limit(TARGET), set_compute_unit_price(1)]
    bid = world.bid_instruction(ask, ARGS, payer=payer)
    fee_payer, others = {
        1: (world.buyer, []),
        2: (world.payer, [world.buyer]),
        3: (world.authority, [world.buyer, world.payer]),
    }[signers]
    outcome = world.accepted(*budget, bid, payer=fee_payer, signers=others)
    assert outcome.size_bytes <= most <= TRANSACTION_BYTES_MAX
    assert world.order(order_store.order_address(world.place.market, ARGS.line_id, 0)).due_minor_units == DUE // 4
