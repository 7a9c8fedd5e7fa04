"""Verify many proofs, of one or several keys, at once, and name those that are refused.

The native core checks one random linear combination of all equations and halves only when it does not hold; without it
the proofs are verified one by one.
"""

from __future__ import annotations

from collections.abc import Sequence

from anomi_core.errors import AnomiError, RefusedError, UnreadableInputError
from anomi_core.groth16 import Proof, VerifyingKey
from anomi_prover.verify import verifier, verify

__all__ = ["Claim", "InvalidBatchError", "verify_batch"]

Claim = tuple[VerifyingKey, Sequence[int], Proof]
"""A verifying key, public inputs, and a proof for them."""


class InvalidBatchError(RefusedError):
    """At least one proof was refused; `refused` holds the place of each and its own error."""

    def __init__(self, message: str, refused: Sequence[tuple[int, AnomiError]]) -> None:
        """Keep the sentence and the refusals."""
        super().__init__(message, hint="each refused proof is named with its own error")
        self.refused = tuple(refused)


def verify_batch(claims: Sequence[Claim], backend: str = "auto", *, threads: int | None = None) -> None:
    """Return when every proof is valid; raise InvalidBatchError, naming each that is not, otherwise.

    `threads` is for the native core. Errors that are no verdict, such as MissingToolError, are raised as they are.
    """
    refused = _natively(claims, threads) if verifier(backend).NAME == "native" else _one_by_one(claims, backend)
    if refused:
        named = ", ".join(f"{place} ({type(error).__name__})" for place, error in refused[:8])
        more = f" and {len(refused) - 8} more" if len(refused) > 8 else ""
        raise InvalidBatchError(f"{len(refused)} of {len(claims)} proofs are refused: {named}{more}", refused)


def _natively(claims: Sequence[Claim], threads: int | None) -> list[tuple[int, AnomiError]]:
    from anomi_prover_native import Verifier
    from anomi_prover_native import verify_batch as verify_together

    refused: list[tuple[int, AnomiError]] = []
    ready: list[tuple[Verifier, Sequence[int], Proof]] = []
    places: list[int] = []
    keys: dict[VerifyingKey, Verifier | AnomiError] = {}
    for place, (key, public_inputs, proof) in enumerate(claims):
        if key not in keys:
            try:
                keys[key] = Verifier(key)
            except AnomiError as error:
                keys[key] = error
        prepared = keys[key]
        if isinstance(prepared, AnomiError):
            refused.append((place, prepared))
        else:
            ready.append((prepared, public_inputs, proof))
            places.append(place)
    refused += [(places[at], error) for at, error in verify_together(ready, threads=threads)]
    return sorted(refused, key=lambda item: item[0])


def _one_by_one(claims: Sequence[Claim], backend: str) -> list[tuple[int, AnomiError]]:
    refused: list[tuple[int, AnomiError]] = []
    for place, (key, public_inputs, proof) in enumerate(claims):
        try:
            verify(key, public_inputs, proof, backend)
        except (RefusedError, UnreadableInputError) as error:
            refused.append((place, error))
    return refused
