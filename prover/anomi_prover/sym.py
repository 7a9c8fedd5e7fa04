"""Symbol files (.sym): which signal stands on which wire. One line a signal: label,wire,component,name.

Wire −1 says that the simplification removed the signal from the constraints.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from anomi_core.errors import RefusedError
from anomi_prover.binfile import FileFormatError
from anomi_prover.files import read_file

__all__ = ["Sym", "SymEntry", "UnknownSignalError", "read_sym"]

SYM_BYTES_MAX: Final = 1 << 30


class UnknownSignalError(RefusedError):
    """No signal of this name is in the circuit."""


@dataclass(frozen=True)
class SymEntry:
    """One signal; `wire` is None when the simplification removed it. `name` is the full path, as main.a.b[2]."""

    label: int
    wire: int | None
    component: int
    name: str


@dataclass(frozen=True)
class Sym:
    """Every signal of a circuit."""

    entries: tuple[SymEntry, ...]

    @cached_property
    def by_name(self) -> dict[str, SymEntry]:
        """The entries by full name."""
        return {entry.name: entry for entry in self.entries}

    @cached_property
    def names_by_wire(self) -> dict[int, tuple[str, ...]]:
        """Every name that a wire carries, the first declared first."""
        names: dict[int, list[str]] = {}
        for entry in self.entries:
            if entry.wire is not None:
                names.setdefault(entry.wire, []).append(entry.name)
        return {wire: tuple(found) for wire, found in names.items()}

    def wire_of(self, name: str) -> int | None:
        """Return the wire of a signal, or None for a removed one; raises UnknownSignalError."""
        if name not in self.by_name:
            raise UnknownSignalError(f"the circuit has no signal {name}")
        return self.by_name[name].wire


def read_sym(path: Path) -> Sym:
    """Read a .sym file; raises FileFormatError."""
    entries: list[SymEntry] = []
    try:
        lines = read_file(path, max_bytes=SYM_BYTES_MAX, what="symbol file").decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise FileFormatError(f"{path} is not a symbol file: it is not text") from None
    for number, line in enumerate(lines, 1):
        parts = line.split(",", 3)
        try:
            label, wire, component, name = int(parts[0]), int(parts[1]), int(parts[2]), parts[3]
        except (ValueError, IndexError):
            raise FileFormatError(f"{path}, line {number}: expected label,wire,component,name") from None
        if label < 0 or wire < -1 or component < 0:
            raise FileFormatError(f"{path}, line {number}: a number is negative")
        entries.append(SymEntry(label, None if wire == -1 else wire, component, name))
    return Sym(tuple(entries))
