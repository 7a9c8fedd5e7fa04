"""Writes small relocatable BPF objects for the tests, right ones and wrong ones."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["CODE", "DATA", "Part", "Sym", "call", "exit_", "insn", "load_wide", "write_object"]

CODE, DATA = 6, 2  # section flags: alloc | execute, alloc


def insn(opcode: int, registers: int = 0, offset: int = 0, immediate: int = 0) -> bytes:
    return struct.pack("<BBhi", opcode, registers, offset, immediate)


def exit_() -> bytes:
    return insn(0x95)


def call(immediate: int = -1, source: int = 1) -> bytes:
    return insn(0x85, source << 4, 0, immediate)


def load_wide(value: int = 0) -> bytes:
    return struct.pack("<BBhIIi", 0x18, 1, 0, value & 0xFFFFFFFF, 0, 0)[:12] + struct.pack("<i", value >> 32)


@dataclass
class Part:
    """A section and its relocations (offset, type, symbol's name)."""

    name: str
    data: bytes
    flags: int = CODE
    kind: int = 1
    alignment: int = 8
    relocations: Sequence[tuple[int, int, str]] = ()
    size: int | None = None
    relocation_kind: int = 9


@dataclass
class Sym:
    """A symbol; `part` is the name of its section, a reserved index, or None when it is undefined."""

    name: str
    part: str | int | None
    value: int = 0
    kind: int = 2
    size: int = 0


@dataclass
class _Table:
    data: bytearray = field(default_factory=lambda: bytearray(1))

    def add(self, text: str) -> int:
        at = len(self.data)
        self.data += text.encode() + b"\0"
        return at


def write_object(parts: Sequence[Part], symbols: Sequence[Sym], machine: int = 247) -> bytes:
    """Return the ELF file; sections are numbered from 1 in the order of `parts`."""
    numbers = {part.name: index for index, part in enumerate(parts, 1)}
    names, strings = _Table(), _Table()
    table = bytearray(24)
    for symbol in symbols:
        section = numbers[symbol.part] if isinstance(symbol.part, str) else symbol.part or 0
        table += struct.pack(
            "<IBBHQQ", strings.add(symbol.name), 0x10 | symbol.kind, 0, section, symbol.value, symbol.size
        )
    indices = {symbol.name: index for index, symbol in enumerate(symbols, 1)}
    sections: list[tuple[str, int, int, bytes, int, int, int, int]] = []
    for part in parts:
        size = len(part.data) if part.size is None else part.size
        sections.append((part.name, part.kind, part.flags, part.data, size, 0, 0, part.alignment))
    symbol_table = len(parts) + sum(bool(part.relocations) for part in parts) + 1
    for part in parts:
        if part.relocations:
            raw = b"".join(struct.pack("<QQ", at, indices[name] << 32 | kind) for at, kind, name in part.relocations)
            link = (f".rel{part.name}", part.relocation_kind, 0, raw, len(raw), symbol_table, numbers[part.name], 8)
            sections.append(link)
    sections.append((".symtab", 2, 0, bytes(table), len(table), symbol_table + 1, 1, 8))
    sections.append((".strtab", 3, 0, bytes(strings.data), len(strings.data), 0, 0, 1))
    body = bytearray(64)
    rows = bytearray(64)
    for name, kind, flags, data, size, link_, info, alignment in sections:
        body += bytes(-len(body) % 8)
        rows += struct.pack("<IIQQQQIIQQ", names.add(name), kind, flags, 0, len(body), size, link_, info, alignment, 0)
        body += data
    name_at = names.add(".shstrtab")
    rows += struct.pack("<IIQQQQIIQQ", name_at, 3, 0, 0, len(body), len(names.data), 0, 0, 1, 0)
    body += names.data
    body += bytes(-len(body) % 8)
    count = len(sections) + 2
    identity = b"\x7fELF\x02\x01\x01" + bytes(9)
    body[:64] = struct.pack(
        "<16sHHIQQQIHHHHHH", identity, 1, machine, 1, 0, 0, len(body), 0, 64, 0, 0, 64, count, count - 1
    )
    return bytes(body + rows)
