"""The manifest: a whole chain from real files, and a refusal by name for every link that breaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from anomi_prover.cache import Cache
from anomi_prover.compile import CompiledCircuit, compile_circuit
from anomi_prover.files import FileUnreadableError, sha256_file
from anomi_prover.manifest import (
    MANIFEST_NAME,
    ManifestDriftError,
    ManifestUnreadableError,
    check_manifest,
    write_manifest,
)
from anomi_prover.setup import DEVELOPMENT_PTAU, KeyBundle, make_development_key
from tests.unit.prove.circuits import section, squares, write_r1cs
from tests.unit.prove.vectors import VECTORS

ROOT = Path(__file__).parents[3]
NAME = "public_1"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a circuit of two files, so that a test can change it."""
    folder = tmp_path_factory.mktemp("source")
    for file in (f"{NAME}.circom", "cube_chain.circom"):
        (folder / file).write_bytes((VECTORS / "circuits" / file).read_bytes())
    return folder / f"{NAME}.circom"


@pytest.fixture(scope="module")
def compiled(source: Path) -> CompiledCircuit:
    return compile_circuit(source)


@pytest.fixture(scope="module")
def bundle(compiled: CompiledCircuit, small_ptau: Path, cache: Cache) -> KeyBundle:
    return make_development_key(compiled.r1cs, small_ptau, cache=cache)


@pytest.fixture
def folder(tmp_path: Path, compiled: CompiledCircuit, bundle: KeyBundle) -> Path:
    """A circuit's folder with all its files and a further one."""
    compiled.place(tmp_path)
    bundle.place(tmp_path, NAME)
    (tmp_path / f"{NAME}.unasserted.wasm").write_bytes(b"further")
    write_manifest(tmp_path, compiled.manifest, bundle, name=NAME, extra=[f"{NAME}.unasserted.wasm"])
    return tmp_path


def _document(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / MANIFEST_NAME).read_text())
    return document


def _edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = _document(folder)
    change(document)
    (folder / MANIFEST_NAME).write_text(json.dumps(document))


def _validate(document: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "docs" / "reference" / "manifest.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


def test_the_whole_chain_is_derived_again(folder: Path, source: Path, small_ptau: Path) -> None:
    manifest = check_manifest(folder, source=source, ptau=small_ptau)
    assert manifest == _document(folder)
    assert manifest["kind"] == "development key"
    assert manifest["circuit"]["flags"] == ["--O2"]
    assert [one["type"] for one in manifest["zkey"]["contributions"]] == ["beacon"]
    assert set(manifest["files"]) == {
        f"{NAME}.{kind}" for kind in ("r1cs", "wasm", "sym", "zkey", "vk.json", "unasserted.wasm")
    }
    _validate(manifest)


def test_a_circuit_without_a_key_and_a_key_without_a_source(
    tmp_path: Path, compiled: CompiledCircuit, bundle: KeyBundle
) -> None:
    compiled.place(tmp_path)
    write_manifest(tmp_path, compiled.manifest, None, name=NAME)
    assert check_manifest(tmp_path)["kind"] == "compiled circuit"
    _validate(_document(tmp_path))
    bundle.place(tmp_path, NAME)
    write_manifest(tmp_path, None, bundle, name=NAME)
    assert check_manifest(tmp_path)["circuit"] is None
    _validate(_document(tmp_path))
    with pytest.raises(ManifestDriftError, match="knows no source"):
        check_manifest(tmp_path, source=compiled.r1cs)


@pytest.mark.parametrize("kind", ["r1cs", "wasm", "sym", "zkey", "vk.json", "unasserted.wasm"])
def test_a_changed_or_missing_file_is_named(folder: Path, kind: str) -> None:
    path = folder / f"{NAME}.{kind}"
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(content + b" ")
    with pytest.raises(ManifestDriftError, match="was recorded") as drift:
        check_manifest(folder)
    assert drift.value.link == f"manifest → {NAME}.{kind}"
    path.unlink()
    with pytest.raises(ManifestDriftError, match="the file is missing"):
        check_manifest(folder)


def test_a_changed_source_is_named(folder: Path, source: Path) -> None:
    library = source.parent / "cube_chain.circom"
    content = library.read_text()
    library.write_text(content + "\n")
    try:
        with pytest.raises(ManifestDriftError) as drift:
            check_manifest(folder, source=source)
        assert drift.value.link == "source → circuit"
    finally:
        library.write_text(content)


def test_other_powers_of_tau_are_named(folder: Path, uncontributed_ptau: Path) -> None:
    with pytest.raises(ManifestDriftError) as drift:
        check_manifest(folder, ptau=uncontributed_ptau)
    assert drift.value.link == "powers of tau → proving key"


def test_powers_that_pass_for_the_development_ones_are_noticed(folder: Path) -> None:
    def pretend(document: dict[str, Any]) -> None:
        document["powers_of_tau"]["power"] = DEVELOPMENT_PTAU.power
        document["powers_of_tau"]["contributions"][0]["beacon_hash"] = DEVELOPMENT_PTAU.beacon_hash

    _edit(folder, pretend)
    with pytest.raises(ManifestDriftError, match="development powers") as drift:
        check_manifest(folder)
    assert drift.value.link == "powers of tau → proving key"


def _set(*path: str | int, to: object) -> Callable[[dict[str, Any]], object]:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "link"),
    [
        (_set("circuit", "r1cs_sha256", to="0" * 64), "circuit → r1cs"),
        (_set("circuit", "wasm_sha256", to="0" * 64), "circuit → wasm"),
        (_set("r1cs", "sha256", to="0" * 64), "r1cs → proving key"),
        (_set("zkey", "sha256", to="0" * 64), "proving key → file"),
        (_set("zkey", "circuit_hash", to="0" * 128), "contributions → proving key"),
        (_set("zkey", "contributions", 0, "name", to="another"), "contributions → proving key"),
        (_set("zkey", "contributions", to=[]), "contributions → proving key"),
        (_set("verifying_key", "sha256", to="0" * 64), "verifying key → file"),
        (_set("verifying_key", "solana_body_sha256", to="0" * 64), "verifying key → Solana key body"),
    ],
)
def test_a_changed_record_is_named(folder: Path, change: Callable[[dict[str, Any]], object], link: str) -> None:
    _edit(folder, change)
    with pytest.raises(ManifestDriftError) as drift:
        check_manifest(folder)
    assert drift.value.link == link


def _replace(folder: Path, kind: str, record: str, content: bytes) -> None:
    """Change a file and every hash of it in the manifest, as someone would who covers his traces."""
    path = folder / f"{NAME}.{kind}"
    path.chmod(0o644)
    path.write_bytes(content)

    def change(document: dict[str, Any]) -> None:
        digest = sha256_file(path)
        document["files"][path.name] = digest
        document[record]["sha256"] = digest
        if kind == "r1cs":
            document["circuit"]["r1cs_sha256"] = digest

    _edit(folder, change)


def test_a_key_of_another_circuit_is_noticed_though_all_hashes_agree(folder: Path, tmp_path: Path) -> None:
    other = write_r1cs(tmp_path / "other", squares(3))
    _replace(folder, "r1cs", "r1cs", other.read_bytes())
    with pytest.raises(ManifestDriftError, match="rows of the evaluation domain") as drift:
        check_manifest(folder)
    assert drift.value.link == "r1cs → proving key"


def test_a_verifying_key_of_another_proving_key_is_noticed(folder: Path, cube_key: KeyBundle) -> None:
    _replace(folder, "vk.json", "verifying_key", cube_key.vk_json.read_bytes())
    with pytest.raises(ManifestDriftError) as drift:
        check_manifest(folder)
    assert drift.value.link == "proving key → verifying key"


def test_another_contribution_is_noticed(folder: Path) -> None:
    data = bytearray((folder / f"{NAME}.zkey").read_bytes())
    start, length = section(bytes(data), 10)
    name = bytes(data).index(b"anomi development phase 2", start, start + length)
    data[name] ^= 1
    _replace(folder, "zkey", "zkey", bytes(data))
    with pytest.raises(ManifestDriftError) as drift:
        check_manifest(folder)
    assert drift.value.link == "contributions → proving key"


@pytest.mark.parametrize(
    "change",
    [
        _set("format", to=2),
        _set("kind", to="production key"),
        _set("files", to=[]),
        _set("files", "../secret", to="0" * 64),
        lambda document: document.pop("zkey"),
        lambda document: document.pop("circuit"),
        _set("circuit", to="none"),
        _set("powers_of_tau", "contributions", to=None),
    ],
)
def test_a_manifest_of_another_shape_is_unreadable(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    _edit(folder, change)
    with pytest.raises(ManifestUnreadableError):
        check_manifest(folder)


def test_a_folder_without_a_readable_manifest(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match="cannot read the manifest"):
        check_manifest(tmp_path)
    (tmp_path / MANIFEST_NAME).write_text("{")
    with pytest.raises(ManifestUnreadableError, match="the file is not JSON"):
        check_manifest(tmp_path)
    (tmp_path / MANIFEST_NAME).write_text("[" * 500_000)
    with pytest.raises(ManifestUnreadableError, match="nested too deeply"):
        check_manifest(tmp_path)


def test_a_manifest_is_not_written_over_missing_files(tmp_path: Path, bundle: KeyBundle) -> None:
    with pytest.raises(FileUnreadableError, match=f"{NAME}.r1cs"):
        write_manifest(tmp_path, None, bundle, name=NAME)
    assert not (tmp_path / MANIFEST_NAME).exists()
