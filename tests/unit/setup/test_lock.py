"""One set-up at a time in one clone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.setup.lock import INHERITED_LOCK, hold

HOLDER = """
import sys
from pathlib import Path
from tools.setup.lock import hold
with hold(Path(sys.argv[1]), print):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_holder_waits_and_is_told_for_whom(tmp_path: Path, repo_root: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        cwd=repo_root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin and holder.stdout
    with holder:
        assert holder.stdout.readline() == "held\n"
        told: list[str] = []

        def release(sentence: str) -> None:
            told.append(sentence)
            assert holder.stdin
            holder.stdin.write("\n")
            holder.stdin.flush()

        with hold(path, release):
            assert told == [
                f"another set-up is at work in this folder (process {holder.pid}); waiting for it to finish"
            ]
            assert holder.wait(30) == 0


def test_the_lock_is_free_again_after_use(tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(2):
        with hold(tmp_path / "deep" / "lock", told.append):
            pass
    assert told == []


def test_an_inherited_lock_is_taken_over_only_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    descriptor = os.open(tmp_path / "own", os.O_RDWR | os.O_CREAT)
    monkeypatch.setenv(INHERITED_LOCK, str(descriptor))
    with hold(tmp_path / "lock", print) as other:
        assert other != descriptor
    with hold(tmp_path / "lock", print, inherit=True) as taken:
        assert taken == descriptor
        assert not os.get_inheritable(taken)
    assert INHERITED_LOCK not in os.environ
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
