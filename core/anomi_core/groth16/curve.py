"""Point arithmetic of BN254 (`alt_bn128`, EIP-196 and EIP-197), in plain integers: what checking a point
takes.

E: y² = x³ + 3 over Fq has prime order r, so every point on it is in G1. The twist E': y² = x³ + 3/ξ over
Fq2 = Fq[u]/(u² + 1), ξ = 9 + u, has order r·(2q − r); G2 is its subgroup of order r, which has to be checked.
"""

from __future__ import annotations

from typing import Final

from anomi_core.field import FQ_MODULUS as Q
from anomi_core.groth16.types import G1Point, G2Point

__all__ = [
    "BN_X",
    "G1_GENERATOR",
    "G1_IDENTITY",
    "G2_GENERATOR",
    "G2_IDENTITY",
    "g1_negate",
    "g2_multiply",
    "g2_negate",
    "is_in_g2_subgroup",
    "is_on_g1_curve",
    "is_on_g2_curve",
]

Fq2 = tuple[int, int]
_Jacobian = tuple[Fq2, Fq2, Fq2]

G1_IDENTITY: Final[G1Point] = (0, 0)
G2_IDENTITY: Final[G2Point] = ((0, 0), (0, 0))
G1_GENERATOR: Final[G1Point] = (1, 2)
G2_GENERATOR: Final[G2Point] = (
    (
        10857046999023057135944570762232829481370756359578518086990519993285655852781,
        11559732032986387107991004021392285783925812861821192530917403151452391805634,
    ),
    (
        8495653923123431417604973247489272438418190587263600148770280649306958101930,
        4082367875863433681332203403145435568316851327593401208105741076214120093531,
    ),
)
"""The generator of EIP-197, as every circom tool uses it."""

BN_X: Final = 4965661367192848881
"""The parameter x of the curve's family (Barreto and Naehrig): q = 36x⁴ + 36x³ + 24x² + 6x + 1, trace t = 6x² + 1."""

_TRACE_LESS_ONE: Final = 6 * BN_X * BN_X


def _mul(a: Fq2, b: Fq2) -> Fq2:
    low, high = a[0] * b[0], a[1] * b[1]
    return (low - high) % Q, ((a[0] + a[1]) * (b[0] + b[1]) - low - high) % Q


def _square(a: Fq2) -> Fq2:
    return (a[0] + a[1]) * (a[0] - a[1]) % Q, 2 * a[0] * a[1] % Q


def _sub(a: Fq2, b: Fq2) -> Fq2:
    return (a[0] - b[0]) % Q, (a[1] - b[1]) % Q


def _scale(a: Fq2, by: int) -> Fq2:
    return a[0] * by % Q, a[1] * by % Q


def _inverse(a: Fq2) -> Fq2:
    norm = pow(a[0] * a[0] + a[1] * a[1], -1, Q)
    return a[0] * norm % Q, -a[1] * norm % Q


def _power(base: Fq2, exponent: int) -> Fq2:
    result = (1, 0)
    for bit in bin(exponent)[2:]:
        result = _square(result)
        if bit == "1":
            result = _mul(result, base)
    return result


_XI: Final[Fq2] = (9, 1)
_TWIST_B: Final = _scale(_inverse(_XI), 3)
_PSI_X: Final = _power(_XI, (Q - 1) // 3)
_PSI_Y: Final = _power(_XI, (Q - 1) // 2)


def is_on_g1_curve(point: G1Point) -> bool:
    """Whether y² = x³ + 3. Coordinates are taken to be below q; the identity is not on the curve."""
    x, y = point
    return (y * y - x * x * x - 3) % Q == 0


def is_on_g2_curve(point: G2Point) -> bool:
    """Whether y² = x³ + 3/ξ. Coordinates are taken to be below q; the identity is not on the curve."""
    x, y = point
    return _sub(_square(y), _mul(_square(x), x)) == _TWIST_B


def is_in_g2_subgroup(point: G2Point) -> bool:
    """Whether a point on the twist has order r, by the untwist-Frobenius-twist endomorphism ψ: ψ(P) = [t −
    1]P.

    On G2, ψ acts as q ≡ t − 1 = 6x² (mod r). The other way, ψ² − [t]ψ + [q] = 0 on the whole twist, so ψ(P) =
    [t − 1]P gives [(t − 1)² − t(t − 1) + q]P = [q + 1 − t]P = [r]P = 0: on a BN curve the test is exact, at
    half the cost of [r]P. (M. Scott, "A note on group membership tests for G1, G2 and GT", eprint 2021/1130.)
    """
    (x0, x1), (y0, y1) = point
    image = _mul((x0, -x1 % Q), _PSI_X), _mul((y0, -y1 % Q), _PSI_Y)
    return _multiply_jacobian(point, _TRACE_LESS_ONE) == image


def g1_negate(point: G1Point) -> G1Point:
    """Return −P."""
    return point[0], -point[1] % Q


def g2_negate(point: G2Point) -> G2Point:
    """Return −P."""
    x, (y0, y1) = point
    return x, (-y0 % Q, -y1 % Q)


def g2_multiply(point: G2Point, scalar: int) -> G2Point:
    """Return [scalar]P for any point of the twist. Not constant time: for public points and scalars only."""
    return _multiply_jacobian(point, scalar)


def _multiply_jacobian(point: G2Point, scalar: int) -> G2Point:
    """Double and add from the top bit, in Jacobian coordinates (X/Z², Y/Z³); Z = 0 is the identity."""
    if point == G2_IDENTITY:
        return G2_IDENTITY
    total: _Jacobian = ((1, 0), (1, 0), (0, 0))
    for bit in bin(scalar)[2:]:
        total = _double(total)
        if bit == "1":
            total = _add_affine(total, point)
    x, y, z = total
    if z == (0, 0):
        return G2_IDENTITY
    inverse = _inverse(z)
    inverse_squared = _square(inverse)
    return _mul(x, inverse_squared), _mul(y, _mul(inverse_squared, inverse))


def _double(p: _Jacobian) -> _Jacobian:
    x, y, z = p
    if z == (0, 0) or y == (0, 0):
        return (1, 0), (1, 0), (0, 0)
    y_squared = _square(y)
    s = _scale(_mul(x, y_squared), 4)
    m = _scale(_square(x), 3)
    x3 = _sub(_square(m), _scale(s, 2))
    y3 = _sub(_mul(m, _sub(s, x3)), _scale(_square(y_squared), 8))
    return x3, y3, _scale(_mul(y, z), 2)


def _add_affine(p: _Jacobian, q: G2Point) -> _Jacobian:
    x1, y1, z1 = p
    if z1 == (0, 0):
        return q[0], q[1], (1, 0)
    z_squared = _square(z1)
    h = _sub(_mul(q[0], z_squared), x1)
    r = _sub(_mul(q[1], _mul(z_squared, z1)), y1)
    if h == (0, 0):
        return _double(p) if r == (0, 0) else ((1, 0), (1, 0), (0, 0))
    h_squared = _square(h)
    h_cubed = _mul(h_squared, h)
    v = _mul(x1, h_squared)
    x3 = _sub(_sub(_square(r), h_cubed), _scale(v, 2))
    y3 = _sub(_mul(r, _sub(v, x3)), _mul(y1, h_cubed))
    return x3, y3, _mul(z1, h)
