"""The linker proper on objects made by hand: each relocation, each rule, each way an object can be wrong."""

from __future__ import annotations

import random
import struct

import pytest

from anomi_core.errors import AnomiError, InternalError
from anomi_sbf import errors
from anomi_sbf.link import link_object
from tests.sbf import elf_reader
from tests.sbf.conftest import Compile
from tests.sbf.elf_reader import instructions
from tests.sbf.object_writer import DATA, Part, Sym, call, exit_, insn, load_wide, write_object
from tests.sbf.test_refusals import program

ENTRY = Sym("entrypoint", ".text")
MOVE = insn(0xB7)  # r0 = 0
REGION = 1 << 32


def linked(arch: str, parts: list[Part], symbols: list[Sym]) -> elf_reader.Elf:
    return elf_reader.read(link_object(write_object(parts, symbols), arch))


def code_of(elf: elf_reader.Elf) -> tuple[int, bytes]:
    """Return the run-time address and the bytes of the code."""
    if elf.flags == 3:
        segment = elf.segments[-1]
        return segment.address, elf.data[segment.offset :][: segment.file_size]
    text = elf.section(".text")
    assert text is not None
    return REGION + text.address, elf.content(text)


def at(elf: elf_reader.Elf, address: int, size: int) -> bytes:
    """Return what the program would read at a run-time address."""
    if elf.flags == 3:
        segment = next(s for s in elf.segments if s.address <= address < s.address + s.memory_size)
        return elf.data[segment.offset + address - segment.address :][:size]
    return elf.data[address - REGION :][:size]


def pointer(code: bytes, position: int) -> int:
    low, high = struct.unpack_from("<I", code, position + 4)[0], struct.unpack_from("<I", code, position + 12)[0]
    return int(low) | int(high) << 32


ARCHITECTURES = pytest.mark.parametrize("arch", ["v0", "v3"])


@ARCHITECTURES
def test_the_least_program(arch: str) -> None:
    elf = linked(arch, [Part(".text", MOVE + exit_())], [ENTRY])
    address, code = code_of(elf)
    assert code == MOVE + exit_()
    assert elf.entry + (REGION if arch == "v0" else 0) == address
    assert len(elf.segments) == (1 if arch == "v3" else 3)


@ARCHITECTURES
def test_the_entry_point_may_stand_behind_other_functions(arch: str) -> None:
    symbols = [Sym("entrypoint", ".text", 16), Sym("other", ".text", 0)]
    elf = linked(arch, [Part(".text", MOVE + exit_() + call(-3) + exit_())], symbols)
    address, _ = code_of(elf)
    assert elf.entry + (REGION if arch == "v0" else 0) == address + 16


@ARCHITECTURES
@pytest.mark.parametrize("offset", [0, 5, 24])
def test_a_load_of_an_address_in_read_only_data(arch: str, offset: int) -> None:
    """The addend stands in the instruction, relative to the section; one past the end is an address too."""
    data = bytes(range(24))
    parts = [
        Part(".text", load_wide(offset) + exit_(), relocations=[(0, 1, ".rodata")]),
        Part(".rodata", data, DATA),
    ]
    elf = linked(arch, parts, [ENTRY, Sym(".rodata", ".rodata", kind=3)])
    _, code = code_of(elf)
    target = pointer(code, 0)
    assert at(elf, target - offset, 24) == data
    assert target != 0


@ARCHITECTURES
@pytest.mark.parametrize("offset", [25, 0xFFFF_FFF8, 1 << 32, (1 << 64) - 8])
def test_an_address_outside_its_section_is_refused(arch: str, offset: int) -> None:
    load = struct.pack("<BBhIII", 0x18, 1, 0, offset & 0xFFFFFFFF, 0, offset >> 32)
    parts = [Part(".text", load + exit_(), relocations=[(0, 1, ".rodata")]), Part(".rodata", bytes(24), DATA)]
    with pytest.raises(
        errors.AddendOutsideSectionError, match=r"\.text\+0x0 points to \.rodata\+.*past its 0x18 bytes"
    ):
        linked(arch, parts, [ENTRY, Sym(".rodata", ".rodata", kind=3)])


@ARCHITECTURES
def test_a_load_relative_to_a_named_symbol(arch: str) -> None:
    parts = [
        Part(".text", load_wide(4) + exit_(), relocations=[(0, 1, "thing")]),
        Part(".rodata", b"12345678abcdefgh", DATA),
    ]
    elf = linked(arch, parts, [ENTRY, Sym("thing", ".rodata", 8, kind=1, size=8)])
    assert at(elf, pointer(code_of(elf)[1], 0), 4) == b"efgh"


@ARCHITECTURES
def test_sections_are_aligned_as_they_ask(arch: str) -> None:
    parts = [
        Part(
            ".text",
            load_wide() + load_wide() + load_wide() + exit_(),
            relocations=[(0, 1, ".rodata"), (16, 1, ".rodata.cst16"), (32, 1, ".rodata.big")],
        ),
        Part(".rodata", b"abc", DATA, alignment=1),
        Part(".rodata.cst16", b"0123456789abcdef", DATA | 0x10, alignment=16),
        Part(".rodata.big", b"x" * 5, DATA, alignment=256),
    ]
    symbols = [ENTRY, *(Sym(part.name, part.name, kind=3) for part in parts[1:])]
    elf = linked(arch, parts, symbols)
    _, code = code_of(elf)
    first, second, third = (pointer(code, position) for position in (0, 16, 32))
    assert (at(elf, first, 3), at(elf, second, 16), at(elf, third, 5)) == (b"abc", b"0123456789abcdef", b"x" * 5)
    assert second % 16 == third % 256 == 0


@ARCHITECTURES
def test_pointers_in_data_to_data_and_to_functions(arch: str) -> None:
    table = struct.pack("<QQQ", 3, 16, 0)
    parts = [
        Part(".text", load_wide() + exit_() + MOVE + exit_(), relocations=[(0, 1, ".data.rel.ro")]),
        Part(".data.rel.ro", table, 3, relocations=[(0, 2, ".rodata"), (8, 2, ".text"), (16, 2, "named")]),
        Part(".rodata", b"hello", DATA),
    ]
    symbols = [ENTRY, Sym("other", ".text", 24), Sym(".rodata", ".rodata", kind=3), Sym(".text", ".text", kind=3)]
    parts[1].data = struct.pack("<QQQ", 3, 24, 0)
    symbols += [Sym(".data.rel.ro", ".data.rel.ro", kind=3), Sym("named", ".text", 24)]
    elf = linked(arch, parts, symbols)
    address, code = code_of(elf)
    to_data, to_code, to_name = struct.unpack("<QQQ", at(elf, pointer(code, 0), 24))
    assert at(elf, to_data, 2) == b"lo"
    assert to_code == to_name == address + 24


@ARCHITECTURES
def test_calls_between_sections_by_section_and_by_name(arch: str) -> None:
    """LLVM writes (offset in the section) / 8 - 1 into a call relative to a section symbol."""
    parts = [
        Part(".text", call(1) + call(-1) + exit_(), relocations=[(0, 10, ".text.unlikely."), (8, 10, "second")]),
        Part(".text.unlikely.", MOVE + exit_() + MOVE + exit_()),
    ]
    symbols = [
        ENTRY,
        Sym(".text.unlikely.", ".text.unlikely.", kind=3),
        Sym("first", ".text.unlikely."),
        Sym("second", ".text.unlikely.", 16),
    ]
    _, code = code_of(linked(arch, parts, symbols))
    listed = instructions(code)
    assert [
        (source, position + 8 + 8 * immediate) for position, opcode, _, source, _, immediate in listed if opcode == 0x85
    ] == [
        (1, 24 + 16),
        (1, 24 + 16),
    ]


@ARCHITECTURES
def test_a_call_between_functions_is_refused_when_it_lands_inside_one(arch: str) -> None:
    parts = [Part(".text", call(0) + exit_(), relocations=[(0, 10, "second")]), Part(".text.b", MOVE + MOVE + exit_())]
    with pytest.raises(errors.UnsupportedRelocationError, match="does not reach the start of a function"):
        linked(arch, parts, [ENTRY, Sym("second", ".text.b")])
    with pytest.raises(errors.UnsupportedRelocationError, match="does not reach the start of a function"):
        linked(arch, [Part(".text", call(0) + MOVE + exit_())], [ENTRY])  # no relocation: LLVM resolved it


@ARCHITECTURES
def test_a_function_pointer_into_a_function_is_refused(arch: str) -> None:
    parts = [Part(".text", load_wide(8) + exit_(), relocations=[(0, 1, ".text")])]
    with pytest.raises(errors.AddendOutsideSectionError, match="where no function starts"):
        linked(arch, parts, [ENTRY, Sym(".text", ".text", kind=3)])


def test_syscalls_in_each_version() -> None:
    parts = [
        Part(
            ".text",
            call() + call() + call() + exit_(),
            relocations=[(0, 10, "sol_log_"), (8, 10, "abort"), (16, 10, "sol_log_")],
        )
    ]
    symbols = [ENTRY, Sym("sol_log_", None, kind=0), Sym("abort", None, kind=0)]
    old = linked("v0", parts, symbols)
    table, text = old.section(".rel.dyn"), old.section(".text")
    names = old.section(".dynsym")
    assert table and text and names
    listed = [
        (offset - text.offset, elf_reader.symbols(old, names)[symbol][0])
        for offset, _, symbol in elf_reader.relocations(old, table)
    ]
    assert listed == [(0, "sol_log_"), (8, "abort"), (16, "sol_log_")]
    assert [i[3:] for i in instructions(code_of(old)[1])[:3]] == [(0, 0, -1)] * 3
    new = linked("v3", parts, symbols)
    assert [(i[3], i[5] & 0xFFFFFFFF) for i in instructions(code_of(new)[1])[:3]] == [
        (0, 0x207559BD),
        (0, 0xB6FC1A11),
        (0, 0x207559BD),
    ]


def test_the_kernels_trap_becomes_abort() -> None:
    parts = [Part(".text", call() + exit_(), relocations=[(0, 10, "__bpf_trap")])]
    elf = linked("v3", parts, [ENTRY, Sym("__bpf_trap", None, kind=0)])
    assert instructions(code_of(elf)[1])[0][5] & 0xFFFFFFFF == 0xB6FC1A11


def test_callx_keeps_its_register_in_the_field_of_each_version() -> None:
    parts = [Part(".text", insn(0x8D, 7) + exit_())]
    assert instructions(code_of(linked("v0", parts, [ENTRY]))[1])[0] == (0, 0x8D, 0, 0, 0, 7)
    assert instructions(code_of(linked("v3", parts, [ENTRY]))[1])[0] == (0, 0x8D, 7, 0, 0, 0)


def test_a_64_bit_constant_that_looks_like_a_call_is_left_alone() -> None:
    """The second half of a 64-bit load holds data: its bytes are no instruction."""
    load = struct.pack("<BBhI", 0x18, 1, 0, 0x8D) + bytes(4) + b"\x8d\x07\x00\x00"
    parts = [Part(".text", load + exit_())]
    for arch in ("v0", "v3"):
        assert code_of(linked(arch, parts, [ENTRY]))[1] == load + exit_()


@ARCHITECTURES
def test_sections_that_nothing_reaches_are_left_out_with_their_faults(arch: str) -> None:
    parts = [
        Part(".text", MOVE + exit_()),
        Part(".text.memcpy", call() + exit_(), relocations=[(0, 10, "no_such_syscall")]),
        Part(".data", b"12345678", 3),
        Part(".bss", b"", 3, kind=8, size=64),
    ]
    elf = linked(arch, parts, [ENTRY, Sym("memcpy", ".text.memcpy"), Sym("no_such_syscall", None)])
    assert code_of(elf)[1] == MOVE + exit_()
    assert b"12345678" not in elf.data


REFERENCE = [(0, 1, "target")]
UNDER_TEST = load_wide() + exit_()

WRONG_SECTIONS = {
    "writable data": (Part(".data", bytes(8), 3), errors.WritableStaticError, r"8 bytes in \.data: target"),
    "zeroed data": (Part(".bss", b"", 3, kind=8, size=64), errors.WritableStaticError, r"64 bytes in \.bss"),
    "zeroed read-only data": (
        Part(".bss.rel.ro", b"", 2, kind=8, size=8),
        errors.WritableStaticError,
        r"\.bss\.rel\.ro",
    ),
    "thread-local data": (Part(".tdata", bytes(8), 0x402), errors.UnsupportedSectionError, r"flags 0x402"),
    "initialisers": (Part(".init_array", bytes(8), 2, kind=14), errors.UnsupportedSectionError, r"type 14"),
    "an alignment that is no power of two": (
        Part(".rodata", bytes(8), DATA, alignment=24),
        errors.UnsupportedSectionError,
        "aligned to 24; a power of two",
    ),
    "an alignment past a page": (
        Part(".rodata", bytes(8), DATA, alignment=8192),
        errors.UnsupportedSectionError,
        "aligned to 8192",
    ),
    "a note": (Part(".note", bytes(8), 2, kind=7), errors.UnsupportedSectionError, r"type 7"),
    "a section that is not loaded": (Part(".comment", bytes(8), 0), errors.UnsupportedSectionError, r"\.comment"),
}


@ARCHITECTURES
@pytest.mark.parametrize("name", WRONG_SECTIONS)
def test_sections_that_have_no_place_are_refused(arch: str, name: str) -> None:
    part, error, words = WRONG_SECTIONS[name]
    parts = [Part(".text", UNDER_TEST, relocations=REFERENCE), part]
    with pytest.raises(error, match=words) as caught:
        linked(arch, parts, [ENTRY, Sym("target", part.name, kind=1, size=min(8, part.size or 8))])
    assert type(caught.value) is error


@ARCHITECTURES
@pytest.mark.parametrize(("index", "word"), [(0xFFF1, "absolute"), (0xFFF2, "common"), (0xFFFF, "common or absolute")])
def test_symbols_without_a_section_are_refused(arch: str, index: int, word: str) -> None:
    parts = [Part(".text", UNDER_TEST, relocations=REFERENCE)]
    with pytest.raises(errors.UnsupportedSymbolError, match=word):
        linked(arch, parts, [ENTRY, Sym("target", index, kind=1)])


@ARCHITECTURES
def test_the_address_of_an_undefined_symbol_is_refused(arch: str) -> None:
    parts = [Part(".text", UNDER_TEST, relocations=REFERENCE)]
    with pytest.raises(errors.UnsupportedSymbolError, match=r"address of `target` is taken at \.text"):
        linked(arch, parts, [ENTRY, Sym("target", None, kind=0)])


WRONG_RELOCATIONS = {
    "an unknown kind in code": (Part(".text", UNDER_TEST, relocations=[(0, 3, "target")]), "type 3 in code"),
    "a 32-bit pointer": (Part(".text", UNDER_TEST, relocations=[(0, 4, "target")]), "type 4 in code"),
    "a load relocation on another instruction": (
        Part(".text", MOVE + MOVE + exit_(), relocations=[(0, 1, "target")]),
        "type 1 in code",
    ),
    "a call relocation on another instruction": (
        Part(".text", MOVE + exit_(), relocations=[(0, 10, "target")]),
        "type 10 in code",
    ),
    "a data relocation in code": (Part(".text", UNDER_TEST, relocations=[(0, 2, "target")]), "type 2 in code"),
    "two relocations of one place": (
        Part(".text", UNDER_TEST, relocations=[(0, 1, "target"), (0, 1, "target")]),
        "overlaps the one before",
    ),
    "two relocations that overlap": (
        Part(".text", UNDER_TEST + UNDER_TEST, relocations=[(0, 1, "target"), (8, 1, "target")]),
        "overlaps the one before",
    ),
    "a relocation past the end": (Part(".text", UNDER_TEST, relocations=[(16, 1, "target")]), "past its section"),
    "a relocation far past the end": (
        Part(".text", UNDER_TEST, relocations=[(1 << 40, 1, "target")]),
        "past its section",
    ),
}


@ARCHITECTURES
@pytest.mark.parametrize("name", WRONG_RELOCATIONS)
def test_relocations_that_are_not_understood_are_refused(arch: str, name: str) -> None:
    part, words = WRONG_RELOCATIONS[name]
    with pytest.raises(errors.UnsupportedRelocationError, match=words):
        linked(arch, [part, Part(".rodata", bytes(8), DATA)], [ENTRY, Sym("target", ".rodata", kind=1, size=8)])


@ARCHITECTURES
def test_a_call_relocation_in_data_is_refused(arch: str) -> None:
    parts = [
        Part(".text", UNDER_TEST, relocations=REFERENCE),
        Part(".rodata", bytes(16), DATA, relocations=[(0, 10, "entrypoint")]),
    ]
    with pytest.raises(errors.UnsupportedRelocationError, match="type 10 in data"):
        linked(arch, parts, [ENTRY, Sym("target", ".rodata", kind=1)])


@ARCHITECTURES
def test_rela_relocations_are_refused(arch: str) -> None:
    parts = [Part(".text", UNDER_TEST, relocations=[(0, 1, "entrypoint")], relocation_kind=4)]
    with pytest.raises(errors.UnsupportedRelocationError, match="RELA"):
        linked(arch, parts, [ENTRY])


@ARCHITECTURES
def test_an_undefined_function_that_is_no_syscall_is_refused(arch: str) -> None:
    parts = [Part(".text", call() + exit_(), relocations=[(0, 10, "__udivti3")])]
    with pytest.raises(errors.UnknownSyscallError, match="calls `__udivti3`"):
        linked(arch, parts, [ENTRY, Sym("__udivti3", None, kind=0)])


@ARCHITECTURES
@pytest.mark.parametrize(
    "symbols", [[Sym("other", ".text")], [Sym("entrypoint", None)], [Sym("entrypoint", ".text", kind=1)], []], ids=str
)
def test_an_object_without_entry_point_is_refused(arch: str, symbols: list[Sym]) -> None:
    with pytest.raises(errors.EntrypointMissingError, match="no function `entrypoint`"):
        linked(arch, [Part(".text", MOVE + exit_())], symbols)


@ARCHITECTURES
def test_memory_routines_that_call_themselves_are_an_internal_error(arch: str) -> None:
    text = Part(".text", call() + exit_(), relocations=[(0, 10, "memcpy")])
    symbols = [ENTRY, Sym("memcpy", ".text.memcpy"), Sym("memmove", ".text.memmove")]
    loop = Part(".text.memcpy", MOVE + call(-2) + exit_())
    with pytest.raises(errors.RecursiveMemoryRoutineError, match="memcpy was compiled into a call of itself"):
        linked(arch, [text, loop, Part(".text.memmove", exit_())], symbols)
    there = Part(".text.memcpy", MOVE + call() + exit_(), relocations=[(8, 10, "memmove")])
    back = Part(".text.memmove", MOVE + call() + exit_(), relocations=[(8, 10, "memcpy")])
    with pytest.raises(errors.RecursiveMemoryRoutineError):
        linked(arch, [text, there, back], symbols)
    linked(arch, [text, there, Part(".text.memmove", exit_())], symbols)


@ARCHITECTURES
def test_a_function_that_begins_by_calling_itself_is_refused(arch: str) -> None:
    """`call -1` is how v0 marks a syscall, and the local verifier of v3 refuses it."""
    with pytest.raises(errors.UnsupportedRelocationError, match="begins with a call of itself"):
        linked(arch, [Part(".text", call(-1) + exit_())], [ENTRY])


FAULTS = {
    "an opcode of newer BPF (32-bit jump)": (insn(0x16, 1), "opcode 0x16"),
    "an opcode that never was": (insn(0xFF), "opcode 0xff"),
    "a packet load": (insn(0x20), "opcode 0x20"),
    "register 11": (insn(0xBF, 0xB0), "no such register"),
    "a written frame pointer": (insn(0xB7, 10), "frame pointer is written"),
    "division by the constant zero": (insn(0x37, 1, 0, 0), "division by the constant zero"),
    "remainder by the constant zero": (insn(0x94, 1, 0, 0), "division by the constant zero"),
    "a shift by 64": (insn(0x67, 1, 0, 64), "a shift by more"),
    "a 32-bit shift by 32": (insn(0x64, 1, 0, 32), "a shift by more"),
    "a shift by -1": (insn(0xC7, 1, 0, -1), "a shift by more"),
    "a swap of 24 bits": (insn(0xDC, 1, 0, 24), "a byte swap"),
    "signed division of BPF v4": (insn(0x3F, 0x21, 1), "newer BPF version"),
    "a sign-extending move of BPF v4": (insn(0xBF, 0x21, 8), "newer BPF version"),
    "a jump past the end": (insn(0x05, 0, 5), "a jump that leaves the code"),
    "a jump before the start": (insn(0x15, 1, -2), "a jump that leaves the code"),
    "half a 64-bit load": (load_wide()[:8] + MOVE, "half a 64-bit load"),
}


@ARCHITECTURES
@pytest.mark.parametrize("name", FAULTS)
def test_code_that_the_runtime_would_refuse_is_refused_at_once(arch: str, name: str) -> None:
    fault, words = FAULTS[name]
    with pytest.raises(errors.UnsupportedInstructionError, match=words):
        linked(arch, [Part(".text", fault + exit_())], [ENTRY])


@ARCHITECTURES
@pytest.mark.parametrize("opcode", [0xC3, 0xDB])
def test_atomic_instructions_are_refused(arch: str, opcode: int) -> None:
    with pytest.raises(errors.AtomicInstructionError, match=r"entrypoint\+0 changes memory atomically"):
        linked(arch, [Part(".text", insn(opcode, 0x21) + exit_())], [ENTRY])


@ARCHITECTURES
def test_a_jump_into_a_64_bit_load_is_refused(arch: str) -> None:
    code = insn(0x05, 0, 1) + load_wide() + exit_()
    with pytest.raises(errors.UnsupportedInstructionError, match="lands inside a 64-bit load"):
        linked(arch, [Part(".text", code)], [ENTRY])
    linked(arch, [Part(".text", insn(0x05, 0, 2) + load_wide() + exit_())], [ENTRY])
    linked(arch, [Part(".text", insn(0x05, 0, 0) + load_wide() + exit_())], [ENTRY])


@ARCHITECTURES
@pytest.mark.parametrize(
    "good",
    [
        insn(0x67, 1, 0, 63),
        insn(0x64, 1, 0, 31),
        insn(0x37, 1, 0, 1),
        insn(0xDC, 1, 0, 64),
        insn(0x7B, 0x1A, -8),
        insn(0x87, 1),
        insn(0xC4, 1, 0, 31),
    ],
)
def test_code_just_inside_the_rules_is_accepted(arch: str, good: bytes) -> None:
    assert code_of(linked(arch, [Part(".text", good + exit_())], [ENTRY]))[1] == good + exit_()


@ARCHITECTURES
def test_code_of_odd_size_or_alignment_is_refused(arch: str) -> None:
    for part in (Part(".text", exit_() + b"\0"), Part(".text", exit_(), alignment=16)):
        with pytest.raises(errors.UnsupportedSectionError, match="whole instructions aligned to 8"):
            linked(arch, [part], [ENTRY])


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(errors.LinkerUsageError, match="unknown SBPF version 'v2': expected one of v0, v3"):
        link_object(b"", "v2")


# Damaged objects


def test_other_files_are_unreadable() -> None:
    good = write_object([Part(".text", exit_())], [ENTRY])
    for data in (
        b"",
        b"\x7fELF",
        bytes(64),
        good[:63],
        b"BC\xc0\xde" + bytes(100),
        good.replace(b"\x7fELF", b"\x7fELG"),
    ):
        with pytest.raises(errors.ObjectDamagedError):
            link_object(data, "v0")
    with pytest.raises(errors.ObjectDamagedError, match="no relocatable little-endian BPF file"):
        link_object(write_object([Part(".text", exit_())], [ENTRY], machine=62), "v0")


def test_a_truncated_object_is_unreadable_at_every_length() -> None:
    parts = [Part(".text", load_wide() + exit_(), relocations=[(0, 1, ".rodata")]), Part(".rodata", b"abcd", DATA)]
    good = write_object(parts, [ENTRY, Sym(".rodata", ".rodata", kind=3)])
    for size in range(len(good)):
        with pytest.raises(errors.ObjectDamagedError):
            link_object(good[:size], "v3")


def test_altered_objects_give_a_program_or_an_error_of_ours(compile_file: Compile) -> None:
    """Whatever the bytes, never an exception of another kind and never unbounded memory."""
    source = program("black_box(T)[(*input & 1) as usize].len() as u64", 'static T: [&str; 2] = ["ab", "c"];')
    compiled = compile_file(source)
    assert compiled.returncode == 0, compiled.messages
    good = compiled.output.read_bytes()
    rng = random.Random(3)
    outcomes = set()
    for _ in range(3_000):
        data = bytearray(good)
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] = rng.choice((0, 1, 0x7F, 0xFF, rng.randrange(256)))
        try:
            link_object(bytes(data), rng.choice(("v0", "v3")))
            outcomes.add("linked")
        except InternalError as error:
            outcomes.add(type(error).__name__)
        except AnomiError as error:
            assert "\n" not in str(error)
            outcomes.add(type(error).__name__)
    assert {"linked", "ObjectDamagedError"} <= outcomes
    assert "LinkerCrashedError" not in outcomes
