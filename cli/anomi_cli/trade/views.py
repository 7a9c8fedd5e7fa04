"""Asks and orders as the commands tell them, in a market's own units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anomi_cli.trade.amounts import format_time, format_units
from anomi_cli.trade.options import Options
from anomi_core.errors import RefusedError
from anomi_core.rails import RAILS, Rail
from anomi_sdk.generated.market import Market
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.book import OpenAsk
from anomi_sdk.trade.markets import field_bytes
from anomi_sdk.trade.orders import OrderStatus, OrderView
from anomi_sdk.trade.seller import AskView

__all__ = ["RailUnknownError", "Units", "units_of_order"]


class RailUnknownError(RefusedError):
    """A market trades against a rail that this version does not know."""


@dataclass(frozen=True)
class Units:
    """How a market's amounts are written."""

    decimals: int
    symbol: str
    rail: Rail

    def tokens(self, atoms: int) -> str:
        """Return so many tokens."""
        return format_units(atoms, self.decimals, self.symbol)

    def money(self, minor_units: int) -> str:
        """Return so much fiat money."""
        return format_units(minor_units, self.rail.exponent, self.rail.currency, digits_min=self.rail.exponent)

    def price(self, minor_units: int) -> str:
        """Return a price of one token."""
        return f"{self.money(minor_units)} each"

    def ask_json(self, view: AskView) -> dict[str, Any]:
        """Return an ask for machines; amounts in atoms and minor units."""
        ask = view.ask
        paid_out = ask.released_atoms + ask.fees_atoms + ask.returned_atoms + ask.withdrawn_atoms
        return {
            "address": str(view.address),
            "number": ask.client_nonce,
            "listed": ask.listed,
            "price": ask.price,
            "min_fill_atoms": ask.min_fill_atoms,
            "deposited_atoms": ask.deposited_atoms,
            "open_atoms": ask.deposited_atoms - ask.locked_atoms - paid_out,
            "locked_atoms": ask.locked_atoms,
            "released_atoms": ask.released_atoms,
            "fees_atoms": ask.fees_atoms,
            "returned_atoms": ask.returned_atoms,
            "withdrawn_atoms": ask.withdrawn_atoms,
            "live_orders": ask.live_orders,
            "expiry_unix_s": ask.expiry_unix_s,
            "terms_version": ask.terms_version,
        }

    def ask_text(self, view: AskView) -> str:
        """Return an ask in a line or two."""
        told = self.ask_json(view)
        parts = [
            f"{self.tokens(told[name + '_atoms'])} {name}"
            for name in ("open", "locked", "released", "fees", "returned", "withdrawn")
            if told[name + "_atoms"]
        ]
        listed = f"listed until {format_time(view.ask.expiry_unix_s)}" if view.ask.listed else "not listed"
        return (
            f"ask {view.ask.client_nonce}  {view.address}\n"
            f"  {self.tokens(view.ask.deposited_atoms)} at {self.price(view.ask.price)}, {listed}"
            + (f"\n  {', '.join(parts)}" if parts else "")
        )

    def leaf_json(self, leaf: OpenAsk) -> dict[str, Any]:
        """Return an ask in the book for machines."""
        return {
            "ask": str(leaf.ask),
            "seller": str(leaf.seller),
            "price": leaf.price,
            "open_atoms": leaf.open_atoms,
            "min_fill_atoms": leaf.min_fill_atoms,
            "expiry_unix_s": leaf.expiry_unix_s,
            "terms_version": leaf.terms_version,
        }

    def order_json(self, view: OrderView) -> dict[str, Any]:
        """Return an order for machines; times in unix seconds, 0 where the time has not come."""
        order = view.order
        return {
            "address": str(view.address),
            "order_id": order.order_id,
            "status": view.status.name.lower(),
            "market": str(order.market),
            "ask": str(order.ask),
            "seller": str(order.seller),
            "buyer": str(order.buyer),
            "line_id": order.line_id.hex(),
            "base_atoms": order.base_atoms,
            "price": order.price,
            "due_minor_units": order.due_minor_units,
            "least_minor_units": order.paid_min_minor_units,
            "matched_at_unix_s": order.matched_at_unix_s,
            "reveal_by_unix_s": order.reveal_by_unix_s,
            "revealed_at_unix_s": order.revealed_at_unix_s,
            "pay_by_unix_s": order.pay_by_unix_s,
            "prove_by_unix_s": order.prove_by_unix_s,
            "payment_reported": view.reported_nf is not None,
            "paid_floor_minor_units": order.paid_floor_minor_units,
            "released_atoms": order.released_atoms,
        }

    def order_text(self, view: OrderView) -> str:
        """Return an order in a few lines."""
        order = view.order
        lines = [
            f"order {order.order_id}  {view.address}",
            f"  {view.status.name.lower().replace('_', ' ')}: {self.tokens(order.base_atoms)} at"
            f" {self.price(order.price)}, {self.money(order.due_minor_units)} due",
            f"  seller {order.seller}, ask {order.ask}",
            f"  buyer  {order.buyer}",
            f"  matched at {format_time(order.matched_at_unix_s)}",
        ]
        match view.status:
            case OrderStatus.PENDING:
                lines.append(f"  the seller reveals the payee by {format_time(order.reveal_by_unix_s)}, or it expires")
            case OrderStatus.AWAITING_PAYMENT:
                said = "the buyer says that he has paid" if view.reported_nf else "no payment reported yet"
                lines.append(f"  revealed at {format_time(order.revealed_at_unix_s)}; {said}")
                lines.append(f"  to be paid by {format_time(order.pay_by_unix_s)}")
                lines.append(f"  to be proven by {format_time(order.prove_by_unix_s)}")
            case OrderStatus.SETTLED:
                lines.append(f"  {self.tokens(order.released_atoms)} released, the fee included")
            case _:
                pass
        return "\n".join(lines)


def units_of_order(rpc: Rpc, order: OrderView, options: Options) -> Units:
    """Return how the market of an order writes its amounts. Raises RailUnknownError.

    What people call the token is known where the market's folder was named.
    """
    market = Market.read(rpc.accounts([order.order.market])[0])
    symbol = "tokens"
    if options.market_folder is not None and (file := options.market()).ref.address == order.order.market:
        symbol = file.symbol
    for rail in RAILS:
        if field_bytes(rail.id()) == market.rail:
            return Units(market.base_decimals, symbol, rail)
    raise RailUnknownError(f"the market {order.order.market} trades against a rail that this version does not know")
