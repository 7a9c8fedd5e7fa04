"""Reading and writing files so that a reader never meets half of one."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from anomi_core.errors import UnreadableInputError, UsageError

__all__ = [
    "SECRET_MODE",
    "FileTooLargeError",
    "FileUnreadableError",
    "OutputNotWritableError",
    "atomic_path",
    "atomic_write",
    "check_regular_file",
    "copy_file",
    "read_file",
    "reason_of",
    "sha256_bytes",
    "sha256_file",
]

SECRET_MODE: Final = 0o600
"""Mode of every file that holds a witness or a private input."""


class FileUnreadableError(UnreadableInputError):
    """A file is missing, is not a regular file, or may not be read."""


class FileTooLargeError(UnreadableInputError):
    """A file is larger than anything of its kind."""


class OutputNotWritableError(UsageError):
    """A file cannot be written where the caller wants it."""


def reason_of(error: OSError) -> str:
    """Return the operating system's reason in lower case, without the path that `str(error)` repeats."""
    return (error.strerror or type(error).__name__).lower()


def check_regular_file(path: Path, *, what: str = "file") -> int:
    """Return the size in bytes of the regular file at `path`, else raise FileUnreadableError.

    Devices and pipes are refused: a reader that trusts their size would wait or read for ever.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "the name cannot be a path"
        raise FileUnreadableError(f"cannot read the {what} {path}: {reason}") from error
    if not stat.S_ISREG(status.st_mode):
        kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise FileUnreadableError(f"cannot read the {what} {path}: it is {kind}")
    return status.st_size


def read_file(path: Path, *, max_bytes: int, what: str = "file") -> bytes:
    """Return the content of a regular file of at most `max_bytes` bytes.

    Raises FileUnreadableError or FileTooLargeError; `what` names the kind of file in the sentence.
    """
    size = check_regular_file(path, what=what)
    if size <= max_bytes:
        try:
            with path.open("rb") as file:
                data = file.read(max_bytes + 1)
        except OSError as error:
            raise FileUnreadableError(f"cannot read the {what} {path}: {reason_of(error)}") from error
        if len(data) <= max_bytes:
            return data
    raise FileTooLargeError(f"the {what} {path} is larger than {max_bytes:,} bytes, the most that is read")


def sha256_bytes(data: bytes) -> str:
    """Return the SHA-256 of `data` in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a regular file's content in lower-case hexadecimal; FileUnreadableError if unreadable."""
    check_regular_file(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileUnreadableError(f"cannot read the file {path}: {reason_of(error)}") from error


@contextmanager
def atomic_path(path: Path, *, mode: int = 0o644) -> Iterator[Path]:
    """Yield a temporary path beside `path`; when the block ends well it becomes `path`, else it is removed.

    The temporary file exists, empty, with `mode` (less the umask) before the block starts, so what a block writes
    is never readable by more people than the result. A symlink at `path` is followed, not replaced. Raises
    OutputNotWritableError when the folder is missing or not writable, or `path` is a folder or a device.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        what = "a directory" if target.is_dir() else "not a regular file"
        raise OutputNotWritableError(f"cannot write {path}: it is {what}")
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.partial")
    try:
        # Writable by its owner while it is written, whatever its mode is to be: only root writes to a read-only file.
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode | stat.S_IWUSR))
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "the name cannot be a path"
        hint = "create the folder first" if isinstance(error, FileNotFoundError) else None
        raise OutputNotWritableError(f"cannot write {path}: {reason}", hint=hint) from error
    try:
        yield temporary
        try:
            descriptor = os.open(temporary, os.O_RDONLY | os.O_CLOEXEC)
            try:
                if not mode & stat.S_IWUSR:
                    os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) & ~stat.S_IWUSR)
                os.fsync(descriptor)  # after a power cut, the name must not lead to an empty file
            finally:
                os.close(descriptor)
            temporary.replace(target)
        except OSError as error:
            raise OutputNotWritableError(f"cannot write {path}: {reason_of(error)}") from error
    finally:
        temporary.unlink(missing_ok=True)


def atomic_write(path: Path, data: bytes | memoryview, *, mode: int = 0o644) -> None:
    """Write `data` to `path` in one step: whoever opens it sees the old content or all of the new.

    An existing device or pipe (`/dev/stdout`) is written to directly, because it cannot be replaced. Raises
    OutputNotWritableError.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        try:
            with path.open("wb") as file:
                file.write(data)
        except OSError as error:
            raise OutputNotWritableError(f"cannot write {path}: {reason_of(error)}") from error
        return
    with atomic_path(path, mode=mode) as temporary:
        try:
            with temporary.open("wb") as file:
                file.write(data)
        except OSError as error:
            raise OutputNotWritableError(f"cannot write {path}: {reason_of(error)}") from error


def copy_file(source: Path, target: Path, *, mode: int = 0o644) -> None:
    """Copy a regular file to `target` in one step, so that changing the copy leaves the original alone.

    Raises FileUnreadableError for `source` and OutputNotWritableError for `target`.
    """
    check_regular_file(source)
    with atomic_path(target, mode=mode) as temporary:
        try:
            with source.open("rb") as reader, temporary.open("wb") as writer:
                while chunk := reader.read(1 << 20):
                    writer.write(chunk)
        except OSError as error:
            raise OutputNotWritableError(f"cannot copy {source} to {target}: {reason_of(error)}") from error
