"""The rules of a bid, each broken by one step past its edge, and in their order. test_bid.py accepts the edges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from solders.account import Account
from solders.clock import Clock
from solders.pubkey import Pubkey

from anomi_core.field import FR_MODULUS
from anomi_sdk.generated import market
from anomi_sdk.generated.groth16_verifier_errors import ProofPointAtInfinityError
from anomi_sdk.generated.market_errors import (
    AmountZeroError,
    ArithmeticOverflowError,
    AttestationBeforeSettlementError,
    BitmapInvalidError,
    ClockOutOfRangeError,
    CoverageExceededError,
    DueOutOfRangeError,
    FieldElementNotCanonicalError,
    IssuedMinTooOldError,
    IssuedMinTooYoungError,
    LineCoolingDownError,
    MarketPausedError,
    MatchedAskMismatchError,
    MinFillAboveAmountError,
    NoAskMatchesError,
    PriceZeroError,
    RevealKeyInvalidError,
    TermsRevokedError,
    TermsVersionMismatchError,
)
from anomi_sdk.program_errors import TransactionRefusedError
from tests.programs.market.bid.ready import ARGS, FILL, first_bid
from tests.programs.market.bid.world import ASK, DUE, BidArgs, BidWorld, line_id
from tests.programs.market.world import BASE_ATOMS, AskArgs, TermsArgs, attestor_keys, attestors
from tests.programs.world import UNIX_TIME_S, with_data

DUE_OF_FILL = DUE // 4


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (replace(ARGS, base_atoms=0, min_fill_atoms=0), AmountZeroError),
        (replace(ARGS, limit_price=0), PriceZeroError),
        (replace(ARGS, min_fill_atoms=FILL + 1), MinFillAboveAmountError),
        (replace(ARGS, min_fill_atoms=2**64 - 1), MinFillAboveAmountError),
        *((replace(ARGS, bitmap=bitmap), BitmapInvalidError) for bitmap in (0, 0b001, 0b111, 0b1001, 0b11000, 255)),
        (replace(ARGS, issued_min_unix_s=UNIX_TIME_S - 901), IssuedMinTooOldError),
        (replace(ARGS, issued_min_unix_s=0), IssuedMinTooOldError),
        (replace(ARGS, issued_min_unix_s=UNIX_TIME_S - 7), IssuedMinTooYoungError),
        (replace(ARGS, issued_min_unix_s=UNIX_TIME_S), IssuedMinTooYoungError),
        (replace(ARGS, issued_min_unix_s=UNIX_TIME_S + 1), IssuedMinTooYoungError),
        (replace(ARGS, issued_min_unix_s=2**64 - 1), IssuedMinTooYoungError),
        (replace(ARGS, limit_price=ASK.price - 1), NoAskMatchesError),
        (replace(ARGS, base_atoms=ASK.min_fill_atoms - 1), NoAskMatchesError),
        (replace(ARGS, base_atoms=BASE_ATOMS + 1, min_fill_atoms=BASE_ATOMS + 1), NoAskMatchesError),
        (replace(ARGS, covered_minor_units=DUE_OF_FILL - 1), CoverageExceededError),
        (replace(ARGS, covered_minor_units=0), CoverageExceededError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
def test_arguments_past_their_edge(world: BidWorld, args: BidArgs, error: type[TransactionRefusedError]) -> None:
    ask = world.ask()
    world.bid_refused(world.bid_instruction(ask, args), error)


@pytest.mark.parametrize("number", [FR_MODULUS, FR_MODULUS + 1, 2**256 - 1])
def test_a_line_is_a_canonical_field_element(world: BidWorld, number: int) -> None:
    ask = world.ask()
    args = replace(ARGS, line_id=number.to_bytes(32, "big"))
    world.bid_refused(world.bid_instruction(ask, args), FieldElementNotCanonicalError)
    for edge in (0, FR_MODULUS - 1):
        world.place_bid(ask, replace(ARGS, line_id=edge.to_bytes(32, "big")))


P = 2**255 - 19
SMALL_ORDER = (
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    P - 1,
)
SPELLINGS = sorted({u + k * P + high for u in SMALL_ORDER for k in (0, 1, 2) for high in (0, 1 << 255)})
"""Every number of 32 bytes that X25519 takes for a point of small order, and sums beyond."""
ONE_KEY = [key.to_bytes(32, "little") for key in SPELLINGS if key < 2**256]


def doubled(u: int) -> int | None:
    """The u of twice a point; None: the point at infinity."""
    below = 4 * u * (u * u + 486662 * u + 1) % P
    return (u * u - 1) ** 2 * pow(below, -1, P) % P if below else None


def test_those_keys_are_of_small_order() -> None:
    orders = []
    for key in SMALL_ORDER:
        order, u = 2, doubled(key)
        while u is not None:
            order, u = 2 * order, doubled(u)
        orders.append(order)
    assert orders == [2, 4, 8, 8, 4]
    assert len(ONE_KEY) == 19


@pytest.mark.parametrize("key", ONE_KEY, ids=lambda key: key.hex()[:4] + key.hex()[-4:])
def test_a_key_that_nothing_can_be_sealed_to_is_refused(world: BidWorld, key: bytes) -> None:
    """Such an order could never be revealed: it would lock a seller's tokens for nothing."""
    ask = world.ask()
    world.bid_refused(world.bid_instruction(ask, replace(ARGS, reveal_key=key)), RevealKeyInvalidError)


@pytest.mark.parametrize("number", [P, P + 2, 2**255 - 1, 2**255 + 9, 2**256 - 1])
def test_a_key_is_written_in_one_way(world: BidWorld, number: int) -> None:
    ask = world.ask()
    args = replace(ARGS, reveal_key=number.to_bytes(32, "little"))
    world.bid_refused(world.bid_instruction(ask, args), RevealKeyInvalidError)


@pytest.mark.parametrize("number", [2, 9, P - 2])
def test_the_keys_beside_those_are_taken(world: BidWorld, number: int) -> None:
    world.place_bid(world.ask(), replace(ARGS, reveal_key=number.to_bytes(32, "little")))


def test_a_line_may_have_a_second_name_in_no_way(world: BidWorld) -> None:
    """x + r is the same field element as x, and would be another account."""
    ask = world.ask()
    world.place_bid(ask, ARGS)
    twin = int.from_bytes(ARGS.line_id, "big") + FR_MODULUS
    assert twin < 2**256
    args = replace(ARGS, line_id=twin.to_bytes(32, "big"))
    world.bid_refused(world.bid_instruction(ask, args), FieldElementNotCanonicalError)


def test_a_paused_market_takes_no_bids(world: BidWorld) -> None:
    ask = world.ask()
    world.edit(market.Market, world.place.market, paused=True)
    world.bid_refused(world.bid_instruction(ask, ARGS), MarketPausedError)
    world.edit(market.Market, world.place.market, paused=False)
    world.place_bid(ask, ARGS)


def test_revoked_terms_take_no_bids(world: BidWorld) -> None:
    ask = world.ask()
    for revoked_at in (1, UNIX_TIME_S, 2**64 - 1):
        world.edit(market.Terms, world.place.terms(), revoked_at_unix_s=revoked_at)
        world.bid_refused(world.bid_instruction(ask, ARGS), TermsRevokedError)
    world.edit(market.Terms, world.place.terms(), revoked_at_unix_s=0)
    world.place_bid(ask, ARGS)


@pytest.mark.parametrize(("k", "n", "depth"), [(1, 1, 1), (2, 2, 1), (3, 5, 3)])
def test_bitmaps_of_other_quorums(world: BidWorld, k: int, n: int, depth: int) -> None:
    """Every bitmap of 8 bits: admitted when, and only when, it has k bits among the lowest n.

    An admitted bid comes to its proof, which is none here.
    """
    chosen = attestors(k, n, depth)
    world.publish_terms(
        TermsArgs(version=2, attestor_k=k, attestor_n=n, attestor_depth=depth, attestor_keys=attestor_keys(chosen.keys))
    )
    ask = world.ask(AskArgs(terms_version=2))
    instruction = world.bid_instruction(ask, ARGS, terms_version=2, proof=bytes(256))
    assert instruction.data[-1] == ARGS.bitmap
    for bitmap in range(256):
        good = bitmap.bit_count() == k and bitmap < 1 << n
        claimed = with_data(instruction, instruction.data[:-1] + bytes([bitmap]))
        world.refused_unsigned(claimed, ProofPointAtInfinityError if good else BitmapInvalidError)


def test_a_settlement_makes_older_attestations_stale(world: BidWorld) -> None:
    ask = world.ask()
    world.place_bid(ask, ARGS)
    line = market.line_address(ARGS.line_id)
    world.edit(market.SolvencyLine, line, fresh_after_unix_s=ARGS.issued_min_unix_s + 1)
    world.bid_refused(world.bid_instruction(ask, ARGS), AttestationBeforeSettlementError)
    world.place_bid(ask, replace(ARGS, issued_min_unix_s=ARGS.issued_min_unix_s + 1))


def test_a_line_that_cools_down_takes_no_bids(world: BidWorld) -> None:
    ask = world.ask()
    world.place_bid(ask, ARGS)
    line = market.line_address(ARGS.line_id)
    world.edit(market.SolvencyLine, line, cooldown_until_unix_s=UNIX_TIME_S + 1)
    world.bid_refused(world.bid_instruction(ask, ARGS), LineCoolingDownError)
    world.place_bid(ask, replace(ARGS, line_id=line_id("another")))


def test_the_balance_covers_all_that_is_reserved(world: BidWorld) -> None:
    """The same balance does not back a second bid."""
    ask = world.ask()
    enough = replace(ARGS, covered_minor_units=DUE_OF_FILL)
    world.place_bid(ask, enough)
    world.bid_refused(world.bid_instruction(ask, enough), CoverageExceededError)
    short = replace(ARGS, covered_minor_units=2 * DUE_OF_FILL - 1)
    world.bid_refused(world.bid_instruction(ask, short), CoverageExceededError)
    world.place_bid(ask, replace(ARGS, covered_minor_units=2 * DUE_OF_FILL))


def test_reservations_do_not_wrap(world: BidWorld) -> None:
    ask = world.ask()
    args = replace(ARGS, covered_minor_units=2**64 - 1)
    world.place_bid(ask, args)
    line = market.line_address(ARGS.line_id)
    world.edit(market.SolvencyLine, line, reserved_minor_units=2**64 - DUE_OF_FILL)
    world.bid_refused(world.bid_instruction(ask, args), CoverageExceededError)
    world.edit(market.SolvencyLine, line, reserved_minor_units=2**64 - 1 - DUE_OF_FILL)
    world.place_bid(ask, args)


def test_an_empty_book_matches_nothing(world: BidWorld) -> None:
    seller = world.seller()
    ask = world.place_ask(seller)
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    world.bid_refused(world.bid_instruction(ask, ARGS), NoAskMatchesError)


def test_nobody_buys_of_himself(world: BidWorld) -> None:
    world.fund(world.place.mint, world.buyer.pubkey(), BASE_ATOMS)
    ask = world.place_ask(world.buyer)
    world.bid_refused(world.bid_instruction(ask, ARGS), NoAskMatchesError)


def test_an_expired_ask_matches_nothing(world: BidWorld) -> None:
    ask = world.ask(AskArgs(expiry_unix_s=UNIX_TIME_S + market.LISTING_MIN_S))
    world.svm.set_unix_time(UNIX_TIME_S + market.LISTING_MIN_S)
    world.bid_refused(world.bid_instruction(ask, ARGS), NoAskMatchesError)


def test_asks_under_earlier_terms_match_nothing(world: BidWorld) -> None:
    ask = world.ask()
    world.publish_terms(TermsArgs(version=2))
    world.bid_refused(world.bid_instruction(ask, ARGS, terms_version=2), NoAskMatchesError)


@pytest.mark.parametrize("time_s", [-1, 2**40])
def test_a_clock_out_of_range(world: BidWorld, time_s: int) -> None:
    ask = world.ask()
    instruction = world.bid_instruction(ask, ARGS)
    runtime = world.svm._svm
    clock = runtime.get_clock()
    runtime.set_clock(Clock(clock.slot, time_s, clock.epoch, clock.leader_schedule_epoch, time_s))
    world.bid_refused(instruction, ClockOutOfRangeError)


def test_states_that_no_program_makes_overflow_nowhere(world: BidWorld) -> None:
    """Accounts are written past every rule: sums that do not fit are refused, whichever it is."""
    ready = first_bid(world)
    ask, place = ready.address("ask"), world.place

    def refused(layout: type, address: Pubkey, error: type[TransactionRefusedError], **changes: object) -> None:
        before = world.account(address)
        assert before is not None
        world.edit(layout, address, **changes)
        world.refused_unsigned(ready.instruction, error)
        world.svm.set_account(address, before)

    refused(market.Ask, ask, ArithmeticOverflowError, locked_atoms=2**64 - FILL)
    refused(market.Ask, ask, ArithmeticOverflowError, live_orders=2**32 - 1)
    refused(market.Market, place.market, ArithmeticOverflowError, next_order_id=2**64 - 1)
    refused(market.Market, place.market, ArithmeticOverflowError, base_decimals=13)
    world.accepted_unsigned(ready.instruction)


def test_a_due_of_more_than_64_bits(world: BidWorld) -> None:
    """No ask that large can be placed, so the mint's decimals are written over: without any, a token is an atom."""
    price = 2**64 // FILL
    ask = world.ask(AskArgs(price=price))
    world.edit(market.Market, world.place.market, base_decimals=0)
    args = replace(ARGS, base_atoms=FILL + 1, limit_price=price, covered_minor_units=2**64 - 1)
    world.bid_refused(world.bid_instruction(ask, args), DueOutOfRangeError)
    world.place_bid(ask, replace(args, base_atoms=FILL))


@dataclass
class Spoilt:
    """A bid that breaks rules: its arguments, and the ask it names."""

    args: BidArgs
    ask: Pubkey


Breaker = Callable[[BidWorld, Spoilt], None]


def _args(**changes: object) -> Breaker:
    def spoil(_: BidWorld, bid: Spoilt) -> None:
        bid.args = replace(bid.args, **changes)  # type: ignore[arg-type]

    return spoil


def _market(**changes: object) -> Breaker:
    return lambda world, _: _done(world.edit(market.Market, world.place.market, **changes))


def _terms(**changes: object) -> Breaker:
    return lambda world, _: _done(world.edit(market.Terms, world.place.terms(), **changes))


def _done(_: object) -> None:
    """Nothing: a breaker returns nothing."""


def _line(**changes: object) -> Breaker:
    """Write to the line that the bid names, whatever its name is."""

    def spoil(world: BidWorld, bid: Spoilt) -> None:
        address, bump = market.line_address_and_bump(bid.args.line_id)
        old = world.line(bid.args.line_id) or market.SolvencyLine(bid.args.line_id, 0, 0, 0, 0, 0, 0, bump)
        data = replace(old, **changes).encode()  # type: ignore[arg-type]
        world.svm.set_account(address, Account(10**8, data, market.PROGRAM_ID))

    return spoil


def _other_ask(world: BidWorld, bid: Spoilt) -> None:
    bid.ask = world.ask(AskArgs(price=ASK.price + 1))


RULES: list[tuple[type[TransactionRefusedError], Breaker]] = [
    (MarketPausedError, _market(paused=True)),
    (TermsVersionMismatchError, _market(terms_version=2)),
    (TermsRevokedError, _terms(revoked_at_unix_s=1)),
    (FieldElementNotCanonicalError, _args(line_id=b"\xff" * 32)),
    (RevealKeyInvalidError, _args(reveal_key=bytes(32))),
    (AmountZeroError, _args(base_atoms=0, min_fill_atoms=1)),
    (PriceZeroError, _args(limit_price=0)),
    (MinFillAboveAmountError, _args(min_fill_atoms=2**64 - 1)),
    (BitmapInvalidError, _args(bitmap=0)),
    (IssuedMinTooOldError, _args(issued_min_unix_s=UNIX_TIME_S - 901)),
    (AttestationBeforeSettlementError, _line(fresh_after_unix_s=UNIX_TIME_S)),
    (LineCoolingDownError, _line(cooldown_until_unix_s=UNIX_TIME_S + 1)),
    (NoAskMatchesError, _args(limit_price=1)),
    (MatchedAskMismatchError, _other_ask),
    (CoverageExceededError, _args(covered_minor_units=0)),
]


@pytest.mark.parametrize("first", range(len(RULES)), ids=[error.__name__ for error, _ in RULES])
def test_the_first_broken_rule_is_the_one_that_is_named(world: BidWorld, first: int) -> None:
    """A bid that breaks this rule and every later one, and has no proof, is refused for this one."""
    bid = Spoilt(ARGS, world.ask())
    # Later rules first: an earlier one may use what a later one has spoilt.
    for _, spoil in reversed(RULES[first:]):
        spoil(world, bid)
    if first <= 3:
        _line(fresh_after_unix_s=UNIX_TIME_S, cooldown_until_unix_s=UNIX_TIME_S + 1)(world, bid)
    world.bid_refused(world.bid_instruction(bid.ask, bid.args, proof=bytes(256)), RULES[first][0])


def test_the_proof_comes_last(world: BidWorld) -> None:
    ask = world.ask()
    world.bid_refused(world.bid_instruction(ask, ARGS, proof=bytes(256)), ProofPointAtInfinityError)
