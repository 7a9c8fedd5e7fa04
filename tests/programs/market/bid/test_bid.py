"""Bids that go through: what they change, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solders.account import Account
from solders.pubkey import Pubkey

from anomi_sdk.events import events_of
from anomi_sdk.generated import market, order_store
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX
from tests.programs.market.bid.world import COVERED, DUE, PENDING, BidArgs, BidWorld, line_id, prove
from tests.programs.market.world import (
    BASE_ATOMS,
    MIN_FILL_ATOMS,
    PAYEE_COMMIT,
    PRICE,
    AskArgs,
    Place,
    TermsArgs,
    attestors,
    conserved,
)
from tests.programs.world import UNIX_TIME_S

SYSTEM_PROGRAM = Pubkey.default()
FILL = BASE_ATOMS // 4
DUE_OF_FILL = DUE // 4
ARGS = BidArgs(base_atoms=FILL)


def test_first_bid_stores_an_order_and_reserves_its_due(world: BidWorld) -> None:
    ask = world.ask()
    place, buyer = world.place, world.buyer.pubkey()
    before = world.read(market.Ask, ask)
    order = world.order_address(ARGS)
    outcome = world.bids(world.bid_instruction(ask, ARGS))
    assert world.order(order) == order_store.MatchedOrder(
        market=place.market,
        order_id=1,
        buyer=buyer,
        seller=before.seller,
        ask=ask,
        line_id=ARGS.line_id,
        seq=0,
        base_atoms=FILL,
        price=PRICE,
        due_minor_units=DUE_OF_FILL,
        paid_min_minor_units=MIN_FILL_ATOMS * PRICE // 10**6,
        payee_commit=PAYEE_COMMIT,
        terms_version=1,
        matched_at_unix_s=UNIX_TIME_S,
        reveal_by_unix_s=UNIX_TIME_S + TermsArgs().reveal_window_s,
        reveal_key=ARGS.reveal_key,
        rent_payer=world.payer.pubkey(),
        bump=order_store.order_address_and_bump(place.market, ARGS.line_id, 0)[1],
        status=PENDING,
        revealed_at_unix_s=0,
        pay_by_unix_s=0,
        prove_by_unix_s=0,
        claim_extended=False,
        reported_nf=bytes(32),
        resolved_at_unix_s=0,
        paid_floor_minor_units=0,
        released_atoms=0,
        nf=bytes(32),
        reveal_ciphertext=bytes(176),
    )
    assert world.line(ARGS.line_id) == market.SolvencyLine(
        line_id=ARGS.line_id,
        reserved_minor_units=DUE_OF_FILL,
        seq=1,
        fresh_after_unix_s=0,
        strikes=0,
        free_cancel_at_unix_s=0,
        cooldown_until_unix_s=0,
        bump=market.line_address_and_bump(ARGS.line_id)[1],
    )
    after = world.read(market.Ask, ask)
    assert after == replace(before, locked_atoms=FILL, live_orders=1)
    (leaf,) = world.leaves()
    assert leaf.value.open_atoms == BASE_ATOMS - FILL
    assert conserved(after, leaf.value.open_atoms)
    assert world.balance(market.vault_address(ask)) == BASE_ATOMS
    assert world.read(market.Market, place.market).next_order_id == 2
    stored, matched = events_of(outcome)
    assert stored == order_store.OrderStored(order, place.market, 1, UNIX_TIME_S + TermsArgs().reveal_window_s)
    assert matched == market.BidMatched(
        market=place.market,
        order=order,
        order_id=1,
        ask=ask,
        buyer=buyer,
        line_id=ARGS.line_id,
        seq=0,
        base_atoms=FILL,
        price=PRICE,
        due_minor_units=DUE_OF_FILL,
    )
    assert outcome.size_bytes <= TRANSACTION_BYTES_MAX


def test_only_the_payer_pays(world: BidWorld) -> None:
    ask = world.ask()
    buyer, payer = world.lamports(world.buyer.pubkey()), world.lamports(world.payer.pubkey())
    world.place_bid(ask, ARGS)
    rent = sum(world.svm.minimum_balance_lamports(size) for size in (market.SOLVENCY_LINE_BYTES, 623))
    assert order_store.MATCHED_ORDER_BYTES == 623
    assert world.lamports(world.buyer.pubkey()) == buyer
    assert world.lamports(world.payer.pubkey()) == payer - rent


def test_a_buyer_can_pay_for_himself(world: BidWorld) -> None:
    ask = world.ask()
    instruction = world.bid_instruction(ask, ARGS, payer=world.buyer.pubkey())
    order = world.order_address(ARGS)
    world.accepted(instruction, payer=world.buyer)
    assert world.order(order).rent_payer == world.buyer.pubkey()


def test_bids_of_one_line_add_up(world: BidWorld) -> None:
    ask = world.ask()
    orders = [world.place_bid(ask, ARGS) for _ in range(3)]
    assert len(set(orders)) == 3
    assert [(world.order(order).seq, world.order(order).order_id) for order in orders] == [(0, 1), (1, 2), (2, 3)]
    line = world.line(ARGS.line_id)
    assert line is not None
    assert (line.reserved_minor_units, line.seq) == (3 * DUE_OF_FILL, 3)
    stored = world.read(market.Ask, ask)
    assert (stored.locked_atoms, stored.live_orders, stored.listed) == (3 * FILL, 3, True)
    assert conserved(stored, BASE_ATOMS - 3 * FILL)


def test_lines_are_apart(world: BidWorld) -> None:
    ask = world.ask()
    other = replace(ARGS, line_id=line_id("another"))
    for args in (ARGS, other):
        world.place_bid(ask, args)
        line = world.line(args.line_id)
        assert line is not None
        assert (line.reserved_minor_units, line.seq) == (DUE_OF_FILL, 1)


def test_a_bid_for_more_takes_all_that_is_open(world: BidWorld) -> None:
    ask = world.ask()
    order = world.place_bid(ask, BidArgs(base_atoms=2**64 - 1))
    assert world.order(order).base_atoms == BASE_ATOMS
    assert world.order(order).due_minor_units == DUE
    stored = world.read(market.Ask, ask)
    assert (stored.listed, stored.locked_atoms) == (False, BASE_ATOMS)
    assert world.leaves() == []
    assert conserved(stored, 0)


def test_the_last_atoms_may_be_fewer_than_the_smallest_fill(world: BidWorld) -> None:
    """A rest below the ask's smallest fill goes as a whole, and its smallest payment is all that is due for it."""
    ask = world.ask()
    rest = MIN_FILL_ATOMS // 2
    world.place_bid(ask, BidArgs(base_atoms=BASE_ATOMS - rest))
    order = world.order(world.place_bid(ask, BidArgs(base_atoms=rest)))
    due = -(-rest * PRICE // 10**6)
    assert (order.base_atoms, order.due_minor_units, order.paid_min_minor_units) == (rest, due, due)
    assert world.leaves() == []


def test_due_is_rounded_up(world: BidWorld) -> None:
    """One atom over a multiple costs one minor unit more."""
    ask = world.ask()
    order = world.order(world.place_bid(ask, BidArgs(base_atoms=10**6 + 1)))
    assert order.due_minor_units == PRICE + 1


def test_the_fill_is_at_the_asks_price(world: BidWorld) -> None:
    ask = world.ask(AskArgs(price=20_000))
    order = world.order(world.place_bid(ask, replace(ARGS, limit_price=2**64 - 1)))
    assert (order.price, order.due_minor_units) == (20_000, 20_000 * FILL // 10**6)


@pytest.mark.parametrize("decimals", [0, 12])
def test_mints_of_fewest_and_most_decimals(world: BidWorld, decimals: int) -> None:
    place = world.open_market(decimals)
    atoms = 2 * 10**6 if decimals == 0 else 5 * 10**11 + 1
    args = AskArgs(base_atoms=10**12, price=7, min_fill_atoms=10**6)
    ask = world.ask(args, place)
    order = world.order(world.place_bid(ask, BidArgs(base_atoms=atoms, covered_minor_units=2**64 - 1), place))
    assert order.due_minor_units == -(-atoms * 7 // 10**decimals)


def test_the_largest_numbers(world: BidWorld) -> None:
    """A due of 2^64 − 1, covered by exactly that."""
    largest = 2**64 - 1
    ask = world.ask(AskArgs(base_atoms=10**6, price=largest))
    args = BidArgs(base_atoms=10**6, limit_price=largest, covered_minor_units=largest)
    order = world.order(world.place_bid(ask, args))
    assert order.due_minor_units == largest
    line = world.line(args.line_id)
    assert line is not None
    assert line.reserved_minor_units == largest


@pytest.mark.parametrize("lamports", [1, 890_880, 1_461_599, 1_461_600, 50_000_000])
def test_lamports_sent_beforehand_block_neither_line_nor_order(world: BidWorld, lamports: int) -> None:
    ask = world.ask()
    order, line = world.order_address(ARGS), market.line_address(ARGS.line_id)
    for address in (order, line):
        world.svm.set_account(address, Account(lamports, b"", SYSTEM_PROGRAM))
    world.place_bid(ask, ARGS)
    assert world.order(order).base_atoms == FILL
    assert world.seq(ARGS.line_id) == 1
    for address, size in ((order, order_store.MATCHED_ORDER_BYTES), (line, market.SOLVENCY_LINE_BYTES)):
        assert world.lamports(address) == max(lamports, world.svm.minimum_balance_lamports(size))


def test_coverage_reaches_exactly_what_is_reserved_and_due(world: BidWorld) -> None:
    ask = world.ask()
    world.place_bid(ask, replace(ARGS, covered_minor_units=DUE_OF_FILL))
    world.place_bid(ask, replace(ARGS, covered_minor_units=2 * DUE_OF_FILL))
    assert world.seq(ARGS.line_id) == 2


@pytest.mark.parametrize("age_s", [8, 900])
def test_attestations_of_every_admitted_age(world: BidWorld, age_s: int) -> None:
    world.place_bid(world.ask(), replace(ARGS, issued_min_unix_s=UNIX_TIME_S - age_s))


@pytest.mark.parametrize("bitmap", [0b011, 0b101, 0b110])
def test_every_quorum_of_the_attestors(world: BidWorld, bitmap: int) -> None:
    world.place_bid(world.ask(), replace(ARGS, bitmap=bitmap))


def test_an_ask_matches_until_the_second_before_its_expiry(world: BidWorld) -> None:
    ask = world.ask(AskArgs(expiry_unix_s=UNIX_TIME_S + market.LISTING_MIN_S))
    world.svm.set_unix_time(UNIX_TIME_S + market.LISTING_MIN_S - 1)
    world.place_bid(ask, ARGS)


def test_a_cool_down_ends_with_its_last_second(world: BidWorld) -> None:
    ask = world.ask()
    world.place_bid(ask, ARGS)
    world.edit(market.SolvencyLine, market.line_address(ARGS.line_id), cooldown_until_unix_s=UNIX_TIME_S)
    world.place_bid(ask, ARGS)


def test_an_attestation_of_the_second_of_the_last_settlement_counts(world: BidWorld) -> None:
    ask = world.ask()
    world.place_bid(ask, ARGS)
    line = market.line_address(ARGS.line_id)
    world.edit(market.SolvencyLine, line, fresh_after_unix_s=ARGS.issued_min_unix_s)
    world.place_bid(ask, ARGS)


def test_a_new_proof_of_the_same_statement_is_as_good(world: BidWorld) -> None:
    ask = world.ask()
    proof = prove(world.statement(ARGS).stmt(), "another")
    assert proof != prove(world.statement(ARGS).stmt())
    world.bids(world.bid_instruction(ask, ARGS, proof=proof))


def test_markets_share_lines_and_nothing_else(world: BidWorld) -> None:
    """One fiat account, one line: what it has reserved in a market counts in every other."""
    other: Place = world.open_market(decimals=6)
    here, there = world.ask(), world.ask(place=other)
    args = replace(ARGS, covered_minor_units=2 * DUE_OF_FILL)
    first, second = world.place_bid(here, args), world.place_bid(there, args, other)
    assert (world.order(first).order_id, world.order(second).order_id) == (1, 1)
    assert (world.order(first).seq, world.order(second).seq) == (0, 1)
    line = world.line(args.line_id)
    assert line is not None
    assert line.reserved_minor_units == 2 * DUE_OF_FILL


def test_bids_under_new_terms_take_new_asks(world: BidWorld) -> None:
    world.ask(AskArgs(price=1))
    changed = TermsArgs(version=2, reveal_window_s=300)
    world.publish_terms(changed)
    ask = world.ask(AskArgs(terms_version=2))
    instruction = world.bid_instruction(ask, ARGS, terms_version=2)
    order = world.order_address(ARGS)
    world.bids(instruction)
    stored = world.order(order)
    assert (stored.terms_version, stored.reveal_by_unix_s) == (2, UNIX_TIME_S + 300)
    assert stored.ask == ask


def test_everything_in_the_statement_is_the_programs_own(world: BidWorld) -> None:
    """The statement that these tests prove is made of nothing that a bid brings along, but for what it claims."""
    statement = world.statement(ARGS)
    stored = world.read(market.Market, world.place.market)
    terms = world.read(market.Terms, world.place.terms())
    assert statement.domain == int.from_bytes(stored.domain_solvency, "big")
    assert statement.root == int.from_bytes(terms.attestor_root, "big") == attestors().root
    assert Pubkey.from_bytes(statement.buyer) == world.buyer.pubkey()
    assert (statement.covered_minor_units, statement.seq) == (COVERED, 0)
