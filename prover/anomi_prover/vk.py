"""Exporting the verifying key of a .zkey: snarkjs JSON, Solana key body, or Rust constant."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from anomi_core.errors import UsageError
from anomi_core.groth16 import VerifyingKey, verifying_key_json, vk_rust_source
from anomi_core.groth16.solana import verifying_key_body
from anomi_prover.keys import read_zkey_verifying_key
from anomi_prover.verifiers.py_ecc import alpha_beta_12

__all__ = ["FORMATS", "RUST_NAME", "export", "render_snarkjs_json"]

FORMATS: Final = ("json", "solana", "rust")
RUST_NAME: Final = "VERIFYING_KEY"


def export(zkey: Path, form: str = "json", *, name: str = RUST_NAME) -> bytes:
    """Return the verifying key of `zkey` as `json` (snarkjs's own bytes), `solana` (key body) or `rust` (constant).

    Raises UsageError for another form, and what `read_zkey_verifying_key`, `verifying_key_body` and `vk_rust_source`
    raise.
    """
    if form not in FORMATS:
        raise UsageError(f"a verifying key is exported as one of {', '.join(FORMATS)}; {form!r} came")
    key = read_zkey_verifying_key(zkey)
    if form == "solana":
        return verifying_key_body(key)
    if form == "rust":
        return vk_rust_source(key, name).encode()
    return render_snarkjs_json(key)


def render_snarkjs_json(key: VerifyingKey) -> bytes:
    """Return `verification_key.json` as `snarkjs zkey export verificationkey` writes it, `vk_alphabeta_12` included.

    No verifier of ours reads that member; other tools expect it. Computing it takes half a second.
    """
    return verifying_key_json(key, alpha_beta_12(key)).encode()
