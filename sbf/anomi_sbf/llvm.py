"""The part of LLVM's C API that linking a program needs, through ctypes, with its results checked.

Handles are plain addresses (`int`); each lives in the one context of the process and is freed with the process.
Everything here is called once per link, in a process of its own: LLVM's options are global and its fatal errors end the
process.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from anomi_sbf.errors import (
    BitcodeDamagedError,
    BitcodeLinkError,
    LinkerCrashedError,
    LlvmLibraryMissingError,
    LlvmMajorMismatchError,
    LlvmMajorUntestedError,
)

__all__ = ["OPCODE_CALL", "TESTED_MAJORS", "Llvm", "require_major"]

TESTED_MAJORS = (22,)

# llvm-c/Core.h: enumerators that are part of the stable C interface.
OPCODE_CALL = 45
LINKAGE_EXTERNAL = 0
LINKAGE_INTERNAL = 8
VISIBILITY_DEFAULT = 0
SEVERITY_ERROR = 0
TYPE_INTEGER = 8
OPTIMISE_AGGRESSIVE = 3
RELOCATION_STATIC = 1
CODE_MODEL_DEFAULT = 0
OBJECT_FILE = 1

Handle = int | None
_P = ctypes.c_void_p
_S = ctypes.c_char_p
_I = ctypes.c_int
_U = ctypes.c_uint
_Z = ctypes.c_size_t
_OUT = ctypes.POINTER(ctypes.c_void_p)
_DIAGNOSTIC_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
_FATAL_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_char_p)

_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "AddAttributeAtIndex": (None, (_P, _U, _P)),
    "AddFunction": (_P, (_P, _S, _P)),
    "AppendBasicBlockInContext": (_P, (_P, _P, _S)),
    "BuildAlloca": (_P, (_P, _P, _S)),
    "BuildCall2": (_P, (_P, _P, _P, _OUT, _U, _S)),
    "BuildLoad2": (_P, (_P, _P, _P, _S)),
    "BuildRet": (_P, (_P, _P)),
    "BuildRetVoid": (_P, (_P,)),
    "BuildStore": (_P, (_P, _P, _P)),
    "BuildStructGEP2": (_P, (_P, _P, _P, _U, _S)),
    "BuildTrunc": (_P, (_P, _P, _P, _S)),
    "BuildZExt": (_P, (_P, _P, _P, _S)),
    "ContextCreate": (_P, ()),
    "ContextSetDiagnosticHandler": (None, (_P, _DIAGNOSTIC_HANDLER, _P)),
    "CountParams": (_U, (_P,)),
    "CreateBuilderInContext": (_P, (_P,)),
    "CreateEnumAttribute": (_P, (_P, _U, ctypes.c_uint64)),
    "CreateMemoryBufferWithMemoryRangeCopy": (_P, (_S, _Z, _S)),
    "CreatePassBuilderOptions": (_P, ()),
    "CreateTargetMachine": (_P, (_P, _S, _S, _S, _I, _I, _I)),
    "DisposeMessage": (None, (_P,)),
    "FunctionType": (_P, (_P, _OUT, _U, _I)),
    "GetBasicBlockParent": (_P, (_P,)),
    "GetBufferSize": (_Z, (_P,)),
    "GetBufferStart": (_P, (_P,)),
    "GetCalledValue": (_P, (_P,)),
    "GetDiagInfoDescription": (_P, (_P,)),
    "GetDiagInfoSeverity": (_I, (_P,)),
    "GetEntryBasicBlock": (_P, (_P,)),
    "GetEnumAttributeKindForName": (_U, (_S, _Z)),
    "GetErrorMessage": (_P, (_P,)),
    "GetFirstBasicBlock": (_P, (_P,)),
    "GetFirstFunction": (_P, (_P,)),
    "GetFirstGlobal": (_P, (_P,)),
    "GetFirstInstruction": (_P, (_P,)),
    "GetFirstUse": (_P, (_P,)),
    "GetFunctionCallConv": (_U, (_P,)),
    "GetInlineAsmAsmString": (_P, (_P, ctypes.POINTER(ctypes.c_size_t))),
    "GetInstructionOpcode": (_I, (_P,)),
    "GetInstructionParent": (_P, (_P,)),
    "GetIntTypeWidth": (_U, (_P,)),
    "GetNamedFunction": (_P, (_P, _S)),
    "GetNextBasicBlock": (_P, (_P,)),
    "GetNextFunction": (_P, (_P,)),
    "GetNextGlobal": (_P, (_P,)),
    "GetNextInstruction": (_P, (_P,)),
    "GetNextUse": (_P, (_P,)),
    "GetNumArgOperands": (_U, (_P,)),
    "GetOperand": (_P, (_P, _U)),
    "GetOrdering": (_I, (_P,)),
    "GetParam": (_P, (_P, _U)),
    "GetReturnType": (_P, (_P,)),
    "GetTargetFromTriple": (_I, (_S, _OUT, _OUT)),
    "GetTypeKind": (_I, (_P,)),
    "GetUser": (_P, (_P,)),
    "GetValueName2": (_P, (_P, ctypes.POINTER(ctypes.c_size_t))),
    "GetVersion": (None, (ctypes.POINTER(_U),) * 3),
    "GlobalGetValueType": (_P, (_P,)),
    "InitializeBPFAsmPrinter": (None, ()),
    "InitializeBPFTarget": (None, ()),
    "InitializeBPFTargetInfo": (None, ()),
    "InitializeBPFTargetMC": (None, ()),
    "InstallFatalErrorHandler": (None, (_FATAL_HANDLER,)),
    "InstructionEraseFromParent": (None, (_P,)),
    "IntTypeInContext": (_P, (_P, _U)),
    "IsACallInst": (_P, (_P,)),
    "IsAFunction": (_P, (_P,)),
    "IsAInlineAsm": (_P, (_P,)),
    "IsConstant": (_I, (_P,)),
    "IsDeclaration": (_I, (_P,)),
    "IsGlobalConstant": (_I, (_P,)),
    "IsThreadLocal": (_I, (_P,)),
    "LinkModules2": (_I, (_P, _P)),
    "ModuleCreateWithNameInContext": (_P, (_S, _P)),
    "ParseBitcodeInContext2": (_I, (_P, _P, _OUT)),
    "ParseCommandLineOptions": (None, (_I, ctypes.POINTER(_S), _S)),
    "ParseIRInContext": (_I, (_P, _P, _OUT, _OUT)),
    "PointerTypeInContext": (_P, (_P, _U)),
    "PositionBuilderAtEnd": (None, (_P, _P)),
    "PositionBuilderBefore": (None, (_P, _P)),
    "PrintModuleToString": (_P, (_P,)),
    "RemoveCallSiteEnumAttribute": (None, (_P, _U, _U)),
    "RemoveEnumAttributeAtIndex": (None, (_P, _U, _U)),
    "ReplaceAllUsesWith": (None, (_P, _P)),
    "RunPasses": (_P, (_P, _S, _P, _P)),
    "SetInstructionCallConv": (None, (_P, _U)),
    "SetLinkage": (None, (_P, _I)),
    "SetSection": (None, (_P, _S)),
    "SetVisibility": (None, (_P, _I)),
    "StripModuleDebugInfo": (_I, (_P,)),
    "StructTypeInContext": (_P, (_P, _OUT, _U, _I)),
    "TargetMachineEmitToMemoryBuffer": (_I, (_P, _P, _I, _OUT, _OUT)),
    "TypeOf": (_P, (_P,)),
    "VerifyModule": (_I, (_P, _I, _OUT)),
}


def require_major(found: str, expected: str | None = None) -> int:
    """Return the major of LLVM version `found`; refuse one that is untested, or other than that of `expected`.

    Raises LlvmMajorUntestedError, LlvmMajorMismatchError.
    """
    major = int(found.split(".", 1)[0])
    if expected is not None and major != int(expected.split(".", 1)[0]):
        raise LlvmMajorMismatchError(
            f"the compiler is built on LLVM {expected}, but the libLLVM that was loaded is {found}",
            hint="they must have the same major version: name the right library, or use one toolchain for both",
        )
    if major not in TESTED_MAJORS:
        tested = ", ".join(map(str, TESTED_MAJORS))
        raise LlvmMajorUntestedError(
            f"LLVM {found} is not supported: this linker was tested with major version {tested} only",
            hint="install a compiler of a tested version, or put `cargo build-sbf` on PATH",
        )
    return major


class Llvm:
    """One loaded libLLVM with a context, a BPF target machine and the diagnostics that came so far."""

    def __init__(self, library: Path, expected_version: str | None = None) -> None:
        """Load `library`, check its version and set the backend up for Solana's frames.

        Raises LlvmLibraryMissingError, LlvmMajorMismatchError, LlvmMajorUntestedError.
        """
        try:
            self._library = ctypes.CDLL(str(library))
        except OSError as error:
            raise LlvmLibraryMissingError(f"libLLVM does not load from {library}: {error}") from error
        self.version = self._read_version(library)
        require_major(self.version, expected_version)
        self.call: dict[str, Callable[..., Any]] = {}
        for name, (result, arguments) in _SIGNATURES.items():
            try:
                function = getattr(self._library, "LLVM" + name)
            except AttributeError as error:
                raise LlvmLibraryMissingError(
                    f"{library} (LLVM {self.version}) lacks LLVM{name}: it was built without the BPF backend"
                ) from error
            function.restype, function.argtypes = result, list(arguments)
            self.call[name] = function
        self.errors: list[str] = []
        self.context: int = self.call["ContextCreate"]()
        self._keep_handlers = (_DIAGNOSTIC_HANDLER(self._on_diagnostic), _FATAL_HANDLER(self._on_fatal_error))
        self.on_fatal: Callable[[str], None] = lambda _reason: None
        self.call["ContextSetDiagnosticHandler"](self.context, self._keep_handlers[0], None)
        self.call["InstallFatalErrorHandler"](self._keep_handlers[1])
        self.machine = self._target_machine()

    def _read_version(self, library: Path) -> str:
        numbers = [ctypes.c_uint() for _ in range(3)]
        try:
            get_version = self._library.LLVMGetVersion
        except AttributeError as error:  # it came with LLVM 16
            raise LlvmMajorUntestedError(
                f"{library} is an LLVM older than 16: this linker was tested with {TESTED_MAJORS[0]}",
                hint="install a compiler of a tested version, or put `cargo build-sbf` on PATH",
            ) from error
        get_version(*(ctypes.byref(number) for number in numbers))
        return ".".join(str(number.value) for number in numbers)

    def _target_machine(self) -> int:
        for part in ("TargetInfo", "Target", "TargetMC", "AsmPrinter"):
            self.call["InitializeBPF" + part]()
        # The runtime's frame is 4,096 bytes where the kernel's is 512. `unreachable` needs no trap of its own: every
        # path to it is undefined behaviour, and the trap would be a call to a symbol that Solana does not have.
        options = (b"sbf-link", b"-bpf-stack-size=4096", b"-bpf-disable-trap-unreachable")
        self.call["ParseCommandLineOptions"](len(options), (ctypes.c_char_p * len(options))(*options), None)
        target, message = ctypes.c_void_p(), ctypes.c_void_p()
        if self.call["GetTargetFromTriple"](b"bpfel", ctypes.byref(target), ctypes.byref(message)):
            raise LlvmLibraryMissingError(f"this libLLVM has no BPF backend: {self._take(message.value)}")
        # v2 has neither 32-bit jumps nor 32-bit arithmetic classes that SBPF v0 would refuse.
        machine: int = self.call["CreateTargetMachine"](
            target.value,
            b"bpfel",
            b"v2",
            b"+allows-misaligned-mem-access",
            OPTIMISE_AGGRESSIVE,
            RELOCATION_STATIC,
            CODE_MODEL_DEFAULT,
        )
        return machine

    def _on_diagnostic(self, info: int, _context: int) -> None:
        text = self._take(self.call["GetDiagInfoDescription"](info)).strip()
        if self.call["GetDiagInfoSeverity"](info) == SEVERITY_ERROR:
            self.errors.append(text)

    def _on_fatal_error(self, reason: bytes) -> None:
        self.on_fatal(reason.decode(errors="replace"))

    def _take(self, message: int | None) -> str:
        """Copy a C string that LLVM allocated, and free it."""
        if not message:
            return ""
        text = ctypes.string_at(message).decode(errors="replace")
        self.call["DisposeMessage"](message)
        return text

    def _buffer(self, data: bytes, name: str) -> int:
        buffer: int = self.call["CreateMemoryBufferWithMemoryRangeCopy"](data, len(data), name.encode())
        return buffer

    def new_module(self, name: str) -> int:
        """Return an empty module."""
        module: int = self.call["ModuleCreateWithNameInContext"](name.encode(), self.context)
        return module

    def parse_bitcode(self, name: str, data: bytes) -> int:
        """Return the module in `data`; raises BitcodeDamagedError."""
        module = ctypes.c_void_p()
        self.errors.clear()
        if self.call["ParseBitcodeInContext2"](self.context, self._buffer(data, name), ctypes.byref(module)):
            reason = "; ".join(self.errors) or "no reason given"
            raise BitcodeDamagedError(f"{name} is not readable bitcode for LLVM {self.version}: {reason}")
        assert module.value is not None  # noqa: S101 - the call above succeeded
        return module.value

    def parse_ir(self, name: str, text: str) -> int:
        """Return the module written in LLVM's textual form; raises LinkerCrashedError, for the text is our own."""
        module, message = ctypes.c_void_p(), ctypes.c_void_p()
        buffer = self._buffer(text.encode(), name)
        if self.call["ParseIRInContext"](self.context, buffer, ctypes.byref(module), ctypes.byref(message)):
            raise LinkerCrashedError(f"LLVM {self.version} does not read {name}: {self._take(message.value)}")
        assert module.value is not None  # noqa: S101 - the call above succeeded
        return module.value

    def link_into(self, module: int, source: int, name: str) -> None:
        """Move everything of `source` into `module`; raises BitcodeLinkError."""
        self.errors.clear()
        if self.call["LinkModules2"](module, source):
            raise BitcodeLinkError(f"{name} does not link with the rest: " + "; ".join(self.errors))

    def run_passes(self, module: int, pipeline: str) -> None:
        """Run a pass pipeline (syntax of `opt -passes`); raises LinkerCrashedError."""
        options = self.call["CreatePassBuilderOptions"]()
        error = self.call["RunPasses"](module, pipeline.encode(), self.machine, options)
        if error:
            text = ctypes.string_at(self.call["GetErrorMessage"](error)).decode(errors="replace")
            raise LinkerCrashedError(f"LLVM refused the pass pipeline {pipeline}: {text}")

    def verify(self, module: int) -> None:
        """Check the module's invariants after our own changes; raises LinkerCrashedError."""
        message = ctypes.c_void_p()
        return_status = 2
        if self.call["VerifyModule"](module, return_status, ctypes.byref(message)):
            raise LinkerCrashedError(f"the lowered module is invalid: {self._take(message.value)}")

    def emit_object(self, module: int) -> bytes:
        """Return the relocatable BPF object of `module`; the caller must look at `errors` before using it."""
        buffer, message = ctypes.c_void_p(), ctypes.c_void_p()
        self.errors.clear()
        if self.call["TargetMachineEmitToMemoryBuffer"](
            self.machine, module, OBJECT_FILE, ctypes.byref(message), ctypes.byref(buffer)
        ):
            raise LinkerCrashedError(f"LLVM wrote no object: {self._take(message.value)}")
        start, size = self.call["GetBufferStart"](buffer.value), self.call["GetBufferSize"](buffer.value)
        return ctypes.string_at(start, size)

    def print_module(self, module: int) -> str:
        """Return the module as text."""
        return self._take(self.call["PrintModuleToString"](module))

    def name(self, value: int) -> str:
        """Return the name of a value, empty when it has none."""
        length = ctypes.c_size_t()
        start = self.call["GetValueName2"](value, ctypes.byref(length))
        return ctypes.string_at(start, length.value).decode(errors="replace") if length.value else ""

    def functions(self, module: int) -> Iterator[int]:
        """Yield every function of the module, declared or defined."""
        yield from self._chain("GetFirstFunction", "GetNextFunction", module)

    def globals(self, module: int) -> Iterator[int]:
        """Yield every global variable of the module."""
        yield from self._chain("GetFirstGlobal", "GetNextGlobal", module)

    def instructions(self, function: int) -> Iterator[int]:
        """Yield every instruction; the one yielded may be erased before the next is asked for."""
        for block in self._chain("GetFirstBasicBlock", "GetNextBasicBlock", function):
            yield from self._chain("GetFirstInstruction", "GetNextInstruction", block)

    def _chain(self, first: str, following: str, parent: int) -> Iterator[int]:
        value = self.call[first](parent)
        while value:
            after = self.call[following](value)
            yield value
            value = after

    def is_declaration(self, value: int) -> bool:
        """Tell whether a global value has no body here."""
        return bool(self.call["IsDeclaration"](value))

    def opcode(self, instruction: int) -> int:
        """Return the LLVMOpcode of an instruction."""
        opcode: int = self.call["GetInstructionOpcode"](instruction)
        return opcode

    def operand(self, instruction: int, index: int) -> int:
        """Return one operand of an instruction."""
        value: int = self.call["GetOperand"](instruction, index)
        return value

    def integer_width(self, value: int) -> int:
        """Return the bits of an integer value, 0 when it is no (scalar) integer."""
        kind = self.call["TypeOf"](value)
        if self.call["GetTypeKind"](kind) != TYPE_INTEGER:
            return 0
        width: int = self.call["GetIntTypeWidth"](kind)
        return width

    def callee_name(self, instruction: int) -> str:
        """Return the name of the function that an instruction calls directly; empty when it is no such call."""
        if self.opcode(instruction) != OPCODE_CALL:
            return ""
        callee = self.call["GetCalledValue"](instruction)
        return self.name(callee) if callee and self.call["IsAFunction"](callee) else ""

    def inline_assembly(self, call: int) -> str:
        """Return the text of the assembly that a call instruction stands for, empty for every other call."""
        callee = self.call["GetCalledValue"](call)
        if not self.call["IsAInlineAsm"](callee):
            return ""
        length = ctypes.c_size_t()
        start = self.call["GetInlineAsmAsmString"](callee, ctypes.byref(length))
        return ctypes.string_at(start, length.value).decode(errors="replace") if length.value else ""

    def demangle(self, symbol: str) -> str:
        """Return a Rust symbol as its path reads in the source, or the symbol itself where that is not possible."""
        try:
            function = self._library["_ZN4llvm12rustDemangleESt17basic_string_viewIcSt11char_traitsIcEE"]
            itanium = self._library["_ZN4llvm15itaniumDemangleESt17basic_string_viewIcSt11char_traitsIcEEb"]
        except AttributeError:
            return symbol
        function.restype, function.argtypes = ctypes.c_void_p, [ctypes.c_size_t, ctypes.c_char_p]
        itanium.restype = ctypes.c_void_p
        itanium.argtypes = [ctypes.c_size_t, ctypes.c_char_p, ctypes.c_bool]
        raw = symbol.encode()
        text = function(len(raw), raw) or itanium(len(raw), raw, True)
        return ctypes.string_at(text).decode(errors="replace") if text else symbol
