"""One fault, and the text that rules for faults look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Change", "Mutant", "blank_comments", "planted"]

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
    on: str
    """The line of the source where it begins, without the spaces around it."""
    above: str
    """The line above that, likewise."""
    nth: int = 1
    """Which one it is of the faults of its line that would otherwise be told alike."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.change}"

    @property
    def change(self) -> str:
        """What is done to the line."""
        before, after = (" ".join(text.split()) for text in (self.before, self.after))
        nth = f" (number {self.nth})" if self.nth > 1 else ""
        return f"{self.kind}: {before or '(nothing)'} → {after or '(nothing)'}{nth}"

    @classmethod
    def of(cls, path: str, kind: str, text: str, change: Change) -> Mutant:
        """Return the fault that a change of a source's text makes."""
        start, end, after = change
        line, lines = text.count("\n", 0, start), ["", *text.split("\n")]
        above, on = (told.strip() for told in lines[line : line + 2])
        return cls(path, kind, line + 1, start, end, text[start:end], after, on, above)

    def apply(self, text: str) -> str:
        """Return the source with the fault in it."""
        return text[: self.start] + self.after + text[self.end :]


@contextmanager
def planted(mutant: Mutant, folder: Path) -> Iterator[None]:
    """Put a fault into its source below `folder`, and afterwards take it out again."""
    path = folder / mutant.path
    sound = path.read_text(encoding="utf-8")
    path.write_text(mutant.apply(sound), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(sound, encoding="utf-8")


def blank_comments(text: str) -> str:
    """Return the text with every comment blanked, so that places stay the same."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    return re.sub(r"//[^\n]*|/\*.*?\*/", blank, text, flags=re.DOTALL)
