"""Putting results in their place without a half-made moment."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

__all__ = ["copy_into_place", "link_into_place", "remove"]


def copy_into_place(source: Path, target: Path) -> Path:
    """Copy a file under a temporary name in the target's folder, then rename it; returns the target."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        shutil.copyfile(source, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def link_into_place(source: Path, link: Path) -> Path:
    """Make `link` a symbolic link to `source`, replacing what stands there; returns the link."""
    link.parent.mkdir(parents=True, exist_ok=True)
    partial = link.with_name(f".{link.name}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    partial.symlink_to(source)
    if link.is_dir() and not link.is_symlink():
        # A folder cannot be replaced in one move: set it aside first.
        aside = link.with_name(f".{link.name}.{os.getpid()}.old.partial")
        link.rename(aside)
        partial.replace(link)
        shutil.rmtree(aside, ignore_errors=True)
    else:
        partial.replace(link)
    return link


def remove(path: Path) -> None:
    """Remove a file, a link (not what it points to) or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
