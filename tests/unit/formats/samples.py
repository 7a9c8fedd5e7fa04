"""Small well-formed files of every kind, made by hand from the format descriptions."""

from __future__ import annotations

import struct

from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_prover.binfile import pack_binfile

MONTGOMERY = 1 << 256
G1 = (1, 2)
G2 = (
    (
        10857046999023057135944570762232829481370756359578518086990519993285655852781,
        11559732032986387107991004021392285783925812861821192530917403151452391805634,
    ),
    (
        8495653923123431417604973247489272438418190587263600148770280649306958101930,
        4082367875863433681332203403145435568316851327593401208105741076214120093531,
    ),
)


def field(value: int, modulus: int = FR_MODULUS) -> bytes:
    return (value % modulus).to_bytes(32, "little")


def g1(point: tuple[int, int] = G1) -> bytes:
    return b"".join((value * MONTGOMERY % FQ_MODULUS).to_bytes(32, "little") for value in point)


def g2() -> bytes:
    return b"".join((value * MONTGOMERY % FQ_MODULUS).to_bytes(32, "little") for pair in G2 for value in pair)


def combination(*terms: tuple[int, int]) -> bytes:
    return struct.pack("<I", len(terms)) + b"".join(struct.pack("<I", wire) + field(value) for wire, value in terms)


def r1cs_sections() -> dict[int, bytes]:
    """out = a·b, and a·(a − 1) = 0: wires 1, out, a, b."""
    header = struct.pack("<I", 32) + FR_MODULUS.to_bytes(32, "little") + struct.pack("<IIIIQI", 4, 1, 0, 2, 4, 2)
    constraints = (
        combination((2, 1))
        + combination((3, 1))
        + combination((1, 1))
        + combination((2, 1))
        + combination((0, -1), (2, 1))
        + combination()
    )
    return {2: constraints, 1: header, 3: struct.pack("<4Q", 0, 1, 2, 3)}


def r1cs() -> bytes:
    return pack_binfile(b"r1cs", 1, r1cs_sections())


def wtns_sections(values: tuple[int, ...] = (1, 7, 1, 7)) -> dict[int, bytes]:
    header = struct.pack("<I", 32) + FR_MODULUS.to_bytes(32, "little") + struct.pack("<I", len(values))
    return {1: header, 2: b"".join(value.to_bytes(32, "little") for value in values)}


def wtns() -> bytes:
    return pack_binfile(b"wtns", 2, wtns_sections())


def contribution_end(*, beacon: bool = True) -> bytes:
    parameters = b"\x01\x04name"
    if beacon:
        parameters += b"\x02\x0a\x03\x02\xab\xcd"
    return struct.pack("<II", int(beacon), len(parameters)) + parameters


def zkey_sections(*, contributions: int = 1) -> dict[int, bytes]:
    header = b"".join(struct.pack("<I", 32) + modulus.to_bytes(32, "little") for modulus in (FQ_MODULUS, FR_MODULUS))
    header += struct.pack("<III", 4, 1, 4) + g1() + g1() + g2() + g2() + g1() + g2()
    record = g1() + 2 * g1() + g2() + bytes(64) + contribution_end()
    return {
        1: struct.pack("<I", 1),
        2: header,
        3: 2 * g1(),
        4: struct.pack("<I", 1) + struct.pack("<III", 0, 0, 1) + field(1),
        5: 4 * g1(),
        6: 4 * g1(),
        7: 4 * g2(),
        8: 2 * g1(),
        9: 4 * g1(),
        10: bytes(64) + struct.pack("<I", contributions) + contributions * record,
    }


def zkey() -> bytes:
    return pack_binfile(b"zkey", 1, zkey_sections())


def ptau_sections(*, tau: tuple[int, int] = G1, prepared: bool = True) -> dict[int, bytes]:
    size = 2
    record = 3 * g1() + 2 * g2() + 6 * g1() + 3 * g2() + bytes(216) + bytes(64) + contribution_end()
    sections = {
        1: struct.pack("<I", 32) + FQ_MODULUS.to_bytes(32, "little") + struct.pack("<II", 1, 1),
        2: g1() + g1(tau) + g1(),
        3: size * g2(),
        4: size * g1(),
        5: size * g1(),
        6: g2(),
        7: struct.pack("<I", 1) + record,
    }
    if prepared:
        sections |= {12: 7 * g1(), 13: 3 * g2(), 14: 3 * g1(), 15: 3 * g1()}
    return sections


def ptau() -> bytes:
    return pack_binfile(b"ptau", 1, ptau_sections())
