"""Looking before leaping: what must be on the machine, said in one sentence each, all at once."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.setup.errors import MissingPrerequisiteError
from tools.setup.process import captured
from tools.setup.workspace import Workspace

__all__ = ["CARGO_MINIMUM", "FREE_BYTES_MINIMUM", "require"]

CARGO_MINIMUM = (1, 95)
# Environments, packages, a Rust toolchain, build folders; measured 2.6 GB for everything, on a fresh machine.
FREE_BYTES_MINIMUM = 4 * 10**9


def require(workspace: Workspace, *, programs: bool, checks: bool, native: bool = False) -> None:
    """Raise `MissingPrerequisiteError` naming everything that is missing.

    `programs`: on-chain programs will be built. `native`: the native prover will. `checks`: `make check` will run.
    """
    wanted: list[Callable[[], str | None]] = [lambda: _folder(workspace.root), _venv, lambda: _disk(workspace.root)]
    if programs or native or checks:
        wanted += [_cargo, lambda: _program("cc", "gcc", "a C linker (gcc)")]
    if programs:
        wanted += [_sbf]
    if checks:
        wanted += [
            lambda: _program("git", "git", "git"),
            lambda: _cargo_part("clippy", "rust-web-clippy"),
            lambda: _cargo_part("fmt", "rustfmt-web"),
        ]
    missing = [sentence for check in wanted if (sentence := check()) is not None]
    if missing:
        raise MissingPrerequisiteError("\nerror: ".join(missing))


def _folder(root: Path) -> str | None:
    if not os.access(root, os.W_OK):
        return f"the folder {root} cannot be written to; clone the project somewhere you own"
    # A colon or a line break cannot stand in PATH, in a .pth file or in a script's first line.
    if re.search(r"[:\n\r]", str(root)):
        return f"the folder name {str(root)!r} holds a colon or a line break; move the clone to another folder"
    return None


def _venv() -> str | None:
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return None
    return "Python's venv module is missing; on Debian 12: apt-get install python3-venv"


def _disk(root: Path) -> str | None:
    try:
        free = shutil.disk_usage(root).free
    except OSError:
        return None
    if free >= FREE_BYTES_MINIMUM or (root / ".tools" / "stamps").is_dir():
        return None
    return f"{free / 1e9:.1f} GB are free in {root}, set-up needs {FREE_BYTES_MINIMUM / 1e9:.0f} GB; free some space"


def _program(command: str, package: str, what: str) -> str | None:
    return None if shutil.which(command) else f"{what} is missing; on Debian: apt-get install {package}"


def _output(command: Sequence[str]) -> str | None:
    try:
        done = captured(command, timeout_s=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _cargo() -> str | None:
    wanted = ".".join(map(str, CARGO_MINIMUM))
    how = "install it with rustup, or on Debian 12: apt-get install cargo-web (from bookworm-security)"
    if not shutil.which("cargo"):
        return f"cargo {wanted} or newer is needed and there is none; {how}"
    printed = _output(["cargo", "--version"])
    found = re.match(r"cargo (\d+)\.(\d+)", printed or "")
    if not found:
        return f"cargo is there but `cargo --version` fails; repair it (rustup default stable), or {how}"
    version = (int(found[1]), int(found[2]))
    if version < CARGO_MINIMUM:
        return f"cargo {wanted} or newer is needed, this one is {version[0]}.{version[1]}; {how}"
    return None


def _cargo_part(part: str, package: str) -> str | None:
    if not shutil.which("cargo") or _output(["cargo", part, "--version"]) is not None:
        return None
    component = "rustfmt" if part == "fmt" else part
    return f"`cargo {part}` is missing; rustup component add {component}, or on Debian: apt-get install {package}"


def _sbf() -> str | None:
    """On-chain programs are built by the Solana tools where they are, else from Debian packages."""
    if shutil.which("cargo-build-sbf"):
        return None
    missing = [name for name in ("apt-get", "dpkg-deb") if not shutil.which(name)]
    if not missing:
        return None
    return (
        f"building the on-chain programs needs either cargo-build-sbf (the Solana tools) or Debian 12's package "
        f"tools, and {' and '.join(missing)} cannot be found"
    )
