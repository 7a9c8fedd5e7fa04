"""Write an SBPF v0 executable: the lenient format that every runtime loads.

Rules (anza-xyz/sbpf `src/elf.rs`, `load_with_lenient_parser`): ET_DYN, exactly one section `.text`, addresses of
sections equal their file offsets, sections in file order without overlap, and the whole is seen at 1 << 32. Pointers
may be resolved already; a syscall must be `call -1` with an R_BPF_64_32 relocation against a dynamic symbol. `callx`
has its register in the immediate.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from anomi_sbf.elf_object import ELF_HEADER, IDENT, MACHINE_BPF, RELOCATION, SECTION_HEADER, SYMBOL, Object
from anomi_sbf.layout import R_BPF_64_32, Placement, Program, align, select_sections

__all__ = ["write"]

PROGRAM_HEADER = struct.Struct("<IIQQQQQQ")
DYNAMIC = struct.Struct("<QQ")
REGION = 1 << 32
PROGRAM_HEADERS = 3
CODE_OFFSET = ELF_HEADER.size + PROGRAM_HEADERS * PROGRAM_HEADER.size
DATA_ALIGNMENT = 16
PAGE = 4096
TYPE_DYNAMIC = 3
PROGBITS, STRTAB, DYNAMIC_TABLE, REL, DYNSYM = 1, 3, 6, 9, 11
ALLOC, ALLOC_WRITE, ALLOC_EXECUTE = 2, 3, 6
GLOBAL_UNTYPED, GLOBAL_FUNCTION = 0x10, 0x12


@dataclass(frozen=True)
class _Row:
    """One line of the section table; `offset` is also the address, but for sections that are not loaded."""

    name: str
    kind: int
    flags: int
    offset: int
    size: int
    link: int = 0
    info: int = 0
    alignment: int = 8
    entry_size: int = 0


def write(obj: Object, entrypoint: str) -> bytes:
    """Return the executable made of `obj`; raises what `layout` raises."""
    selection = select_sections(obj, entrypoint)
    code_size = sum(section.size for section in selection.code)
    data_offset = align(CODE_OFFSET + code_size, DATA_ALIGNMENT)
    program = Program.place(obj, selection, Placement(REGION + CODE_OFFSET, REGION + data_offset), entrypoint)
    entry = program.entrypoint - REGION

    image = bytearray(CODE_OFFSET)
    image += _v0_code(program)
    if program.data:
        image += bytes(data_offset - len(image)) + program.data
    imports = list(dict.fromkeys(site.name for site in program.syscalls))
    strings, string_offsets = _string_table([entrypoint, *imports])
    symbols = SYMBOL.pack(0, 0, 0, 0, 0, 0)
    symbols += b"".join(SYMBOL.pack(at, GLOBAL_UNTYPED, 0, 0, 0, 0) for at in string_offsets[1:])
    symbols += SYMBOL.pack(string_offsets[0], GLOBAL_FUNCTION, 0, 1, entry, 0)
    relocations = b"".join(
        RELOCATION.pack(CODE_OFFSET + site.position, (imports.index(site.name) + 1) << 32 | R_BPF_64_32)
        for site in program.syscalls
    )
    dynamic_size = 10 * DYNAMIC.size
    dynamic_at = _append(image, bytes(dynamic_size))
    symbols_at = _append(image, symbols)
    strings_at = _append(image, strings)
    relocations_at = _append(image, relocations)
    tags = (
        (0x1E, 4),  # DT_FLAGS: text relocations
        (0x11, relocations_at),  # DT_REL, DT_RELSZ, DT_RELENT
        (0x12, len(relocations)),
        (0x13, RELOCATION.size),
        (6, symbols_at),  # DT_SYMTAB, DT_SYMENT
        (0xB, SYMBOL.size),
        (5, strings_at),  # DT_STRTAB, DT_STRSZ
        (0xA, len(strings)),
        (0x16, 0),  # DT_TEXTREL
        (0, 0),
    )
    image[dynamic_at : dynamic_at + dynamic_size] = b"".join(DYNAMIC.pack(*tag) for tag in tags)
    loaded_end = len(image)

    rows = [_Row(".text", PROGBITS, ALLOC_EXECUTE, CODE_OFFSET, len(program.code))]
    if program.data:
        rows.append(_Row(".rodata", PROGBITS, ALLOC, data_offset, len(program.data), alignment=DATA_ALIGNMENT))
    symbol_row = len(rows) + 2  # the null section comes first, .dynamic before .dynsym
    rows += [
        _Row(".dynamic", DYNAMIC_TABLE, ALLOC_WRITE, dynamic_at, dynamic_size, symbol_row + 1, 0, 8, DYNAMIC.size),
        _Row(".dynsym", DYNSYM, ALLOC, symbols_at, len(symbols), symbol_row + 1, 1, 8, SYMBOL.size),
        _Row(".dynstr", STRTAB, ALLOC, strings_at, len(strings), alignment=1),
        _Row(".rel.dyn", REL, ALLOC, relocations_at, len(relocations), symbol_row, 0, 8, RELOCATION.size),
    ]
    section_table_at, count = _append_section_table(image, rows)
    image[: ELF_HEADER.size] = ELF_HEADER.pack(
        IDENT,
        TYPE_DYNAMIC,
        MACHINE_BPF,
        1,
        entry,
        ELF_HEADER.size,
        section_table_at,
        0,  # e_flags: SBPF v0
        ELF_HEADER.size,
        PROGRAM_HEADER.size,
        PROGRAM_HEADERS,
        SECTION_HEADER.size,
        count,
        count - 1,
    )
    rest_at = data_offset if program.data else dynamic_at
    image[ELF_HEADER.size : CODE_OFFSET] = b"".join(
        PROGRAM_HEADER.pack(kind, flags, at, at, at, size, size, alignment)
        for kind, flags, at, size, alignment in (
            (1, 5, CODE_OFFSET, len(program.code), PAGE),  # PT_LOAD, readable and executable
            (1, 4, rest_at, loaded_end - rest_at, PAGE),  # PT_LOAD, readable
            (2, 6, dynamic_at, dynamic_size, 8),  # PT_DYNAMIC
        )
    )
    return bytes(image)


def _v0_code(program: Program) -> bytearray:
    code = bytearray(program.code)
    for site in program.syscalls:
        code[site.position + 1] = 0
        struct.pack_into("<i", code, site.position + 4, -1)
    for position in program.register_calls:
        register = code[position + 1] & 15
        code[position + 1] = 0
        struct.pack_into("<i", code, position + 4, register)
    return code


def _append(image: bytearray, part: bytes, alignment: int = 8) -> int:
    image += bytes(align(len(image), alignment) - len(image))
    at = len(image)
    image += part
    return at


def _string_table(names: list[str]) -> tuple[bytes, list[int]]:
    table, offsets = bytearray(1), []
    for name in names:
        offsets.append(len(table))
        table += name.encode() + b"\0"
    return bytes(table), offsets


def _append_section_table(image: bytearray, rows: list[_Row]) -> tuple[int, int]:
    """Append section names and table; return the table's offset and its number of entries."""
    names, offsets = _string_table([*(row.name for row in rows), ".shstrtab"])
    names_at = _append(image, names, 1)
    at = _append(image, bytes(SECTION_HEADER.size))
    for row, name in zip(rows, offsets, strict=False):
        image += SECTION_HEADER.pack(
            name,
            row.kind,
            row.flags,
            row.offset,
            row.offset,
            row.size,
            row.link,
            row.info,
            row.alignment,
            row.entry_size,
        )
    image += SECTION_HEADER.pack(offsets[-1], STRTAB, 0, 0, names_at, len(names), 0, 0, 1, 0)
    return at, len(rows) + 2
