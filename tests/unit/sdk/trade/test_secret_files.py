"""Files with secrets: whole or absent, and nobody else's."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from anomi_sdk.trade.secret_files import (
    SecretFileExistsError,
    SecretFileExposedError,
    SecretFileNotWritableError,
    SecretFileUnreadableError,
    create_secret_file,
    read_secret_file,
    replace_secret_file,
)

KILLED_AT = """
import os, signal, sys
from pathlib import Path
from anomi_sdk.trade import secret_files

name, number = sys.argv[2], int(sys.argv[3])
calls = 0

def dying(real):
    def call(*args, **kwargs):
        global calls
        calls += 1
        if calls == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return call

for function in ("open", "fsync", "link", "close"):
    setattr(os, function, dying(getattr(os, function)))
Path.replace = dying(Path.replace)
Path.unlink = dying(Path.unlink)
getattr(secret_files, name)(Path(sys.argv[1]), b"new", what="test")
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_its_owners_alone_under_any_umask(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    before = os.umask(0)
    try:
        create_secret_file(path, b"one", what="test")
        assert mode(path) == 0o600
        replace_secret_file(path, b"two", what="test")
    finally:
        os.umask(before)
    assert mode(path) == 0o600
    assert read_secret_file(path, bytes_max=3, what="test") == b"two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret"]


def test_an_existing_file_is_never_created_over(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    create_secret_file(path, b"one", what="test")
    with pytest.raises(SecretFileExistsError):
        create_secret_file(path, b"two", what="test")
    assert path.read_bytes() == b"one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret"]


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_can_open_is_refused(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "secret"
    create_secret_file(path, b"one", what="test")
    path.chmod(bits)
    with pytest.raises(SecretFileExposedError):
        read_secret_file(path, bytes_max=3, what="test")


def test_what_is_no_file_of_its_size_is_refused(tmp_path: Path) -> None:
    large, pipe = tmp_path / "large", tmp_path / "pipe"
    create_secret_file(large, b"four", what="test")
    os.mkfifo(pipe)
    for path in (tmp_path / "none", tmp_path, pipe, large):
        with pytest.raises(SecretFileUnreadableError):
            read_secret_file(path, bytes_max=3, what="test")


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    for write in (create_secret_file, replace_secret_file):
        with pytest.raises(SecretFileNotWritableError):
            write(tmp_path / "none" / "secret", b"", what="test")


@pytest.mark.parametrize("function", ["create_secret_file", "replace_secret_file"])
def test_a_process_killed_at_any_call_leaves_the_whole_file_or_none(tmp_path: Path, function: str) -> None:
    seen = set()
    for number in range(1, 30):
        path = tmp_path / f"secret-{number}"
        if function == "replace_secret_file":
            create_secret_file(path, b"old", what="test")
        done = subprocess.run([sys.executable, "-c", KILLED_AT, path, function, str(number)], check=False)
        found = read_secret_file(path, bytes_max=10, what="test") if path.exists() else b""
        assert found in ((b"old", b"new") if function == "replace_secret_file" else (b"", b"new"))
        seen.add(found)
        if done.returncode == 0:
            break
    assert done.returncode == 0
    assert len(seen) == 2, "the process was never killed on both sides of the change"
