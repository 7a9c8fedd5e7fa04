"""Doing what a tutorial says: its files are written, its commands run, and what they print is compared.

A fenced block whose first line is
- `LANGUAGE FILE` is the content of that file,
- `sh`, or `sh exit=N`, is run by bash, and has to end with that code (0),
- `text`, right after it, is what that block prints; `…` stands for anything, or for nothing.
A folder that a block changes to stays for the next.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Block", "TutorialError", "blocks", "run"]

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class TutorialError(AssertionError):
    """A block that does something else than the tutorial says."""


@dataclass(frozen=True)
class Block:
    """A fenced block: the words after its fence, its text, and the line where it begins."""

    words: tuple[str, ...]
    text: str
    line: int


def blocks(markdown: str) -> Iterator[Block]:
    """Yield every fenced block."""
    for match in FENCE.finditer(markdown):
        yield Block(tuple(match[1].split()), match[2], markdown.count("\n", 0, match.start()) + 1)


def run(markdown: str, folder: Path, environment: Mapping[str, str]) -> int:
    """Do everything in `folder`; return how many blocks were run. Raises TutorialError at the first difference."""
    here, printed, commands = folder, None, 0
    for block in blocks(markdown):
        match block.words:
            case ["sh", *rest]:
                code, printed, here = _shell(block.text, here, folder, environment)
                commands += 1
                expected = int(rest[0].removeprefix("exit=")) if rest else 0
                if code != expected:
                    raise TutorialError(f"line {block.line}: exit code {code}, not {expected}:\n{printed}")
            case ["text"]:
                if printed is None:
                    raise TutorialError(f"line {block.line}: an output that no command stands before")
                if not _matches(block.text, printed):
                    raise TutorialError(f"line {block.line}: expected\n{block.text}\nand came\n{printed}")
                printed = None
            case [_, name]:
                (here / name).write_text(block.text, encoding="utf-8")
                printed = None
            case _:
                raise TutorialError(f"line {block.line}: a block that nothing checks: {block.words}")
    return commands


def _shell(text: str, here: Path, folder: Path, environment: Mapping[str, str]) -> tuple[int, str, Path]:
    state = folder / ".folder"
    script = f"trap 'pwd > \"$TUTORIAL_STATE\"' EXIT\nset -eu\n{text}"
    done = subprocess.run(
        ["bash", "-c", script],  # noqa: S607
        cwd=here,
        env={**environment, "TUTORIAL_STATE": str(state)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout, Path(state.read_text(encoding="utf-8").rstrip("\n"))


def _matches(expected: str, printed: str) -> bool:
    """Whether the text is what was printed."""
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("…"))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None
