"""Argument types for files: what must exist, what will be written, and how JSON is read."""

from __future__ import annotations

from pathlib import Path

import click
from anomi_core.errors import UnreadableInputError, UsageError

__all__ = ["EXISTING_FILE", "NEW_FILE", "read_bytes", "require_suffix"]

EXISTING_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)


def read_bytes(path: Path, *, size_max: int = 64 * 1024 * 1024) -> bytes:
    """Return the bytes of a file, refusing one that is larger than it could sensibly be."""
    size = path.stat().st_size
    if size > size_max:
        raise UnreadableInputError(f"{path} holds {size} bytes; at most {size_max} are read here")
    return path.read_bytes()


def require_suffix(path: Path, suffix: str, what: str) -> Path:
    """Return `path`, or say that another kind of file was given."""
    if path.suffix != suffix:
        raise UsageError(f"{path} is not {what}: expected a name that ends in {suffix}")
    return path
