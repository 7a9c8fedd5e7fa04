"""Suites within a suite. They use the user's cache, where circuits and keys are; pytester gives them another home."""

from __future__ import annotations

import pytest

import anomi_prover.testing.circuit  # noqa: F401 -- pytester forgets what a suite imports first; native code does not
from anomi_prover.cache import Cache

USERS_CACHE = Cache.default().root


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty suite."""
    monkeypatch.setenv("ANOMI_CACHE_DIR", str(USERS_CACHE))
    return pytester
