"""Reading `ar` archives (rlibs), strictly."""

from __future__ import annotations

from collections.abc import Iterator

from anomi_sbf.errors import ArchiveDamagedError

__all__ = ["MAGIC", "members"]

MAGIC = b"!<arch>\n"
HEADER_SIZE = 60


def members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (member name, content) of the archive `data`; symbol and name tables are left out.

    Raises ArchiveDamagedError when a header is malformed or reaches past the end. Format: System V `ar` with GNU's
    long names.
    """
    if not data.startswith(MAGIC):
        raise ArchiveDamagedError(f"{name} is no archive: it does not begin with !<arch>")
    long_names = b""
    offset = len(MAGIC)
    while offset < len(data):
        header = data[offset : offset + HEADER_SIZE]
        start = offset + HEADER_SIZE
        if len(header) < HEADER_SIZE or header[58:60] != b"`\n":
            raise ArchiveDamagedError(f"{name} is damaged: no member header at byte {offset}")
        digits = header[48:58].strip()
        if not digits.isdigit():
            raise ArchiveDamagedError(f"{name} is damaged: the member at byte {offset} has no size")
        size = int(digits)
        if start + size > len(data):
            raise ArchiveDamagedError(
                f"{name} is truncated: a member of {size} bytes begins at byte {start} of {len(data)}"
            )
        content = data[start : start + size]
        label = header[:16].rstrip()
        if label == b"//":
            long_names = content
        elif label not in (b"/", b"/SYM64/"):
            yield _member_name(name, label, long_names), content
        offset = start + size + (size & 1)


def _member_name(archive: str, label: bytes, long_names: bytes) -> str:
    if label.startswith(b"/") and label[1:].isdigit():
        start = int(label[1:])
        end = long_names.find(b"\n", start)
        if end < 0:
            raise ArchiveDamagedError(f"{archive} is damaged: member name {label!r} is not in its name table")
        label = long_names[start:end]
    return label.removesuffix(b"/").decode(errors="replace")
