"""Points as .zkey and .ptau files hold them: affine, Montgomery form, little-endian; infinity is all zero bytes."""

from __future__ import annotations

from typing import Final

from anomi_core.field import FQ_MODULUS
from anomi_core.groth16 import G1Point, G2Point
from anomi_prover.binfile import FileFormatError, Reader

__all__ = ["G1_BYTES", "G2_BYTES", "CoordinateTooLargeError", "read_g1", "read_g2"]

COORDINATE_BYTES: Final = 32
G1_BYTES: Final = 2 * COORDINATE_BYTES
G2_BYTES: Final = 4 * COORDINATE_BYTES
MONTGOMERY_INVERSE: Final = pow(1 << 256, -1, FQ_MODULUS)


class CoordinateTooLargeError(FileFormatError):
    """A coordinate is not below the base field's modulus q."""


def read_g1(reader: Reader) -> G1Point:
    """Return the next G1 point as plain integers; infinity reads as (0, 0). Not checked to be on the curve."""
    return _coordinate(reader), _coordinate(reader)


def read_g2(reader: Reader) -> G2Point:
    """Return the next G2 point as ((x0, x1), (y0, y1)); not checked to be on the curve."""
    return (_coordinate(reader), _coordinate(reader)), (_coordinate(reader), _coordinate(reader))


def _coordinate(reader: Reader) -> int:
    value = reader.integer(COORDINATE_BYTES)
    if value >= FQ_MODULUS:
        raise CoordinateTooLargeError(f"{reader.where}: a coordinate is not below q")
    return value * MONTGOMERY_INVERSE % FQ_MODULUS
