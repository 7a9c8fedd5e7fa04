"""Orders as the chain has them, and the accounts that the programs keep beside each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from solders.account import Account
from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError
from anomi_core.spec import CLOCK_SKEW_S
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated import order_processor, order_store
from anomi_sdk.generated.market import SolvencyLine
from anomi_sdk.generated.order_store import MatchedOrder
from anomi_sdk.layouts import AccountLayout, AccountMissingError
from anomi_sdk.rpc import DataMatch, Rpc

__all__ = [
    "OrderOfAnotherMarketError",
    "OrderStatus",
    "OrderView",
    "existing",
    "line_at",
    "order_at",
    "orders_where",
    "read_order",
]

_Layout = TypeVar("_Layout", bound=AccountLayout)


class OrderOfAnotherMarketError(RefusedError):
    """An order belongs to another market than the one that is traded."""


class OrderStatus(IntEnum):
    """Where an order stands."""

    PENDING = 0
    AWAITING_PAYMENT = 1
    PAYMENT_CONFIRMED = 2
    SETTLED = 3
    EXPIRED = 4
    CANCELLED = 5


@dataclass(frozen=True)
class OrderView:
    """A matched order and its address."""

    address: Pubkey
    order: MatchedOrder

    @property
    def status(self) -> OrderStatus:
        """Where it stands."""
        return OrderStatus(self.order.status)

    @property
    def terms(self) -> Pubkey:
        """The account of its terms."""
        return market_program.terms_address(self.order.market, self.order.terms_version)

    @property
    def vault(self) -> Pubkey:
        """The account that holds its ask's tokens."""
        return market_program.vault_address(self.order.ask)

    @property
    def line(self) -> Pubkey:
        """The account of the buyer's line."""
        return market_program.line_address(self.order.line_id)

    @property
    def book(self) -> Pubkey:
        """The book of its market."""
        return market_program.book_address(self.order.market)

    @property
    def reported_nf(self) -> bytes | None:
        """The nullifier that the buyer reported, or None."""
        return self.order.reported_nf if any(self.order.reported_nf) else None

    @property
    def payment_window_unix_s(self) -> tuple[int, int]:
        """The first and the last second of a payment that can be proven."""
        return self.order.revealed_at_unix_s, self.order.pay_by_unix_s + CLOCK_SKEW_S

    def word(self, nf: bytes) -> Pubkey:
        """The account of a seller's word for a transfer, on this order's line."""
        return order_processor.word_address(self.order.line_id, nf)


def existing(layout: type[_Layout], account: Account | None) -> _Layout | None:
    """Return what an account holds, or None when its program has not made it yet.

    Anybody can send lamports to an address beforehand: such an account belongs to the system program.
    """
    if account is None or account.owner != layout.PROGRAM:
        return None
    return layout.read(account)


def order_at(rpc: Rpc, address: Pubkey) -> OrderView | None:
    """Return the order at an address, or None when there is none yet."""
    order = existing(MatchedOrder, rpc.accounts([address])[0])
    return None if order is None else OrderView(address, order)


def read_order(rpc: Rpc, address: Pubkey) -> OrderView:
    """Return the order at an address. Raises AccountMissingError."""
    view = order_at(rpc, address)
    if view is None:
        raise AccountMissingError(f"there is no order at {address}")
    return view


def line_at(rpc: Rpc, line_id: bytes) -> SolvencyLine:
    """Return a solvency line; one that was never used is all zeros."""
    line = existing(SolvencyLine, rpc.accounts([market_program.line_address(line_id)])[0])
    return line or SolvencyLine(
        line_id=line_id,
        reserved_minor_units=0,
        seq=0,
        fresh_after_unix_s=0,
        strikes=0,
        free_cancel_at_unix_s=0,
        cooldown_until_unix_s=0,
        bump=0,
    )


def orders_where(rpc: Rpc, *matches: DataMatch) -> list[OrderView]:
    """Return all orders whose data matches, in the order of their numbers."""
    found = rpc.program_accounts(
        order_store.PROGRAM_ID, matches=[DataMatch(0, MatchedOrder.TAG), *matches], data_bytes=MatchedOrder.size()
    )
    views = [OrderView(address, MatchedOrder.read(account)) for address, account in found]
    return sorted(views, key=lambda view: view.order.order_id)
