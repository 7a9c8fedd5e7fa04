"""Replace arithmetic wider than a register, which the BPF backend cannot generate, by inlined 64-bit code."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

from anomi_sbf.errors import LoweringIncompleteError, WideIntegerError
from anomi_sbf.llvm import LINKAGE_INTERNAL, OPCODE_CALL, Llvm

__all__ = ["lower_wide_arithmetic", "require_lowered"]

ROUTINES = Path(__file__).with_name("wide_arithmetic.ll")
OPCODE_MUL = 12  # llvm-c/Core.h, LLVMOpcode
PREFIX = "sbf."
SHIFTS = {20: "sbf.shl.128", 21: "sbf.lshr.128", 22: "sbf.ashr.128"}
REGISTER_BITS = 64
WIDEST_BITS = 128
OVERFLOW_INTRINSIC = re.compile(r"llvm\.([us])mul\.with\.overflow\.i(\d+)")
NARROW_OVERFLOW_BITS = 32  # up to here the backend multiplies in one register and compares


def lower_wide_arithmetic(llvm: Llvm, module: int) -> int:
    """Rewrite `module` in place; return how many operations were replaced, by calls of functions marked alwaysinline.

    Covers products of 65 to 128 bits, {u,s}mul.with.overflow of 64 and 128 bits and shifts of 128 bits by an amount
    known at run time. Division stays: the code generator refuses it by name. The caller must run the pass
    `always-inline` afterwards, and may call `require_lowered` then. Raises WideIntegerError for other widths.
    """
    sites = [
        (function, instruction, routine)
        for function in llvm.functions(module)
        for instruction in llvm.instructions(function)
        if (routine := _routine(llvm, function, instruction)) is not None
    ]
    if not sites:
        return 0
    llvm.link_into(module, llvm.parse_ir(ROUTINES.name, ROUTINES.read_text(encoding="utf-8")), ROUTINES.name)
    for function in llvm.functions(module):
        # They are external only until here: linking leaves out internal functions that nothing calls yet.
        if llvm.name(function).startswith(PREFIX):
            llvm.call["SetLinkage"](function, LINKAGE_INTERNAL)
    builder = llvm.call["CreateBuilderInContext"](llvm.context)
    for _, instruction, routine in sites:
        _replace(llvm, module, builder, instruction, routine)
    return len(sites)


def require_lowered(llvm: Llvm, module: int) -> None:
    """Raise LoweringIncompleteError when an operation is left that `lower_wide_arithmetic` should have replaced."""
    for function in llvm.functions(module):
        for instruction in llvm.instructions(function):
            left = _routine(llvm, function, instruction)
            if left is not None or llvm.callee_name(instruction).startswith(PREFIX):
                raise LoweringIncompleteError(
                    f"wide arithmetic is left in {llvm.demangle(llvm.name(function))} after its lowering ({left})"
                )


def _routine(llvm: Llvm, function: int, instruction: int) -> str | None:  # noqa: PLR0911 - a table of cases
    """Return the routine that stands in for this instruction, None when the backend can generate it."""
    opcode = llvm.opcode(instruction)
    if opcode == OPCODE_CALL:
        match = OVERFLOW_INTRINSIC.fullmatch(llvm.callee_name(instruction))
        if match is None or int(match[2]) <= NARROW_OVERFLOW_BITS:
            return None
        if int(match[2]) not in (REGISTER_BITS, WIDEST_BITS):
            raise _wide_integer_error(llvm, function, f"an overflow-checked product of {match[2]} bits")
        return f"sbf.{match[1]}mul.overflow.{match[2]}"
    if opcode != OPCODE_MUL and opcode not in SHIFTS:
        return None
    width = llvm.integer_width(instruction)
    if width <= REGISTER_BITS:
        return None
    if opcode in SHIFTS:
        if llvm.call["IsConstant"](llvm.operand(instruction, 1)):
            return None
        if width == WIDEST_BITS:
            return SHIFTS[opcode]
        raise _wide_integer_error(llvm, function, f"a shift of {width} bits by a variable amount")
    if width > WIDEST_BITS:
        raise _wide_integer_error(llvm, function, f"a product of {width} bits")
    return "sbf.mul.128"


def _wide_integer_error(llvm: Llvm, function: int, what: str) -> WideIntegerError:
    where = llvm.demangle(llvm.name(function))
    return WideIntegerError(
        f"{where} needs {what}, which has no lowering for SBPF",
        hint="compute with 64-bit or 128-bit integers",
    )


def _replace(llvm: Llvm, module: int, builder: int, instruction: int, routine: str) -> None:
    call = llvm.call
    call["PositionBuilderBefore"](builder, instruction)
    width = llvm.integer_width(instruction)  # 0 for the intrinsics: their result is a pair
    wide = call["IntTypeInContext"](llvm.context, WIDEST_BITS)
    operands = [llvm.operand(instruction, 0), llvm.operand(instruction, 1)]
    widen = width not in (0, WIDEST_BITS)
    if widen:
        operands = [call["BuildZExt"](builder, operand, wide, b"") for operand in operands]
    target = call["GetNamedFunction"](module, routine.encode())
    arguments = (ctypes.c_void_p * len(operands))(*operands)
    kind = call["GlobalGetValueType"](target)
    result = call["BuildCall2"](builder, kind, target, arguments, len(operands), b"")
    if widen:
        result = call["BuildTrunc"](builder, result, call["TypeOf"](instruction), b"")
    call["ReplaceAllUsesWith"](instruction, result)
    call["InstructionEraseFromParent"](instruction)
