"""Build a program of a cargo workspace into SBPF executables, and keep a manifest of what they were made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from anomi_prover.cache import Cache
from anomi_prover.files import FileUnreadableError, atomic_write, sha256_file
from anomi_prover.progress import NoProgress, Progress
from anomi_sbf import cargo, sysroot, toolchain
from anomi_sbf.errors import LinkerUsageError, ManifestMissingError
from anomi_sbf.link import ARCHITECTURES, link_object

__all__ = ["MANIFEST_NAME", "Built", "build", "names", "tool_identity"]

MANIFEST_NAME = "manifest.json"
MANIFEST_FORMAT = 1
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Built:
    """One executable, and what it was made from."""

    program: str
    arch: str
    file: str
    bytes: int
    sha256: str
    sources_sha256: str
    rustc: str
    llvm: str
    compiler: str
    """Identity of the compiler: changes with rustc or its LLVM."""
    linker: str
    """Identity of this tool: changes with any file of it."""
    fresh: bool
    """Whether nothing had to be done."""


def tool_identity() -> str:
    """Return the hash of every file of this tool that can change a program."""
    digest = hashlib.sha256()
    for path in sorted(HERE.iterdir()):
        if path.suffix in (".py", ".ll", ".json"):
            digest.update(f"{path.name}\0{sha256_file(path)}\n".encode())
    return digest.hexdigest()


def build(
    manifest_path: Path,
    package: str,
    outputs: Mapping[str, Path],
    *,
    target_folder: Path,
    cache: Cache | None = None,
    progress: Progress | None = None,
    show: Callable[[str], None] = lambda _text: None,
) -> tuple[Built, ...]:
    """Build `package` for each SBPF version in `outputs` ("v0", "v3") and return one record per version, in that order.

    The versions share one compilation. An output that is up to date, by the hash of every source, the lock file, the
    compiler and this tool, is left alone. Compiler messages go to `show`. Raises the errors of `anomi_sbf.errors`.
    """
    progress = progress or NoProgress()
    cache = cache or Cache.default(progress=progress)
    manifest_path = manifest_path.absolute()
    if not manifest_path.is_file():
        raise ManifestMissingError(f"there is no file {manifest_path}", hint="name a Cargo.toml with --manifest-path")
    for arch in outputs:
        if arch not in ARCHITECTURES:
            raise LinkerUsageError(f"unknown SBPF version {arch!r}: expected one of {', '.join(ARCHITECTURES)}")
    compiler = toolchain.locate(cache, progress=progress)
    linker = tool_identity()
    known = {
        arch: _up_to_date(path.absolute(), package, arch, compiler.identity, linker) for arch, path in outputs.items()
    }
    if all(known.values()):
        return tuple(built for built in known.values() if built is not None)

    workspace = cargo.read_workspace(manifest_path, package)
    core = sysroot.obtain(compiler, cache, progress=progress)
    progress.start(f"compiling {package}", None)
    try:
        object_file, sources = cargo.build_object(
            workspace,
            manifest=manifest_path,
            package=package,
            toolchain=compiler,
            sysroot=core,
            target_folder=target_folder.absolute(),
            tool_identity=f"{compiler.identity[:16]}.{linker[:16]}",
            show=show,
        )
    finally:
        progress.done()
    hashes = _hashes(sources, workspace.root)
    data = object_file.read_bytes()
    result = []
    for arch, path in outputs.items():
        executable = link_object(data, arch)
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, executable)
        built = Built(
            program=package,
            arch=arch,
            file=path.name,
            bytes=len(executable),
            sha256=hashlib.sha256(executable).hexdigest(),
            sources_sha256=_combined(hashes),
            rustc=compiler.rustc_version,
            llvm=compiler.llvm_version,
            compiler=compiler.identity,
            linker=linker,
            fresh=False,
        )
        _record(path.absolute(), built, workspace.root, hashes)
        result.append(built)
    return tuple(result)


def _hashes(sources: Iterable[Path], root: Path) -> dict[str, str]:
    """Return the hash of each source by its path from the workspace's root (upwards where it lies outside)."""
    return {_relative(path, root): sha256_file(path) for path in sources}


def _relative(path: Path, root: Path) -> str:
    ups = 0
    base = root
    while not path.is_relative_to(base):
        base, ups = base.parent, ups + 1
    return "/".join([".."] * ups + list(path.relative_to(base).parts))


def _combined(hashes: Mapping[str, str]) -> str:
    return hashlib.sha256("".join(f"{name}\0{hashes[name]}\n" for name in sorted(hashes)).encode()).hexdigest()


# The manifest beside the outputs


def _up_to_date(output: Path, package: str, arch: str, compiler: str, linker: str) -> Built | None:
    """Return the record of an output that needs no work, else None."""
    entry = _read_manifest(output.with_name(MANIFEST_NAME)).get(output.name, {})
    inputs, root = entry.pop("inputs", None), entry.pop("root", None)
    wanted = {"program": package, "arch": arch, "compiler": compiler, "linker": linker, "file": output.name}
    if any(entry.get(name) != value for name, value in wanted.items()) or not isinstance(inputs, dict):
        return None
    try:
        folder = output.parent / str(root)
        current = {name: sha256_file((folder / name).resolve()) for name in inputs}
        if current != inputs or sha256_file(output) != entry.get("sha256"):
            return None
        return Built(**entry, fresh=True)
    except (FileUnreadableError, TypeError):  # a source or the output is gone, or the manifest is another's
        return None


def _read_manifest(path: Path) -> dict[str, dict[str, Any]]:
    """Return the entries by file name; a manifest that is missing or not one has none."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(manifest, dict) or manifest.get("format") != MANIFEST_FORMAT:
        return {}
    files = manifest.get("files")
    return {name: entry for name, entry in files.items() if isinstance(entry, dict)} if isinstance(files, dict) else {}


def _record(output: Path, built: Built, root: Path, hashes: Mapping[str, str]) -> None:
    path = output.with_name(MANIFEST_NAME)
    files = _read_manifest(path)
    entry = asdict(built)
    del entry["fresh"]
    files[output.name] = {**entry, "root": _relative(root, output.parent), "inputs": dict(sorted(hashes.items()))}
    manifest = {"format": MANIFEST_FORMAT, "files": {name: files[name] for name in sorted(files)}}
    atomic_write(path, json.dumps(manifest, indent=1).encode() + b"\n")


def names(built: Sequence[Built]) -> str:
    """Return one line per executable for a reader: what it is, its size and its hash."""
    return "\n".join(
        f"{item.file}  SBPF {item.arch}  {item.bytes:,} bytes  sha256 {item.sha256}"
        + ("  (up to date)" if item.fresh else "")
        for item in built
    )
