"""`anomi bank`: the fiat side of a development market. A real market has a real bank instead."""

from __future__ import annotations

import secrets
from contextlib import closing

import click

from anomi_cli.output import Output, common_options
from anomi_cli.trade.amounts import format_time, format_units, parse_units
from anomi_cli.trade.market_folder import open_bank, read_development
from anomi_cli.trade.options import Options, trade_options

__all__ = ["bank"]

_TXID_DIGITS = 11


@click.group()
def bank() -> None:
    """Pay and look at accounts at the bank that `anomi localnet --market` keeps."""


@bank.command()
@click.argument("amount")
@click.option("--from", "payer", required=True, metavar="ACCOUNT", help="Who pays, in any spelling of the rail.")
@click.option("--to", "payee", required=True, metavar="ACCOUNT", help="Who is paid.")
@trade_options()
@common_options
def pay(output: Output, amount: str, payer: str, payee: str, options: Options) -> None:
    """Transfer AMOUNT of fiat money, now; show the transfer's id and time as a phone would."""
    market = options.market()
    rail = market.rail
    minor_units = parse_units(amount, rail.exponent, "amount")
    accounts = (rail.canonical_account(payer), rail.canonical_account(payee))
    read_development(options.folder)
    with options.rpc() as rpc:
        now = rpc.unix_time_s()
    txid = rail.canonical_txid(str(10 ** (_TXID_DIGITS - 1) + secrets.randbelow(9 * 10 ** (_TXID_DIGITS - 1))))
    with closing(open_bank(options.folder)) as ledger:
        paid = ledger.transfer(txid, *accounts, minor_units, now)
    money = format_units(minor_units, rail.exponent, rail.currency, digits_min=rail.exponent)
    output.result(
        {
            "txid": paid.txid,
            "payer": paid.payer,
            "payee": paid.payee,
            "amount_minor_units": paid.amount_minor_units,
            "paid_at_unix_s": paid.paid_at_unix_s,
        },
        f"sent {money} from {paid.payer} to {paid.payee}\n"
        f"  transaction {paid.txid}, at {format_time(paid.paid_at_unix_s)}",
    )


@bank.command()
@trade_options()
@common_options
def show(output: Output, options: Options) -> None:
    """Show every account of the development bank."""
    rail = options.market().rail
    numbers = sorted(read_development(options.folder).passwords)
    with closing(open_bank(options.folder)) as ledger:
        held = {number: ledger.balance_minor_units(number) for number in numbers}
    width = max(map(len, numbers), default=0)
    output.result(
        {"accounts": [{"account": number, "balance_minor_units": balance} for number, balance in held.items()]},
        "\n".join(
            f"{number:<{width}}  {format_units(balance, rail.exponent, rail.currency, digits_min=rail.exponent)}"
            for number, balance in held.items()
        ),
    )
