"""Statements (public) and witnesses (private) of the two circuits, their hashes and their circuit inputs."""

from anomi_core.attestation import Attestation, AttestationShapeError, Signals
from anomi_core.messages import balance_message, receipt_message
from anomi_core.statements.payment import PaymentStatement, PaymentWitness, payment_circuit_input
from anomi_core.statements.solvency import SolvencyStatement, SolvencyWitness, solvency_circuit_input
from anomi_core.statements.width import ValueOutOfRangeError

__all__ = [
    "Attestation",
    "AttestationShapeError",
    "PaymentStatement",
    "PaymentWitness",
    "Signals",
    "SolvencyStatement",
    "SolvencyWitness",
    "ValueOutOfRangeError",
    "balance_message",
    "payment_circuit_input",
    "receipt_message",
    "solvency_circuit_input",
]
