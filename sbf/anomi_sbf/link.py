"""The linker: rustc calls it with bitcode, and it writes a BPF object or an SBPF executable.

    python -m anomi_sbf.link --libllvm FILE [--rustc-llvm VERSION] [--arch v0|v3] [--keep-ir FILE] [--report FILE]
                             RUSTC'S ARGUMENTS -o OUT

Without `--arch` the output is a relocatable object, from which `link_object` makes the executable of either version:
both come from one compilation. rustc passes `--export-symbols FILE`, inputs, `-L DIR`, `--cpu NAME`, `-O3` and
`--debug`. A failure is one sentence on standard error and, for the caller that sees only rustc's report of it, in the
file of `--report`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from anomi_core.errors import AnomiError, InternalError
from anomi_sbf import elf_v0, elf_v3
from anomi_sbf.bitcode import ENTRYPOINT, compile_object
from anomi_sbf.diagnostics import error_from_fatal
from anomi_sbf.elf_object import Object
from anomi_sbf.errors import LinkerCrashedError, LinkerUsageError
from anomi_sbf.llvm import Llvm

__all__ = ["ARCHITECTURES", "Arguments", "link_object", "main", "parse_arguments"]

_WRITERS: Mapping[str, Callable[[Object, str], bytes]] = {"v0": elf_v0.write, "v3": elf_v3.write}
ARCHITECTURES = tuple(_WRITERS)
_WITH_VALUE = ("-o", "--libllvm", "--rustc-llvm", "--arch", "--keep-ir", "--report")
_IGNORED_WITH_VALUE = ("--export-symbols", "-L", "--cpu", "--cpu-features", "--identity")
_IGNORED = ("-O0", "-O1", "-O2", "-O3", "-Os", "-Oz", "--debug", "--emit=llvm-bc", "--emit=obj")


def link_object(data: bytes, arch: str, entrypoint: str = ENTRYPOINT) -> bytes:
    """Return the SBPF executable of version `arch` ("v0" or "v3") made of a relocatable BPF object."""
    if arch not in _WRITERS:
        raise LinkerUsageError(f"unknown SBPF version {arch!r}: expected one of {', '.join(ARCHITECTURES)}")
    return _WRITERS[arch](Object(data), entrypoint)


@dataclass(frozen=True)
class Arguments:
    """A parsed command line of the linker."""

    inputs: tuple[Path, ...]
    output: Path
    libllvm: Path
    rustc_llvm: str | None = None
    arch: str | None = None
    keep_ir: Path | None = None
    report: Path | None = None


def parse_arguments(arguments: list[str]) -> Arguments:
    """Parse a command line; raises LinkerUsageError for anything unknown, so that no request is dropped in silence."""
    values: dict[str, str] = {}
    inputs: list[Path] = []
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if name in _WITH_VALUE or name in _IGNORED_WITH_VALUE:
            if not equals:
                try:
                    value = next(rest)
                except StopIteration:
                    raise LinkerUsageError(f"{name} needs a value") from None
            if name in _WITH_VALUE:
                values[name] = value
        elif argument in _IGNORED:
            continue
        elif argument.startswith("-"):
            raise LinkerUsageError(f"the linker does not know the argument {argument}")
        else:
            inputs.append(Path(argument))
    for name in ("-o", "--libllvm"):
        if name not in values:
            raise LinkerUsageError(f"the linker needs {name}")
    if not inputs:
        raise LinkerUsageError("the linker was given no input")
    arch = values.get("--arch")
    if arch is not None and arch not in _WRITERS:
        raise LinkerUsageError(f"unknown SBPF version {arch!r}: expected one of {', '.join(ARCHITECTURES)}")
    return Arguments(
        inputs=tuple(inputs),
        output=Path(values["-o"]),
        libllvm=Path(values["--libllvm"]),
        rustc_llvm=values.get("--rustc-llvm"),
        arch=arch,
        keep_ir=Path(values["--keep-ir"]) if "--keep-ir" in values else None,
        report=Path(values["--report"]) if "--report" in values else None,
    )


def main(arguments: list[str]) -> int:
    """Run the linker; return its exit code."""
    report = None
    try:
        parsed = parse_arguments(arguments)
        report = parsed.report
        _run(parsed)
    except AnomiError as error:
        return _fail(error, report)
    except OSError as error:
        return _fail(InternalError(f"the linker cannot use {error.filename}: {error.strerror}"), report)
    except Exception as error:
        return _fail(LinkerCrashedError(f"the linker stopped on {type(error).__name__}: {error}"), report)
    return 0


def _run(arguments: Arguments) -> None:
    llvm = Llvm(arguments.libllvm, arguments.rustc_llvm)

    def on_fatal(reason: str) -> None:  # LLVM would end the process by itself, with a stack dump
        code = _fail(error_from_fatal(reason), arguments.report)
        sys.stderr.flush()
        os._exit(code)

    llvm.on_fatal = on_fatal
    data = compile_object(llvm, arguments.inputs, keep_ir=arguments.keep_ir)
    if arguments.arch is not None:
        data = link_object(data, arguments.arch)
    _write(arguments.output, data)


def _fail(error: AnomiError, report: Path | None) -> int:
    record = {"error": type(error).__name__, "message": str(error), "hint": error.hint, "exit_code": error.exit_code}
    if report is not None:
        _write(report, json.dumps(record).encode())
    hint = f" ({error.hint})" if error.hint else ""
    print(f"sbf-link: {error}{hint}", file=sys.stderr)
    return error.exit_code


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_bytes(data)
    partial.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
