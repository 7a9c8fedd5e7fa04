"""Verifying keys whose trapdoor is known: for measuring and testing verifiers, and for nothing else.

Whoever holds the trapdoor of a Groth16 key can make a proof of any public inputs without a circuit or a witness
(the simulator of Groth, eprint 2016/260, §3.2). A verifier cannot tell such a proof from an honest one, so its cost
and its verdicts can be measured for every number of public inputs without running a prover.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from anomi_core.errors import RefusedError, UsageError
from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16 import G1Point, G2Point, Proof, VerifyingKey
from anomi_core.groth16.curve import G1_GENERATOR, G2_GENERATOR, g2_multiply
from anomi_core.spec import PUBLIC_INPUTS_MAX

__all__ = ["KeyTrapdoorKnownError", "MeasuringKey", "g1_add", "g1_multiply", "is_measuring_key", "scalar_from"]

_ALPHA_TEXT: Final = "anomi measuring key α"


class KeyTrapdoorKnownError(RefusedError):
    """A key whose trapdoor anybody can derive would go on chain: it is for measuring verifiers, and nothing else."""


@dataclass(frozen=True)
class MeasuringKey:
    """A verifying key and the scalars behind its points: `verifying_key.alpha` is α·G1, and so on."""

    verifying_key: VerifyingKey
    alpha: int = field(repr=False)
    beta: int = field(repr=False)
    gamma: int = field(repr=False)
    delta: int = field(repr=False)
    ic: tuple[int, ...] = field(repr=False)

    @classmethod
    def derive(cls, seed: str, public_input_count: int) -> MeasuringKey:
        """Return the key of `public_input_count` inputs that `seed` stands for, always the same one.

        Raises UsageError beyond PUBLIC_INPUTS_MAX.
        """
        if not 0 <= public_input_count <= PUBLIC_INPUTS_MAX:
            raise UsageError(f"a key has 0 to {PUBLIC_INPUTS_MAX} public inputs, not {public_input_count}")
        alpha = scalar_from(_ALPHA_TEXT)
        beta, gamma, delta = (scalar_from(f"{seed} {name}") for name in ("β", "γ", "δ"))
        ic = tuple(scalar_from(f"{seed} IC[{index}]") for index in range(public_input_count + 1))
        key = VerifyingKey(
            alpha=_alpha_point(),
            beta=g2_multiply(G2_GENERATOR, beta),
            gamma=g2_multiply(G2_GENERATOR, gamma),
            delta=g2_multiply(G2_GENERATOR, delta),
            ic=tuple(g1_multiply(G1_GENERATOR, scalar) for scalar in ic),
        )
        return cls(key, alpha, beta, gamma, delta, ic)

    def prove(self, public_inputs: Sequence[int], seed: str) -> Proof:
        """Return a valid proof of `public_inputs`; another `seed` gives another proof of the same inputs.

        A = a·G1 and B = b·G2 for any a and b, then C = (a·b − α·β − γ·(IC[0] + Σ xᵢ·IC[i]))/δ·G1.
        """
        if len(public_inputs) != len(self.ic) - 1:
            raise UsageError(f"this key takes {len(self.ic) - 1} public inputs, {len(public_inputs)} came")
        a, b = scalar_from(f"{seed} a"), scalar_from(f"{seed} b")
        total = self.ic[0] + sum(value * scalar for value, scalar in zip(public_inputs, self.ic[1:], strict=True))
        c = (a * b - self.alpha * self.beta - self.gamma * total) * pow(self.delta, -1, FR_MODULUS) % FR_MODULUS
        point_a, point_b = _points(a, b)
        return Proof(a=point_a, b=point_b, c=g1_multiply(G1_GENERATOR, c))


def is_measuring_key(key: VerifyingKey) -> bool:
    """Tell a key whose trapdoor anybody can derive. All of them have the same α, so that none is taken for another."""
    return key.alpha == _alpha_point()


@cache
def _alpha_point() -> G1Point:
    return g1_multiply(G1_GENERATOR, scalar_from(_ALPHA_TEXT))


@lru_cache(maxsize=64)
def _points(a: int, b: int) -> tuple[G1Point, G2Point]:
    """Return a·G1 and b·G2, which are the same for every proof of one seed."""
    return g1_multiply(G1_GENERATOR, a), g2_multiply(G2_GENERATOR, b)


def scalar_from(text: str) -> int:
    """Return a number in [2, r) that looks random: the SHA-512 of `text`, reduced."""
    return 2 + int.from_bytes(hashlib.sha512(text.encode()).digest(), "big") % (FR_MODULUS - 2)


def g1_multiply(point: G1Point, scalar: int) -> G1Point:
    """Return [scalar]P in G1, for a point other than the identity and 0 < scalar < r. Not constant time."""
    total: G1Point | None = None
    for bit in bin(scalar)[2:]:
        if total is not None:
            total = g1_add(total, total)
        if bit == "1":
            total = point if total is None else g1_add(total, point)
    if total is None:
        raise UsageError("the scalar 0 gives the identity, which has no affine coordinates")
    return total


def g1_add(p: G1Point, q: G1Point) -> G1Point:
    """Return P + Q in G1, two points whose sum is not the identity. Not constant time."""
    if p == q:
        slope = 3 * p[0] * p[0] * pow(2 * p[1], -1, FQ_MODULUS)
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, FQ_MODULUS)
    x = (slope * slope - p[0] - q[0]) % FQ_MODULUS
    return x, (slope * (p[0] - x) - p[1]) % FQ_MODULUS
