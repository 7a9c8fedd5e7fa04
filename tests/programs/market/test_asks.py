"""An ask from deposit to its closed vault, and the fees on the way."""

from __future__ import annotations

from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.trade.tokens import TOKEN_PROGRAM, associated_token_address
from tests.programs.market.world import (
    BASE_ATOMS,
    DECIMALS,
    EXPIRY_UNIX_S,
    MIN_FILL_ATOMS,
    PAYEE_COMMIT,
    PRICE,
    TOKEN_ACCOUNT_BYTES,
    AskArgs,
    Leaf,
    MarketWorld,
    conserved,
    event,
)
from tests.programs.world import UNIX_TIME_S, with_account


def test_ask_is_deposited_and_listed(world: MarketWorld) -> None:
    seller = world.seller(BASE_ATOMS + 7)
    delegate = world.user().pubkey()
    args = AskArgs(client_nonce=2**64 - 1, reveal_delegate=delegate)
    outcome = world.accepted(world.ask_instruction(seller.pubkey(), args), signers=[seller])
    place = world.place
    ask = place.ask(seller.pubkey(), args.client_nonce)
    vault, vault_bump = market.vault_address_and_bump(ask)
    assert world.read(market.Ask, ask) == market.Ask(
        market=place.market,
        seller=seller.pubkey(),
        vault=vault,
        client_nonce=args.client_nonce,
        price=PRICE,
        min_fill_atoms=MIN_FILL_ATOMS,
        payee_commit=PAYEE_COMMIT,
        reveal_delegate=delegate,
        terms_version=1,
        expiry_unix_s=EXPIRY_UNIX_S,
        sequence=1,
        listed=True,
        bump=market.ask_address_and_bump(place.market, seller.pubkey(), args.client_nonce)[1],
        vault_bump=vault_bump,
        live_orders=0,
        deposited_atoms=BASE_ATOMS,
        locked_atoms=0,
        released_atoms=0,
        fees_atoms=0,
        fee_owed_atoms=0,
        returned_atoms=0,
        withdrawn_atoms=0,
    )
    leaf = market.BookLeaf(ask, seller.pubkey(), BASE_ATOMS, MIN_FILL_ATOMS, PAYEE_COMMIT, 1, EXPIRY_UNIX_S)
    assert world.leaves() == [Leaf(PRICE, 1, leaf)]
    assert world.balance(vault) == BASE_ATOMS
    assert world.balance(associated_token_address(seller.pubkey(), place.mint)) == 7
    held = world.account(vault)
    assert held is not None
    assert (held.owner, len(held.data)) == (TOKEN_PROGRAM, TOKEN_ACCOUNT_BYTES)
    assert bytes(held.data)[:64] == bytes(place.mint) + bytes(ask)
    assert event(outcome, market.AskPlaced) == market.AskPlaced(
        place.market, ask, seller.pubkey(), BASE_ATOMS, PRICE, 1
    )


def test_asks_stand_by_price_then_time(world: MarketWorld) -> None:
    seller = world.seller(6 * BASE_ATOMS)
    for nonce, price in enumerate([300, 100, 200, 100, 300, 1]):
        world.place_ask(seller, AskArgs(client_nonce=nonce, price=price))
    assert [(leaf.price, leaf.sequence) for leaf in world.leaves()] == [
        (1, 6), (100, 2), (100, 4), (200, 3), (300, 1), (300, 5),
    ]  # fmt: skip


def test_largest_and_smallest_offer(world: MarketWorld) -> None:
    """u64 at both ends: the whole deposit's due is the largest that fits, and the smallest that the terms allow."""
    seller = world.seller(2**64 - 1 - BASE_ATOMS)
    largest = (2**64 - 1) * 10**DECIMALS // (2**63)
    world.place_ask(seller, AskArgs(base_atoms=2**63, min_fill_atoms=2**63, price=largest, expiry_unix_s=2**40 - 1))
    smallest = AskArgs(
        client_nonce=0,
        base_atoms=10**DECIMALS,
        price=1,
        payee_commit=bytes(32),
        expiry_unix_s=UNIX_TIME_S + market.LISTING_MIN_S,
    )
    world.place_ask(seller, smallest)
    assert [leaf.value.open_atoms for leaf in world.leaves()] == [10**DECIMALS, 2**63]


def test_cancelled_ask_is_returned_and_goes_on_with_its_orders(world: MarketWorld) -> None:
    seller = world.seller(2 * BASE_ATOMS)
    other = world.place_ask(seller, AskArgs(client_nonce=2))
    ask = world.place_ask(seller)
    outcome = world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    after = world.read(market.Ask, ask)
    assert (after.listed, after.returned_atoms, after.deposited_atoms) == (False, BASE_ATOMS, BASE_ATOMS)
    assert conserved(after, 0)
    assert [leaf.value.ask for leaf in world.leaves()] == [other]
    assert event(outcome, market.AskCancelled) == market.AskCancelled(ask, BASE_ATOMS)
    assert world.balance(market.vault_address(ask)) == BASE_ATOMS


def test_withdrawal_pays_the_seller_and_closes_the_vault(world: MarketWorld) -> None:
    seller = world.seller()
    ask = world.place_ask(seller)
    vault, home = market.vault_address(ask), associated_token_address(seller.pubkey(), world.place.mint)
    rent = world.lamports(vault)
    before = world.lamports(seller.pubkey())
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    outcome = world.accepted(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    after = world.read(market.Ask, ask)
    assert (after.vault, after.withdrawn_atoms, after.returned_atoms) == (Pubkey.default(), BASE_ATOMS, 0)
    assert conserved(after, 0)
    assert world.account(vault) is None
    assert world.balance(home) == BASE_ATOMS
    assert world.lamports(seller.pubkey()) == before + rent
    assert event(outcome, market.AskWithdrawn) == market.AskWithdrawn(ask, BASE_ATOMS, vault_closed=True)


def test_withdrawal_beside_live_orders_leaves_the_vault_open(world: MarketWorld) -> None:
    seller, ask = _ask_with(world, live_orders=1, locked_atoms=30, returned_atoms=BASE_ATOMS - 30)
    outcome = world.accepted(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    after = world.read(market.Ask, ask)
    assert (after.vault, after.withdrawn_atoms) == (market.vault_address(ask), BASE_ATOMS - 30)
    assert world.balance(market.vault_address(ask)) == 30
    assert not event(outcome, market.AskWithdrawn).vault_closed
    assert conserved(after, 0)


def test_withdrawal_beside_a_listed_rest_leaves_the_vault_open(world: MarketWorld) -> None:
    seller = world.seller()
    ask = world.place_ask(seller)
    world.edit(market.Ask, ask, returned_atoms=1)
    world.accepted(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    assert world.balance(market.vault_address(ask)) == BASE_ATOMS - 1
    assert world.read(market.Ask, ask).listed


def test_surplus_in_the_vault_goes_to_the_seller_at_the_end_only(world: MarketWorld) -> None:
    seller, ask = _ask_with(world, returned_atoms=BASE_ATOMS - 30, fees_atoms=30, fee_owed_atoms=30)
    vault = market.vault_address(ask)
    world.mint_to(world.place.mint, vault, 500)
    world.accepted(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    assert world.balance(vault) == 530
    world.fund(world.place.mint, world.treasury.pubkey(), 0)
    world.accepted(world.collect_instruction(ask))
    outcome = world.accepted(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    assert world.account(vault) is None
    assert world.balance(associated_token_address(seller.pubkey(), world.place.mint)) == BASE_ATOMS - 30 + 500
    assert event(outcome, market.AskWithdrawn) == market.AskWithdrawn(ask, 0, vault_closed=True)
    assert world.read(market.Ask, ask).withdrawn_atoms == BASE_ATOMS - 30


def test_empty_vault_of_a_sold_out_ask_closes(world: MarketWorld) -> None:
    seller, ask = _ask_with(world, released_atoms=BASE_ATOMS)
    world.set_balance(market.vault_address(ask), 0)
    world.accepted(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    assert world.account(market.vault_address(ask)) is None


def test_any_account_of_the_seller_will_do(world: MarketWorld) -> None:
    seller = world.seller()
    ask = world.place_ask(seller)
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    elsewhere = world.token_account(world.place.mint, seller.pubkey())
    instruction = with_account(world.withdraw_instruction(seller.pubkey(), ask), 3, pubkey=elsewhere)
    world.accepted(instruction, signers=[seller])
    assert world.balance(elsewhere) == BASE_ATOMS


def test_fees_go_to_the_treasury(world: MarketWorld) -> None:
    _, ask = _ask_with(world, returned_atoms=BASE_ATOMS - 30, fees_atoms=40, fee_owed_atoms=30, released_atoms=0)
    treasury = world.fund(world.place.mint, world.treasury.pubkey(), 5)
    outcome = world.accepted(world.collect_instruction(ask))
    assert world.balance(treasury) == 35
    assert world.balance(market.vault_address(ask)) == BASE_ATOMS - 30
    after = world.read(market.Ask, ask)
    assert (after.fee_owed_atoms, after.fees_atoms) == (0, 40)
    assert event(outcome, market.FeesCollected) == market.FeesCollected(ask, 30)


def test_a_pause_blocks_no_exit(world: MarketWorld) -> None:
    seller = world.seller()
    ask = world.place_ask(seller)
    world.edit(market.Market, world.place.market, paused=True)
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    world.edit(market.Ask, ask, returned_atoms=BASE_ATOMS - 30, fees_atoms=30, fee_owed_atoms=30)
    world.fund(world.place.mint, world.treasury.pubkey(), 0)
    world.accepted(world.collect_instruction(ask))
    world.accepted(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    assert world.account(market.vault_address(ask)) is None


def test_two_markets_keep_apart(world: MarketWorld) -> None:
    other = world.open_market(decimals=9)
    assert other.market != world.place.market
    first, second = world.seller(), world.seller(place=other)
    here, there = world.place_ask(first), world.place_ask(second, place=other)
    assert [leaf.value.ask for leaf in world.leaves()] == [here]
    assert [leaf.value.ask for leaf in world.leaves(other)] == [there]
    assert world.read(market.Config, market.config_address()).rails_count == 1


def _ask_with(world: MarketWorld, **fields: object) -> tuple[Keypair, Pubkey]:
    """An ask that has left the book, with these amounts in place of what was returned."""
    seller = world.seller()
    ask = world.place_ask(seller)
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    world.edit(market.Ask, ask, **({"returned_atoms": 0} | fields))
    return seller, ask
