"""What a trade costs and releases, as the programs compute it (crate `quantities`)."""

from __future__ import annotations

from typing import Final

from anomi_core.errors import RefusedError
from anomi_core.spec import AMOUNT_BITS

__all__ = ["AmountOutOfRangeError", "due_ceil", "fee_floor", "released_floor"]

_BPS: Final = 10_000


class AmountOutOfRangeError(RefusedError):
    """What would be due does not fit 64 bits."""


def due_ceil(base_atoms: int, price: int, decimals: int) -> int:
    """Return ceil(base_atoms · price / 10^decimals), in fiat minor units. Raises AmountOutOfRangeError."""
    atoms_per_token: int = 10**decimals
    due = -(-base_atoms * price // atoms_per_token)
    if due >= 1 << AMOUNT_BITS:
        raise AmountOutOfRangeError(f"what is due has to fit {AMOUNT_BITS} bits; {base_atoms} atoms at {price} do not")
    return due


def released_floor(base_atoms: int, paid_minor_units: int, due_minor_units: int) -> int:
    """Return floor(base_atoms · min(paid, due) / due): the part of the tokens that was paid for, its fee included."""
    return base_atoms * min(paid_minor_units, due_minor_units) // due_minor_units


def fee_floor(released_atoms: int, fee_bps: int) -> int:
    """Return floor(released · fee_bps / 10,000), the fee within what is released."""
    return released_atoms * fee_bps // _BPS
