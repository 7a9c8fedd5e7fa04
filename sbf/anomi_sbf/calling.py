"""Make calls fit the five argument registers and the one result register of BPF, where the source cannot.

Two things are changed after optimisation, neither of which changes what a program means:

* `sret` is dropped. It marks the pointer through which a function returns a value of several words; to BPF it is an
  argument like any other, but the backend refuses the mark (it stays on functions that are called through pointers,
  such as trait methods).
* A function of Rust's own library with more than five argument words (`Formatter::pad_integral`, behind every formatted
  number) gets a twin that takes the last of them in memory, and into which it is inlined. Its callers call the twin.
  Functions of the program itself stay as they are, and the code generator refuses them: there the author can decide.
"""

from __future__ import annotations

import ctypes
import re

from anomi_sbf.llvm import LINKAGE_INTERNAL, OPCODE_CALL, TYPE_INTEGER, Llvm

__all__ = ["drop_struct_return_marks", "pack_library_arguments"]

REGISTERS = 5
REGISTER_BITS = 64
TYPE_VOID = 0
FUNCTION_INDEX = 0xFFFF_FFFF  # LLVMAttributeFunctionIndex
LIBRARY = re.compile(r"<*(core|alloc|compiler_builtins)(\[[0-9a-f]+\])?::")


def drop_struct_return_marks(llvm: Llvm, module: int) -> None:
    """Remove the attribute `sret` from every function and every call."""
    kind = _attribute_kind(llvm, "sret")
    for function in llvm.functions(module):
        for index in range(1, llvm.call["CountParams"](function) + 1):
            llvm.call["RemoveEnumAttributeAtIndex"](function, index, kind)
        for instruction in llvm.instructions(function):
            if llvm.opcode(instruction) == OPCODE_CALL:
                for index in range(1, llvm.call["GetNumArgOperands"](instruction) + 1):
                    llvm.call["RemoveCallSiteEnumAttribute"](instruction, index, kind)


def pack_library_arguments(llvm: Llvm, module: int) -> int:
    """Give library functions with too many arguments a twin as described above; return how many there were.

    The caller must run the pass `always-inline` afterwards.
    """
    wide = [
        function
        for function in llvm.functions(module)
        if not llvm.is_declaration(function)
        and _words(llvm, function) > REGISTERS
        and LIBRARY.match(llvm.demangle(llvm.name(function)))
    ]
    packed = 0
    for function in wide:
        calls = _direct_calls(llvm, function)
        if calls is not None:
            _pack(llvm, module, function, calls)
            packed += 1
    return packed


def _words(llvm: Llvm, function: int) -> int:
    return sum(_words_of(llvm, parameter) for parameter in _parameters(llvm, function))


def _words_of(llvm: Llvm, value: int) -> int:
    kind = llvm.call["TypeOf"](value)
    if llvm.call["GetTypeKind"](kind) != TYPE_INTEGER:
        return 1  # a pointer; floats are refused elsewhere
    bits: int = llvm.call["GetIntTypeWidth"](kind)
    return -(-bits // REGISTER_BITS)


def _parameters(llvm: Llvm, function: int) -> list[int]:
    return [llvm.call["GetParam"](function, index) for index in range(llvm.call["CountParams"](function))]


def _direct_calls(llvm: Llvm, function: int) -> list[int] | None:
    """Return every call of `function`, None when it is also used in another way, such as in a vtable."""
    calls = []
    use = llvm.call["GetFirstUse"](function)
    while use:
        user = llvm.call["GetUser"](use)
        if not llvm.call["IsACallInst"](user) or llvm.call["GetCalledValue"](user) != function:
            return None
        count = llvm.call["GetNumArgOperands"](user)
        if any(llvm.operand(user, index) == function for index in range(count)):
            return None
        calls.append(user)
        use = llvm.call["GetNextUse"](use)
    return calls


def _pack(llvm: Llvm, module: int, function: int, calls: list[int]) -> None:
    call = llvm.call
    parameters = _parameters(llvm, function)
    types = [call["TypeOf"](parameter) for parameter in parameters]
    kept = 0
    while sum(_words_of(llvm, parameter) for parameter in parameters[: kept + 1]) < REGISTERS:
        kept += 1
    rest = call["StructTypeInContext"](llvm.context, _handles(types[kept:]), len(types) - kept, 0)
    result = call["GetReturnType"](call["GlobalGetValueType"](function))
    twin_types = [*types[:kept], call["PointerTypeInContext"](llvm.context, 0)]
    twin_type = call["FunctionType"](result, _handles(twin_types), len(twin_types), 0)
    twin = call["AddFunction"](module, f"{llvm.name(function)}.packed".encode(), twin_type)
    call["SetLinkage"](twin, LINKAGE_INTERNAL)
    _set_attribute(llvm, twin, "noinline")

    builder = call["CreateBuilderInContext"](llvm.context)
    call["PositionBuilderAtEnd"](builder, call["AppendBasicBlockInContext"](llvm.context, twin, b""))
    arguments = _parameters(llvm, twin)
    memory = arguments.pop()
    for index, kind in enumerate(types[kept:]):
        place = call["BuildStructGEP2"](builder, rest, memory, index, b"")
        arguments.append(call["BuildLoad2"](builder, kind, place, b""))
    inner = _build_call(llvm, builder, function, arguments)
    call["SetInstructionCallConv"](inner, call["GetFunctionCallConv"](function))
    if call["GetTypeKind"](result) == TYPE_VOID:
        call["BuildRetVoid"](builder)
    else:
        call["BuildRet"](builder, inner)

    slots: dict[int, int] = {}
    for site in calls:
        _redirect(llvm, builder, site, twin, rest, kept, slots)
    call["RemoveEnumAttributeAtIndex"](function, FUNCTION_INDEX, _attribute_kind(llvm, "noinline"))
    _set_attribute(llvm, function, "alwaysinline")


def _redirect(llvm: Llvm, builder: int, site: int, twin: int, rest: int, kept: int, slots: dict[int, int]) -> None:
    """Replace one call by a call of the twin; the calls of one function share the memory for the packed arguments."""
    call = llvm.call
    caller = call["GetBasicBlockParent"](call["GetInstructionParent"](site))
    if caller not in slots:
        first = call["GetFirstInstruction"](call["GetEntryBasicBlock"](caller))
        call["PositionBuilderBefore"](builder, first)
        slots[caller] = call["BuildAlloca"](builder, rest, b"")
    call["PositionBuilderBefore"](builder, site)
    arguments = [llvm.operand(site, index) for index in range(call["GetNumArgOperands"](site))]
    for index, argument in enumerate(arguments[kept:]):
        call["BuildStore"](builder, argument, call["BuildStructGEP2"](builder, rest, slots[caller], index, b""))
    replacement = _build_call(llvm, builder, twin, [*arguments[:kept], slots[caller]])
    if call["GetTypeKind"](call["TypeOf"](site)) != TYPE_VOID:
        call["ReplaceAllUsesWith"](site, replacement)
    call["InstructionEraseFromParent"](site)


def _build_call(llvm: Llvm, builder: int, function: int, arguments: list[int]) -> int:
    kind = llvm.call["GlobalGetValueType"](function)
    value: int = llvm.call["BuildCall2"](builder, kind, function, _handles(arguments), len(arguments), b"")
    return value


def _handles(values: list[int]) -> ctypes.Array[ctypes.c_void_p]:
    return (ctypes.c_void_p * len(values))(*values)


def _attribute_kind(llvm: Llvm, name: str) -> int:
    kind: int = llvm.call["GetEnumAttributeKindForName"](name.encode(), len(name))
    return kind


def _set_attribute(llvm: Llvm, function: int, name: str) -> None:
    attribute = llvm.call["CreateEnumAttribute"](llvm.context, _attribute_kind(llvm, name), 0)
    llvm.call["AddAttributeAtIndex"](function, FUNCTION_INDEX, attribute)
