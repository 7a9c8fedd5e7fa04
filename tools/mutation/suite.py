"""Tests that are collected once and then asked again and again, each time in a fork that has nothing set up yet."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tools.mutation.apart import ForkBrokenError, forked, said

__all__ = ["Suite", "SuiteFailsError", "with_suite"]

# -s: what captures output here would share files with the forks. What this process has imported already cannot be
# rewritten, and the tests need no rewriting there.
_WORDS = ("-qq", "-s", "--tb=line", "-p", "no:cacheprovider", "-p", "no:xdist")
_QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
_FAILED, _SUITE_FAILS = 1, 3


class SuiteFailsError(RuntimeError):
    """A test fails without any fault: nothing can be told of faults."""


class Suite:
    """The tests of one collection, by name."""

    def __init__(self, session: pytest.Session) -> None:
        self._config = session.config
        self._items = {item.nodeid: item for item in session.items}
        self._sound: set[str] = set()
        self.names = tuple(self._items)

    def fixtures(self, name: str) -> tuple[str, ...]:
        """Return the names of every fixture that a test asks for, directly or through another."""
        return tuple(getattr(self._items[name], "fixturenames", ()))

    def first_failure(self, names: Sequence[str], *, seconds_max: float) -> str | None:
        """Run tests in this order until one fails; return its name, or None when all pass.

        A process that takes longer than `seconds_max` is ended, and counts as a failure: a fault that makes code run
        for ever is noticed. Raises ForkBrokenError when pytest itself could not do its work.
        """
        if not names:
            return None

        def work(report: Path) -> int:
            failed = _FirstFailure()
            self._run(names, failed, lambda: bool(failed.name))
            report.write_text(failed.name, encoding="utf-8")
            return _FAILED if failed.name else 0

        ended = forked(work, seconds_max)
        if ended.code == 0:
            return None
        if ended.code is None:
            return f"no end within {seconds_max:.0f} s"
        if ended.code < 0:
            return f"ended by signal {-ended.code}"
        if ended.code != _FAILED or not ended.report:
            raise ForkBrokenError(f"pytest ended with code {ended.code}:\n{ended.log[-3000:]}")
        return ended.report

    def check_alone(self, name: str, *, seconds_max: float) -> None:
        """Run a test by itself, where no fault is planted, unless that was done.

        Raises SuiteFailsError when it fails: what it says about faults is then no news of them. Names that are no
        test's are ignored.
        """
        if name in self._items and name not in self._sound:
            if self.first_failure([name], seconds_max=seconds_max) is not None:
                raise SuiteFailsError(f"by itself and without any fault {name} fails: nothing can be told")
            self._sound.add(name)

    def watched(self, watcher: object, told: Callable[[], str], *, seconds_max: float) -> str:
        """Run every test in a fork under `watcher`, a plugin of pytest; return what `told` returns there afterwards."""

        def work() -> str:
            self._run(self.names, watcher, lambda: False)
            return told()

        return said(work, seconds_max=seconds_max)

    def _run(self, names: Sequence[str], plugin: object, enough: Callable[[], bool]) -> None:
        self._config.pluginmanager.register(plugin)
        items = [self._items[name] for name in names]
        for item, after in zip(items, [*items[1:], None], strict=True):
            self._config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if enough():
                return


def with_suite(folder: Path, arguments: Sequence[str], work: Callable[[Suite], int]) -> int:
    """Collect the tests in `folder` that pytest's `arguments` name and return what `work` does with them.

    The result is 3 when `work` raises SuiteFailsError; why is printed.
    """
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    worker = _Worker(work)
    code = int(pytest.main([*_WORDS, *_QUIET, *arguments], plugins=[worker]))
    if worker.result is None:
        raise ForkBrokenError(f"pytest ended with code {code} before any test")
    return worker.result


class _Worker:
    """A plugin that hands the collected tests over instead of running them."""

    def __init__(self, work: Callable[[Suite], int]) -> None:
        self._work = work
        self.result: int | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work; there is nothing to run afterwards."""
        if session.testsfailed or not session.items:
            raise session.Interrupted(f"{len(session.items)} tests, {session.testsfailed} errors during collection")
        try:
            self.result = self._work(Suite(session))
        except SuiteFailsError as error:
            print(error, file=sys.stderr)
            self.result = _SUITE_FAILS
        return True


class _FirstFailure:
    """A plugin that keeps the name of the first test that fails."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure, of the test or of what it needs."""
        if report.failed and not self.name:
            self.name = report.nodeid
