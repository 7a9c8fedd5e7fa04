"""`anomi book`."""

from __future__ import annotations

import click

from anomi_cli.output import Output, common_options
from anomi_cli.trade.amounts import format_time
from anomi_cli.trade.counter import open_counter
from anomi_cli.trade.options import Options, trade_options
from anomi_sdk.trade.markets import read_asks

__all__ = ["book"]


@click.group()
def book() -> None:
    """Look at a market's open asks."""


@book.command()
@trade_options()
@common_options
def show(output: Output, options: Options) -> None:
    """List the open asks in the order in which bids take them: by price, then by age."""
    with open_counter(options) as counter:
        asks, units = read_asks(counter.rpc, counter.view), counter.units
    lines = [
        f"{units.price(leaf.price)}  {units.tokens(leaf.open_atoms)}, at least {units.tokens(leaf.min_fill_atoms)},"
        f" until {format_time(leaf.expiry_unix_s)}  {leaf.ask}"
        for leaf in asks
    ]
    output.result(
        {"market": str(counter.view.address), "asks": [units.leaf_json(leaf) for leaf in asks]},
        "\n".join(lines) or "no open asks",
    )
