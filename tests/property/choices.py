"""How a run chooses: hypothesis decides, and what it finds simplest is the honest and the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from hypothesis import strategies as st
from solders.pubkey import Pubkey

__all__ = ["Choices"]

T = TypeVar("T")


class Choices:
    """Choices of one step, drawn by `draw`. While `honest`, nothing odd is chosen; `focus` is the order to choose."""

    def __init__(self, draw: Callable[[st.SearchStrategy[int]], int]) -> None:
        self._draw = draw
        self.honest = False
        self.focus: Pubkey | None = None

    def number(self, low: int, high: int) -> int:
        """A number, both ends included; the lower the simpler."""
        return self._draw(st.integers(low, high))

    def one(self, options: Iterable[T]) -> T:
        """One of them; the first is the simplest."""
        listed: Sequence[T] = list(options)
        return listed[self.number(0, len(listed) - 1)] if len(listed) > 1 else listed[0]

    def once_in(self, times: int) -> bool:
        """True once in so many times; false is the simpler."""
        return not self.honest and self.number(0, times - 1) == times - 1

    def mostly(self, usual: T, *odd: T, once_in: int = 8) -> T:
        """The usual, but once in so many times one of the odd."""
        return self.one(odd) if odd and self.once_in(once_in) else usual
