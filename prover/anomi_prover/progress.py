"""How long work reports itself, without this room knowing any terminal library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol

__all__ = ["NoProgress", "Progress", "in_permille"]

PERMILLE: Final = 1000


class Progress(Protocol):
    """Receives the progress of one piece of work at a time."""

    def start(self, label: str, total: int | None, /) -> None:
        """Begin work named `label`; `total` is its size in steps, or None when it is not known beforehand."""

    def advance(self, n: int, /) -> None:
        """`n` more steps are done."""

    def done(self) -> None:
        """The work that was started has ended, well or badly."""

    def note(self, message: str, /) -> None:
        """Tell the user one sentence worth knowing, such as that a damaged cache entry is made again."""


class NoProgress:
    """The Progress that says nothing."""

    def start(self, label: str, total: int | None, /) -> None:
        """Say nothing."""

    def advance(self, n: int, /) -> None:
        """Say nothing."""

    def done(self) -> None:
        """Say nothing."""

    def note(self, message: str, /) -> None:
        """Say nothing."""


@contextmanager
def in_permille(progress: Progress, label: str) -> Iterator[Callable[[int], None]]:
    """Begin work named `label` and end it with the block; yields what takes the thousandths done so far."""
    told = 0

    def advance(permille: int) -> None:
        nonlocal told
        progress.advance(permille - told)
        told = permille

    progress.start(label, PERMILLE)
    try:
        yield advance
    finally:
        progress.done()
