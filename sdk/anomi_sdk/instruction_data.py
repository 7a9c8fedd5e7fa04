"""Instructions from the generated tables: discriminator, packed Borsh arguments, accounts in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from anomi_core.errors import InternalError, UsageError
from anomi_sdk.generated import InstructionSpec

__all__ = ["encode_instruction"]

_INTEGER_BYTES: Final = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}
_LENGTH_BYTES: Final = 4


def encode_instruction(
    spec: InstructionSpec,
    program_id: Pubkey,
    accounts: Mapping[str, Pubkey],
    arguments: Mapping[str, int | bytes | Sequence[bytes]],
) -> Instruction:
    """Return the instruction of `spec` with these named accounts and arguments.

    Accounts whose address is always the same are filled in. Raises UsageError when an argument does not fit its type.
    """
    data = spec.discriminator + b"".join(
        _encode(argument.type, f"{spec.name}: {argument.name}", arguments[argument.name]) for argument in spec.arguments
    )
    metas = [
        AccountMeta(
            Pubkey.from_string(account.address) if account.address is not None else accounts[account.name],
            is_signer=account.signer,
            is_writable=account.writable,
        )
        for account in spec.accounts
    ]
    return Instruction(program_id, data, metas)


def _encode(type_name: str, where: str, value: int | bytes | Sequence[bytes]) -> bytes:
    if type_name in _INTEGER_BYTES and isinstance(value, int):
        return _integer(value, _INTEGER_BYTES[type_name], where)
    if type_name.startswith("[u8; ") and isinstance(value, bytes):
        return _array(type_name, value, where)
    if type_name == "bytes" and isinstance(value, bytes):
        return _integer(len(value), _LENGTH_BYTES, where) + value
    if type_name.startswith("vec<") and isinstance(value, Sequence) and not isinstance(value, bytes):
        item = type_name.removeprefix("vec<").removesuffix(">")
        items = [_array(item, entry, f"{where}[{index}]") for index, entry in enumerate(value)]
        return _integer(len(items), _LENGTH_BYTES, where) + b"".join(items)
    raise InternalError(f"{where} is a {type_name} and cannot be encoded from a {type(value).__name__}")


def _integer(value: int, size: int, where: str) -> bytes:
    if not 0 <= value < 1 << 8 * size:
        raise UsageError(f"{where} is an unsigned integer of {8 * size} bits, {value} does not fit")
    return value.to_bytes(size, "little")


def _array(type_name: str, value: bytes, where: str) -> bytes:
    size = int(type_name.removeprefix("[u8; ").removesuffix("]"))
    if len(value) != size:
        raise UsageError(f"{where} is {size} bytes, {len(value)} came")
    return value
