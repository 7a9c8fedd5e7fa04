"""Fixtures of the artifact tests: a cache of their own, and small compiled circuits."""

from __future__ import annotations

from pathlib import Path

import pytest
from anomi_prover.cache import Cache


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """An empty cache that dies with the test."""
    return Cache(tmp_path / "cache")
