"""How listed asks are moved to new terms, listed anew and pruned."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from anomi_sdk.generated import market
from tests.property.acts.asks import evicted
from tests.property.acts.common import DAY_S, HUGE, PRICES, Act, somebody
from tests.property.arena import Arena, new_call
from tests.property.choices import Choices
from tests.property.model.ledger import Call

__all__ = ["anew", "is_behind", "is_off", "is_stale", "listing", "named_version", "nothing"]


def listing(
    name: str,
    fits: Callable[[market.Ask, market.Market, int], bool],
    arguments: Callable[[Arena, Choices, market.Ask, int], Mapping[str, object]],
) -> Act:
    """What is done to an ask, mostly one that it fits, beside its market and the current terms, or near ones."""

    def act(arena: Arena, choices: Choices) -> Call | None:
        places, asks = arena.ledger.all(market.Market), arena.ledger.all(market.Ask)
        if not choices.once_in(6):
            now = arena.ledger.now
            asks = {address: ask for address, ask in asks.items() if fits(ask, places[ask.market], now)}
        if not asks:
            return None
        address, ask = choices.one(reversed(asks.items()))
        place = places[ask.market]
        version = choices.mostly(place.terms_version, ask.terms_version, ask.terms_version + 1, once_in=3)
        accounts = {
            "seller": choices.mostly(ask.seller, somebody(arena, choices)),
            "market": ask.market,
            "terms": market.terms_address(ask.market, version),
            "ask": address,
            "book": place.book,
            "evicted": evicted(arena, choices, place.book, address),
        }
        return new_call(name, accounts, arguments(arena, choices, ask, version))

    return act


def is_behind(ask: market.Ask, place: market.Market, _now: int) -> bool:
    return ask.listed and ask.terms_version < place.terms_version


def is_off(ask: market.Ask, _place: market.Market, _now: int) -> bool:
    return not ask.listed and ask.returned_atoms > 0


def is_stale(ask: market.Ask, place: market.Market, now: int) -> bool:
    return is_behind(ask, place, now) or (ask.listed and now >= ask.expiry_unix_s)


def named_version(_arena: Arena, choices: Choices, _ask: market.Ask, version: int) -> Mapping[str, object]:
    return {"terms_version": choices.mostly(version, version + 1, once_in=12)}


def anew(arena: Arena, choices: Choices, ask: market.Ask, version: int) -> Mapping[str, object]:
    now, base = arena.ledger.now, ask.returned_atoms
    return {
        "price": choices.mostly(choices.one(PRICES), 0, HUGE, once_in=24),
        "min_fill_atoms": choices.mostly(max(base // 4, 1), 1, base, base + 1, 0, once_in=4),
        "terms_version": choices.mostly(version, version + 1, once_in=12),
        "expiry_unix_s": choices.mostly(
            now + 30 * DAY_S, now + market.LISTING_MIN_S, now + market.LISTING_MIN_S - 1, now, 2**40, once_in=6
        ),
    }


def nothing(_arena: Arena, _choices: Choices, _ask: market.Ask, _version: int) -> Mapping[str, object]:
    return {}
