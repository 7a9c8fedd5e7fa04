"""Find the compiler: in a folder that the user names, installed, in the cache, or from Debian's archive, in this order.

What is needed is rustc, the libLLVM it is built on (loaded again by our linker), the host's standard library (for build
scripts and procedural macros) and the sources of core, alloc and compiler_builtins of exactly that rustc.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from anomi_core.errors import MissingToolError
from anomi_prover.cache import Cache
from anomi_prover.files import atomic_write, sha256_file
from anomi_prover.progress import NoProgress, Progress
from anomi_sbf.errors import (
    CompilerMissingError,
    CompilerUnusableError,
    LlvmLibraryMissingError,
    SharedLibraryMissingError,
)
from anomi_sbf.llvm import require_major
from anomi_sbf.packages import Apt, Package, describe, unpack

__all__ = ["FOLDER_VARIABLE", "Toolchain", "inspect", "installed", "locate", "present"]

FOLDER_VARIABLE = "ANOMI_SBF_TOOLCHAIN"
CACHE_KIND = "sbf-toolchain"
CACHE_ORIGIN = "Debian packages in the cache"
LAYOUT = "1"  # of a cache entry; another number for another choice of files
LATEST = "sbf-toolchain.json"
"""In the cache's root: the key of the toolchain that apt offered last, so that later runs need no network."""

COMPILER_PACKAGE = "rustc-web"
SOURCE_PACKAGE = "rust-web-src"
SOURCES = "usr/lib/rustlib/src/rust/library"
CRATES = ("core", "alloc", "compiler-builtins", "portable-simd", "stdarch")  # the last two are included by core
SYSTEM_LIBRARIES = ("libc6", "libgcc-s1", "libstdc++6", "gcc", "libc-dev", "binutils")  # a machine with gcc has them
RUSTC_TIMEOUT_S = 60


@dataclass(frozen=True)
class Toolchain:
    """A compiler that can build programs, and how to run it."""

    rustc: Path
    libllvm: Path
    sources: Path
    library_path: tuple[Path, ...]
    """Folders for LD_LIBRARY_PATH; empty for an installed compiler."""
    rustc_version: str
    llvm_version: str
    origin: str
    identity: str
    """Changes whenever the compiler or its LLVM does."""

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return `base` with what the compiler needs to start and to accept a target specification."""
        environment = {**base, "RUSTC_BOOTSTRAP": "1"}
        if self.library_path:
            before = [environment["LD_LIBRARY_PATH"]] if environment.get("LD_LIBRARY_PATH") else []
            environment["LD_LIBRARY_PATH"] = os.pathsep.join([*map(str, self.library_path), *before])
        return environment


def locate(cache: Cache, *, progress: Progress | None = None, refresh: bool = False) -> Toolchain:
    """Return a usable toolchain, downloading it when the machine has none (130 MB, once per user).

    `refresh` asks apt again even when the cache holds a toolchain. Raises a MissingToolError with one sentence
    otherwise.
    """
    found = None if refresh else present(cache)
    return found or _download(cache, progress or NoProgress())


def present(cache: Cache) -> Toolchain | None:
    """Return the toolchain that is there already, None when one would have to be downloaded."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        return inspect(Path(folder).absolute(), origin=f"${FOLDER_VARIABLE}")
    found = installed()
    if found is not None:
        return found
    key = _latest_key(cache)
    if key is not None and cache.entry_is_valid(CACHE_KIND, key):
        return inspect(cache.entry_path(CACHE_KIND, key), origin=CACHE_ORIGIN)
    return None


def installed() -> Toolchain | None:
    """Return the installed rustc-web when its sources are there too and its LLVM is a tested one, else None."""
    try:
        result = subprocess.run(
            ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}\n", COMPILER_PACKAGE, SOURCE_PACKAGE],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=RUSTC_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = result.stdout.split("\n")[:-1]
    if len(lines) != 2 or lines[0] != lines[1] or not lines[0].startswith("installed "):
        return None
    try:
        return inspect(Path("/"), origin=f"installed {COMPILER_PACKAGE}")
    except MissingToolError:
        return None


def inspect(root: Path, *, origin: str) -> Toolchain:
    """Return the toolchain unpacked under `root`, after asking it for its versions.

    Raises CompilerMissingError, CompilerUnusableError, LlvmMajorUntestedError, SharedLibraryMissingError,
    LlvmLibraryMissingError.
    """
    rustc = root / "usr/bin/rustc"
    sources = root / SOURCES
    for path, what in ((rustc, "compiler"), (sources / "core/src/lib.rs", "sources of Rust's core library")):
        if not path.is_file():
            raise CompilerMissingError(f"{origin}: the {what} {path} does not exist")
    library_path = () if root == Path("/") else _library_folders(root)
    environment = {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(map(str, library_path))} if library_path else None
    missing = _missing_libraries(rustc, environment)
    if missing:
        raise SharedLibraryMissingError(
            f"{origin}: {rustc} needs the shared libraries {', '.join(sorted(missing))}, which this machine lacks",
            hint="install the Debian packages that bring them",
        )
    text = _run([str(rustc), "-vV"], environment)
    versions = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
    if "release" not in versions or "LLVM version" not in versions:
        raise CompilerUnusableError(f"{origin}: {rustc} -vV does not say which release and LLVM it is")
    require_major(versions["LLVM version"])
    libllvm = _libllvm(rustc, environment)
    identity = hashlib.sha256(f"{text}\0{sha256_file(libllvm)}".encode()).hexdigest()
    return Toolchain(
        rustc=rustc,
        libllvm=libllvm,
        sources=sources,
        library_path=library_path,
        rustc_version=versions["release"],
        llvm_version=versions["LLVM version"],
        origin=origin,
        identity=identity,
    )


def _library_folders(root: Path) -> tuple[Path, ...]:
    patterns = ("usr/lib/*/*.so*", "lib/*/*.so*")
    return tuple(sorted({path.parent for pattern in patterns for path in root.glob(pattern)}))


def _run(command: list[str], environment: Mapping[str, str] | None) -> str:
    try:
        result = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=RUSTC_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CompilerUnusableError(f"{command[0]} does not run: {error}") from error
    if result.returncode != 0:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[0]
        raise CompilerUnusableError(f"{' '.join(command)} failed: {reason}")
    return result.stdout


def _ldd(path: Path, environment: Mapping[str, str] | None) -> list[tuple[str, str]]:
    """Return (library, where it is found or "") for everything `path` loads."""
    pairs = []
    for line in _run(["ldd", str(path)], environment).splitlines():
        match = re.match(r"\s*(\S+) => (not found|/.*?)(?: \(0x[0-9a-f]+\))?$", line)
        if match:
            pairs.append((match[1], "" if match[2] == "not found" else match[2]))
    return pairs


def _missing_libraries(path: Path, environment: Mapping[str, str] | None) -> set[str]:
    return {name for name, place in _ldd(path, environment) if not place}


def _libllvm(rustc: Path, environment: Mapping[str, str] | None) -> Path:
    for name, place in _ldd(rustc, environment):
        if name.startswith("libLLVM"):
            return Path(place).resolve()
    raise LlvmLibraryMissingError(
        f"{rustc} has LLVM built in, but the linker must load the same libLLVM",
        hint="use Debian's rustc-web, or put `cargo build-sbf` on PATH",
    )


# From Debian's archive


def _latest_key(cache: Cache) -> dict[str, str] | None:
    try:
        record = json.loads((cache.root / LATEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(record, dict) or not all(isinstance(item, str) for pair in record.items() for item in pair):
        return None
    return record


def _download(cache: Cache, progress: Progress) -> Toolchain:
    with tempfile.TemporaryDirectory(prefix="anomi-apt-") as scratch:
        progress.start("asking apt for the compiler's packages", None)
        try:
            apt = Apt(Path(scratch))
            apt.update()
            source = apt.require(COMPILER_PACKAGE).source
            packages = apt.closure(
                (COMPILER_PACKAGE, SOURCE_PACKAGE),
                lambda package: package.source == source or re.fullmatch(r"libllvm\d+", package.name) is not None,
            )
        finally:
            progress.done()
        key = {**describe(packages), "machine": platform.machine(), "layout": LAYOUT}
        folder = cache.get_or_build(CACHE_KIND, key, lambda target: _unpack_all(apt, packages, target, progress))
    toolchain = inspect(folder, origin=CACHE_ORIGIN)
    atomic_write(cache.root / LATEST, json.dumps(key, indent=1, sort_keys=True).encode() + b"\n")
    return toolchain


def _wanted(path: str) -> bool:
    source = re.fullmatch(r"usr/src/rustc-[^/]+/library/([^/]+)/.*", path)
    if source:
        return source[1] in CRATES
    if path in ("usr/bin/rustc", str(Path(SOURCES).parent)):  # the latter is a link to usr/src/rustc-VERSION
        return True
    if path.startswith("usr/lib/rustlib/"):
        return "/lib/" in path.removeprefix("usr/lib/rustlib/")
    return _is_shared_library(path)


def _is_shared_library(path: str) -> bool:
    return re.fullmatch(r"(usr/)?lib/[^/]+/[^/]+\.so(\.[^/]*)?", path) is not None


def _may_bring_libraries(package: Package) -> bool:
    return package.name not in SYSTEM_LIBRARIES


def _is_installed(name: str) -> bool:
    command = ["dpkg-query", "-W", "-f", "${db:Status-Status}", name]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=RUSTC_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.stdout == "installed"


def _is_one_of(stems: tuple[str, ...], path: str) -> bool:
    return _is_shared_library(path) and Path(path).name.startswith(stems)


def _unpack_all(apt: Apt, packages: Mapping[str, Package], target: Path, progress: Progress) -> None:
    progress.start("downloading and unpacking the compiler", len(packages))
    try:
        with tempfile.TemporaryDirectory(prefix="anomi-debs-") as scratch:
            for name in sorted(packages):
                archive = apt.download(packages[name], Path(scratch))
                unpack(archive, target, _wanted)
                archive.unlink()
                progress.advance(1)
            _add_missing_libraries(apt, packages, target, Path(scratch))
        inspect(target, origin="Debian packages")  # nothing unusable goes into the cache
    finally:
        progress.done()


def _add_missing_libraries(apt: Apt, packages: Mapping[str, Package], target: Path, scratch: Path) -> None:
    """Add the shared libraries that the machine lacks, from the packages that the compiler's packages depend on."""
    rustc = target / "usr/bin/rustc"
    if not rustc.is_file():
        raise CompilerMissingError(f"the package {COMPILER_PACKAGE} holds no usr/bin/rustc")

    def missing() -> set[str]:
        folders = os.pathsep.join(map(str, _library_folders(target)))
        return _missing_libraries(rustc, {**os.environ, "LD_LIBRARY_PATH": folders})

    lacking = missing()
    if not lacking:  # the usual case; nothing more is downloaded
        return
    candidates = apt.closure(packages, _may_bring_libraries)
    wanted = [name for name in sorted(candidates) if name not in packages and not _is_installed(name)]
    archives = [apt.download(candidates[name], scratch) for name in wanted]
    while lacking:
        before = lacking
        # A library that is missing hides what it needs itself: ask again after each round.
        for archive in archives:
            # Only what is missing: another copy of a library that the system has could shadow it.
            stems = tuple(library.split(".so")[0] + ".so" for library in lacking)
            if unpack(archive, target, partial(_is_one_of, stems)):
                lacking = missing()
        if lacking == before:
            raise SharedLibraryMissingError(
                f"the compiler needs {', '.join(sorted(lacking))}, which none of its packages brings",
                hint="install the Debian packages that bring them",
            )
