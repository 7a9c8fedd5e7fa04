"""How asks are placed, cancelled, withdrawn and charged."""

from __future__ import annotations

from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.trade.tokens import associated_token_address
from tests.property.acts.common import DAY_S, HUGE, NOT_AN_ELEMENT, PRICES, market_at, mint_of, some_place, somebody
from tests.property.arena import Arena, new_call
from tests.property.choices import Choices
from tests.property.model.ledger import Book, Call

__all__ = ["cancel_ask_order", "collect_fees", "evicted", "place_ask_order", "withdraw_ask"]

_COMMITS = tuple((5001 + index).to_bytes(32, "big") for index in range(2))


def place_ask_order(arena: Arena, choices: Choices) -> Call:
    place, seller = some_place(arena, choices), somebody(arena, choices)
    version = market_at(arena, place).terms_version
    nonces = [ask.client_nonce for ask in arena.ledger.all(market.Ask).values() if ask.seller == seller]
    nonce = choices.mostly(max(nonces, default=0) + 1, *nonces[:1])
    ask = place.ask(seller, nonce)
    base = choices.one([10**6, 100, 10**8, 1, 1_500_001, 333_333])
    named = choices.mostly(version, version + 1, max(version - 1, 1), once_in=12)
    now = arena.ledger.now
    return new_call(
        "market.place_ask_order",
        {
            "seller": seller,
            "market": place.market,
            "terms": place.terms(named),
            "book": place.book,
            "ask": ask,
            "vault": market.vault_address(ask),
            "seller_token": associated_token_address(seller, place.mint),
            "base_mint": place.mint,
            "evicted": evicted(arena, choices, place.book, ask),
        },
        {
            "client_nonce": nonce,
            "base_atoms": choices.mostly(base, 2 * 10**9, 0, once_in=24),
            "price": choices.mostly(choices.one(PRICES), 0, 2**63, HUGE, once_in=24),
            "min_fill_atoms": choices.mostly(max(base // 4, 1), 1, base, base + 1, 0, once_in=4),
            "payee_commit": choices.mostly(choices.one(_COMMITS), NOT_AN_ELEMENT, once_in=24),
            "reveal_delegate": choices.mostly(seller, somebody(arena, choices), once_in=3),
            "terms_version": named,
            "expiry_unix_s": choices.mostly(
                now + 30 * DAY_S,
                now + market.LISTING_MIN_S,
                now + market.LISTING_MIN_S - 1,
                now + 1,
                now,
                2**40 - 1,
                2**40,
                once_in=4,
            ),
        },
    )


def evicted(arena: Arena, choices: Choices, book: Pubkey, ask: Pubkey) -> Pubkey:
    """The ask itself, as long as the book has room; sometimes its last one."""
    listed = arena.ledger.get(Book, book)
    return choices.mostly(ask, *[leaf.value.ask for leaf in listed.leaves[-1:]] if listed else [], once_in=24)


def _ask(arena: Arena, choices: Choices) -> tuple[Pubkey, market.Ask] | None:
    asks = arena.ledger.all(market.Ask)
    return choices.one(reversed(asks.items())) if asks else None


def cancel_ask_order(arena: Arena, choices: Choices) -> Call | None:
    if (found := _ask(arena, choices)) is None:
        return None
    address, ask = found
    seller = choices.mostly(ask.seller, somebody(arena, choices))
    return new_call(
        "market.cancel_ask_order", {"seller": seller, "ask": address, "book": market.book_address(ask.market)}, {}
    )


def withdraw_ask(arena: Arena, choices: Choices) -> Call | None:
    if (found := _ask(arena, choices)) is None:
        return None
    address, ask = found
    seller = choices.mostly(ask.seller, somebody(arena, choices))
    owner = choices.mostly(seller, somebody(arena, choices))
    return new_call(
        "market.withdraw_ask",
        {
            "seller": seller,
            "ask": address,
            "vault": market.vault_address(address),
            "destination": associated_token_address(owner, mint_of(arena, ask.market)),
        },
        {},
    )


def collect_fees(arena: Arena, choices: Choices) -> Call | None:
    asks = arena.ledger.all(market.Ask)
    owing = {address: ask for address, ask in asks.items() if ask.fee_owed_atoms}
    if not asks:
        return None
    address, ask = choices.one((owing if owing and not choices.once_in(4) else asks).items())
    treasury = choices.mostly(arena.cast.treasury.pubkey(), somebody(arena, choices))
    return new_call(
        "market.collect_fees",
        {
            "config": market.config_address(),
            "ask": address,
            "vault": market.vault_address(address),
            "treasury_token": associated_token_address(treasury, mint_of(arena, ask.market)),
        },
        {},
    )
