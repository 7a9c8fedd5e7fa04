"""Refuse, before code is generated, what the module shows better than the object would."""

from __future__ import annotations

from anomi_sbf.errors import AtomicInstructionError, InlineAssemblyError, WritableStaticError
from anomi_sbf.llvm import OPCODE_CALL, Llvm

__all__ = ["refuse_unsupported"]

# llvm-c/Core.h, LLVMOpcode and LLVMAtomicOrdering
LOAD, STORE, COMPARE_EXCHANGE, READ_MODIFY_WRITE = 27, 28, 56, 57
NOT_ATOMIC = 0


def refuse_unsupported(llvm: Llvm, module: int) -> None:
    """Raise WritableStaticError, AtomicInstructionError or InlineAssemblyError for the first such thing in `module`.

    The module must be optimised: a static that is never written is a constant by then, whatever it was declared as, and
    is accepted. So is empty assembly, by which `black_box` hides a value.
    """
    for value in llvm.globals(module):
        name = llvm.name(value)
        if llvm.is_declaration(value) or name.startswith("llvm.") or llvm.call["IsGlobalConstant"](value):
            continue
        kind = "is thread-local" if llvm.call["IsThreadLocal"](value) else "can be written"
        raise WritableStaticError(
            f"the static {llvm.demangle(name)} {kind}, and programs have no writable data",
            hint="keep state in accounts; no `static mut`, and no Cell or atomic in a static",
        )
    for function in llvm.functions(module):
        for instruction in llvm.instructions(function):
            if _is_atomic(llvm, instruction):
                raise AtomicInstructionError(
                    f"{llvm.demangle(llvm.name(function))} uses atomic operations, which programs do not have",
                    hint="programs run on one thread: use plain loads and stores",
                )
            if llvm.opcode(instruction) == OPCODE_CALL and llvm.inline_assembly(instruction):
                raise InlineAssemblyError(
                    f"{llvm.demangle(llvm.name(function))} holds inline assembly, which is not supported",
                    hint="write it in Rust",
                )


def _is_atomic(llvm: Llvm, instruction: int) -> bool:
    opcode = llvm.opcode(instruction)
    if opcode in (LOAD, STORE):
        return bool(llvm.call["GetOrdering"](instruction) != NOT_ATOMIC)
    return opcode in (COMPARE_EXCHANGE, READ_MODIFY_WRITE)
