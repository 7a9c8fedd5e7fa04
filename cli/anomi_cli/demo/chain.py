"""The chain's side: the embedded SVM with the real program, and what one verification cost."""

from __future__ import annotations

from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_cli.demo.world import Clock
from anomi_cli.project import build_folder
from anomi_core.groth16 import Proof, VerifyingKey
from anomi_core.groth16.solana import verifying_key_body
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.programs import load_program
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.verifier_client import KeyUpload, VerifierClient

__all__ = ["Chain"]

LAMPORTS = 10_000_000_000


class Chain:
    """An embedded SVM in which the compiled groth16_verifier stands, and a payer with money."""

    def __init__(self, clock: Clock) -> None:
        """Deploy the program and fund the payer."""
        self.program = load_program(build_folder() / "programs", "groth16_verifier")
        self.svm = EmbeddedSvm(unix_time_s=clock())
        self.svm.load(self.program)
        self.payer = Keypair()
        self.svm.airdrop(self.payer.pubkey(), LAMPORTS)
        self.client = VerifierClient(self.svm, self.payer)
        self.keys: dict[str, Pubkey] = {}

    def upload(self, circuit: str, key: VerifyingKey) -> KeyUpload:
        """Store a verifying key through the staging account."""
        upload = self.client.upload_key(verifying_key_body(key))
        self.keys[circuit] = upload.verifying_key
        return upload

    def verify(self, circuit: str, proof: Proof, public_inputs: tuple[int, ...]) -> TransactionOutcome:
        """Have the program verify; raises the class of its error code."""
        return self.client.verify(self.keys[circuit], proof, public_inputs)
