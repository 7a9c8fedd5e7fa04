"""Accounts and transactions as a node writes them in JSON."""

from __future__ import annotations

import base64
from typing import Any, Final

from solders.account import Account
from solders.transaction import VersionedTransaction

from anomi_sdk.base58 import b58encode
from anomi_sdk.localnet.chain import Landed
from anomi_sdk.localnet.errors import INVALID_PARAMS, INVALID_REQUEST, RpcError
from anomi_sdk.localnet.params import choice, number
from anomi_sdk.outcome import ReturnData, TransactionOutcome
from anomi_sdk.program_errors import TransactionFailure
from anomi_sdk.transaction_json import failure_to_json

__all__ = ["account", "refusal", "return_data", "simulation", "status", "transaction"]

_ACCOUNT_ENCODINGS: Final = ("binary", "base58", "base64", "jsonParsed")
_BASE58_BYTES_MAX: Final = 128


def account(found: Account | None, options: dict[str, Any]) -> dict[str, Any] | None:
    """Return an account in the encoding of `options`, with the part of its data that they ask for.

    Nodes write data that they cannot parse as base64, which here is all of it.
    """
    if found is None:
        return None
    encoding = choice(options, "encoding", _ACCOUNT_ENCODINGS, "binary")
    content = _sliced(bytes(found.data), options.get("dataSlice"))
    encoded: str | list[str]
    if encoding in ("binary", "base58"):
        if len(content) > _BASE58_BYTES_MAX:
            message = "Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding."
            raise RpcError(INVALID_REQUEST, message)
        encoded = b58encode(content) if encoding == "binary" else [b58encode(content), "base58"]
    else:
        encoded = [_base64(content), "base64"]
    return {
        "lamports": found.lamports,
        "owner": str(found.owner),
        "data": encoded,
        "executable": found.executable,
        "rentEpoch": found.rent_epoch,
        "space": len(found.data),
    }


def status(landed: Landed | None) -> dict[str, Any] | None:
    """Return the entry of getSignatureStatuses for a transaction: what went through is final at once."""
    if landed is None:
        return None
    error = failure_to_json(landed.outcome.failure)
    return {
        "slot": landed.slot,
        "confirmations": None,
        "err": error,
        "status": _result(error),
        "confirmationStatus": "finalized",
    }


def transaction(landed: Landed, encoding: str) -> dict[str, Any]:
    """Return a transaction's record as getTransaction does."""
    outcome = landed.outcome
    error = failure_to_json(outcome.failure)
    returned = {} if outcome.return_data is None else {"returnData": return_data(outcome.return_data)}
    return {
        "slot": landed.slot,
        "blockTime": landed.unix_time_s,
        "transaction": _encoded(landed.transaction, encoding),
        "meta": {
            "err": error,
            "status": _result(error),
            "fee": landed.fee_lamports,
            "preBalances": landed.lamports_before,
            "postBalances": landed.lamports_after,
            "innerInstructions": None,
            "logMessages": list(outcome.logs),
            "preTokenBalances": None,
            "postTokenBalances": None,
            "rewards": None,
            "loadedAddresses": {"writable": [], "readonly": []},
            "computeUnitsConsumed": outcome.compute_units,
            **returned,
        },
    }


def simulation(outcome: TransactionOutcome, accounts: list[dict[str, Any] | None] | None) -> dict[str, Any]:
    """Return what simulateTransaction says, and a refused sendTransaction as its data."""
    return {
        "err": failure_to_json(outcome.failure),
        "logs": list(outcome.logs),
        "accounts": accounts,
        "unitsConsumed": outcome.compute_units,
        "returnData": None if outcome.return_data is None else return_data(outcome.return_data),
        "innerInstructions": None,
    }


def return_data(returned: ReturnData) -> dict[str, Any]:
    """Return what the last program left."""
    return {"programId": str(returned.program_id), "data": [_base64(returned.data), "base64"]}


def refusal(failure: TransactionFailure) -> str:
    """Return a failure as agave words it."""
    if failure.instruction_index is None:
        return failure.reason
    what = failure.reason if failure.code is None else f"custom program error: {failure.code:#x}"
    return f"Error processing Instruction {failure.instruction_index}: {what}"


def _encoded(sent: VersionedTransaction, encoding: str) -> object:
    if encoding == "base64":
        return [_base64(bytes(sent)), "base64"]
    if encoding in ("base58", "binary"):
        text = b58encode(bytes(sent))
        return text if encoding == "binary" else [text, "base58"]
    message = sent.message
    header = message.header
    return {
        "signatures": [str(signature) for signature in sent.signatures],
        "message": {
            "header": {
                "numRequiredSignatures": header.num_required_signatures,
                "numReadonlySignedAccounts": header.num_readonly_signed_accounts,
                "numReadonlyUnsignedAccounts": header.num_readonly_unsigned_accounts,
            },
            "accountKeys": [str(address) for address in message.account_keys],
            "recentBlockhash": str(message.recent_blockhash),
            "instructions": [
                {
                    "programIdIndex": instruction.program_id_index,
                    "accounts": list(instruction.accounts),
                    "data": b58encode(bytes(instruction.data)),
                    "stackHeight": None,
                }
                for instruction in message.instructions
            ],
        },
    }


def _result(error: object) -> dict[str, Any]:
    return {"Ok": None} if error is None else {"Err": error}


def _sliced(content: bytes, part: object) -> bytes:
    if part is None:
        return content
    if not isinstance(part, dict):
        raise RpcError(INVALID_PARAMS, "dataSlice has an offset and a length")
    offset, length = (number(part.get(name), name) for name in ("offset", "length"))
    return content[offset : offset + length]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
