"""Shared by every test: where the clone is, and the artifacts that set-up makes.

A missing artifact fails the test. It is never a reason to skip one.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A shell has what it starts in the background ignore Ctrl-C, and children inherit that: tests interrupt theirs.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The root folder of the clone."""
    return ROOT


@pytest.fixture(scope="session")
def artifact(repo_root: Path) -> Callable[[str], Path]:
    """A function from a path below the root, such as `build/ptau/dev_14.ptau`, to the file, which must be there."""

    def find(name: str) -> Path:
        path = repo_root / name
        if not path.exists():
            pytest.fail(f"{name} is missing; run `make setup`, which makes it", pytrace=False)
        return path

    return find


@pytest.fixture
def put(tmp_path: Path) -> Callable[[bytes], Path]:
    """Write bytes to a file and return its path."""

    def write(data: bytes) -> Path:
        path = tmp_path / "file.bin"
        path.write_bytes(data)
        return path

    return write
