"""Set-up tried again, and what the governor does, or somebody who would like to be one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.trade.tokens import associated_token_address
from tests.programs.market.world import RAIL, attestor_keys
from tests.property.acts.common import DAY_S, Act, governor, market_at, some_place, somebody
from tests.property.arena import Arena, new_call
from tests.property.choices import Choices
from tests.property.model.ledger import Call
from tests.property.starts import ATTESTOR_KEYS

__all__ = [
    "accept_authority",
    "governed",
    "grow_book",
    "initialize_config",
    "initialize_market",
    "publish_terms",
    "transfer_authority",
]


def initialize_config(arena: Arena, choices: Choices) -> Call:
    who = choices.one([arena.cast.initializer.pubkey(), somebody(arena, choices)])
    return new_call(
        "market.initialize_config",
        {"initializer": who, "config": market.config_address()},
        {"authority": who, "treasury": who, "genesis_hash": arena.ledger.genesis_hash},
    )


def initialize_market(arena: Arena, choices: Choices) -> Call:
    place = some_place(arena, choices)
    mint = choices.mostly(place.mint, place.book, associated_token_address(arena.cast.treasury.pubkey(), place.mint))
    provider = choices.mostly(RAIL.provider_id, 0, 77)
    exponent = choices.mostly(RAIL.exponent, 7, 3)
    return new_call(
        "market.initialize_market",
        {
            "authority": choices.mostly(governor(arena), somebody(arena, choices)),
            "config": market.config_address(),
            "base_mint": mint,
            "market": place.market,
            "book": place.book,
        },
        {"provider_id": provider, "iso4217_numeric": RAIL.iso4217_numeric, "exponent": exponent},
    )


def grow_book(arena: Arena, choices: Choices) -> Call:
    return new_call(
        "market.grow_book", {"payer": somebody(arena, choices), "book": some_place(arena, choices).book}, {}
    )


def publish_terms(arena: Arena, choices: Choices) -> Call:
    place = some_place(arena, choices)
    current = market_at(arena, place).terms_version
    version = choices.mostly(current + 1, current, current + 2)
    k, n, depth = choices.mostly((2, 3, 2), (3, 5, 3), (1, 1, 1), (1, 2, 1), (2, 3, 1), (2, 1, 1), (1, 1, 0), once_in=3)
    keys = list(attestor_keys(ATTESTOR_KEYS[:n]))
    if choices.once_in(12):
        keys[choices.number(0, 4)] = keys[0]
    minimum = choices.one([1, 50, 10**6])
    cast = arena.cast
    return new_call(
        "market.publish_terms",
        {
            "authority": choices.mostly(governor(arena), somebody(arena, choices)),
            "config": market.config_address(),
            "market": place.market,
            "terms": place.terms(version),
            "solvency_key": choices.mostly(cast.keys["solvency"], cast.keys["of two inputs"], place.book, once_in=12),
            "payment_key": choices.mostly(cast.keys["payment"], cast.keys["other payment"], place.mint),
        },
        {
            "version": version,
            "attestor_k": k,
            "attestor_n": n,
            "attestor_depth": depth,
            "attestor_keys": tuple(keys),
            "fee_bps": choices.mostly(30, 0, 1, 100, 101, once_in=3),
            "reveal_window_s": choices.mostly(1800, 300, DAY_S, 299, once_in=4),
            "pay_window_s": choices.mostly(DAY_S, 3600, 3599, once_in=4),
            "prove_window_s": choices.mostly(6 * 3600, 3600, 7 * DAY_S, 7 * DAY_S + 1, once_in=4),
            "strikes_max": choices.one([2, 1, 0, 3, 11]),
            "cooldown_s": choices.one([7 * DAY_S, 0, 3600]),
            "free_cancel_grace_s": choices.mostly(900, 0, 3600, DAY_S + 1),
            "free_cancel_interval_s": choices.mostly(DAY_S, 0, 7 * DAY_S + 1),
            "min_ask_atoms": minimum,
            "min_fill_atoms": choices.mostly(1, minimum, minimum + 1, 0),
        },
    )


def governed(name: str, arguments: Mapping[str, Sequence[object]], *, restores: bool = False) -> Act:
    """What the authority does to a market or its terms; each argument is one of some."""

    def act(arena: Arena, choices: Choices) -> Call:
        place = some_place(arena, choices)
        version = max(market_at(arena, place).terms_version - (1 if choices.once_in(3) else 0), 1)
        terms = [
            address for address, value in arena.ledger.all(market.Terms).items() if value.revoked_at_unix_s and restores
        ]
        accounts = {
            "authority": choices.mostly(governor(arena), somebody(arena, choices)),
            "config": market.config_address(),
            "terms": choices.mostly(terms[0] if terms else place.terms(version), *terms),
            "market": place.market,
        }
        return new_call(name, accounts, {key: choices.one(values) for key, values in arguments.items()})

    return act


def transfer_authority(arena: Arena, choices: Choices) -> Call:
    pending = choices.one([arena.cast.governor.pubkey(), somebody(arena, choices), Pubkey.default()])
    authority = choices.mostly(governor(arena), somebody(arena, choices))
    accounts = {"authority": authority, "config": market.config_address()}
    return new_call("market.transfer_authority", accounts, {"pending_authority": pending})


def accept_authority(arena: Arena, choices: Choices) -> Call:
    config = arena.ledger.get(market.Config, market.config_address())
    assert config is not None
    named = config.pending_authority
    who = choices.mostly(named if named in arena.signers else governor(arena), somebody(arena, choices))
    return new_call("market.accept_authority", {"successor": who, "config": market.config_address()}, {})
