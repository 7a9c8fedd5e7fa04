"""Baby Jubjub, the twisted Edwards curve a·x² + y² = 1 + d·x²·y² over BN254's Fr.

Source: EIP-2494, in the form circomlib uses (a = 168700, d = 168696). a is a square and d is not, so the
addition law is complete: no pair of points needs a special case. The curve has 8·SUBGROUP_ORDER points;
keys live in the subgroup.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from anomi_core.field import FR_MODULUS

__all__ = [
    "BASE8",
    "IDENTITY",
    "SUBGROUP_ORDER",
    "Point",
    "add",
    "is_in_subgroup",
    "is_on_curve",
    "multiply",
]

A: Final = 168700
D: Final = 168696
COFACTOR: Final = 8
SUBGROUP_ORDER: Final = 2736030358979909402780800718157159386076813972158567259200215660948447373041
"""The prime order of the subgroup that BASE8 generates."""


class Point(NamedTuple):
    """An affine point; coordinates are integers below r."""

    x: int
    y: int


BASE8: Final = Point(
    5299619240641551281634865583518297030282874472190772894086521144482721001553,
    16950150798460657717958625567821834550301663161624707787222815936182638968203,
)
"""The base point of signatures: eight times circomlib's generator, so it lies in the subgroup."""
IDENTITY: Final = Point(0, 1)

Projective = tuple[int, int, int]
"""(X, Y, Z) stands for the point (X/Z, Y/Z): one inversion at the end instead of one in every step."""


def is_on_curve(point: tuple[int, int]) -> bool:
    """Say whether canonical coordinates satisfy the curve's equation."""
    x, y = point
    if not (0 <= x < FR_MODULUS and 0 <= y < FR_MODULUS):
        return False
    x2, y2 = x * x, y * y
    return (A * x2 + y2 - 1 - D * x2 * y2) % FR_MODULUS == 0


def is_in_subgroup(point: tuple[int, int]) -> bool:
    """Say whether a point on the curve lies in the subgroup of prime order; the identity does."""
    return multiply(point, SUBGROUP_ORDER) == IDENTITY


def add(left: tuple[int, int], right: tuple[int, int]) -> Point:
    """Return the sum of two points on the curve."""
    return _affine(_add((*left, 1), (*right, 1)))


def multiply(point: tuple[int, int], scalar: int) -> Point:
    """Return scalar · point for a point on the curve and a scalar ≥ 0.

    Running time depends on the scalar: see `anomi_core.eddsa` for what that means to a key.
    """
    result: Projective = (0, 1, 1)
    base: Projective = (*point, 1)
    for bit in f"{scalar:b}":
        result = _double(result)
        if bit == "1":
            result = _add(result, base)
    return _affine(result)


def _affine(point: Projective) -> Point:
    x, y, z = point
    inverse = pow(z, -1, FR_MODULUS)
    return Point(x * inverse % FR_MODULUS, y * inverse % FR_MODULUS)


# Formulas: D. J. Bernstein et al., "Twisted Edwards curves" (eprint 2008/013), section 6, projective
# coordinates.
def _add(left: Projective, right: Projective) -> Projective:
    x1, y1, z1 = left
    x2, y2, z2 = right
    a = z1 * z2 % FR_MODULUS
    b = a * a
    c = x1 * x2 % FR_MODULUS
    d = y1 * y2 % FR_MODULUS
    e = D * c * d
    f = (b - e) % FR_MODULUS
    g = (b + e) % FR_MODULUS
    x3 = a * f % FR_MODULUS * ((x1 + y1) * (x2 + y2) - c - d) % FR_MODULUS
    y3 = a * g % FR_MODULUS * (d - A * c) % FR_MODULUS
    return x3, y3, f * g % FR_MODULUS


def _double(point: Projective) -> Projective:
    x, y, z = point
    b = (x + y) ** 2
    c = x * x
    d = y * y
    e = A * c
    f = (e + d) % FR_MODULUS
    j = (f - 2 * z * z) % FR_MODULUS
    return (b - c - d) * j % FR_MODULUS, f * (e - d) % FR_MODULUS, f * j % FR_MODULUS
