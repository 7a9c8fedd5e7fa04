"""The golden vectors of tests/vectors/groth16, and points that no honest prover makes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from anomi_core.field import FQ_MODULUS as Q
from anomi_core.groth16 import Proof, VerifyingKey, curve, parse_proof, parse_public_inputs, parse_verifying_key
from anomi_core.groth16.types import G1Point, G2Point

VECTORS = Path(__file__).parents[2] / "vectors" / "groth16"
COUNTS = (0, 1, 2, 4, 8, 12)
"""Public inputs of the circuits `public_<count>`."""


@dataclass(frozen=True)
class Vector:
    """One circuit's key, proof and inputs, as snarkjs made them and as Solana reads them."""

    name: str
    document: dict[str, Any]

    def text(self, member: str) -> str:
        """The JSON text of `vk`, `proof` or `public`."""
        return json.dumps(self.document[member])

    def raw(self, member: str) -> bytes:
        """The bytes of `key_body`, `proof` or `inputs`."""
        return bytes.fromhex(self.document[f"{member}_hex"])

    @property
    def key(self) -> VerifyingKey:
        return parse_verifying_key(self.text("vk"))

    @property
    def proof(self) -> Proof:
        return parse_proof(self.text("proof"))

    @property
    def inputs(self) -> tuple[int, ...]:
        return parse_public_inputs(self.text("public"))


@cache
def vector(count: int) -> Vector:
    """The vector of the circuit with `count` public inputs."""
    name = f"public_{count}"
    return Vector(name, json.loads((VECTORS / f"{name}.json").read_text()))


def off_curve_g1() -> G1Point:
    """A pair of coordinates on no curve of ours: 1 + 3 is not 9."""
    return 1, 3


def off_subgroup_g2() -> G2Point:
    """The first point x = k + u of the twist that lies outside G2 (nearly every point does)."""
    for k in range(1, 100):
        x = (k, 1)
        y = _fq2_root(_fq2_add(_fq2_multiply(_fq2_multiply(x, x), x), _TWIST_B))
        if y is not None and not curve.is_in_g2_subgroup((x, y)):
            return x, y
    raise AssertionError("no point of the twist found")


_TWIST_B = (
    19485874751759354771024239261021720505790618469301721065564631296452457478373,
    266929791119991161246907387137283842545076965332900288569378510910307636690,
)
"""3/(9 + u), as EIP-197 gives it."""


def _fq2_add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return (a[0] + b[0]) % Q, (a[1] + b[1]) % Q


def _fq2_multiply(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return (a[0] * b[0] - a[1] * b[1]) % Q, (a[0] * b[1] + a[1] * b[0]) % Q


def _fq2_root(a: tuple[int, int]) -> tuple[int, int] | None:
    """A square root by norms: (s + t·u)² = a with s² = (a₀ ± |a|)/2 and t = a₁/2s; q ≡ 3 (mod 4)."""
    norm = _fq_root(a[0] * a[0] + a[1] * a[1])
    for sign in (1, -1):
        if norm is None:
            return None
        s = _fq_root((a[0] + sign * norm) * pow(2, -1, Q))
        if s:
            root = s, a[1] * pow(2 * s, -1, Q) % Q
            if _fq2_multiply(root, root) == a:
                return root
    return None


def _fq_root(a: int) -> int | None:
    root = pow(a, (Q + 1) // 4, Q)
    return root if root * root % Q == a % Q else None
