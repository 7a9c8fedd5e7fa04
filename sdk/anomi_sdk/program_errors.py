"""Refusals of transactions as exceptions: one class per program and code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError

__all__ = ["ProgramRefusedError", "TransactionFailure", "TransactionRefusedError"]


@dataclass(frozen=True)
class TransactionFailure:
    """Why a transaction failed.

    `reason` is the runtime's own name (`InsufficientFundsForFee`, `MissingRequiredSignature`, `Custom`);
    `instruction_index` counts the transaction's instructions from 0 and is None when none was reached;
    `program_id` is the innermost program that refused; `code` is its custom code when it gave one.
    `subject` is the number that some of the runtime's own reasons name: which account is short of rent
    (`InsufficientFundsForRent`) or restricted, which instruction is there twice (`DuplicateInstruction`).
    """

    reason: str
    instruction_index: int | None = None
    program_id: Pubkey | None = None
    code: int | None = None
    subject: int | None = None


class TransactionRefusedError(RefusedError):
    """A transaction that the cluster or one of its programs refused; `failure` and `logs` say more."""

    def __init__(
        self, message: str, *, failure: TransactionFailure, logs: Sequence[str] = (), hint: str | None = None
    ) -> None:
        """Keep the refusal beside its sentence."""
        super().__init__(message, hint=hint)
        self.failure = failure
        self.logs = tuple(logs)


class ProgramRefusedError(TransactionRefusedError):
    """A refusal by one of our programs: each code is a subclass of its own."""

    code: ClassVar[int]
    """The program's custom error code; codes are append-only."""
