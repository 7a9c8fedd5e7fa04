"""A verifying key as Rust source, for programs that verify inline through the crate `groth16-verify`."""

from __future__ import annotations

import re
from typing import Final

from anomi_core.errors import UsageError
from anomi_core.groth16.solana import verifying_key_body, verifying_key_body_hash
from anomi_core.groth16.types import VerifyingKey

__all__ = ["vk_rust_source"]

_CONSTANT_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}", re.ASCII)
_BYTES_PER_LINE: Final = 16


def vk_rust_source(key: VerifyingKey, name: str) -> str:
    """Return `pub const <name>: [u8; N]`, the key body, with its SHA-256 and its count of public inputs.

    Raises UsageError unless `name` is a Rust constant's name (capitals, digits, underscores), and what
    `verifying_key_body` raises.
    """
    if not _CONSTANT_NAME.fullmatch(name):
        raise UsageError(f"a Rust constant's name is capitals, digits and underscores, {name[:24]!r} came")
    body = verifying_key_body(key)
    rows = [body[at : at + _BYTES_PER_LINE] for at in range(0, len(body), _BYTES_PER_LINE)]
    count = key.public_input_count
    return "\n".join(
        [
            f"/// Groth16 verifying key body for {count} public inputs: α ‖ −β ‖ −γ ‖ −δ ‖ IC.",
            f"/// SHA-256 {verifying_key_body_hash(body).hex()}",
            "#[rustfmt::skip]",
            f"pub const {name}: [u8; {len(body)}] = [",
            *("    " + " ".join(f"0x{byte:02x}," for byte in row) for row in rows),
            "];",
            "",
        ]
    )
