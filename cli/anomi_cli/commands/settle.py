"""`anomi settle`: what anybody may do for others' orders and asks. Nothing that it sends can pay itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from solders.pubkey import Pubkey

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE
from anomi_cli.trade.options import Options, parse_address, trade_options
from anomi_cli.trade.proof_file import read_payment_proof
from anomi_cli.trade.steps import Steps
from anomi_cli.trade.views import units_of_order
from anomi_sdk.trade.orders import read_order
from anomi_sdk.trade.prepared import Prepared
from anomi_sdk.trade.settlement import Settler

__all__ = ["settle"]


@click.group()
def settle() -> None:
    """Do what anybody may: end orders, tidy the book, collect fees. You pay the transaction's fee, no more."""


@settle.command()
@click.argument("order")
@trade_options(wallet=True, steps=True)
@common_options
def expire(output: Output, order: str, options: Options) -> None:
    """Give an overdue ORDER's tokens back to its ask, and free its buyer's line."""
    address = parse_address(order)
    _settle(output, options, address, lambda settler: settler.prepare_expire(address))


@settle.command()
@click.argument("proof", type=EXISTING_FILE, metavar="PROOF.json")
@trade_options(wallet=True, steps=True)
@common_options
def finalize(output: Output, proof: Path, options: Options) -> None:
    """Settle an order by the proof that its buyer made with `anomi buyer prove`."""
    address, payment = read_payment_proof(proof)
    _settle(output, options, address, lambda settler: settler.prepare_finalize(address, payment))


@settle.command()
@click.argument("ask")
@trade_options(wallet=True, steps=True)
@common_options
def fees(output: Output, ask: str, options: Options) -> None:
    """Pay what ASK's orders owe in fees to the treasury."""
    address = parse_address(ask)
    steps = _take(output, options, lambda settler: settler.prepare_collect_fees(address))
    output.result({"ask": ask, "steps": steps.taken}, "the fees are the treasury's")


@settle.command()
@click.argument("ask")
@trade_options(wallet=True, steps=True)
@common_options
def prune(output: Output, ask: str, options: Options) -> None:
    """Take a dead ASK out of the book.

    What was open is returned to its seller. Dead is an ask that no bid can match any more: it expired; its terms are
    revoked and not the market's any more; or others came after them, an hour ago or more.
    """
    address = parse_address(ask)
    steps = _take(output, options, lambda settler: settler.prepare_prune(address))
    output.result({"ask": ask, "steps": steps.taken}, "the ask is out of the book")


@settle.command()
@click.argument("order")
@trade_options(wallet=True, steps=True)
@common_options
def close(output: Output, order: str, options: Options) -> None:
    """Close the record of a dead ORDER.

    It expired or was cancelled 30 days ago or more. The rent goes to who paid it.
    """
    address = parse_address(order)
    steps = _take(output, options, lambda settler: settler.prepare_close(address))
    output.result({"order": order, "steps": steps.taken}, "the record is closed")


def _settle(output: Output, options: Options, order: Pubkey, prepare: Callable[[Settler], Prepared]) -> None:
    """Take the step that ends an order, and tell how the order stands."""
    steps = _take(output, options, prepare)
    with options.rpc() as rpc:
        view = read_order(rpc, order)
        units = units_of_order(rpc, view, options)
    output.result({"order": units.order_json(view), "steps": steps.taken}, units.order_text(view))


def _take(output: Output, options: Options, prepare: Callable[[Settler], Prepared]) -> Steps:
    """Take one step with the wallet of the command line."""
    wallet, steps = options.keypair(), Steps(output, yes=options.yes)
    with options.rpc() as rpc:
        settler = Settler(rpc, wallet, micro_lamports_per_unit=options.micro_lamports_per_unit)
        steps.take(lambda: prepare(settler), settler.execute)
    return steps
