"""A circuit's source as a whole: every definition by its name, and the file that holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from anomi_prover.circom_source.parser import parse_file
from anomi_prover.circom_source.syntax import Definition, MainComponent
from anomi_prover.circom_source.tokens import Comment
from anomi_prover.compile_sources import SourceTree, read_sources

__all__ = ["Located", "Program", "parse_program", "read_program"]


@dataclass(frozen=True)
class Located:
    """A definition and the file that it stands in."""

    definition: Definition
    file: Path


@dataclass(frozen=True)
class Program:
    """Everything that a circuit's own file and its includes define. `root` is the folder of the circuit's own file."""

    root: Path
    files: tuple[Path, ...]
    texts: Mapping[Path, str]
    comments: Mapping[Path, tuple[Comment, ...]]
    templates: Mapping[str, Located]
    functions: Mapping[str, Located]
    buses: Mapping[str, Located]
    main: MainComponent | None

    @property
    def main_file(self) -> Path:
        """The circuit's own file."""
        return self.files[0]

    def line_offsets(self, file: Path) -> tuple[int, ...]:
        """Return where each line of a file begins, in bytes, by which circom names anonymous components."""
        return self._line_offsets[file]

    @cached_property
    def _line_offsets(self) -> dict[Path, tuple[int, ...]]:
        return {
            file: tuple(
                accumulate((len(line.encode()) for line in text.split("\n")), lambda at, size: at + size + 1, initial=0)
            )
            for file, text in self.texts.items()
        }


def read_program(source: Path, include_dirs: Sequence[Path] = ()) -> Program:
    """Read and parse a circuit. Raises CircomSyntaxError and what `read_sources` raises."""
    return parse_program(read_sources(source, include_dirs))


def parse_program(sources: SourceTree) -> Program:
    """Parse what `read_sources` has read; raises CircomSyntaxError."""
    kinds: dict[str, dict[str, Located]] = {"template": {}, "function": {}, "bus": {}}
    comments: dict[Path, tuple[Comment, ...]] = {}
    main: MainComponent | None = None
    for file in sources.files:
        parsed, comments[file.path] = parse_file(file.text, str(file.path))
        for definition in parsed.definitions:
            kinds[definition.kind].setdefault(definition.name, Located(definition, file.path))
        if file is sources.main:
            main = parsed.main
    return Program(
        root=sources.main.path.parent,
        files=tuple(file.path for file in sources.files),
        texts={file.path: file.text for file in sources.files},
        comments=comments,
        templates=kinds["template"],
        functions=kinds["function"],
        buses=kinds["bus"],
        main=main,
    )
