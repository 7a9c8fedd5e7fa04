"""The prover of this machine behind the seam `anomi_sdk.trade.seams.Prover`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from anomi_cli.project import CircuitArtifacts, circuit_artifacts
from anomi_core.errors import UsageError
from anomi_core.groth16 import VerifyingKey
from anomi_core.groth16.solana import proof_to_bytes, verifying_key_body, verifying_key_body_hash
from anomi_core.statements import (
    PaymentStatement,
    PaymentWitness,
    SolvencyStatement,
    SolvencyWitness,
    payment_circuit_input,
    solvency_circuit_input,
)
from anomi_prover.keys import read_zkey_verifying_key
from anomi_prover.progress import NoProgress, Progress
from anomi_prover.prove import prove
from anomi_prover.witness import WitnessCalculator
from anomi_sdk.trade.seams import MadeProof

__all__ = ["CIRCUITS", "LocalCircuit", "LocalProver", "ProofTimes"]

CIRCUITS = ("solvency", "payment")


@dataclass(frozen=True)
class ProofTimes:
    """What one proof took. `prove_seconds` includes the prover's own check of the proof."""

    circuit: str
    backend: str
    witness_seconds: float
    prove_seconds: float


@dataclass(frozen=True)
class LocalCircuit:
    """One circuit, loaded: where its files are, its witness generator, and the verifying key of its proving key."""

    artifacts: CircuitArtifacts
    calculator: WitnessCalculator
    verifying_key: VerifyingKey
    key_body: bytes

    @classmethod
    def load(cls, name: str) -> LocalCircuit:
        """Load what set-up made. Raises ArtifactMissingError, and what reading the files raises."""
        artifacts = circuit_artifacts(name)
        key = read_zkey_verifying_key(artifacts.zkey)
        return cls(artifacts, WitnessCalculator(artifacts.wasm), key, verifying_key_body(key))

    def witness(self, signals: Mapping[str, object]) -> list[int]:
        """Run the witness generator; raises WitnessError when the circuit refuses the input."""
        return self.calculator.calculate(signals)


class LocalProver:
    """Proves with the artifacts in `build/circuits`; each proof is verified before it is returned.

    `on_proof` is told the times of every proof, `progress` when one is being made.
    """

    def __init__(
        self, *, on_proof: Callable[[ProofTimes], None] = lambda _: None, progress: Progress | None = None
    ) -> None:
        """Load both circuits, once. Raises what `LocalCircuit.load` raises."""
        self.circuits = {name: LocalCircuit.load(name) for name in CIRCUITS}
        self._on_proof = on_proof
        self._progress = progress or NoProgress()

    def verifying_key_hash(self, circuit: str) -> bytes:
        """Return the SHA-256 of a circuit's key body. Raises UsageError for what is no circuit of a trade."""
        if circuit not in self.circuits:
            raise UsageError(f"a trade proves {' and '.join(CIRCUITS)}, not {circuit!r}")
        return verifying_key_body_hash(self.circuits[circuit].key_body)

    def prove_solvency(self, statement: SolvencyStatement, witness: SolvencyWitness) -> MadeProof:
        """Return a verified proof; raises what `WitnessCalculator.calculate` and `prove` raise."""
        return self._prove("solvency", solvency_circuit_input(statement, witness))

    def prove_payment(self, statement: PaymentStatement, witness: PaymentWitness) -> MadeProof:
        """Return a verified proof; raises what `WitnessCalculator.calculate` and `prove` raise."""
        return self._prove("payment", payment_circuit_input(statement, witness))

    def _prove(self, name: str, signals: Mapping[str, object]) -> MadeProof:
        circuit = self.circuits[name]
        began = time.perf_counter()
        wires = circuit.witness(signals)
        computed = time.perf_counter()
        bundle = prove(circuit.artifacts.zkey, wires, progress=self._progress)
        proved = time.perf_counter()
        self._on_proof(ProofTimes(name, bundle.backend, computed - began, proved - computed))
        (public_input,) = bundle.public_inputs
        return MadeProof(proof_to_bytes(bundle.proof), public_input)
