"""Reader of groth16_verifier's events out of a transaction's logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solders.pubkey import Pubkey

from anomi_sdk.addresses import GROTH16_VERIFIER_ID
from anomi_sdk.generated import groth16_verifier as generated
from anomi_sdk.outcome import program_data

__all__ = ["KeyFinalized", "key_finalized_events"]


@dataclass(frozen=True)
class KeyFinalized:
    """A key has become usable: at `verifying_key`, uploaded by `authority`, for `public_inputs` inputs."""

    verifying_key: Pubkey
    body_hash: bytes
    authority: Pubkey
    public_inputs: int


def key_finalized_events(logs: Sequence[str]) -> tuple[KeyFinalized, ...]:
    """Return the KeyFinalized events that groth16_verifier itself logged, in order.

    Look-alikes by other programs in the same transaction are left out, and so is data of another event or length.
    """
    return tuple(
        _decode(slices[0])
        for slices in program_data(logs, GROTH16_VERIFIER_ID)
        if len(slices) == 1
        and len(slices[0]) == generated.KEY_FINALIZED_EVENT_BYTES
        and slices[0].startswith(generated.KEY_FINALIZED_EVENT_TAG)
    )


def _decode(data: bytes) -> KeyFinalized:
    return KeyFinalized(
        verifying_key=Pubkey(
            data[generated.KEY_FINALIZED_EVENT_VERIFYING_KEY_OFFSET : generated.KEY_FINALIZED_EVENT_BODY_HASH_OFFSET]
        ),
        body_hash=data[generated.KEY_FINALIZED_EVENT_BODY_HASH_OFFSET : generated.KEY_FINALIZED_EVENT_AUTHORITY_OFFSET],
        authority=Pubkey(
            data[generated.KEY_FINALIZED_EVENT_AUTHORITY_OFFSET : generated.KEY_FINALIZED_EVENT_PUBLIC_INPUTS_OFFSET]
        ),
        public_inputs=data[generated.KEY_FINALIZED_EVENT_PUBLIC_INPUTS_OFFSET],
    )
