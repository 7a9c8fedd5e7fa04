"""Takes the steps of a trade: shows who will learn what, asks, executes, and remembers it for the result."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

import click

from anomi_cli.output import Output, say
from anomi_core.errors import UsageError
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.trade.prepared import Audience, Disclosure, Prepared

__all__ = ["ConsentMissingError", "StepDeclinedError", "Steps"]

_BLOCKHASH_RETRIES_MAX: Final = 3
"""A person may think longer about a step than its blockhash lasts."""


class ConsentMissingError(UsageError):
    """A step gives something away, and nobody was there to agree to it."""


class StepDeclinedError(UsageError):
    """The person said no to a step: it was not taken."""


class Steps:
    """The steps of one command, each shown before it is taken. A simulation comes before every transaction."""

    def __init__(self, output: Output, *, yes: bool) -> None:
        """With `yes` every step is taken without asking."""
        self._output = output
        self._yes = yes
        self._agreed: set[tuple[str, tuple[str, ...], tuple[str, ...]]] = set()
        self.taken: list[dict[str, Any]] = []

    def take(
        self, prepare: Callable[[], Prepared], execute: Callable[[Prepared], TransactionOutcome | None]
    ) -> TransactionOutcome | None:
        """Prepare a step, agree on it, take it; again when its blockhash expired meanwhile."""
        retries = 0
        while True:
            prepared = prepare()
            self.agree(prepared)
            try:
                outcome = execute(prepared)
            except TransactionRefusedError as error:
                if error.failure.reason != "BlockhashNotFound" or retries == _BLOCKHASH_RETRIES_MAX:
                    raise
                retries += 1
                continue
            self.took(prepared, outcome)
            return outcome

    def agree(self, prepared: Prepared) -> None:
        """Show a step and ask for consent, once for the same; one that discloses and sends nothing needs none.

        Raises ConsentMissingError and StepDeclinedError.
        """
        key = (prepared.step, tuple(map(repr, map(_disclosed, prepared.discloses))), prepared.follows)
        if key in self._agreed or not (prepared.discloses or prepared.follows or prepared.message):
            return
        if not (self._output.as_json or self._output.quiet):
            say(_shown(prepared))
        if not self._yes:
            if self._output.as_json or self._output.quiet or sys.stdin is None or not sys.stdin.isatty():
                raise ConsentMissingError(
                    f"the step {prepared.step} has to be agreed to, and nobody was asked",
                    hint="--yes takes every step without asking",
                )
            if not click.confirm("Take this step?", err=True):
                raise StepDeclinedError(f"the step {prepared.step} was not taken")
        self._agreed.add(key)

    def took(self, prepared: Prepared, outcome: TransactionOutcome | None) -> None:
        """Remember a step that was taken, and say so."""
        self.taken.append(
            {
                "step": prepared.step,
                "discloses": [_disclosed(item) for item in prepared.discloses],
                "follows": list(prepared.follows),
                "transaction": None
                if outcome is None
                else {
                    "signature": outcome.signature,
                    "compute_units": outcome.compute_units,
                    "bytes": outcome.size_bytes,
                },
            }
        )
        if not (self._output.as_json or self._output.quiet):
            cost = "" if outcome is None else f": {outcome.signature} ({outcome.compute_units:,} CU)"
            say(f"{prepared.step} done{cost}\n")


def _disclosed(item: Disclosure) -> dict[str, str]:
    return {"to": item.to.name.lower(), "what": item.what, "value": item.value}


def _shown(prepared: Prepared) -> str:
    lines = [prepared.step]
    for audience in (Audience.COUNTERPARTY, Audience.ATTESTORS, Audience.CHAIN):
        items = [item for item in prepared.discloses if item.to is audience]
        if items:
            lines.append(f"  learned by {audience.value}:")
            width = max(len(item.what) for item in items)
            lines += [f"    {item.what:<{width}}  {item.value}".rstrip() for item in items]
    if prepared.follows:
        lines += ["  what follows:", *(f"    {sentence}" for sentence in prepared.follows)]
    if prepared.message is not None:
        signers = ", ".join(str(signer) for signer in prepared.signers)
        lines.append(f"  a transaction of {prepared.transaction_bytes} bytes, signed by {signers}")
    return "\n".join(lines)
