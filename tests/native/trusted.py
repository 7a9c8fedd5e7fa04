"""Proving keys made from secrets that the test knows, by another way than any set-up program's.

Points are the generators times scalars computed in the field, so a key of any shape takes a moment and nothing is
shared with the code under test. Format: as in `anomi_prover.zkey`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from anomi_core.field import FQ_MODULUS as Q
from anomi_core.field import FR_MODULUS as R
from anomi_core.groth16.curve import G2_GENERATOR, G2_IDENTITY, g2_multiply
from anomi_core.groth16.types import G1Point, G2Point
from anomi_prover.binfile import pack_binfile
from tests.native.circuits import Circuit

ROOT_OF_UNITY = pow(5, (R - 1) >> 28, R)
"""Of order 2^28."""


@dataclass(frozen=True)
class Secrets:
    """What nobody may know of a real key."""

    tau: int = 0x1234_5678_9ABC_DEF0_1234
    alpha: int = 0x2345_6789_ABCD
    beta: int = 0x3456_789A_BCDE
    gamma: int = 1
    delta: int = 0x4567_89AB_CDEF


def domain_power(circuit: Circuit) -> int:
    """The smallest k with 2^k ≥ constraints + public signals + 1."""
    return (len(circuit.constraints) + circuit.n_public).bit_length()


def zkey_sections(circuit: Circuit, secrets: Secrets = Secrets()) -> dict[int, bytes]:
    """Return the sections of the key of a circuit, with one beacon as its phase-2 contribution."""
    power = domain_power(circuit)
    size = 1 << power
    n_wires = len(circuit.witness)
    tau = secrets.tau
    omega, odd = (pow(ROOT_OF_UNITY, 1 << (28 - k), R) for k in (power, power + 1))
    lagrange = _lagrange(tau, omega, size)
    columns = [[0] * n_wires for _ in range(3)]
    coefficients = b""
    count = 0
    rows = [*circuit.constraints, *(([(wire, 1)], [], []) for wire in range(circuit.n_public + 1))]
    for row, parts in enumerate(rows):
        for matrix, terms in enumerate(parts):
            for wire, coefficient in terms:
                columns[matrix][wire] = (columns[matrix][wire] + coefficient * lagrange[row]) % R
                if matrix < 2:
                    coefficients += struct.pack("<III", matrix, row, wire) + _words(coefficient * (1 << 512) % R)
                    count += 1
    a, b, c = columns
    gamma_inverse, delta_inverse = pow(secrets.gamma, -1, R), pow(secrets.delta, -1, R)
    sums = [(secrets.beta * x + secrets.alpha * y + z) % R for x, y, z in zip(a, b, c, strict=True)]
    # The odd places of twice the domain, of its Lagrange basis at τ.
    double = _lagrange(tau, odd, 2 * size)
    moduli = b"".join(struct.pack("<I", 32) + modulus.to_bytes(32, "little") for modulus in (Q, R))
    few = g1(secrets.alpha) + g1(secrets.beta) + g2(secrets.beta) + g2(secrets.gamma)
    few += g1(secrets.delta) + g2(secrets.delta)
    record = g1(secrets.delta) + 2 * g1(1) + g2(1) + bytes(64) + struct.pack("<II", 1, 6) + b"\x02\x0a\x03\x02\xab\xcd"
    public = circuit.n_public + 1
    return {
        1: struct.pack("<I", 1),
        2: moduli + struct.pack("<III", n_wires, circuit.n_public, size) + few,
        3: b"".join(g1(x * gamma_inverse) for x in sums[:public]),
        4: struct.pack("<I", count) + coefficients,
        5: b"".join(map(g1, a)),
        6: b"".join(map(g1, b)),
        7: b"".join(map(g2, b)),
        8: b"".join(g1(x * delta_inverse) for x in sums[public:]),
        9: b"".join(g1(double[2 * i + 1] * delta_inverse) for i in range(size)),
        10: bytes(64) + struct.pack("<I", 1) + record,
    }


def write_zkey(path: Path, circuit: Circuit) -> Path:
    """Write the key of a circuit."""
    path.write_bytes(pack_binfile(b"zkey", 1, zkey_sections(circuit)))
    return path


def _lagrange(tau: int, omega: int, size: int) -> list[int]:
    """Return Lᵢ(τ) = ωⁱ(τⁿ − 1)/(n(τ − ωⁱ)) for the domain that ω generates."""
    scale = (pow(tau, size, R) - 1) * pow(size, -1, R) % R
    found, point = [], 1
    for _ in range(size):
        found.append(scale * point * pow(tau - point, -1, R) % R)
        point = point * omega % R
    return found


def _words(value: int) -> bytes:
    return value.to_bytes(32, "little")


def _montgomery(value: int) -> bytes:
    return _words(value * (1 << 256) % Q)


def g1_times(scalar: int) -> G1Point:
    """Return the generator of G1 times a scalar; (0, 0) is infinity."""
    scalar %= R
    total = None
    for bit in bin(scalar)[2:] if scalar else "":
        total = _g1_add(total, total)
        if bit == "1":
            total = _g1_add(total, (1, 2, 1))
    if total is None:
        return 0, 0
    x, y, z = total
    inverse = pow(z, -1, Q)
    return x * inverse**2 % Q, y * inverse**3 % Q


Jacobian = tuple[int, int, int]


def _g1_add(p: Jacobian | None, q: Jacobian | None) -> Jacobian | None:
    """Add in Jacobian coordinates; None is infinity."""
    if p is None or q is None:
        return p or q
    (x1, y1, z1), (x2, y2, z2) = p, q
    u1, u2, s1, s2 = x1 * z2 * z2 % Q, x2 * z1 * z1 % Q, y1 * z2**3 % Q, y2 * z1**3 % Q
    if u1 == u2:
        if s1 != s2:
            return None
        m, s = 3 * x1 * x1 % Q, 4 * x1 * y1 * y1 % Q
        x3 = (m * m - 2 * s) % Q
        return x3, (m * (s - x3) - 8 * y1**4) % Q, 2 * y1 * z1 % Q
    h, r = u2 - u1, s2 - s1
    x3 = (r * r - h**3 - 2 * u1 * h * h) % Q
    return x3, (r * (u1 * h * h - x3) - s1 * h**3) % Q, h * z1 * z2 % Q


def g1(scalar: int) -> bytes:
    """Return the generator of G1 times a scalar, as a key holds it."""
    x, y = g1_times(scalar)
    return _montgomery(x) + _montgomery(y)


def g2(scalar: int) -> bytes:
    """Return the generator of G2 times a scalar, as a key holds it."""
    point: G2Point = g2_multiply(G2_GENERATOR, scalar % R) if scalar % R else G2_IDENTITY
    return b"".join(_montgomery(value) for pair in point for value in pair)
