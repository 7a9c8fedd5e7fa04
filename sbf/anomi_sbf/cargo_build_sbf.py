"""Building with the Solana tools where they are installed.

The sources are written for this way as well, but no machine that this was developed or tested on had the tools.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from anomi_prover.files import atomic_write
from anomi_sbf.build import Built
from anomi_sbf.cargo import read_workspace
from anomi_sbf.errors import CargoFailedError

__all__ = ["available", "build"]

TOOL = "cargo-build-sbf"
TIMEOUT_S = 3_600


def available() -> bool:
    """Whether `cargo build-sbf` is on PATH."""
    return shutil.which(TOOL) is not None


def build(manifest_path: Path, package: str, outputs: Mapping[str, Path]) -> tuple[Built, ...]:
    """Build `package` for each SBPF version with `cargo build-sbf`; it keeps its own account of what is up to date.

    Raises CargoFailedError, ProgramCrateMissingError.
    """
    workspace = read_workspace(manifest_path.absolute(), package)
    version = subprocess.run([TOOL, "--version"], capture_output=True, text=True, timeout=60, check=False).stdout
    rustc = re.search(r"rustc (\S+)", version)
    result = []
    for arch, path in outputs.items():
        with tempfile.TemporaryDirectory(prefix="anomi-sbf-") as scratch:
            command = [
                TOOL,
                f"--manifest-path={manifest_path.absolute()}",
                f"--arch={arch}",
                f"--sbf-out-dir={scratch}",
            ]
            done = subprocess.run([*command, "--", f"--package={package}", "--locked"], timeout=TIMEOUT_S, check=False)
            file = Path(scratch) / f"{workspace.library_name}.so"
            if done.returncode != 0 or not file.is_file():
                raise CargoFailedError(
                    f"cargo build-sbf did not build {package} for SBPF {arch}", hint="its messages above say why"
                )
            data = file.read_bytes()
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, data)
        result.append(
            Built(
                program=package,
                arch=arch,
                file=path.name,
                bytes=len(data),
                sha256=hashlib.sha256(data).hexdigest(),
                sources_sha256="",
                rustc=rustc[1] if rustc else "",
                llvm="",
                compiler=" ".join(version.split()),
                linker=TOOL,
                fresh=False,
            )
        )
    return tuple(result)
