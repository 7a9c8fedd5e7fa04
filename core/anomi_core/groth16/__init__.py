"""Groth16 over BN254: types, strict snarkjs JSON, Solana bytes, Rust constants. No pairing: see
anomi_prover.verify.
"""

from __future__ import annotations

from anomi_core.groth16.checks import check_proof, check_public_inputs, check_verifying_key
from anomi_core.groth16.rust import vk_rust_source
from anomi_core.groth16.snarkjs_json import (
    parse_proof,
    parse_public_inputs,
    parse_verifying_key,
    proof_json,
    public_inputs_json,
    verifying_key_json,
)
from anomi_core.groth16.types import G1Point, G2Point, Proof, VerifyingKey

__all__ = [
    "G1Point",
    "G2Point",
    "Proof",
    "VerifyingKey",
    "check_proof",
    "check_public_inputs",
    "check_verifying_key",
    "parse_proof",
    "parse_public_inputs",
    "parse_verifying_key",
    "proof_json",
    "public_inputs_json",
    "verifying_key_json",
    "vk_rust_source",
]
