"""Proves with circuits and development keys of `build/circuits`, in a process of its own in the project's environment.

The environment of the second runtime has no prover, so that every proof of these tests comes out of here: from standard
input {name: {"circuit", "signals"}}, to standard output {"keys": {circuit: body}, "proofs": {name: proof}}, bytes in
hexadecimal. A proof is null when the circuit refuses its witness.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solders.pubkey import Pubkey

from anomi_core.attestation import Signals
from anomi_sdk.groth16_verifier import verifying_key_address

__all__ = ["Proven", "prove_all"]

ROOT = Path(__file__).resolve().parents[3]
CIRCUITS = ("solvency", "payment")


@dataclass(frozen=True)
class Proven:
    """Verifying key bodies by circuit, proofs by name; None for what the circuit refuses."""

    keys: Mapping[str, bytes]
    proofs: Mapping[str, bytes | None]

    def key_address(self, circuit: str) -> Pubkey:
        """Where groth16_verifier keeps the circuit's key."""
        return verifying_key_address(hashlib.sha256(self.keys[circuit]).digest())

    def proof(self, name: str) -> bytes:
        proof = self.proofs[name]
        assert proof is not None, f"the circuit refuses {name}"
        return proof


def prove_all(requests: Mapping[str, tuple[str, Signals]]) -> Proven:
    """Prove every request, circuit and signals by name; a missing environment or artifact fails with its sentence."""
    asked = {name: {"circuit": circuit, "signals": signals} for name, (circuit, signals) in requests.items()}
    python = ROOT / ".venv" / "bin" / "python"
    assert python.exists(), f"{python} is missing: run `make setup`"
    done = subprocess.run(
        [str(python), "-m", "tests.programs.proofs.prover"],
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    proofs = {name: None if proof is None else bytes.fromhex(proof) for name, proof in answer["proofs"].items()}
    return Proven({circuit: bytes.fromhex(body) for circuit, body in answer["keys"].items()}, proofs)


def _main() -> None:
    from anomi_cli.adapters.prover import LocalCircuit
    from anomi_core.groth16.solana import proof_to_bytes
    from anomi_prover.prove import prove
    from anomi_prover.witness import WitnessError

    circuits = {name: LocalCircuit.load(name) for name in CIRCUITS}
    proofs: dict[str, str | None] = {}
    for name, request in json.load(sys.stdin).items():
        circuit = circuits[request["circuit"]]
        try:
            wires = circuit.witness(request["signals"])
        except WitnessError:
            proofs[name] = None
            continue
        proofs[name] = proof_to_bytes(prove(circuit.artifacts.zkey, wires).proof).hex()
    keys = {name: circuit.key_body.hex() for name, circuit in circuits.items()}
    json.dump({"keys": keys, "proofs": proofs}, sys.stdout)


if __name__ == "__main__":
    _main()
