"""Collects the signatures of k attestors over one message, and trusts none of them unverified."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from anomi_core import eddsa
from anomi_core.errors import AnomiError, RefusedError
from anomi_core.registry import AttestorSet
from anomi_core.statements import Attestation
from anomi_services.attestor.attestor import Attestor

__all__ = ["QuorumNotReachedError", "collect"]


class QuorumNotReachedError(RefusedError):
    """Fewer than k attestors signed; `reasons` holds each refusal by the attestor's index."""

    def __init__(self, needed: int, signed: int, reasons: Mapping[int, AnomiError]) -> None:
        """Name the numbers and every reason."""
        told = "; ".join(f"attestor {index}: {error}" for index, error in reasons.items())
        super().__init__(f"{needed} attestors must sign, {signed} did ({told})")
        self.reasons = dict(reasons)


def collect(
    attestor_set: AttestorSet,
    attestors: Mapping[int, Attestor],
    message: int,
    ask: Callable[[Attestor], eddsa.Signature],
) -> tuple[Attestation, ...]:
    """Return k attestations over `message`, by increasing index; the first k attestors that answer well are taken.

    `attestors` maps a leaf index of the set to the one who answers there; `ask` makes the request. A signature that
    does not verify under the set's key counts as a refusal. Raises QuorumNotReachedError.
    """
    signed: list[Attestation] = []
    reasons: dict[int, AnomiError] = {}
    for index in sorted(attestors):
        if len(signed) == attestor_set.k:
            break
        try:
            signature = ask(attestors[index])
            eddsa.verify(attestor_set.keys[index], message, signature)
        except RefusedError as error:
            reasons[index] = error
            continue
        signed.append(attestor_set.attestation(index, signature))
    if len(signed) < attestor_set.k:
        raise QuorumNotReachedError(attestor_set.k, len(signed), reasons)
    return tuple(signed)
