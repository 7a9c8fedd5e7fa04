"""Exporting verifying keys from proving keys."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from anomi_core.errors import UsageError
from anomi_core.groth16 import parse_verifying_key
from anomi_core.groth16.solana import verifying_key_from_body
from anomi_prover import tools, vk
from anomi_prover.setup import KeyBundle


def test_json_is_what_snarkjs_exports_byte_for_byte(cube_key: KeyBundle, tmp_path: Path) -> None:
    theirs = tmp_path / "vk.json"
    tools.run_snarkjs(["zkey", "export", "verificationkey", str(cube_key.zkey), str(theirs)])
    assert vk.export(cube_key.zkey) == theirs.read_bytes() == cube_key.vk_json.read_bytes()


def test_solana_and_rust_hold_the_same_key(cube_key: KeyBundle) -> None:
    body = vk.export(cube_key.zkey, "solana")
    assert verifying_key_from_body(body) == parse_verifying_key(vk.export(cube_key.zkey, "json"))
    source = vk.export(cube_key.zkey, "rust").decode()
    assert f"pub const VERIFYING_KEY: [u8; {len(body)}] = [" in source
    assert hashlib.sha256(body).hexdigest() in source
    assert cube_key.manifest["verifying_key"]["solana_body_sha256"] == hashlib.sha256(body).hexdigest()
    assert b"pub const CUBE: [u8; " in vk.export(cube_key.zkey, "rust", name="CUBE")


def test_another_format_is_refused(cube_key: KeyBundle) -> None:
    with pytest.raises(UsageError, match="one of json, solana, rust; 'xml' came"):
        vk.export(cube_key.zkey, "xml")
