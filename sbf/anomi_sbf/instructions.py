"""The instruction set that SBPF v0 and v3 share, and the rules of the runtime's verifier over it.

Source: anza-xyz/sbpf `src/verifier.rs` (RequisiteVerifier) and `src/ebpf.rs`. A program that breaks a rule would be
refused when it is deployed; here it is refused when it is built, with the function's name.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from anomi_sbf.errors import AtomicInstructionError, UnsupportedInstructionError

__all__ = ["CALL", "CALL_REGISTER", "LOAD_WIDE", "SIZE", "Instruction", "decode", "positions", "verify"]

SIZE = 8
LAYOUT = struct.Struct("<BBhi")
CALL = 0x85
CALL_REGISTER = 0x8D
LOAD_WIDE = 0x18
EXIT = 0x95
JUMP = 0x05
FRAME_POINTER = 10
ATOMIC = (0xC3, 0xDB)  # BPF_STX | BPF_ATOMIC, 32 and 64 bits

_LOADS = {0x71, 0x69, 0x61, 0x79}
_STORES = {0x72, 0x6A, 0x62, 0x7A, 0x73, 0x6B, 0x63, 0x7B}
# add sub mul div or and lsh rsh neg mod xor mov arsh, each with an immediate and a register form, but for neg
_ALU = {operation << 4 | form | width for operation in range(13) for form in (0, 8) for width in (4, 7)} - {0x8C, 0x8F}
_BYTE_SWAPS = {0xD4, 0xDC}
_JUMPS = {JUMP} | {operation << 4 | form | 5 for operation in (1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13) for form in (0, 8)}
_OTHER = {LOAD_WIDE, CALL, CALL_REGISTER, EXIT}
_KNOWN = _LOADS | _STORES | _ALU | _BYTE_SWAPS | _JUMPS | _OTHER
_DIVISIONS_BY_IMMEDIATE = {0x34, 0x37, 0x94, 0x97}
_SHIFTS_BY_IMMEDIATE = {0x64: 32, 0x74: 32, 0xC4: 32, 0x67: 64, 0x77: 64, 0xC7: 64}


@dataclass(frozen=True)
class Instruction:
    """One eight-byte slot of code."""

    opcode: int
    destination: int
    source: int
    offset: int
    immediate: int


def decode(code: bytes | bytearray, position: int) -> Instruction:
    """Return the instruction at byte `position`."""
    opcode, registers, offset, immediate = LAYOUT.unpack_from(code, position)
    return Instruction(opcode, registers & 15, registers >> 4, offset, immediate)


def verify(code: bytes | bytearray, describe: Callable[[int], str]) -> None:
    """Apply the verifier's rules to relocated code whose `callx` still has its register in the destination field.

    `describe` names the place of a byte offset. Raises UnsupportedInstructionError, AtomicInstructionError.
    """
    if not code or len(code) % SIZE:
        raise UnsupportedInstructionError(f"the code is {len(code)} bytes long: not a whole number of instructions")
    starts = set(positions(code))
    for position in sorted(starts):
        if code[position] == LOAD_WIDE and (position + 2 * SIZE > len(code) or code[position + SIZE] != 0):
            raise UnsupportedInstructionError(f"{describe(position)}: half a 64-bit load")
        instruction = decode(code, position)
        fault = _fault(instruction, position, starts)
        if instruction.opcode in ATOMIC:
            raise AtomicInstructionError(
                f"{describe(position)} changes memory atomically, which the runtime's verifier refuses",
                hint="programs run on one thread: use plain loads and stores",
            )
        if fault:
            raise UnsupportedInstructionError(
                f"{describe(position)}: {fault} (instruction {code[position : position + SIZE].hex()})",
                hint="the runtime's verifier would refuse the program; please report it",
            )


def positions(code: bytes | bytearray) -> Iterator[int]:
    """Yield the byte position of every instruction; a 64-bit load takes two slots and is yielded once."""
    position = 0
    while position < len(code):
        yield position
        position += 2 * SIZE if code[position] == LOAD_WIDE else SIZE


def _fault(instruction: Instruction, position: int, starts: set[int]) -> str | None:  # noqa: PLR0911 - a table of rules
    """Return what is wrong with one instruction, None when the verifier accepts it."""
    opcode = instruction.opcode
    if opcode not in _KNOWN:
        return f"opcode {opcode:#04x} does not exist in SBPF"
    if instruction.source > FRAME_POINTER or instruction.destination > FRAME_POINTER:
        return "no such register"
    if instruction.destination == FRAME_POINTER and opcode not in _STORES:
        return "the frame pointer is written"
    if opcode in _DIVISIONS_BY_IMMEDIATE and instruction.immediate == 0:
        return "division by the constant zero"
    if opcode in _SHIFTS_BY_IMMEDIATE and not 0 <= instruction.immediate < _SHIFTS_BY_IMMEDIATE[opcode]:
        return "a shift by more than the register's width"
    if opcode in _BYTE_SWAPS and instruction.immediate not in (16, 32, 64):
        return "a byte swap of no existing width"
    if opcode in _JUMPS and position + SIZE * (1 + instruction.offset) not in starts:
        return "a jump that leaves the code or lands inside a 64-bit load"
    # Field `offset` selects signed division, sign extension and unconditional swaps in newer BPF; SBPF ignores it,
    # so that such an instruction would silently mean another.
    if opcode in _ALU | _BYTE_SWAPS | {CALL, CALL_REGISTER, EXIT} and instruction.offset != 0:
        return "an instruction of a newer BPF version"
    return None
