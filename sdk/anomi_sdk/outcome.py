"""What became of a transaction: its logs, its cost, and why it was refused."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from anomi_sdk.program_errors import TransactionFailure
from anomi_sdk.refusals import error_for

__all__ = ["ReturnData", "TransactionOutcome", "logged_data", "program_data", "refusing_program"]


@dataclass(frozen=True)
class ReturnData:
    """The bytes that the last program to call `sol_set_return_data` left, and who it was."""

    program_id: Pubkey
    data: bytes


@dataclass(frozen=True)
class TransactionOutcome:
    """One transaction as the cluster saw it: sent, or only simulated.

    `compute_units` counts the whole transaction; `size_bytes` is its serialized size.
    `failure` is None when it went through.
    """

    signature: str
    logs: tuple[str, ...]
    compute_units: int
    size_bytes: int
    return_data: ReturnData | None
    failure: TransactionFailure | None

    @classmethod
    def never_ran(cls, transaction: VersionedTransaction, reason: str) -> TransactionOutcome:
        """Return the outcome of a transaction that no program saw, for a reason by the runtime's name."""
        return cls(
            signature=str(transaction.signatures[0]),
            logs=(),
            compute_units=0,
            size_bytes=len(bytes(transaction)),
            return_data=None,
            failure=TransactionFailure(reason),
        )

    def require_success(self) -> TransactionOutcome:
        """Return self, or raise the error class of the refusing program's code (TransactionRefusedError's tree)."""
        if self.failure is not None:
            raise error_for(self.failure, self.logs)
        return self


def refusing_program(logs: Sequence[str]) -> Pubkey | None:
    """Return the innermost program that failed, read from the runtime's own log lines.

    A custom code means nothing without its program: by CPI the refusing program is not the one of the
    transaction's instruction. Only lines that the runtime writes count; what a program logs itself is prefixed
    `Program log: `.
    """
    for line in logs:
        words = line.split(" ")
        if _is_runtime_line(words) and words[2] == "failed:" and (program_id := _pubkey(words[1])) is not None:
            return program_id
    return None


def program_data(logs: Sequence[str], program_id: Pubkey) -> list[tuple[bytes, ...]]:
    """Return what `program_id` itself passed to `sol_log_data`: per call, in order, its slices."""
    return [slices for caller, slices in logged_data(logs) if caller == program_id]


def logged_data(logs: Sequence[str]) -> list[tuple[Pubkey, tuple[bytes, ...]]]:
    """Return what programs passed to `sol_log_data`: per call, in order, who called and the slices.

    The runtime logs such data as `Program data: <base64> …` without naming the caller, so the call stack is
    followed through its `invoke`, `success` and `failed` lines; data outside any call and lines that are not base64
    are left out.
    """
    found: list[tuple[Pubkey, tuple[bytes, ...]]] = []
    stack: list[Pubkey | None] = []
    for line in logs:
        words = line.split(" ")
        if words[:2] == ["Program", "data:"]:
            if stack and (caller := stack[-1]) is not None:
                found.extend((caller, slices) for slices in _decoded(words[2:]))
        elif not _is_runtime_line(words):
            continue
        elif words[2] == "invoke":
            stack.append(_pubkey(words[1]))
        elif words[2] in ("success", "failed:") and stack:
            stack.pop()
    return found


def _is_runtime_line(words: Sequence[str]) -> bool:
    """Tell `Program <id> <verb> …` from `Program log: …`, whose text is the program's to choose."""
    return len(words) >= 3 and words[0] == "Program" and not words[1].endswith(":")


def _pubkey(text: str) -> Pubkey | None:
    try:
        return Pubkey.from_string(text)
    except ValueError:
        return None


def _decoded(words: Sequence[str]) -> list[tuple[bytes, ...]]:
    try:
        return [tuple(base64.b64decode(word, validate=True) for word in words)]
    except (binascii.Error, ValueError):
        return []
