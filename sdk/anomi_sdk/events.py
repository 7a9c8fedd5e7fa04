"""Events of our programs, read out of a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from solders.pubkey import Pubkey

from anomi_sdk.generated import PROGRAMS
from anomi_sdk.layouts import EventLayout
from anomi_sdk.outcome import TransactionOutcome, logged_data
from anomi_sdk.wire import BoolInvalidError, DataLengthMismatchError

__all__ = ["events_in", "events_of"]

_TAG_BYTES: Final = 8
_EVENTS: Final[dict[tuple[Pubkey, bytes], type[EventLayout]]] = {
    (program.program_id, event.TAG): event for program in PROGRAMS for event in program.events
}


def events_of(outcome: TransactionOutcome) -> tuple[EventLayout, ...]:
    """Return the events of a transaction in order; one that failed has changed nothing and has none."""
    return () if outcome.failure is not None else events_in(outcome.logs)


def events_in(logs: Sequence[str]) -> tuple[EventLayout, ...]:
    """Return the events that our programs themselves logged, in order, each an instance of its generated class.

    Look-alikes by other programs in the same transaction are left out, and so is data that this SDK knows no event
    for. A cluster cuts logs off after 10,000 bytes: an event that is missing is no proof that it did not happen; what
    accounts hold is.
    """
    found = []
    for program_id, slices in logged_data(logs):
        event = _EVENTS.get((program_id, slices[0][:_TAG_BYTES])) if len(slices) == 1 else None
        if event is not None:
            with suppress(DataLengthMismatchError, BoolInvalidError):
                found.append(event.decode(slices[0]))
    return tuple(found)
