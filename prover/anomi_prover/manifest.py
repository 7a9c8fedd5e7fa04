"""The manifest of a circuit's folder: source, compiler, constraints, powers of tau, proving key and verifying key.

Each is linked to the next by SHA-256. `write_manifest` records the chain when the files are made; `check_manifest`
derives every link again and refuses on the first that is broken, by its name. Schema:
docs/reference/manifest.schema.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from anomi_core.errors import RefusedError, UnreadableInputError
from anomi_core.groth16 import parse_verifying_key
from anomi_core.groth16.snarkjs_json import VERIFYING_KEY_BYTES_MAX
from anomi_core.groth16.solana import verifying_key_body, verifying_key_body_hash
from anomi_core.groth16.strict_json import Reader
from anomi_core.spec import PUBLIC_INPUTS_MAX
from anomi_prover import vk
from anomi_prover.compile_sources import read_sources
from anomi_prover.files import atomic_write, read_file, sha256_bytes, sha256_file
from anomi_prover.keys import read_proving_key
from anomi_prover.ptau import read_ptau_header
from anomi_prover.setup_checks import KeyCircuitMismatchError, check_key_fits_circuit, read_circuit
from anomi_prover.setup_key import DEVELOPMENT_KEY_KIND, KeyBundle, contribution_records
from anomi_prover.setup_ptau import DEVELOPMENT_PTAU

__all__ = [
    "COMPILED_KIND",
    "MANIFEST_FORMAT",
    "MANIFEST_NAME",
    "ManifestDriftError",
    "ManifestUnreadableError",
    "check_manifest",
    "write_manifest",
]

MANIFEST_NAME: Final = "manifest.json"
MANIFEST_FORMAT: Final = 1
COMPILED_KIND: Final = "compiled circuit"
_MANIFEST_BYTES_MAX: Final = 1 << 22
_FILES_MAX: Final = 64


class ManifestUnreadableError(UnreadableInputError):
    """The manifest is missing, is not JSON, or lacks a member."""


_MANIFEST: Final = Reader("manifest", ManifestUnreadableError, _MANIFEST_BYTES_MAX)


class ManifestDriftError(RefusedError):
    """A file is no longer what the manifest says; `link` names the broken link of the chain."""

    def __init__(self, link: str, reason: str) -> None:
        """`link` names what is linked to what; `reason` says how it differs."""
        super().__init__(f"the manifest's link “{link}” is broken: {reason}", hint="make the circuit's files again")
        self.link = link


def write_manifest(
    folder: Path, circuit: Mapping[str, Any] | None, key: KeyBundle | None, *, name: str, extra: Iterable[str] = ()
) -> Path:
    """Write `folder/manifest.json` for the files NAME.r1cs, .wasm, .sym, .zkey, .vk.json that stand there.

    `circuit` is the manifest of a CompiledCircuit, or None for constraints that came without their source; `key` is
    None for a circuit without a key; `extra` names further files of the folder to be recorded by hash. Raises
    FileUnreadableError for a missing file.
    """
    names = [f"{name}.r1cs"]
    if circuit is not None:
        names += [f"{name}.wasm", f"{name}.sym"]
    if key is not None:
        names += [f"{name}.zkey", f"{name}.vk.json"]
    manifest: dict[str, Any] = {
        "format": MANIFEST_FORMAT,
        "kind": COMPILED_KIND,
        "name": name,
        "files": {file: sha256_file(folder / file) for file in (*names, *extra)},
        "circuit": None if circuit is None else dict(circuit),
        **({} if key is None else key.manifest),
    }
    path = folder / MANIFEST_NAME
    atomic_write(path, (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())
    return path


def check_manifest(
    folder: Path,
    *,
    source: Path | None = None,
    include_dirs: Sequence[Path] = (),
    ptau: Path | None = None,
) -> dict[str, Any]:
    """Derive every link of `folder/manifest.json` again and return the manifest.

    The links to the Circom source and to the powers of tau are derived when `source` (with its `include_dirs`) and
    `ptau` are given; powers that claim to be the development ones must have the hash of spec/setup.toml either way.

    Raises ManifestUnreadableError, ManifestDriftError, and what reading a file that should be intact raises.
    """
    manifest = _read(folder)
    try:
        _check_files(folder, manifest)
        _check_circuit(manifest, source, include_dirs)
        if manifest["kind"] == DEVELOPMENT_KEY_KIND:
            _check_powers(manifest, ptau)
            _check_key(folder, manifest)
    except (KeyError, TypeError, AttributeError) as error:
        raise ManifestUnreadableError(f"{folder / MANIFEST_NAME} lacks a member or has one of another shape") from error
    return manifest


def _read(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST_NAME
    manifest = _MANIFEST.load(read_file(path, max_bytes=_MANIFEST_BYTES_MAX, what="manifest"))
    if not isinstance(manifest, dict) or manifest.get("format") != MANIFEST_FORMAT:
        raise ManifestUnreadableError(f"{path} is not a manifest of format {MANIFEST_FORMAT}")
    if manifest.get("kind") not in (DEVELOPMENT_KEY_KIND, COMPILED_KIND):
        raise ManifestUnreadableError(f"{path} is of no kind that is known here")
    files = manifest.get("files")
    if not isinstance(files, dict) or len(files) > _FILES_MAX:
        raise ManifestUnreadableError(f"{path} lists no files")
    if any(Path(file).name != file for file in files):
        raise ManifestUnreadableError(f"{path} lists a file outside its folder")
    return manifest


def _check_files(folder: Path, manifest: Mapping[str, Any]) -> None:
    for file, digest in manifest["files"].items():
        path = folder / file
        if not path.is_file():
            _drift(f"manifest → {file}", "the file is missing")
        _same(f"manifest → {file}", "SHA-256", digest, sha256_file(path))


def _check_circuit(manifest: Mapping[str, Any], source: Path | None, include_dirs: Sequence[Path]) -> None:
    name, files, circuit = manifest["name"], manifest["files"], manifest["circuit"]
    if circuit is None:
        if source is not None:
            _drift("source → circuit", "the manifest knows no source")
        return
    for kind in ("r1cs", "wasm", "sym"):
        _same(f"circuit → {kind}", "SHA-256", circuit[f"{kind}_sha256"], files[f"{name}.{kind}"])
    if source is not None:
        tree = read_sources(source, include_dirs).sha256()
        _same("source → circuit", "source tree's SHA-256", circuit["source_tree_sha256"], tree)


def _check_powers(manifest: Mapping[str, Any], ptau: Path | None) -> None:
    powers = manifest["powers_of_tau"]
    link = "powers of tau → proving key"
    beacons = [one["beacon_hash"] for one in powers["contributions"]]
    if beacons == [DEVELOPMENT_PTAU.beacon_hash] and powers["power"] == DEVELOPMENT_PTAU.power:
        _same(link, "SHA-256 of the development powers", DEVELOPMENT_PTAU.sha256, powers["sha256"])
    if ptau is not None:
        _same(link, "SHA-256", powers["sha256"], sha256_file(ptau))
        header = read_ptau_header(ptau)
        _same(link, "power", powers["power"], header.power)
        _same(link, "contributions", powers["contributions"], contribution_records(header.contributions))


def _check_key(folder: Path, manifest: Mapping[str, Any]) -> None:
    name, files = manifest["name"], manifest["files"]
    _same("r1cs → proving key", "SHA-256", manifest["r1cs"]["sha256"], files[f"{name}.r1cs"])
    _same("proving key → file", "SHA-256", manifest["zkey"]["sha256"], files[f"{name}.zkey"])
    _same("verifying key → file", "SHA-256", manifest["verifying_key"]["sha256"], files[f"{name}.vk.json"])
    header = read_proving_key(folder / f"{name}.zkey")
    circuit = read_circuit(folder / f"{name}.r1cs")
    try:
        check_key_fits_circuit(header, circuit)
    except KeyCircuitMismatchError as error:
        raise ManifestDriftError("r1cs → proving key", str(error)) from error
    link = "contributions → proving key"
    _same(link, "circuit hash", manifest["zkey"]["circuit_hash"], header.circuit_hash.hex())
    _same(link, "contributions", manifest["zkey"]["contributions"], contribution_records(header.contributions))
    link = "proving key → verifying key"
    rendered = vk.render_snarkjs_json(header.verifying_key)
    _same(link, "SHA-256", manifest["verifying_key"]["sha256"], sha256_bytes(rendered))
    text = read_file(folder / f"{name}.vk.json", max_bytes=VERIFYING_KEY_BYTES_MAX, what="verifying key")
    key = parse_verifying_key(text)
    if key.public_input_count <= PUBLIC_INPUTS_MAX:
        body_hash = verifying_key_body_hash(verifying_key_body(key)).hex()
        link = "verifying key → Solana key body"
        _same(link, "SHA-256", manifest["verifying_key"]["solana_body_sha256"], body_hash)


def _same(link: str, what: str, recorded: object, found: object) -> None:
    if recorded != found:
        if isinstance(recorded, str) and isinstance(found, str):
            _drift(link, f"{what} {recorded} was recorded, {found} is there")
        _drift(link, f"the {what} recorded are not those that are there")


def _drift(link: str, reason: str) -> NoReturn:
    raise ManifestDriftError(link, reason)
