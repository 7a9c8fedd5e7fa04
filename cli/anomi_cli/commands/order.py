"""`anomi order`."""

from __future__ import annotations

import click

from anomi_cli.output import Output, common_options
from anomi_cli.trade.options import Options, parse_address, trade_options
from anomi_cli.trade.views import units_of_order
from anomi_sdk.trade.orders import read_order

__all__ = ["order"]


@click.group()
def order() -> None:
    """Look at a matched order: everything that the chain says of it."""


@order.command()
@click.argument("address")
@trade_options()
@common_options
def show(output: Output, address: str, options: Options) -> None:
    """Show the order at ADDRESS: its status, its parties, what is due and until when."""
    wanted = parse_address(address)
    with options.rpc() as rpc:
        view = read_order(rpc, wanted)
        units = units_of_order(rpc, view, options)
    output.result({"order": units.order_json(view)}, units.order_text(view))
