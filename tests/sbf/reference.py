"""What the probe program must answer, in plain Python, and the operands it is asked about."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

__all__ = ["SHIFT_AMOUNTS", "WIDE", "WORDS", "pairs", "signed", "unsigned", "wide_pairs"]

M64 = 2**64 - 1
M128 = 2**128 - 1

Operation = Callable[[int, int], bytes]


def signed(value: int, bits: int = 64) -> int:
    """Read the low bits as two's complement."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def unsigned(value: int, bits: int = 64) -> int:
    """Write as two's complement."""
    return value & ((1 << bits) - 1)


def _word(*values: int) -> bytes:
    return b"".join(unsigned(value).to_bytes(8, "little") for value in values)


def _wide(value: int) -> bytes:
    return unsigned(value, 128).to_bytes(16, "little")


def _option(value: int | None, low: int, high: int) -> bytes:
    inside = value is not None and low <= value <= high
    return _word(int(inside), value if inside and value is not None else 0)


def _wide_option(value: int, low: int, high: int) -> bytes:
    inside = low <= value <= high
    return _word(int(inside)) + _wide(value if inside else 0)


def _clamp(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))


def _bits(value: int, width: int) -> int:
    trailing = (value & -value).bit_length() - 1 if value else width
    return (width - value.bit_length()) | trailing << 8 | value.bit_count() << 16


def _word_shifts(a: int, b: int) -> bytes:
    n, m = b & 63, b & 31
    return _word(
        a << n,
        a >> n,
        signed(a) >> n,
        (a << m) & 0xFFFFFFFF,
        signed(a, 32) >> m,
    )


def _narrow(a: int, b: int) -> bytes:
    return (
        _option((a & 0xFFFFFFFF) * (b & 0xFFFFFFFF), 0, 0xFFFFFFFF)
        + _option(signed(a, 32) * signed(b, 32), -(2**31), 2**31 - 1)
        + _option((a & 0xFFFF) * (b & 0xFFFF), 0, 0xFFFF)
        + _option(signed(a, 8) * signed(b, 8), -128, 127)
        + _word((a & 0xFF) * (b & 0xFF) & 0xFF)
        + _word(_clamp(signed(a, 16) + signed(b, 16), -(2**15), 2**15 - 1))
    )


def _compare(a: int, b: int) -> bytes:
    x, y = signed(a), signed(b)
    flags = int(a < b) | int(x < y) << 1 | int(a <= b) << 2 | int(x <= y) << 3
    return _word(flags, abs(a - b), abs(x), min(a, b) ^ unsigned(max(x, y)))


def _reversed(value: int) -> int:
    return int(f"{value:064b}"[::-1], 2)


def _rotated(value: int, by: int) -> int:
    return (value << by | value >> (64 - by)) & M64 if by else value


def _sum_of_squares(a: int, b: int) -> bytes:
    n = a & 0xFFF
    return _word(b + (n - 1) * n * (2 * n - 1) // 6 if n else b)


# The index is the operation's number in arithmetic.rs.
WORDS: Sequence[Operation] = (
    lambda a, b: _option(a * b, 0, M64),
    lambda a, b: _word(min(a * b, M64)),
    lambda a, b: _word(a * b),
    lambda a, b: _word(a * b, int(a * b > M64)),
    lambda a, b: _wide(a * b),
    lambda a, b: _option(signed(a) * signed(b), -(2**63), 2**63 - 1),
    lambda a, b: _word(_clamp(signed(a) * signed(b), -(2**63), 2**63 - 1)),
    lambda a, b: _wide(signed(a) * signed(b)),
    lambda a, b: _option(a + b, 0, M64),
    lambda a, b: _option(a - b, 0, M64),
    lambda a, b: _option(a // b if b else None, 0, M64),
    lambda a, b: _option(a % b if b else None, 0, M64),
    lambda a, b: _option(a ** (b & 7), 0, M64),
    lambda a, b: _word(_bits(a, 64), int.from_bytes(a.to_bytes(8, "little"), "big"), _reversed(a), _rotated(a, b & 63)),
    _word_shifts,
    _narrow,
    _compare,
    lambda a, b: _word(a * b >> 37),
    lambda a, b: _word(a * b >> 64),
    lambda a, b: _word(a * b + (a ^ b), (a * b + (a ^ b)) >> 64),
    _sum_of_squares,
    lambda a, b: _word((b & 0xFF) + a * (a - 1) // 2),
)

WIDE: Sequence[Operation] = (
    lambda a, b: _wide(a * b),
    lambda a, b: _wide_option(a * b, 0, M128),
    lambda a, b: _wide(min(a * b, M128)),
    lambda a, b: _wide(signed(a, 128) * signed(b, 128)),
    lambda a, b: _wide_option(signed(a, 128) * signed(b, 128), -(2**127), 2**127 - 1),
    lambda a, b: _wide(_clamp(signed(a, 128) * signed(b, 128), -(2**127), 2**127 - 1)),
    lambda a, b: _wide_option(a + b, 0, M128),
    lambda a, b: _wide_option(a - b, 0, M128),
    lambda a, b: _wide_option(signed(a, 128) + signed(b, 128), -(2**127), 2**127 - 1),
    lambda a, b: _wide(max(a - b, 0)),
    lambda a, b: _word(
        int(a < b)
        | int(signed(a, 128) < signed(b, 128)) << 1
        | int(a == b) << 2
        | int(signed(a, 128) <= signed(b, 128)) << 3,
        _bits(a, 128),
    ),
    lambda a, b: _wide(min(a, b) + (max(a, b) >> 3)),
    lambda a, b: _wide(a & b ^ int.from_bytes((a | b).to_bytes(16, "little"), "big")),
    lambda a, _: _wide(-signed(a, 128)),
    lambda a, b: _wide(abs(a - b)),
    lambda a, b: _wide_option(a ** (b & 3), 0, M128),
)

SHIFT_AMOUNTS = (0, 1, 7, 8, 31, 32, 33, 40, 63, 64, 65, 71, 96, 100, 126, 127)

_EDGES_64 = (
    0,
    1,
    2,
    3,
    2**16,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**32,
    2**32 + 1,
    2**33,
    2**63 - 1,
    2**63,
    2**63 + 1,
    M64 - 1,
    M64,
)


def pairs(count: int) -> list[tuple[int, int]]:
    """Every pair of edge values, then random pairs of random widths; the same ones each time."""
    rng = random.Random(0x5BF)
    edges = [(a, b) for a in _EDGES_64 for b in _EDGES_64]
    drawn = [(rng.getrandbits(rng.randint(1, 64)), rng.getrandbits(rng.randint(1, 64))) for _ in range(count)]
    near = [(a, min(M64, max(0, M64 // a + rng.randint(-1, 1)))) for a, _ in drawn[: count // 2] if a]
    return edges + drawn + near


def wide_pairs(count: int) -> list[tuple[int, int]]:
    """The same for 128 bits, with products on both sides of the limit."""
    rng = random.Random(0x5BF128)
    parts = (0, 1, 2**32, 2**63, 2**64 - 1, 2**64, 2**64 + 1, 2**96 - 1, 2**127 - 1, 2**127, 2**127 + 1, M128 - 1, M128)
    edges = [(a, b) for a in parts for b in parts]
    drawn = [(rng.getrandbits(rng.randint(1, 128)), rng.getrandbits(rng.randint(1, 128))) for _ in range(count)]
    near = []
    for a, _ in drawn[: count // 2]:
        for limit in (M128, 2**127 - 1, 2**127):
            if a:
                near.append((a, min(M128, max(0, limit // a + rng.randint(-1, 1)))))
                near.append((unsigned(-a, 128), min(M128, limit // a + rng.randint(0, 1))))
    return edges + drawn + near
