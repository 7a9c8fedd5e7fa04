"""Order books of a given size, as slabs: the worst ones, written past the program, which would take hours to fill them.

The shape is the highest AVL tree that the leaves allow, and its best prices lie deepest: no path of an insertion,
a removal or a match is longer in any book of that size.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from typing import Final

from anomi_sdk.generated.market import BOOK_LEAF_BYTES, BOOK_LEAVES_MAX, BOOK_SLAB_OFFSET

__all__ = ["BOOK_BYTES_MAX", "slab"]

_HEADER: Final = struct.Struct("<4I")
_NODE: Final = struct.Struct("<QQIIB")
_NONE: Final = 0

BOOK_BYTES_MAX: Final = BOOK_SLAB_OFFSET + _HEADER.size + BOOK_LEAVES_MAX * (_NODE.size + BOOK_LEAF_BYTES)
"""The length of the largest book's account."""


def slab(leaves: Sequence[tuple[int, int, bytes]], capacity: int = BOOK_LEAVES_MAX) -> bytes:
    """Return the slab of `leaves`, each price, sequence and payload, in order; with room for `capacity` of them."""
    count = len(leaves)
    header = _HEADER.pack(count, _NONE, count, count)
    nodes = (
        _NODE.pack(leaves[at][0], leaves[at][1], left, right, height) + leaves[at][2]
        for at, left, right, height in _shape(count)
    )
    return header + b"".join(nodes) + bytes((capacity - count) * (_NODE.size + BOOK_LEAF_BYTES))


@cache
def _shape(count: int) -> tuple[tuple[int, int, int, int], ...]:
    """Return the nodes, children before their parents: which leaf each holds, its children's handles, its height."""
    nodes: list[tuple[int, int, int, int]] = []

    def tree(first: int, size: int, height: int) -> int:
        """Add the leaves from `first` on as a tree of this height; return its root's handle."""
        if size == 0:
            return _NONE
        left, right, right_height = _parts(size, height)
        left_handle = tree(first, left, height - 1)
        right_handle = tree(first + left + 1, right, right_height)
        nodes.append((first + left, left_handle, right_handle, height))
        return len(nodes)

    tree(0, count, _height_max(count))
    return tuple(nodes)


def _height_max(count: int) -> int:
    height = 0
    while _fewest(height + 1) <= count:
        height += 1
    return height


@cache
def _fewest(height: int) -> int:
    """Return the fewest leaves of an AVL tree of this height."""
    return height if height < 2 else 1 + _fewest(height - 1) + _fewest(height - 2)


def _parts(count: int, height: int) -> tuple[int, int, int]:
    """Split a tree into a left side one lower than itself, as small as can be, and the rest.

    Returns the leaves on the left, those on the right, and the height of the right side.
    """
    for right_height in (max(height - 2, 0), height - 1):
        right = min(2**right_height - 1, count - 1 - _fewest(height - 1))
        left = count - 1 - right
        if left < 2 ** (height - 1) and right >= _fewest(right_height):
            return left, right, right_height
    raise AssertionError(f"no AVL tree of height {height} has {count} leaves")
