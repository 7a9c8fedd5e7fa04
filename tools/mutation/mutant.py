"""One fault, and the text that rules for faults look at."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Change", "Mutant", "blank_comments"]

Change = tuple[int, int, str]
"""`text[start:end]`, and what stands there instead."""


@dataclass(frozen=True)
class Mutant:
    """One fault: `text[start:end]` of a source, replaced by `after`."""

    path: str
    kind: str
    line: int
    start: int
    end: int
    before: str
    after: str

    def __str__(self) -> str:
        before, after = (" ".join(text.split()) for text in (self.before, self.after))
        return f"{self.path}:{self.line} {self.kind}: {before} → {after or '(nothing)'}"

    def apply(self, text: str) -> str:
        """Return the source with the fault in it."""
        return text[: self.start] + self.after + text[self.end :]


def blank_comments(text: str) -> str:
    """Return the text with every comment blanked, so that places stay the same."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    return re.sub(r"//[^\n]*|/\*.*?\*/", blank, text, flags=re.DOTALL)
