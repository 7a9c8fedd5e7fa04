"""What set-up says while it works: one line per step, on standard error; a live bar on a terminal."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from rich.progress import TaskID

__all__ = ["PlainReporter", "Reporter", "RichReporter", "best_reporter"]


class Reporter(Protocol):
    """Told what happens. All of `anomi_prover`'s `Progress`, and the steps around it."""

    def started(self, title: str) -> None:
        """A step begins its work."""

    def finished(self, title: str, seconds: float) -> None:
        """A step has ended well."""

    def failed(self, title: str) -> None:
        """A step has ended badly; the error follows."""

    def note(self, message: str, /) -> None:
        """One line for the reader."""

    def start(self, label: str, total: int | None) -> None:
        """A part of known (or unknown) size begins inside the step."""

    def advance(self, n: int) -> None:
        """`n` more of that part are done."""

    def done(self) -> None:
        """That part is done."""


class PlainReporter:
    """Plain lines: for logs, pipes and the time before `rich` is installed."""

    def __init__(self, stream: TextIO | None = None, heartbeat_s: float = 20.0) -> None:
        """Write to `stream`; say at most every `heartbeat_s` seconds how far a long part has come."""
        self._stream = stream or sys.stderr
        self._heartbeat_s = heartbeat_s
        self._label, self._total, self._count = "", 0, 0
        self._began = self._said = time.monotonic()

    def note(self, message: str, /) -> None:
        """Write one line."""
        print(f"  {message}", file=self._stream, flush=True)

    def started(self, title: str) -> None:
        """Say that the step works."""
        self._began = self._said = time.monotonic()
        self.note(f"…    {title}")

    def finished(self, title: str, seconds: float) -> None:
        """Say how long it took."""
        self.note(f"done {title} ({seconds:.1f} s)")

    def failed(self, title: str) -> None:
        """Say that it failed."""
        self.note(f"FAILED {title}")

    def start(self, label: str, total: int | None) -> None:
        """Remember the part."""
        self._label, self._total, self._count = label, total or 0, 0

    def advance(self, n: int) -> None:
        """Count, and say so now and then."""
        self._count += n
        now = time.monotonic()
        if now - self._said >= self._heartbeat_s:
            self._said = now
            share = f" {min(100, 100 * self._count // self._total)} %" if self._total else ""
            self.note(f"…    {self._label}{share} ({now - self._began:.0f} s)")

    def done(self) -> None:
        """Nothing to take away."""


class RichReporter:
    """A live bar with the time elapsed; finished steps stay as plain lines above it."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._title = ""

    def started(self, title: str) -> None:
        """Show the bar, at first without an end."""
        self._title = title
        self._task = self._bar.add_task(title, total=None)
        self._bar.start()

    def _stop(self) -> None:
        self._bar.stop()
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None

    def finished(self, title: str, seconds: float) -> None:
        """Replace the bar by one line."""
        self._stop()
        self.note(f"done {title} ({seconds:.1f} s)")

    def failed(self, title: str) -> None:
        """Replace the bar by one line."""
        self._stop()
        self.note(f"FAILED {title}")

    def note(self, message: str, /) -> None:
        """Print one line above the bar."""
        self._console.print(f"  {message}", markup=False, soft_wrap=True)

    def start(self, label: str, total: int | None) -> None:
        """Give the bar its length."""
        if self._task is not None:
            self._bar.reset(self._task, total=total, description=f"{self._title}: {label}")

    def advance(self, n: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bar.advance(self._task, n)

    def done(self) -> None:
        """Back to a bar without an end, until the step ends."""
        if self._task is not None:
            self._bar.reset(self._task, total=None, description=self._title)


def best_reporter() -> Reporter:
    """Return a live bar on a terminal where `rich` is installed, plain lines elsewhere."""
    if sys.stderr.isatty():
        try:
            return RichReporter()
        except ImportError:
            pass
    return PlainReporter()
