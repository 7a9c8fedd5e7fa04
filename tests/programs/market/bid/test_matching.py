"""With which ask a bid is matched: price, then time, past what does not fit, among the first eight."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import MatchedAskMismatchError, NoAskMatchesError
from tests.programs.market.bid.world import BidArgs, BidWorld, line_id
from tests.programs.market.world import AskArgs, Leaf, TermsArgs, conserved
from tests.programs.world import UNIX_TIME_S

TOKEN = 10**6
LOOKED_AT = 8
HEADER_BYTES, NODE_BYTES = 16, 25 + market.BOOK_LEAF_BYTES
ARGS = BidArgs(base_atoms=2 * TOKEN, limit_price=1_000, covered_minor_units=2**64 - 1)


def ask(world: BidWorld, price: int, **changes: object) -> Pubkey:
    return world.ask(replace(AskArgs(price=price, base_atoms=10 * TOKEN, min_fill_atoms=TOKEN), **changes))  # type: ignore[arg-type]


def test_lowest_price_first_whenever_it_came(world: BidWorld) -> None:
    asks = {price: ask(world, price) for price in (300, 100, 200)}
    for price in (100, 200, 300):
        order = world.order(world.place_bid(asks[price], replace(ARGS, base_atoms=10 * TOKEN)))
        assert (order.ask, order.price) == (asks[price], price)
    assert world.leaves() == []


def test_earliest_first_at_one_price(world: BidWorld) -> None:
    asks = [ask(world, 100) for _ in range(3)]
    world.bid_refused(world.bid_instruction(asks[1], ARGS), MatchedAskMismatchError)
    for expected in asks:
        world.place_bid(expected, replace(ARGS, base_atoms=10 * TOKEN))


def test_a_partly_taken_ask_keeps_its_place(world: BidWorld) -> None:
    first, second = ask(world, 100), ask(world, 100)
    for _ in range(5):
        world.place_bid(first, ARGS)
    world.place_bid(second, ARGS)


def test_one_ask_per_bid(world: BidWorld) -> None:
    """A bid larger than the best ask takes that one, and no more."""
    first, _ = ask(world, 100), ask(world, 100)
    order = world.order(world.place_bid(first, replace(ARGS, base_atoms=15 * TOKEN)))
    assert order.base_atoms == 10 * TOKEN
    assert len(world.leaves()) == 1


def test_the_limit_price_is_included(world: BidWorld) -> None:
    best = ask(world, 1_000)
    world.bid_refused(world.bid_instruction(best, replace(ARGS, limit_price=999)), NoAskMatchesError)
    world.place_bid(best, ARGS)


def test_past_smallest_fills_that_are_not_reached(world: BidWorld) -> None:
    ask(world, 100, min_fill_atoms=2 * TOKEN + 1)
    fits = ask(world, 200, min_fill_atoms=2 * TOKEN)
    world.place_bid(fits, ARGS)


def test_past_asks_that_are_smaller_than_the_bids_smallest_fill(world: BidWorld) -> None:
    ask(world, 100, base_atoms=2 * TOKEN - 1)
    fits = ask(world, 200, base_atoms=2 * TOKEN)
    world.place_bid(fits, replace(ARGS, min_fill_atoms=2 * TOKEN))


def test_past_expired_asks(world: BidWorld) -> None:
    over = UNIX_TIME_S + market.LISTING_MIN_S
    ask(world, 100, expiry_unix_s=over)
    fits = ask(world, 200, expiry_unix_s=over + 1)
    world.svm.set_unix_time(over)
    world.place_bid(fits, ARGS)


def test_past_asks_under_other_terms(world: BidWorld) -> None:
    ask(world, 100)
    world.publish_terms(TermsArgs(version=2))
    fits = ask(world, 200, terms_version=2)
    world.bids(world.bid_instruction(fits, ARGS, terms_version=2))
    assert world.read(market.Ask, fits).locked_atoms == ARGS.base_atoms


def test_past_the_buyers_own_asks(world: BidWorld) -> None:
    world.fund(world.place.mint, world.buyer.pubkey(), 10 * TOKEN)
    world.place_ask(world.buyer, AskArgs(price=100, base_atoms=10 * TOKEN))
    fits = ask(world, 200)
    world.place_bid(fits, ARGS)


def test_the_eighth_ask_is_looked_at_and_the_ninth_is_not(world: BidWorld) -> None:
    for price in range(1, LOOKED_AT):
        ask(world, price, min_fill_atoms=10 * TOKEN)
    eighth, ninth = ask(world, 500, base_atoms=2 * TOKEN), ask(world, 600)
    world.place_bid(eighth, ARGS)
    world.place_bid(ninth, ARGS)
    ask(world, LOOKED_AT, min_fill_atoms=10 * TOKEN)
    world.bid_refused(world.bid_instruction(ninth, ARGS), NoAskMatchesError)
    world.place_bid(world.leaves()[0].value.ask, replace(ARGS, base_atoms=10 * TOKEN))
    world.place_bid(ninth, ARGS)


def test_a_leaf_in_the_part_that_a_book_has_grown_by(world: BidWorld) -> None:
    size = len(world.read(market.Book, world.place.book).encode())
    for _ in range((size - market.BOOK_FIXED_BYTES - HEADER_BYTES) // NODE_BYTES):
        ask(world, 500)
    payer = world.user()
    world.accepted(market.grow_book(payer=payer.pubkey(), book=world.place.book), signers=[payer])
    best = ask(world, 400)
    world.place_bid(best, replace(ARGS, base_atoms=10 * TOKEN))
    assert {leaf.price for leaf in world.leaves()} == {500}


def reference(leaves: list[Leaf], bid: BidArgs, buyer: Pubkey, now: int, version: int) -> tuple[Leaf, int] | None:
    """The rule in plain words; `leaves` in order."""
    for leaf in leaves[:LOOKED_AT]:
        value = leaf.value
        fill = min(bid.base_atoms, value.open_atoms)
        if value.terms_version != version or value.expiry_unix_s <= now or value.seller == buyer:
            continue
        least = max(bid.min_fill_atoms, min(value.min_fill_atoms, value.open_atoms))
        if leaf.price <= bid.limit_price and fill >= least:
            return leaf, fill
    return None


@pytest.mark.parametrize("seed", range(6))
def test_any_book_and_any_bids(world: BidWorld, seed: int) -> None:
    """Random asks and bids: the program matches as the rule says, and tokens and reservations add up throughout."""
    chance = random.Random(f"matching {seed}")
    world.fund(world.place.mint, world.buyer.pubkey(), 100 * TOKEN)
    names = [line_id(f"{seed} {number}") for number in range(3)]
    asks: list[Pubkey] = []
    dues = dict.fromkeys(names, 0)
    version, now = 1, UNIX_TIME_S
    for step in range(60):
        match chance.randrange(8):
            case 0 | 1 | 2:
                atoms = chance.randrange(TOKEN, 6 * TOKEN)
                args = AskArgs(
                    client_nonce=step,
                    base_atoms=atoms,
                    price=chance.randrange(1, 20),
                    min_fill_atoms=chance.randrange(TOKEN // 2, atoms + 1),
                    terms_version=version,
                    expiry_unix_s=now + market.LISTING_MIN_S + chance.randrange(200),
                )
                own = chance.randrange(4) == 0
                asks.append(world.place_ask(world.buyer, args) if own else world.ask(args))
            case 3:
                now += chance.randrange(120)
                world.svm.set_unix_time(now)
            case 4 if version < 3 and chance.randrange(4) == 0:
                version += 1
                world.publish_terms(TermsArgs(version=version))
            case _:
                atoms = chance.randrange(1, 6 * TOKEN)
                bid = BidArgs(
                    line_id=chance.choice(names),
                    base_atoms=atoms,
                    limit_price=chance.randrange(1, 25),
                    min_fill_atoms=chance.choice([1, chance.randrange(1, atoms + 1)]),
                    covered_minor_units=chance.choice([2**64 - 1, 10**7]),
                    issued_min_unix_s=now - 60,
                )
                before = world.leaves()
                found = reference(before, bid, world.buyer.pubkey(), now, version)
                candidates = [leaf.value.ask for leaf in before] or asks
                if found is None:
                    if candidates:
                        instruction = world.bid_instruction(chance.choice(candidates), bid, terms_version=version)
                        world.bid_refused(instruction, NoAskMatchesError)
                    continue
                leaf, fill = found
                wrong = [other for other in candidates if other != leaf.value.ask]
                if wrong:
                    instruction = world.bid_instruction(chance.choice(wrong), bid, terms_version=version)
                    world.bid_refused(instruction, MatchedAskMismatchError)
                due = -(-fill * leaf.price // TOKEN)
                if dues[bid.line_id] + due > bid.covered_minor_units:
                    continue
                order = world.order_address(bid)
                world.bids(world.bid_instruction(leaf.value.ask, bid, terms_version=version))
                stored = world.order(order)
                assert (stored.ask, stored.base_atoms, stored.due_minor_units) == (leaf.value.ask, fill, due)
                assert stored.price == leaf.price
                dues[bid.line_id] += due
        open_atoms = {leaf.value.ask: leaf.value.open_atoms for leaf in world.leaves()}
        for address in asks:
            value = world.read(market.Ask, address)
            assert conserved(value, open_atoms.get(address, 0))
            assert value.listed == (address in open_atoms)
        for name, total in dues.items():
            line = world.line(name)
            assert total == (0 if line is None else line.reserved_minor_units)
    assert sum(dues.values()) > 0
