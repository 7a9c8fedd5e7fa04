"""Reading a node's answers: every field has its type and range, or `Malformed` names the field that has not."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Final

from solders.account import Account
from solders.hash import Hash
from solders.pubkey import Pubkey
from solders.transaction import SanitizeError, VersionedTransaction

from anomi_sdk.outcome import ReturnData, TransactionOutcome
from anomi_sdk.transaction_json import failure_from_json

__all__ = [
    "U64_MAX",
    "Malformed",
    "Status",
    "account",
    "boolean",
    "data",
    "entry",
    "hash_",
    "items",
    "key",
    "keyed_accounts",
    "number",
    "outcome",
    "recorded_outcome",
    "status",
    "text",
]

U64_MAX: Final = 2**64 - 1
_KEY_CHARACTERS_MAX: Final = 44
_LEVELS: Final = ("processed", "confirmed", "finalized")


class Malformed(ValueError):  # noqa: N818 -- its message is a field's name, never shown by itself
    """An answer whose field, named by the message, is missing, of another type, or out of range."""


@dataclass(frozen=True)
class Status:
    """Where a transaction stands: `level` counts processed, confirmed, finalized from 0."""

    level: int
    failed: bool


def entry(value: object, name: str) -> Any:
    """Return the entry `name` of an object."""
    if not isinstance(value, dict) or name not in value:
        raise Malformed(name)
    return value[name]


def items(value: object, name: str, *, count: int | None = None) -> list[Any]:
    """Return a list, of `count` entries when that is given."""
    if not isinstance(value, list) or (count is not None and len(value) != count):
        raise Malformed(name)
    return value


def number(value: object, name: str, maximum: int = U64_MAX) -> int:
    """Return an integer in 0..maximum."""
    if type(value) is not int or not 0 <= value <= maximum:
        raise Malformed(name)
    return value


def boolean(value: object, name: str) -> bool:
    """Return a boolean."""
    if not isinstance(value, bool):
        raise Malformed(name)
    return value


def text(value: object, name: str) -> str:
    """Return a string that can be written down: JSON's escapes may spell half characters."""
    if not isinstance(value, str):
        raise Malformed(name)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Malformed(name) from None
    return value


def key(value: object, name: str) -> Pubkey:
    """Return 32 bytes of base58 as an address."""
    if not isinstance(value, str) or len(value) > _KEY_CHARACTERS_MAX:
        raise Malformed(name)
    try:
        return Pubkey.from_string(value)
    except ValueError:
        raise Malformed(name) from None


def hash_(value: object, name: str) -> Hash:
    """Return 32 bytes of base58 as a hash."""
    return Hash.from_bytes(bytes(key(value, name)))


def data(value: object, name: str) -> bytes:
    """Return the bytes of `[<base64>, "base64"]`."""
    encoded, encoding = items(value, name, count=2)
    if encoding != "base64" or not isinstance(encoded, str):
        raise Malformed(name)
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(name) from None


def account(value: object) -> Account | None:
    """Return an account; None for null, and for one without lamports, which does not exist."""
    if value is None:
        return None
    lamports = number(entry(value, "lamports"), "lamports")
    if lamports == 0:
        return None
    # Of no use to anybody since rent is no longer collected, and above 2⁶⁴ - 1 from nodes behind JavaScript.
    rent_epoch = min(number(entry(value, "rentEpoch"), "rentEpoch", 2**65), U64_MAX)
    return Account(
        lamports,
        data(entry(value, "data"), "data"),
        key(entry(value, "owner"), "owner"),
        boolean(entry(value, "executable"), "executable"),
        rent_epoch,
    )


def status(value: object) -> Status | None:
    """Return the one status of a getSignatureStatuses `value`."""
    (found,) = items(value, "value", count=1)
    if found is None:
        return None
    level = found.get("confirmationStatus") if isinstance(found, dict) else None
    if level is None:  # from before confirmationStatus: null confirmations mean finalized
        level = "finalized" if entry(found, "confirmations") is None else "processed"
    if level not in _LEVELS:
        raise Malformed("confirmationStatus")
    return Status(_LEVELS.index(level), entry(found, "err") is not None)


def outcome(value: object, transaction: VersionedTransaction, *, logs: str, units: str) -> TransactionOutcome:
    """Return what `value` says of `transaction`; `logs` and `units` are the names of those entries in it."""
    if not isinstance(value, dict):
        raise Malformed("value")
    lines = tuple(text(line, logs) for line in items(value.get(logs) or [], logs))
    returned = value.get("returnData")
    try:
        failure = failure_from_json(entry(value, "err"), transaction, lines)
    except ValueError:
        raise Malformed("err") from None
    return TransactionOutcome(
        signature=str(transaction.signatures[0]),
        logs=lines,
        compute_units=number(value.get(units) or 0, units),
        size_bytes=len(bytes(transaction)),
        return_data=None if returned is None else _return_data(returned),
        failure=failure,
    )


def recorded_outcome(value: object, signature: str) -> TransactionOutcome:
    """Return the outcome in a getTransaction result, which must be of the transaction that `signature` signed."""
    encoded = data(entry(value, "transaction"), "transaction")
    try:
        transaction = VersionedTransaction.from_bytes(encoded)
        transaction.sanitize()
    except (ValueError, SanitizeError):
        raise Malformed("transaction") from None
    if str(transaction.signatures[0]) != signature or not all(transaction.verify_with_results()):
        raise Malformed("transaction")
    return outcome(entry(value, "meta"), transaction, logs="logMessages", units="computeUnitsConsumed")


def keyed_accounts(value: object) -> list[tuple[Pubkey, Account]]:
    """Return the accounts of a getProgramAccounts `value`, each address once, in the order of the addresses."""
    found: dict[Pubkey, Account] = {}
    for listed in items(value, "value"):
        address = key(entry(listed, "pubkey"), "pubkey")
        content = account(entry(listed, "account"))
        if address in found:
            raise Malformed("pubkey")
        if content is not None:
            found[address] = content
    return sorted(found.items(), key=lambda item: bytes(item[0]))


def _return_data(value: object) -> ReturnData | None:
    content = data(entry(value, "data"), "returnData")
    return ReturnData(key(entry(value, "programId"), "programId"), content) if content else None
