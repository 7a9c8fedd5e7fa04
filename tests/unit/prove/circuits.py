"""A tiny constraint system written by hand, so that these tests need no compiler: y = x³ in two constraints."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

from anomi_core.field import FR_MODULUS

ONE, Y, X, SQUARE = range(4)
"""The wires: the constant, the public cube y, the secret x, and x²."""

Terms = Sequence[tuple[int, int]]

CUBE: tuple[tuple[Terms, Terms, Terms], ...] = (
    (((X, 1),), ((X, 1),), ((SQUARE, 1),)),
    (((SQUARE, 1),), ((X, 1),), ((Y, 1),)),
)


def cube_witness(x: int) -> list[int]:
    """The honest witness for a secret x."""
    return [1, pow(x, 3, FR_MODULUS), x, x * x % FR_MODULUS]


def write_r1cs(
    path: Path,
    constraints: Sequence[tuple[Terms, Terms, Terms]] = CUBE,
    *,
    wires: int = 4,
    public_inputs: int = 1,
    private_inputs: int = 1,
    prime: int = FR_MODULUS,
) -> Path:
    """Write a .r1cs file, format of iden3/r1csfile."""
    header = struct.pack(
        "<I32sIIIIQI",
        32,
        prime.to_bytes(32, "little"),
        wires,
        0,
        public_inputs,
        private_inputs,
        wires,
        len(constraints),
    )
    body = b"".join(
        struct.pack("<I", len(terms))
        + b"".join(struct.pack("<I32s", wire, (value % prime).to_bytes(32, "little")) for wire, value in terms)
        for constraint in constraints
        for terms in constraint
    )
    labels = b"".join(struct.pack("<Q", label) for label in range(wires))
    sections = b"".join(
        struct.pack("<IQ", number, len(data)) + data for number, data in ((1, header), (2, body), (3, labels))
    )
    path.write_bytes(b"r1cs" + struct.pack("<II", 1, 3) + sections)
    return path


def section(data: bytes | bytearray, number: int) -> tuple[int, int]:
    """Start and length of a section of a binary file."""
    at = 12
    while at < len(data):
        found, length = struct.unpack_from("<IQ", data, at)
        if found == number:
            return at + 12, length
        at += 12 + length
    raise AssertionError(f"no section {number}")


def replace_section(data: bytes, number: int, content: bytes) -> bytes:
    """The same binary file with another content of one section."""
    start, length = section(data, number)
    return data[: start - 8] + struct.pack("<Q", len(content)) + content + data[start + length :]


def squares(count: int) -> list[tuple[Terms, Terms, Terms]]:
    """`count` constraints that all say x·x = x²."""
    return [CUBE[0]] * count
