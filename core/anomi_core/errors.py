"""The one exception tree of the project: each family carries the command's exit code."""

from __future__ import annotations

__all__ = [
    "AnomiError",
    "InternalError",
    "MissingToolError",
    "RefusedError",
    "UnreadableInputError",
    "UsageError",
]


class AnomiError(Exception):
    """A failure with one clear sentence for its reader.

    `str(error)` is the sentence: what was expected and what came. `hint` says what to do.
    Neither ever holds a secret.
    """

    exit_code = 4

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        """Keep the sentence and the optional hint."""
        super().__init__(message)
        self.hint = hint


class RefusedError(AnomiError):
    """The input is well formed and was refused: an invalid proof, a wrong count, a value ≥ r."""

    exit_code = 1


class UnreadableInputError(AnomiError):
    """A file or value cannot be read as what it should be: truncated, wrong magic, not JSON, wrong shape."""

    exit_code = 2


class UsageError(AnomiError):
    """The caller asked for something that does not make sense."""

    exit_code = 2


class MissingToolError(AnomiError):
    """A tool or backend that this machine lacks."""

    exit_code = 3


class InternalError(AnomiError):
    """A broken assumption of our own; please report it."""

    exit_code = 4
