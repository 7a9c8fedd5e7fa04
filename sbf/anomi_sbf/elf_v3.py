"""Write an SBPF v3 executable: the strict format of SIMD-0178, SIMD-0189 and SIMD-0377.

Rules (anza-xyz/sbpf `src/elf.rs`, `load_with_strict_parser`): e_flags 3, a readable segment at address 0 when there
is read-only data, then an executable one at 1 << 32, both without gaps in the file, no relocations. A syscall is `call`
with the hash of its name and source register 0; a call within the program has source register 1; `callx` has its
register in the destination.
"""

from __future__ import annotations

import struct

from anomi_sbf.elf_object import ELF_HEADER, IDENT, MACHINE_BPF, Object
from anomi_sbf.elf_v0 import PROGRAM_HEADER
from anomi_sbf.layout import Placement, Program, select_sections
from anomi_sbf.syscalls import murmur3_32

__all__ = ["write"]

CODE_ADDRESS = 1 << 32
# Read-only data begins at address 0, but an object there would have the address that Rust takes for "no reference":
# Some(&FIRST) would read as None. Nothing is put into the first words.
NULL_GUARD = 16
TYPE_DYNAMIC = 3
LOAD, EXECUTE, READ = 1, 1, 4
VERSION_FLAG = 3
ALIGNMENT = 8


def write(obj: Object, entrypoint: str) -> bytes:
    """Return the executable made of `obj`; raises what `layout` raises."""
    selection = select_sections(obj, entrypoint)
    program = Program.place(obj, selection, Placement(code=CODE_ADDRESS, data=NULL_GUARD), entrypoint)
    code = bytearray(program.code)
    for site in program.syscalls:
        code[site.position + 1] = 0
        struct.pack_into("<I", code, site.position + 4, murmur3_32(site.name.encode()))
    data = bytes(NULL_GUARD) + program.data if program.data else b""
    segments = [(READ, 0, data)] if data else []
    segments.append((EXECUTE, CODE_ADDRESS, bytes(code)))
    offset = ELF_HEADER.size + len(segments) * PROGRAM_HEADER.size
    table = b""
    for flags, address, content in segments:
        table += PROGRAM_HEADER.pack(LOAD, flags, offset, address, address, len(content), len(content), ALIGNMENT)
        offset += len(content)
    header = ELF_HEADER.pack(
        IDENT,
        TYPE_DYNAMIC,
        MACHINE_BPF,
        1,
        program.entrypoint,
        ELF_HEADER.size,
        0,
        VERSION_FLAG,
        ELF_HEADER.size,
        PROGRAM_HEADER.size,
        len(segments),
        0,
        0,
        0,
    )
    return b"".join((header, table, *(content for _, _, content in segments)))
