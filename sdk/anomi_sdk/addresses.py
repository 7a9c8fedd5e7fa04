"""Program-derived addresses: where the programs keep their accounts.

`anomi_sdk.generated.<program>` has one typed function per address; they all end here.
"""

from __future__ import annotations

from solders.pubkey import Pubkey

from anomi_sdk.program_spec import PdaSpec

__all__ = ["find_address"]


def find_address(pda: PdaSpec, *values: object) -> tuple[Pubkey, int]:
    """Return the address of `pda` for these seeds and its canonical bump: 255, less one for each that lay on the curve.

    Raises UsageError when a seed does not fit its type.
    """
    seeds = [
        seed.type.encode(value, f"{pda.name} address: {seed.name}")
        for seed, value in zip(pda.seeds, values, strict=True)
    ]
    return Pubkey.find_program_address([pda.literal, *seeds], pda.program_id)
