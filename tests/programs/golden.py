"""The golden vectors: keys, proofs and public inputs that snarkjs made, in the bytes of the program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from anomi_core.field import FQ_MODULUS
from anomi_core.groth16.curve import G2_GENERATOR, is_in_g2_subgroup, is_on_g2_curve
from anomi_core.groth16.types import G2Point

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "groth16"
COUNTS = (0, 1, 2, 4, 8, 12)


@dataclass(frozen=True)
class Golden:
    """One key with one proof: `inputs` are 32 bytes each."""

    body: bytes
    proof: bytes
    inputs: tuple[bytes, ...]


@cache
def golden(count: int) -> Golden:
    vector = json.loads((VECTORS / f"public_{count}.json").read_text(encoding="utf-8"))
    inputs = bytes.fromhex(vector["inputs_hex"])
    return Golden(
        body=bytes.fromhex(vector["key_body_hex"]),
        proof=bytes.fromhex(vector["proof_hex"]),
        inputs=tuple(inputs[at : at + 32] for at in range(0, len(inputs), 32)),
    )


@cache
def off_subgroup_point() -> bytes:
    """A point on the twist outside the subgroup of order r, as 128 bytes: what the curve equation alone lets pass."""
    for x0 in range(1, 1000):
        point = _lift((x0, 1))
        if point is not None and not is_in_g2_subgroup(point):
            return g2_bytes(point)
    raise AssertionError("no point found")


def g2_bytes(point: G2Point) -> bytes:
    (x0, x1), (y0, y1) = point
    return b"".join(value.to_bytes(32, "big") for value in (x1, x0, y1, y0))


def _lift(x: tuple[int, int]) -> G2Point | None:
    """The point of the twist with this x, if there is one: a square root in Fq2 = Fq[u]/(u² + 1), q ≡ 3 (mod 4)."""
    (gx, gy) = G2_GENERATOR
    b = _sub(_mul(gy, gy), _mul(_mul(gx, gx), gx))
    a0, a1 = _add(_mul(_mul(x, x), x), b)
    norm_root = _root((a0 * a0 + a1 * a1) % FQ_MODULUS)
    if norm_root is None:
        return None
    half = pow(2, -1, FQ_MODULUS)
    for sign in (1, -1):
        y0 = _root((a0 + sign * norm_root) * half % FQ_MODULUS)
        if y0:
            point = x, (y0, a1 * pow(2 * y0, -1, FQ_MODULUS) % FQ_MODULUS)
            if is_on_g2_curve(point):
                return point
    return None


def _root(value: int) -> int | None:
    root = pow(value, (FQ_MODULUS + 1) // 4, FQ_MODULUS)
    return root if root * root % FQ_MODULUS == value else None


def _add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return (a[0] + b[0]) % FQ_MODULUS, (a[1] + b[1]) % FQ_MODULUS


def _sub(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return (a[0] - b[0]) % FQ_MODULUS, (a[1] - b[1]) % FQ_MODULUS


def _mul(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return (a[0] * b[0] - a[1] * b[1]) % FQ_MODULUS, (a[0] * b[1] + a[1] * b[0]) % FQ_MODULUS
