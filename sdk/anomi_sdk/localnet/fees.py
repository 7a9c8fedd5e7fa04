"""What a transaction costs its payer, refused or not."""

from __future__ import annotations

from typing import Final

from solders.message import Message, MessageV0
from solders.pubkey import Pubkey
from solders.transaction_metadata import TransactionMetadata

__all__ = ["fee_lamports"]

_LAMPORTS_PER_SIGNATURE: Final = 5_000
_COMPUTE_BUDGET: Final = Pubkey.from_string("ComputeBudget111111111111111111111111111111")
_SET_LIMIT: Final = 2
_SET_PRICE: Final = 3
_LIMIT_MAX: Final = 1_400_000
_DEFAULT_LIMIT: Final = 200_000
_BUILTIN_LIMIT: Final = 3_000
_MICRO: Final = 1_000_000
_BUILTINS: Final = frozenset(
    map(
        Pubkey.from_string,
        [
            "11111111111111111111111111111111",
            "ComputeBudget111111111111111111111111111111",
            "BPFLoader1111111111111111111111111111111111",
            "BPFLoader2111111111111111111111111111111111",
            "BPFLoaderUpgradeab1e11111111111111111111111",
            "LoaderV411111111111111111111111111111111111",
            "Vote111111111111111111111111111111111111111",
        ],
    )
)


_PRICED: Final = hasattr(TransactionMetadata, "fee")
"""The runtime of solders 0.26 takes nothing for compute units, whatever price they are given."""


def fee_lamports(message: Message | MessageV0) -> int:
    """Return 5,000 lamports a signature, and the price of the compute units that are asked for, rounded up."""
    base = _LAMPORTS_PER_SIGNATURE * message.header.num_required_signatures
    return base + _price_lamports(message) if _PRICED else base


def _price_lamports(message: Message | MessageV0) -> int:
    limit: int | None = None
    price = default = 0
    for instruction in message.instructions:
        program = message.account_keys[instruction.program_id_index]
        data = bytes(instruction.data)
        default += _BUILTIN_LIMIT if program in _BUILTINS else _DEFAULT_LIMIT
        if program == _COMPUTE_BUDGET and data[:1] == bytes([_SET_LIMIT]):
            limit = int.from_bytes(data[1:5], "little")
        elif program == _COMPUTE_BUDGET and data[:1] == bytes([_SET_PRICE]):
            price = int.from_bytes(data[1:9], "little")
    units = min(default if limit is None else limit, _LIMIT_MAX)
    return -(-price * units // _MICRO)
