"""core, compiler_builtins and alloc, compiled once for the target and kept in the cache."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from anomi_prover.cache import Cache
from anomi_prover.files import sha256_file
from anomi_prover.progress import NoProgress, Progress
from anomi_sbf.errors import SysrootBuildError
from anomi_sbf.toolchain import Toolchain

__all__ = ["TARGET_FILE", "TARGET_NAME", "obtain"]

TARGET_FILE = Path(__file__).with_name("sbpf-solana.json")
TARGET_NAME = TARGET_FILE.stem
CACHE_KIND = "sbf-sysroot"
BUILD_TIMEOUT_S = 1_800

# In the order in which they need one another. `mem` gives memcpy and its like, which LLVM calls by name.
CRATES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("core", "core/src/lib.rs", ()),
    (
        "compiler_builtins",
        "compiler-builtins/compiler-builtins/src/lib.rs",
        ('feature="compiler-builtins"', 'feature="mem"'),
    ),
    ("alloc", "alloc/src/lib.rs", ()),
)
FLAGS = (
    "-Zunstable-options",
    "-Zforce-unstable-if-unmarked",
    "--edition=2024",
    "--crate-type=rlib",
    "-O",
    "-Cpanic=abort",
    "-Ccodegen-units=1",
    "-Cdebug-assertions=off",
    "--cap-lints=allow",
)
SOURCE_NAME = "/rust/library"
"""What panics say instead of the folder where the sources happened to lie."""


def obtain(toolchain: Toolchain, cache: Cache, *, progress: Progress | None = None) -> Path:
    """Return the sysroot folder for rustc's `--sysroot`, built on first use (about 40 s). Raises SysrootBuildError."""
    key = {"toolchain": toolchain.identity, "target": sha256_file(TARGET_FILE), "recipe": repr((CRATES, FLAGS))}
    return cache.get_or_build(CACHE_KIND, key, lambda folder: _build(toolchain, folder, progress or NoProgress()))


def _build(toolchain: Toolchain, folder: Path, progress: Progress) -> None:
    library = folder / "lib/rustlib" / TARGET_NAME / "lib"
    library.mkdir(parents=True)
    progress.start("compiling Rust's core library for Solana", len(CRATES))
    try:
        for name, source, configuration in CRATES:
            command = [
                str(toolchain.rustc),
                *FLAGS,
                f"--target={TARGET_FILE}",
                f"--sysroot={folder}",
                f"--out-dir={library}",
                f"--remap-path-prefix={toolchain.sources}={SOURCE_NAME}",
                f"--crate-name={name}",
                *(f"--cfg={flag}" for flag in configuration),
                str(toolchain.sources / source),
            ]
            _compile(name, command, toolchain)
            progress.advance(1)
    finally:
        progress.done()


def _compile(name: str, command: list[str], toolchain: Toolchain) -> None:
    try:
        result = subprocess.run(
            command,
            env=toolchain.environment(os.environ),
            capture_output=True,
            text=True,
            timeout=BUILD_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SysrootBuildError(f"compiling {name} took longer than {BUILD_TIMEOUT_S} seconds") from error
    if result.returncode != 0:
        errors = [line for line in result.stderr.splitlines() if line.startswith("error")]
        reason = errors[0] if errors else "rustc gave no reason"
        raise SysrootBuildError(
            f"{name} of rustc {toolchain.rustc_version} does not compile for Solana: {reason}",
            hint="the compiler and its sources must be of the same version",
        )
