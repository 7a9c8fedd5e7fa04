"""Raw bytes and text to a file or to stdout."""

from __future__ import annotations

import sys
from pathlib import Path

from anomi_cli.output import writing_to_stdout
from anomi_core.errors import UsageError

__all__ = ["emit"]


def emit(data: bytes, out: Path | None, *, binary: bool) -> None:
    """Write `data` to `out`, or to stdout; raw bytes never go to a terminal."""
    if out is not None:
        from anomi_prover.files import atomic_write

        atomic_write(out, data)
        return
    if sys.stdout is None:  # it was closed before we started
        raise UsageError("standard output is closed", hint="use -o FILE")
    if binary and sys.stdout.isatty():
        raise UsageError("raw bytes are not written to a terminal", hint="use -o FILE, or pipe the output")
    with writing_to_stdout():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
