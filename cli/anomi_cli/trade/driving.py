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
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.trade.buyer import BuyerTrade
from anomi_sdk.trade.buyer_steps import Ended, WaitFor, Waiting
from anomi_sdk.trade.paying import ToPay
from anomi_sdk.trade.prepared import Prepared

__all__ = ["Countdown", "Standing", "drive", "standing_json", "standing_text"]

Standing = Prepared | Waiting | Ended

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
    shown = _Shown(steps, countdown, stop_before)
    try:
        return trade.run(shown)
    finally:
        shown.end_wait()


class _Shown:
    """Goes along with a trade: shows its steps and its waits, and asks."""

    def __init__(self, steps: Steps, countdown: Countdown, stop_before: str | None) -> None:
        self._steps = steps
        self._countdown = countdown
        self._stop_before = stop_before
        self._last: Waiting | None = None

    def agrees(self, prepared: Prepared) -> bool:
        self.end_wait()
        if prepared.step == self._stop_before:
            return False
        self._steps.agree(prepared)
        return True

    def took(self, prepared: Prepared, outcome: TransactionOutcome | None) -> None:
        self._steps.took(prepared, outcome)

    def waits(self, waiting: Waiting) -> bool:
        if not self._countdown.waits_for(waiting):
            return False
        self._countdown.wait(waiting, again=waiting == self._last)
        self._last = waiting
        return True

    def end_wait(self) -> None:
        """Take the countdown away, if one is shown."""
        if self._last is not None:
            self._countdown.done()
            self._last = None


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
        return f"{name}: {_ended_text(counter, trade, standing)}"
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


def _ended_text(counter: BuyerCounter, trade: BuyerTrade, ended: Ended) -> str:
    """Return how a trade ended; once its record is gone from the chain, with what the journal still knows."""
    if ended.outcome == "settled":
        return f"settled: {counter.units.tokens(ended.released_atoms)} released, the fee included"
    if ended.outcome != "closed":
        return ended.outcome
    progress, units = counter.journal.progress(trade.number), counter.units
    known = f"a bid for {units.tokens(progress.opened.base_atoms)} at up to {units.price(progress.opened.limit_price)}"
    if progress.payment is not None:
        paid, at = units.money(progress.payment.amount_minor_units), format_time(progress.payment.paid_at_unix_s)
        known += f", for which you said that you paid {paid} at {at}"
    return (
        "expired or cancelled; nothing was released, and the record on chain is closed\n"
        f"  what the journal knows: {known}"
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
