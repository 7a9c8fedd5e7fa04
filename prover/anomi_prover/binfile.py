"""The container of iden3's binary files (.r1cs, .wtns, .zkey, .ptau), read with every bound checked.

Layout: four magic bytes, u32 version, u32 number of sections, then for each section u32 id, u64 length, content; all
little-endian, in any order. Only the section headers are read at first; a section is read when it is asked for. (Not
mapped into memory: a file that another process cuts short would then kill this one.)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from anomi_core.errors import UnreadableInputError
from anomi_prover.files import FileUnreadableError, check_regular_file, reason_of

__all__ = [
    "BinaryFile",
    "DuplicateSectionError",
    "MalformedSectionError",
    "MissingSectionError",
    "SectionReader",
    "TooManySectionsError",
    "TrailingBytesError",
    "TruncatedFileError",
    "UnsupportedFieldError",
    "WrongMagicError",
    "WrongVersionError",
    "open_binary",
    "render_binary",
]

HEADER: Final = struct.Struct("<4sII")
SECTION_HEADER: Final = struct.Struct("<IQ")
SECTIONS_MAX: Final = 64


class WrongMagicError(UnreadableInputError):
    """A file does not start with its format's four bytes."""


class WrongVersionError(UnreadableInputError):
    """A file has a version of its format that is not read here."""


class TruncatedFileError(UnreadableInputError):
    """A file ends before what it announces."""


class TrailingBytesError(UnreadableInputError):
    """Bytes follow the last section, or the last item of a section."""


class TooManySectionsError(UnreadableInputError):
    """A file announces more sections than any of its kind has."""


class DuplicateSectionError(UnreadableInputError):
    """A section that must be unique stands twice in a file."""


class MissingSectionError(UnreadableInputError):
    """A section that must be there is not."""


class MalformedSectionError(UnreadableInputError):
    """A section's content contradicts itself, the rest of the file, or the format."""


class UnsupportedFieldError(UnreadableInputError):
    """A file belongs to another curve than BN254."""


class SectionReader:
    """Reads a section from front to back; whatever would pass its end raises TruncatedFileError."""

    def __init__(self, data: bytes, name: str) -> None:
        """Read `data`, called `name` in errors."""
        self.data = data
        self.name = name
        self.position = 0

    @property
    def remaining(self) -> int:
        """Bytes not read yet."""
        return len(self.data) - self.position

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        if not 0 <= size <= self.remaining:
            raise TruncatedFileError(f"{self.name} ends too early: {size} bytes wanted, {self.remaining} are left")
        start = self.position
        self.position += size
        return self.data[start : self.position]

    def u8(self) -> int:
        """Return the next byte."""
        return self.take(1)[0]

    def u32(self) -> int:
        """Return the next 32-bit integer."""
        return int.from_bytes(self.take(4), "little")

    def u64(self) -> int:
        """Return the next 64-bit integer."""
        return int.from_bytes(self.take(8), "little")

    def integer(self, size: int) -> int:
        """Return the next little-endian integer of `size` bytes."""
        return int.from_bytes(self.take(size), "little")

    def end(self) -> None:
        """Raise TrailingBytesError unless everything has been read."""
        if self.remaining:
            raise TrailingBytesError(f"{self.name} has {self.remaining} bytes too many")


class BinaryFile:
    """An open file whose container has been checked."""

    def __init__(self, path: Path, version: int, file: BinaryIO, sections: Mapping[int, tuple[int, int]]) -> None:
        """Made by `open_binary`; `sections` gives start and length of each in bytes."""
        self.path = path
        self.version = version
        self._file = file
        self._sections = sections

    def __contains__(self, section: int) -> bool:
        return section in self._sections

    def size(self, section: int, what: str) -> int:
        """Return the length of a section in bytes; raises MissingSectionError, in which `what` names its content."""
        if section not in self._sections:
            raise MissingSectionError(f"{self.path} has no section {section} ({what})")
        return self._sections[section][1]

    def require_size(self, section: int, what: str, size: int) -> None:
        """Raise MalformedSectionError unless a section has exactly `size` bytes."""
        found = self.size(section, what)
        if found != size:
            raise MalformedSectionError(
                f"section {section} ({what}) of {self.path} has {found} bytes; the counts in the file ask for {size}"
            )

    def read(self, section: int, what: str, *, start: int = 0, size: int | None = None) -> SectionReader:
        """Read a section, or `size` bytes of it from `start`.

        Memory is bounded by the file's size. Raises MissingSectionError, TruncatedFileError.
        """
        length = self.size(section, what)
        wanted = length - start if size is None else size
        name = f"section {section} ({what}) of {self.path}"
        if not 0 <= start <= start + wanted <= length:
            raise TruncatedFileError(f"{name} has {length} bytes; {start + wanted} are needed")
        self._file.seek(self._sections[section][0] + start)
        data = self._file.read(wanted)
        if len(data) != wanted:
            raise TruncatedFileError(f"{name} ends too early: the file was cut short while it was read")
        return SectionReader(data, name)


@contextmanager
def open_binary(path: Path, *, magic: bytes, versions: Sequence[int]) -> Iterator[BinaryFile]:
    """Open a file for the time of a `with` block, its container checked.

    Sections of unknown ids are passed over; every id may stand there once. Raises FileUnreadableError and the errors
    above.
    """
    kind = magic.decode("ascii")
    size = check_regular_file(path, what=f".{kind} file")
    try:
        with path.open("rb") as file:
            version, sections = _read_container(path, file, size, magic, versions)
            yield BinaryFile(path, version, file, sections)
    except OSError as error:
        raise FileUnreadableError(f"cannot read the .{kind} file {path}: {reason_of(error)}") from error


def _read_container(
    path: Path, file: BinaryIO, size: int, magic: bytes, versions: Sequence[int]
) -> tuple[int, dict[int, tuple[int, int]]]:
    kind = magic.decode("ascii")
    head = file.read(HEADER.size)
    if head[:4] != magic[: len(head)]:
        raise WrongMagicError(f"{path} is not a .{kind} file: it does not start with {kind!r}")
    if len(head) < HEADER.size:
        raise TruncatedFileError(f"{path} is not a .{kind} file: it has {size} bytes")
    _, version, count = HEADER.unpack(head)
    if version not in versions:
        known = " or ".join(str(known) for known in versions)
        raise WrongVersionError(f"{path} has version {version} of the .{kind} format; {known} is read here")
    if count > SECTIONS_MAX:
        raise TooManySectionsError(f"{path} announces {count} sections; a .{kind} file has at most {SECTIONS_MAX}")
    sections: dict[int, tuple[int, int]] = {}
    position = HEADER.size
    for _ in range(count):
        file.seek(position)
        head = file.read(SECTION_HEADER.size)
        if len(head) < SECTION_HEADER.size:
            raise TruncatedFileError(f"{path} ends within a section header: {len(sections)} of {count} are there")
        section, length = SECTION_HEADER.unpack(head)
        position += SECTION_HEADER.size
        if length > size - position:
            raise TruncatedFileError(
                f"section {section} of {path} announces {length} bytes; {size - position} are left in the file"
            )
        if section in sections:
            raise DuplicateSectionError(f"{path} has section {section} twice")
        sections[section] = (position, length)
        position += length
    if position != size:
        raise TrailingBytesError(f"{path} has {size - position} bytes after its last section")
    return version, sections


def render_binary(magic: bytes, version: int, sections: Mapping[int, bytes]) -> bytes:
    """Return a file with these sections, in their order."""
    parts = [HEADER.pack(magic, version, len(sections))]
    for section, data in sections.items():
        parts += [SECTION_HEADER.pack(section, len(data)), data]
    return b"".join(parts)
