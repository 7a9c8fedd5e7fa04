"""The suite that campaigns ask again and again: what it finds, what it says, and that no question changes the next."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TESTS = """
import os
import subprocess
import time
from pathlib import Path

import pytest

CALLS = []


@pytest.fixture(scope="session")
def first():
    return len(CALLS)


def test_nothing_is_set_up_yet(first):
    CALLS.append(1)
    assert first == 0 and len(CALLS) == 1


def test_a_file_says_what_is_true():
    assert Path("truth").read_text() == "yes"


def test_slow():
    seconds = float(Path("seconds").read_text())
    if seconds:
        Path("started").write_text(str(subprocess.Popen(["sleep", "60"]).pid))
    time.sleep(seconds)


def test_end():
    if Path("truth").read_text() == "kill":
        os.kill(os.getpid(), 9)
"""
SETTINGS = "[tool.pytest.ini_options]\naddopts = '-p no:pytest_anchorpy'\n"
QUESTIONS = """
import json
import sys
from pathlib import Path

from tools.mutation.apart import ForkBrokenError
from tools.mutation.suite import with_suite

ASKED = [("yes", 0), ("no", 0), ("yes", 0), ("kill", 0), ("yes", 9)]


def work(suite):
    said = []
    for truth, seconds in ASKED:
        Path("truth").write_text(truth)
        Path("seconds").write_text(str(seconds))
        names = [name for name in suite.names if truth != "kill" or "truth" not in name and "true" not in name]
        said.append(suite.first_failure(names, seconds_max=2))
    Path("said").write_text(json.dumps({"names": suite.names, "said": said}))
    return 7


try:
    sys.exit(with_suite(Path(sys.argv[1]), ["test_it.py"], work))
except ForkBrokenError:
    sys.exit(9)
"""


NEEDS_COMPANY = """
COMPANY = []


def test_the_first():
    COMPANY.append(1)


def test_the_second():
    assert COMPANY
"""
ALONE = """
import sys
from pathlib import Path

from tools.mutation.suite import with_suite


def work(suite):
    for name in suite.names:
        suite.check_alone(name, seconds_max=2)
        Path("sound").write_text(name)
    suite.check_alone("cargo test", seconds_max=2)
    return 0


sys.exit(with_suite(Path(sys.argv[1]), ["test_it.py"], work))
"""


def ask(folder: Path, tests: str) -> int:
    return put(folder, tests, QUESTIONS).returncode


def put(folder: Path, tests: str, questions: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(tests, encoding="utf-8")
    (folder / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    command = [sys.executable, "-c", questions, str(folder)]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)


def test_every_question_is_answered_by_a_process_of_its_own(tmp_path: Path) -> None:
    assert ask(tmp_path, TESTS) == 7
    told = json.loads((tmp_path / "said").read_text(encoding="utf-8"))
    assert [name.partition("::")[2] for name in told["names"]] == [
        "test_nothing_is_set_up_yet",
        "test_a_file_says_what_is_true",
        "test_slow",
        "test_end",
    ]
    failed = "test_it.py::test_a_file_says_what_is_true"
    assert told["said"] == [None, failed, None, "ended by signal 9", "no end within 2 s"]
    state = Path("/proc", (tmp_path / "started").read_text(encoding="utf-8"), "stat")
    assert not state.exists() or ") Z " in state.read_text(encoding="utf-8"), "what a test started outlives it"


@pytest.mark.parametrize("tests", ["import nothing_of_this_name\n", ""])
def test_tests_that_cannot_be_collected_are_no_suite(tmp_path: Path, tests: str) -> None:
    """Neither a file that cannot be imported nor one without tests can say that a fault went unnoticed."""
    assert ask(tmp_path, tests) == 9


def test_a_test_that_fails_alone_is_no_witness(tmp_path: Path) -> None:
    ended = put(tmp_path, NEEDS_COMPANY, ALONE)
    assert (tmp_path / "sound").read_text(encoding="utf-8") == "test_it.py::test_the_first"
    assert ended.returncode == 3
    assert "by itself and without any fault test_it.py::test_the_second fails: nothing can be told" in ended.stderr


def test_tests_that_pass_alone_are_witnesses(tmp_path: Path) -> None:
    assert put(tmp_path, NEEDS_COMPANY.replace("assert COMPANY", "COMPANY.clear()"), ALONE).returncode == 0
