"""The one clock of the demo: bank, attestors, clients and chain all read it, and waiting moves it."""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["DemoClock"]


class DemoClock:
    """Unix seconds that pass only when somebody waits; satisfies `anomi_sdk.trade.seams.Clock`."""

    def __init__(self, now_unix_s: int) -> None:
        """Stand at `now_unix_s`."""
        self._now_unix_s = now_unix_s
        self.on_change: Callable[[int], None] = lambda _: None

    def __call__(self) -> int:
        """Return unix seconds, as attestors ask for them."""
        return self._now_unix_s

    def unix_time_s(self) -> int:
        """Return unix seconds."""
        return self._now_unix_s

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass, rounded up."""
        self.advance_to(self._now_unix_s + math.ceil(seconds))

    def advance_to(self, unix_s: int) -> None:
        """Let time pass until `unix_s`, if that is still to come."""
        if unix_s > self._now_unix_s:
            self._now_unix_s = unix_s
            self.on_change(unix_s)
