"""Running other programs: output into a log, failures as one sentence."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.setup.errors import CommandFailedError, MissingPrerequisiteError

__all__ = ["captured", "clean_environment", "run", "tail"]

# Settings of a user's shell that would change what gets built. Proxies, registries and certificates stay.
_UNWANTED = (
    "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP",
    "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIREMENT", "PIP_CONSTRAINT", "PIP_EDITABLE",
    "PIP_NO_DEPS", "PIP_DRY_RUN", "PIP_REQUIRE_VIRTUALENV", "NODE_OPTIONS", "NODE_PATH", "NPM_CONFIG_PREFIX",
    "npm_config_prefix", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_TARGET_DIR",
    "CARGO_BUILD_TARGET_DIR", "RUSTC_WRAPPER", "RUSTC",
)  # fmt: skip

_NETWORK = re.compile(
    r"name resolution|Name or service not known|Could not resolve|NewConnectionError|ConnectTimeoutError|"
    r"ReadTimeoutError|ProxyError|SSLError|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|"
    r"Network is unreachable|Connection refused|Connection timed out|Failed to fetch|spurious network error|"
    r"failed to download|Could not connect to server|Temporary failure",
    re.IGNORECASE,
)
_NO_SPACE = re.compile(r"No space left on device|ENOSPC|Disk quota exceeded", re.IGNORECASE)


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without what would change a build, and with `extra`."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    return kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONNOUSERSITE": "1"} | dict(extra or {})


def captured(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout_s: float | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and return its exit code and what it printed; raises what `subprocess.run` raises."""
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=clean_environment() if environment is None else environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout_s,
        check=False,
    )


def run(
    command: Sequence[str | Path],
    *,
    doing: str,
    log: Path,
    cwd: Path,
    extra_environment: Mapping[str, str] | None = None,
) -> None:
    """Run a program to its end, its output appended to `log`.

    `doing` completes the sentence "… while <doing>". Raises `MissingPrerequisiteError` when there is no such
    program, `CommandFailedError` when it fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in command]
    # `python -m pip …` is pip to the reader.
    name = words[words.index("-m") + 1] if "-m" in words[:3] else Path(words[0]).name
    if shutil.which(words[0]) is None:
        raise MissingPrerequisiteError(f"{words[0]} was not found while {doing}")
    with log.open("ab") as output:
        output.write(f"$ {' '.join(words)}\n".encode())
        output.flush()
        start = output.tell()
        try:
            done = subprocess.run(
                [*_tied(), *words],
                cwd=cwd,
                env=clean_environment(extra_environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        except OSError as error:
            raise CommandFailedError(f"{words[0]} could not be started while {doing}: {error}") from error
    if done.returncode != 0:
        printed = log.read_bytes()[start:].decode(errors="replace")
        raise CommandFailedError(_sentence(name, doing, done.returncode, printed, log))


def _tied() -> list[str]:
    """Return the words before a command that make it end with this process, even when this process is killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def tail(text: str, lines: int = 12) -> str:
    """Return the last lines of a program's output."""
    return "\n".join(text.rstrip().splitlines()[-lines:])


def _sentence(name: str, doing: str, code: int, printed: str, log: Path) -> str:
    if _NO_SPACE.search(printed):
        return f"the disk is full: {name} failed while {doing}; free some space and run the command again"
    if _NETWORK.search(printed):
        return (
            f"the network or a package registry could not be reached: {name} failed while {doing}; "
            f"check the connection and run the command again (details: {log})"
        )
    how = f"was ended by signal {-code}" if code < 0 else f"failed with exit code {code}"
    return f"{name} {how} while {doing}; its last lines are below, all of them in {log}\n{tail(printed)}"
