"""The failures of set-up. Kept apart from `anomi_core.errors` because they are needed before anything is installed."""

from __future__ import annotations

__all__ = ["CommandFailedError", "MissingPrerequisiteError", "SetupError", "SetupStopped"]


class SetupError(Exception):
    """Set-up cannot go on. `str(error)` is one clear sentence."""

    exit_code = 1


class MissingPrerequisiteError(SetupError):
    """Something this machine lacks and set-up cannot install; the sentence says what installs it."""

    exit_code = 3


class CommandFailedError(SetupError):
    """A program that set-up ran came back with an error; the sentence names its log."""


class SetupStopped(BaseException):
    """Somebody asked set-up to stop (SIGTERM); running it again continues."""
