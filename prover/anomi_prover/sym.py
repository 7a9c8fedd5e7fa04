"""Circom's `.sym` file: the names of signals.

One line per signal: label, wire (-1 when optimisation removed it), component, name. Written by circom with `--sym`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from anomi_core.errors import UnreadableInputError
from anomi_prover.files import read_file

__all__ = [
    "MalformedSymError",
    "Sym",
    "SymMismatchError",
    "SymSignal",
    "UnknownSignalError",
    "read_main_dimensions",
    "read_sym",
]

SYM_BYTES_MAX: Final = 2 << 30
LINE_PATTERN: Final = re.compile(r"(\d{1,19}),(-1|\d{1,10}),(\d{1,10}),(\S+)")
ELIMINATED: Final = -1


class MalformedSymError(UnreadableInputError):
    """A line of a .sym file is not `label,wire,component,name`."""


class SymMismatchError(UnreadableInputError):
    """A .sym file belongs to another circuit than the .r1cs file."""


class UnknownSignalError(UnreadableInputError):
    """A .sym file has no signal of this name, or its wire was removed by optimisation."""


@dataclass(frozen=True, slots=True)
class SymSignal:
    """One signal. `wire` is None when optimisation removed it."""

    label: int
    wire: int | None
    component: int
    name: str


@dataclass(frozen=True)
class Sym:
    """The signals of a circuit in the order of their labels; names are full, such as `main.range.bits[3]`."""

    signals: tuple[SymSignal, ...]

    @cached_property
    def _by_name(self) -> Mapping[str, SymSignal]:
        return {signal.name: signal for signal in self.signals}

    @cached_property
    def _by_wire(self) -> Mapping[int, tuple[str, ...]]:
        names: dict[int, list[str]] = {}
        for signal in self.signals:
            if signal.wire is not None:
                names.setdefault(signal.wire, []).append(signal.name)
        return {wire: tuple(found) for wire, found in names.items()}

    @cached_property
    def _by_label(self) -> Mapping[int, SymSignal]:
        return {signal.label: signal for signal in self.signals}

    def signal(self, name: str) -> SymSignal:
        """Return the signal `name`; raises UnknownSignalError."""
        found = self._by_name.get(name)
        if found is None:
            raise UnknownSignalError(f"the circuit has no signal {name}")
        return found

    def wire_of(self, name: str) -> int:
        """Return the wire of the signal `name`; raises UnknownSignalError also when it was optimised away."""
        wire = self.signal(name).wire
        if wire is None:
            raise UnknownSignalError(f"the signal {name} has no wire: optimisation removed it")
        return wire

    def names_of(self, wire: int) -> tuple[str, ...]:
        """Return the names that share a wire, in the order of their labels; wire 0, the constant 1, has none."""
        return self._by_wire.get(wire, ())

    def name_of_label(self, label: int) -> str | None:
        """Return the name of the signal with this label, or None."""
        found = self._by_label.get(label)
        return found.name if found else None

    def main_dimensions(self) -> dict[str, tuple[int, ...]]:
        """Return each signal of the main component, named as in an input file, with its dimensions: () for a scalar."""
        if not self.signals:
            return {}
        component = self.signals[0].component  # labels begin with main's own signals
        sizes: dict[str, tuple[int, ...]] = {}
        for signal in self.signals:
            if signal.component != component:
                continue
            base, indices = _split_indices(signal.name.partition(".")[2])
            seen = sizes.get(base, (0,) * len(indices))
            if len(seen) != len(indices):
                raise MalformedSymError(f"the signal {base} of the .sym file has elements of unequal depth")
            sizes[base] = tuple(max(size, index + 1) for size, index in zip(seen, indices, strict=True))
        return sizes


def read_sym(path: Path) -> Sym:
    """Read a .sym file. Raises MalformedSymError with the line, FileUnreadableError, FileTooLargeError."""
    signals = []
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line:
            continue
        match = LINE_PATTERN.fullmatch(line)
        if not match:
            raise MalformedSymError(f"{path} is not a .sym file: line {number} is not label,wire,component,name")
        signals.append(_signal(match))
    return Sym(tuple(signals))


def read_main_dimensions(path: Path) -> dict[str, tuple[int, ...]]:
    """Return `read_sym(path).main_dimensions()` in a tenth of the time: other components' lines are not parsed.

    Raises what `read_sym` raises, but a malformed line of another component goes unnoticed.
    """
    text = _text(path)
    first = LINE_PATTERN.match(text)
    if first is None:
        return read_sym(path).main_dimensions()  # an empty file, or an error with its line
    of_main = re.compile(rf"^(\d{{1,19}}),(-1|\d{{1,10}}),({first[3]}),(\S+)$", re.MULTILINE)
    return Sym(tuple(map(_signal, of_main.finditer(text)))).main_dimensions()


def _text(path: Path) -> str:
    data = read_file(path, max_bytes=SYM_BYTES_MAX, what=".sym file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedSymError(f"{path} is not a .sym file: it is not text") from error


def _signal(match: re.Match[str]) -> SymSignal:
    wire = int(match[2])
    return SymSignal(int(match[1]), None if wire == ELIMINATED else wire, int(match[3]), match[4])


def _split_indices(name: str) -> tuple[str, tuple[int, ...]]:
    """Split `a[1][2]` into `a` and (1, 2); indices inside a bus path stay part of the name."""
    match = re.fullmatch(r"(.*?)((?:\[\d{1,9}\])*)", name)
    assert match is not None  # noqa: S101 -- both groups may be empty
    return match[1], tuple(int(index) for index in re.findall(r"\d+", match[2]))
