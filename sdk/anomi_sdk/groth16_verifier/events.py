"""Reader of groth16_verifier's events out of a transaction's logs."""

from __future__ import annotations

from collections.abc import Sequence

from anomi_sdk.events import events_in
from anomi_sdk.generated.groth16_verifier import KeyFinalized

__all__ = ["KeyFinalized", "key_finalized_events"]


def key_finalized_events(logs: Sequence[str]) -> tuple[KeyFinalized, ...]:
    """Return the KeyFinalized events that groth16_verifier itself logged, in order: see `events_in`."""
    return tuple(event for event in events_in(logs) if isinstance(event, KeyFinalized))
