"""The executables against the loader's rules, read by an ELF reader of the tests' own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from anomi_sbf.build import Built
from anomi_sbf.syscalls import SYSCALLS, murmur3_32
from tests.sbf import elf_reader
from tests.sbf.elf_reader import Elf

Probe = Mapping[str, tuple[Path, Built]]
CODE = 1 << 32
EM_BPF, ET_DYN, PT_LOAD, PT_DYNAMIC = 247, 3, 1, 2


@pytest.fixture(scope="module")
def v0(probe: Probe) -> Elf:
    return elf_reader.read(probe["v0"][0].read_bytes())


@pytest.fixture(scope="module")
def v3(probe: Probe) -> Elf:
    return elf_reader.read(probe["v3"][0].read_bytes())


def _code(elf: Elf) -> bytes:
    if elf.flags == 3:
        segment = elf.segments[-1]
        return elf.data[segment.offset : segment.offset + segment.file_size]
    text = elf.section(".text")
    assert text is not None
    return elf.content(text)


def test_v0_header_and_sections(v0: Elf) -> None:
    assert (v0.kind, v0.machine, v0.flags) == (ET_DYN, EM_BPF, 0)
    names = [section.name for section in v0.sections]
    assert names == ["", ".text", ".rodata", ".dynamic", ".dynsym", ".dynstr", ".rel.dyn", ".shstrtab"]
    assert v0.sections[0].kind == 0
    end = 64 + 56 * len(v0.segments)
    for section in v0.sections[1:]:
        assert section.offset >= end, section
        end = section.offset + section.size
        if section.flags & 2:
            assert section.address == section.offset
        writable_data = section.flags & 3 == 3 and section.name.startswith((".data", ".bss"))
        assert not writable_data
    assert end <= v0.section_headers_at
    text = v0.section(".text")
    assert text is not None
    assert text.offset <= v0.entry < text.offset + text.size
    assert (v0.entry - text.offset) % 8 == 0
    assert text.offset % 8 == 0


def test_v0_segments_cover_the_sections_in_ascending_order(v0: Elf) -> None:
    loads = [segment for segment in v0.segments if segment.kind == PT_LOAD]
    assert [segment.address for segment in loads] == sorted(segment.address for segment in loads)
    assert all(segment.address == segment.offset == segment.physical for segment in v0.segments)
    assert all(segment.file_size == segment.memory_size for segment in v0.segments)
    dynamic = v0.section(".dynamic")
    assert dynamic is not None
    assert [segment.offset for segment in v0.segments if segment.kind == PT_DYNAMIC] == [dynamic.offset]
    for section in v0.sections[1:]:
        if section.flags & 2:
            inside = [
                s
                for s in loads
                if s.offset <= section.offset and section.offset + section.size <= s.offset + s.file_size
            ]
            assert inside, section


def test_v0_dynamic_table_points_where_the_loader_looks(v0: Elf) -> None:
    dynamic = v0.section(".dynamic")
    assert dynamic is not None
    content = v0.content(dynamic)
    tags = {
        int.from_bytes(content[at : at + 8], "little"): int.from_bytes(content[at + 8 : at + 16], "little")
        for at in range(0, len(content), 16)
    }
    sections = {name: v0.section(name) for name in (".dynsym", ".dynstr", ".rel.dyn")}
    assert all(sections.values())
    symbols, strings, relocations = (section for section in sections.values() if section)
    assert (tags[6], tags[11]) == (symbols.offset, 24)
    assert (tags[5], tags[10]) == (strings.offset, strings.size)
    assert (tags[17], tags[18], tags[19]) == (relocations.offset, relocations.size, 16)


def test_v0_relocations_are_exactly_the_syscalls(v0: Elf) -> None:
    table, symbol_table, text = v0.section(".rel.dyn"), v0.section(".dynsym"), v0.section(".text")
    assert table and symbol_table and text
    symbols = elf_reader.symbols(v0, symbol_table)
    assert symbols[0] == ("", 0, 0, 0)
    assert symbols[-1] == ("entrypoint", 0x12, 1, v0.entry)
    assert {name for name, _, _, _ in symbols[1:-1]} == {"abort", "sol_log_", "sol_set_return_data"} <= SYSCALLS
    assert all((info, section, value) == (0x10, 0, 0) for _, info, section, value in symbols[1:-1])
    relocated = {offset for offset, _, _ in elf_reader.relocations(v0, table)}
    for _, kind, symbol in elf_reader.relocations(v0, table):
        assert kind == 10
        assert 0 < symbol < len(symbols) - 1
    unresolved = {
        text.offset + at
        for at, opcode, _, _, _, imm in elf_reader.instructions(_code(v0))
        if (opcode, imm) == (0x85, -1)
    }
    assert unresolved == relocated
    assert len(relocated) > 3


def test_v3_header_and_segments(v3: Elf) -> None:
    assert (v3.machine, v3.flags, v3.program_headers_at) == (EM_BPF, 3, 64)
    assert v3.sections == ()
    data, code = v3.segments
    assert (data.kind, data.flags, data.address) == (PT_LOAD, 4, 0)
    assert (code.kind, code.flags, code.address) == (PT_LOAD, 1, CODE)
    assert data.offset == 64 + 2 * 56
    assert code.offset == data.offset + data.file_size
    assert code.offset + code.file_size == len(v3.data)
    for segment in v3.segments:
        assert segment.physical == segment.address
        assert segment.memory_size == segment.file_size
        assert segment.offset % 8 == segment.file_size % 8 == 0
    assert code.address <= v3.entry < code.address + code.file_size
    assert v3.entry % 8 == 0


def test_v3_keeps_the_first_words_empty_so_that_nothing_has_the_null_address(v3: Elf) -> None:
    assert v3.data[v3.segments[0].offset :][:16] == bytes(16)


def test_v3_calls_are_hashes_of_syscalls_or_relative(v3: Elf) -> None:
    hashes = {murmur3_32(name.encode()) for name in ("abort", "sol_log_", "sol_set_return_data")}
    code = _code(v3)
    listed = elf_reader.instructions(code)
    starts = {at for at, *_ in listed}
    seen = set()
    for at, opcode, _, source, _, immediate in listed:
        if opcode == 0x85 and source == 0:
            seen.add(immediate & 0xFFFFFFFF)
        elif opcode == 0x85:
            assert source == 1
            assert at + 8 + 8 * immediate in starts
            assert immediate != -1
    assert seen == hashes


@pytest.mark.parametrize("arch", ["v0", "v3"])
def test_only_instructions_that_the_verifier_knows(probe: Probe, arch: str) -> None:
    code = _code(elf_reader.read(probe[arch][0].read_bytes()))
    listed = elf_reader.instructions(code)
    starts = {at for at, *_ in listed}
    conditions = {0x15, 0x1D, 0x25, 0x2D, 0x35, 0x3D, 0x45, 0x4D, 0x55, 0x5D, 0x65, 0x6D, 0x75, 0x7D}
    conditions |= {0xA5, 0xAD, 0xB5, 0xBD, 0xC5, 0xCD, 0xD5, 0xDD, 0x05}
    memory = {0x61, 0x62, 0x63, 0x69, 0x6A, 0x6B, 0x71, 0x72, 0x73, 0x79, 0x7A, 0x7B}
    arithmetic = {base + form + width for base in range(0, 0xD0, 16) for form in (0, 8) for width in (4, 7)} | {
        0xDC,
        0xD4,
    }
    calls_by_register = 0
    for at, opcode, destination, source, offset, immediate in listed:
        assert opcode in conditions | memory | arithmetic | {0x18, 0x85, 0x8D, 0x95}, hex(opcode)
        assert destination <= 10 and source <= 10
        if opcode in conditions:
            assert at + 8 + 8 * offset in starts
        if opcode == 0x18:
            assert code[at + 8 : at + 12] == bytes(4)
        if opcode == 0x8D:
            calls_by_register += 1
            register, other = (immediate, destination) if arch == "v0" else (destination, immediate)
            assert 0 <= register < 10
            assert other == 0
    assert calls_by_register > 5


@pytest.mark.parametrize("arch", ["v0", "v3"])
def test_addresses_in_code_lie_in_the_program(probe: Probe, arch: str) -> None:
    elf = elf_reader.read(probe[arch][0].read_bytes())
    code = _code(elf)
    if arch == "v0":
        text, data = elf.section(".text"), elf.section(".rodata")
        assert text and data
        spans = [(CODE + text.offset, text.size), (CODE + data.offset, data.size)]
    else:
        spans = [(CODE, len(code)), (16, elf.segments[0].file_size - 16)]
    pointers = 0
    for at, opcode, *_ in elf_reader.instructions(code):
        if opcode != 0x18:
            continue
        value = (
            int.from_bytes(code[at + 4 : at + 8], "little") | int.from_bytes(code[at + 12 : at + 16], "little") << 32
        )
        if any(start <= value <= start + size for start, size in spans):
            pointers += 1
    assert pointers > 100


def test_murmur3_of_known_syscalls() -> None:
    # Published by others for the same names: solana-sbpf's and Firedancer's tables.
    known = {"abort": 0xB6FC1A11, "sol_log_": 0x207559BD, "sol_log_64_": 0x5C2A3178, "sol_memcpy_": 0x717CC4A3}
    known |= {
        "sol_poseidon": 0xC4947C21,
        "sol_alt_bn128_group_op": 0xAE0C318B,
        "sol_try_find_program_address": 0x48504A38,
    }
    for name, value in known.items():
        assert murmur3_32(name.encode()) == value, name


def test_no_two_syscalls_have_one_hash() -> None:
    assert len({murmur3_32(name.encode()) for name in SYSCALLS}) == len(SYSCALLS)
