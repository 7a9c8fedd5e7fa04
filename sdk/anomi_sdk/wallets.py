"""Key pairs in files of the Solana tools: a JSON array of 64 numbers, the secret half and then the public half.

A solders Keypair shows its secret in `repr` and `str`: keep it out of messages and logs, and give a dataclass field
that holds one `repr=False`.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from solders.keypair import Keypair

from anomi_core.errors import RefusedError, UnreadableInputError, UsageError

__all__ = [
    "WalletExistsError",
    "WalletExposedError",
    "WalletMismatchError",
    "WalletNotWritableError",
    "WalletUnreadableError",
    "read_wallet",
    "write_wallet",
]

_BYTES: Final = 64
_SEED_BYTES: Final = 32
_FILE_BYTES_MAX: Final = 4096
_SECRET_MODE: Final = 0o600


class WalletUnreadableError(UnreadableInputError):
    """A file that is no key pair of the Solana tools."""


class WalletMismatchError(RefusedError):
    """A key pair whose public half does not belong to its secret half: signatures would be worth nothing."""


class WalletExposedError(RefusedError):
    """A key pair that other users of this machine may read or change."""


class WalletExistsError(UsageError):
    """A place for a new key pair where a file is already: another key pair could be lost."""


class WalletNotWritableError(UsageError):
    """A place where no key pair can be written."""


def read_wallet(path: Path, *, require_private: bool = True) -> Keypair:
    """Return the key pair in the file at `path`.

    With `require_private` the file must be its owner's alone, as for ssh; only test keys may do without. Raises
    WalletUnreadableError, WalletMismatchError, WalletExposedError.
    """
    content = _content(path, require_private)
    numbers: object = None
    with contextlib.suppress(ValueError, RecursionError):  # whose error would hold the content
        numbers = json.loads(content)
    if (
        not isinstance(numbers, list)
        or len(numbers) != _BYTES
        or not all(type(number) is int and 0 <= number <= 255 for number in numbers)
    ):
        raise WalletUnreadableError(
            f"{path} is not a JSON array of {_BYTES} numbers in 0..255", hint="solana-keygen writes such files"
        )
    keypair = Keypair.from_seed(bytes(numbers[:_SEED_BYTES]))
    if bytes(keypair.pubkey()) != bytes(numbers[_SEED_BYTES:]):
        raise WalletMismatchError(f"the two halves of the key pair in {path} do not belong together")
    return keypair


def write_wallet(path: Path, keypair: Keypair) -> None:
    """Write `keypair` to a new file at `path`, readable by its owner only, whole or not at all.

    Raises WalletExistsError, WalletNotWritableError.
    """
    if os.path.lexists(path):
        raise _exists(path)
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.partial")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _SECRET_MODE)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump(list(bytes(keypair)), file, separators=(",", ":"))
                file.flush()
                os.fsync(file.fileno())
            os.link(temporary, path)  # unlike a rename, it never replaces a file
        finally:
            temporary.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except FileExistsError:
        raise _exists(path) from None
    except (OSError, ValueError) as error:
        raise WalletNotWritableError(f"cannot write the key pair {path}: {_reason(error)}") from None


def _content(path: Path, require_private: bool) -> bytes:
    try:
        # Without O_NONBLOCK, opening a pipe would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise WalletUnreadableError(f"cannot read the key pair {path}: it is not a regular file")
            if require_private and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                mode = stat.S_IMODE(status.st_mode)
                raise WalletExposedError(
                    f"the key pair {path} is open to other users (mode {mode:04o})", hint=f"chmod 600 {path}"
                )
            content = file.read(_FILE_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        raise WalletUnreadableError(f"cannot read the key pair {path}: {_reason(error)}") from None
    if len(content) > _FILE_BYTES_MAX:
        raise WalletUnreadableError(f"the key pair {path} is larger than {_FILE_BYTES_MAX} bytes")
    return content


def _exists(path: Path) -> WalletExistsError:
    return WalletExistsError(f"{path} is there already and is not replaced", hint="name another file, or move it away")


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).lower()
    return "the name cannot be a path"
