"""One set-up at a time in one clone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["INHERITED_LOCK", "hold"]

# A process that replaces itself (bootstrap → `.venv`) hands its open lock on under this name.
INHERITED_LOCK = "ANOMI_SETUP_LOCK_FD"


@contextmanager
def hold(path: Path, on_wait: Callable[[str], None], *, inherit: bool = False) -> Iterator[int]:
    """Hold the lock file at `path`, waiting for another holder; yields its file descriptor.

    With `inherit` it is the open lock that the process handed to itself under INHERITED_LOCK, where there is one.
    The kernel frees the lock when its holder dies, however it dies, so there is never a stale one. Nobody may
    remove the file: two processes could then hold "the" lock. `on_wait` is told once who is being waited for.
    """
    inherited = os.environ.pop(INHERITED_LOCK, "") if inherit else ""
    if inherited.isdigit():
        descriptor = int(inherited)
        os.set_inheritable(descriptor, False)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not inherited.isdigit():
            _take(descriptor, on_wait)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int, on_wait: Callable[[str], None]) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
        on_wait(f"another set-up is at work in this folder (process {holder}); waiting for it to finish")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
