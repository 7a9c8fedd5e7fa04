"""What a command says: people read lines, machines read one JSON object on stdout, progress goes to stderr."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar

import click

from anomi_core.errors import UsageError

__all__ = ["BarProgress", "Output", "common_options", "fail", "say", "writing_to_stdout"]

Command = TypeVar("Command", bound=Callable[..., Any])


class Output:
    """The two switches of every command, and how a result is told."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        """`as_json` prints one JSON object; `quiet` prints nothing but errors."""
        self.as_json = as_json
        self.quiet = quiet

    def result(self, data: dict[str, Any], text: str) -> None:
        """Tell the result once: `data` for machines, `text` for people."""
        if self.as_json:
            say(json.dumps({"ok": True, **data}, indent=2))
        elif not self.quiet:
            say(text)

    def progress(self) -> BarProgress:
        """Return a progress bar on stderr; silent with -q or --json, or when stderr is no terminal."""
        silent = self.quiet or self.as_json
        return BarProgress(enabled=not silent and sys.stderr is not None and sys.stderr.isatty(), quiet=self.quiet)


class BarProgress:
    """A rich progress bar that satisfies `anomi_prover.progress.Progress`."""

    def __init__(self, *, enabled: bool, quiet: bool = False) -> None:
        """Nothing is drawn until the first `start`; notices are told even where no bar is drawn, unless `quiet`."""
        self.enabled = enabled
        self.quiet = quiet
        self._bar: Any = None
        self._task: Any = None

    def start(self, label: str, total: int | None, /) -> None:
        """Begin a piece of work; `total` None means that its length is not known."""
        if not self.enabled:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f}%"),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(label, total=total)

    def advance(self, n: int, /) -> None:
        """Move the bar by `n` of its total."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, n)

    def note(self, message: str, /) -> None:
        """Say one sentence worth knowing, beside the bar."""
        if not self.quiet:
            click.echo(f"note: {message}", err=True)

    def done(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = self._task = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.done()


def common_options(command: Command) -> Command:
    """Add `--json` and `-q` to a command and hand it an `Output` as its first argument."""

    def wrapped(*arguments: Any, as_json: bool, quiet: bool, **options: Any) -> Any:
        return command(Output(as_json=as_json, quiet=quiet), *arguments, **options)

    wrapped.__name__ = command.__name__
    wrapped.__doc__ = command.__doc__
    wrapped.__dict__.update(command.__dict__)
    wrapped = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for machines.")(wrapped)
    return click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")(wrapped)  # type: ignore[return-value]


def fail(kind: str, message: str, hint: str | None, exit_code: int, as_json: bool) -> NoReturn:
    """Say what went wrong in one sentence, and exit."""
    message = " ".join(message.split())
    if as_json:
        body = {"type": kind, "message": message, "hint": hint, "exit_code": exit_code}
        with contextlib.suppress(UsageError):  # the failure itself is what the exit code and stderr must tell
            say(json.dumps({"ok": False, "error": body}, indent=2))
    with contextlib.suppress(OSError):
        click.echo(f"error: {message}" + (f" ({hint})" if hint else ""), err=True)
    sys.exit(exit_code)


def say(text: str) -> None:
    """Print `text` on stdout. Raises UsageError when it cannot be written; says nothing to a reader who left."""
    with writing_to_stdout():
        click.echo(text)


@contextlib.contextmanager
def writing_to_stdout() -> Iterator[None]:
    """Turn a failure to write to stdout into UsageError; a reader who left (`| head`) has what was wanted."""
    try:
        yield
    except OSError as error:
        # Whatever Python still holds for stdout must not fail again, with a traceback, at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not isinstance(error, BrokenPipeError):
            reason = (error.strerror or type(error).__name__).lower()
            raise UsageError(f"cannot write to standard output: {reason}") from error
