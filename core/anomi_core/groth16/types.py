"""Proofs and verifying keys of Groth16 over BN254, as affine integer points."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["G1Point", "G2Point", "Proof", "VerifyingKey"]

G1Point = tuple[int, int]
"""Affine (x, y) over Fq. (0, 0), which is not on the curve, stands for the identity."""

G2Point = tuple[tuple[int, int], tuple[int, int]]
"""Affine ((x0, x1), (y0, y1)) over Fq2, where x = x0 + x1·u and u² = −1. ((0, 0), (0, 0)) stands for the
identity.
"""


@dataclass(frozen=True)
class Proof:
    """A Groth16 proof (A, B, C): A and C in G1, B in G2.

    Holding one says nothing of its points: `checks.check_proof` says it, and every parser and verifier calls
    it.
    """

    a: G1Point
    b: G2Point
    c: G1Point


@dataclass(frozen=True)
class VerifyingKey:
    """A Groth16 verifying key: α in G1, β, γ, δ in G2, and the IC points in G1, one more than public inputs."""

    alpha: G1Point
    beta: G2Point
    gamma: G2Point
    delta: G2Point
    ic: tuple[G1Point, ...]

    @property
    def public_input_count(self) -> int:
        """How many public inputs a proof under this key has."""
        return len(self.ic) - 1
