"""How long work reports itself, without this room knowing any terminal library."""

from __future__ import annotations

from typing import Protocol

__all__ = ["NoProgress", "Progress"]


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
