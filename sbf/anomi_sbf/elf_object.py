"""A strict reader of relocatable BPF objects as LLVM writes them (ELF64, little endian, REL relocations)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from anomi_sbf.errors import ObjectDamagedError, UnsupportedRelocationError, UnsupportedSectionError

__all__ = [
    "FLAG_EXECUTE",
    "FLAG_WRITE",
    "SECTION_NOBITS",
    "SECTION_PROGBITS",
    "SYMBOL_FUNCTION",
    "SYMBOL_SECTION",
    "Object",
    "Relocation",
    "Section",
    "Symbol",
]

# System V ABI, "Object Files".
ELF_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
SECTION_HEADER = struct.Struct("<IIQQQQIIQQ")
SYMBOL = struct.Struct("<IBBHQQ")
RELOCATION = struct.Struct("<QQ")
IDENT = b"\x7fELF\x02\x01\x01" + bytes(9)
TYPE_RELOCATABLE = 1
MACHINE_BPF = 247
SECTION_PROGBITS = 1
SECTION_SYMTAB = 2
SECTION_STRTAB = 3
SECTION_RELA = 4
SECTION_NOBITS = 8
SECTION_REL = 9
FLAG_WRITE = 1
FLAG_ALLOC = 2
FLAG_EXECUTE = 4
SYMBOL_FUNCTION = 2
SYMBOL_SECTION = 3
UNDEFINED = 0
FIRST_RESERVED_INDEX = 0xFF00


@dataclass(frozen=True)
class Section:
    """One section of the object; `data` is empty for sections without bytes in the file."""

    index: int
    name: str
    kind: int
    flags: int
    size: int
    link: int
    info: int
    alignment: int
    data: bytes

    @property
    def is_loaded(self) -> bool:
        """Whether the section would be in memory at run time."""
        return bool(self.flags & FLAG_ALLOC) and self.size > 0


@dataclass(frozen=True)
class Symbol:
    """One symbol; `section` is 0 when it is undefined and ≥ 0xff00 when it has no section."""

    name: str
    kind: int
    section: int
    value: int
    size: int

    @property
    def is_undefined(self) -> bool:
        """Whether another file would have to define it."""
        return self.section == UNDEFINED

    @property
    def has_section(self) -> bool:
        """Whether it lies in a section of this object."""
        return UNDEFINED < self.section < FIRST_RESERVED_INDEX


@dataclass(frozen=True)
class Relocation:
    """A place at `offset` in a section that must receive the address of `symbol`."""

    offset: int
    kind: int
    symbol: Symbol


class Object:
    """The sections, symbols and relocations of one object, every index and range checked."""

    def __init__(self, data: bytes) -> None:
        """Parse `data`; raises ObjectDamagedError, UnsupportedSectionError, UnsupportedRelocationError."""
        self._data = data
        header = self._unpack(ELF_HEADER, 0)
        ident, kind, machine = header[0], header[1], header[2]
        if ident != IDENT or kind != TYPE_RELOCATABLE or machine != MACHINE_BPF:
            raise ObjectDamagedError("the object is no relocatable little-endian BPF file")
        table, entry_size, count, names = header[6], header[11], header[12], header[13]
        if entry_size != SECTION_HEADER.size or count == 0:
            raise ObjectDamagedError("the object has no section table")
        raw = [self._unpack(SECTION_HEADER, table + index * entry_size) for index in range(count)]
        name_table = self._content(raw[self._index(names, count)])
        self.sections = tuple(
            Section(
                index=index,
                name=self._string(name_table, entry[0]),
                kind=entry[1],
                flags=entry[2],
                size=entry[5],
                link=entry[6],
                info=entry[7],
                alignment=entry[8],
                data=self._content(entry),
            )
            for index, entry in enumerate(raw)
        )
        self.symbols = self._read_symbols()
        self.relocations = self._read_relocations()

    def _unpack(self, layout: struct.Struct, offset: int) -> tuple[Any, ...]:
        if offset + layout.size > len(self._data):
            raise ObjectDamagedError(f"the object ends at byte {len(self._data)}, inside a table at byte {offset}")
        return layout.unpack_from(self._data, offset)

    def _content(self, entry: tuple[Any, ...]) -> bytes:
        kind, offset, size = entry[1], entry[4], entry[5]
        if kind in (0, SECTION_NOBITS):
            return b""
        if offset + size > len(self._data):
            raise ObjectDamagedError(
                f"a section of {size} bytes at byte {offset} reaches past the object's end at {len(self._data)}"
            )
        return bytes(self._data[offset : offset + size])

    @staticmethod
    def _index(index: int, count: int) -> int:
        if index >= count:
            raise ObjectDamagedError(f"index {index} is outside a table of {count} entries")
        return index

    @staticmethod
    def _string(table: bytes, offset: int) -> str:
        end = table.find(b"\0", offset)
        if offset >= len(table) or end < 0:
            raise ObjectDamagedError(f"no string ends after byte {offset} of a string table")
        return table[offset:end].decode(errors="replace")

    def _read_symbols(self) -> tuple[Symbol, ...]:
        tables = [section for section in self.sections if section.kind == SECTION_SYMTAB]
        if len(tables) != 1:
            raise ObjectDamagedError(f"the object has {len(tables)} symbol tables; one was expected")
        strings = self.sections[self._index(tables[0].link, len(self.sections))].data
        if len(tables[0].data) % SYMBOL.size:
            raise ObjectDamagedError("the symbol table does not hold whole symbols")
        symbols = []
        for name, info, _other, section, value, size in SYMBOL.iter_unpack(tables[0].data):
            symbol = Symbol(self._string(strings, name), info & 15, section, value, size)
            if symbol.has_section:
                home = self.sections[self._index(section, len(self.sections))]
                if value + size > home.size:
                    raise ObjectDamagedError(f"symbol {symbol.name!r} lies outside its section {home.name}")
            symbols.append(symbol)
        return tuple(symbols)

    def _read_relocations(self) -> dict[int, tuple[Relocation, ...]]:
        """Return the relocations of each loaded section by the section's index, ordered by offset."""
        found: dict[int, list[Relocation]] = {}
        for section in self.sections:
            if section.kind == SECTION_RELA:
                raise UnsupportedRelocationError(f"{section.name} holds RELA relocations; BPF uses REL")
            if section.kind != SECTION_REL:
                continue
            target = self.sections[self._index(section.info, len(self.sections))]
            if not target.is_loaded:
                continue
            if target.kind == SECTION_NOBITS:
                raise UnsupportedSectionError(f"{section.name} relocates {target.name}, which has no bytes")
            if len(section.data) % RELOCATION.size:
                raise ObjectDamagedError(f"{section.name} does not hold whole relocations")
            for offset, info in RELOCATION.iter_unpack(section.data):
                symbol = self.symbols[self._index(info >> 32, len(self.symbols))]
                found.setdefault(target.index, []).append(Relocation(offset, info & 0xFFFF_FFFF, symbol))
        return {index: tuple(sorted(entries, key=lambda entry: entry.offset)) for index, entries in found.items()}
