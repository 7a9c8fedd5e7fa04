"""Everything this tool refuses, each condition under its own name."""

from __future__ import annotations

from anomi_core.errors import (
    InternalError,
    MissingToolError,
    RefusedError,
    UnreadableInputError,
    UsageError,
)

__all__ = [
    "AddendOutsideSectionError",
    "AptUnavailableError",
    "ArchiveDamagedError",
    "AtomicInstructionError",
    "BitcodeDamagedError",
    "BitcodeLinkError",
    "CargoFailedError",
    "CargoMissingError",
    "CompilerMissingError",
    "CompilerUnusableError",
    "EntrypointMissingError",
    "FloatArithmeticError",
    "FrameTooLargeError",
    "FunctionTooLargeError",
    "InlineAssemblyError",
    "LinkerCrashedError",
    "LinkerUsageError",
    "LlvmLibraryMissingError",
    "LlvmMajorMismatchError",
    "LlvmMajorUntestedError",
    "LoweringIncompleteError",
    "ManifestMissingError",
    "NotBitcodeError",
    "ObjectDamagedError",
    "PackageDamagedError",
    "ProgramCrateMissingError",
    "RecursiveMemoryRoutineError",
    "SharedLibraryMissingError",
    "SignedDivisionError",
    "SysrootBuildError",
    "TooManyArgumentsError",
    "UnknownSyscallError",
    "UnsupportedCodeError",
    "UnsupportedInstructionError",
    "UnsupportedLibcallError",
    "UnsupportedRelocationError",
    "UnsupportedSectionError",
    "UnsupportedSymbolError",
    "WideDivisionError",
    "WideIntegerError",
    "WritableStaticError",
]


# What the machine lacks (exit code 3).


class AptUnavailableError(MissingToolError):
    """apt-get is missing, offline, or offers no such package."""


class CargoMissingError(MissingToolError):
    """No cargo on PATH."""


class CompilerMissingError(MissingToolError):
    """Neither an installed compiler nor a way to fetch one."""


class CompilerUnusableError(MissingToolError):
    """A compiler was found and does not run or does not describe itself."""


class LlvmMajorUntestedError(MissingToolError):
    """The compiler's LLVM has a major version that this linker was never tested with."""


class LlvmMajorMismatchError(MissingToolError):
    """The libLLVM that was loaded is of another major version than the compiler's."""


class LlvmLibraryMissingError(MissingToolError):
    """No libLLVM of the compiler's major version, or it does not load."""


class PackageDamagedError(MissingToolError):
    """A downloaded package does not have the SHA-256 that apt states, or does not unpack."""


class SharedLibraryMissingError(MissingToolError):
    """The compiler needs a shared library that no dependency of it brings."""


# What cannot be read (exit code 2).


class ArchiveDamagedError(UnreadableInputError):
    """A static library (`ar` archive) is truncated or malformed."""


class BitcodeDamagedError(UnreadableInputError):
    """LLVM cannot parse the bitcode: truncated, altered, or written by another LLVM."""


class NotBitcodeError(UnreadableInputError):
    """An input is neither LLVM bitcode nor an archive of it."""


class ObjectDamagedError(UnreadableInputError):
    """A relocatable BPF object is truncated or contradicts itself."""


class LinkerUsageError(UsageError):
    """The linker was called with arguments that it does not know or that do not fit together."""


class ManifestMissingError(UsageError):
    """There is no Cargo.toml where the caller says."""


class ProgramCrateMissingError(UsageError):
    """The package does not exist in the workspace, or has no `cdylib` target."""


# What was understood and refused (exit code 1).


class CargoFailedError(RefusedError):
    """cargo stopped before linking: its own messages say why."""


class BitcodeLinkError(RefusedError):
    """Two inputs define the same symbol, or cannot be one module."""


class EntrypointMissingError(RefusedError):
    """The program defines no function `entrypoint`."""


class UnknownSyscallError(RefusedError):
    """The program calls an undefined symbol that is no syscall of the runtime."""


class UnsupportedCodeError(RefusedError):
    """The code generator refuses the program for a reason without a class of its own."""


class TooManyArgumentsError(UnsupportedCodeError):
    """A function passes more than five words in registers."""


class FrameTooLargeError(UnsupportedCodeError):
    """A function needs more than 4,096 bytes of stack."""


class WideDivisionError(UnsupportedCodeError):
    """Division or remainder of integers wider than 64 bits."""


class SignedDivisionError(UnsupportedCodeError):
    """Signed division or remainder."""


class FloatArithmeticError(UnsupportedCodeError):
    """Floating-point arithmetic, for which the target has neither instructions nor a library."""


class AtomicInstructionError(UnsupportedCodeError):
    """Atomic read-modify-write, which the runtime's verifier refuses."""


class FunctionTooLargeError(UnsupportedCodeError):
    """A jump would reach further than the 32,767 instructions that its field can say."""


class InlineAssemblyError(UnsupportedCodeError):
    """Inline assembly: it would pass by every check that is made on the program."""


class UnsupportedLibcallError(UnsupportedCodeError):
    """LLVM needs a helper routine that the program does not have."""


class WideIntegerError(UnsupportedCodeError):
    """Arithmetic on an integer width that has no lowering here."""


class WritableStaticError(RefusedError):
    """A static can be written: `static mut`, an atomic or a cell. Programs have no writable data segment."""


class UnsupportedSectionError(RefusedError):
    """An object section whose kind has no place in a program."""


class UnsupportedSymbolError(RefusedError):
    """A relocation names a symbol that is common, absolute, thread-local or otherwise without an address."""


class UnsupportedRelocationError(RefusedError):
    """A relocation of a kind, or at a place, that this linker does not know."""


class AddendOutsideSectionError(RefusedError):
    """A relocated address lies outside the section that it is relative to."""


class UnsupportedInstructionError(RefusedError):
    """An instruction that the runtime's verifier refuses."""


# What must not happen (exit code 4).


class LoweringIncompleteError(InternalError):
    """Wide arithmetic is left after the pass that replaces it."""


class RecursiveMemoryRoutineError(InternalError):
    """A memory routine (memcpy and its like) was compiled into a call of itself."""


class LinkerCrashedError(InternalError):
    """The linker process ended without a verdict."""


class SysrootBuildError(InternalError):
    """core, compiler_builtins or alloc did not compile for the target."""
