"""Keys that look like those out of a ceremony: no upload refuses them, and their scalars make proofs."""

from __future__ import annotations

from dataclasses import replace

from anomi_core.groth16.curve import G1_GENERATOR
from anomi_sdk.measuring_key import MeasuringKey, g1_multiply

__all__ = ["key_of_somebody"]


def key_of_somebody(count: int) -> MeasuringKey:
    """Return a key of `count` public inputs whose α is not that of the measuring keys."""
    known, alpha = MeasuringKey.derive(f"somebody's key of {count}", count), 4_711
    key = replace(known.verifying_key, alpha=g1_multiply(G1_GENERATOR, alpha))
    return replace(known, verifying_key=key, alpha=alpha)
