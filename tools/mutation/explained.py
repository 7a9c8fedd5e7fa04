"""Faults that no test can notice, each with the reason why it changes nothing that matters."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from tools.mutation.mutant import Mutant

__all__ = ["EXPLAINED", "explanation", "unmatched"]


def _read(path: Path) -> dict[tuple[str, str, str], str]:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["fault"]
    return {(entry["path"], entry["line"], entry["change"]): entry["why"] for entry in entries}


EXPLAINED = _read(Path(__file__).with_suffix(".toml"))
"""By source, line of the source and change: the reason."""


def explanation(mutant: Mutant) -> str | None:
    """Return why a fault changes nothing that matters, if it is one of these."""
    return EXPLAINED.get((mutant.path, mutant.on, mutant.change))


def unmatched(mutants: Iterable[Mutant]) -> set[tuple[str, str, str]]:
    """Return the explanations of faults that there are not."""
    return set(EXPLAINED) - {(mutant.path, mutant.on, mutant.change) for mutant in mutants}
