"""The container of iden3's binary files (.r1cs, .wtns, .zkey, .ptau), read with a bound on everything.

magic[4] ‖ u32 version ‖ u32 section count ‖ (u32 id ‖ u64 length ‖ bytes)*, little-endian; sections in any order,
unknown ids ignored. Format: iden3/binfileutils. The reference reader checks no bounds; this one checks all of them, and
reads a section only when it is asked for, so a large file costs no memory by being opened.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from anomi_core.errors import UnreadableInputError
from anomi_prover.files import FileTooLargeError, check_regular_file

__all__ = [
    "HEADER_BYTES_MAX",
    "BinFile",
    "DuplicateSectionError",
    "FileFormatError",
    "MagicMismatchError",
    "MissingSectionError",
    "Reader",
    "SectionCountError",
    "SectionLengthError",
    "TrailingBytesError",
    "TruncatedFileError",
    "VersionMismatchError",
    "pack_binfile",
]

CONTAINER_BYTES: Final = 12
SECTION_HEADER_BYTES: Final = 12
SECTIONS_MAX: Final = 64
HEADER_BYTES_MAX: Final = 1 << 16
"""No section that is a header is as long; what stands behind its values is refused without being read."""


class FileFormatError(UnreadableInputError):
    """A file is not what its kind must be."""


class MagicMismatchError(FileFormatError):
    """The first four bytes name another kind of file."""


class VersionMismatchError(FileFormatError):
    """The file has a version that is not read here."""


class TruncatedFileError(FileFormatError):
    """The file ends before what it announces."""


class TrailingBytesError(FileFormatError):
    """Bytes stand behind the last section, or behind the last value of a section."""


class SectionCountError(FileFormatError):
    """The file announces more sections than any has."""


class DuplicateSectionError(FileFormatError):
    """A section stands twice, so two readers could see two files."""


class MissingSectionError(FileFormatError):
    """A section that this kind of file must have is not there."""


class SectionLengthError(FileFormatError):
    """A section's length does not follow from the counts in the header."""


class BinFile:
    """An open container: its table of sections, and their bytes on demand. Use it as a context manager."""

    def __init__(self, path: Path, magic: bytes, version: int) -> None:
        """Open `path` and read its table. Raises the errors of this module, and UnreadableInputError."""
        self.path = path
        self.kind = magic.decode()
        check_regular_file(path, what=f"{self.kind} file")
        try:
            self._file: BinaryIO = path.open("rb")
        except OSError as error:
            raise UnreadableInputError(f"{path} cannot be read: {error.strerror}") from error
        try:
            self._size = os.fstat(self._file.fileno()).st_size
            self._sections = self._read_table(magic, version)
        except BaseException:
            self._file.close()
            raise

    def _read_table(self, magic: bytes, version: int) -> dict[int, tuple[int, int]]:
        head = self._read(0, CONTAINER_BYTES)
        found, count = struct.unpack_from("<II", head, 4)
        if head[:4] != magic:
            raise MagicMismatchError(f"{self.path} is not a .{self.kind} file: it does not start with “{self.kind}”")
        if found != version:
            raise VersionMismatchError(f"{self.path} is {self.kind} version {found}; version {version} is read here")
        if count > SECTIONS_MAX:
            raise SectionCountError(f"{self.path} announces {count} sections; at most {SECTIONS_MAX} are read")
        sections: dict[int, tuple[int, int]] = {}
        at = CONTAINER_BYTES
        for _ in range(count):
            number, length = struct.unpack("<IQ", self._read(at, SECTION_HEADER_BYTES))
            at += SECTION_HEADER_BYTES
            if length > self._size - at:
                raise TruncatedFileError(
                    f"{self.path} is cut short: section {number} announces {length} bytes, {self._size - at} are left"
                )
            if number in sections:
                raise DuplicateSectionError(f"{self.path} holds section {number} twice")
            sections[number] = (at, length)
            at += length
        if at != self._size:
            raise TrailingBytesError(f"{self.path} holds {self._size - at} bytes behind its last section")
        return sections

    @property
    def sections(self) -> Mapping[int, int]:
        """The length in bytes of every section, by its number."""
        return {number: length for number, (_, length) in self._sections.items()}

    def section_length(self, number: int) -> int:
        """Return the length of a section; raises MissingSectionError."""
        if number not in self._sections:
            raise MissingSectionError(f"{self.path} has no section {number}, which every {self.kind} file has")
        return self._sections[number][1]

    def require_length(self, number: int, expected: int) -> None:
        """Raise SectionLengthError unless a section has exactly the length that follows from the header."""
        length = self.section_length(number)
        if length != expected:
            raise SectionLengthError(
                f"{self.path}: section {number} must hold {expected} bytes by the header's counts; it holds {length}"
            )

    def section(self, number: int, *, max_bytes: int | None = None) -> Reader:
        """Return a reader over a whole section, or over its first `max_bytes`."""
        length = self.section_length(number)
        wanted = length if max_bytes is None else min(length, max_bytes)
        return Reader(self._read(self._sections[number][0], wanted), f"{self.path}, section {number}")

    def _read(self, at: int, count: int) -> bytes:
        if at + count > self._size:
            raise TruncatedFileError(f"{self.path} is cut short: {at + count} bytes are needed, it holds {self._size}")
        try:
            self._file.seek(at)
            data = self._file.read(count)
        except OSError as error:
            raise UnreadableInputError(f"{self.path} cannot be read: {error.strerror}") from error
        except (MemoryError, OverflowError) as error:
            raise FileTooLargeError(f"{self.path}: {count} bytes of it do not fit into memory") from error
        if len(data) != count:
            raise TruncatedFileError(f"{self.path} was cut short while it was read")
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


class Reader:
    """Reads little-endian values from bytes, never past their end."""

    def __init__(self, data: bytes, where: str) -> None:
        """`where` names the bytes in error sentences."""
        self.data = data
        self.at = 0
        self.where = where

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self.data) - self.at

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        if count > self.left:
            raise TruncatedFileError(f"{self.where}: {count} bytes are needed, {self.left} are left")
        self.at += count
        return self.data[self.at - count : self.at]

    def u8(self) -> int:
        """Return the next byte."""
        return self.take(1)[0]

    def u32(self) -> int:
        """Return the next u32."""
        return int.from_bytes(self.take(4), "little")

    def u64(self) -> int:
        """Return the next u64."""
        return int.from_bytes(self.take(8), "little")

    def integer(self, size_bytes: int) -> int:
        """Return the next unsigned integer of `size_bytes`."""
        return int.from_bytes(self.take(size_bytes), "little")

    def require_end(self) -> None:
        """Raise TrailingBytesError unless everything was read."""
        if self.left:
            raise TrailingBytesError(f"{self.where}: {self.left} bytes stand behind the last value")


def pack_binfile(magic: bytes, version: int, sections: Mapping[int, bytes]) -> bytes:
    """Return the bytes of a container with these sections, in the order given."""
    out = [magic, struct.pack("<II", version, len(sections))]
    for number, data in sections.items():
        out += [struct.pack("<IQ", number, len(data)), data]
    return b"".join(out)
