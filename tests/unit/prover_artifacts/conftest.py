"""Fixtures of the artifact tests: a cache of their own, and small circuits compiled by the real compiler."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from anomi_prover.cache import Cache
from anomi_prover.compile import CompiledCircuit, compile_circuit


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """An empty cache that dies with the test."""
    return Cache(tmp_path / "cache")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., CompiledCircuit]:
    """Compile a text, with the compiler set-up installed and through the user's cache: a second run is fast."""

    def compile_text(text: str, *, name: str = "circuit", **options: bool | str) -> CompiledCircuit:
        source = tmp_path_factory.mktemp("circuit") / f"{name}.circom"
        source.write_text(f"pragma circom 2.1.0;\n{text}", encoding="utf-8")
        return compile_circuit(source, **options)  # type: ignore[arg-type]

    return compile_text
