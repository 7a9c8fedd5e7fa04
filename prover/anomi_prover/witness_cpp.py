"""Computing witnesses with circom's C++ calculator, compiled once and cached: for large circuits, where it is faster.

It needs g++, make, nasm, libgmp and nlohmann's JSON library from the system. Unlike the WebAssembly one it is not
confined: it is code of the circuit, run with the user's rights, for circuits that the user trusts.

Inputs and witness pass through files in memory that have no name and that no other user can open; arguments hold no
secret, and no core is dumped when an assertion fails.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from anomi_core.errors import InternalError, MissingToolError
from anomi_prover import tools
from anomi_prover.cache import Cache
from anomi_prover.compile import cpp_key, generate_cpp
from anomi_prover.progress import NoProgress, Progress
from anomi_prover.witness_input import ExtraInputError, InputShapeError, MissingInputError, flatten_inputs
from anomi_prover.witness_session import CalculatorCrashedError, WitnessError, WitnessTimeoutError
from anomi_prover.wtns import read_wtns

__all__ = ["CppCalculator", "CppCompilerError", "compile_calculator"]

PROGRAMS: Final = {"g++": "g++", "make": "make", "nasm": "nasm"}
HEADERS: Final = {"gmp.h": "libgmp-dev", "nlohmann/json.hpp": "nlohmann-json3-dev"}
KIND: Final = "witness-cpp"
BINARY: Final = "calculator"
COMPILE_TIMEOUT_S: Final = 3600
TIMEOUT_S: Final = 60.0
TEXT_CHARS_MAX: Final = 1 << 20
TRACE_PATTERN: Final = re.compile(r"Failed assert in (?:template/function|template|function) (\S+?)\.? line (\d+)")
# No core file: it would hold the inputs.
WITHOUT_CORE: Final = ("sh", "-c", 'ulimit -c 0; exec "$@"', "sh")


class CppCompilerError(InternalError):
    """The C++ that circom wrote does not compile."""


def compile_calculator(
    source: Path,
    *,
    include_dirs: Sequence[Path] = (),
    optimisation: str = "O2",
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> Path:
    """Return circom's C++ calculator of `source`, compiled, or found in the cache by sources, compilers and flags.

    Raises MissingToolError with the Debian packages that are missing, CppCompilerError, what `compile_circuit` raises.
    """
    progress = progress or NoProgress()
    cache = cache or Cache.default(progress=progress)
    key = cpp_key(source, include_dirs=include_dirs, optimisation=optimisation)
    key["g++"] = _version_of_compiler()

    def build(folder: Path) -> None:
        progress.start(f"compiling the C++ of {source.name}", None)
        scratch = folder / "scratch"
        scratch.mkdir()
        try:
            made = generate_cpp(source, scratch, include_dirs=include_dirs, optimisation=optimisation, cache=cache)
            _make(made)
            data = sorted(made.glob("*.dat"))
            if len(data) != 1 or not data[0].with_suffix("").is_file():
                raise CppCompilerError(f"make left no calculator for {source}")
            data[0].with_suffix("").rename(folder / BINARY)
            data[0].rename(folder / f"{BINARY}.dat")
        finally:
            shutil.rmtree(scratch)
            progress.done()

    return cache.get_or_build(KIND, key, build) / BINARY


class CppCalculator:
    """Computes witnesses of one circuit with its compiled C++ calculator."""

    def __init__(self, binary: Path, *, timeout_s: float = TIMEOUT_S) -> None:
        """Take what `compile_calculator` returned."""
        self._binary = binary
        self._timeout_s = timeout_s

    def calculate(self, inputs: Mapping[str, object], *, on_log: Callable[[str], None] | None = None) -> list[int]:
        """Return the witness of `inputs`, as `WitnessCalculator.calculate` does; a signal ends it at once.

        Raises WitnessError when the circuit refuses the inputs, the input errors of `flatten_inputs`,
        MissingInputError, ExtraInputError, InputShapeError, WitnessTimeoutError, CalculatorCrashedError.
        """
        signals = flatten_inputs(inputs)
        document = json.dumps({name: [str(value) for value in given.values] for name, given in signals.items()})
        with _memory_file() as given_file, _memory_file() as made_file, _memory_file() as said, _memory_file() as told:
            os.pwrite(given_file, document.encode(), 0)
            status = self._run(given_file, made_file, said, told)
            if on_log is not None:
                for line in _text(said).splitlines():
                    on_log(line.rstrip())
            if status != 0:
                raise _refusal(self._binary, _text(told) + _text(said), status)
            return read_wtns(Path(f"/proc/self/fd/{made_file}"))

    def _run(self, inputs: int, witness: int, stdout: int, stderr: int) -> int:
        command = [*tools.ending_with_us(), *WITHOUT_CORE, str(self._binary)]
        process = subprocess.Popen(
            [*command, f"/proc/self/fd/{inputs}", f"/proc/self/fd/{witness}"],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            pass_fds=(inputs, witness),
            start_new_session=True,
        )
        try:
            return process.wait(self._timeout_s)
        except subprocess.TimeoutExpired as error:
            raise WitnessTimeoutError(
                f"{self._binary} did not compute its witness within {self._timeout_s:g} seconds"
            ) from error
        finally:
            tools.kill_process_group(process)
            process.wait()


@contextlib.contextmanager
def _memory_file() -> Iterator[int]:
    """Yield a file without a name, overwritten at the end."""
    descriptor = os.memfd_create("anomi-witness", os.MFD_CLOEXEC)
    try:
        yield descriptor
    finally:
        size = os.fstat(descriptor).st_size
        for at in range(0, size, 1 << 20):
            os.pwrite(descriptor, bytes(min(1 << 20, size - at)), at)
        os.close(descriptor)


def _text(descriptor: int) -> str:
    return os.pread(descriptor, TEXT_CHARS_MAX, 0).decode("utf-8", "replace")


def _refusal(binary: Path, text: str, status: int) -> Exception:
    """Say why a calculator broke off; of what it printed only names of templates and lines are told."""
    if "Not all inputs have been set" in text:
        return MissingInputError("input values of the circuit are missing")
    if "Signal not found" in text or "Signals not found" in text:
        return ExtraInputError("an input was given that is no input signal of the circuit")
    if "Error loading signal" in text or "exceeds the size" in text or "No more signals" in text:
        return InputShapeError("an input signal was given too few values or too many")
    places = [f"{found[1]} line {found[2]}" for found in TRACE_PATTERN.finditer(text)]
    if places or "Failed assert" in text:
        where = " in template " + ", called from ".join(places) if places else ""
        return WitnessError(f"the circuit refuses these inputs: an assertion fails{where}")
    how = f"signal {signal.Signals(-status).name}" if status < 0 else f"exit code {status}"
    return CalculatorCrashedError(f"the witness calculator {binary} failed: {how}")


def _make(folder: Path) -> None:
    done = subprocess.run(
        [*tools.ending_with_us(), "make"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=COMPILE_TIMEOUT_S,
        check=False,
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower()] or ["no reason given"]
        raise CppCompilerError(f"the C++ that circom wrote does not compile: {lines[0][:300]}")


def _version_of_compiler() -> str:
    """Return what g++ says of itself. Raises MissingToolError with every Debian package that is missing."""
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if "g++" not in missing:
        missing += [package for header, package in HEADERS.items() if not _has_header(header)]
    if missing:
        raise MissingToolError(
            f"circom's C++ calculators need what is not installed here: {', '.join(missing)}",
            hint=f"apt install {' '.join(missing)}, or use the WebAssembly calculator",
        )
    done = subprocess.run(["g++", "--version"], capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.splitlines()[0]


def _has_header(name: str) -> bool:
    done = subprocess.run(
        ["g++", "-E", "-x", "c++", "-"],  # noqa: S607 -- the user's own
        input=f"#if !__has_include(<{name}>)\n#error missing\n#endif\n",
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0
