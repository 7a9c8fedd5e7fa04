"""Where the vault's passphrase comes from: a file descriptor, a file, a prompt; never a command's argument."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from anomi_core.errors import UsageError
from anomi_sdk.trade.secret_files import read_secret_file
from anomi_sdk.trade.vault import Passphrase, passphrase_from_descriptor

__all__ = ["PASSPHRASE_FILE_VARIABLE", "PassphraseMissingError", "passphrase_source"]

PASSPHRASE_FILE_VARIABLE = "ANOMI_PASSPHRASE_FILE"  # noqa: S105 -- the name of a variable
_FILE_BYTES_MAX = 4096


class PassphraseMissingError(UsageError):
    """Nobody can be asked for a passphrase, and none was given."""


def passphrase_source(descriptor: int | None, *, confirm: bool = False) -> Passphrase:
    """Return what asks for the passphrase; `confirm` asks a person twice.

    The first line of the descriptor when one is given, else of the file that ANOMI_PASSPHRASE_FILE names, which must be
    its owner's alone, else of the terminal.
    """
    if descriptor is not None:
        return passphrase_from_descriptor(descriptor)
    path = os.environ.get(PASSPHRASE_FILE_VARIABLE)
    if path:
        return lambda: _first_line(Path(path))
    return lambda: _prompt(confirm)


def _first_line(path: Path) -> bytes:
    content = read_secret_file(path, bytes_max=_FILE_BYTES_MAX, what="passphrase file")
    return content.partition(b"\n")[0].removesuffix(b"\r")


def _prompt(confirm: bool) -> bytes:
    if sys.stdin is None or not sys.stdin.isatty():
        raise PassphraseMissingError(
            "the vault's passphrase is needed, and there is no terminal to ask for it",
            hint=f"give --passphrase-fd, or name a file of mode 600 in {PASSPHRASE_FILE_VARIABLE}",
        )
    answer: str = click.prompt("Passphrase of the vault", hide_input=True, confirmation_prompt=confirm, err=True)
    return answer.encode()
