"""Finding the programs this room runs, and running snarkjs.

Each is looked for in this order: the environment variable that names it; the project's `.tools` folder (above this
package's own source for an editable install, then above the working directory); PATH.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from anomi_core.errors import InternalError, MissingToolError, RefusedError, UsageError

__all__ = [
    "CIRCOM_VERSION",
    "SNARKJS_VERSION",
    "SecretArgumentError",
    "SnarkjsCrashedError",
    "SnarkjsError",
    "SnarkjsTimeoutError",
    "ToolNotFoundError",
    "WrongToolVersionError",
    "circom",
    "circom_wasm",
    "ending_with_us",
    "find_node_module",
    "kill_process_group",
    "node",
    "run_snarkjs",
    "snarkjs_cli",
    "strip_ansi",
]

SNARKJS_VERSION: Final = "0.7.6"
CIRCOM_VERSION: Final = "2.2.3"
OUTPUT_CHARS_MAX: Final = 1 << 24
"""What is kept of a program's output; more is read and dropped, so that the program is never blocked."""
ANSI_PATTERN: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
LOG_PREFIX_PATTERN: Final = re.compile(r"^\[(?P<level>[A-Z]+)\]\s+snarkJS:\s*")
SETUP_HINT: Final = (
    "in a checkout, `make setup` installs it; an installed anomi proves without it beside anomi_prover_native"
)
PROJECT_MARK: Final = re.compile(r'^name = "anomi"$', re.MULTILINE)


class ToolNotFoundError(MissingToolError):
    """A program is nowhere to be found."""


class WrongToolVersionError(MissingToolError):
    """A program was found in a version that this project is not tested with."""


class SnarkjsError(RefusedError):
    """snarkjs ended with an error of its own; the sentence is snarkjs's."""


class SnarkjsTimeoutError(RefusedError):
    """snarkjs did not end within the time it was given."""


class SnarkjsCrashedError(InternalError):
    """snarkjs was killed by a signal, such as for want of memory."""


class SecretArgumentError(UsageError):
    """A secret was about to be passed as a process argument, which every user of the machine can read."""


def strip_ansi(text: str) -> str:
    """Return `text` without terminal colour codes."""
    return ANSI_PATTERN.sub("", text)


def node() -> Path:
    """Return the Node.js program (ANOMI_NODE, .tools/node, PATH); raises ToolNotFoundError."""
    found = _from_environment("ANOMI_NODE") or _from_tools("node/bin/node") or _from_path("node")
    if found is None:
        raise ToolNotFoundError("Node.js is needed for snarkjs and was not found", hint=SETUP_HINT)
    return found


def snarkjs_cli() -> Path:
    """Return snarkjs's `cli.cjs` (ANOMI_SNARKJS, .tools/npm, PATH), its version checked once.

    Raises ToolNotFoundError, or WrongToolVersionError when it is not SNARKJS_VERSION.
    """
    found = _from_environment("ANOMI_SNARKJS") or find_node_module("snarkjs/build/cli.cjs")
    if found is None and (command := _from_path("snarkjs")):
        found = command.resolve()  # npm puts a link to cli.cjs on PATH
    if found is None:
        raise ToolNotFoundError(f"snarkjs {SNARKJS_VERSION} was not found", hint=SETUP_HINT)
    _check_snarkjs_version(found)
    return found


def circom() -> Path | None:
    """Return a native `circom` of CIRCOM_VERSION (ANOMI_CIRCOM, PATH), or None when there is none.

    One on PATH of another version is passed over; one that ANOMI_CIRCOM names raises WrongToolVersionError.
    """
    named = _from_environment("ANOMI_CIRCOM")
    found = named or _from_path("circom")
    if found is None:
        return None
    version = _circom_version(found, found.stat().st_mtime_ns)
    if version == CIRCOM_VERSION:
        return found
    if named:
        raise WrongToolVersionError(
            f"circom {CIRCOM_VERSION} is needed; ANOMI_CIRCOM names {named}, which reports {version or 'no version'}"
        )
    return None


def circom_wasm() -> Path:
    """Return circom2's `circom.wasm` (ANOMI_CIRCOM_WASM, .tools/npm, the wheel's copy); raises ToolNotFoundError."""
    found = _from_environment("ANOMI_CIRCOM_WASM") or find_node_module("circom2/circom.wasm")
    if found is None:
        raise ToolNotFoundError(
            f"no circuit compiler was found: neither circom {CIRCOM_VERSION} on PATH nor npm's circom2",
            hint="in a checkout, `make setup` installs it; a wheel made by `make wheels` brings it",
        )
    return found


def find_node_module(relative: str) -> Path | None:
    """Return a file under the project's `.tools/npm/node_modules`, or the copy that a wheel carries, or None.

    A wheel carries circom2 and circomlib, for there is no checkout around an installed package.
    """
    carried = Path(__file__).with_name("shipped") / "node_modules" / relative
    return _from_tools(f"npm/node_modules/{relative}") or (carried if carried.is_file() else None)


def run_snarkjs(
    args: Sequence[str],
    *,
    on_line: Callable[[str], None] | None = None,
    cwd: Path | None = None,
    timeout_s: float | None = None,
    stdin: bytes = b"",
) -> str:
    """Run snarkjs with `args` and return its standard output without colours; `on_line` sees each line as it comes.

    The arguments are a list, never a shell's line; `stdin`, a line or two, is what the program is given to read.
    Whatever ends this call early (an interruption, an exception in `on_line`, the timeout) kills snarkjs with all its
    workers. Raises SnarkjsError with snarkjs's own message, SnarkjsCrashedError, SnarkjsTimeoutError,
    SecretArgumentError, ToolNotFoundError.
    """
    for argument in args:
        if re.match(r"--?e(ntropy)?(=|$)", argument):
            raise SecretArgumentError("entropy is a secret and is not passed to snarkjs as a process argument")
    command = [*ending_with_us(), str(node()), str(snarkjs_cli()), *args]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors,
        _pipe_with(stdin) as given,
    ):
        process = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            kill_process_group(process)

        timer = threading.Timer(timeout_s, expire) if timeout_s is not None else None
        if timer:
            timer.start()
        kept: list[str] = []
        kept_chars = 0
        try:
            assert process.stdout is not None  # noqa: S101 -- stdout=PIPE
            for raw in process.stdout:
                line = strip_ansi(raw.rstrip("\n"))
                if kept_chars <= OUTPUT_CHARS_MAX:
                    kept.append(line)
                    kept_chars += len(line) + 1
                if on_line:
                    on_line(line)
            status = process.wait()
        finally:
            if timer:
                timer.cancel()
            kill_process_group(process)
            if process.stdout:
                process.stdout.close()
            process.wait()
        errors.seek(0)
        error_lines = strip_ansi(errors.read(1 << 16)).splitlines()
    if expired.is_set():
        raise SnarkjsTimeoutError(f"snarkjs {args[0] if args else ''} did not end within {timeout_s:g} seconds")
    if status < 0:
        raise SnarkjsCrashedError(
            f"snarkjs was killed by {signal.Signals(-status).name}",
            hint="was there enough memory?" if -status in (signal.SIGKILL, signal.SIGABRT) else None,
        )
    if status != 0:
        raise SnarkjsError(f"snarkjs {' '.join(args[:2])}: {_own_message(kept, error_lines, status)}")
    return "\n".join(kept)


@contextmanager
def _pipe_with(content: bytes) -> Iterator[int]:
    """Yield the reading end of a pipe that holds some bytes, at most what every pipe takes without a reader."""
    reading, writing = os.pipe()
    try:
        try:
            os.write(writing, content)
        finally:
            os.close(writing)
        yield reading
    finally:
        os.close(reading)


def ending_with_us() -> list[str]:
    """Return the words before a command that make it end with this process, even when this process is killed.

    Nobody can clean up after SIGKILL: without them, snarkjs would compute on for minutes, for nobody. Empty where
    util-linux's `setpriv` is missing.
    """
    setpriv = _from_path("setpriv")
    return [str(setpriv), "--pdeathsig", "KILL", "--"] if setpriv else []


def kill_process_group(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """Kill a process that was started in a session of its own, and its children; nothing when it has ended."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:  # it ended between the two calls
            return


def _own_message(lines: list[str], error_lines: list[str], status: int) -> str:
    """Return snarkjs's reason in one line: its last [ERROR] line, else the error Node printed."""
    for line in reversed(lines):
        match = LOG_PREFIX_PATTERN.match(line)
        if match and match["level"] == "ERROR":
            return line[match.end() :].removeprefix("Error: ").strip()
    for line in error_lines:
        if match := re.match(r"^(?:\w*Error|\[Error\w*): (.+)", line):
            return match[1].strip()
    said = [line.strip() for line in (*error_lines, *lines) if line.strip()]
    return said[-1][:300] if said else f"it ended with exit code {status} and no message"


def _from_environment(variable: str) -> Path | None:
    value = os.environ.get(variable)
    if not value:
        return None
    path = Path(value)
    if not path.is_file():
        raise ToolNotFoundError(f"{variable} names {value}, which is not a file", hint=f"correct or unset {variable}")
    return path.absolute()


def _from_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found).absolute() if found else None


def _from_tools(relative: str) -> Path | None:
    for root in _project_roots():
        path = root / ".tools" / relative
        if path.is_file():
            return path
    return None


def _project_roots() -> Iterator[Path]:
    """Yield the checkouts above this file, then above the working directory.

    A checkout is known by its pyproject.toml and must belong to the user or to root: code is run from it.
    """
    try:
        working_folder = [Path.cwd()]
    except OSError:  # it was removed
        working_folder = []
    for start in (Path(__file__).resolve().parent, *working_folder):
        for folder in (start, *start.parents):
            settings = folder / "pyproject.toml"
            try:
                if settings.stat().st_uid in (os.geteuid(), 0) and PROJECT_MARK.search(settings.read_text("utf-8")):
                    yield folder
            except (OSError, UnicodeDecodeError):
                continue


@cache
def _check_snarkjs_version(cli: Path) -> None:
    settings = cli.resolve().parent.parent / "package.json"
    try:
        package = json.loads(settings.read_text("utf-8"))
        version = package["version"] if package["name"] == "snarkjs" else None
    except (OSError, ValueError, KeyError, TypeError):
        version = None
    if version is None:
        raise WrongToolVersionError(
            f"{cli} is not snarkjs's build/cli.cjs: no package.json of snarkjs stands above it", hint=SETUP_HINT
        )
    if version != SNARKJS_VERSION:
        raise WrongToolVersionError(f"snarkjs {SNARKJS_VERSION} is needed; {cli} is {version}", hint=SETUP_HINT)


@cache
def _circom_version(program: Path, _mtime_ns: int) -> str | None:
    try:
        result = subprocess.run(
            [str(program), "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(rb"circom compiler (\d+\.\d+\.\d+)", result.stdout)
    return match[1].decode() if match else None
