"""A small ELF reader of its own for the tests: it shares no line with the writer it checks."""

from __future__ import annotations

from dataclasses import dataclass


def _u(data: bytes, at: int, size: int) -> int:
    assert at + size <= len(data), (at, size, len(data))
    return int.from_bytes(data[at : at + size], "little")


@dataclass(frozen=True)
class Segment:
    kind: int
    flags: int
    offset: int
    address: int
    physical: int
    file_size: int
    memory_size: int


@dataclass(frozen=True)
class Section:
    name: str
    kind: int
    flags: int
    address: int
    offset: int
    size: int
    link: int


@dataclass(frozen=True)
class Elf:
    data: bytes
    kind: int
    machine: int
    entry: int
    flags: int
    program_headers_at: int
    section_headers_at: int
    segments: tuple[Segment, ...]
    sections: tuple[Section, ...]

    def section(self, name: str) -> Section | None:
        found = [section for section in self.sections if section.name == name]
        assert len(found) < 2
        return found[0] if found else None

    def content(self, section: Section) -> bytes:
        return self.data[section.offset : section.offset + section.size]


def read(data: bytes) -> Elf:
    assert data[:16] == b"\x7fELF\x02\x01\x01" + bytes(9)
    assert _u(data, 20, 4) == 1
    assert _u(data, 52, 2) == 64
    segment_at, segment_size, segment_count = _u(data, 32, 8), _u(data, 54, 2), _u(data, 56, 2)
    assert segment_size == 56
    segments = tuple(
        Segment(
            kind=_u(data, at, 4),
            flags=_u(data, at + 4, 4),
            offset=_u(data, at + 8, 8),
            address=_u(data, at + 16, 8),
            physical=_u(data, at + 24, 8),
            file_size=_u(data, at + 32, 8),
            memory_size=_u(data, at + 40, 8),
        )
        for at in range(segment_at, segment_at + segment_count * 56, 56)
    )
    section_at, section_count, names_index = _u(data, 40, 8), _u(data, 60, 2), _u(data, 62, 2)
    raw = range(section_at, section_at + section_count * 64, 64)
    names_at = _u(data, raw[names_index] + 24, 8) if section_count else 0

    def name(at: int) -> str:
        start = names_at + _u(data, at, 4)
        return data[start : data.index(b"\0", start)].decode()

    sections = tuple(
        Section(
            name=name(at),
            kind=_u(data, at + 4, 4),
            flags=_u(data, at + 8, 8),
            address=_u(data, at + 16, 8),
            offset=_u(data, at + 24, 8),
            size=_u(data, at + 32, 8),
            link=_u(data, at + 40, 4),
        )
        for at in raw
    )
    return Elf(
        data=data,
        kind=_u(data, 16, 2),
        machine=_u(data, 18, 2),
        entry=_u(data, 24, 8),
        flags=_u(data, 48, 4),
        program_headers_at=segment_at,
        section_headers_at=section_at,
        segments=segments,
        sections=sections,
    )


def symbols(elf: Elf, table: Section) -> list[tuple[str, int, int, int]]:
    """Return (name, info, section, value) of each symbol."""
    strings = elf.content(elf.sections[table.link])
    content = elf.content(table)
    found = []
    for at in range(0, len(content), 24):
        start = _u(content, at, 4)
        name = strings[start : strings.index(b"\0", start)].decode()
        found.append((name, content[at + 4], _u(content, at + 6, 2), _u(content, at + 8, 8)))
    return found


def relocations(elf: Elf, table: Section) -> list[tuple[int, int, int]]:
    """Return (offset, type, symbol index) of each relocation."""
    content = elf.content(table)
    return [
        (_u(content, at, 8), _u(content, at + 8, 8) & 0xFFFFFFFF, _u(content, at + 8, 8) >> 32)
        for at in range(0, len(content), 16)
    ]


def instructions(code: bytes) -> list[tuple[int, int, int, int, int, int]]:
    """Return (position, opcode, destination, source, offset, immediate); a 64-bit load is one of them."""
    found = []
    at = 0
    while at < len(code):
        offset = int.from_bytes(code[at + 2 : at + 4], "little", signed=True)
        immediate = int.from_bytes(code[at + 4 : at + 8], "little", signed=True)
        found.append((at, code[at], code[at + 1] & 15, code[at + 1] >> 4, offset, immediate))
        at += 16 if code[at] == 0x18 else 8
    return found
