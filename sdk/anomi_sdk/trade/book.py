"""A market's book, read out of its account, and the ask that a bid would take.

The layout is that of the crate `order-book`: a header of 16 bytes (root, first free node, nodes ever used, leaves),
then nodes of 149 bytes (price, sequence, left and right child, height, and the BookLeaf), all little-endian. A handle
is a node's position counted from 1; 0 is none.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError
from anomi_sdk.generated.market import BOOK_LEAF_BYTES, BOOK_LEAVES_LOOKED_AT_MAX, BOOK_LEAVES_MAX, BookLeaf
from anomi_sdk.wire import Reader

__all__ = ["BestMatch", "BookCorruptError", "NoMatchError", "OpenAsk", "best_match", "last_of_full_book", "read_book"]

_HEADER: Final = struct.Struct("<4I")
_NODE: Final = struct.Struct("<QQIIB")
_NODE_BYTES: Final = _NODE.size + BOOK_LEAF_BYTES
_NONE: Final = 0
_HEIGHT_ABOVE_ROOT: Final = 17
"""An AVL tree of BOOK_LEAVES_MAX nodes is at most 16 high."""


class BookCorruptError(RefusedError):
    """A book contradicts itself: no program writes such a one, so whoever answered for the cluster made it up."""


class NoMatchError(RefusedError):
    """No ask that a bid may look at fits it: nothing has to be proven or sent to know that."""


@dataclass(frozen=True)
class OpenAsk:
    """One ask in the book; price in fiat minor units per whole token, then as in BookLeaf."""

    price: int
    sequence: int
    ask: Pubkey
    seller: Pubkey
    open_atoms: int
    min_fill_atoms: int
    payee_commit: bytes
    terms_version: int
    expiry_unix_s: int


@dataclass(frozen=True)
class BestMatch:
    """The ask that a bid takes, and how much of it, at the ask's price."""

    ask: OpenAsk
    fill_atoms: int


def read_book(slab: bytes) -> tuple[OpenAsk, ...]:
    """Return the asks in price-time order, at most BOOK_LEAVES_MAX of them. Raises BookCorruptError."""
    if len(slab) < _HEADER.size:
        raise BookCorruptError(f"a book starts with a header of {_HEADER.size} bytes; {len(slab)} came")
    root, _free, used, leaves = _HEADER.unpack_from(slab)
    capacity = min((len(slab) - _HEADER.size) // _NODE_BYTES, BOOK_LEAVES_MAX)
    if not leaves <= used <= capacity:
        raise BookCorruptError(f"a book with room for {capacity} asks counts {leaves} of {used}")
    asks: list[OpenAsk] = []
    path: list[tuple[int, int, int]] = []
    # Of each node whose left side is done: where it stands, its height, its right child.
    handle, height = root, _HEIGHT_ABOVE_ROOT
    while handle != _NONE or path:
        while handle != _NONE:
            if not handle <= used:
                raise BookCorruptError(f"a book of {used} nodes leads to the node {handle}")
            at = _HEADER.size + (handle - 1) * _NODE_BYTES
            _price, _sequence, left, right, own_height = _NODE.unpack_from(slab, at)
            if not 0 < own_height < height:
                raise BookCorruptError(f"the book's node {handle} has the height {own_height} below one of {height}")
            path.append((at, own_height, right))
            handle, height = left, own_height
        at, height, handle = path.pop()
        asks.append(_ask_at(slab, at))
        if len(asks) > leaves:
            raise BookCorruptError(f"a book counts {leaves} asks and holds more")
        if len(asks) > 1 and (asks[-2].price, asks[-2].sequence) >= (asks[-1].price, asks[-1].sequence):
            raise BookCorruptError("two asks of a book are not in price-time order")
    if len(asks) != leaves:
        raise BookCorruptError(f"a book counts {leaves} asks and holds {len(asks)}")
    return tuple(asks)


def last_of_full_book(slab: bytes) -> OpenAsk | None:
    """Return the ask that makes room for a better price; None while there is room. Raises BookCorruptError."""
    if len(slab) >= _HEADER.size and _HEADER.unpack_from(slab)[3] < BOOK_LEAVES_MAX:
        return None
    return read_book(slab)[-1]


def best_match(
    asks: Iterable[OpenAsk],
    *,
    buyer: Pubkey,
    base_atoms: int,
    limit_price: int,
    min_fill_atoms: int,
    terms_version: int,
    now_unix_s: int,
) -> BestMatch:
    """Return the ask that the market program would match a bid with; `asks` in price-time order.

    The first of the leaves looked at that is under the current terms, not expired, not the buyer's own, and whose
    smallest fill and the bid's are both reached; then its price decides. Raises NoMatchError, where the program refuses
    with NoAskMatches.
    """
    for looked_at, ask in enumerate(asks):
        if looked_at == BOOK_LEAVES_LOOKED_AT_MAX:
            break
        fill = min(base_atoms, ask.open_atoms)
        if (
            ask.terms_version == terms_version
            and now_unix_s < ask.expiry_unix_s
            and ask.seller != buyer
            and fill > 0
            and fill >= min(ask.min_fill_atoms, ask.open_atoms)
            and fill >= min_fill_atoms
        ):
            if ask.price <= limit_price:
                return BestMatch(ask, fill)
            raise NoMatchError(f"the best ask costs {ask.price} a token, the bid pays up to {limit_price}")
    raise NoMatchError(
        f"none of the first {BOOK_LEAVES_LOOKED_AT_MAX} asks fits this bid: other terms, expired, your own,"
        " or a smallest fill that is not reached"
    )


def _ask_at(slab: bytes, at: int) -> OpenAsk:
    price, sequence, *_ = _NODE.unpack_from(slab, at)
    start = at + _NODE.size
    leaf = BookLeaf.take(Reader(slab[start : start + BOOK_LEAF_BYTES], "a leaf of the book"), "")
    return OpenAsk(
        price=price,
        sequence=sequence,
        ask=leaf.ask,
        seller=leaf.seller,
        open_atoms=leaf.open_atoms,
        min_fill_atoms=leaf.min_fill_atoms,
        payee_commit=leaf.payee_commit,
        terms_version=leaf.terms_version,
        expiry_unix_s=leaf.expiry_unix_s,
    )
