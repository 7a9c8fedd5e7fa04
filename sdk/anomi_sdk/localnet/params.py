"""Reading a request's parameters; everything that is wrong with them is an `RpcError` with INVALID_PARAMS."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from solders.hash import Hash
from solders.message import Message, MessageV0, from_bytes_versioned
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import SanitizeError, VersionedTransaction

from anomi_sdk.base58 import b58decode
from anomi_sdk.localnet.errors import INVALID_PARAMS, MIN_CONTEXT_SLOT_NOT_REACHED, RpcError
from anomi_sdk.rpc import ACCOUNTS_MAX, DataMatch
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX

__all__ = ["Params", "address", "addresses", "choice", "filters", "flag", "number"]

_COMMITMENTS: Final = ("processed", "confirmed", "finalized")
_U64_MAX: Final = 2**64 - 1
_MATCH_BYTES_MAX: Final = 128


class Params:
    """The list of parameters of one request, the last of which may be an object of options."""

    def __init__(self, values: object, slot: int) -> None:
        """Keep the parameters of a question that is answered at `slot`."""
        if values is None:
            values = []
        if not isinstance(values, list):
            raise _invalid("the parameters are a list")
        self._values = values
        self._slot = slot

    def options(self, index: int, *, string: str | None = None) -> dict[str, Any]:
        """Return the options at `index`, checked for what every method takes: commitment and minContextSlot.

        A `string` there is taken for the option of that name.
        """
        options = self._at(index)
        if options is None:
            return {}
        if string is not None and isinstance(options, str):
            options = {string: options}
        if not isinstance(options, dict):
            raise _invalid(f"parameter {index} is an object of options")
        if options.get("commitment") not in (None, *_COMMITMENTS):
            raise _invalid(f"the commitment is one of {', '.join(_COMMITMENTS)}")
        if number(options.get("minContextSlot", 0) or 0, "minContextSlot") > self._slot:
            raise RpcError(
                MIN_CONTEXT_SLOT_NOT_REACHED, "Minimum context slot has not been reached", {"contextSlot": self._slot}
            )
        return options

    def number(self, index: int, name: str) -> int:
        """Return the unsigned 64-bit number at `index`."""
        return number(self._at(index), name)

    def address(self, index: int) -> Pubkey:
        """Return the address at `index`."""
        return address(self._at(index))

    def addresses(self, index: int) -> list[Pubkey]:
        """Return the list of addresses at `index`."""
        return addresses(self._at(index))

    def signature(self, index: int) -> str:
        """Return the signature at `index`, in base58."""
        return _signature(self._at(index))

    def signatures(self, index: int, count_max: int) -> list[str]:
        """Return the list of signatures at `index`."""
        values = self._at(index)
        if not isinstance(values, list) or len(values) > count_max:
            raise _invalid(f"parameter {index} is a list of at most {count_max} signatures")
        return [_signature(value) for value in values]

    def blockhash(self, index: int) -> Hash:
        """Return the blockhash at `index`."""
        return Hash.from_bytes(bytes(address(self._at(index))))

    def message(self, index: int) -> Message | MessageV0:
        """Return the message at `index`, in base64."""
        data = _bytes(self._at(index), "base64", TRANSACTION_BYTES_MAX, "message")
        try:
            message: Message | MessageV0 = from_bytes_versioned(data)
            unsigned = [Signature.default()] * message.header.num_required_signatures
            VersionedTransaction.populate(message, unsigned).sanitize()
        except (ValueError, SanitizeError):
            raise _invalid("failed to deserialize the message") from None
        return message

    def transaction(self, index: int, encoding: str) -> VersionedTransaction:
        """Return the transaction at `index`, whose indices point to what is there."""
        data = _bytes(self._at(index), encoding, TRANSACTION_BYTES_MAX, "transaction")
        try:
            transaction = VersionedTransaction.from_bytes(data)
            whole = bytes(transaction) == data
            transaction.sanitize()
        except (ValueError, SanitizeError):
            whole = False
        if not whole:
            raise _invalid("failed to deserialize the transaction")
        if getattr(transaction.message, "address_table_lookups", None):
            raise _invalid("this node has no address lookup tables")
        return transaction

    def _at(self, index: int) -> Any:
        return self._values[index] if index < len(self._values) else None


def number(value: object, name: str, maximum: int = _U64_MAX) -> int:
    """Return an integer in 0..maximum."""
    if type(value) is not int or not 0 <= value <= maximum:
        raise _invalid(f"{name} is an integer in 0..{maximum}")
    return value


def flag(options: dict[str, Any], name: str) -> bool:
    """Return the option `name`, which is off unless it says otherwise."""
    value = options.get(name)
    if value not in (None, True, False) or isinstance(value, int) is not isinstance(value, bool):
        raise _invalid(f"{name} is true or false")
    return bool(value)


def choice(options: dict[str, Any], name: str, known: tuple[str, ...], default: str) -> str:
    """Return the option `name`, one of `known`."""
    value = options.get(name)
    if value is None:
        return default
    if value not in known:
        raise _invalid(f"{name} is one of {', '.join(known)}")
    return str(value)


def address(value: object) -> Pubkey:
    """Return 32 bytes of base58 as an address."""
    if not isinstance(value, str) or len(value) > 44:
        raise _invalid("Invalid param: Invalid")
    try:
        return Pubkey.from_string(value)
    except ValueError:
        raise _invalid("Invalid param: Invalid") from None


def addresses(value: object) -> list[Pubkey]:
    """Return a list of addresses."""
    if not isinstance(value, list) or len(value) > ACCOUNTS_MAX:
        raise _invalid(f"Too many inputs provided; max {ACCOUNTS_MAX}")
    return [address(entry) for entry in value]


def filters(value: object) -> tuple[int | None, list[DataMatch]]:
    """Return the data size and the comparisons that a getProgramAccounts asks for."""
    data_bytes: int | None = None
    matches = []
    if not isinstance(value, list):
        raise _invalid("filters is a list")
    for entry in value:
        if not isinstance(entry, dict) or len(entry) != 1:
            raise _invalid("a filter is an object of one entry")
        ((kind, content),) = entry.items()
        if kind == "dataSize":
            data_bytes = number(content, "dataSize")
        elif kind == "memcmp" and isinstance(content, dict):
            encoding = choice(content, "encoding", ("base58", "base64"), "base58")
            expected = _bytes(content.get("bytes"), encoding, _MATCH_BYTES_MAX, "memcmp")
            matches.append(DataMatch(number(content.get("offset"), "offset"), expected))
        else:
            raise _invalid("filters are dataSize and memcmp")
    return data_bytes, matches


def _signature(value: object) -> str:
    if not isinstance(value, str) or len(value) > 88:
        raise _invalid("Invalid param: Invalid")
    try:
        return str(Signature.from_string(value))
    except ValueError:
        raise _invalid("Invalid param: Invalid") from None


def _bytes(value: object, encoding: str, bytes_max: int, name: str) -> bytes:
    if not isinstance(value, str):
        raise _invalid(f"the {name} is a string")
    try:
        if encoding == "base58":
            return b58decode(value, bytes_max=bytes_max)
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise _invalid(f"the {name} is not {encoding} of at most {bytes_max} bytes") from None
    if len(data) > bytes_max:
        raise _invalid(f"the {name} is too large: {len(data)} bytes (max: {bytes_max} bytes)")
    return data


def _invalid(message: str) -> RpcError:
    return RpcError(INVALID_PARAMS, message)
