"""The two messages attestors sign. They name a fact of the fiat world, and never a wallet, order or price."""

from __future__ import annotations

from anomi_core.poseidon import poseidon
from anomi_core.spec import TAG_BALANCE, TAG_RECEIPT

__all__ = ["balance_message", "receipt_message"]


def balance_message(
    *, deployment: int, rail: int, idc: int, balance_minor_units: int, issued_at_unix_s: int, nonce: int
) -> int:
    """Return M of "the account behind idc held this balance at this time"; raises NotCanonicalError."""
    return poseidon([TAG_BALANCE, deployment, rail, idc, balance_minor_units, issued_at_unix_s, nonce])


def receipt_message(
    *,
    deployment: int,
    rail: int,
    idc: int,
    payee_account: int,
    amount_minor_units: int,
    paid_at_unix_s: int,
    txid: int,
    nonce: int,
) -> int:
    """Return M of "the account behind idc completed this transfer"; raises NotCanonicalError."""
    return poseidon(
        [TAG_RECEIPT, deployment, rail, idc, payee_account, amount_minor_units, paid_at_unix_s, txid, nonce]
    )
