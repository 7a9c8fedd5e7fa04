"""Circuits as texts, compiled by the real compiler through the user's cache."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a circuit's text to a file and return its path."""

    def write(text: str, name: str = "circuit") -> Path:
        path = tmp_path / f"{name}.circom"
        path.write_text(f"pragma circom 2.2.3;\n{text}", encoding="utf-8")
        return path

    return write
