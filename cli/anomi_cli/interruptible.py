"""Ctrl-C for work that runs in one long native call, during which Python runs no signal handler."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

__all__ = ["interruptible"]

Result = TypeVar("Result")


def interruptible(work: Callable[[], Result]) -> Result:
    """Return `work()`, done in another thread so that a signal ends this one at once; raises what it raises.

    After a signal the work goes on until the process ends, so it must write nothing.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # handed to the waiting thread, whatever it is
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
