"""Key pairs in files: read strictly, written once, never shown."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from solders.keypair import Keypair

from anomi_core.errors import AnomiError
from anomi_sdk.wallets import (
    WalletExistsError,
    WalletExposedError,
    WalletMismatchError,
    WalletNotWritableError,
    WalletUnreadableError,
    read_wallet,
    write_wallet,
)

KEYPAIR = Keypair.from_seed(bytes(range(1, 33)))
NUMBERS = list(bytes(KEYPAIR))


def _file(folder: Path, content: str | bytes, mode: int = 0o600) -> Path:
    path = folder / "id.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def _no_secret(error: AnomiError) -> None:
    said = f"{error!r}{error}{error.hint}{error.__cause__!r}"
    assert str(KEYPAIR) not in said
    assert "1, 2, 3" not in said
    assert "1,2,3" not in said


def test_written_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    write_wallet(path, KEYPAIR)
    assert read_wallet(path) == KEYPAIR
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == NUMBERS
    assert [entry.name for entry in tmp_path.iterdir()] == ["new.json"]


def test_the_umask_cannot_open_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_wallet(tmp_path / "new.json", KEYPAIR)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.json").stat().st_mode) == 0o600


def test_a_file_as_solana_keygen_writes_it(tmp_path: Path) -> None:
    assert read_wallet(_file(tmp_path, str(NUMBERS))) == KEYPAIR
    assert read_wallet(_file(tmp_path, json.dumps(NUMBERS, indent=8) + "\n")) == KEYPAIR


def test_a_file_is_never_replaced(tmp_path: Path) -> None:
    path = _file(tmp_path, "precious")
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    for taken in (path, dangling, tmp_path):
        with pytest.raises(WalletExistsError, match="is there already"):
            write_wallet(taken, KEYPAIR)
    assert path.read_text() == "precious"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["dangling", "id.json"]


@pytest.mark.parametrize("name", ["no folder/new.json", "a" * 300, "nul\0"])
def test_a_place_where_nothing_can_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(WalletNotWritableError, match="cannot write the key pair") as error:
        write_wallet(tmp_path / name, KEYPAIR)
    _no_secret(error.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[",
        b"{}",
        b"null",
        b"[" * 4000,
        json.dumps(NUMBERS[:63]),
        json.dumps([*NUMBERS, 0]),
        json.dumps(NUMBERS[:32]),
        json.dumps([*NUMBERS[:63], 256]),
        json.dumps([*NUMBERS[:63], -1]),
        json.dumps([*NUMBERS[:63], 1.0]),
        json.dumps([True, *NUMBERS[1:]]),
        json.dumps([*NUMBERS[:63], str(NUMBERS[63])]),
        json.dumps(str(KEYPAIR)),
        json.dumps(NUMBERS) + "x",
    ],
)
def test_what_is_no_key_pair(tmp_path: Path, content: str | bytes) -> None:
    path = _file(tmp_path, content)
    with pytest.raises(WalletUnreadableError, match=r"is not a JSON array of 64 numbers in 0\.\.255") as error:
        read_wallet(path)
    _no_secret(error.value)


@pytest.mark.parametrize("at", [0, 31, 32, 63])
def test_halves_that_do_not_belong_together(tmp_path: Path, at: int) -> None:
    numbers = NUMBERS.copy()
    numbers[at] ^= 1
    with pytest.raises(WalletMismatchError, match="do not belong together") as error:
        read_wallet(_file(tmp_path, json.dumps(numbers)))
    _no_secret(error.value)


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o644, 0o777])
def test_a_file_that_others_may_touch(tmp_path: Path, mode: int) -> None:
    path = _file(tmp_path, json.dumps(NUMBERS), mode)
    with pytest.raises(WalletExposedError, match=f"mode {mode:04o}") as error:
        read_wallet(path)
    assert error.value.hint == f"chmod 600 {path}"
    assert read_wallet(path, require_private=False) == KEYPAIR


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_file_of_ones_own(tmp_path: Path, mode: int) -> None:
    assert read_wallet(_file(tmp_path, json.dumps(NUMBERS), mode)) == KEYPAIR


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    whole = json.dumps(NUMBERS)
    assert read_wallet(_file(tmp_path, whole.ljust(4096))) == KEYPAIR
    with pytest.raises(WalletUnreadableError, match="larger than 4096 bytes"):
        read_wallet(_file(tmp_path, whole.ljust(4097)))


def test_what_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, why in (
        (tmp_path / "missing", "no such file or directory"),
        (tmp_path, "not a regular file|is a directory"),
        (pipe, "not a regular file"),
        (Path("/dev/zero"), "not a regular file"),
        (tmp_path / "nul\0", "the name cannot be a path"),
    ):
        with pytest.raises(WalletUnreadableError, match=why):
            read_wallet(path)
