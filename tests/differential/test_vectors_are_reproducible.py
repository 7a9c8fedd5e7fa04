"""The stored Groth16 vectors against the chain that made them: compiler, development powers of tau, development key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from anomi_core.groth16 import parse_verifying_key, solana
from anomi_prover.compile import compile_circuit
from anomi_prover.files import sha256_file
from anomi_prover.prove import prove
from anomi_prover.setup import DEVELOPMENT_PTAU, make_development_key
from anomi_prover.verify import verify
from anomi_prover.witness import WitnessCalculator
from tests.unit.prove.vectors import VECTORS, vector
from tests.vectors.generate.groth16 import circuit_input

PTAU = Path(__file__).parents[2] / "build" / "ptau" / f"dev_{DEVELOPMENT_PTAU.power}.ptau"


@pytest.mark.parametrize("count", [0, 4])
def test_the_key_comes_out_again_and_proves(count: int) -> None:
    assert PTAU.is_file(), f"{PTAU} is missing: run `make setup`"
    assert sha256_file(PTAU) == DEVELOPMENT_PTAU.sha256
    compiled = compile_circuit(VECTORS / "circuits" / f"public_{count}.circom")
    bundle = make_development_key(compiled.r1cs, PTAU)
    stored = vector(count)
    assert json.loads(bundle.vk_json.read_bytes()) == stored.document["vk"]
    key = parse_verifying_key(bundle.vk_json.read_bytes())
    assert solana.verifying_key_body(key) == stored.raw("key_body")
    made = prove(bundle.zkey, WitnessCalculator(compiled.wasm).calculate(circuit_input(count)))
    assert made.public_inputs == stored.inputs
    assert made.proof != stored.proof, "proofs are blinded with fresh randomness"
    verify(key, made.public_inputs, stored.proof)
