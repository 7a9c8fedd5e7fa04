"""The second verifier: Groth16's equation through py_ecc's `optimized_bn128`, about 0.6 s for one public input.

The equation is e(−A, B)·e(α, β)·e(IC(x), γ)·e(C, δ) = 1 with IC(x) = IC[0] + Σ xᵢ·IC[i]. The four Miller loops are
multiplied first, so that the final exponentiation, which costs most, is done once.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

from anomi_core.groth16 import Proof, VerifyingKey
from anomi_core.groth16.curve import BN_X, G1_IDENTITY, G2_IDENTITY, g1_negate
from anomi_core.groth16.snarkjs_json import AlphaBeta12
from anomi_core.groth16.types import G1Point, G2Point

__all__ = ["NAME", "alpha_beta_12", "library", "pairing_equation_holds"]

NAME = "py-ecc"

_SNARKJS_EXPONENT = 2 * BN_X * (6 * BN_X * BN_X + 3 * BN_X + 1)


def pairing_equation_holds(key: VerifyingKey, public_inputs: Sequence[int], proof: Proof) -> bool:
    """Whether the bare pairing equation holds.

    The arguments are taken as they are; `anomi_prover.verify` is what checks them first.
    """
    bn = library()
    total = _g1(key.ic[0])
    for value, point in zip(public_inputs, key.ic[1:], strict=True):
        total = bn.add(total, bn.multiply(_g1(point), value))
    product = bn.FQ12.one()
    for g1, g2 in (
        (_g1(g1_negate(proof.a)), proof.b),
        (_g1(key.alpha), key.beta),
        (total, key.gamma),
        (_g1(proof.c), key.delta),
    ):
        product *= bn.pairing(_g2(g2), g1, final_exponentiate=False)
    return bool(bn.final_exponentiate(product) == bn.FQ12.one())


def alpha_beta_12(key: VerifyingKey) -> AlphaBeta12:
    """Return e(α, β) as snarkjs writes it in `vk_alphabeta_12`: its pairing, in the tower Fq → Fq2 → Fq6 → Fq12.

    Its final exponentiation raises to a multiple of (q¹² − 1)/r that is cheaper to compute (Fuentes-Castañeda, Knapp
    and Rodríguez-Henríquez, SAC 2011), so its value is the plain pairing's to the power 2x(6x² + 3x + 1). py_ecc keeps
    Fq12 = Fq[w]/(w¹² − 18w⁶ + 82), where w⁶ = ξ = 9 + u. With w² = v, Fq6 = Fq2[v] and Fq12 = Fq6[w], the coefficient
    of wⁱ + w^(i+6) is c₀ + c₁·u for py_ecc's pair (c₀ − 9c₁, c₁).
    """
    bn = library()
    flat = [int(c) for c in (bn.pairing(_g2(key.beta), _g1(key.alpha)) ** _SNARKJS_EXPONENT).coeffs]
    modulus = int(bn.field_modulus)
    fq2 = [((flat[i] + 9 * flat[i + 6]) % modulus, flat[i + 6] % modulus) for i in range(6)]
    return (fq2[0], fq2[2], fq2[4]), (fq2[1], fq2[3], fq2[5])


@cache
def library() -> Any:
    """Import py_ecc, which takes a quarter of a second, so not before the first pairing.

    py_ecc raises Python's recursion limit to 100,000, and with it a deeply nested JSON file crashes the process instead
    of raising RecursionError. Nothing used here recurses deeply, so the limit is put back.
    """
    limit = sys.getrecursionlimit()
    library = importlib.import_module("py_ecc.optimized_bn128")
    sys.setrecursionlimit(limit)
    return library


def _g1(point: G1Point) -> Any:
    bn = library()
    return bn.Z1 if point == G1_IDENTITY else (bn.FQ(point[0]), bn.FQ(point[1]), bn.FQ.one())


def _g2(point: G2Point) -> Any:
    bn = library()
    return bn.Z2 if point == G2_IDENTITY else (bn.FQ2(point[0]), bn.FQ2(point[1]), bn.FQ2.one())
