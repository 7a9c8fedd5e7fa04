"""The registry of attestors: a quorum rule and a Merkle tree of keys, as the market program keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from anomi_core.attestation import Attestation, index_bits
from anomi_core.eddsa import PublicKey, Signature, require_public_key
from anomi_core.errors import RefusedError
from anomi_core.poseidon import poseidon
from anomi_core.spec import ATTESTORS_MAX, TAG_ATTESTOR, TAG_NODE

__all__ = [
    "EMPTY_LEAF",
    "AttestorIndexError",
    "AttestorSet",
    "QuorumOutOfRangeError",
    "RepeatedAttestorKeyError",
    "TooManyAttestorsError",
    "bitmap",
    "leaf",
    "path_root",
]

EMPTY_LEAF = 0
"""Stands at every index without a key; no key hashes to it."""


class TooManyAttestorsError(RefusedError):
    """A set holds more keys than its tree has leaves, or than any set may hold."""


class QuorumOutOfRangeError(RefusedError):
    """k is not a majority of the keys, so two quorums might share no attestor; or it exceeds their number."""


class RepeatedAttestorKeyError(RefusedError):
    """Two keys have the same y: they are equal or each other's negative, one attestor signing twice."""


class AttestorIndexError(RefusedError):
    """An index names no attestor of the set, or stands twice in a quorum."""


@dataclass(frozen=True)
class AttestorSet:
    """n attestors of which k must sign; key i stands at leaf i of a tree of `depth` levels.

    Raises TooManyAttestorsError (n > 2**depth or n > 5), QuorumOutOfRangeError (k ≤ n/2 or k > n),
    RepeatedAttestorKeyError, and KeyOffCurveError, KeyIsIdentityError or KeyOffSubgroupError for a bad key.
    The program cannot afford the subgroup check, so every client makes it here, for the keys it reads from
    the chain.
    """

    keys: tuple[PublicKey, ...]
    k: int
    depth: int

    def __post_init__(self) -> None:
        count = len(self.keys)
        most = min(ATTESTORS_MAX, 2**self.depth)
        if count > most:
            raise TooManyAttestorsError(f"an attestor set of depth {self.depth} holds up to {most} keys; {count} came")
        if not count < 2 * self.k <= 2 * count:
            raise QuorumOutOfRangeError(
                f"a quorum must be more than half of the attestors and at most all; k = {self.k}, n = {count} came"
            )
        for position, key in enumerate(self.keys):
            require_public_key(key)
            if any(key.ay == other.ay for other in self.keys[:position]):
                raise RepeatedAttestorKeyError(
                    f"attestor {position}'s key equals an earlier one or its negative; keys must differ in y"
                )

    @cached_property
    def levels(self) -> tuple[tuple[int, ...], ...]:
        """The tree's levels, leaves first, the root alone last."""
        row = [leaf(key) for key in self.keys] + [EMPTY_LEAF] * (2**self.depth - len(self.keys))
        levels = [tuple(row)]
        while len(row) > 1:
            row = [_node(row[i], row[i + 1]) for i in range(0, len(row), 2)]
            levels.append(tuple(row))
        return tuple(levels)

    @property
    def root(self) -> int:
        """The Merkle root, as the program computes and stores it."""
        return self.levels[-1][0]

    def siblings(self, index: int) -> tuple[int, ...]:
        """Return the path of the attestor at `index`, leaf level first; raises AttestorIndexError."""
        self._require_index(index)
        return tuple(level[index >> height ^ 1] for height, level in enumerate(self.levels[:-1]))

    def index_bits(self, index: int) -> tuple[int, ...]:
        """Return the bits of an attestor's index, bit 0 first; raises AttestorIndexError."""
        self._require_index(index)
        return index_bits(index, self.depth)

    def attestation(self, index: int, signature: Signature) -> Attestation:
        """Return a signature of the attestor at `index` with its key and path; raises AttestorIndexError."""
        return Attestation(index, self.keys[self._require_index(index)], signature, self.siblings(index))

    def _require_index(self, index: int) -> int:
        if not 0 <= index < len(self.keys):
            raise AttestorIndexError(f"this set has attestors 0 … {len(self.keys) - 1}; {index} came")
        return index


def leaf(key: PublicKey) -> int:
    """Return the tree's leaf of a key; raises NotCanonicalError."""
    return poseidon([TAG_ATTESTOR, key.ax, key.ay])


def path_root(start: int, index: int, siblings: Iterable[int]) -> int:
    """Return the root that a leaf's path leads to; raises NotCanonicalError."""
    node = start
    for height, sibling in enumerate(siblings):
        node = _node(sibling, node) if index >> height & 1 else _node(node, sibling)
    return node


def bitmap(indices: Iterable[int]) -> int:
    """Return the quorum as bits, bit i for the attestor at leaf i.

    Raises AttestorIndexError on a repeated or negative index.
    """
    bits = 0
    for index in indices:
        if index < 0 or bits >> index & 1:
            raise AttestorIndexError(f"a quorum's indices are different and not negative; {index} came")
        bits |= 1 << index
    return bits


def _node(left: int, right: int) -> int:
    return poseidon([TAG_NODE, left, right])
