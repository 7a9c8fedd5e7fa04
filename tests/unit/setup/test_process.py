"""Programs that fail become one sentence that says what to do."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.setup.errors import CommandFailedError, MissingPrerequisiteError
from tools.setup.process import clean_environment, run

Program = Callable[[str, str], Path]


def attempt(command: Path | str, tmp_path: Path) -> None:
    run([command, "an argument"], doing="testing", log=tmp_path / "logs" / "a.log", cwd=tmp_path)


def test_the_output_goes_to_the_log(program: Program, tmp_path: Path) -> None:
    script = program("tool", 'echo "out $1"; echo err >&2')
    attempt(script, tmp_path)
    attempt(script, tmp_path)
    assert (tmp_path / "logs" / "a.log").read_text() == f"$ {script} an argument\nout an argument\nerr\n" * 2


def test_a_failure_shows_the_last_lines_of_this_run_only(program: Program, tmp_path: Path) -> None:
    attempt(program("before", "echo earlier"), tmp_path)
    with pytest.raises(CommandFailedError) as caught:
        attempt(program("tool", "seq 1 40; exit 7"), tmp_path)
    first, *rest = str(caught.value).splitlines()
    assert first == (
        f"tool failed with exit code 7 while testing; its last lines are below, all of them in {tmp_path}/logs/a.log"
    )
    assert rest == [str(n) for n in range(29, 41)]


def test_a_killed_program(program: Program, tmp_path: Path) -> None:
    with pytest.raises(CommandFailedError, match=r"^tool was ended by signal 9 while testing"):
        attempt(program("tool", "kill -9 $$"), tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "npm error code ENOTFOUND",
        "NewConnectionError('<HTTPSConnection>: Failed to establish a new connection')",
        "error: failed to download from `somewhere`",
        "E: Failed to fetch http://example.invalid/a.deb  Could not connect to server",
        "Temporary failure in name resolution",
    ],
)
def test_an_unreachable_registry(program: Program, tmp_path: Path, line: str) -> None:
    script = program("tool", f"cat <<'X'\n{line}\nX\nexit 1")
    with pytest.raises(CommandFailedError, match=r"^the network or a package registry could not be reached: tool"):
        attempt(script, tmp_path)


def test_a_full_disk(program: Program, tmp_path: Path) -> None:
    script = program("tool", "echo 'write failed: No space left on device'; exit 1")
    with pytest.raises(CommandFailedError, match=r"^the disk is full: tool failed while testing; free some space"):
        attempt(script, tmp_path)


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MissingPrerequisiteError, match=r"^no-such-program-xyz was not found while testing$"):
        attempt("no-such-program-xyz", tmp_path)


KILLED = """
import sys
from pathlib import Path
from tools.setup.process import run
run([sys.argv[1]], doing="testing", log=Path(sys.argv[2]), cwd=Path.cwd())
"""


def test_a_program_ends_with_a_set_up_that_is_killed(program: Program, tmp_path: Path, repo_root: Path) -> None:
    pid_file = tmp_path / "pid"
    script = program("tool", f"echo $$ > '{pid_file}.partial'; mv '{pid_file}.partial' '{pid_file}'; exec sleep 60")
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(script), str(tmp_path / "log")], cwd=repo_root)
    try:
        _wait_for(pid_file.exists)
        process.kill()
        process.wait(30)
        _wait_for(lambda: _is_dead(int(pid_file.read_text())))
    finally:
        process.kill()
        process.wait()


def _is_dead(pid: int) -> bool:
    """Whether the process has ended; until somebody waits for it, it is still there as a zombie."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_users_shell_does_not_change_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSTFLAGS", "-C target-cpu=native")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid")
    cleaned = clean_environment({"EXTRA": "1"})
    assert "RUSTFLAGS" not in cleaned
    assert "PYTHONPATH" not in cleaned
    assert cleaned["HTTPS_PROXY"] == "http://proxy.invalid"
    assert cleaned["EXTRA"] == "1"
