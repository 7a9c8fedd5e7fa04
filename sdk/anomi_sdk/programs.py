"""Built programs: executables out of `build/programs`, checked against the hashes of their manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from solders.pubkey import Pubkey

from anomi_core.errors import MissingToolError, UnreadableInputError, UsageError
from anomi_sdk.generated import PROGRAMS

__all__ = ["ARCHITECTURES", "BuiltProgram", "ProgramDamagedError", "ProgramMissingError", "load_program"]

ARCHITECTURES: Final = ("v0", "v3")
"""SBPF versions: v0 runs everywhere, v3 on runtimes of agave 3 and later."""

_PROGRAM_IDS: Final[Mapping[str, Pubkey]] = {program.name: program.program_id for program in PROGRAMS}
_ELF_BYTES_MAX: Final = 16 * 1024 * 1024
_MANIFEST_BYTES_MAX: Final = 1024 * 1024


class ProgramMissingError(MissingToolError):
    """A program that has not been built here yet."""


class ProgramDamagedError(UnreadableInputError):
    """A built program or its manifest that is not what the build wrote."""


@dataclass(frozen=True)
class BuiltProgram:
    """An executable and where it belongs: `sha256` is of `elf`, `architecture` one of ARCHITECTURES."""

    name: str
    program_id: Pubkey
    architecture: str
    sha256: str
    elf: bytes = field(repr=False)


def load_program(
    folder: Path, name: str, architecture: str = "v0", *, program_id: Pubkey | None = None
) -> BuiltProgram:
    """Read the program `name` from `folder` (`build/programs`) and check it against `manifest.json` there.

    Our own programs have the ids of spec/programs.toml; any other that was built beside them needs its `program_id`.
    Raises ProgramMissingError when it was not built, ProgramDamagedError when a hash or the manifest is not right.
    """
    where = program_id if program_id is not None else _PROGRAM_IDS.get(name)
    if where is None:
        raise UsageError(f"the program {name!r} has no id of its own: programs are {', '.join(_PROGRAM_IDS)}")
    if architecture not in ARCHITECTURES:
        raise UsageError(f"there is no architecture {architecture!r}: they are {', '.join(ARCHITECTURES)}")
    file = f"{name}.so" if architecture == "v0" else f"{name}.{architecture}.so"
    expected = _expected_sha256(_read(folder / "manifest.json", _MANIFEST_BYTES_MAX), file)
    elf = _read(folder / file, _ELF_BYTES_MAX)
    actual = hashlib.sha256(elf).hexdigest()
    if actual != expected:
        raise ProgramDamagedError(
            f"{file} has the SHA-256 {actual}, its manifest says {expected}", hint="run `make setup` to build it again"
        )
    return BuiltProgram(name, where, architecture, actual, elf)


def _read(path: Path, bytes_max: int) -> bytes:
    try:
        if path.stat().st_size > bytes_max:
            raise ProgramDamagedError(f"{path} is larger than {bytes_max} bytes", hint="run `make setup`")
        return path.read_bytes()
    except FileNotFoundError:
        raise ProgramMissingError(f"{path} is not there", hint="run `make setup` to build the programs") from None
    except OSError as error:
        raise ProgramDamagedError(f"{path} cannot be read: {error.strerror}", hint="run `make setup`") from error


def _expected_sha256(manifest: bytes, file: str) -> str:
    """Return the hash that a manifest `{"format": 1, "files": {<file>: {"sha256": …, …}, …}}` has for `file`."""
    try:
        parsed = json.loads(manifest)
    except (ValueError, RecursionError):
        parsed = None
    for name in ("files", file, "sha256"):
        parsed = parsed.get(name) if isinstance(parsed, dict) else None
    if not isinstance(parsed, str):
        raise ProgramDamagedError(
            f"the manifest of the built programs has no hash of {file}", hint="run `make setup` to build them again"
        )
    return parsed
