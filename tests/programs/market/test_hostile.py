"""Every hostile case is refused with its exact code, and changes no account."""

from __future__ import annotations

import pytest
from solders.clock import Clock
from solders.keypair import Keypair

from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import ClockOutOfRangeError
from tests.programs.market import ask_cases, governance_cases, listing_cases, setup_cases, terms_cases
from tests.programs.market.ready import READY
from tests.programs.market.refusals import Refusal
from tests.programs.market.world import BASE_ATOMS, MarketWorld, Place
from tests.programs.world import with_account

CASES = [
    *setup_cases.cases(),
    *terms_cases.cases(),
    *ask_cases.cases(),
    *governance_cases.cases(),
    *listing_cases.cases(),
]


def test_cases_have_names_of_their_own() -> None:
    assert len({str(case) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_hostile(case: Refusal, empty: MarketWorld) -> None:
    case.run(empty)


@pytest.mark.parametrize("name", ["publish_terms", "place_ask_order", "revoke_terms", "relist_ask", "prune_ask"])
@pytest.mark.parametrize("unix_time_s", [-1, -(2**63), 2**40, 2**63 - 1])
def test_clock_out_of_range(empty: MarketWorld, name: str, unix_time_s: int) -> None:
    ready = READY[name](empty)
    empty.svm._svm.set_clock(Clock(empty.svm.slot, 0, 0, 0, unix_time_s))
    empty.refused(ready.instruction, signers=ready.signers, code=ClockOutOfRangeError)


def test_tokens_that_are_not_there(world: MarketWorld) -> None:
    seller = world.seller(BASE_ATOMS - 1)
    refused = world.refused(world.ask_instruction(seller.pubkey()), signers=[seller])
    assert refused.failure is not None
    assert (refused.failure.code, world.leaves()) == (1, [])


def _freezable(empty: MarketWorld) -> tuple[Place, Keypair]:
    """A market whose mint can be frozen, and a seller there."""
    empty.initialize_config()
    place = empty.initialize_market(empty.mint(freezable=True))
    empty.publish_terms()
    return place, empty.seller()


def test_frozen_tokens_cannot_be_deposited(empty: MarketWorld) -> None:
    place, seller = _freezable(empty)
    empty.freeze(place.mint, empty.fund(place.mint, seller.pubkey(), 0))
    refused = empty.refused(empty.ask_instruction(seller.pubkey()), signers=[seller])
    assert refused.failure is not None
    assert (refused.failure.code, empty.leaves()) == (17, [])


def test_frozen_accounts_get_no_payment_and_lose_none(empty: MarketWorld) -> None:
    """A mint with a freeze authority can hold a payment up; the ask keeps it until the account is another or thawed."""
    place, seller = _freezable(empty)
    ask = empty.place_ask(seller)
    empty.accepted(empty.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    ready = empty.withdraw_instruction(seller.pubkey(), ask)
    empty.freeze(place.mint, ready.accounts[3].pubkey)
    refused = empty.refused(ready, signers=[seller])
    assert refused.failure is not None
    assert refused.failure.code == 17
    elsewhere = empty.token_account(place.mint, seller.pubkey())
    empty.accepted(with_account(ready, 3, pubkey=elsewhere), signers=[seller])
    assert empty.balance(elsewhere) == BASE_ATOMS


def test_an_empty_vault_closes_though_the_sellers_account_is_frozen(empty: MarketWorld) -> None:
    """Nothing is to be paid, so nothing needs an account that takes it: the seller gets his rent back."""
    place, seller = _freezable(empty)
    ask = empty.place_ask(seller)
    vault = market.vault_address(ask)
    empty.accepted(empty.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    empty.edit(market.Ask, ask, returned_atoms=0, released_atoms=BASE_ATOMS)
    empty.set_balance(vault, 0)
    ready = empty.withdraw_instruction(seller.pubkey(), ask)
    empty.freeze(place.mint, ready.accounts[3].pubkey)
    empty.accepted(ready, signers=[seller])
    assert empty.account(vault) is None
