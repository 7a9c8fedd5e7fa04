"""Built programs are what their manifest says, or they are refused with a sentence that names the way out."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from solders.pubkey import Pubkey

from anomi_core.errors import UsageError
from anomi_sdk.groth16_verifier import GROTH16_VERIFIER_ID
from anomi_sdk.programs import BuiltProgram, ProgramDamagedError, ProgramMissingError, load_program

ELF = b"\x7fELF and so on"


def _folder(tmp_path: Path, manifest: object = None) -> Path:
    (tmp_path / "groth16_verifier.so").write_bytes(ELF)
    (tmp_path / "groth16_verifier.v3.so").write_bytes(ELF + b"3")
    if manifest is None:
        files = {path.name: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for path in tmp_path.iterdir()}
        manifest = {"format": 1, "files": files}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


def test_both_architectures(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    program = load_program(folder, "groth16_verifier")
    assert program.elf == ELF
    assert program.sha256 == hashlib.sha256(ELF).hexdigest()
    assert (program.program_id, program.architecture) == (GROTH16_VERIFIER_ID, "v0")
    assert load_program(folder, "groth16_verifier", "v3").elf == ELF + b"3"
    assert "ELF" not in repr(program)


def test_another_program_needs_its_id(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    other = Pubkey.from_bytes(bytes([4] * 32))
    assert load_program(folder, "groth16_verifier", program_id=other).program_id == other
    with pytest.raises(UsageError, match="the program 'nobody' has no id of its own"):
        load_program(folder, "nobody")
    with pytest.raises(UsageError, match="there is no architecture 'v2': they are v0, v3"):
        load_program(folder, "groth16_verifier", "v2")


def test_what_was_not_built_names_set_up(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissingError, match=r"manifest.json is not there") as missing:
        load_program(tmp_path, "groth16_verifier")
    assert missing.value.hint == "run `make setup` to build the programs"
    assert missing.value.exit_code == 3
    folder = _folder(tmp_path)
    (folder / "groth16_verifier.so").unlink()
    with pytest.raises(ProgramMissingError, match=r"groth16_verifier.so is not there"):
        load_program(folder, "groth16_verifier")


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "groth16_verifier.so").write_bytes(ELF[:-1] + b"x")
    with pytest.raises(ProgramDamagedError, match=r"has the SHA-256 [0-9a-f]{64}, its manifest says [0-9a-f]{64}"):
        load_program(folder, "groth16_verifier")


@pytest.mark.parametrize(
    "manifest",
    [
        [],
        "text",
        {"format": 1},
        {"files": []},
        {"files": {"groth16_verifier.so": "hash"}},
        {"files": {"groth16_verifier.so": {"sha256": 5}}},
        {"files": {"groth16_verifier.v3.so": {"sha256": "00"}}},
    ],
)
def test_a_manifest_without_the_hash(tmp_path: Path, manifest: object) -> None:
    with pytest.raises(ProgramDamagedError, match=r"has no hash of groth16_verifier\.so"):
        load_program(_folder(tmp_path, manifest), "groth16_verifier")


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"[" * 100_000], ids=["empty", "cut", "not text", "deep"])
def test_a_manifest_that_is_not_json(tmp_path: Path, text: bytes) -> None:
    folder = _folder(tmp_path)
    (folder / "manifest.json").write_bytes(text)
    with pytest.raises(ProgramDamagedError, match="has no hash of"):
        load_program(folder, "groth16_verifier")


def test_files_that_are_too_large_or_no_files(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    with (folder / "groth16_verifier.so").open("wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    with pytest.raises(ProgramDamagedError, match="is larger than 16777216 bytes"):
        load_program(folder, "groth16_verifier")
    (folder / "groth16_verifier.so").unlink()
    (folder / "groth16_verifier.so").mkdir()
    with pytest.raises(ProgramDamagedError, match="cannot be read"):
        load_program(folder, "groth16_verifier")


def test_the_build_is_loadable(program: BuiltProgram) -> None:
    assert program.elf.startswith(b"\x7fELF")
