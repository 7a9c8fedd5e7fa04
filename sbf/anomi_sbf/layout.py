"""Choose the sections of a program, give them addresses, and apply their relocations."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from anomi_sbf import instructions as isa
from anomi_sbf.diagnostics import MEMORY_ROUTINES
from anomi_sbf.elf_object import (
    FLAG_EXECUTE,
    FLAG_WRITE,
    SECTION_NOBITS,
    SECTION_PROGBITS,
    SYMBOL_FUNCTION,
    Object,
    Relocation,
    Section,
    Symbol,
)
from anomi_sbf.errors import (
    AddendOutsideSectionError,
    EntrypointMissingError,
    RecursiveMemoryRoutineError,
    UnknownSyscallError,
    UnsupportedRelocationError,
    UnsupportedSectionError,
    UnsupportedSymbolError,
    WritableStaticError,
)
from anomi_sbf.syscalls import SYSCALLS

__all__ = ["Placement", "Program", "Selection", "SyscallSite", "align", "select_sections"]

# Linux kernel, Documentation/bpf/llvm_reloc.rst
R_BPF_64_64 = 1
R_BPF_64_ABS64 = 2
R_BPF_64_32 = 10

FLAG_TLS = 0x400
FLAG_GROUP = 0x200
ALLOWED_FLAGS = 0x2 | FLAG_WRITE | FLAG_EXECUTE | 0x10 | 0x20 | FLAG_GROUP  # alloc, merge, strings
READ_ONLY_AFTER_RELOCATION = ".data.rel.ro"
MOST_ALIGNMENT = 4096  # more would be padding in an account that costs rent by the byte
# `llvm.trap` (core::intrinsics::abort) becomes a call of this kernel function; Solana's is named abort.
TRAP = "__bpf_trap"
ABORT = "abort"


def align(value: int, alignment: int) -> int:
    """Round `value` up to a multiple of `alignment`."""
    return -(-value // alignment) * alignment


@dataclass(frozen=True)
class Placement:
    """Where the loader puts things: addresses at run time of the first section of code and of read-only data."""

    code: int
    data: int


@dataclass(frozen=True)
class SyscallSite:
    """A call instruction at byte `position` of the code that calls the syscall `name`."""

    position: int
    name: str


@dataclass(frozen=True)
class Program:
    """Code and read-only data of a program at given addresses.

    `code` is relocated but for its syscall sites, and its `callx` instructions have their register in the destination
    field.
    """

    code: bytearray
    data: bytearray
    entrypoint: int
    syscalls: tuple[SyscallSite, ...]
    register_calls: tuple[int, ...]
    names: tuple[tuple[int, str], ...] = field(repr=False)

    @classmethod
    def place(cls, obj: Object, sections: Selection, placement: Placement, entrypoint: str) -> Program:
        """Lay the sections out, relocate them and check the result against the verifier's rules."""
        return _Linker(obj, sections, placement).link(entrypoint)

    def describe(self, position: int) -> str:
        """Name the place of byte `position` of the code for a message."""
        return _describe(self.names, position)

    def function_at(self, position: int) -> str:
        """Return the name of the function that holds byte `position` of the code."""
        return _function_at(self.names, position)[0]


@dataclass(frozen=True)
class Selection:
    """The sections that a program needs, in the object's order."""

    code: tuple[Section, ...]
    data: tuple[Section, ...]


def select_sections(obj: Object, entrypoint: str) -> Selection:
    """Return the sections that the entry point reaches by relocations; refuse kinds that a program cannot have.

    Raises EntrypointMissingError, WritableStaticError, UnsupportedSectionError, UnsupportedSymbolError.
    """
    start = _entry_symbol(obj, entrypoint)
    reached = {start.section}
    frontier = [start.section]
    while frontier:
        for relocation in obj.relocations.get(frontier.pop(), ()):
            symbol = relocation.symbol
            if symbol.is_undefined:
                continue
            if not symbol.has_section:
                raise UnsupportedSymbolError(
                    f"{symbol.name!r} is a common or absolute symbol, which has no place in a program"
                )
            if symbol.section not in reached:
                reached.add(symbol.section)
                frontier.append(symbol.section)
    chosen = [section for section in obj.sections if section.index in reached]
    for section in chosen:
        _require_supported(obj, section)
    return Selection(
        code=tuple(section for section in chosen if section.flags & FLAG_EXECUTE),
        data=tuple(section for section in chosen if not section.flags & FLAG_EXECUTE),
    )


def _entry_symbol(obj: Object, entrypoint: str) -> Symbol:
    for symbol in obj.symbols:
        if symbol.name == entrypoint and symbol.has_section and symbol.kind == SYMBOL_FUNCTION:
            return symbol
    raise EntrypointMissingError(f"the object defines no function `{entrypoint}`")


def _require_supported(obj: Object, section: Section) -> None:
    writable = section.flags & FLAG_WRITE and not section.name.startswith(READ_ONLY_AFTER_RELOCATION)
    if section.kind == SECTION_NOBITS or writable or section.name.startswith(".bss"):
        names = [s.name for s in obj.symbols if s.section == section.index and s.name and s.size]
        shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
        raise WritableStaticError(
            f"a static can be written ({section.size} bytes in {section.name}{': ' if names else ''}{shown}), "
            "and programs have no writable data",
            hint="keep state in accounts; no `static mut`, Cell or atomic in a static",
        )
    if section.kind != SECTION_PROGBITS or section.flags & ~ALLOWED_FLAGS or not section.is_loaded:
        raise UnsupportedSectionError(
            f"section {section.name} (type {section.kind}, flags {section.flags:#x}) has no place in a program"
        )
    if section.alignment & (section.alignment - 1) or section.alignment > MOST_ALIGNMENT:
        raise UnsupportedSectionError(
            f"section {section.name} is aligned to {section.alignment}; "
            f"a power of two up to {MOST_ALIGNMENT} was expected"
        )
    if section.flags & FLAG_EXECUTE and (section.size % isa.SIZE or section.alignment > isa.SIZE):
        raise UnsupportedSectionError(
            f"code section {section.name} has {section.size} bytes aligned to {section.alignment}; "
            f"whole instructions aligned to {isa.SIZE} were expected"
        )


def _function_at(names: tuple[tuple[int, str], ...], position: int) -> tuple[str, int]:
    index = bisect_right(names, position, key=lambda entry: entry[0]) - 1
    return (names[index][1], names[index][0]) if index >= 0 else ("code", 0)


def _describe(names: tuple[tuple[int, str], ...], position: int) -> str:
    name, start = _function_at(names, position)
    return f"{name}+{position - start}"


class _Linker:
    def __init__(self, obj: Object, selection: Selection, placement: Placement) -> None:
        self.obj = obj
        self.selection = selection
        self.address: dict[int, int] = {}
        self.code = self._lay_out(selection.code, placement.code)
        self.data = self._lay_out(selection.data, placement.data)
        self.placement = placement
        self.functions: Mapping[int, set[int]] = self._function_starts()
        self.syscalls: list[SyscallSite] = []

    def _lay_out(self, sections: tuple[Section, ...], base: int) -> bytearray:
        image = bytearray()
        for section in sections:
            start = align(base + len(image), max(section.alignment, isa.SIZE))
            image.extend(bytes(start - base - len(image)))
            self.address[section.index] = start
            image.extend(section.data)
        image.extend(bytes(align(len(image), isa.SIZE) - len(image)))
        return image

    def _function_starts(self) -> dict[int, set[int]]:
        starts: dict[int, set[int]] = {section.index: set() for section in self.selection.code}
        for symbol in self.obj.symbols:
            if symbol.kind == SYMBOL_FUNCTION and symbol.section in starts:
                starts[symbol.section].add(symbol.value)
        return starts

    def link(self, entrypoint: str) -> Program:
        for section in (*self.selection.code, *self.selection.data):
            end = 0
            for relocation in self.obj.relocations.get(section.index, ()):
                end = self._relocate(section, relocation, end)
        isa.verify(self.code, lambda position: _describe(self._names(), position))
        start = _entry_symbol(self.obj, entrypoint)
        program = Program(
            code=self.code,
            data=self.data,
            entrypoint=self.address[start.section] + start.value,
            syscalls=tuple(self.syscalls),
            register_calls=self._register_calls(),
            names=self._names(),
        )
        self._check_calls(program)
        self._check_memory_routines(program)
        return program

    def _names(self) -> tuple[tuple[int, str], ...]:
        return tuple(
            sorted(
                (self.address[symbol.section] + symbol.value - self.placement.code, symbol.name)
                for symbol in self.obj.symbols
                if symbol.kind == SYMBOL_FUNCTION and symbol.section in self.functions
            )
        )

    # One relocation

    def _relocate(self, section: Section, relocation: Relocation, free_from: int) -> int:
        """Apply one relocation, which must not touch bytes before `free_from`; return where it ends."""
        in_code = bool(section.flags & FLAG_EXECUTE)
        image = self.code if in_code else self.data
        base = self.placement.code if in_code else self.placement.data
        at = self.address[section.index] - base + relocation.offset
        where = f"{section.name}+{relocation.offset:#x}"
        width = 8 if relocation.kind in (R_BPF_64_32, R_BPF_64_ABS64) else 16
        if relocation.offset + width > section.size:
            raise UnsupportedRelocationError(f"a relocation at {where} reaches past its section")
        if relocation.offset < free_from:
            raise UnsupportedRelocationError(f"a relocation at {where} overlaps the one before it")
        if relocation.kind == R_BPF_64_32 and in_code and image[at] == isa.CALL:
            self._relocate_call(image, at, relocation.symbol, where)
        elif relocation.kind == R_BPF_64_64 and in_code and image[at] == isa.LOAD_WIDE:
            low, high = struct.unpack_from("<I", image, at + 4)[0], struct.unpack_from("<I", image, at + 12)[0]
            address = self._resolve(relocation.symbol, low | high << 32, where)
            struct.pack_into("<I", image, at + 4, address & 0xFFFF_FFFF)
            struct.pack_into("<I", image, at + 12, address >> 32)
        elif relocation.kind == R_BPF_64_ABS64 and not in_code:
            (addend,) = struct.unpack_from("<Q", image, at)
            struct.pack_into("<Q", image, at, self._resolve(relocation.symbol, addend, where))
        else:
            place = "code" if in_code else "data"
            raise UnsupportedRelocationError(
                f"relocation type {relocation.kind} in {place} at {where} (symbol {relocation.symbol.name!r}) "
                "is not understood"
            )
        return relocation.offset + width

    def _relocate_call(self, image: bytearray, at: int, symbol: Symbol, where: str) -> None:
        """Resolve `call symbol`: its immediate holds (offset from the symbol) / 8 - 1."""
        (immediate,) = struct.unpack_from("<i", image, at + 4)
        if symbol.is_undefined:
            name = ABORT if symbol.name == TRAP else symbol.name
            if name not in SYSCALLS:
                raise UnknownSyscallError(
                    f"the program calls `{symbol.name}`, which it does not define and which is no syscall",
                    hint="define it in Rust, or see the list of syscalls in anomi_sbf/syscalls.py",
                )
            if immediate != -1:
                raise UnsupportedRelocationError(f"the call of {name} at {where} has an offset")
            self.syscalls.append(SyscallSite(at, name))
            return
        offset = symbol.value + (immediate + 1) * isa.SIZE
        if offset not in self.functions.get(symbol.section, ()):
            raise UnsupportedRelocationError(f"the call at {where} does not reach the start of a function")
        target = self.address[symbol.section] + offset - self.placement.code
        struct.pack_into("<i", image, at + 4, (target - at) // isa.SIZE - 1)
        image[at + 1] = 0x10  # source register 1: a call within the program

    def _resolve(self, symbol: Symbol, addend: int, where: str) -> int:
        """Return the run-time address of `symbol` + `addend`, which must lie in the symbol's section."""
        if symbol.is_undefined:
            raise UnsupportedSymbolError(
                f"the address of `{symbol.name}` is taken at {where}, but nothing defines it",
                hint="syscalls can be called, not pointed to; extern statics do not exist on Solana",
            )
        section = self.obj.sections[symbol.section]
        offset = symbol.value + addend
        if section.index in self.functions:
            if offset not in self.functions[section.index]:
                raise AddendOutsideSectionError(
                    f"the function pointer at {where} points to {section.name}+{offset:#x}, where no function starts"
                )
        elif offset > section.size:
            raise AddendOutsideSectionError(
                f"the pointer at {where} points to {section.name}+{offset:#x}, past its {section.size:#x} bytes"
            )
        return self.address[section.index] + offset

    # Checks on the whole

    def _check_calls(self, program: Program) -> None:
        """Every `call` must be a relocated syscall or reach the start of a function."""
        starts = {position for position, _ in program.names}
        syscalls = {site.position for site in program.syscalls}
        for position in isa.positions(self.code):
            instruction = isa.decode(self.code, position)
            if instruction.opcode == isa.CALL and position not in syscalls:
                target = position + isa.SIZE * (1 + instruction.immediate)
                if instruction.source != 1 or target not in starts:
                    raise UnsupportedRelocationError(
                        f"the call at {program.describe(position)} does not reach the start of a function"
                    )
                if instruction.immediate == -1:
                    raise UnsupportedRelocationError(
                        f"{program.describe(position)} begins with a call of itself, "
                        "which the loader would take for a syscall"
                    )

    def _check_memory_routines(self, program: Program) -> None:
        """memcpy must not have become a loop that the optimiser recognised as memcpy, directly or by way of another."""
        calls: dict[str, set[str]] = {name: set() for name in MEMORY_ROUTINES}
        for position in isa.positions(self.code):
            instruction = isa.decode(self.code, position)
            if instruction.opcode == isa.CALL and instruction.source == 1:
                caller = program.function_at(position)
                callee = program.function_at(position + isa.SIZE * (1 + instruction.immediate))
                if caller in calls and callee in calls:
                    calls[caller].add(callee)
        for name in MEMORY_ROUTINES:
            reached, frontier = set(calls[name]), list(calls[name])
            while frontier:
                new = calls[frontier.pop()] - reached
                reached |= new
                frontier.extend(new)
            if name in reached:
                raise RecursiveMemoryRoutineError(f"{name} was compiled into a call of itself")

    def _register_calls(self) -> tuple[int, ...]:
        return tuple(p for p in isa.positions(self.code) if self.code[p] == isa.CALL_REGISTER)
