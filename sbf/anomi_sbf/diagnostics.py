"""From LLVM's diagnostics to one sentence about the program."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from anomi_core.errors import AnomiError
from anomi_sbf.errors import (
    AtomicInstructionError,
    FloatArithmeticError,
    FrameTooLargeError,
    FunctionTooLargeError,
    LinkerCrashedError,
    SignedDivisionError,
    TooManyArgumentsError,
    UnsupportedCodeError,
    UnsupportedLibcallError,
    WideDivisionError,
)

__all__ = ["MEMORY_ROUTINES", "error_from", "error_from_fatal", "relevant"]

# LLVM calls these by name whatever the program says; compiler_builtins' `mem` defines them, so the call resolves. The
# backend reports each such call as an error and generates it all the same.
MEMORY_ROUTINES = ("memcpy", "memmove", "memset", "memcmp", "bcmp")

_LIBCALL = re.compile(r"A call to built-in function '([^']+)' is not supported")
_IN_FUNCTION = re.compile(r"\bin function ([^\s:]+)")
_WIDE_DIVISION = re.compile(r"__(u?div|u?mod|u?divmod)ti[34]")
_FLOAT = re.compile(r"__\w*[hsdtx]f[0-9]?\w*|f(mod|min|max|ma|loor)f?|sqrtf?|powf?|(round|trunc|ceil|exp|log)\w*")
_ATOMIC = re.compile(r"__(atomic|sync)_\w+")

_Kind = tuple[type[UnsupportedCodeError], str, str]
_BY_TEXT: tuple[tuple[str, _Kind], ...] = (
    (
        "too many arguments",
        (
            TooManyArgumentsError,
            "takes or passes more than five words of arguments (a slice or a u128 takes two)",
            "pass a reference to a struct, or mark the function #[inline(always)]",
        ),
    ),
    (
        "stack arguments",
        (
            TooManyArgumentsError,
            "takes or passes more than five words of arguments (a slice or a u128 takes two)",
            "pass a reference to a struct, or mark the function #[inline(always)]",
        ),
    ),
    (
        "stack limit",
        (
            FrameTooLargeError,
            "needs more than 4,096 bytes of stack in one frame",
            "keep big arrays in account data or on the heap, or split the function and mark the parts #[inline(never)]",
        ),
    ),
    (
        "signed division",
        (SignedDivisionError, "divides signed integers", "divide the magnitudes as unsigned integers"),
    ),
    (
        "atomic",
        (
            AtomicInstructionError,
            "changes memory atomically",
            "programs run on one thread: use plain loads and stores",
        ),
    ),
)


def relevant(messages: Sequence[str]) -> list[str]:
    """Leave out what is resolved after code generation (the memory routines), and repetitions."""
    kept = dict.fromkeys(messages)
    return [text for text in kept if not ((name := _LIBCALL.search(text)) and name[1] in MEMORY_ROUTINES)]


def error_from(messages: Sequence[str], demangle: Callable[[str], str]) -> UnsupportedCodeError:
    """Return the error for the first of `messages`, which must be relevant ones; it counts the others."""
    text = messages[0]
    found = _IN_FUNCTION.search(text)
    where = demangle(found[1]) if found else "a function"
    kind, what, hint = _classify(text)
    more = len(messages) - 1
    others = f" ({more} more refusal{'s' if more > 1 else ''} in the program)" if more else ""
    return kind(f"{where} {what}{others}", hint=hint)


def error_from_fatal(reason: str) -> AnomiError:
    """Return the error for what made LLVM end the process."""
    if "Branch target out of insn range" in reason:
        return FunctionTooLargeError(
            "a function is too large: one of its jumps would skip more than 32,767 instructions",
            hint="split it, and mark the parts #[inline(never)]",
        )
    return LinkerCrashedError(f"LLVM gave up: {' '.join(reason.split())}")


def _classify(text: str) -> _Kind:
    libcall = _LIBCALL.search(text)
    if libcall is None:
        for mark, kind in _BY_TEXT:
            if mark in text.lower():
                return kind
        return UnsupportedCodeError, f"cannot be compiled for SBPF: {' '.join(text.split())}", "see sbf/README.md"
    name = libcall[1]
    if _WIDE_DIVISION.fullmatch(name):
        return (
            WideDivisionError,
            "divides 128-bit integers",
            "divide in 64 bits, or by a constant power of two with a shift",
        )
    if _ATOMIC.fullmatch(name):
        return dict(_BY_TEXT)["atomic"]
    if _FLOAT.fullmatch(name):
        return FloatArithmeticError, f"computes with floating point ({name})", "use integers"
    return (
        UnsupportedLibcallError,
        f"needs the library routine {name}, which does not exist on SBPF",
        "see sbf/README.md",
    )
