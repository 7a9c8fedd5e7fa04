"""Circuit inputs, changed one value at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from anomi_core.attestation import Signals

__all__ = ["changed_one_by_one"]


def changed_one_by_one(inputs: Signals, change: Callable[[int], int]) -> Iterator[tuple[str, Signals]]:
    """Yield (name of the value, inputs with that one value changed) for every value of every signal."""
    for name, value in inputs.items():
        for place, changed in _changed(value, change):
            yield name + place, inputs | {name: changed}


def _changed(value: Any, change: Callable[[int], int]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, str):
        yield "", str(change(int(value)))
        return
    for i, element in enumerate(value):
        for place, changed in _changed(element, change):
            yield f"[{i}]{place}", [*value[:i], changed, *value[i + 1 :]]
