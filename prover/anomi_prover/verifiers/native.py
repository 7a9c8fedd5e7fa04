"""The native core as a verifier: strict checks and the pairing in Rust, about 2 ms for one public input."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from anomi_prover_native import Verifier

from anomi_core.groth16 import Proof, VerifyingKey
from anomi_core.groth16.errors import InvalidProofError

__all__ = ["NAME", "pairing_equation_holds", "prepared", "verify_strictly"]

NAME: Final = "native"


@lru_cache(maxsize=32)
def prepared(key: VerifyingKey) -> Verifier:
    """Return the checked and prepared key; the last few are kept. Raises what `check_verifying_key` raises."""
    return Verifier(key)


def verify_strictly(key: VerifyingKey, public_inputs: Sequence[int], proof: Proof) -> None:
    """Make every check of `anomi_prover.verify.verify`, in its order, and raise what it raises."""
    prepared(key).verify(public_inputs, proof)


def pairing_equation_holds(key: VerifyingKey, public_inputs: Sequence[int], proof: Proof) -> bool:
    """Whether the pairing equation holds, for arguments that have been checked."""
    try:
        verify_strictly(key, public_inputs, proof)
    except InvalidProofError:
        return False
    return True
