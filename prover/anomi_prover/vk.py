"""Exporting the verifying key of a .zkey: snarkjs JSON, Solana key body, or Rust constant."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from anomi_core.errors import UsageError
from anomi_core.groth16 import VerifyingKey, verifying_key_json, vk_rust_source
from anomi_core.groth16.solana import verifying_key_body
from anomi_prover.keys import DEVELOPMENT_NOTICE, is_development_key, read_proving_key
from anomi_prover.progress import NoProgress, Progress
from anomi_prover.setup_backend import setup_backend
from anomi_prover.verifiers.py_ecc import alpha_beta_12

__all__ = ["FORMATS", "RUST_NAME", "export", "render_snarkjs_json"]

FORMATS: Final = ("json", "solana", "rust")
RUST_NAME: Final = "VERIFYING_KEY"


def export(zkey: Path, form: str = "json", *, name: str = RUST_NAME, progress: Progress | None = None) -> bytes:
    """Return the verifying key of `zkey` as `json` (snarkjs's own bytes), `solana` (key body) or `rust` (constant).

    Whoever verifies proofs relies on the contributions that the key lists, so they must lead to its δ; where the native
    core is not installed, `progress` is told that this was not checked. It is told of a development key, too.

    Raises UsageError for another form, SetupNotVerifiedError, and what `read_proving_key`, `verifying_key_body` and
    `vk_rust_source` raise.
    """
    if form not in FORMATS:
        raise UsageError(f"a verifying key is exported as one of {', '.join(FORMATS)}; {form!r} came")
    progress = progress or NoProgress()
    header = read_proving_key(zkey)
    setup_backend().verify_contributions(zkey, progress)
    if is_development_key(header):
        progress.note(DEVELOPMENT_NOTICE.format(zkey))
    key = header.verifying_key
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
