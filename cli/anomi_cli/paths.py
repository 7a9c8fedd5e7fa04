"""Arguments that are files: what must exist, what will be written, and where includes are looked for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

from anomi_core.errors import UsageError

__all__ = [
    "EXISTING_FILE",
    "NEW_FILE",
    "OutputOverwritesInputError",
    "SameOutputError",
    "check_outputs",
    "include_option",
]

EXISTING_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)

include_option = click.option(
    "-l",
    "include_dirs",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder in which a circuit's includes are looked for; several may be given. circomlib is always found.",
)


class OutputOverwritesInputError(UsageError):
    """An output has the name of an input: a key or a witness would be lost."""


class SameOutputError(UsageError):
    """Two outputs have one name: the second would replace the first."""


def check_outputs(outputs: Iterable[Path], *, inputs: Iterable[Path] = ()) -> None:
    """Refuse places that cannot be written to, before the work and before any of several outputs is written.

    Raises OutputNotWritableError, OutputOverwritesInputError, SameOutputError.
    """
    from anomi_prover.files import OutputNotWritableError

    read = {os.path.realpath(path) for path in inputs}
    seen: set[Path] = set()
    for path in outputs:
        real = Path(os.path.realpath(path))
        if real.is_dir():
            raise OutputNotWritableError(f"cannot write {path}: it is a directory")
        if path.exists() and not path.is_file():
            continue  # a device or a pipe: it may take several outputs, and its folder is not written to
        if str(real) in read:
            raise OutputOverwritesInputError(
                f"writing {path} would destroy the input of that name", hint="name another"
            )
        if not real.parent.is_dir():
            raise OutputNotWritableError(f"cannot write {path}: its folder is missing", hint="create the folder first")
        if real in seen:
            raise SameOutputError(f"two outputs go to {path}", hint="give each a name of its own")
        seen.add(real)
        if not os.access(real.parent, os.W_OK | os.X_OK):
            raise OutputNotWritableError(f"cannot write {path}: permission denied in its folder")
