"""States of the world in which every instruction is tried, whether they concern it or not: most must not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from solders.account import Account
from solders.pubkey import Pubkey

from anomi_sdk.bench_cu.books import slab
from anomi_sdk.generated import market, order_store
from tests.programs.adversary.scene import NOW
from tests.programs.adversary.stage import INSTRUCTIONS, Stage
from tests.programs.market.world import PRICE, TermsArgs

__all__ = ["CLOCKS", "CONDITIONS", "STATUSES", "address_of", "in_status"]

Changes = Mapping[Pubkey, Account | None]
Condition = Callable[[Stage, str], Changes]

STATUSES: Final = {
    "pending": 0,
    "awaiting": 1,
    "confirmed": 2,
    "settled": 3,
    "expired": 4,
    "cancelled": 5,
    "none such": 6,
}
CLOCKS: Final = {
    "an hour later": NOW + 3_600,
    "a day later": NOW + 86_400,
    "a year later": NOW + 365 * 86_400,
    "the clock before 1970": -1,
    "the clock past 40 bits": 2**40,
}
"""Times at which every instruction is tried; orders and asks were made a moment before NOW."""
GRACE_S: Final = TermsArgs().free_cancel_grace_s


def address_of(stage: Stage, name: str, account: str) -> Pubkey | None:
    """The account in the place of this name; None when the instruction has no such place."""
    names = [spec.name for spec in INSTRUCTIONS[name][1].accounts]
    return stage.calls[name].accounts[names.index(account)].pubkey if account in names else None


def in_status(stage: Stage, order: Pubkey, status: int) -> Changes:
    """The order in another status, past every rule."""
    stored = stage.world.order(order)
    return {order: stage.holding(order, replace(stored, status=status).encode())}


def _market(**changes: object) -> Condition:
    def condition(stage: Stage, _: str) -> Changes:
        stored = stage.world.read(market.Market, stage.home.market)
        return {stage.home.market: stage.holding(stage.home.market, replace(stored, **changes).encode())}  # type: ignore[arg-type]

    return condition


def _terms(**changes: object) -> Condition:
    def condition(stage: Stage, _: str) -> Changes:
        address = stage.home.terms(2)
        stored = stage.world.read(market.Terms, address)
        return {address: stage.holding(address, replace(stored, **changes).encode())}  # type: ignore[arg-type]

    return condition


def _governed_by_another(stage: Stage, name: str) -> Changes:
    address = market.config_address()
    if (needed := stage.needs.get(name, {address: stage.world.account(address)}).get(address)) is None:
        return {}
    stored = market.Config.read(needed)
    return {address: stage.holding(address, replace(stored, authority=stage.pool["wallet"]).encode())}


def _both(one: Condition, other: Condition) -> Condition:
    return lambda stage, name: {**one(stage, name), **other(stage, name)}


def _line(**changes: object) -> Condition:
    """The line of the instruction; one that does not exist yet is there, and new but for the changes."""

    def condition(stage: Stage, name: str) -> Changes:
        if (address := address_of(stage, name, "line")) is None:
            return {}
        if (account := stage.world.account(address)) is None:
            sample = stage.world.read(market.SolvencyLine, stage.pool["neighbour_line"])
            line = replace(sample, line_id=stage.new_line, reserved_minor_units=0, seq=0, strikes=0)
            data = replace(line, **changes).encode()  # type: ignore[arg-type]
            return {address: stage.holding(stage.pool["neighbour_line"], data)}
        return {address: stage.holding(address, replace(market.SolvencyLine.read(account), **changes).encode())}  # type: ignore[arg-type]

    return condition


def _ask(**changes: object) -> Condition:
    """The ask of the instruction, and its book without its leaf."""

    def condition(stage: Stage, name: str) -> Changes:
        address = address_of(stage, name, "ask")
        if address is None or (account := stage.world.account(address)) is None:
            return {}
        data = replace(market.Ask.read(account), **changes).encode()  # type: ignore[arg-type]
        return {address: stage.holding(address, data), **_book_without(stage, address)}

    return condition


def _order(**changes: object) -> Condition:
    """The order of the instruction."""

    def condition(stage: Stage, name: str) -> Changes:
        address = address_of(stage, name, "order")
        if address is None or stage.world.account(address) is None:
            return {}
        stored = replace(stage.world.order(address), **changes)  # type: ignore[arg-type]
        return {address: stage.holding(address, stored.encode())}

    return condition


def _spent(account: str, by: str) -> Condition:
    """The transfer of a settlement is marked already, in one of the two places."""

    def condition(stage: Stage, name: str) -> Changes:
        if (address := address_of(stage, name, account)) is None:
            return {}
        return {address: stage.world.account(stage.pool[by])}

    return condition


def _rails(rails_count: int, **changes: int) -> Condition:
    """The config lists this many rails, and its first one is otherwise."""

    def condition(stage: Stage, name: str) -> Changes:
        address = market.config_address()
        if (needed := stage.needs.get(name, {address: stage.world.account(address)}).get(address)) is None:
            return {}
        stored = market.Config.read(needed)
        rails = (replace(stored.rails[0], **changes), *stored.rails[1:])
        return {address: stage.holding(address, replace(stored, rails_count=rails_count, rails=rails).encode())}

    return condition


def _stored(stage: Stage, name: str) -> Changes:
    """Where a key would be stored there is one."""
    if name != "groth16_verifier.finalize_key":
        return {}
    address = address_of(stage, name, "verifying_key")
    assert address is not None
    return {address: stage.world.account(stage.pool["solvency_key"])}


def _decimals(stage: Stage, name: str) -> Changes:
    """The mint has a decimal more than a market takes."""
    if (address := address_of(stage, name, "base_mint")) is None:
        return {}
    account = stage.world.account(address)
    assert account is not None
    data = bytes(account.data)
    return {address: stage.holding(address, data[:44] + bytes([market.BASE_DECIMALS_MAX + 1]) + data[45:])}


def _book_without(stage: Stage, ask: Pubkey | None) -> Changes:
    book = stage.home.book
    stored = stage.world.read(market.Book, book)
    leaves = [leaf for leaf in stage.world.leaves(stage.home) if leaf.value.ask != ask]
    places = [(leaf.price, leaf.sequence, leaf.value.put("")) for leaf in leaves]
    return {book: stage.holding(book, replace(stored, slab=slab(places, len(places) + 1)).encode())}


def _no_leaves(stage: Stage, _: str) -> Changes:
    """What is listed is not in the book: no program leaves that."""
    book = stage.home.book
    stored = stage.world.read(market.Book, book)
    return {book: stage.holding(book, replace(stored, slab=slab([], 1)).encode())}


def _torn(stage: Stage, _: str) -> Changes:
    """The book's root is a node that is not there: no program leaves that."""
    book = stage.home.book
    stored = stage.world.read(market.Book, book)
    data = (2**31).to_bytes(4, "little") + stored.slab[4:]
    return {book: stage.holding(book, replace(stored, slab=data).encode())}


def _largest(leaves: int, price: int) -> Condition:
    """A book of the largest size with this many leaves; the last ones, at a price, nobody placed."""

    def condition(stage: Stage, _: str) -> Changes:
        book = stage.home.book
        stored, own = stage.world.read(market.Book, book), stage.world.leaves(stage.home)
        own = [leaf for leaf in own if leaf.price <= price]
        filler = replace(own[0].value, ask=stage.pool["neighbour_ask"]).put("")
        places = [(leaf.price, leaf.sequence, leaf.value.put("")) for leaf in own]
        places += [(price, 2**40 + number, filler) for number in range(leaves - len(own))]
        return {book: stage.holding(book, replace(stored, slab=slab(sorted(places))).encode())}

    return condition


def _full(stage: Stage, _: str) -> Changes:
    """A book of its first size that is full: it can still grow."""
    book = stage.home.book
    stored = stage.world.read(market.Book, book)
    leaves = [(leaf.price, leaf.sequence, leaf.value.put("")) for leaf in stage.world.leaves(stage.home)]
    return {book: stage.holding(book, replace(stored, slab=slab(leaves, len(leaves))).encode())}


CONDITIONS: Final[Mapping[str, Condition]] = {
    "market paused": _market(paused=True),
    "newer terms published": _market(terms_version=3),
    "order numbers at their end": _market(next_order_id=2**64 - 1),
    "terms revoked": _terms(revoked_at_unix_s=NOW, claim_extension_s=market.REVOKED_TERMS_EXTENSION_S),
    "terms restored": _terms(claim_extension_s=market.REVOKED_TERMS_EXTENSION_S),
    "authority handed on": _governed_by_another,
    "line cooling down": _line(cooldown_until_unix_s=NOW + 1),
    "line just settled": _line(fresh_after_unix_s=NOW),
    "line without a free cancel": _line(free_cancel_at_unix_s=NOW + 1),
    "line cooled down this second": _line(cooldown_until_unix_s=NOW),
    "line settled as the attestation begins": _line(fresh_after_unix_s=NOW - 60),
    "line with its free cancel back this second": _line(free_cancel_at_unix_s=NOW),
    "line at its last number": _line(seq=2**64 - 1),
    "ask out of the book": _ask(listed=False),
    "ask empty and its vault closed": _ask(listed=False, returned_atoms=0, vault=Pubkey.default()),
    "ask owes a fee and no more": _ask(listed=False, returned_atoms=0, fee_owed_atoms=1),
    "book full and small": _full,
    "book at its largest": _largest(8, 40_000),
    "book full at its largest, of dearer asks": _largest(market.BOOK_LEAVES_MAX, 40_000),
    "book full at its largest, of asks as dear": _largest(market.BOOK_LEAVES_MAX, PRICE),
    "transfer proven before": _spent("nullifier", "spent_nullifier"),
    "transfer believed before": _spent("word", "spent_word"),
    "order resolved a second too late to close": _order(resolved_at_unix_s=NOW - order_store.ORDER_RETENTION_S + 1),
    "order at its last second": _order(reveal_by_unix_s=NOW, prove_by_unix_s=NOW),
    "order a second past its deadlines": _order(reveal_by_unix_s=NOW - 1, prove_by_unix_s=NOW - 1),
    "order revealed as long ago as a cancel is free": _order(revealed_at_unix_s=NOW - GRACE_S),
    "order revealed a second longer ago": _order(revealed_at_unix_s=NOW - GRACE_S - 1),
    "order of the end of time": _both(_order(prove_by_unix_s=2**64 - 1), _terms(claim_extension_s=1)),
    "rails full": _rails(market.RAILS_MAX, provider_id=99),
    "rail known with another exponent": _rails(1, exponent=3),
    "mint with too many decimals": _decimals,
    "key stored already": _stored,
    "book without the ask": _no_leaves,
    "book torn": _torn,
}
