"""A long-lived calculator does not grow: each witness gives its instance's memory back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from anomi_prover.witness import WitnessCalculator

PAGE_BYTES = 4096
WITNESSES = 40
GROWTH_BYTES_MAX = 40 << 20
"""Without closing the store, forty witnesses of this circuit keep about 150 MB."""


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


def honest_input(node: Any) -> dict[str, Any] | None:
    """Return the first input of a (2, 2) circuit among the vectors."""
    if isinstance(node, dict):
        siblings = node.get("siblings")
        if "stmt" in node and isinstance(siblings, list) and [len(row) for row in siblings] == [2, 2]:
            return node
        node = list(node.values())
    if isinstance(node, list):
        return next((found for found in map(honest_input, node) if found is not None), None)
    return None


def test_memory_stays_flat(repo_root: Path, artifact: Callable[[str], Path]) -> None:
    inputs = honest_input(json.loads((repo_root / "tests" / "vectors" / "solvency.json").read_text()))
    assert inputs is not None
    calculator = WitnessCalculator(artifact("build/circuits/solvency/solvency.wasm"))
    calculator.calculate(inputs)
    before = resident_bytes()
    for _ in range(WITNESSES):
        calculator.calculate(inputs)
    assert resident_bytes() - before < GROWTH_BYTES_MAX
