"""How bids are made: mostly for the ask that they would match, with a proof of what they state."""

from __future__ import annotations

from types import SimpleNamespace

from anomi_core.statements import SolvencyStatement
from anomi_sdk.generated import market, order_store
from tests.programs.market.world import Place
from tests.property.acts.common import (
    HUGE,
    LINE_IDS,
    NOT_AN_ELEMENT,
    PRICES,
    book_at,
    market_at,
    some_proof,
    somebody,
    terms_at,
)
from tests.property.arena import Arena, new_call
from tests.property.choices import Choices
from tests.property.model.bids import best_match, new_line
from tests.property.model.ledger import Call

__all__ = ["place_bid_order"]

_REVEAL_KEY = (9).to_bytes(32, "little")


def place_bid_order(arena: Arena, choices: Choices) -> Call | None:
    ledger, cast = arena.ledger, arena.cast
    asks = ledger.all(market.Ask)
    if not asks:
        return None
    fitting = _fitting(arena)
    if not fitting and not choices.once_in(6):
        return None
    place = choices.one(fitting or cast.places)
    value, leaves = market_at(arena, place), book_at(arena, place).leaves
    first = choices.mostly(*[leaf.value for leaf in leaves[:8]], once_in=3) if leaves else None
    buyers = [actor.pubkey() for actor in cast.actors]
    buyer = choices.one([buyer for buyer in buyers if first is None or buyer != first.seller or choices.once_in(6)])
    version = choices.mostly(value.terms_version, max(value.terms_version - 1, 1), once_in=16)
    terms = terms_at(arena, place.terms(version))
    line_id = choices.mostly(choices.one(LINE_IDS), NOT_AN_ELEMENT, once_in=40)
    line = ledger.get(market.SolvencyLine, market.line_address(line_id)) or new_line(line_id)
    sizes = [first.open_atoms, first.min_fill_atoms, first.open_atoms // 2 + 1] if first is not None else []
    base = choices.one([*sizes, 10**8, 1, 100, 333_332])
    now = ledger.now
    args = SimpleNamespace(
        base_atoms=choices.mostly(base, 0, once_in=32),
        limit_price=choices.mostly(HUGE, *PRICES, 0, once_in=6),
        min_fill_atoms=choices.mostly(1, 0, base, base + 1, once_in=10),
        issued_min_unix_s=choices.mostly(
            max(now - 60, min(line.fresh_after_unix_s, now - 8)),
            *(now - 7, now - 8, now - 900, now - 901, now + 5, line.fresh_after_unix_s, line.fresh_after_unix_s - 1),
            once_in=8,
        ),
        bitmap=choices.mostly(2**terms.attestor_k - 1, 0, 31, 2**terms.attestor_n, 255, once_in=32),
    )
    args.issued_min_unix_s = max(args.issued_min_unix_s, 0)
    match = best_match(book_at(arena, place), buyer, args, value.terms_version, now) if args.limit_price else None
    listed = [leaf.value.ask for leaf in book_at(arena, place).leaves] or list(asks)
    ask = choices.mostly(match.leaf.value.ask if match else listed[0], *listed, *asks, once_in=16)
    due = -(-match.fill_atoms * match.leaf.price // 10**value.base_decimals) if match else 1
    exact = min(line.reserved_minor_units + due, HUGE)
    covered = choices.mostly(max(10**12, exact), exact, max(exact - 1, 0), due, HUGE, once_in=5)
    statement = None
    if line_id != NOT_AN_ELEMENT and args.bitmap < 32:
        statement = SolvencyStatement(
            domain=int.from_bytes(value.domain_solvency, "big"),
            buyer=bytes(buyer),
            covered_minor_units=covered,
            seq=line.seq,
            issued_min_unix_s=args.issued_min_unix_s,
            bitmap=args.bitmap,
            root=int.from_bytes(terms.attestor_root, "big"),
            line_id=int.from_bytes(line_id, "big"),
        )
    return new_call(
        "market.place_bid_order",
        {
            "buyer": buyer,
            "payer": choices.mostly(buyer, somebody(arena, choices), once_in=3),
            "market": place.market,
            "terms": place.terms(version),
            "book": place.book,
            "ask": ask,
            "line": market.line_address(line_id),
            "order": order_store.order_address(place.market, line_id, line.seq),
            "solvency_key": terms.solvency_key,
            "market_authority": market.authority_address(),
        },
        {
            "proof": some_proof(arena, choices, "solvency", statement),
            "line_id": line_id,
            "reveal_key": choices.mostly(_REVEAL_KEY, bytes(32), once_in=40),
            "covered_minor_units": covered,
            **vars(args),
        },
    )


def _fitting(arena: Arena) -> list[Place]:
    """The markets that take bids just now."""
    return [
        place
        for place in arena.cast.places
        if book_at(arena, place).leaves
        and not market_at(arena, place).paused
        and not terms_at(arena, place.terms(market_at(arena, place).terms_version)).revoked_at_unix_s
    ]
