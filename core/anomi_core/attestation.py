"""One attestor's signature as a circuit takes it: with its place in the registry tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anomi_core.eddsa import PublicKey, Signature
from anomi_core.errors import RefusedError

__all__ = ["Attestation", "AttestationShapeError", "attestation_signals", "index_bits", "require_shape"]

Signals = dict[str, str | list[str] | list[list[str]]]
"""Circuit inputs by signal name: decimal strings, in nested lists where the signal is an array."""


class AttestationShapeError(RefusedError):
    """Attestations do not fit the circuit: none at all, a path of another depth, an index outside the tree."""


@dataclass(frozen=True)
class Attestation:
    """A signature by the key at leaf `index`; `siblings` leads to the root, the leaf's own sibling first."""

    index: int
    key: PublicKey
    signature: Signature
    siblings: tuple[int, ...]


def index_bits(index: int, depth: int) -> tuple[int, ...]:
    """Return the bits of a leaf index, bit 0 first: bit i says "right child" at height i.

    Raises AttestationShapeError when the index has more than `depth` bits.
    """
    if not 0 <= index < 2**depth:
        raise AttestationShapeError(f"a leaf index must be in 0 … {2**depth - 1} at depth {depth}; {index} came")
    return tuple(index >> height & 1 for height in range(depth))


def require_shape(attestations: Sequence[Attestation], depth: int) -> None:
    """Raise AttestationShapeError unless there is an attestation and each fits a tree of this depth."""
    if not attestations:
        raise AttestationShapeError("at least one attestation is needed; none came")
    for attestation in attestations:
        index_bits(attestation.index, depth)
        if len(attestation.siblings) != depth:
            raise AttestationShapeError(
                f"a registry path must have {depth} siblings; one with {len(attestation.siblings)} came"
            )


def attestation_signals(attestations: Sequence[Attestation]) -> Signals:
    """Return the attestors' signals of either circuit; the depth is that of the first path.

    Raises AttestationShapeError. Any integer passes as a coordinate or S: refusing is the circuit's part.
    """
    depth = len(attestations[0].siblings) if attestations else 0
    require_shape(attestations, depth)
    return {
        "key_x": [str(a.key.ax) for a in attestations],
        "key_y": [str(a.key.ay) for a in attestations],
        "r8_x": [str(a.signature.r8x) for a in attestations],
        "r8_y": [str(a.signature.r8y) for a in attestations],
        "s": [str(a.signature.s) for a in attestations],
        "index_bits": [[str(bit) for bit in index_bits(a.index, depth)] for a in attestations],
        "siblings": [[str(sibling) for sibling in a.siblings] for a in attestations],
    }
