"""Adds everything up again from what accounts hold, as somebody would who trusts none of the programs."""

from __future__ import annotations

from collections import Counter
from typing import TypeVar

from solders.pubkey import Pubkey

from anomi_cli.demo.chain import Chain
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated import order_processor
from anomi_sdk.generated.market import Ask, Book, SolvencyLine
from anomi_sdk.generated.order_processor import Nullifier, SellerWord
from anomi_sdk.layouts import AccountLayout
from anomi_sdk.trade.book import read_book
from anomi_sdk.trade.orders import OrderStatus, OrderView, orders_where

__all__ = ["accounts_of", "broken_invariants"]

T = TypeVar("T", bound=AccountLayout)

LIVE = (OrderStatus.PENDING, OrderStatus.AWAITING_PAYMENT)


def accounts_of(chain: Chain, layout: type[T]) -> dict[Pubkey, T]:
    """Return every account of this kind, whoever made it."""
    found = chain.svm.program_accounts(layout.PROGRAM)
    return {address: layout.read(account) for address, account in found if account.data[:8] == layout.TAG}


def broken_invariants(chain: Chain, *, issued_atoms: int) -> list[str]:
    """Return the invariants that do not hold; none is a broken one as long as every program does what it should."""
    asks, orders, held = accounts_of(chain, Ask), orders_where(chain.svm), chain.token_accounts()
    lines = accounts_of(chain, SolvencyLine)
    nullifiers, words = accounts_of(chain, Nullifier), accounts_of(chain, SellerWord)
    live = [view for view in orders if view.status in LIVE]
    settled = {view.address: view.order.nf for view in orders if view.status is OrderStatus.SETTLED}
    line_of = {view.address: view.order.line_id for view in orders}
    listed = Counter[Pubkey]()
    for book in accounts_of(chain, Book).values():
        listed.update({leaf.ask: leaf.open_atoms for leaf in read_book(book.slab)})
    checks = {
        "every ask's deposit is in exactly one place": all(_adds_up(ask, listed[at]) for at, ask in asks.items()),
        "every vault holds what its ask still owes": all(
            held.get(market_program.vault_address(at), 0) >= _owed(ask, listed[at]) for at, ask in asks.items()
        ),
        "what is locked is what live orders hold": all(
            ask.locked_atoms == sum(view.order.base_atoms for view in live if view.order.ask == at)
            for at, ask in asks.items()
        ),
        "what is reserved is what live orders owe": all(
            line.reserved_minor_units
            == sum(view.order.due_minor_units for view in live if view.order.line_id == line.line_id)
            for line in lines.values()
        ),
        "every settled order has a nullifier or a seller's word of its own, and each of these an order": {
            **{mark.order: mark.nf for mark in nullifiers.values()},
            **{mark.order: mark.nf for mark in words.values()},
        }
        == settled
        and len(nullifiers) + len(words) == len(settled)
        and all(order_processor.nullifier_address(mark.nf) == at for at, mark in nullifiers.items())
        and all(order_processor.word_address(line_of[mark.order], mark.nf) == at for at, mark in words.items()),
        "no order stands between confirmed and settled": _none_is(orders, OrderStatus.PAYMENT_CONFIRMED),
        "all tokens together are what was issued": sum(held.values()) == issued_atoms == chain.supply_atoms(),
    }
    return [name for name, holds in checks.items() if not holds]


def _owed(ask: Ask, open_atoms: int) -> int:
    return open_atoms + ask.locked_atoms + ask.returned_atoms + ask.fee_owed_atoms


def _adds_up(ask: Ask, open_atoms: int) -> bool:
    spent = ask.released_atoms + ask.fees_atoms + ask.withdrawn_atoms
    return ask.deposited_atoms == open_atoms + ask.locked_atoms + ask.returned_atoms + spent


def _none_is(orders: list[OrderView], status: OrderStatus) -> bool:
    return all(view.status is not status for view in orders)
