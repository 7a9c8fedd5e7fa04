"""release_escrowed_funds: who gets how much, what it checks, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_core.spec import CLOCK_SKEW_S
from anomi_sdk.generated import market, order_store
from anomi_sdk.generated.market_errors import (
    ArithmeticOverflowError,
    AskInvalidError,
    AskOfAnotherMarketError,
    AuthorityAddressMismatchError,
    LineInvalidError,
    MarketInvalidError,
    OrderInvalidError,
    OrderOfAnotherAskError,
    OrderStatusMismatchError,
    SignerMissingError,
    TermsInvalidError,
    TermsOfAnotherMarketError,
    TermsVersionMismatchError,
    TokenAccountAddressMismatchError,
    TokenAccountInvalidError,
    TokenAccountMintMismatchError,
    TokenAccountOwnerMismatchError,
    VaultAddressMismatchError,
    VaultClosedError,
)
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.trade.tokens import TOKEN_PROGRAM, associated_token_address
from tests.programs.market.bid.ready import ARGS, FILL, Ready, release
from tests.programs.market.bid.world import COVERED, DUE, BidArgs, BidWorld, line_id
from tests.programs.market.world import BASE_ATOMS, FEE_BPS, AskArgs, TermsArgs, conserved, event
from tests.programs.world import UNIX_TIME_S, error_of, with_account

DUE_OF_FILL = DUE // 4
FROZEN = 17
"""The token program's own code of a frozen account."""
STRANGER = Pubkey.from_bytes(bytes([9] * 32))


def confirmed(world: BidWorld, paid: int = DUE_OF_FILL, args: BidArgs = ARGS) -> Pubkey:
    """An order of a quarter of an ask, whose payment of at least `paid` is confirmed; its buyer can be paid."""
    order = world.place_bid(world.ask(), args)
    world.confirm(order, paid)
    world.buyer_token()
    return order


@pytest.mark.parametrize(
    "paid",
    [0, 1, DUE_OF_FILL // 3, DUE_OF_FILL // 2, DUE_OF_FILL - 1, DUE_OF_FILL, DUE_OF_FILL + 1, 2**64 - 1],
)
def test_what_was_paid_for_is_released_less_the_fee(world: BidWorld, paid: int) -> None:
    order = confirmed(world, paid)
    ask = world.order(order).ask
    before = world.read(market.Ask, ask)
    tokens = world.buyer_token()
    now = UNIX_TIME_S + 1000
    world.svm.set_unix_time(now)
    outcome = world.accepted_unsigned(world.release_instruction(order, paid))
    released = FILL * min(paid, DUE_OF_FILL) // DUE_OF_FILL
    fee = released * FEE_BPS // 10_000
    assert world.balance(tokens) == released - fee
    assert world.balance(market.vault_address(ask)) == BASE_ATOMS - (released - fee)
    after = world.read(market.Ask, ask)
    assert after == replace(
        before,
        locked_atoms=0,
        live_orders=0,
        released_atoms=released - fee,
        fees_atoms=fee,
        fee_owed_atoms=fee,
        returned_atoms=FILL - released,
    )
    assert conserved(after, BASE_ATOMS - FILL)
    line = world.line(ARGS.line_id)
    assert line is not None
    assert (line.reserved_minor_units, line.seq, line.fresh_after_unix_s) == (0, 1, now + CLOCK_SKEW_S)
    assert (line.strikes, line.cooldown_until_unix_s) == (int(paid < DUE_OF_FILL), 0)
    assert event(outcome, market.FundsReleased) == market.FundsReleased(
        order, ask, released - fee, fee, FILL - released
    )


@pytest.mark.parametrize("fee_bps", [0, 100])
def test_lowest_and_highest_fee(world: BidWorld, fee_bps: int) -> None:
    world.publish_terms(TermsArgs(version=2, fee_bps=fee_bps))
    ask = world.ask(AskArgs(terms_version=2))
    order = world.order_address(ARGS)
    world.bids(world.bid_instruction(ask, ARGS, terms_version=2))
    world.confirm(order, DUE_OF_FILL)
    tokens = world.buyer_token()
    world.accepted_unsigned(world.release_instruction(order, DUE_OF_FILL, terms_version=2))
    assert world.balance(tokens) == FILL - FILL * fee_bps // 10_000


def test_a_whole_ask_in_four_orders(world: BidWorld) -> None:
    """Full, partial, full, nothing paid for: every token is somewhere, and the seller and the treasury get theirs."""
    seller = world.seller()
    ask = world.place_ask(seller)
    orders = [world.place_bid(ask, ARGS) for _ in range(4)]
    tokens = world.buyer_token()
    paid = [DUE_OF_FILL, DUE_OF_FILL // 2, DUE_OF_FILL, 0]
    for order, amount in zip(orders, paid, strict=True):
        world.confirm(order, amount)
        world.accepted_unsigned(world.release_instruction(order, amount))
    released = [FILL, FILL // 2, FILL, 0]
    fees = [amount * FEE_BPS // 10_000 for amount in released]
    assert world.balance(tokens) == sum(released) - sum(fees)
    treasury = world.fund(world.place.mint, world.treasury.pubkey(), 0)
    world.accepted(world.collect_instruction(ask))
    world.accepted(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    assert world.balance(treasury) == sum(fees)
    assert world.balance(associated_token_address(seller.pubkey(), world.place.mint)) == BASE_ATOMS - sum(released)
    assert world.account(market.vault_address(ask)) is None


def test_strikes_lead_to_a_cool_down(world: BidWorld) -> None:
    ask = world.ask()
    orders = [world.place_bid(ask, ARGS) for _ in range(4)]
    world.buyer_token()
    seen = []
    for order in orders:
        world.confirm(order, 1)
        world.accepted_unsigned(world.release_instruction(order, DUE_OF_FILL - 1))
        line = world.line(ARGS.line_id)
        assert line is not None
        seen.append((line.strikes, line.cooldown_until_unix_s))
    until = UNIX_TIME_S + TermsArgs().cooldown_s
    assert seen == [(1, 0), (2, 0), (0, until), (1, until)]


def test_what_order_processor_says_was_paid_decides(world: BidWorld) -> None:
    """The record's own floor is a receipt: order_processor writes the same number there."""
    order = confirmed(world, paid=1)
    tokens = world.buyer_token()
    world.accepted_unsigned(world.release_instruction(order, DUE_OF_FILL))
    assert world.balance(tokens) == FILL - FILL * FEE_BPS // 10_000


def test_a_pause_or_revoked_terms_stop_no_release(world: BidWorld) -> None:
    order = confirmed(world)
    world.edit(market.Market, world.place.market, paused=True)
    world.edit(market.Terms, world.place.terms(), revoked_at_unix_s=1)
    world.accepted_unsigned(world.release_instruction(order, DUE_OF_FILL))


def test_an_orders_own_terms_decide(world: BidWorld) -> None:
    order = confirmed(world, DUE_OF_FILL)
    world.publish_terms(TermsArgs(version=2, fee_bps=100))
    current = world.release_instruction(order, DUE_OF_FILL, terms_version=2)
    world.refused_unsigned(current, TermsVersionMismatchError)
    world.accepted_unsigned(world.release_instruction(order, DUE_OF_FILL))
    assert world.balance(world.buyer_token()) == FILL - FILL * FEE_BPS // 10_000


def test_an_ask_that_has_left_the_book_still_pays(world: BidWorld) -> None:
    seller = world.seller()
    ask = world.place_ask(seller)
    order = world.place_bid(ask, ARGS)
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    world.accepted(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    world.confirm(order)
    tokens = world.buyer_token()
    world.accepted_unsigned(world.release_instruction(order, DUE_OF_FILL))
    assert world.balance(tokens) == FILL - FILL * FEE_BPS // 10_000


@pytest.mark.parametrize("status", [0, 1, 3, 4, 5, 255])
def test_only_a_confirmed_order_is_released(world: BidWorld, status: int) -> None:
    ready = release(world)
    order = ready.address("order")
    world.edit(order_store.MatchedOrder, order, status=status)
    world.refused_unsigned(ready.instruction, OrderStatusMismatchError)


def test_an_order_is_released_once(world: BidWorld) -> None:
    """order_store moves it on in the same transaction; even without that, the second time has nothing to take from."""
    ready = release(world)
    world.accepted_unsigned(ready.instruction)
    world.refused_unsigned(ready.instruction, ArithmeticOverflowError)


def test_nobody_but_order_processor(world: BidWorld) -> None:
    """Anyone can write this instruction; no one can sign it."""
    ready = release(world)
    authority = ready.index("processor_authority")
    unsigned = with_account(ready.instruction, authority, is_signer=False)
    world.refused(unsigned, code=SignerMissingError)
    seller = world.user()
    for signer in (world.buyer, seller, world.governor):
        own = with_account(ready.instruction, authority, pubkey=signer.pubkey())
        world.refused(own, signers=[signer], code=AuthorityAddressMismatchError)
    world.refused_unsigned(
        with_account(ready.instruction, authority, pubkey=market.authority_address()), AuthorityAddressMismatchError
    )


def forged(world: BidWorld, address: Pubkey, owner: Pubkey = STRANGER) -> Pubkey:
    """The same bytes at an address of another program."""
    account = world.account(address)
    assert account is not None
    copy = Pubkey.find_program_address([b"forged", bytes(address)], STRANGER)[0]
    world.svm.set_account(copy, Account(account.lamports, account.data, owner))
    return copy


@pytest.mark.parametrize(
    ("account", "error"),
    [
        ("order", OrderInvalidError),
        ("market", MarketInvalidError),
        ("terms", TermsInvalidError),
        ("ask", AskInvalidError),
        ("line", LineInvalidError),
    ],
)
def test_forged_accounts(world: BidWorld, account: str, error: type[TransactionRefusedError]) -> None:
    ready = release(world)
    address = ready.address(account)
    kinds = {"order", "market", "terms", "ask", "line", "buyer_token"} - {account}
    # order_store owns an order, the market everything else: a copy is never the right program's.
    for other in (forged(world, address), STRANGER, *(ready.address(kind) for kind in kinds)):
        world.refused_unsigned(ready.with_(account, other), error)
    found = world.account(address)
    assert found is not None
    for data in (bytes(8) + bytes(found.data)[8:], bytes(found.data)[:-1], bytes(found.data) + b"\0", b""):
        world.svm.set_account(address, Account(found.lamports, data, found.owner))
        world.refused_unsigned(ready.instruction, error)
    world.svm.set_account(address, found)
    world.accepted_unsigned(ready.instruction)


def test_accounts_of_another_trade(world: BidWorld) -> None:
    """A second market with a confirmed order of its own, whose accounts are all true."""
    ready = release(world)
    place = world.open_market(decimals=6)
    args = replace(ARGS, line_id=line_id("another"))
    order = world.place_bid(world.ask(place=place), args, place)
    world.confirm(order, DUE_OF_FILL)
    world.buyer_token(place)
    other = Ready(world.release_instruction(order, DUE_OF_FILL, place=place))
    for account, error in (
        ("market", OrderOfAnotherAskError),
        ("terms", TermsOfAnotherMarketError),
        ("order", OrderOfAnotherAskError),
        ("ask", OrderOfAnotherAskError),
        ("vault", VaultAddressMismatchError),
        ("line", OrderOfAnotherAskError),
        ("buyer_token", TokenAccountAddressMismatchError),
    ):
        world.refused_unsigned(ready.with_(account, other.address(account)), error)
    world.accepted_unsigned(ready.instruction)
    world.accepted_unsigned(other.instruction)


def test_accounts_of_another_trade_in_the_same_market(world: BidWorld) -> None:
    ready = release(world)
    args = replace(ARGS, line_id=line_id("another"), base_atoms=BASE_ATOMS)
    ask = world.leaves()[0].value.ask
    world.place_bid(ask, replace(args, covered_minor_units=COVERED, base_atoms=BASE_ATOMS - FILL))
    order = world.place_bid(world.ask(), args)
    other = Ready(world.release_instruction(order, DUE_OF_FILL))
    for account, error in (
        ("order", OrderOfAnotherAskError),
        ("ask", OrderOfAnotherAskError),
        ("vault", VaultAddressMismatchError),
        ("line", OrderOfAnotherAskError),
    ):
        world.refused_unsigned(ready.with_(account, other.address(account)), error)
    world.accepted_unsigned(ready.instruction)


def test_an_ask_of_another_market_than_the_orders(world: BidWorld) -> None:
    """No program makes such a pair; it is refused all the same."""
    ready = release(world)
    world.edit(market.Ask, ready.address("ask"), market=STRANGER)
    world.refused_unsigned(ready.instruction, AskOfAnotherMarketError)


def test_other_vaults(world: BidWorld) -> None:
    ready = release(world)
    own = world.fund(world.place.mint, ready.address("ask"), BASE_ATOMS)
    for other in (own, world.ask(), ready.address("buyer_token"), STRANGER):
        world.refused_unsigned(ready.with_("vault", other), VaultAddressMismatchError)
    world.edit(market.Ask, ready.address("ask"), vault=Pubkey.default())
    world.refused_unsigned(ready.instruction, VaultClosedError)


def test_other_accounts_than_the_buyers_associated_one(world: BidWorld) -> None:
    ready = release(world)
    place, mint = world.place, world.mint()
    for other in (
        world.token_account(place.mint, world.buyer.pubkey()),
        world.fund(mint, world.buyer.pubkey(), 0),
        world.fund(place.mint, world.payer.pubkey(), 0),
        ready.address("vault"),
        world.buyer.pubkey(),
        STRANGER,
    ):
        world.refused_unsigned(ready.with_("buyer_token", other), TokenAccountAddressMismatchError)
    world.accepted_unsigned(ready.instruction)


def close(owner: Keypair, account: Pubkey) -> Instruction:
    metas = [
        AccountMeta(account, is_signer=False, is_writable=True),
        AccountMeta(owner.pubkey(), is_signer=False, is_writable=True),
        AccountMeta(owner.pubkey(), is_signer=True, is_writable=False),
    ]
    return Instruction(TOKEN_PROGRAM, b"\x09", metas)


def test_a_closed_account_is_refused_until_it_is_there_again(world: BidWorld) -> None:
    ready = release(world)
    world.accepted(close(world.buyer, ready.address("buyer_token")), signers=[world.buyer])
    world.refused_unsigned(ready.instruction, TokenAccountInvalidError)
    world.buyer_token()
    world.accepted_unsigned(ready.instruction)


def test_an_account_that_was_given_away_is_refused(world: BidWorld) -> None:
    """The token program lets an owner hand his associated account over to someone else."""
    ready = release(world)
    account = ready.address("buyer_token")
    metas = [
        AccountMeta(account, is_signer=False, is_writable=True),
        AccountMeta(world.buyer.pubkey(), is_signer=True, is_writable=False),
    ]
    hand_over = Instruction(TOKEN_PROGRAM, b"\x06\x02\x01" + bytes(STRANGER), metas)
    world.accepted(hand_over, signers=[world.buyer])
    world.refused_unsigned(ready.instruction, TokenAccountOwnerMismatchError)


def test_token_accounts_that_the_token_program_would_not_make(world: BidWorld) -> None:
    """At the right address: of another mint, not initialized, of another length or program."""
    ready = release(world)
    address = ready.address("buyer_token")
    found = world.account(address)
    assert found is not None
    data = bytes(found.data)
    for spoilt, owner, error in (
        (bytes(STRANGER) + data[32:], TOKEN_PROGRAM, TokenAccountMintMismatchError),
        (data[:108] + b"\0" + data[109:], TOKEN_PROGRAM, TokenAccountInvalidError),
        (data[:-1], TOKEN_PROGRAM, TokenAccountInvalidError),
        (data + b"\0", TOKEN_PROGRAM, TokenAccountInvalidError),
        (data, STRANGER, TokenAccountInvalidError),
        (data, Pubkey.default(), TokenAccountInvalidError),
    ):
        world.svm.set_account(address, Account(found.lamports, spoilt, owner))
        world.refused_unsigned(ready.instruction, error)
    world.svm.set_account(address, found)
    world.accepted_unsigned(ready.instruction)


def test_a_frozen_account_is_the_token_programs_to_refuse(world: BidWorld) -> None:
    """Nothing changes, so that the order can still be released after a thaw, or expire."""
    place = world.initialize_market(world.mint(freezable=True))
    world.publish_terms(place=place)
    order = world.place_bid(world.ask(place=place), ARGS, place)
    world.confirm(order)
    tokens = world.buyer_token(place)
    world.freeze(place.mint, tokens)
    failure = error_of(world.refused_unsigned(world.release_instruction(order, DUE_OF_FILL, place=place))).failure
    assert (failure.program_id, failure.code) == (TOKEN_PROGRAM, FROZEN)


def test_the_checks_come_in_their_order(world: BidWorld) -> None:
    """Every account is wrong: each is named in turn as the ones before it are put right."""
    ready = release(world)
    other = world.open_market(decimals=6)
    wrong = {
        "order": (STRANGER, OrderInvalidError),
        "market": (other.market, OrderOfAnotherAskError),
        "terms": (other.terms(), TermsOfAnotherMarketError),
        "ask": (world.ask(place=other), OrderOfAnotherAskError),
        "vault": (STRANGER, VaultAddressMismatchError),
        "line": (STRANGER, LineInvalidError),
        "buyer_token": (STRANGER, TokenAccountAddressMismatchError),
    }
    instruction = ready.instruction
    for account, (address, _) in wrong.items():
        instruction = with_account(instruction, ready.index(account), pubkey=address)
    for account, (_, error) in wrong.items():
        world.refused_unsigned(instruction, error)
        instruction = with_account(instruction, ready.index(account), pubkey=ready.address(account))
    assert instruction == ready.instruction
    world.accepted_unsigned(instruction)


def test_states_that_no_program_makes_overflow_nowhere(world: BidWorld) -> None:
    ready = release(world)
    ask, line = ready.address("ask"), ready.address("line")

    def refused(layout: type, address: Pubkey, **changes: object) -> None:
        before = world.account(address)
        assert before is not None
        world.edit(layout, address, **changes)
        world.refused_unsigned(ready.instruction, ArithmeticOverflowError)
        world.svm.set_account(address, before)

    for field in ("released_atoms", "fees_atoms", "fee_owed_atoms"):
        refused(market.Ask, ask, **{field: 2**64 - 1})
    refused(market.Ask, ask, locked_atoms=FILL - 1)
    refused(market.Ask, ask, live_orders=0)
    refused(market.SolvencyLine, line, reserved_minor_units=DUE_OF_FILL - 1)
    refused(market.Terms, ready.address("terms"), fee_bps=101)
    refused(order_store.MatchedOrder, ready.address("order"), due_minor_units=0)
    world.accepted_unsigned(ready.instruction)
