"""Files appear whole or not at all, with the mode they were given."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from anomi_prover.files import (
    FileTooLargeError,
    FileUnreadableError,
    OutputNotWritableError,
    atomic_path,
    atomic_write,
    copy_file,
    read_file,
    sha256_file,
)


def test_atomic_write_replaces_content_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "out.bin"
    atomic_write(target, b"one")
    atomic_write(target, b"two")
    assert target.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [target]


def test_a_secret_file_is_private_from_its_first_moment(tmp_path: Path) -> None:
    target = tmp_path / "w.wtns"
    with atomic_path(target, mode=0o600) as temporary:
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
        temporary.write_bytes(b"secret")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_read_only_file_can_be_written_by_its_owner_until_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "manifest.json"
    with atomic_path(target, mode=0o400) as temporary:
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
        temporary.write_bytes(b"whole")
    assert stat.S_IMODE(target.stat().st_mode) == 0o400
    assert target.read_bytes() == b"whole"


def test_a_failed_block_keeps_the_old_content(tmp_path: Path) -> None:
    target = tmp_path / "out.bin"
    target.write_bytes(b"old")

    def write_half() -> None:
        with atomic_path(target) as temporary:
            temporary.write_bytes(b"ha")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_is_followed_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    atomic_write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_device_is_written_not_replaced() -> None:
    atomic_write(Path("/dev/null"), b"gone")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputNotWritableError, match=r"cannot write .*absent/out\.bin: no such file") as caught:
        atomic_write(tmp_path / "absent" / "out.bin", b"")
    assert caught.value.hint == "create the folder first"


def test_a_folder_is_no_output(tmp_path: Path) -> None:
    with pytest.raises(OutputNotWritableError, match="is a directory"):
        atomic_write(tmp_path, b"")


def test_read_file_accepts_the_limit_and_refuses_one_byte_more(tmp_path: Path) -> None:
    path = tmp_path / "in.bin"
    path.write_bytes(b"12345")
    assert read_file(path, max_bytes=5) == b"12345"
    with pytest.raises(FileTooLargeError, match="larger than 4 bytes"):
        read_file(path, max_bytes=4)


@pytest.mark.parametrize("path", ["/dev/zero", "/", "/no/such/file", "bad\0name"])
def test_only_regular_files_are_read(path: str) -> None:
    with pytest.raises(FileUnreadableError, match="cannot read the file"):
        read_file(Path(path), max_bytes=10)
    with pytest.raises(FileUnreadableError, match="cannot read the file"):
        sha256_file(Path(path))


def test_a_copy_is_independent(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    copy_file(tmp_path / "a", tmp_path / "b")
    (tmp_path / "b").write_bytes(b"b")
    assert (tmp_path / "a").read_bytes() == b"a"
