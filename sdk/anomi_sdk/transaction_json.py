"""A transaction's failure as nodes write it in JSON (`TransactionError` of solana-transaction-error).

A reason is a string, or an object of one entry when something belongs to it: `"BlockhashNotFound"`,
`{"InsufficientFundsForRent": {"account_index": 2}}`, `{"InstructionError": [0, {"Custom": 6004}]}`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from solders.transaction import VersionedTransaction

from anomi_sdk.outcome import refusing_program
from anomi_sdk.program_errors import TransactionFailure

__all__ = ["failure_from_json", "failure_to_json"]

_REASON: Final = re.compile(r"[A-Z][A-Za-z]{0,63}")
_INDEX_MAX: Final = 255
_U32_MAX: Final = 2**32 - 1


def failure_to_json(failure: TransactionFailure | None) -> object:
    """Return `failure` as a node writes it, and null for none."""
    if failure is None:
        return None
    if failure.instruction_index is not None:
        return {"InstructionError": [failure.instruction_index, _instruction_error(failure)]}
    if failure.subject is None:
        return failure.reason
    index = failure.subject
    return {failure.reason: index if failure.reason == "DuplicateInstruction" else {"account_index": index}}


def failure_from_json(
    error: object, transaction: VersionedTransaction, logs: Sequence[str]
) -> TransactionFailure | None:
    """Return what a node's `err` says of `transaction`; `logs` tell which program refused.

    Raises ValueError for anything that no node writes.
    """
    if error is None:
        return None
    if isinstance(error, str):
        return TransactionFailure(_checked_reason(error))
    name, content = _only_entry(error)
    if name != "InstructionError":
        if name != "DuplicateInstruction":
            content = _only_entry(content)[1]
        return TransactionFailure(_checked_reason(name), subject=_number(content, _INDEX_MAX))
    if not isinstance(content, list) or len(content) != 2:
        raise ValueError("InstructionError")
    message = transaction.message
    index = _number(content[0], len(message.instructions) - 1)
    top_level = message.account_keys[message.instructions[index].program_id_index]
    reason, code = _instruction_reason(content[1])
    return TransactionFailure(
        reason, instruction_index=index, program_id=refusing_program(logs) or top_level, code=code
    )


def _instruction_error(failure: TransactionFailure) -> object:
    if failure.code is not None:
        return {"Custom": failure.code}
    return {"BorshIoError": "Unknown"} if failure.reason == "BorshIO" else failure.reason


def _instruction_reason(error: object) -> tuple[str, int | None]:
    if isinstance(error, str):
        return _checked_reason(error), None
    name, content = _only_entry(error)
    if name == "Custom":
        return name, _number(content, _U32_MAX)
    if name == "BorshIoError" and isinstance(content, str):
        return "BorshIO", None
    raise ValueError("InstructionError")


def _only_entry(error: object) -> tuple[str, object]:
    if not isinstance(error, dict) or len(error) != 1:
        raise ValueError("TransactionError")
    ((name, content),) = error.items()
    if not isinstance(name, str):
        raise ValueError("TransactionError")
    return name, content


def _checked_reason(name: str) -> str:
    if _REASON.fullmatch(name) is None:
        raise ValueError("TransactionError")
    return name


def _number(value: object, maximum: int) -> int:
    if type(value) is not int or not 0 <= value <= maximum:
        raise ValueError("index in a TransactionError")
    return value
