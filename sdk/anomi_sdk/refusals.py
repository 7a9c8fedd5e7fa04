"""Turns a failed transaction into the exception class of its program and code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from solders.pubkey import Pubkey

from anomi_sdk.generated import PROGRAMS
from anomi_sdk.program_errors import TransactionFailure, TransactionRefusedError
from anomi_sdk.program_spec import ProgramSpec

__all__ = ["error_for"]

_PROGRAMS: Final[dict[Pubkey, ProgramSpec]] = {program.program_id: program for program in PROGRAMS}


def error_for(failure: TransactionFailure, logs: Sequence[str] = ()) -> TransactionRefusedError:
    """Return the exception that `failure` stands for.

    A custom code of one of our programs gives that code's class. Everything else, such as a runtime's refusal, another
    program's code, or a code newer than this SDK, gives a plain TransactionRefusedError.
    """
    if failure.program_id in _PROGRAMS and failure.code is not None:
        program = _PROGRAMS[failure.program_id]
        if failure.code in program.errors:
            sentence = f"{program.errors[failure.code].message} ({program.name}, code {failure.code})"
            return program.error_classes[failure.code](sentence, failure=failure, logs=logs)
    return TransactionRefusedError(_sentence(failure), failure=failure, logs=logs, hint=_HINTS.get(failure.reason))


_HINTS: Final = {
    "BlockhashNotFound": "build and sign the transaction again with a fresh blockhash",
    "AlreadyProcessed": "this very transaction went through before; look at its outcome instead of sending it again",
    "InvalidProgramForExecution": "is the program deployed on this cluster, at this address?",
    "ProgramAccountNotFound": "is the program deployed on this cluster, at this address?",
    "AccountNotFound": "does the payer's account exist and hold lamports on this cluster?",
    "InsufficientFundsForFee": "give the payer more lamports",
}


def _sentence(failure: TransactionFailure) -> str:
    if failure.instruction_index is None:
        return f"the cluster refused the transaction: {failure.reason}"
    what = failure.reason if failure.code is None else f"the custom code {failure.code}"
    return f"program {failure.program_id} refused instruction {failure.instruction_index} with {what}"
