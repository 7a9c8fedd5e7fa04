"""Attestor keys and registries, honest ones and ones that no honest registry would hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from anomi_core import babyjub, eddsa
from anomi_core.attestation import Attestation
from anomi_core.babyjub import BASE8, SUBGROUP_ORDER
from anomi_core.eddsa import PublicKey, Signature
from anomi_core.poseidon import poseidon
from anomi_core.spec import TAG_ATTESTOR, TAG_NODE

__all__ = ["Negative", "Signer", "Tree", "attest"]


@dataclass(frozen=True)
class Signer:
    """An attestor with a published, worthless secret."""

    number: int

    @property
    def secret(self) -> bytes:
        """32 bytes that differ by number."""
        return bytes([self.number + 1]) * 32

    @cached_property
    def key(self) -> PublicKey:
        """The public key."""
        return eddsa.derive_public_key(self.secret)

    def sign(self, message: int) -> Signature:
        """Return the signature of a field element."""
        return eddsa.sign(self.secret, message)


@dataclass(frozen=True)
class Negative:
    """A key pair whose negative, the point (-x, y), is used: `negated` has the key -A of scalar -a."""

    scalar: int
    negated: bool = False

    @cached_property
    def key(self) -> PublicKey:
        """The public key a·B8 or -a·B8."""
        return PublicKey(*babyjub.multiply(BASE8, self._scalar))

    def sign(self, message: int) -> Signature:
        """Return a valid signature: S·B8 = R8 + 8·h·A."""
        nonce = poseidon([self._scalar, message]) % SUBGROUP_ORDER
        r8 = babyjub.multiply(BASE8, nonce)
        challenge = poseidon([*r8, *self.key, message])
        return Signature(*r8, (nonce + 8 * challenge * self._scalar) % SUBGROUP_ORDER)

    @property
    def _scalar(self) -> int:
        return SUBGROUP_ORDER - self.scalar if self.negated else self.scalar


@dataclass(frozen=True)
class Tree:
    """A registry tree that holds any keys anywhere, without the rules of `AttestorSet`."""

    signers: Mapping[int, Signer | Negative]
    depth: int

    @cached_property
    def _levels(self) -> list[list[int]]:
        leaves = [0] * 2**self.depth
        for index, signer in self.signers.items():
            leaves[index] = poseidon([TAG_ATTESTOR, *signer.key])
        levels = [leaves]
        while len(levels[-1]) > 1:
            row = levels[-1]
            levels.append([poseidon([TAG_NODE, row[i], row[i + 1]]) for i in range(0, len(row), 2)])
        return levels

    @property
    def root(self) -> int:
        """The Merkle root."""
        return self._levels[-1][0]

    def node(self, height: int, position: int) -> int:
        """Return a node; leaves have height 0."""
        return self._levels[height][position]

    def siblings(self, index: int) -> tuple[int, ...]:
        """Return the path from a leaf to the root."""
        return tuple(self._levels[height][(index >> height) ^ 1] for height in range(self.depth))


def attest(tree: Tree, index: int, message: int, *, by: Signer | Negative | None = None) -> Attestation:
    """Return an attestation from the leaf at `index`; `by` signs in its place, with its own key."""
    signer = tree.signers[index] if by is None else by
    return Attestation(index, signer.key, signer.sign(message), tree.siblings(index))
