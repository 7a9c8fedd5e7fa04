"""A prover that keeps what it has proven, for the attempts that bend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from anomi_cli.adapters.prover import LocalProver, ProofTimes
from anomi_core.statements import PaymentStatement, PaymentWitness, SolvencyStatement, SolvencyWitness
from anomi_prover.progress import Progress
from anomi_sdk.trade.seams import MadeProof

__all__ = ["KeepingProver", "Kept"]

S = TypeVar("S", SolvencyStatement, PaymentStatement)
W = TypeVar("W", SolvencyWitness, PaymentWitness)


@dataclass(frozen=True)
class Kept(Generic[S, W]):
    """One proof with what it proves and what only its prover knows; its repr shows nothing private."""

    statement: S
    witness: W
    made: MadeProof


class KeepingProver(LocalProver):
    """A LocalProver; `solvency` and `payment` hold its proofs, the oldest first."""

    def __init__(self, *, on_proof: Callable[[ProofTimes], None], progress: Progress) -> None:
        """Load both circuits; see LocalProver."""
        super().__init__(on_proof=on_proof, progress=progress)
        self.solvency: list[Kept[SolvencyStatement, SolvencyWitness]] = []
        self.payment: list[Kept[PaymentStatement, PaymentWitness]] = []

    def prove_solvency(self, statement: SolvencyStatement, witness: SolvencyWitness) -> MadeProof:
        """Prove, and keep."""
        made = super().prove_solvency(statement, witness)
        self.solvency.append(Kept(statement, witness, made))
        return made

    def prove_payment(self, statement: PaymentStatement, witness: PaymentWitness) -> MadeProof:
        """Prove, and keep."""
        made = super().prove_payment(statement, witness)
        self.payment.append(Kept(statement, witness, made))
        return made
