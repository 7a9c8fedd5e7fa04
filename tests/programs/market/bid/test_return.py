"""return_escrowed_funds: what goes back where, what it checks, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solders.account import Account
from solders.pubkey import Pubkey

from anomi_sdk.generated import market, order_store
from anomi_sdk.generated.market_errors import (
    ArithmeticOverflowError,
    AskInvalidError,
    AskOfAnotherMarketError,
    AuthorityAddressMismatchError,
    BookAddressMismatchError,
    BookCorruptError,
    BookInvalidError,
    FreeCancelUsedError,
    LineInvalidError,
    OrderInvalidError,
    OrderOfAnotherAskError,
    OrderStatusMismatchError,
    ReasonUnknownError,
    SignerMissingError,
    TermsInvalidError,
    TermsOfAnotherMarketError,
    TermsVersionMismatchError,
)
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.trade.tokens import associated_token_address
from tests.programs.market.bid.ready import ARGS, FILL, READY, missed_proof, missed_reveal
from tests.programs.market.bid.test_release import forged
from tests.programs.market.bid.world import (
    CANCELLED,
    CANCELLED_FREE,
    DUE,
    MISSED_PROOF,
    MISSED_REVEAL,
    BidWorld,
    line_id,
)
from tests.programs.market.world import BASE_ATOMS, TermsArgs, conserved, event
from tests.programs.world import UNIX_TIME_S, with_account

DUE_OF_FILL = DUE // 4
STRANGER = Pubkey.from_bytes(bytes([9] * 32))
RETURNS = ("missed_reveal", "missed_proof", "cancelled_free", "cancelled")


def test_a_missed_reveal_unlists_the_ask_and_strikes_nobody(world: BidWorld) -> None:
    order = world.place_bid(world.ask(), ARGS)
    ask = world.order(order).ask
    before = world.read(market.Ask, ask)
    world.svm.set_unix_time(UNIX_TIME_S + 5000)
    outcome = world.accepted_unsigned(world.return_instruction(order, MISSED_REVEAL))
    after = world.read(market.Ask, ask)
    assert after == replace(before, locked_atoms=0, live_orders=0, listed=False, returned_atoms=BASE_ATOMS)
    assert conserved(after, 0)
    assert world.leaves() == []
    line = world.line(ARGS.line_id)
    assert line is not None
    assert line == replace(line, reserved_minor_units=0, seq=1, fresh_after_unix_s=0, strikes=0)
    assert event(outcome, market.FundsReturned) == market.FundsReturned(order, ask, FILL, MISSED_REVEAL)


def test_a_missed_proof_strikes_the_line_and_leaves_the_ask_listed(world: BidWorld) -> None:
    order = world.place_bid(world.ask(), ARGS)
    ask = world.order(order).ask
    before, leaves = world.read(market.Ask, ask), world.leaves()
    world.reveal(order)
    outcome = world.accepted_unsigned(world.return_instruction(order, MISSED_PROOF))
    after = world.read(market.Ask, ask)
    assert after == replace(before, locked_atoms=0, live_orders=0, returned_atoms=FILL)
    assert conserved(after, BASE_ATOMS - FILL)
    assert world.leaves() == leaves
    line = world.line(ARGS.line_id)
    assert line is not None
    assert line == replace(line, reserved_minor_units=0, seq=1, fresh_after_unix_s=0, strikes=1)
    assert event(outcome, market.FundsReturned) == market.FundsReturned(order, ask, FILL, MISSED_PROOF)


@pytest.mark.parametrize("revealed", [False, True])
def test_a_cancel_strikes_the_line_and_leaves_the_ask_listed(world: BidWorld, revealed: bool) -> None:
    order = world.place_bid(world.ask(), ARGS)
    ask = world.order(order).ask
    before, leaves = world.read(market.Ask, ask), world.leaves()
    if revealed:
        world.reveal(order)
    outcome = world.accepted_unsigned(world.return_instruction(order, CANCELLED))
    after = world.read(market.Ask, ask)
    assert after == replace(before, locked_atoms=0, live_orders=0, returned_atoms=FILL)
    assert (world.leaves(), conserved(after, BASE_ATOMS - FILL)) == (leaves, True)
    line = world.line(ARGS.line_id)
    assert line is not None
    assert line == replace(line, reserved_minor_units=0, seq=1, strikes=1, free_cancel_at_unix_s=0)
    assert event(outcome, market.FundsReturned) == market.FundsReturned(order, ask, FILL, CANCELLED)


def test_a_free_cancel_is_used_up_for_a_while(world: BidWorld) -> None:
    ask, interval_s = world.ask(), TermsArgs().free_cancel_interval_s
    for now, is_free in [
        (UNIX_TIME_S, True),
        (UNIX_TIME_S, False),
        (UNIX_TIME_S + interval_s - 1, False),
        (UNIX_TIME_S + interval_s, True),
        (UNIX_TIME_S + interval_s + 1, False),
    ]:
        world.svm.set_unix_time(now)
        order = world.place_bid(ask, replace(ARGS, base_atoms=FILL // 5, issued_min_unix_s=now - 60))
        world.reveal(order)
        instruction = world.return_instruction(order, CANCELLED_FREE)
        if not is_free:
            world.refused_unsigned(instruction, FreeCancelUsedError)
            continue
        before, leaves = world.read(market.Ask, ask), world.leaves()
        outcome = world.accepted_unsigned(instruction)
        assert world.read(market.Ask, ask).returned_atoms == before.returned_atoms + FILL // 5
        assert world.leaves() == leaves
        line = world.line(ARGS.line_id)
        assert line is not None
        assert (line.strikes, line.free_cancel_at_unix_s) == (0, now + interval_s)
        returned = market.FundsReturned(order, ask, FILL // 5, CANCELLED_FREE)
        assert event(outcome, market.FundsReturned) == returned


def test_without_an_interval_every_cancel_in_time_is_free(world: BidWorld) -> None:
    world.edit(market.Terms, world.place.terms(), free_cancel_interval_s=0)
    ask = world.ask()
    for _ in range(3):
        order = world.place_bid(ask, ARGS)
        world.reveal(order)
        world.accepted_unsigned(world.return_instruction(order, CANCELLED_FREE))


def test_no_tokens_move(world: BidWorld) -> None:
    """What goes back is the seller's to withdraw: nobody's account can stand in the way."""
    seller = world.seller()
    ask = world.place_ask(seller)
    order = world.place_bid(ask, ARGS)
    world.accepted_unsigned(world.return_instruction(order, MISSED_REVEAL))
    assert world.balance(market.vault_address(ask)) == BASE_ATOMS
    world.accepted(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    assert world.balance(associated_token_address(seller.pubkey(), world.place.mint)) == BASE_ATOMS
    assert world.account(market.vault_address(ask)) is None


@pytest.mark.parametrize("reason", [MISSED_REVEAL, MISSED_PROOF])
def test_an_ask_that_has_left_the_book_gets_its_tokens_back(world: BidWorld, reason: int) -> None:
    seller = world.seller()
    ask = world.place_ask(seller)
    order = world.place_bid(ask, ARGS)
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    if reason == MISSED_PROOF:
        world.reveal(order)
    world.accepted_unsigned(world.return_instruction(order, reason))
    assert world.read(market.Ask, ask).returned_atoms == BASE_ATOMS
    assert not world.read(market.Ask, ask).listed


def test_a_sold_out_ask_is_not_in_the_book(world: BidWorld) -> None:
    order = world.place_bid(world.ask(), replace(ARGS, base_atoms=BASE_ATOMS))
    world.accepted_unsigned(world.return_instruction(order, MISSED_REVEAL))
    after = world.read(market.Ask, world.order(order).ask)
    assert (after.returned_atoms, after.listed) == (BASE_ATOMS, False)


def test_other_orders_of_the_ask_go_on(world: BidWorld) -> None:
    ask = world.ask()
    first, second = world.place_bid(ask, ARGS), world.place_bid(ask, ARGS)
    world.accepted_unsigned(world.return_instruction(first, MISSED_REVEAL))
    stored, line = world.read(market.Ask, ask), world.line(ARGS.line_id)
    assert line is not None
    assert (stored.locked_atoms, stored.live_orders, stored.returned_atoms) == (FILL, 1, BASE_ATOMS - FILL)
    assert line.reserved_minor_units == DUE_OF_FILL
    world.confirm(second)
    tokens = world.buyer_token()
    world.accepted_unsigned(world.release_instruction(second, DUE_OF_FILL))
    assert world.balance(tokens) > 0


def test_other_asks_stay_in_the_book(world: BidWorld) -> None:
    ask, other = world.ask(), world.ask()
    order = world.place_bid(ask, ARGS)
    world.accepted_unsigned(world.return_instruction(order, MISSED_REVEAL))
    assert [leaf.value.ask for leaf in world.leaves()] == [other]


def test_a_freed_line_covers_the_next_bid(world: BidWorld) -> None:
    """Unlike a settlement, a return does not make an attestation stale: no money has moved."""
    ask, args = world.ask(), replace(ARGS, covered_minor_units=DUE_OF_FILL)
    order = world.place_bid(ask, args)
    world.reveal(order)
    world.accepted_unsigned(world.return_instruction(order, MISSED_PROOF))
    world.place_bid(ask, args)


def test_strikes_lead_to_a_cool_down(world: BidWorld) -> None:
    ask = world.ask()
    for expected in [(1, 0), (2, 0), (0, UNIX_TIME_S + TermsArgs().cooldown_s)]:
        order = world.place_bid(ask, ARGS)
        world.reveal(order)
        world.accepted_unsigned(world.return_instruction(order, MISSED_PROOF))
        line = world.line(ARGS.line_id)
        assert line is not None
        assert (line.strikes, line.cooldown_until_unix_s) == expected


@pytest.mark.parametrize("name", RETURNS)
def test_a_pause_or_revoked_terms_stop_no_return(world: BidWorld, name: str) -> None:
    ready = READY[name](world)
    world.edit(market.Market, world.place.market, paused=True)
    world.edit(market.Terms, world.place.terms(), revoked_at_unix_s=1)
    world.accepted_unsigned(ready.instruction)


GOES_WITH = {MISSED_REVEAL: {0}, MISSED_PROOF: {1}, CANCELLED_FREE: {1}, CANCELLED: {0, 1}}
"""The statuses of an order that a reason can end."""


@pytest.mark.parametrize(
    ("reason", "admitted"), [(reason, status) for reason, statuses in GOES_WITH.items() for status in statuses]
)
def test_each_reason_goes_with_its_statuses(world: BidWorld, reason: int, admitted: int) -> None:
    order = world.place_bid(world.ask(), ARGS)
    instruction = world.return_instruction(order, reason)
    for status in {0, 1, 2, 3, 4, 5, 255} - GOES_WITH[reason]:
        world.edit(order_store.MatchedOrder, order, status=status)
        world.refused_unsigned(instruction, OrderStatusMismatchError)
    world.edit(order_store.MatchedOrder, order, status=admitted)
    world.accepted_unsigned(instruction)


@pytest.mark.parametrize("reason", [4, 5, 255])
def test_other_reasons(world: BidWorld, reason: int) -> None:
    order = world.place_bid(world.ask(), ARGS)
    world.refused_unsigned(world.return_instruction(order, reason), ReasonUnknownError)


@pytest.mark.parametrize("name", RETURNS)
def test_funds_are_returned_once(world: BidWorld, name: str) -> None:
    """order_store moves the order on in the same transaction; even without that there is nothing to take from."""
    ready = READY[name](world)
    world.accepted_unsigned(ready.instruction)
    again = FreeCancelUsedError if name == "cancelled_free" else ArithmeticOverflowError
    world.refused_unsigned(ready.instruction, again)


def test_nobody_but_order_processor(world: BidWorld) -> None:
    ready = missed_reveal(world)
    authority = ready.index("processor_authority")
    world.refused(with_account(ready.instruction, authority, is_signer=False), code=SignerMissingError)
    for signer in (world.buyer, world.governor):
        own = with_account(ready.instruction, authority, pubkey=signer.pubkey())
        world.refused(own, signers=[signer], code=AuthorityAddressMismatchError)


@pytest.mark.parametrize(
    ("account", "error"),
    [
        ("order", OrderInvalidError),
        ("terms", TermsInvalidError),
        ("ask", AskInvalidError),
        ("line", LineInvalidError),
    ],
)
@pytest.mark.parametrize("name", RETURNS)
def test_forged_accounts(world: BidWorld, name: str, account: str, error: type[TransactionRefusedError]) -> None:
    ready = READY[name](world)
    address = ready.address(account)
    kinds = {"order", "terms", "ask", "line", "book"} - {account}
    for other in (forged(world, address), STRANGER, *(ready.address(kind) for kind in kinds)):
        world.refused_unsigned(ready.with_(account, other), error)
    found = world.account(address)
    assert found is not None
    for data in (bytes(8) + bytes(found.data)[8:], bytes(found.data)[:-1], bytes(found.data) + b"\0", b""):
        world.svm.set_account(address, Account(found.lamports, data, found.owner))
        world.refused_unsigned(ready.instruction, error)
    world.svm.set_account(address, found)
    world.accepted_unsigned(ready.instruction)


@pytest.mark.parametrize("name", RETURNS)
def test_other_books(world: BidWorld, name: str) -> None:
    ready = READY[name](world)
    address = ready.address("book")
    for other in (forged(world, address), STRANGER, ready.address("ask"), ready.address("line")):
        world.refused_unsigned(ready.with_("book", other), BookInvalidError)
    other_place = world.open_market(decimals=6)
    world.refused_unsigned(ready.with_("book", other_place.book), BookAddressMismatchError)
    found = world.account(address)
    assert found is not None
    for data in (bytes(8) + bytes(found.data)[8:], bytes(found.data)[:47], b""):
        world.svm.set_account(address, Account(found.lamports, data, found.owner))
        world.refused_unsigned(ready.instruction, BookInvalidError)
    world.svm.set_account(address, found)
    world.accepted_unsigned(ready.instruction)


@pytest.mark.parametrize("name", RETURNS)
def test_accounts_of_another_trade(world: BidWorld, name: str) -> None:
    ready = READY[name](world)
    place = world.open_market(decimals=6)
    args = replace(ARGS, line_id=line_id("another"))
    ask = world.ask(place=place)
    order = world.place_bid(ask, args, place)
    if name == "missed_proof":
        world.reveal(order)
    for account, address, error in (
        ("terms", place.terms(), TermsOfAnotherMarketError),
        ("order", order, TermsOfAnotherMarketError),
        ("ask", ask, OrderOfAnotherAskError),
        ("line", market.line_address(args.line_id), OrderOfAnotherAskError),
    ):
        world.refused_unsigned(ready.with_(account, address), error)
    world.accepted_unsigned(ready.instruction)


def test_another_ask_or_order_of_the_same_market(world: BidWorld) -> None:
    ready = missed_reveal(world)
    args = replace(ARGS, line_id=line_id("another"), base_atoms=BASE_ATOMS)
    world.place_bid(ready.address("ask"), args)
    other = world.place_bid(world.ask(), args)
    for account, address in (
        ("order", other),
        ("ask", world.order(other).ask),
        ("line", market.line_address(args.line_id)),
    ):
        world.refused_unsigned(ready.with_(account, address), OrderOfAnotherAskError)
    world.accepted_unsigned(ready.instruction)


def test_other_terms_of_the_market(world: BidWorld) -> None:
    ready = missed_proof(world)
    world.publish_terms(TermsArgs(version=2, strikes_max=1))
    world.refused_unsigned(ready.with_("terms", world.place.terms(2)), TermsVersionMismatchError)
    world.accepted_unsigned(ready.instruction)


def test_an_ask_of_another_market_than_the_orders(world: BidWorld) -> None:
    ready = missed_reveal(world)
    world.edit(market.Ask, ready.address("ask"), market=STRANGER)
    world.refused_unsigned(ready.instruction, AskOfAnotherMarketError)


def test_a_listed_ask_without_its_leaf(world: BidWorld) -> None:
    """No program makes such a book: it is refused, and nothing is lost."""
    ready = missed_reveal(world)
    ask = world.read(market.Ask, ready.address("ask"))
    world.edit(market.Ask, ready.address("ask"), sequence=ask.sequence + 1)
    world.refused_unsigned(ready.instruction, BookCorruptError)


def test_states_that_no_program_makes_overflow_nowhere(world: BidWorld) -> None:
    ready = missed_proof(world)
    ask, line = ready.address("ask"), ready.address("line")

    def refused(layout: type, address: Pubkey, **changes: object) -> None:
        before = world.account(address)
        assert before is not None
        world.edit(layout, address, **changes)
        world.refused_unsigned(ready.instruction, ArithmeticOverflowError)
        world.svm.set_account(address, before)

    refused(market.Ask, ask, returned_atoms=2**64 - FILL)
    refused(market.Ask, ask, locked_atoms=FILL - 1)
    refused(market.Ask, ask, live_orders=0)
    refused(market.SolvencyLine, line, reserved_minor_units=DUE_OF_FILL - 1)
    world.accepted_unsigned(ready.instruction)
