"""The two halves of "k registered attestors signed this message", shared by both relations."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from anomi_core import eddsa, registry
from anomi_core.attestation import Attestation

__all__ = ["are_distinct_and_registered", "have_signed"]


def are_distinct_and_registered(attestations: Sequence[Attestation], root: int, bitmap: int) -> bool:
    """Say whether the keys are leaves under `root`, in strictly increasing order, different, and those of `bitmap`.

    Keys that share their y are one key or its negative: one attestor, whatever the registry holds.
    """
    return (
        all(registry.path_root(registry.leaf(a.key), a.index, a.siblings) == root for a in attestations)
        and all(before.index < after.index for before, after in pairwise(attestations))
        and all(one.key.ay != other.key.ay for one, other in combinations(attestations, 2))
        and sum(1 << a.index for a in attestations) == bitmap
    )


def have_signed(attestations: Sequence[Attestation], message: int) -> bool:
    """Say whether every attestor's signature is a valid one of this message.

    A circuit does not look for keys outside the subgroup, since an AttestorSet has none; here `eddsa.verify` does.
    """
    try:
        for attestation in attestations:
            eddsa.verify(attestation.key, message, attestation.signature)
    except eddsa.SignatureRefusedError:
        return False
    return True
