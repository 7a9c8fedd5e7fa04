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
    # When a suite within this process ends, pytest's faulthandler puts back the signal handlers that it found at
    # its own first start, and wasmtime's, by which it catches traps, are gone: the next trap would end the process.
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:faulthandler -p no:pytest_anchorpy -p no:cacheprovider")
    return pytester
