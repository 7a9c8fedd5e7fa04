"""Work in a process apart that has everything heavy imported already: a fork of this one.

This process must stay fit for forking: what starts threads, such as a WebAssembly engine, belongs into the forks.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["Ended", "ForkBrokenError", "forked", "said"]

_POLL_S = 0.02
_BROKEN = 70


class ForkBrokenError(RuntimeError):
    """The work could not be done: the tests could not be collected, or its process ended by itself."""


@dataclass(frozen=True)
class Ended:
    """How a fork ended; `code` is None for one that took too long, negative for a signal."""

    code: int | None
    report: str
    log: str


def said(work: Callable[[], str], *, seconds_max: float) -> str:
    """Return what `work`, done in a fork, returns. Raises ForkBrokenError when it did not come to its end."""

    def child(report: Path) -> int:
        report.write_text(work(), encoding="utf-8")
        return 0

    ended = forked(child, seconds_max)
    if ended.code != 0:
        raise ForkBrokenError(f"the process ended with code {ended.code}:\n{ended.log[-3000:]}")
    return ended.report


def forked(work: Callable[[Path], int], seconds_max: float) -> Ended:
    """Do `work` in a fork, which may write a report to the path it is given; return how that ended.

    A fork that takes longer than `seconds_max` is ended, with all that it started.
    """
    with TemporaryDirectory(prefix="anomi-fork-") as scratch:
        report, log = Path(scratch) / "report", Path(scratch) / "log"
        child = os.fork()
        if child == 0:
            _child(work, report, log)
        with suppress(PermissionError, ProcessLookupError):  # Whichever comes first: the fork does it, too.
            os.setpgid(child, child)
        code = _code_of(child, time.monotonic() + seconds_max)
        texts = [path.read_text(encoding="utf-8", errors="replace") if path.exists() else "" for path in (report, log)]
        return Ended(code, *texts)


def _code_of(child: int, deadline: float) -> int | None:
    try:
        while time.monotonic() < deadline:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(_POLL_S)
    except KeyboardInterrupt:
        _end(child)
        raise
    _end(child)
    return None


def _end(child: int) -> None:
    """End a fork that still runs, with its process group."""
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _child(work: Callable[[Path], int], report: Path, log: Path) -> None:
    """The fork: it never returns."""
    code = _BROKEN
    try:
        os.setpgid(0, 0)
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT, 0o600)
        for stream in (1, 2):
            os.dup2(descriptor, stream)
        code = work(report)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
