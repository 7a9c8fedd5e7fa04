"""Failures in JSON: nodes' own spelling, there and back."""

from __future__ import annotations

from typing import Any

import pytest
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

from anomi_sdk.program_errors import TransactionFailure
from anomi_sdk.transaction_json import failure_from_json, failure_to_json

ME = Keypair.from_seed(bytes([1] * 32))
GIFT = transfer(TransferParams(from_pubkey=ME.pubkey(), to_pubkey=ME.pubkey(), lamports=1))
TRANSACTION = VersionedTransaction(Message([GIFT, GIFT], ME.pubkey()), [ME])
INNER = Pubkey.from_bytes(bytes([4] * 32))


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (None, None),
        ("BlockhashNotFound", TransactionFailure("BlockhashNotFound")),
        ({"DuplicateInstruction": 1}, TransactionFailure("DuplicateInstruction", subject=1)),
        (
            {"InsufficientFundsForRent": {"account_index": 255}},
            TransactionFailure("InsufficientFundsForRent", subject=255),
        ),
        (
            {"ProgramExecutionTemporarilyRestricted": {"account_index": 0}},
            TransactionFailure("ProgramExecutionTemporarilyRestricted", subject=0),
        ),
        (
            {"InstructionError": [1, "MissingRequiredSignature"]},
            TransactionFailure("MissingRequiredSignature", 1, SYSTEM),
        ),
        ({"InstructionError": [0, {"Custom": 0}]}, TransactionFailure("Custom", 0, SYSTEM, 0)),
        ({"InstructionError": [0, {"Custom": 2**32 - 1}]}, TransactionFailure("Custom", 0, SYSTEM, 2**32 - 1)),
        ({"InstructionError": [0, {"BorshIoError": "Unknown"}]}, TransactionFailure("BorshIO", 0, SYSTEM)),
    ],
)
def test_there_and_back(error: Any, failure: TransactionFailure | None) -> None:
    assert failure_from_json(error, TRANSACTION, ()) == failure
    assert failure_to_json(failure) == error


def test_the_logs_tell_the_inner_program() -> None:
    logs = [f"Program {INNER} failed: custom program error: 0x5", f"Program {SYSTEM} failed: custom program error: 0x5"]
    failure = failure_from_json({"InstructionError": [0, {"Custom": 5}]}, TRANSACTION, logs)
    assert failure == TransactionFailure("Custom", 0, INNER, 5)


@pytest.mark.parametrize(
    "error",
    [
        "",
        "two words",
        "A" * 65,
        5,
        [],
        {},
        {"A": 1, "B": 2},
        {"Custom": 1},
        {"DuplicateInstruction": 256},
        {"InsufficientFundsForRent": 1},
        {"InsufficientFundsForRent": {"account_index": True}},
        {"InstructionError": 0},
        {"InstructionError": [0]},
        {"InstructionError": [2, "GenericError"]},
        {"InstructionError": [-1, "GenericError"]},
        {"InstructionError": ["0", "GenericError"]},
        {"InstructionError": [0, None]},
        {"InstructionError": [0, "generic error"]},
        {"InstructionError": [0, {"Custom": 2**32}]},
        {"InstructionError": [0, {"Custom": -1}]},
        {"InstructionError": [0, {"Other": 1}]},
    ],
)
def test_what_no_node_writes(error: object) -> None:
    with pytest.raises(ValueError, match="Error"):
        failure_from_json(error, TRANSACTION, ())
