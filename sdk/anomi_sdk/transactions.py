"""Legacy transactions: built, signed, and never larger than a packet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from solders.hash import Hash
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from anomi_core.errors import RefusedError

__all__ = [
    "TRANSACTION_BYTES_MAX",
    "TransactionTooLargeError",
    "build_transaction",
    "require_transaction_fits",
    "transaction_bytes",
]

TRANSACTION_BYTES_MAX: Final = 1232
"""A serialized transaction travels in one packet: IPv6's minimum MTU of 1,280 bytes less 48 bytes of headers."""

_SIGNATURE_BYTES: Final = 64


class TransactionTooLargeError(RefusedError):
    """A transaction that no cluster would take, for its size."""


def build_transaction(
    instructions: Sequence[Instruction], *, payer: Pubkey, signers: Sequence[Keypair], blockhash: Hash
) -> VersionedTransaction:
    """Return the signed legacy transaction of `instructions`, paid for by `payer`.

    Raises TransactionTooLargeError when it would not fit a packet. `signers` are exactly the keys that the
    instructions and the payer ask for.
    """
    message = Message.new_with_blockhash(list(instructions), payer, blockhash)
    _require(transaction_bytes(message))
    return VersionedTransaction(message, list(signers))


def transaction_bytes(message: Message) -> int:
    """Return the size in bytes that `message` will have as a signed transaction."""
    signatures = message.header.num_required_signatures
    prefix = 1 if signatures < 0x80 else 2
    return prefix + _SIGNATURE_BYTES * signatures + len(bytes(message))


def require_transaction_fits(transaction: VersionedTransaction) -> int:
    """Return the size of `transaction` in bytes, or raise TransactionTooLargeError."""
    size = len(bytes(transaction))
    _require(size)
    return size


def _require(size: int) -> None:
    if size > TRANSACTION_BYTES_MAX:
        raise TransactionTooLargeError(
            f"a transaction has at most {TRANSACTION_BYTES_MAX} bytes, this one {size}",
            hint="send its instructions in several transactions",
        )
