"""`anomi localnet` as a user meets it: a process that serves until it is told to stop."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from anomi_sdk.generated import PROGRAMS
from anomi_sdk.rpc_url import RpcUrl

from .conftest import run_anomi
from .test_command import refused

UNIX_TIME_S = 1_795_000_000


@contextmanager
def serving(*words: str) -> Iterator[subprocess.Popen[str]]:
    """`anomi localnet` on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "anomi_cli.main", "localnet", "--port", "0", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def document(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The JSON object that it prints once it answers."""
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if line == "}\n":
            break
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("number", "exit_code", "said"),
    [(signal.SIGINT, 0, ""), (signal.SIGTERM, 143, "error: terminated by a signal\n")],
)
def test_it_serves_the_built_programs_until_it_is_stopped(number: signal.Signals, exit_code: int, said: str) -> None:
    with serving("--unix-time", str(UNIX_TIME_S), "--json") as process:
        told = document(process)
        assert told["ok"] is True
        assert told["url"].startswith("http://127.0.0.1:")
        assert told["unix_time_s"] == UNIX_TIME_S
        assert {(program["name"], program["program_id"]) for program in told["programs"]} == {
            (program.name, str(program.program_id)) for program in PROGRAMS
        }
        with RpcUrl(told["url"]) as rpc:
            assert UNIX_TIME_S <= rpc.unix_time_s() <= UNIX_TIME_S + 300
            for account in rpc.accounts([program.program_id for program in PROGRAMS]):
                assert account is not None
                assert account.executable
            process.send_signal(number)  # with a client still connected
            assert process.wait(30) == exit_code
        assert process.stderr is not None
        assert process.stderr.read() == said


def test_people_read_where_it_is_and_what_it_is_for() -> None:
    with serving() as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("http://127.0.0.1:")
        assert "for tests and development only" in first
        listed = [process.stdout.readline().split() for _ in PROGRAMS]
        assert listed == [[str(program.program_id), program.name] for program in PROGRAMS]


def test_a_port_that_is_taken() -> None:
    with serving("--json") as process:
        port = document(process)["url"].rpartition(":")[2]
        ran = run_anomi("localnet", "--port", port, "--json")
        refused(ran, 2, "PortTakenError")
        assert f"port {port} of 127.0.0.1 is taken by another program" in ran.stderr


@pytest.mark.parametrize(
    "words", [("--port", "65536"), ("--port", "-1"), ("--unix-time", "0"), ("--unix-time", str(2**40)), ("--port", "x")]
)
def test_what_makes_no_sense(words: tuple[str, str]) -> None:
    refused(run_anomi("localnet", *words, "--json"), 2, "UsageError")


def test_programs_that_are_not_built(tmp_path: Path, repo_root: Path) -> None:
    """A checkout of its own, in which nothing was built."""
    for room in ("core", "prover", "sdk", "services", "cli", "spec"):
        shutil.copytree(repo_root / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(repo_root / "pyproject.toml", tmp_path)
    rooms = [str(tmp_path / room) for room in ("core", "prover", "sdk", "services", "cli")]
    ran = run_anomi("localnet", "--json", env={"PYTHONPATH": ":".join(rooms)}, cwd=tmp_path)
    refused(ran, 3, "ProgramMissingError")
    assert ran.document["error"]["hint"] == "run `make setup` to build the programs"
