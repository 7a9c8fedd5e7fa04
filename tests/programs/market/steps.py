"""The instructions of a market's governor, and those that keep an ask in the book or take it out."""

from __future__ import annotations

from dataclasses import dataclass

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from tests.programs.market.world import EXPIRY_UNIX_S, MIN_FILL_ATOMS, PRICE, MarketWorld, Place
from tests.programs.world import UNIX_TIME_S

NOBODY = Pubkey.default()
GRACE_OVER = UNIX_TIME_S + market.ACCEPT_TERMS_GRACE_S
"""The first second in which an ask is pruned whose seller has not accepted terms of the world's first second."""


@dataclass(frozen=True)
class RelistArgs:
    """The arguments of relist_ask."""

    price: int = PRICE
    min_fill_atoms: int = MIN_FILL_ATOMS
    terms_version: int = 1
    expiry_unix_s: int = EXPIRY_UNIX_S


def revoke(world: MarketWorld, version: int = 1) -> Instruction:
    return market.revoke_terms(
        authority=world.governor.pubkey(), config=market.config_address(), terms=world.place.terms(version)
    )


def restore(world: MarketWorld, version: int = 1) -> Instruction:
    return market.restore_terms(
        authority=world.governor.pubkey(), config=market.config_address(), terms=world.place.terms(version)
    )


def set_paused(world: MarketWorld, paused: bool) -> Instruction:
    return market.set_paused(
        authority=world.governor.pubkey(), config=market.config_address(), market=world.place.market, paused=paused
    )


def transfer_authority(world: MarketWorld, to: Pubkey) -> Instruction:
    return market.transfer_authority(
        authority=world.governor.pubkey(), config=market.config_address(), pending_authority=to
    )


def accept_authority(by: Pubkey) -> Instruction:
    return market.accept_authority(successor=by, config=market.config_address())


def accept_terms(
    world: MarketWorld, seller: Pubkey, ask: Pubkey, version: int = 2, place: Place | None = None
) -> Instruction:
    place = place or world.place
    return market.accept_terms(
        seller=seller,
        market=place.market,
        terms=place.terms(version),
        ask=ask,
        book=place.book,
        terms_version=version,
    )


def relist(
    world: MarketWorld, seller: Pubkey, ask: Pubkey, args: RelistArgs = RelistArgs(), evicted: Pubkey | None = None
) -> Instruction:
    place = world.place
    return market.relist_ask(
        seller=seller,
        market=place.market,
        terms=place.terms(args.terms_version),
        ask=ask,
        book=place.book,
        evicted=evicted or ask,
        price=args.price,
        min_fill_atoms=args.min_fill_atoms,
        terms_version=args.terms_version,
        expiry_unix_s=args.expiry_unix_s,
    )


def prune(world: MarketWorld, ask: Pubkey, version: int = 1) -> Instruction:
    """`version` names the terms that show the ask to be dead: its own, or the next."""
    place = world.place
    return market.prune_ask(market=place.market, terms=place.terms(version), ask=ask, book=place.book)
