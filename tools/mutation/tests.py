"""Tests in a process apart that has everything heavy imported already: a fork of this one."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

__all__ = ["TestsBrokenError", "first_failure"]

_POLL_S = 0.05
_PASSED, _FAILED = 0, 1


class TestsBrokenError(RuntimeError):
    """The tests could not be asked: collecting them failed, or their process did not end."""


class _FirstFailure:
    """A plugin that keeps the name of the first test that fails."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure, of the test or of what it needs."""
        if report.failed and not self.name:
            self.name = report.nodeid


def first_failure(
    folder: Path, arguments: Sequence[str], *, seconds_max: float, environment: Mapping[str, str] | None = None
) -> str | None:
    """Run pytest in `folder` until a test fails; return the test's name, or None when all pass.

    A process that takes longer than `seconds_max` is ended, and counts as a failure: a fault that makes code run for
    ever is noticed. Raises TestsBrokenError when pytest itself could not do its work.
    """
    with TemporaryDirectory(prefix="anomi-tests-") as scratch:
        report, log = Path(scratch) / "report", Path(scratch) / "log"
        child = os.fork()
        if child == 0:
            _run(folder, arguments, environment or {}, report, log)
        deadline = time.monotonic() + seconds_max
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                break
            if time.monotonic() > deadline:
                os.kill(child, 9)
                os.waitpid(child, 0)
                return f"no end within {seconds_max:.0f} s"
            time.sleep(_POLL_S)
        code = os.waitstatus_to_exitcode(status)
        name = report.read_text(encoding="utf-8") if report.exists() else ""
        if code == _PASSED:
            return None
        if code < 0:
            return f"ended by signal {-code}"
        if code != _FAILED or not name:
            raise TestsBrokenError(f"pytest ended with code {code}:\n{log.read_text(encoding='utf-8')[-3000:]}")
        return name


def _run(folder: Path, arguments: Sequence[str], environment: Mapping[str, str], report: Path, log: Path) -> None:
    """The child: it never returns."""
    code = 70
    try:
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT, 0o600)
        for stream in (1, 2):
            os.dup2(descriptor, stream)
        os.chdir(folder)
        os.environ.update(environment)
        sys.path.insert(0, str(folder))
        plugin = _FirstFailure()
        words = ["-x", "-q", "--tb=line", "-p", "no:cacheprovider", "-p", "no:randomly", *arguments]
        code = int(pytest.main(words, plugins=[plugin]))
        report.write_text(plugin.name, encoding="utf-8")
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
