"""Attestor sets: trees as in the vectors, and every set that is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from anomi_core import eddsa, registry
from anomi_core.babyjub import BASE8, IDENTITY, add
from anomi_core.eddsa import PublicKey, derive_public_key
from anomi_core.field import FR_MODULUS
from anomi_core.registry import AttestorSet
from tests.unit.core.cases import negated

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/registry.json").read_text())["sets"]
KEYS = tuple(derive_public_key(bytes([i]) * 32) for i in range(9))
ORDER_TWO = (0, FR_MODULUS - 1)


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{len(row['keys'])} keys, depth {row['depth']}")
def test_vectors(row: dict[str, Any]) -> None:
    keys = tuple(PublicKey(int(key["ax"]), int(key["ay"])) for key in row["keys"])
    attestors = AttestorSet(keys, int(row["k"]), int(row["depth"]))
    assert str(attestors.root) == row["root"]
    for path in row["paths"]:
        index = int(path["index"])
        assert [str(bit) for bit in attestors.index_bits(index)] == path["index_bits"]
        assert [str(sibling) for sibling in attestors.siblings(index)] == path["siblings"]
        leaf = registry.leaf(attestors.keys[index])
        assert registry.path_root(leaf, index, attestors.siblings(index)) == attestors.root


def test_a_path_leads_to_the_root_only_from_its_own_leaf() -> None:
    attestors = AttestorSet(KEYS[:3], 2, 2)
    leaf = registry.leaf(KEYS[1])
    assert registry.path_root(leaf, 0, attestors.siblings(1)) != attestors.root
    assert registry.path_root(registry.leaf(KEYS[2]), 1, attestors.siblings(1)) != attestors.root


@pytest.mark.parametrize(("count", "depth"), [(2, 1), (4, 2), (5, 3)])
def test_a_set_is_as_large_as_its_tree_and_the_limit_allow(count: int, depth: int) -> None:
    assert len(AttestorSet(KEYS[:count], count, depth).levels[0]) == 2**depth
    with pytest.raises(registry.TooManyAttestorsError, match=f"up to {count} keys; {count + 1} came"):
        AttestorSet(KEYS[: count + 1], count, depth)


@pytest.mark.parametrize(("k", "count"), [(1, 1), (2, 2), (2, 3), (3, 4), (3, 5), (5, 5)])
def test_a_majority_is_a_quorum(k: int, count: int) -> None:
    assert AttestorSet(KEYS[:count], k, 3).k == k


@pytest.mark.parametrize(
    ("k", "count"), [(0, 1), (1, 2), (1, 3), (2, 4), (2, 5), (2, 1), (6, 5), (0, 0), (1, 0), (-1, 3)]
)
def test_other_quorums_are_refused(k: int, count: int) -> None:
    with pytest.raises(registry.QuorumOutOfRangeError, match="more than half"):
        AttestorSet(KEYS[:count], k, 3)


@pytest.mark.parametrize("again", [KEYS[0], negated(KEYS[0])], ids=["equal", "negated"])
def test_keys_with_one_y_are_refused(again: PublicKey) -> None:
    with pytest.raises(registry.RepeatedAttestorKeyError, match="attestor 2's key equals an earlier one"):
        AttestorSet((*KEYS[:2], again), 2, 2)


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (PublicKey(KEYS[2].ax + 1, KEYS[2].ay), eddsa.KeyOffCurveError),
        (PublicKey(KEYS[2].ax + FR_MODULUS, KEYS[2].ay), eddsa.KeyOffCurveError),
        (PublicKey(*IDENTITY), eddsa.KeyIsIdentityError),
        (PublicKey(*ORDER_TWO), eddsa.KeyOffSubgroupError),
        (PublicKey(*add(BASE8, ORDER_TWO)), eddsa.KeyOffSubgroupError),
    ],
)
def test_bad_keys_are_refused(bad: PublicKey, error: type[Exception]) -> None:
    with pytest.raises(error):
        AttestorSet((*KEYS[:2], bad), 2, 2)


@pytest.mark.parametrize("index", [-1, 3])
def test_only_its_own_attestors_have_paths(index: int) -> None:
    """Index 3 is a leaf of the tree, but an empty one."""
    attestors = AttestorSet(KEYS[:3], 2, 2)
    for ask in (attestors.siblings, attestors.index_bits):
        with pytest.raises(registry.AttestorIndexError, match="attestors 0 … 2"):
            ask(index)
    with pytest.raises(registry.AttestorIndexError):
        attestors.attestation(index, eddsa.Signature(0, 0, 0))


def test_attestation_carries_key_and_path() -> None:
    attestors = AttestorSet(KEYS[:3], 2, 2)
    signature = eddsa.Signature(1, 2, 3)
    attestation = attestors.attestation(2, signature)
    assert (attestation.index, attestation.key, attestation.signature) == (2, KEYS[2], signature)
    assert attestation.siblings == attestors.siblings(2)


def test_bitmap() -> None:
    assert registry.bitmap([]) == 0
    assert registry.bitmap([0, 2]) == registry.bitmap([2, 0]) == 0b101
    for indices in ([1, 1], [-1]):
        with pytest.raises(registry.AttestorIndexError):
            registry.bitmap(indices)
