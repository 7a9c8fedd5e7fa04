"""Asks that stay in the book under new terms, come back to it, and are taken out of it by anyone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import AskNotPrunableError, NothingToWithdrawError
from anomi_sdk.trade.tokens import associated_token_address
from tests.programs.market import steps
from tests.programs.market.steps import GRACE_OVER, RelistArgs
from tests.programs.market.world import (
    BASE_ATOMS,
    DECIMALS,
    EXPIRY_UNIX_S,
    MIN_ASK_ATOMS,
    MIN_FILL_ATOMS,
    PAYEE_COMMIT,
    PRICE,
    AskArgs,
    Leaf,
    MarketWorld,
    TermsArgs,
    conserved,
    event,
)
from tests.programs.world import UNIX_TIME_S

ASK = AskArgs()


def listed(world: MarketWorld, args: AskArgs = ASK) -> tuple[Keypair, Pubkey]:
    seller = world.seller(args.base_atoms)
    return seller, world.place_ask(seller, args)


def returned(world: MarketWorld) -> tuple[Keypair, Pubkey]:
    """An ask that was cancelled."""
    seller, ask = listed(world)
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    return seller, ask


# accept_terms


def test_an_ask_moves_to_the_current_terms_and_keeps_its_place(world: MarketWorld) -> None:
    seller, ask = listed(world)
    _, later = listed(world)
    world.publish_terms(TermsArgs(version=2))
    before, leaves = world.read(market.Ask, ask), world.leaves()
    outcome = world.accepted(steps.accept_terms(world, seller.pubkey(), ask), signers=[seller])
    assert world.read(market.Ask, ask) == replace(before, terms_version=2)
    first = replace(leaves[0], value=replace(leaves[0].value, terms_version=2))
    assert world.leaves() == [first, leaves[1]]
    assert [leaf.value.ask for leaf in world.leaves()] == [ask, later]
    assert event(outcome, market.AskTermsAccepted) == market.AskTermsAccepted(ask, 2)


def test_terms_in_between_are_skipped(world: MarketWorld) -> None:
    seller, ask = listed(world)
    for version in (2, 3, 4):
        world.publish_terms(TermsArgs(version=version))
    world.accepted(steps.accept_terms(world, seller.pubkey(), ask, 4), signers=[seller])
    assert world.leaves()[0].value.terms_version == 4


def test_a_deposit_and_a_fill_at_the_least_are_accepted(world: MarketWorld) -> None:
    seller, ask = listed(world)
    world.publish_terms(TermsArgs(version=2, min_ask_atoms=BASE_ATOMS, min_fill_atoms=MIN_FILL_ATOMS))
    world.accepted(steps.accept_terms(world, seller.pubkey(), ask), signers=[seller])


def test_what_was_sold_counts_for_the_deposit(world: MarketWorld) -> None:
    """The rest of an ask may be below the least deposit: the seller has not split anything."""
    seller, ask = listed(world)
    world.edit(market.Ask, ask, locked_atoms=BASE_ATOMS - 1, live_orders=1)
    world.publish_terms(TermsArgs(version=2, min_ask_atoms=BASE_ATOMS))
    world.accepted(steps.accept_terms(world, seller.pubkey(), ask), signers=[seller])


# relist_ask


def test_what_was_returned_is_listed_anew(world: MarketWorld) -> None:
    seller, ask = returned(world)
    listed(world)
    before = world.read(market.Ask, ask)
    args = RelistArgs(price=PRICE, min_fill_atoms=MIN_FILL_ATOMS + 1, expiry_unix_s=EXPIRY_UNIX_S + 1)
    outcome = world.accepted(steps.relist(world, seller.pubkey(), ask, args), signers=[seller])
    after = world.read(market.Ask, ask)
    assert after == replace(
        before,
        min_fill_atoms=args.min_fill_atoms,
        expiry_unix_s=args.expiry_unix_s,
        sequence=3,
        listed=True,
        returned_atoms=0,
    )
    assert conserved(after, BASE_ATOMS)
    leaf = market.BookLeaf(ask, seller.pubkey(), BASE_ATOMS, args.min_fill_atoms, PAYEE_COMMIT, 1, args.expiry_unix_s)
    assert world.leaves()[1] == Leaf(PRICE, 3, leaf)
    assert event(outcome, market.AskRelisted) == market.AskRelisted(
        world.place.market, ask, seller.pubkey(), BASE_ATOMS, PRICE, 3
    )
    assert world.balance(market.vault_address(ask)) == BASE_ATOMS


def test_an_ask_comes_back_at_another_price_under_the_terms_of_today(world: MarketWorld) -> None:
    seller, ask = returned(world)
    world.publish_terms(TermsArgs(version=2))
    args = RelistArgs(price=1, terms_version=2)
    world.accepted(steps.relist(world, seller.pubkey(), ask, args), signers=[seller])
    (leaf,) = world.leaves()
    assert (leaf.price, leaf.sequence, leaf.value.terms_version) == (1, 2, 2)
    after = world.read(market.Ask, ask)
    assert (after.price, after.terms_version) == (1, 2)
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    assert conserved(world.read(market.Ask, ask), 0)


def test_the_smallest_and_the_dearest_relisting(world: MarketWorld) -> None:
    seller, ask = returned(world)
    world.edit(market.Ask, ask, returned_atoms=MIN_ASK_ATOMS, withdrawn_atoms=BASE_ATOMS - MIN_ASK_ATOMS)
    dearest = (2**64 - 1) * 10**DECIMALS // MIN_ASK_ATOMS
    args = RelistArgs(price=dearest, min_fill_atoms=MIN_ASK_ATOMS, expiry_unix_s=UNIX_TIME_S + market.LISTING_MIN_S)
    world.accepted(steps.relist(world, seller.pubkey(), ask, args), signers=[seller])
    assert world.leaves()[0].value.open_atoms == MIN_ASK_ATOMS


def test_orders_of_a_relisted_ask_go_on(world: MarketWorld) -> None:
    """Only what was returned is listed; what is locked or owed stays where it is."""
    seller, ask = returned(world)
    open_atoms = BASE_ATOMS - 70
    world.edit(
        market.Ask,
        ask,
        returned_atoms=open_atoms,
        locked_atoms=30,
        live_orders=1,
        fees_atoms=40,
        fee_owed_atoms=40,
    )
    world.accepted(steps.relist(world, seller.pubkey(), ask), signers=[seller])
    after = world.read(market.Ask, ask)
    assert (after.locked_atoms, after.live_orders, after.fee_owed_atoms) == (30, 1, 40)
    assert conserved(after, open_atoms)
    world.refused(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller], code=NothingToWithdrawError)


# prune_ask


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("later_s", [0, 1, 10**6])
def test_an_expired_ask_is_pruned(world: MarketWorld, later_s: int, version: int) -> None:
    """Whichever terms are given: its own, or those after them, published this second."""
    _, ask = listed(world)
    world.svm.set_unix_time(EXPIRY_UNIX_S - 1)
    world.refused(steps.prune(world, ask), code=AskNotPrunableError)
    world.svm.set_unix_time(EXPIRY_UNIX_S + later_s)
    if version == 2:
        world.publish_terms(TermsArgs(version=2))
    before = world.read(market.Ask, ask)
    outcome = world.accepted(steps.prune(world, ask, version))
    after = world.read(market.Ask, ask)
    assert after == replace(before, listed=False, returned_atoms=BASE_ATOMS)
    assert conserved(after, 0)
    assert world.leaves() == []
    assert event(outcome, market.AskPruned) == market.AskPruned(ask, BASE_ATOMS)


def test_an_ask_under_terms_of_yesterday_is_pruned_after_the_grace(world: MarketWorld) -> None:
    _, ask = listed(world)
    world.publish_terms(TermsArgs(version=2))
    world.svm.set_unix_time(GRACE_OVER - 1)
    world.refused(steps.prune(world, ask, 2), code=AskNotPrunableError)
    world.svm.set_unix_time(GRACE_OVER)
    world.accepted(steps.prune(world, ask, 2))
    assert world.leaves() == []


def test_the_grace_begins_with_the_first_terms_that_came_after(world: MarketWorld) -> None:
    """Terms published every now and then do not keep a dead leaf in the book."""
    _, ask = listed(world)
    world.publish_terms(TermsArgs(version=2))
    world.svm.set_unix_time(GRACE_OVER)
    world.publish_terms(TermsArgs(version=3))
    world.accepted(steps.prune(world, ask, 2))


def test_who_has_accepted_is_not_pruned(world: MarketWorld) -> None:
    seller, ask = listed(world)
    world.publish_terms(TermsArgs(version=2))
    world.accepted(steps.accept_terms(world, seller.pubkey(), ask), signers=[seller])
    world.svm.set_unix_time(GRACE_OVER)
    for version in (1, 2):
        world.refused(steps.prune(world, ask, version), code=AskNotPrunableError)


def test_under_revoked_terms_of_yesterday_there_is_no_grace(world: MarketWorld) -> None:
    _, ask = listed(world)
    world.accepted(steps.revoke(world), signers=[world.governor])
    world.refused(steps.prune(world, ask), code=AskNotPrunableError)
    world.publish_terms(TermsArgs(version=2))
    world.accepted(steps.prune(world, ask))
    assert world.leaves() == []


def test_what_was_open_alone_is_returned(world: MarketWorld) -> None:
    _, ask = listed(world)
    world.edit(market.Ask, ask, locked_atoms=0, returned_atoms=7)
    world.svm.set_unix_time(EXPIRY_UNIX_S)
    world.accepted(steps.prune(world, ask))
    assert world.read(market.Ask, ask).returned_atoms == BASE_ATOMS + 7


def test_anyone_prunes_and_a_pause_does_not_stop_it(world: MarketWorld) -> None:
    _, ask = listed(world)
    world.accepted(steps.set_paused(world, True), signers=[world.governor])
    world.svm.set_unix_time(EXPIRY_UNIX_S)
    instruction = steps.prune(world, ask)
    assert not any(meta.is_signer for meta in instruction.accounts)
    world.accepted(instruction, payer=world.user())


def test_a_pruned_ask_is_withdrawn_or_listed_anew(world: MarketWorld) -> None:
    (seller, ask), (other, other_ask) = listed(world), listed(world)
    world.svm.set_unix_time(EXPIRY_UNIX_S)
    world.accepted(steps.prune(world, ask), steps.prune(world, other_ask))
    world.accepted(world.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    assert world.balance(associated_token_address(seller.pubkey(), world.place.mint)) == BASE_ATOMS
    again = RelistArgs(expiry_unix_s=EXPIRY_UNIX_S + market.LISTING_MIN_S)
    world.accepted(steps.relist(world, other.pubkey(), other_ask, again), signers=[other])
    assert [leaf.value.ask for leaf in world.leaves()] == [other_ask]
