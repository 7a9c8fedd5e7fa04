"""What a circuit is made of: its file and all it includes, found the way circom finds them.

circom looks for an include beside the including file, then in each include folder, and follows symlinks before it
compares paths. The compiler is then given copies of exactly these files, at the same absolute paths under a folder of
ours: it can read nothing else, its messages name the real files, and what was hashed is what is compiled.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anomi_core.errors import UnreadableInputError
from anomi_prover.compile_diagnostics import CircomError, Diagnostic
from anomi_prover.files import read_file, sha256_bytes

__all__ = ["SourceFile", "SourceNotTextError", "SourcePathError", "SourceTree", "TooManySourcesError", "read_sources"]

SOURCE_BYTES_MAX: Final = 32 << 20
SOURCES_MAX: Final = 4096
# circom's grammar: pragmas, then includes, then everything else. Comments are blanked before this is applied.
HEAD_PATTERN: Final = re.compile(r'\s*(?:pragma\b[^;"]*;|include\s*"([^"]*)"\s*;?)')


class SourceNotTextError(UnreadableInputError):
    """A circuit file is not UTF-8 text."""


class SourcePathError(UnreadableInputError):
    """The compiler cannot be given a file of this name."""


class TooManySourcesError(UnreadableInputError):
    """A circuit includes more files than any real one."""


@dataclass(frozen=True)
class Include:
    """One `include` statement: what it says, where its path stands in the text, and the file it means."""

    start: int
    end: int
    target: Path
    through_symlink: bool


@dataclass(frozen=True)
class SourceFile:
    """One file of a circuit at its canonical path (the circuit's own file keeps its name if that is a symlink)."""

    path: Path
    text: str
    includes: tuple[Include, ...]

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return sha256_bytes(self.text.encode("utf-8"))


@dataclass(frozen=True)
class SourceTree:
    """A circuit's own file, first, and all it includes."""

    files: tuple[SourceFile, ...]

    @property
    def main(self) -> SourceFile:
        """The circuit's own file."""
        return self.files[0]

    def sha256(self) -> str:
        """Return a hash over every content and which include means which file, wherever the files stand."""
        index = {file.path: i for i, file in enumerate(self.files)}
        facts = [[file.sha256, [index[include.target] for include in file.includes]] for file in self.files]
        return hashlib.sha256(json.dumps(facts).encode("ascii")).hexdigest()

    def label(self, file: SourceFile) -> str:
        """Return the path of `file` relative to the circuit's folder, with forward slashes."""
        return Path(os.path.relpath(file.path, self.main.path.parent)).as_posix()

    def stage(self, root: Path, prefix: str) -> None:
        """Copy the files under `root`, each at its own absolute path.

        circom compiled to WebAssembly does not follow symlinks, so an include that leads through one is written out
        as `prefix` and the canonical path; all others are left as they stand.
        """
        for file in self.files:
            pieces, last = [], 0
            for include in file.includes:
                if include.through_symlink:
                    pieces += [file.text[last : include.start], f"{prefix}{include.target}"]
                    last = include.end
            copy = root / str(file.path).lstrip("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text("".join([*pieces, file.text[last:]]), encoding="utf-8", newline="")


def read_sources(source: Path, include_dirs: Sequence[Path]) -> SourceTree:
    """Read `source` and every file it includes, directly or not.

    Raises CircomError with code P1014 (circom's own) and the place of the statement when an included file is not
    there; FileUnreadableError, SourceNotTextError, SourcePathError, TooManySourcesError.
    """
    folders = [Path(os.path.realpath(folder)) for folder in include_dirs]
    main = Path(os.path.realpath(source.parent)) / source.name
    files: dict[Path, SourceFile] = {}
    waiting = [main]
    while waiting:
        path = waiting.pop(0)
        if path in files:
            continue
        if len(files) == SOURCES_MAX:
            raise TooManySourcesError(f"{source} includes more than {SOURCES_MAX} files")
        files[path] = file = _read_source(path, folders)
        waiting += [include.target for include in file.includes]
    return SourceTree(tuple(files.values()))


def _read_source(path: Path, folders: Sequence[Path]) -> SourceFile:
    data = read_file(path, max_bytes=SOURCE_BYTES_MAX, what="circuit")
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError as error:
        raise SourcePathError(f"the path of {str(path)!a} is not valid UTF-8, which circom needs") from error
    if re.search(r'["\n]', str(path)):
        raise SourcePathError(
            f"the path {str(path)!a} has a quotation mark or a line break, which circom cannot include"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceNotTextError(f"{path} is not a circuit: line {line} is not UTF-8 text") from error
    blanked = blank_comments(text)
    includes, position = [], 0
    while match := HEAD_PATTERN.match(blanked, position):
        position = match.end()
        if match[1] is not None:
            start, end = match.span(1)
            includes.append(_resolve(path, text, start, end, folders))
    return SourceFile(path, text, tuple(includes))


def _resolve(path: Path, text: str, start: int, end: int, folders: Sequence[Path]) -> Include:
    said = text[start:end]
    through_symlink = False
    for folder in (path.parent, *folders) if "\0" not in said else ():
        target = Path(os.path.realpath(folder / said))
        # Also where the search only passes by: without symlinks the same words could mean another of the files.
        through_symlink |= os.path.normpath(folder / said) != str(target)
        if target.is_file():
            return Include(start, end, target, through_symlink)
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    message = f"the file {said!r} to be included has not been found"
    raise CircomError((Diagnostic("error", "P1014", str(path), line, column, message),))


def blank_comments(text: str) -> str:
    """Return `text` with every comment replaced by as many blanks; like circom, without regard to strings."""
    return re.sub(r"//[^\n]*|/\*.*?(?:\*/|\Z)", lambda match: " " * len(match[0]), text, flags=re.DOTALL)
