"""How far snarkjs is with preparing powers of tau, read from the lines it logs with `-v`."""

from __future__ import annotations

import re
from typing import Final

from anomi_prover.progress import Progress

__all__ = ["STEPS", "LineCounter", "PrepareMeter"]

STEPS: Final = 1000
"""Steps of a whole preparation: tenths of a percent."""

_MIX_END: Final = re.compile(r": (\w+): fft (\d+) mix end: \d+/(\d+)$")
_SECTION_WEIGHTS: Final = {"tauG1": 2, "tauG2": 7, "alphaTauG1": 2, "betaTauG1": 2}
"""What one butterfly costs in each section, in halves of one in G1. Measured: G2 takes 3.5 times as long."""


class PrepareMeter:
    """Turns the lines of `powersoftau prepare phase2 -v` into steps of a Progress.

    The work is an FFT over group elements for each section and each size 2^level: level·2^level butterflies, its first
    half reported by "mix end" lines, one for each of snarkjs's chunks. The second half, the joining of chunks, is
    counted when the next size begins.
    """

    def __init__(self, progress: Progress, power: int) -> None:
        """`power` is that of the powers of tau; the section tauG1 goes one size further."""
        self._progress = progress
        self._costs = [
            (section, level, weight * max(level, 1) << level)
            for section, weight in _SECTION_WEIGHTS.items()
            for level in range(power + (2 if section == "tauG1" else 1))
        ]
        self._total = sum(cost for _, _, cost in self._costs)
        self._mixed: dict[tuple[str, int], int] = {}
        self._steps = 0

    def __call__(self, line: str) -> None:
        """Take one line of the log."""
        match = _MIX_END.search(line)
        if match is None:
            return
        place = match[1], int(match[2])
        self._mixed[place] = self._mixed.get(place, 0) + 1
        done = 0.0
        for section, level, cost in self._costs:
            if (section, level) == place:
                done += cost / 2 * min(self._mixed[place] / int(match[3]), 1)
                break
            done += cost
        else:
            return
        steps = min(int(STEPS * done / self._total), STEPS)
        if steps > self._steps:
            self._progress.advance(steps - self._steps)
            self._steps = steps

    def finish(self) -> None:
        """Count what is left, when snarkjs has ended well."""
        self._progress.advance(STEPS - self._steps)
        self._steps = STEPS


class LineCounter:
    """Advances a Progress by one step for each log line that matches, up to a total."""

    def __init__(self, progress: Progress, pattern: str, total: int) -> None:
        """`pattern` is searched for in each line."""
        self._progress = progress
        self._pattern = re.compile(pattern)
        self._left = total

    def __call__(self, line: str) -> None:
        """Take one line of the log."""
        if self._left and self._pattern.search(line):
            self._left -= 1
            self._progress.advance(1)

    def finish(self) -> None:
        """Count what is left, when snarkjs has ended well."""
        self._progress.advance(self._left)
        self._left = 0
