"""Measuring provers beside one another: ours as a cold command and resident, and other programs, in turn.

Everything runs in processes of its own, one at a time, in every round once, so that a machine that slows down slows all
of them. Ratios are taken round by round.
"""

from __future__ import annotations

import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from anomi_core.errors import AnomiError, RefusedError, UsageError
from anomi_core.groth16 import VerifyingKey
from anomi_prover import tools
from anomi_prover.backends.rapidsnark import find_rapidsnark
from anomi_prover.keys import read_proving_key
from anomi_prover.progress import Progress
from anomi_prover.verify import read_proof, read_public_inputs, verify

__all__ = ["COLD", "WARM", "BenchFailedError", "Peer", "Report", "Row", "measure", "peer"]

COLD: Final = "anomi, cold"
WARM: Final = "anomi, resident"
_PLACES: Final = ("zkey", "wtns", "proof", "public")
_OUTPUT_CHARS_MAX: Final = 300


class BenchFailedError(RefusedError):
    """A program that was to be measured failed, or its proof does not verify."""


@dataclass(frozen=True)
class Peer:
    """A program that proves: its words, with {zkey}, {wtns}, {proof} and {public} for the four files."""

    name: str
    words: tuple[str, ...]

    def command(self, files: Mapping[str, Path]) -> list[str]:
        """Return the command for these files; without places in its words they are its last four arguments."""
        if not any(f"{{{place}}}" in word for word in self.words for place in _PLACES):
            return [*self.words, *(str(files[place]) for place in _PLACES)]
        command = []
        for word in self.words:
            for place in _PLACES:
                word = word.replace(f"{{{place}}}", str(files[place]))  # noqa: PLW2901 -- one word, place by place
            command.append(word)
        return command


@dataclass(frozen=True)
class Run:
    """One proof, by the operating system's account. `cpu_seconds` is None for a resident prover's single proofs."""

    wall_seconds: float
    cpu_seconds: float | None
    peak_bytes: int | None


@dataclass(frozen=True)
class Row:
    """All runs of one prover; `to` holds the median over rounds of its time over each other prover's."""

    name: str
    wall_seconds: tuple[float, ...]
    cpu_seconds: tuple[float, ...]
    peak_bytes: int
    to: Mapping[str, float]

    @property
    def median_seconds(self) -> float:
        """The median of wall seconds."""
        return statistics.median(self.wall_seconds)

    def figures(self) -> dict[str, object]:
        """Return the row as JSON."""
        return {
            "name": self.name,
            "min_seconds": round(min(self.wall_seconds), 5),
            "median_seconds": round(self.median_seconds, 5),
            "max_seconds": round(max(self.wall_seconds), 5),
            "median_cpu_seconds": round(statistics.median(self.cpu_seconds), 5) if self.cpu_seconds else None,
            "peak_bytes": self.peak_bytes,
            "ratio_to": {name: round(ratio, 4) for name, ratio in self.to.items()},
        }


@dataclass(frozen=True)
class Report:
    """What was measured. Peaks below `peak_floor_bytes`, this process's own memory, cannot be seen."""

    rows: tuple[Row, ...]
    load_seconds: float
    stage_seconds: Mapping[str, float]
    peak_floor_bytes: int
    processors: int

    def figures(self) -> dict[str, object]:
        """Return the report as JSON."""
        return {
            "provers": [row.figures() for row in self.rows],
            "load_seconds": round(self.load_seconds, 5),
            "stage_seconds": {name: round(seconds, 5) for name, seconds in self.stage_seconds.items()},
            "peak_floor_bytes": self.peak_floor_bytes,
            "processors": self.processors,
        }


def peer(text: str) -> Peer:
    """Parse `NAME=COMMAND`, or `snarkjs` or `rapidsnark` alone for the ones that are installed. Raises UsageError."""
    name, separator, command = text.partition("=")
    if not separator and name == "snarkjs":
        return Peer(name, (str(tools.node()), str(tools.snarkjs_cli()), "groth16", "prove"))
    if not separator and name == "rapidsnark":
        return Peer(name, (str(find_rapidsnark()),))
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise UsageError(f"the command of the peer {name!r} cannot be split into words: {error}") from error
    if not name or not words or name in (COLD, WARM):
        raise UsageError(f"a peer is NAME=COMMAND, or snarkjs or rapidsnark alone; {text!r} came")
    return Peer(name, words)


def measure(
    zkey: Path, wtns: Path, peers: Sequence[Peer], *, threads: int | None, runs: int, progress: Progress
) -> Report:
    """Run ours and the peers `runs` times in turn, after one round to warm up.

    With `threads`, every process is kept to as many processors. Every prover's last proof is verified. Raises
    BenchFailedError, UsageError, and what reading the key raises.
    """
    names = [peer.name for peer in peers]
    if len(set(names)) != len(names):
        raise UsageError("two peers have the same name")
    key = read_proving_key(zkey).verifying_key
    processors = _processors(threads)
    walls: dict[str, list[Run]] = {name: [] for name in (COLD, WARM, *names)}
    stages: list[Mapping[str, float]] = []
    progress.start("measuring", (runs + 1) * len(walls))
    with tempfile.TemporaryDirectory(prefix="anomi-bench-") as name:
        folder = Path(name)
        files = {
            of: {"zkey": zkey.absolute(), "wtns": wtns.absolute()}
            | {place: folder / f"{at}.{place}.json" for place in ("proof", "public")}
            for at, of in enumerate((COLD, *names))
        }
        cold = Peer(COLD, (sys.executable, "-m", "anomi_cli.main", "prove", "{zkey}", "{wtns}", "-o", "{proof}",
                           "-p", "{public}", "--backend", "native", "-q", *_thread_words(threads)))  # fmt: skip
        resident = _Resident(zkey, wtns, threads, processors)
        try:
            for round_ in range(runs + 1):
                for prover in (cold, *peers):
                    run = _run(prover, files[prover.name], processors, folder)
                    if round_:
                        walls[prover.name].append(run)
                    progress.advance(1)
                run, of_stages = resident.prove()
                if round_:
                    walls[WARM].append(run)
                    stages.append(of_stages)
                progress.advance(1)
        finally:
            resident_peak = resident.end()
        for of, of_files in files.items():
            _check(of, key, of_files)
    progress.done()
    rows = []
    for of, made in walls.items():
        times = [run.wall_seconds for run in made]
        others = {
            other: statistics.median(
                mine.wall_seconds / theirs.wall_seconds for mine, theirs in zip(made, walls[other], strict=True)
            )
            for other in walls
            if other != of
        }
        cpu = tuple(run.cpu_seconds for run in made if run.cpu_seconds is not None)
        peak = max((run.peak_bytes for run in made if run.peak_bytes is not None), default=resident_peak)
        rows.append(Row(of, tuple(times), cpu, peak, others))
    return Report(
        rows=tuple(rows),
        load_seconds=resident.load_seconds,
        stage_seconds={stage: statistics.median(one[stage] for one in stages) for stage in stages[0]},
        peak_floor_bytes=_own_peak_bytes(),
        processors=len(processors),
    )


def _thread_words(threads: int | None) -> tuple[str, ...]:
    return () if threads is None else ("--threads", str(threads))


def _processors(threads: int | None) -> frozenset[int]:
    allowed = sorted(os.sched_getaffinity(0))
    if threads is not None and threads > len(allowed):
        raise UsageError(f"{threads} threads were asked for; this process may use {len(allowed)} processors")
    return frozenset(allowed[:threads])


def _run(prover: Peer, files: Mapping[str, Path], processors: frozenset[int], folder: Path) -> Run:
    """Run one command to its end. Raises BenchFailedError."""
    with (folder / "log").open("w+b") as log:
        began = time.perf_counter()
        try:
            process = subprocess.Popen(
                prover.command(files),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=lambda: os.sched_setaffinity(0, processors),  # noqa: PLW1509 -- no threads here
            )
        except OSError as error:
            raise BenchFailedError(f"{prover.name} could not be started: {error.strerror or error}") from error
        code, cpu, peak = _wait(process)
        wall = time.perf_counter() - began
        if code != 0:
            log.seek(0)
            said = log.read(1 << 16).decode("utf-8", "replace").split()
            raise BenchFailedError(
                f"{prover.name} ended with exit code {code}: {' '.join(said)[-_OUTPUT_CHARS_MAX:] or 'it said nothing'}"
            )
    return Run(wall, cpu, peak)


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float, int]:
    """Return a process's exit code, its CPU seconds and its peak memory in bytes; kill it when interrupted."""
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        process.kill()
        process.wait()
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def _check(name: str, key: VerifyingKey, files: Mapping[str, Path]) -> None:
    try:
        verify(key, read_public_inputs(files["public"]), read_proof(files["proof"]))
    except AnomiError as error:
        raise BenchFailedError(f"what {name} wrote is no valid proof: {error}") from error


def _own_peak_bytes() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class _Resident:
    """Our prover, kept in a process of its own."""

    def __init__(self, zkey: Path, wtns: Path, threads: int | None, processors: frozenset[int]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "anomi_prover.bench_resident", str(zkey), str(wtns), str(threads or 0)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=lambda: os.sched_setaffinity(0, processors),  # noqa: PLW1509 -- no threads here
        )
        self.load_seconds = float(self._answer()["load_seconds"])

    def prove(self) -> tuple[Run, Mapping[str, float]]:
        assert self._process.stdin is not None  # noqa: S101 -- it was asked for
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        answer = self._answer()
        return Run(float(answer["wall_seconds"]), None, None), answer["stages"]

    def end(self) -> int:
        """End it; return its peak memory in bytes."""
        assert self._process.stdin is not None  # noqa: S101 -- it was asked for
        self._process.stdin.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return _wait(self._process)[2]

    def _answer(self) -> Any:
        assert self._process.stdout is not None  # noqa: S101 -- it was asked for
        line = self._process.stdout.readline()
        if not line:
            raise BenchFailedError("the resident prover ended early; what it said stands above")
        return json.loads(line)
