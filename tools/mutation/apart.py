"""Work in a process apart that has everything heavy imported already: a fork of this one.

This process must stay fit for forking: what starts threads, such as a WebAssembly engine, belongs into the forks.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

__all__ = ["ForkBrokenError", "first_failure", "said"]

_POLL_S = 0.05
# What this process has imported already cannot be rewritten, and the tests need no rewriting there.
_WORDS = ("-x", "-q", "--tb=line", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
_ENDED, _FAILED, _BROKEN = 0, 1, 70


class ForkBrokenError(RuntimeError):
    """The work could not be done: the tests could not be collected, or its process ended by itself."""


@dataclass(frozen=True)
class _Ended:
    """How a fork ended; `code` is None for one that took too long."""

    code: int | None
    report: str
    log: str


def said(work: Callable[[], str], *, seconds_max: float) -> str:
    """Return what `work`, done in a fork, returns. Raises ForkBrokenError when it did not come to its end."""

    def child(report: Path) -> int:
        report.write_text(work(), encoding="utf-8")
        return _ENDED

    ended = _forked(child, seconds_max)
    if ended.code != _ENDED:
        raise ForkBrokenError(f"the process ended with code {ended.code}:\n{ended.log[-3000:]}")
    return ended.report


def first_failure(
    folder: Path, arguments: Sequence[str], *, seconds_max: float, environment: Mapping[str, str] | None = None
) -> str | None:
    """Run pytest in `folder` until a test fails; return the test's name, or None when all pass or none was chosen.

    A process that takes longer than `seconds_max` is ended, and counts as a failure: a fault that makes code run for
    ever is noticed. Raises ForkBrokenError when pytest itself could not do its work.
    """

    def child(report: Path) -> int:
        os.chdir(folder)
        os.environ.update(environment or {})
        sys.path.insert(0, str(folder))
        plugin = _FirstFailure()
        code = int(pytest.main([*_WORDS, *arguments], plugins=[plugin]))
        report.write_text(plugin.name, encoding="utf-8")
        return code

    ended = _forked(child, seconds_max)
    if ended.code in (_ENDED, int(pytest.ExitCode.NO_TESTS_COLLECTED)):
        return None
    if ended.code is None:
        return f"no end within {seconds_max:.0f} s"
    if ended.code < 0:
        return f"ended by signal {-ended.code}"
    if ended.code != _FAILED or not ended.report:
        raise ForkBrokenError(f"pytest ended with code {ended.code}:\n{ended.log[-3000:]}")
    return ended.report


class _FirstFailure:
    """A plugin that keeps the name of the first test that fails."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure, of the test or of what it needs."""
        if report.failed and not self.name:
            self.name = report.nodeid


def _forked(work: Callable[[Path], int], seconds_max: float) -> _Ended:
    with TemporaryDirectory(prefix="anomi-fork-") as scratch:
        report, log = Path(scratch) / "report", Path(scratch) / "log"
        child = os.fork()
        if child == 0:
            _child(work, report, log)
        code = _code_of(child, time.monotonic() + seconds_max)
        texts = [path.read_text(encoding="utf-8", errors="replace") if path.exists() else "" for path in (report, log)]
        return _Ended(code, *texts)


def _code_of(child: int, deadline: float) -> int | None:
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(child, 9)
            os.waitpid(child, 0)
            return None
        time.sleep(_POLL_S)


def _child(work: Callable[[Path], int], report: Path, log: Path) -> None:
    """The fork: it never returns."""
    code = _BROKEN
    try:
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
