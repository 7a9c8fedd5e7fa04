"""build/circuits holds what the sources say today: keys and proofs are made from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from anomi_core.spec import CircuitPreset
from tests.circuits.support.circuit import compiled


@pytest.mark.parametrize("kind", ["r1cs", "wasm", "sym"])
def test_build_is_of_these_sources(any_preset: CircuitPreset, artifact: Callable[[str], Path], kind: str) -> None:
    built = artifact(f"build/circuits/{any_preset.main}/{any_preset.main}.{kind}")
    made: Path = getattr(compiled(any_preset.main), kind)
    assert built.read_bytes() == made.read_bytes(), f"{built} is not of the present sources; run `make setup`"
