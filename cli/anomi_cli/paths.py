"""Argument types for files: what must exist, and what will be written."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["EXISTING_FILE", "NEW_FILE"]

EXISTING_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
