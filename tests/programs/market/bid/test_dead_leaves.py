"""A bid looks at a few leaves only: dead ones before a live one stop it, and are not to be had for a fee."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import ExpiryTooSoonError, NoAskMatchesError
from tests.programs.market import steps
from tests.programs.market.bid.world import BidArgs, BidWorld
from tests.programs.market.world import MIN_ASK_ATOMS, PRICE, AskArgs
from tests.programs.world import UNIX_TIME_S

SOONEST = UNIX_TIME_S + market.LISTING_MIN_S


@pytest.fixture
def blocked(world: BidWorld) -> tuple[BidWorld, Keypair, list[Pubkey], Pubkey]:
    """As many asks as a bid looks at, cheaper than a true one and small and short; they have just expired."""
    seller = world.seller(market.BOOK_LEAVES_LOOKED_AT_MAX * MIN_ASK_ATOMS)
    cheap = [
        world.place_ask(
            seller,
            AskArgs(client_nonce=nonce, base_atoms=MIN_ASK_ATOMS, price=PRICE - 1, expiry_unix_s=SOONEST),
        )
        for nonce in range(market.BOOK_LEAVES_LOOKED_AT_MAX)
    ]
    true = world.ask()
    world.svm.set_unix_time(SOONEST)
    return world, seller, cheap, true


def test_dead_asks_stop_bids_until_one_transaction_takes_them_out(
    blocked: tuple[BidWorld, Keypair, list[Pubkey], Pubkey],
) -> None:
    world, _, cheap, true = blocked
    bid = replace(BidArgs(), issued_min_unix_s=SOONEST - 60)
    world.bid_refused(world.bid_instruction(true, bid), NoAskMatchesError)
    world.accepted(*(steps.prune(world, ask) for ask in cheap))
    world.place_bid(true, bid)


def test_they_cannot_be_dead_again_at_once(blocked: tuple[BidWorld, Keypair, list[Pubkey], Pubkey]) -> None:
    """Whoever lists them again offers them for LISTING_MIN_S to everybody: he sells, or he blocks nobody."""
    world, seller, cheap, _ = blocked
    world.accepted(*(steps.prune(world, ask) for ask in cheap))
    again = steps.RelistArgs(price=PRICE - 1, expiry_unix_s=SOONEST + market.LISTING_MIN_S)
    for sooner in (SOONEST + 1, again.expiry_unix_s - 1):
        refused = steps.relist(world, seller.pubkey(), cheap[0], replace(again, expiry_unix_s=sooner))
        world.refused(refused, signers=[seller], code=ExpiryTooSoonError)
    for ask in cheap:
        world.accepted(steps.relist(world, seller.pubkey(), ask, again), signers=[seller])
    world.place_bid(cheap[0], replace(BidArgs(), base_atoms=MIN_ASK_ATOMS, issued_min_unix_s=SOONEST - 60))
