"""Writes tests/vectors/groth16/*.json: `python -m tests.vectors.generate.groth16` (`--check` compares instead).

Each vector goes the whole way: compile `circuits/<name>.circom`, witness, development key, proof, verified by snarkjs
and by py_ecc, then Solana bytes. Keys are the same on every run; proofs are randomised, so a stored proof is kept as
long as it is valid for the key and the inputs. The powers of tau are the development ones, out of the cache.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from anomi_core.errors import AnomiError
from anomi_core.field import FR_MODULUS
from anomi_core.groth16 import (
    Proof,
    parse_proof,
    parse_verifying_key,
    proof_json,
    public_inputs_json,
    solana,
)
from anomi_prover.compile import compile_circuit
from anomi_prover.prove import prove
from anomi_prover.setup import development_ptau, make_development_key
from anomi_prover.verify import verify
from anomi_prover.witness import WitnessCalculator

FOLDER = Path(__file__).resolve().parents[1] / "groth16"
COUNTS = (0, 1, 2, 4, 8, 12)


def _published(name: str) -> int:
    """A field element that everyone can derive."""
    return int.from_bytes(hashlib.sha256(f"anomi test vector {name}".encode()).digest(), "big") % FR_MODULUS


def circuit_input(count: int) -> dict[str, Any]:
    """Return the input of the circuit with `count` public signals."""
    if count == 0:
        return {"a": "5", "b": "7"}
    if count == 4:
        minus_one_root = pow(5, (FR_MODULUS - 1) // 4, FR_MODULUS)
        roots = [1, minus_one_root, 0, _published("4")]  # the last public signal is 0
        return {"root": [str(root) for root in roots], "word": [str(root * root % FR_MODULUS) for root in roots[:3]]}
    secret = word = _published(str(count))
    words = []
    for position in range(count):
        word = pow(word + position, 3, FR_MODULUS)
        words.append(str(word))
    return {"secret": str(secret), "word": words}


def vector(count: int, ptau: Path, stored: dict[str, Any] | None) -> dict[str, Any]:
    """Return the vector of `public_<count>`, with the stored proof when it is still valid."""
    source = FOLDER / "circuits" / f"public_{count}.circom"
    compiled = compile_circuit(source)
    witness = WitnessCalculator(compiled.wasm).calculate(circuit_input(count))
    bundle = make_development_key(compiled.r1cs, ptau)
    key = parse_verifying_key(bundle.vk_json.read_bytes())
    inputs = tuple(witness[1 : count + 1])
    proof = _stored_proof(stored)
    try:
        if proof is None:
            raise LookupError
        verify(key, inputs, proof, backend="py-ecc")
    except (LookupError, AnomiError):
        proof = prove(bundle.zkey, witness, backend="snarkjs", verifier="py-ecc").proof
    verify(key, inputs, proof, backend="snarkjs")
    body = solana.verifying_key_body(key)
    return {
        "circuit": f"circuits/{source.name}",
        "vk": json.loads(bundle.vk_json.read_bytes()),
        "proof": json.loads(proof_json(proof)),
        "public": json.loads(public_inputs_json(inputs)),
        "key_body_hex": body.hex(),
        "key_body_sha256_hex": hashlib.sha256(body).hexdigest(),
        "proof_hex": solana.proof_to_bytes(proof).hex(),
        "inputs_hex": solana.public_inputs_to_bytes(inputs).hex(),
    }


def _stored_proof(stored: dict[str, Any] | None) -> Proof | None:
    return None if stored is None else parse_proof(json.dumps(stored["proof"]))


def main(arguments: list[str]) -> int:
    """Write or check every vector; return the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m tests.vectors.generate.groth16 [--check]\n")
        return 2
    ptau = development_ptau()
    differing = []
    for count in COUNTS:
        path = FOLDER / f"public_{count}.json"
        stored = json.loads(path.read_text()) if path.is_file() else None
        text = json.dumps(vector(count, ptau, stored), indent=1) + "\n"
        if stored is not None and path.read_text() == text:
            continue
        differing.append(path.name)
        if not arguments:
            path.write_text(text)
    verdict = "differ" if arguments else "written"
    sys.stdout.write(f"{len(differing)} of {len(COUNTS)} vectors {verdict} {' '.join(differing)}\n")
    return 1 if arguments and differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
