"""`anomi buyer`: bid, pay, prove, receive; and go on wherever an earlier process ended."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import NEW_FILE, check_outputs
from anomi_cli.trade.amounts import parse_time, parse_units
from anomi_cli.trade.buyer_counter import BuyerCounter, open_buyer
from anomi_cli.trade.counter import choose_account
from anomi_cli.trade.driving import Countdown, Standing, drive, standing_json, standing_text
from anomi_cli.trade.options import Options, trade_options
from anomi_cli.trade.proof_file import write_payment_proof
from anomi_cli.trade.steps import Steps
from anomi_core.errors import AnomiError, RefusedError
from anomi_sdk.trade.buyer import Bid, BuyerTrade
from anomi_sdk.trade.prepared import Prepared
from anomi_sdk.trade.settlement import PaymentProof

__all__ = ["NotProvenError", "buyer"]

_TRADE = click.IntRange(1, 2**31)
_NO_WAIT = click.option("--no-wait", is_flag=True, help="End instead of waiting for others; --json never waits.")


class NotProvenError(RefusedError):
    """A trade has no proof of payment to write down."""


@click.group()
def buyer() -> None:
    """Buy tokens with fiat money.

    `bid` proves that you can pay, and locks a seller's tokens; it then waits for the seller to reveal whom to pay. You
    pay by phone, say so with `paid`, and the tokens are yours. Whatever ends a command, `resume` goes on from there.
    """


@buyer.command()
@click.argument("amount")
@click.option("--limit", required=True, metavar="P", help="The most fiat money for one whole token: 300 or 285.50.")
@click.option("--min-fill", metavar="AMOUNT", help="The least that you take.  [default: the whole amount]")
@click.option("--account", help="The linked account that you pay from.  [default: the only one]")
@_NO_WAIT
@trade_options(wallet=True, state=True, steps=True, fee_payer=True)
@common_options
def bid(
    output: Output, amount: str, limit: str, min_fill: str | None, account: str | None, no_wait: bool, options: Options
) -> None:
    """Bid for AMOUNT tokens: have your balance attested, prove it, lock the tokens, wait for the payee.

    The balance has to cover the whole amount at the limit price; nobody but the attestors learns more than that.
    """
    with open_buyer(options, output) as counter:
        counter.refuse_development_keys()
        decimals, rail = counter.units.decimals, counter.file.rail
        base_atoms = parse_units(amount, decimals, "amount")
        wanted = Bid(
            account=choose_account(counter.identity, rail, account),
            base_atoms=base_atoms,
            limit_price=parse_units(limit, rail.exponent, "limit price"),
            min_fill_atoms=base_atoms if min_fill is None else parse_units(min_fill, decimals, "smallest fill"),
        )
        alive = [number for number in counter.trades_here() if counter.journal.progress(number).ended is None]
        if alive:
            output.progress().note(f"under way already: {', '.join(f'trade {number}' for number in alive)}")
        trade = counter.buyer.open(wanted)
        try:
            _go_on(output, counter, trade, options, no_wait=no_wait)
        except AnomiError:
            if counter.journal.progress(trade.number).records == 1:  # nothing was disclosed: there is nothing to resume
                trade.abandon()
            raise


@buyer.command()
@click.argument("trade", type=_TRADE, required=False)
@trade_options(wallet=True, state=True)
@common_options
def status(output: Output, trade: int | None, options: Options) -> None:
    """Show where a trade stands and what is next, or all trades of this market and wallet. Nothing is sent."""
    with open_buyer(options, output) as counter:
        chosen = counter.trades_here() if trade is None else [trade]
        found = [_status(counter, counter.trade(number)) for number in chosen]
        output.result(
            {"trades": [told for told, _ in found]}, "\n".join(text for _, text in found) or "no trades here yet"
        )


@buyer.command()
@click.argument("trade", type=_TRADE, required=False)
@_NO_WAIT
@trade_options(wallet=True, state=True, steps=True, fee_payer=True)
@common_options
def resume(output: Output, trade: int | None, no_wait: bool, options: Options) -> None:
    """Go on with a trade from wherever an earlier process ended, whatever ended it."""
    with open_buyer(options, output) as counter:
        counter.refuse_development_keys()
        _go_on(output, counter, counter.trade(trade), options, no_wait=no_wait)


@buyer.command()
@click.argument("trade", type=_TRADE, required=False)
@click.option("--txid", required=True, metavar="ID", help="The transfer's id, as your phone shows it.")
@click.option("--amount", required=True, metavar="AMOUNT", help="What you paid, in fiat money.")
@click.option("--at", required=True, metavar="TIME", help="When: unix seconds or 2026-11-21T12:30:00Z, to the second.")
@click.option(
    "--proof-only",
    "proof_out",
    type=NEW_FILE,
    metavar="PROOF.json",
    help="Do not settle: write the proof, for anybody to settle with by `anomi settle finalize`.",
)
@trade_options(wallet=True, state=True, steps=True, fee_payer=True)
@common_options
def paid(
    output: Output, trade: int | None, txid: str, amount: str, at: str, proof_out: Path | None, options: Options
) -> None:
    """Say that you have paid, have the transfer attested, prove it, and settle the trade.

    What was mistyped is said again in the same way.
    """
    paid_at_unix_s = parse_time(at)
    if proof_out is not None:
        check_outputs((proof_out,))
    with open_buyer(options, output) as counter:
        counter.refuse_development_keys()
        chosen = counter.trade(trade)
        chosen.paid(
            txid=txid,
            amount_minor_units=parse_units(amount, counter.file.rail.exponent, "amount"),
            paid_at_unix_s=paid_at_unix_s,
        )
        if proof_out is None:
            _go_on(output, counter, chosen, options)
        else:
            _prove(output, counter, chosen, options, proof_out)


@buyer.command()
@click.argument("trade", type=_TRADE, required=False)
@click.option("-o", "--output", "proof_out", type=NEW_FILE, required=True, metavar="PROOF.json")
@trade_options(wallet=True, state=True, steps=True, fee_payer=True)
@common_options
def prove(output: Output, trade: int | None, proof_out: Path, options: Options) -> None:
    """Prove a payment that `paid` has recorded, and write the proof instead of settling with it."""
    check_outputs((proof_out,))
    with open_buyer(options, output) as counter:
        counter.refuse_development_keys()
        _prove(output, counter, counter.trade(trade), options, proof_out)


@buyer.command()
@click.argument("trade", type=_TRADE, required=False)
@trade_options(wallet=True, state=True)
@common_options
def abandon(output: Output, trade: int | None, options: Options) -> None:
    """Give up a trade whose bid was never matched."""
    with open_buyer(options, output) as counter:
        chosen = counter.trade(trade)
        chosen.abandon()
        output.result({"trade": chosen.number}, f"trade {chosen.number}: abandoned")


@buyer.command()
@click.argument("trade", type=_TRADE, required=False)
@click.option("--accept-strike", is_flag=True, help="Cancel even where it costs your account a strike.")
@trade_options(wallet=True, state=True, steps=True, fee_payer=True)
@common_options
def cancel(output: Output, trade: int | None, accept_strike: bool, options: Options) -> None:
    """Give a matched order up, before you pay: the seller gets his tokens back, and your balance is free again.

    It is free for a while after the reveal, once a day, and when the seller missed his time to reveal. Otherwise it
    costs a strike, which is said before and refused unless you take it. Whatever you have said to have paid is not
    cancelled: prove it instead.
    """
    with open_buyer(options, output) as counter:
        chosen = counter.trade(trade)
        steps = Steps(output, yes=options.yes)
        steps.take(lambda: chosen.prepare_cancel(accepts_strike=accept_strike), chosen.execute)
        _tell(output, counter, chosen, chosen.prepare(), steps)


@buyer.command()
@click.argument("trade", type=_TRADE, required=False)
@trade_options(wallet=True, state=True, steps=True, fee_payer=True)
@common_options
def extend(output: Output, trade: int | None, options: Options) -> None:
    """Take three days more to prove a payment that you have reported: once, for when attestors do not answer."""
    with open_buyer(options, output) as counter:
        chosen = counter.trade(trade)
        steps = Steps(output, yes=options.yes)
        steps.take(chosen.prepare_extend_claim, chosen.execute)
        order = chosen.order()
        output.result({"order": counter.units.order_json(order), "steps": steps.taken}, counter.units.order_text(order))


@buyer.command()
@click.argument("trade", type=_TRADE)
@trade_options(wallet=True, state=True, steps=True, fee_payer=True)
@common_options
def close(output: Output, trade: int, options: Options) -> None:
    """Close the record of an order that expired or was cancelled 30 days ago; its rent comes back to who paid it."""
    with open_buyer(options, output) as counter:
        chosen = counter.trade(trade)
        steps = Steps(output, yes=options.yes)
        steps.take(chosen.prepare_close, chosen.execute)
        output.result({"trade": chosen.number, "steps": steps.taken}, f"trade {chosen.number}: its record is closed")


@buyer.command()
@trade_options(wallet=True, state=True)
@common_options
def recover(output: Output, options: Options) -> None:
    """Find your open orders on chain when the journal is lost; the vault with its linked accounts is enough."""
    with open_buyer(options, output) as counter:
        found = counter.buyer.recover()
        output.result({"trades": [trade.number for trade in found]}, f"{len(found)} orders found")


def _go_on(
    output: Output, counter: BuyerCounter, trade: BuyerTrade, options: Options, *, no_wait: bool = False
) -> None:
    """Drive a trade as far as it goes, and tell where it stands."""
    steps = Steps(output, yes=options.yes)
    countdown = Countdown(output, counter.rpc.unix_time_s, patient=not (no_wait or output.as_json))
    if not (output.as_json or output.quiet):
        click.echo(f"trade {trade.number}; if this ends early, `anomi buyer resume {trade.number}` goes on", err=True)
    _tell(output, counter, trade, drive(trade, steps, countdown), steps)


def _tell(output: Output, counter: BuyerCounter, trade: BuyerTrade, standing: Standing, steps: Steps) -> None:
    output.result(
        {**standing_json(counter, trade, standing), "steps": steps.taken}, standing_text(counter, trade, standing)
    )


def _prove(output: Output, counter: BuyerCounter, trade: BuyerTrade, options: Options, proof_out: Path) -> None:
    """Drive a trade up to the proof of its payment, and write that. Raises NotProvenError."""
    steps = Steps(output, yes=options.yes)
    countdown = Countdown(output, counter.rpc.unix_time_s, patient=False)
    standing = drive(trade, steps, countdown, stop_before="finalize_trade")
    progress = counter.journal.progress(trade.number)
    if not isinstance(standing, Prepared) or progress.proven is None or progress.matched is None:
        raise NotProvenError(
            f"the trade {trade.number} has no payment to prove now", hint=f"anomi buyer status {trade.number}"
        )
    proven = progress.proven
    write_payment_proof(
        proof_out,
        progress.matched.order,
        PaymentProof(proven.proof, proven.nf, proven.paid_floor_minor_units, proven.bitmap),
    )
    output.result(
        {**standing_json(counter, trade, standing), "proof": str(proof_out), "steps": steps.taken},
        f"wrote {proof_out}\n  anybody settles with it: anomi settle finalize {proof_out}",
    )


def _status(counter: BuyerCounter, trade: BuyerTrade) -> tuple[dict[str, object], str]:
    """Return where a trade stands, for machines and for people; what keeps it from going on is part of that."""
    try:
        standing = trade.prepare()
    except RefusedError as error:
        told = {"trade": trade.number, "state": "blocked", "why": type(error).__name__, "message": str(error)}
        return told, f"trade {trade.number}: cannot go on now: {error}"
    return standing_json(counter, trade, standing), standing_text(counter, trade, standing)
