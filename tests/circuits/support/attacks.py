"""Changes to attestors and attestations that the tests of both circuits share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from anomi_core.attestation import Attestation, Signals
from anomi_core.babyjub import SUBGROUP_ORDER
from anomi_core.field import FR_MODULUS
from anomi_core.poseidon import poseidon
from anomi_core.spec import TAG_NODE, CircuitPreset
from tests.circuits.support.claims import Attestors, Claim, honest_attestors
from tests.circuits.support.signers import Negative, Signer, Tree

__all__ = [
    "STRANGER",
    "altered_path",
    "at_leaves",
    "backwards",
    "foreign_subtree",
    "key_and_its_negative",
    "one_attestor_twice",
    "one_key_at_two_leaves",
    "scalar_with_the_order_added",
    "signature_changed",
    "stranger_signs",
]

STRANGER = Signer(200)

Tamper = Callable[[tuple[Attestation, ...]], Sequence[Attestation]]


def stranger_signs(preset: CircuitPreset, position: int = 0) -> Attestors:
    """A key that is not registered signs in the place of an attestor, with that attestor's path."""
    return replace(honest_attestors(preset), instead={position: STRANGER})


def at_leaves(preset: CircuitPreset, *indices: int) -> Attestors:
    """Attestors at exactly these leaves, one key at every leaf of the tree."""
    tree = Tree({index: Signer(index) for index in range(2**preset.depth)}, preset.depth)
    return Attestors(tree, indices)


def backwards(preset: CircuitPreset) -> Attestors:
    """The honest attestors in decreasing order."""
    honest = honest_attestors(preset)
    return replace(honest, indices=honest.indices[::-1])


def one_attestor_twice(preset: CircuitPreset) -> Attestors:
    """The last attestor signs in the place of the one before, too."""
    honest = honest_attestors(preset)
    return replace(honest, indices=(*honest.indices[:-2], honest.indices[-1], honest.indices[-1]))


def one_key_at_two_leaves(preset: CircuitPreset, first: int = 0, second: int = 1) -> Attestors:
    """A registry that holds one key twice, which then signs twice, from both leaves, in increasing order."""
    signers = {index: Signer(index) for index in range(preset.k)}
    return Attestors(Tree(signers | {second: signers[first]}, preset.depth), tuple(range(preset.k)))


def key_and_its_negative(preset: CircuitPreset) -> Attestors:
    """A registry that holds (x, y) and (-x, y): whoever knows one secret knows both."""
    signers: dict[int, Signer | Negative] = {index: Signer(index) for index in range(preset.k)}
    signers |= {0: Negative(12345), 1: Negative(12345, negated=True)}
    return Attestors(Tree(signers, preset.depth), tuple(range(preset.k)))


def altered_path(height: int, position: int = -1) -> Tamper:
    """Add 1 to one sibling of one path."""

    def tamper(attestations: tuple[Attestation, ...]) -> list[Attestation]:
        changed = list(attestations)
        siblings = list(changed[position].siblings)
        siblings[height] += 1
        changed[position] = replace(changed[position], siblings=tuple(siblings))
        return changed

    return tamper


def signature_changed(*, r8x: int = 0, r8y: int = 0, s: int = 0, position: int = -1) -> Tamper:
    """Add numbers to the parts of one signature."""

    def tamper(attestations: tuple[Attestation, ...]) -> list[Attestation]:
        changed = list(attestations)
        one = changed[position]
        signature = one.signature._replace(
            r8x=(one.signature.r8x + r8x) % FR_MODULUS,
            r8y=(one.signature.r8y + r8y) % FR_MODULUS,
            s=(one.signature.s + s) % FR_MODULUS,
        )
        changed[position] = replace(one, signature=signature)
        return changed

    return tamper


def scalar_with_the_order_added(position: int = -1) -> Tamper:
    """S + order of the subgroup: the same point S·B8, so a second spelling of a valid signature."""
    return signature_changed(s=SUBGROUP_ORDER, position=position)


def foreign_subtree(preset: CircuitPreset, claim: Callable[..., Claim]) -> Signals:
    """Return inputs in which k unregistered keys hang under the true root by an index bit that is no bit.

    With left = n + b·(s - n) and right = s + n - left, any node n stands under any parent: take s = L + R - n and
    b = (L - n)/(s - n), where L and R are the parent's true children. All k keys lie in one foreign subtree of height
    depth - 1 whose top bit is b, so that their indices still increase by small integers, and the bitmap claimed is the
    one that the circuit computes. Only "index bits are 0 or 1" is false.
    """
    height = preset.depth - 1
    true = honest_attestors(preset).tree
    left, right = true.node(height, 0), true.node(height, 1)
    strangers = Tree({index: Signer(100 + index) for index in range(preset.k)}, preset.depth)
    node = strangers.node(height, 0)
    sibling = (left + right - node) % FR_MODULUS
    bit = (left - node) * pow(sibling - node, -1, FR_MODULUS) % FR_MODULUS
    assert bit not in (0, 1)
    assert _parent(node, sibling, bit) == true.root

    indices = tuple(range(preset.k))
    top_factor = 1 + bit * (2 ** (2**height) - 1)
    bitmap = sum(2**index * top_factor for index in indices) % FR_MODULUS
    made = claim(attestors=Attestors(strangers, indices), root=true.root, bitmap=bitmap).inputs()
    bits = [[*(str(index >> level & 1) for level in range(height)), str(bit)] for index in indices]
    siblings = [[*(str(s) for s in strangers.siblings(index)[:height]), str(sibling)] for index in indices]
    return made | {"index_bits": bits, "siblings": siblings}


def _parent(node: int, sibling: int, bit: int) -> int:
    left = (node + bit * (sibling - node)) % FR_MODULUS
    return poseidon([TAG_NODE, left, (sibling + node - left) % FR_MODULUS])
