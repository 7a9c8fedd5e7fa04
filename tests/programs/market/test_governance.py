"""What a governor can do: revoke and restore terms, pause a market, hand the authority on in two steps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import GovernorMismatchError, MarketPausedError, TermsRevokedError
from tests.programs.market import steps
from tests.programs.market.world import AskArgs, MarketWorld, TermsArgs, event
from tests.programs.world import UNIX_TIME_S, with_data

WEEK_S = 7 * 86_400


def test_terms_are_revoked_and_restored(world: MarketWorld) -> None:
    place, before = world.place, world.read(market.Terms, world.place.terms())
    world.svm.set_unix_time(UNIX_TIME_S + 5)
    outcome = world.accepted(steps.revoke(world), signers=[world.governor])
    revoked = replace(before, revoked_at_unix_s=UNIX_TIME_S + 5, claim_extension_s=WEEK_S)
    assert world.read(market.Terms, place.terms()) == revoked
    assert event(outcome, market.TermsRevoked) == market.TermsRevoked(place.market, 1, WEEK_S)
    outcome = world.accepted(steps.restore(world), signers=[world.governor])
    assert world.read(market.Terms, place.terms()) == replace(before, claim_extension_s=WEEK_S)
    assert event(outcome, market.TermsRestored) == market.TermsRestored(place.market, 1)


def test_a_second_revocation_adds_no_time(world: MarketWorld) -> None:
    for now in (UNIX_TIME_S, UNIX_TIME_S + 1, UNIX_TIME_S + WEEK_S):
        world.svm.set_unix_time(now)
        world.accepted(steps.revoke(world), signers=[world.governor])
        terms = world.read(market.Terms, world.place.terms())
        assert (terms.revoked_at_unix_s, terms.claim_extension_s) == (now, WEEK_S)
        world.accepted(steps.restore(world), signers=[world.governor])


def test_revoked_terms_take_no_ask_until_they_are_restored(world: MarketWorld) -> None:
    seller = world.seller()
    world.accepted(steps.revoke(world), signers=[world.governor])
    ask = world.ask_instruction(seller.pubkey())
    world.refused(ask, signers=[seller], code=TermsRevokedError)
    world.accepted(steps.restore(world), signers=[world.governor])
    world.accepted(ask, signers=[seller])


def test_terms_are_revoked_one_by_one(world: MarketWorld) -> None:
    """Earlier terms, to which orders still hold, and with the market paused."""
    world.publish_terms(TermsArgs(version=2))
    current = world.account(world.place.terms(2))
    world.accepted(steps.set_paused(world, True), steps.revoke(world), signers=[world.governor])
    assert world.read(market.Terms, world.place.terms(1)).revoked_at_unix_s == UNIX_TIME_S
    assert world.account(world.place.terms(2)) == current


@pytest.mark.parametrize("paused", [True, False])
def test_a_pause_is_set_and_said_again(world: MarketWorld, paused: bool) -> None:
    place, before = world.place, world.read(market.Market, world.place.market)
    for _ in range(2):
        outcome = world.accepted(steps.set_paused(world, paused), signers=[world.governor])
        assert world.read(market.Market, place.market) == replace(before, paused=paused)
        assert event(outcome, market.MarketPauseSet) == market.MarketPauseSet(place.market, paused)


def test_any_byte_but_zero_pauses(world: MarketWorld) -> None:
    instruction = steps.set_paused(world, True)
    world.accepted(with_data(instruction, bytes(instruction.data)[:-1] + b"\xff"), signers=[world.governor])
    account = world.account(world.place.market)
    assert account is not None
    assert bytes(account.data)[market.MARKET_PAUSED_OFFSET] == 1


def test_a_paused_market_takes_no_ask_until_it_goes_on(world: MarketWorld) -> None:
    seller = world.seller()
    world.accepted(steps.set_paused(world, True), signers=[world.governor])
    ask = world.ask_instruction(seller.pubkey())
    world.refused(ask, signers=[seller], code=MarketPausedError)
    world.accepted(steps.set_paused(world, False), signers=[world.governor])
    world.accepted(ask, signers=[seller])


def test_one_market_is_paused_alone(world: MarketWorld) -> None:
    other = world.open_market()
    world.accepted(steps.set_paused(world, True), signers=[world.governor])
    world.place_ask(world.seller(place=other), AskArgs(), place=other)


def test_the_authority_is_handed_on_in_two_steps(world: MarketWorld) -> None:
    config, heir, governor = market.config_address(), world.user(), world.governor
    before = world.read(market.Config, config)
    outcome = world.accepted(steps.transfer_authority(world, heir.pubkey()), signers=[governor])
    assert world.read(market.Config, config) == replace(before, pending_authority=heir.pubkey())
    offered = market.AuthorityOffered(governor.pubkey(), heir.pubkey())
    assert event(outcome, market.AuthorityOffered) == offered
    # Until it is accepted nothing has changed.
    world.accepted(steps.set_paused(world, True), signers=[governor])
    outcome = world.accepted(steps.accept_authority(heir.pubkey()), signers=[heir])
    assert world.read(market.Config, config) == replace(before, authority=heir.pubkey())
    transferred = market.AuthorityTransferred(governor.pubkey(), heir.pubkey())
    assert event(outcome, market.AuthorityTransferred) == transferred
    world.refused(steps.set_paused(world, False), signers=[governor], code=GovernorMismatchError)
    world.governor = heir
    world.accepted(steps.set_paused(world, False), signers=[heir])
    world.publish_terms(TermsArgs(version=2))


def test_an_offer_of_the_authority_is_replaced_and_withdrawn(world: MarketWorld) -> None:
    config = market.config_address()
    for to in (world.user().pubkey(), world.user().pubkey(), steps.NOBODY, world.governor.pubkey()):
        world.accepted(steps.transfer_authority(world, to), signers=[world.governor])
        assert world.read(market.Config, config).pending_authority == to
    world.accepted(steps.accept_authority(world.governor.pubkey()), signers=[world.governor])
    assert world.read(market.Config, config).authority == world.governor.pubkey()
