"""Files that hold secrets: readable by their owner only, and whole or absent whenever the process is killed."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import Final

from anomi_core.errors import RefusedError, UnreadableInputError, UsageError

__all__ = [
    "SECRET_MODE",
    "SecretFileExistsError",
    "SecretFileExposedError",
    "SecretFileNotWritableError",
    "SecretFileUnreadableError",
    "create_secret_file",
    "read_secret_file",
    "replace_secret_file",
    "require_private",
]

SECRET_MODE: Final = 0o600


class SecretFileUnreadableError(UnreadableInputError):
    """A file with secrets is missing, is no regular file, is larger than any of its kind, or may not be read."""


class SecretFileExposedError(RefusedError):
    """A file with secrets can be read or written by other users of the machine."""


class SecretFileExistsError(UsageError):
    """A file with secrets would be overwritten."""


class SecretFileNotWritableError(UsageError):
    """A file with secrets cannot be written there."""


def read_secret_file(path: Path, *, bytes_max: int, what: str) -> bytes:
    """Return the content of the file, which only its owner may read.

    Raises SecretFileUnreadableError and SecretFileExposedError; `what` names the kind of file in the sentence.
    """
    try:
        # Without blocking: a pipe would wait for its writer for ever.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK | os.O_CLOEXEC)) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise SecretFileUnreadableError(f"cannot read the {what} {path}: it is not a regular file")
            require_private(path, status, what=what)
            data = file.read(bytes_max + 1)
    except OSError as error:
        raise SecretFileUnreadableError(f"cannot read the {what} {path}: {_reason(error)}") from error
    if len(data) > bytes_max:
        raise SecretFileUnreadableError(f"the {what} {path} is larger than {bytes_max:,} bytes, the most that one has")
    return data


def require_private(path: Path, status: os.stat_result, *, what: str) -> None:
    """Raise SecretFileExposedError when the file's mode lets others in."""
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretFileExposedError(
            f"the {what} {path} can be opened by other users: its mode is {stat.S_IMODE(status.st_mode):o}, not 600",
            hint=f"chmod 600 {path}",
        )


def create_secret_file(path: Path, data: bytes, *, what: str) -> None:
    """Write a new file with mode 0600; whoever looks sees all of it or none.

    Raises SecretFileExistsError when there is one already, whoever made it and however late, and
    SecretFileNotWritableError.
    """
    temporary = _written(path, data, what)
    try:
        os.link(temporary, path)  # unlike a rename, this never replaces what is there
    except FileExistsError:
        raise SecretFileExistsError(
            f"there is already a {what} at {path}; it is not overwritten", hint="name another file"
        ) from None
    except OSError as error:
        raise SecretFileNotWritableError(f"cannot write the {what} {path}: {_reason(error)}") from error
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path)


def replace_secret_file(path: Path, data: bytes, *, what: str) -> None:
    """Write the file in one step, with mode 0600: the old content or the new, never less. Raises as creating does."""
    temporary = _written(path, data, what)
    try:
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SecretFileNotWritableError(f"cannot write the {what} {path}: {_reason(error)}") from error
    _sync_folder(path)


def _written(path: Path, data: bytes, what: str) -> Path:
    """Return a temporary file beside `path` that holds `data` on disk."""
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.partial")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, SECRET_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SecretFileNotWritableError(f"cannot write the {what} {path}: {_reason(error)}") from error
    return temporary


def _sync_folder(path: Path) -> None:
    # After a power cut the name must still be there, not the content alone.
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
