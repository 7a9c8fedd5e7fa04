"""Ways to fake "k different registered attestors signed this", for either relation.

Each attack gets the message and returns the attestations, the root and the bitmap that go with them, so that nothing
but the named check stands in its way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from anomi_core import eddsa, registry
from anomi_core.attestation import Attestation
from anomi_core.babyjub import SUBGROUP_ORDER
from anomi_core.field import FR_MODULUS
from tests.unit.core.cases import QUORUMS, negated, sign_for_negated_key, tree
from tests.vectors.generate.core import SECRETS

__all__ = ["FALSE_SIGNATURES", "UNREGISTERED_OR_REPEATED"]

HONEST = QUORUMS[1]
Attacked = tuple[tuple[Attestation, ...], int, int]
Attack = Callable[[int], Attacked]


def _as(attestations: tuple[Attestation, ...], bitmap: int | None = None) -> Attacked:
    bits = sum(1 << a.index for a in attestations) if bitmap is None else bitmap
    return attestations, HONEST.registry.root, bits


def unregistered_key(message: int) -> Attacked:
    """A stranger signs from a leaf of the registry."""
    first, second = HONEST.attest(message)
    stranger = bytes([9]) * 32
    forged = replace(second, key=eddsa.derive_public_key(stranger), signature=eddsa.sign(stranger, message))
    return _as((first, forged))


def same_attestor_twice(message: int) -> Attacked:
    first, _ = HONEST.attest(message)
    return _as((first, first))


def same_attestor_twice_with_an_honest_bitmap(message: int) -> Attacked:
    first, _ = HONEST.attest(message)
    return _as((first, first), bitmap=0b101)


def decreasing_indices(message: int) -> Attacked:
    first, second = HONEST.attest(message)
    return _as((second, first))


def key_registered_twice(message: int) -> Attacked:
    """A registry that no AttestorSet allows: one key at two leaves."""
    key = eddsa.derive_public_key(SECRETS[0])
    leaf = registry.leaf(key)
    root, paths = tree([leaf, leaf, 0, 0])
    signature = eddsa.sign(SECRETS[0], message)
    attestations = tuple(Attestation(i, key, signature, paths[i]) for i in (0, 1))
    return attestations, root, 0b11


def negated_key_registered(message: int) -> Attacked:
    """A registry that no AttestorSet allows: A and −A, for which one owner signs."""
    key = eddsa.derive_public_key(SECRETS[0])
    keys = (key, negated(key))
    root, paths = tree([registry.leaf(keys[0]), registry.leaf(keys[1]), 0, 0])
    signatures = (eddsa.sign(SECRETS[0], message), sign_for_negated_key(SECRETS[0], message))
    attestations = tuple(Attestation(i, keys[i], signatures[i], paths[i]) for i in (0, 1))
    return attestations, root, 0b11


def bitmap_names_another(message: int) -> Attacked:
    return _as(HONEST.attest(message), bitmap=0b110)


def bitmap_is_empty(message: int) -> Attacked:
    return _as(HONEST.attest(message), bitmap=0)


def sibling_altered(message: int) -> Attacked:
    first, second = HONEST.attest(message)
    return _as((first, replace(second, siblings=(second.siblings[0] + 1, second.siblings[1]))))


def siblings_swapped(message: int) -> Attacked:
    first, second = HONEST.attest(message)
    return _as((first, replace(second, siblings=second.siblings[::-1])))


def path_of_another_leaf(message: int) -> Attacked:
    """The second attestor pretends to stand at leaf 3."""
    first, second = HONEST.attest(message)
    return _as((first, replace(second, index=3)))


def another_root(message: int) -> Attacked:
    attestations = HONEST.attest(message)
    return attestations, HONEST.registry.root + 1, 0b101


def other_message_signed(message: int) -> Attacked:
    return _as(HONEST.attest((message + 1) % FR_MODULUS))


def second_signature_of_another_message(message: int) -> Attacked:
    honest, other = HONEST.attest(message), HONEST.attest((message + 1) % FR_MODULUS)
    return _as((honest[0], other[1]))


def first_signature_of_another_message(message: int) -> Attacked:
    honest, other = HONEST.attest(message), HONEST.attest((message + 1) % FR_MODULUS)
    return _as((other[0], honest[1]))


def signatures_swapped(message: int) -> Attacked:
    first, second = HONEST.attest(message)
    return _as((replace(first, signature=second.signature), replace(second, signature=first.signature)))


def s_above_the_subgroup_order(message: int) -> Attacked:
    """The equation holds, but it is a second spelling of the signature."""
    first, second = HONEST.attest(message)
    spelling = second.signature._replace(s=second.signature.s + SUBGROUP_ORDER)
    return _as((first, replace(second, signature=spelling)))


def s_altered(message: int) -> Attacked:
    first, second = HONEST.attest(message)
    return _as((first, replace(second, signature=second.signature._replace(s=second.signature.s + 1))))


def r8_off_the_curve(message: int) -> Attacked:
    first, second = HONEST.attest(message)
    return _as((first, replace(second, signature=second.signature._replace(r8y=second.signature.r8y + 1))))


UNREGISTERED_OR_REPEATED: tuple[Attack, ...] = (
    unregistered_key,
    same_attestor_twice,
    same_attestor_twice_with_an_honest_bitmap,
    decreasing_indices,
    key_registered_twice,
    negated_key_registered,
    bitmap_names_another,
    bitmap_is_empty,
    sibling_altered,
    siblings_swapped,
    path_of_another_leaf,
    another_root,
)
FALSE_SIGNATURES: tuple[Attack, ...] = (
    other_message_signed,
    second_signature_of_another_message,
    first_signature_of_another_message,
    signatures_swapped,
    s_above_the_subgroup_order,
    s_altered,
    r8_off_the_curve,
)
