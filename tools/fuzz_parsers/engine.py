"""A small coverage-guided fuzzer for Python: an input that reaches a new step between two lines is kept."""

from __future__ import annotations

import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

from tools.fuzz_parsers.mutations import mutate
from tools.fuzz_parsers.targets import SOURCES, Target, outcome

__all__ = ["Finding", "Round", "fuzz", "smallest_cover"]

SECONDS_MAX: Final = 20.0
"""No input of this size may keep a reader as long."""

Edge = tuple[object, int, int]


@dataclass(frozen=True)
class Finding:
    """An input for which a reader did anything but read or refuse."""

    data: bytes
    error: BaseException


@dataclass(frozen=True)
class Round:
    """What a round came to. `kept` is the smallest part of the corpus that reaches all that was reached."""

    runs: int
    edges: int
    kept: tuple[bytes, ...]
    finding: Finding | None


class Coverage:
    """Which step follows which in the watched sources."""

    def __init__(self) -> None:
        """Nothing is covered."""
        self.edges: set[Edge] = set()

    def trace(self, frame: FrameType, _event: str, _argument: object) -> Callable[..., Any] | None:
        """Look into frames of watched sources only."""
        code = frame.f_code
        if not code.co_filename.startswith(SOURCES):
            return None
        last, edges = 0, self.edges

        def step(frame: FrameType, event: str, _argument: object) -> Callable[..., Any]:
            nonlocal last
            if event == "line":
                edges.add((code, last, frame.f_lineno))
                last = frame.f_lineno
            return step

        return step


def edges_of(target: Target, path: Path, data: bytes) -> set[Edge]:
    """Read `data` as a file at `path`; return the edges that were taken. Raises what is a finding."""
    path.write_bytes(data)
    coverage = Coverage()
    began = time.process_time()
    before = sys.gettrace()
    sys.settrace(coverage.trace)
    try:
        outcome(target, path)
    finally:
        sys.settrace(before)
    if time.process_time() - began > SECONDS_MAX:
        raise TimeoutError(f"reading {len(data)} bytes took more than {SECONDS_MAX:g} seconds")
    return coverage.edges


def fuzz(target: Target, corpus: Collection[bytes], seconds: float, seed: int) -> Round:
    """Fuzz one reader for so many seconds of its own time, or until there is a finding."""
    rng = random.Random(seed)  # noqa: S311 -- a run is to be repeatable
    reached: dict[bytes, set[Edge]] = {}
    known: set[Edge] = set()
    runs, began = 0, time.process_time()
    data = b""
    with tempfile.TemporaryDirectory(prefix="anomi-fuzz-") as folder:
        path = Path(folder) / "input"
        try:
            for data in sorted(corpus, key=len):
                reached[data] = edges_of(target, path, data)
                known |= reached[data]
                runs += 1
            inputs = list(reached) or [b""]
            while time.process_time() - began < seconds:
                data = mutate(rng.choice(inputs), inputs, rng, is_json=target.is_json)
                edges = edges_of(target, path, data)
                runs += 1
                if not edges <= known:
                    known |= edges
                    reached[data] = edges
                    inputs.append(data)
        except Exception as error:  # whatever a reader raises that is no refusal is what is looked for
            return Round(runs, len(known), (), Finding(data, error))
    return Round(runs, len(known), smallest_cover(reached), None)


def smallest_cover(reached: dict[bytes, set[Edge]]) -> tuple[bytes, ...]:
    """Choose few and short inputs that together reach all that the given ones do, short ones first."""
    kept: list[bytes] = []
    known: set[Edge] = set()
    for data in sorted(reached, key=lambda data: (len(data), hashlib.sha256(data).digest())):
        if not reached[data] <= known:
            known |= reached[data]
            kept.append(data)
    return tuple(kept)
