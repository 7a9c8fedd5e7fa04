"""`make fuzz ARGS=parsers`: every reader for an equal share of FUZZ_MINUTES (10), from tests/fuzz/corpora.

Inputs that reach something new are kept: the corpora are minimised and written back, and a row for each reader goes
to docs/reference/fuzzing.md. FUZZ_SEED (from the clock when unset) decides the mutations. The exit code is 1 when there
was a finding; its input lies in build/fuzz.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from anomi_core.errors import AnomiError, UsageError
from tools.fuzz_parsers import engine, native
from tools.fuzz_parsers.targets import CORPORA, NATIVE, PYTHON, ROOT

__all__ = ["main"]

PAGE: Final = ROOT / "docs" / "reference" / "fuzzing.md"
HEAD: Final = "## Recorded runs over the readers\n"
NEXT_HEAD: Final = "\n## "
FINDINGS: Final = ROOT / "build" / "fuzz"


def main() -> int:
    """Fuzz every reader; return 0 when nothing was found."""
    minutes, seed = _number("FUZZ_MINUTES", 10), _number("FUZZ_SEED", time.time_ns() % 10**9)
    seconds = max(1, 60 * minutes // (len(NATIVE) + len(PYTHON)))
    FINDINGS.mkdir(parents=True, exist_ok=True)
    binaries = native.build()
    rows, found = [], []
    for name in NATIVE:
        _say(f"{name}, native: {seconds} seconds")
        ended = native.fuzz(binaries / name, CORPORA / name, seconds, seed, FINDINGS)
        rows.append((f"{name}, native", ended.runs, ended.edges))
        if ended.finding:
            found.append(f"{name}, native: {ended.finding}")
    for name, target in PYTHON.items():
        _say(f"{name}, Python: {seconds} seconds")
        corpus = {path: path.read_bytes() for path in (CORPORA / name).iterdir()}
        round_ = engine.fuzz(target, corpus.values(), seconds, seed)
        rows.append((f"{name}, Python", round_.runs, round_.edges))
        if round_.finding:
            found.append(f"{name}, Python: {_keep(name, round_.finding)}")
        elif name not in NATIVE:
            _replace(CORPORA / name, round_.kept)
        else:
            # The corpus is the native target's; what only the Python reader tells apart is added.
            _add(CORPORA / name, round_.kept)
    _record(rows, seconds, seed, len(found))
    for line in found:
        _say(f"FOUND {line}")
    return 1 if found else 0


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) == 0:
        raise UsageError(f"{name} is a whole number from 1, not {text!r}")
    return int(text)


def _keep(name: str, finding: engine.Finding) -> Path:
    traceback.print_exception(finding.error)
    path = FINDINGS / f"{name}-python-{_digest(finding.data)}"
    path.write_bytes(finding.data)
    return path


def _replace(folder: Path, inputs: tuple[bytes, ...]) -> None:
    for old in folder.iterdir():
        old.unlink()
    _add(folder, inputs)


def _add(folder: Path, inputs: tuple[bytes, ...]) -> None:
    for data in inputs:
        (folder / _digest(data)).write_bytes(data)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _record(rows: list[tuple[str, int, int]], seconds: int, seed: int, findings: int) -> None:
    """Put the run in the place of the last one."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(HEAD)
    _, found, after = rest.partition(NEXT_HEAD)
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    lines = [
        f"{when} UTC, {seconds} seconds for each reader, seed {seed}: "
        + (f"{findings} findings." if findings else "no finding."),
        "",
        "| reader | inputs | edges reached |",
        "|---|---:|---:|",
        *(f"| {name} | {runs:,} | {edges:,} |" for name, runs, edges in rows),
    ]
    PAGE.write_text(before + HEAD + "\n" + "\n".join(lines) + "\n" + found + after, encoding="utf-8")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AnomiError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
