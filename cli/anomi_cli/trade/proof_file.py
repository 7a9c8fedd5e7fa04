"""A proof of payment in a file, for somebody else to finalize with. It holds nothing but what goes on chain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from solders.pubkey import Pubkey

from anomi_core.errors import UnreadableInputError
from anomi_core.groth16.solana import PROOF_BYTES
from anomi_core.spec import AMOUNT_BITS
from anomi_prover.files import atomic_write
from anomi_sdk.trade.settlement import PaymentProof

__all__ = ["PaymentProofUnreadableError", "read_payment_proof", "write_payment_proof"]

_FORMAT: Final = "anomi payment proof 1"
_FILE_BYTES_MAX: Final = 16 * 1024
_FIELD_BYTES: Final = 32
_BITMAP_MAX: Final = 255


class PaymentProofUnreadableError(UnreadableInputError):
    """A file that is no proof of payment as `anomi buyer prove` writes it."""


def write_payment_proof(path: Path, order: Pubkey, proof: PaymentProof) -> None:
    """Write what finalizes `order`."""
    document = {
        "format": _FORMAT,
        "order": str(order),
        "proof": proof.proof.hex(),
        "nf": proof.nf.hex(),
        "paid_floor_minor_units": proof.paid_floor_minor_units,
        "bitmap": proof.bitmap,
    }
    atomic_write(path, json.dumps(document, indent=2).encode() + b"\n")


def read_payment_proof(path: Path) -> tuple[Pubkey, PaymentProof]:
    """Return the order and its proof. Raises PaymentProofUnreadableError."""
    with path.open("rb") as file:
        content = file.read(_FILE_BYTES_MAX + 1)
    unreadable = PaymentProofUnreadableError(f"{path} is no proof of payment as `anomi buyer prove` writes it")
    try:
        document = json.loads(content) if len(content) <= _FILE_BYTES_MAX else None
        if not isinstance(document, dict) or document.get("format") != _FORMAT:
            raise unreadable
        order = Pubkey.from_string(document["order"])
        proof, nf = bytes.fromhex(document["proof"]), bytes.fromhex(document["nf"])
        paid, bitmap = document["paid_floor_minor_units"], document["bitmap"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise unreadable from error
    if (
        len(proof) != PROOF_BYTES
        or len(nf) != _FIELD_BYTES
        or type(paid) is not int
        or not 0 <= paid < 1 << AMOUNT_BITS
        or type(bitmap) is not int
        or not 0 <= bitmap <= _BITMAP_MAX
    ):
        raise unreadable
    return order, PaymentProof(proof, nf, paid, bitmap)
