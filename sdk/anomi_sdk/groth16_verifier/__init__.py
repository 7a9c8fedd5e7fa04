"""The program groth16_verifier from the outside: instructions, accounts, events and errors."""

from __future__ import annotations

from typing import Final

from anomi_sdk.generated.groth16_verifier import PROGRAM_ID, Staging, staging_address, verifying_key_address
from anomi_sdk.groth16_verifier.accounts import VerifyingKeyAccount, decode_staging, decode_verifying_key
from anomi_sdk.groth16_verifier.events import KeyFinalized, key_finalized_events
from anomi_sdk.groth16_verifier.instructions import (
    close_staging,
    finalize_key,
    init_key,
    verify,
    verify_batch,
    write_key,
)

__all__ = [
    "GROTH16_VERIFIER_ID",
    "KeyFinalized",
    "Staging",
    "VerifyingKeyAccount",
    "close_staging",
    "decode_staging",
    "decode_verifying_key",
    "finalize_key",
    "init_key",
    "key_finalized_events",
    "staging_address",
    "verify",
    "verify_batch",
    "verifying_key_address",
    "write_key",
]

GROTH16_VERIFIER_ID: Final = PROGRAM_ID
"""The program's address, from spec/programs.toml."""
