"""Changes to an input: of its bytes, and of the tree that a JSON document is."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any, Final

__all__ = ["mutate"]

BYTES_MAX: Final = 1 << 16
TOKENS: Final = (b"\0", b"\xff", b"-", b"-1", b"0x", b",", b"\n", b"[", b"]", b"{", b"}", b'"', b"\\u0000",
                 b"\xef\xbb\xbf", b"1e9", b"NaN", b"null", b"18446744073709551616", b"[0]", b"4294967295")  # fmt: skip
VALUES: Final[tuple[Any, ...]] = (
    0, 1, -1, 2**254, 2**256, 1.5, True, None, "", "0", "-1", "0x1f", "1.0", " 7", "\u0663", [], {}, [[]], {"x": 1},
    "9" * 500,
    21888242871839275222246405745257275088548364400416034343698204186575808495617,
    21888242871839275222246405745257275088696311157297823662689037894645226208583,
)  # fmt: skip


def mutate(data: bytes, others: Sequence[bytes], rng: random.Random, *, is_json: bool) -> bytes:
    """Return a changed copy; parts of `others` may be spliced in."""
    if is_json and rng.random() < 0.6:
        changed = _mutate_json(data, rng)
        if changed is not None:
            return changed[:BYTES_MAX]
    for _ in range(1 << rng.randrange(4)):
        data = _mutate_bytes(data, others, rng)
    return data[:BYTES_MAX]


def _mutate_bytes(data: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """Change one place: what stands between `at` and `end` gives way to something else."""
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + (1 << rng.randrange(8)))
    here = data[at:end]
    match rng.randrange(8):
        case 0:
            new = bytes([here[0] ^ 1 << rng.randrange(8)]) + here[1:] if here else b""
        case 1:
            new = rng.choice((b"\0", b"\1", b"\x7f", b"\x80", b"\xff")) + here[1:]
        case 2:
            new = b""
        case 3:
            new = here + here
        case 4:
            new = rng.choice(TOKENS) + here
        case 5:
            # Counts and lengths stand in words.
            size = rng.choice((4, 8))
            value = int.from_bytes(here[:size], "little") + rng.choice((-32, -1, 1, 32))
            new = (value % (1 << 8 * size)).to_bytes(size, "little")[: len(here)] + here[size:]
        case 6:
            other = rng.choice(others)
            start = rng.randrange(len(other) + 1)
            new = other[start : start + len(here)]
        case _:
            return data[:at]
    return data[:at] + new + data[end:]


def _mutate_json(data: bytes, rng: random.Random) -> bytes | None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    try:
        places = list(_places(document))
    except RecursionError:
        return None
    if not places:
        return json.dumps(rng.choice(VALUES)).encode()
    holder, key = rng.choice(places)
    match rng.randrange(4):
        case 0:
            holder[key] = rng.choice(VALUES)
        case 1:
            del holder[key]
        case 2:
            other_holder, other_key = rng.choice(places)
            # Through text, so that no tree comes to hold itself.
            holder[key] = json.loads(json.dumps(other_holder[other_key]))
        case _:
            if isinstance(holder, list):
                holder.insert(key, holder[key])
            else:
                holder[key + rng.choice(("", "x", "\0", "[0]", "."))] = holder[key]
    return json.dumps(document).encode()


def _places(tree: Any) -> Any:
    """Yield every place of a document: what holds it, and its key."""
    keys = list(tree) if isinstance(tree, dict) else list(range(len(tree))) if isinstance(tree, list) else []
    for key in keys:
        yield tree, key
        yield from _places(tree[key])
