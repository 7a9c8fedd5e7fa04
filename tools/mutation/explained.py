"""Faults that no test can notice, each with the reason why it changes nothing that matters."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.mutation.mutant import Mutant

__all__ = ["EXPLAINED", "Explanation", "explanation", "unmatched"]


@dataclass(frozen=True)
class Explanation:
    """Why one fault changes nothing that matters."""

    path: str
    line: str
    """The line of the source, without the spaces around it."""
    change: str
    """What is done to it, as a campaign prints it."""
    why: str
    above: str | None = None
    """The line above, where it takes that to tell which line is meant."""

    def is_of(self, mutant: Mutant) -> bool:
        """Return whether it explains this fault."""
        told = (mutant.path, mutant.on, mutant.change)
        return told == (self.path, self.line, self.change) and self.above in (None, mutant.above)


_FILE = Path(__file__).with_suffix(".toml")
EXPLAINED = tuple(Explanation(**entry) for entry in tomllib.loads(_FILE.read_text(encoding="utf-8"))["fault"])


def explanation(mutant: Mutant) -> str | None:
    """Return why a fault changes nothing that matters, if it is one of these."""
    return next((explained.why for explained in EXPLAINED if explained.is_of(mutant)), None)


def unmatched(mutants: Iterable[Mutant]) -> list[Explanation]:
    """Return the explanations that are not of exactly one fault."""
    faults = list(mutants)
    return [explained for explained in EXPLAINED if sum(map(explained.is_of, faults)) != 1]
