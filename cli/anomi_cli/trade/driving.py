"""Drives a buyer's trade step after step, waits where it has to wait, and tells where it stands."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import click

from anomi_cli.output import Output
from anomi_cli.trade.amounts import format_time, format_units
from anomi_cli.trade.buyer_counter import BuyerCounter
from anomi_cli.trade.steps import Steps
from anomi_sdk.generated.market_errors import MatchedAskMismatchError
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.trade.buyer import BuyerTrade
from anomi_sdk.trade.buyer_steps import Ended, WaitFor, Waiting
from anomi_sdk.trade.paying import ToPay
from anomi_sdk.trade.prepared import Prepared

__all__ = ["Countdown", "Standing", "drive", "standing_json", "standing_text"]

Standing = Prepared | Waiting | Ended

_RETRIES_MAX: Final = 5
"""A book that moves under a bid, or a blockhash that expires, is met again so often before it is an error."""

_POLL_S: Final = 2.0
_SHORT: Final = (WaitFor.FRESHNESS, WaitFor.CONFIRMATION)
"""Waits of seconds, which no caller wants to be told of."""


@dataclass(frozen=True)
class Countdown:
    """Waits and shows how long it may still take. Without `patient` only the short waits are waited for."""

    output: Output
    now_unix_s: Callable[[], int]
    patient: bool

    def waits_for(self, waiting: Waiting) -> bool:
        """Tell whether to wait here, rather than to end the command."""
        return waiting.what is not WaitFor.PAYMENT and (self.patient or waiting.what in _SHORT)

    def wait(self, waiting: Waiting, *, again: bool) -> None:
        """Let a moment pass. On a terminal the rest of the wait is shown; elsewhere its end is told, once."""
        left = max(0, waiting.until_unix_s - self.now_unix_s())
        if waiting.what not in _SHORT:
            if self._draws:
                click.echo(f"\r\x1b[Kwaiting for {waiting.what.value}: {_clock(left)} ", nl=False, err=True)
            elif self._tells and not again:
                click.echo(f"waiting for {waiting.what.value}, until {format_time(waiting.until_unix_s)}", err=True)
        time.sleep(max(1.0, min(_POLL_S, float(left))))

    def done(self) -> None:
        """Take the countdown's line away."""
        if self._draws:
            click.echo("\r\x1b[K", nl=False, err=True)

    @property
    def _tells(self) -> bool:
        return not (self.output.as_json or self.output.quiet)

    @property
    def _draws(self) -> bool:
        return self._tells and sys.stderr is not None and sys.stderr.isatty()


def drive(trade: BuyerTrade, steps: Steps, countdown: Countdown, *, stop_before: str | None = None) -> Standing:
    """Take step after step until somebody else has to act, the trade has ended, or the next step is `stop_before`.

    Each step looks at the chain first, so it does not matter how an earlier process ended.
    """
    retries, last = 0, None
    while True:
        try:
            standing = trade.prepare()
            if isinstance(standing, Prepared):
                if last is not None:
                    countdown.done()
                    last = None
                if standing.step == stop_before:
                    return standing
                steps.agree(standing)
                steps.took(standing, trade.execute(standing))
                retries = 0
                continue
        except TransactionRefusedError as error:
            passing = isinstance(error, MatchedAskMismatchError) or error.failure.reason == "BlockhashNotFound"
            if not passing or retries == _RETRIES_MAX:
                raise
            retries += 1
            continue
        if isinstance(standing, Ended) or not countdown.waits_for(standing):
            if last is not None:
                countdown.done()
            return standing
        countdown.wait(standing, again=standing == last)
        last = standing


def standing_json(counter: BuyerCounter, trade: BuyerTrade, standing: Standing) -> dict[str, Any]:
    """Return where a trade stands, for machines."""
    matched = counter.journal.progress(trade.number).matched
    told: dict[str, Any] = {
        "trade": trade.number,
        "order": None if matched is None else str(matched.order),
        "state": "ready",
        "next_step": None,
        "waiting_for": None,
        "until_unix_s": None,
        "to_pay": None,
        "outcome": None,
        "released_atoms": None,
    }
    if isinstance(standing, Prepared):
        told["next_step"] = standing.step
    elif isinstance(standing, Waiting):
        told |= {
            "state": "waiting",
            "waiting_for": standing.what.name.lower(),
            "until_unix_s": standing.until_unix_s,
            "to_pay": _to_pay_json(trade.to_pay()) if standing.what is WaitFor.PAYMENT else None,
        }
    else:
        told |= {"state": "ended", "outcome": standing.outcome, "released_atoms": standing.released_atoms}
    return told


def standing_text(counter: BuyerCounter, trade: BuyerTrade, standing: Standing) -> str:
    """Return where a trade stands, and what to do next, for people."""
    matched = counter.journal.progress(trade.number).matched
    name = f"trade {trade.number}" + ("" if matched is None else f", order {matched.order}")
    if isinstance(standing, Prepared):
        return f"{name}: the next step is {standing.step}\n  go on: anomi buyer resume {trade.number}"
    if isinstance(standing, Ended):
        units = counter.units
        released = f": {units.tokens(standing.released_atoms)} released, the fee included"
        return f"{name}: {standing.outcome}" + (released if standing.outcome == "settled" else "")
    if standing.what is not WaitFor.PAYMENT:
        return (
            f"{name}: waiting for {standing.what.value}, until {format_time(standing.until_unix_s)}\n"
            f"  go on: anomi buyer resume {trade.number}"
        )
    pay, rail = trade.to_pay(), counter.file.rail
    exact = format_units(pay.due_minor_units, rail.exponent).replace(",", "")
    least = ""
    if pay.least_minor_units < pay.due_minor_units:
        least = f" (at least {counter.units.money(pay.least_minor_units)}, for a part of the tokens)"
    return "\n".join(
        (
            f"{name}: pay now, in one transfer, from your own account",
            f"  {counter.units.money(pay.due_minor_units)}{least}",
            f"  to {pay.account} ({rail.title})",
            f"  by {format_time(pay.pay_by_unix_s)}",
            f"then: anomi buyer paid {trade.number} --txid ID --amount {exact} --at TIME",
        )
    )


def _to_pay_json(pay: ToPay) -> dict[str, Any]:
    return {
        "account": pay.account,
        "due_minor_units": pay.due_minor_units,
        "least_minor_units": pay.least_minor_units,
        "pay_by_unix_s": pay.pay_by_unix_s,
    }


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
