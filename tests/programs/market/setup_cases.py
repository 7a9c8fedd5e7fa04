"""Hostile transactions around the config, markets and books, one condition each."""

from __future__ import annotations

from dataclasses import replace

from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import (
    BookAddressMismatchError,
    BookInvalidError,
    ConfigAddressMismatchError,
    ConfigAlreadyExistsError,
    InitializerMismatchError,
    MarketAddressMismatchError,
    MarketAlreadyExistsError,
    MintDecimalsTooManyError,
    MintInvalidError,
    RailExponentMismatchError,
    RailInvalidError,
    RailsFullError,
)
from anomi_sdk.trade.tokens import TOKEN_PROGRAM
from tests.programs.market.ready import Ready
from tests.programs.market.refusals import (
    OTHER_PROGRAM,
    STRANGER,
    Refusal,
    Spoil,
    argument,
    governor_only,
    not_this_address,
    not_this_kind,
    planted,
    replaced,
    signed_by,
    signed_by_another,
    with_arguments,
)
from tests.programs.market.world import MINT_BYTES, RAIL, TOKEN_2022_PROGRAM, MarketWorld


def cases() -> list[Refusal]:
    return [*_config(), *_market(), *_mint(), *_rails(), *not_this_kind("grow_book", "book", BookInvalidError)]


def _config() -> list[Refusal]:
    name = "initialize_config"
    return [
        Refusal(name, "a stranger signs", InitializerMismatchError, signed_by_another("initializer")),
        Refusal(
            name,
            "the authority to be signs",
            InitializerMismatchError,
            lambda world, ready: signed_by(world.governor, "initializer")(world, ready),
        ),
        *not_this_address(name, "config", ConfigAddressMismatchError, market.CONFIG_PDA, lambda _, __: ()),
        Refusal(name, "the config exists", ConfigAlreadyExistsError, _again),
        Refusal(
            name,
            "the config exists, with other arguments",
            ConfigAlreadyExistsError,
            lambda world, ready: with_arguments(_again(world, ready), authority=STRANGER),
        ),
    ]


def _market() -> list[Refusal]:
    name = "initialize_market"

    def rail_of(provider_id: int) -> bytes:
        return replace(RAIL, provider_id=provider_id).id().to_bytes(32, "big")

    return [
        *governor_only(name),
        *not_this_address(
            name,
            "market",
            MarketAddressMismatchError,
            market.MARKET_PDA,
            lambda _, ready: (ready.address("base_mint"), rail_of(RAIL.provider_id)),
        ),
        Refusal(
            name,
            "market is another rail's",
            MarketAddressMismatchError,
            replaced("market", lambda _, ready: market.market_address(ready.address("base_mint"), rail_of(99))),
        ),
        Refusal(
            name,
            "market is another mint's",
            MarketAddressMismatchError,
            replaced("market", lambda world, _: market.market_address(world.mint(), rail_of(RAIL.provider_id))),
        ),
        Refusal(name, "arguments are another rail's", MarketAddressMismatchError, argument("provider_id", 99)),
        *not_this_address(
            name, "book", BookAddressMismatchError, market.BOOK_PDA, lambda _, ready: (ready.address("market"),)
        ),
        Refusal(
            name,
            "book is another market's",
            BookAddressMismatchError,
            replaced("book", lambda world, _: world.initialize_market(world.mint()).book),
        ),
        Refusal(name, "the market exists", MarketAlreadyExistsError, _again),
    ]


def _mint() -> list[Refusal]:
    name, invalid = "initialize_market", MintInvalidError
    true = mint_data(6)
    places = {
        "does not exist": replaced("base_mint", STRANGER),
        "is a wallet": replaced("base_mint", lambda world, _: world.user().pubkey()),
        "is a token account": replaced(
            "base_mint", lambda world, ready: world.token_account(ready.address("base_mint"), STRANGER)
        ),
        "is not initialized": replaced("base_mint", planted(bytes(MINT_BYTES), TOKEN_PROGRAM)),
        "is a mint of Token-2022": replaced("base_mint", planted(true, TOKEN_2022_PROGRAM)),
        "is a copy under another program": replaced("base_mint", planted(true, OTHER_PROGRAM)),
        "is a byte short": replaced("base_mint", planted(true[:-1], TOKEN_PROGRAM)),
        "is a byte long": replaced("base_mint", planted(true + b"\0", TOKEN_PROGRAM)),
        "has no data": replaced("base_mint", planted(b"", TOKEN_PROGRAM)),
    }
    return [
        *(Refusal(name, f"mint {label}", invalid, spoil) for label, spoil in places.items()),
        *(
            Refusal(name, f"mint of {decimals} decimals", MintDecimalsTooManyError, _mint_of(decimals))
            for decimals in (market.BASE_DECIMALS_MAX + 1, 255)
        ),
    ]


def mint_data(decimals: int) -> bytes:
    """A mint without authorities: supply 10^12."""
    return bytes(36) + (10**12).to_bytes(8, "little") + bytes([decimals, 1]) + bytes(36)


def _mint_of(decimals: int) -> Spoil:
    def spoil(world: MarketWorld, _: Ready) -> Ready:
        return Ready(world.market_instruction(world.mint(decimals)), (world.governor,))

    return spoil


def _rails() -> list[Refusal]:
    name = "initialize_market"
    bad = {"provider_id": (0,), "iso4217_numeric": (0, 1000, 65_535), "exponent": (7, 255)}
    return [
        *(
            Refusal(name, f"{field} {value}", RailInvalidError, argument(field, value))
            for field, values in bad.items()
            for value in values
        ),
        Refusal(name, "the rail is listed with another exponent", RailExponentMismatchError, _listed_otherwise),
        Refusal(name, "every place for a rail is taken", RailsFullError, _rails_taken),
    ]


def _listed_otherwise(world: MarketWorld, ready: Ready) -> Ready:
    """The market's own address is that of the rail as named, so that nothing but the list speaks against it."""
    other = market.RailEntry(RAIL.provider_id, RAIL.iso4217_numeric, RAIL.exponent + 1)
    _list(world, [other])
    return ready


def _rails_taken(world: MarketWorld, ready: Ready) -> Ready:
    _list(world, [market.RailEntry(100 + index, RAIL.iso4217_numeric, 2) for index in range(market.RAILS_MAX)])
    return ready


def _list(world: MarketWorld, rails: list[market.RailEntry]) -> None:
    unused = [market.RailEntry(0, 0, 0)] * (market.RAILS_MAX - len(rails))
    world.edit(market.Config, market.config_address(), rails_count=len(rails), rails=(*rails, *unused))


def _again(world: MarketWorld, ready: Ready) -> Ready:
    """The same transaction once more."""
    world.accepted(ready.instruction, signers=ready.signers)
    return ready
