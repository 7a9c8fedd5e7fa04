"""From rustc's bitcode to one relocatable BPF object."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from anomi_sbf import archive
from anomi_sbf.calling import drop_struct_return_marks, pack_library_arguments
from anomi_sbf.diagnostics import MEMORY_ROUTINES, error_from, relevant
from anomi_sbf.errors import EntrypointMissingError, NotBitcodeError
from anomi_sbf.llvm import LINKAGE_EXTERNAL, LINKAGE_INTERNAL, VISIBILITY_DEFAULT, Llvm
from anomi_sbf.lowering import lower_wide_arithmetic, require_lowered
from anomi_sbf.supported import refuse_unsupported

__all__ = ["ENTRYPOINT", "compile_object"]

ENTRYPOINT = "entrypoint"
BITCODE_MAGICS = (b"BC\xc0\xde", b"\xde\xc0\x17\x0b")
# rustc adds both to every link: crate metadata, and an object that only repeats the exported names.
NOT_CODE = ("lib.rmeta", "symbols.o")

# No instcombine here: it would put umul.with.overflow together again from its parts.
CLEAN_UP = "always-inline,function(sroa,early-cse,simplifycfg,dce),globaldce"


def compile_object(llvm: Llvm, inputs: Sequence[Path], *, keep_ir: Path | None = None) -> bytes:
    """Link all bitcode, keep what `entrypoint` reaches, optimise, lower and generate code; return the ELF object.

    `inputs` are bitcode files and archives of them, in the order of rustc's command line. The result depends on their
    bytes and on LLVM alone. Raises one of the errors of `anomi_sbf.errors` for anything that would not be a right
    program.
    """
    module = llvm.new_module("program")
    for path in inputs:
        for name, data in _bitcode_files(path):
            llvm.link_into(module, llvm.parse_bitcode(name, data), name)
    llvm.call["StripModuleDebugInfo"](module)
    entrypoint = llvm.call["GetNamedFunction"](module, ENTRYPOINT.encode())
    if not entrypoint or llvm.is_declaration(entrypoint):
        raise EntrypointMissingError(
            "the program defines no function `entrypoint`",
            hint='export one: #[no_mangle] pub unsafe extern "C" fn entrypoint(input: *mut u8) -> u64',
        )
    _internalise(llvm, module)
    llvm.run_passes(module, "default<O3>")
    refuse_unsupported(llvm, module)
    drop_struct_return_marks(llvm, module)
    if pack_library_arguments(llvm, module) + lower_wide_arithmetic(llvm, module):
        llvm.verify(module)
        llvm.run_passes(module, CLEAN_UP)
    require_lowered(llvm, module)
    if keep_ir is not None:
        keep_ir.write_text(llvm.print_module(module), encoding="utf-8")
    data = llvm.emit_object(module)
    refused = relevant(llvm.errors)
    if refused:
        raise error_from(refused, llvm.demangle)
    return data


def _bitcode_files(path: Path) -> list[tuple[str, bytes]]:
    data = path.read_bytes()
    files = archive.members(path.name, data) if data.startswith(archive.MAGIC) else [(path.name, data)]
    found = []
    for name, content in files:
        if name in NOT_CODE:
            continue
        if not content.startswith(BITCODE_MAGICS):
            where = path.name if name == path.name else f"{name} in {path.name}"
            raise NotBitcodeError(
                f"{where} is not LLVM bitcode",
                hint="only Rust crates compiled for this target can be linked, no C objects or native libraries",
            )
        found.append((f"{path.name}:{name}", content))
    return found


def _internalise(llvm: Llvm, module: int) -> None:
    """Hide every definition but the entry point and the memory routines, so that the optimiser may drop and inline it.

    The memory routines stay visible because code generation calls them by name; each gets a section of its own, so that
    those which nothing calls can be left out of the program afterwards.
    """
    for value in (*llvm.functions(module), *llvm.globals(module)):
        name = llvm.name(value)
        if llvm.is_declaration(value) or name.startswith("llvm."):
            continue
        visible = name == ENTRYPOINT or name in MEMORY_ROUTINES
        llvm.call["SetVisibility"](value, VISIBILITY_DEFAULT)
        llvm.call["SetLinkage"](value, LINKAGE_EXTERNAL if visible else LINKAGE_INTERNAL)
        if name in MEMORY_ROUTINES:
            llvm.call["SetSection"](value, f".text.{name}".encode())
