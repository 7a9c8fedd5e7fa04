"""Compiling a Circom circuit, with the compiler's messages as data and its results in the cache.

The compiler is circom 2.2.3: a native `circom` of that version when there is one, else npm's circom2, which is
the same program as WebAssembly and runs here without Node. It runs in a process of its own, sees only the
circuit's files, and can be stopped at any time.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from anomi_core.errors import InternalError, RefusedError, UsageError
from anomi_prover import circom_wasi, tools
from anomi_prover.cache import Cache
from anomi_prover.cache_wasm import serialized_module
from anomi_prover.compile_diagnostics import CircomError, Diagnostic, parse_diagnostics
from anomi_prover.compile_sources import SourceTree, read_sources
from anomi_prover.files import OutputNotWritableError, copy_file, reason_of, sha256_file
from anomi_prover.progress import NoProgress, Progress

__all__ = [
    "CircomError",
    "CompiledCircuit",
    "CompilerCrashedError",
    "CompilerMemoryError",
    "CompilerTimeoutError",
    "Diagnostic",
    "UnknownOptimisationError",
    "compile_circuit",
    "cpp_key",
    "generate_cpp",
]

MANIFEST_FORMAT: Final = 1
RECORD_NAME: Final = "compiled.json"
OPTIMISATIONS: Final = ("O0", "O1", "O2")
OUTPUT_TAIL_CHARS: Final = 1 << 20
COUNT_PATTERN: Final = re.compile(
    r"^(template instances|non-linear constraints|linear constraints|public inputs|private inputs|public outputs"
    r"|wires|labels): (\d+)",
    re.MULTILINE,
)
MEMORY_PATTERN: Final = re.compile(r"memory allocation of \d+ bytes failed|capacity overflow|out of memory", re.I)


class UnknownOptimisationError(UsageError):
    """The optimisation is none of O0, O1 and O2."""


class CompilerTimeoutError(RefusedError):
    """The compiler did not end within the time it was given."""


class CompilerMemoryError(RefusedError):
    """The circuit needs more memory than the compiler can have."""


class CompilerCrashedError(InternalError):
    """The compiler ended without a message about the circuit."""


@dataclass(frozen=True)
class CompiledCircuit:
    """A compiled circuit: three files, and the manifest that says what they were made from.

    The files stand in the cache and are read-only; `place` copies them out. `manifest` is plain JSON data.
    """

    name: str
    r1cs: Path
    wasm: Path
    sym: Path
    manifest: Mapping[str, Any]
    warnings: tuple[Diagnostic, ...]

    def place(self, out_dir: Path) -> dict[str, Path]:
        """Copy the files to `out_dir` as NAME.r1cs, NAME.wasm and NAME.sym, each in one step; return their paths.

        The folder is made when it is missing. Raises OutputNotWritableError.
        """
        try:
            out_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputNotWritableError(f"cannot make the folder {out_dir}: {reason_of(error)}") from error
        placed = {}
        for kind, path in (("r1cs", self.r1cs), ("wasm", self.wasm), ("sym", self.sym)):
            placed[kind] = out_dir / f"{self.name}.{kind}"
            copy_file(path, placed[kind])
        return placed


@dataclass(frozen=True)
class _Compiler:
    kind: Literal["native", "wasm"]
    path: Path
    sha256: str


def compile_circuit(
    source: Path,
    *,
    include_dirs: Sequence[Path] = (),
    optimisation: str = "O2",
    cache: Cache | None = None,
    progress: Progress | None = None,
    timeout_s: float = 3600,
) -> CompiledCircuit:
    """Compile `source` for BN254, or find the result of an earlier call with the same sources, compiler and flags.

    Includes are looked for beside the including file, then in `include_dirs`.

    Raises CircomError (the circuit's fault, with its diagnostics), CompilerTimeoutError, CompilerMemoryError,
    CompilerCrashedError, ToolNotFoundError, UnknownOptimisationError, and what `read_sources` raises.
    """
    if optimisation not in OPTIMISATIONS:
        raise UnknownOptimisationError(f"optimisation is one of {', '.join(OPTIMISATIONS)}; {optimisation!r} came")
    progress = progress or NoProgress()
    cache = cache or Cache.default(progress=progress)
    sources = read_sources(source, include_dirs)
    compiler = _find_compiler()
    flags = [f"--{optimisation}"]
    name = sources.main.path.stem
    key = {
        "format": str(MANIFEST_FORMAT),
        "name": name,
        "sources": sources.sha256(),
        "compiler": compiler.sha256,
        "flags": " ".join(flags),
    }

    def build(folder: Path) -> None:
        progress.start(f"compiling {name}", None)
        try:
            _compile_into(folder, name, sources, include_dirs, compiler, flags, cache, timeout_s)
        finally:
            progress.done()

    entry = cache.get_or_build("circuit", key, build)
    return _load(entry, name, sources, compiler, flags)


def generate_cpp(
    source: Path,
    folder: Path,
    *,
    include_dirs: Sequence[Path] = (),
    optimisation: str = "O2",
    cache: Cache | None = None,
    timeout_s: float = 3600,
) -> Path:
    """Write circom's C++ witness calculator of `source` under `folder`, which is empty; return where its Makefile is.

    Raises what `compile_circuit` raises.
    """
    sources = read_sources(source, include_dirs)
    wanted = ["--c", f"--{optimisation}"]
    output, _, _ = _circom(folder, sources, include_dirs, _find_compiler(), wanted, cache or Cache.default(), timeout_s)
    made = sorted(output.glob("*_cpp"))
    if len(made) != 1:
        raise CompilerCrashedError(f"circom ended well but wrote {len(made)} C++ calculators for {source}")
    return made[0]


def cpp_key(source: Path, *, include_dirs: Sequence[Path] = (), optimisation: str = "O2") -> dict[str, str]:
    """Return what decides circom's C++ of a circuit, as a cache's key. Raises what `read_sources` raises."""
    if optimisation not in OPTIMISATIONS:
        raise UnknownOptimisationError(f"optimisation is one of {', '.join(OPTIMISATIONS)}; {optimisation!r} came")
    return {
        "sources": read_sources(source, include_dirs).sha256(),
        "compiler": _find_compiler().sha256,
        "flags": f"--{optimisation}",
    }


def _find_compiler() -> _Compiler:
    if native := tools.circom():
        return _Compiler("native", native, sha256_file(native))
    wasm = tools.circom_wasm()
    return _Compiler("wasm", wasm, sha256_file(wasm))


def _compile_into(
    folder: Path,
    name: str,
    sources: SourceTree,
    include_dirs: Sequence[Path],
    compiler: _Compiler,
    flags: Sequence[str],
    cache: Cache,
    timeout_s: float,
) -> None:
    """Compile into a cache entry that is being built: the three files and the record of counts and warnings."""
    wanted = ["--r1cs", "--wasm", "--sym", *flags]
    output, text, diagnostics = _circom(folder, sources, include_dirs, compiler, wanted, cache, timeout_s)
    for kind, pattern in (("r1cs", "*.r1cs"), ("sym", "*.sym"), ("wasm", "*_js/*.wasm")):
        # By pattern: circom drops what follows a further dot in a name.
        made = sorted(output.glob(pattern))
        if len(made) != 1:
            raise CompilerCrashedError(f"circom ended well but wrote {len(made)} {kind} files for {sources.main.path}")
        made[0].rename(folder / f"{name}.{kind}")
    shutil.rmtree(output)
    counts = {label.replace(" ", "_").replace("-", "_"): int(number) for label, number in COUNT_PATTERN.findall(text)}
    if not {"non_linear_constraints", "linear_constraints"} <= counts.keys():
        raise CompilerCrashedError(f"circom ended well but did not count the constraints of {sources.main.path}")
    index = {str(file.path): i for i, file in enumerate(sources.files)}
    record = {
        "counts": counts,
        # The file by its number: another clone that reuses this entry has it elsewhere.
        "warnings": [[index.get(one.file or ""), one.code, one.line, one.column, one.message] for one in diagnostics],
    }
    (folder / RECORD_NAME).write_text(json.dumps(record), encoding="utf-8")


def _circom(
    folder: Path,
    sources: SourceTree,
    include_dirs: Sequence[Path],
    compiler: _Compiler,
    wanted: Sequence[str],
    cache: Cache,
    timeout_s: float,
) -> tuple[Path, str, tuple[Diagnostic, ...]]:
    """Run circom over copies of the sources; return the folder of what it wrote, what it said, and its messages."""
    stage, output = Path(os.path.realpath(folder)) / "stage", folder / "output"
    prefix = str(stage) if compiler.kind == "native" else ""
    stage.mkdir()
    output.mkdir()
    sources.stage(stage, prefix)
    seen_output = str(output) if compiler.kind == "native" else circom_wasi.OUTPUT_FOLDER
    arguments = [f"{prefix}{sources.main.path}", *wanted, "-o", seen_output]
    for include_dir in include_dirs:
        arguments += ["-l", f"{prefix}{os.path.realpath(include_dir)}"]
    if compiler.kind == "native":
        command = [str(compiler.path), *arguments]
    else:
        module = serialized_module(circom_wasi.compiler_engine(), circom_wasi.SETTINGS, compiler.path, cache)
        command = [sys.executable, "-P", "-m", "anomi_prover.circom_wasi"]
        command += [str(module), str(compiler.path), str(stage), str(output), *arguments]
    status, text = _run(command, sources.main.path, folder, timeout_s)
    diagnostics = parse_diagnostics(text, prefix=prefix)
    if status != 0 or any(diagnostic.severity == "error" for diagnostic in diagnostics):
        _raise_failure(sources.main.path, status, text, diagnostics)
    shutil.rmtree(stage)
    return output, text, diagnostics


def _run(command: list[str], source: Path, folder: Path, timeout_s: float) -> tuple[int, str]:
    """Run the compiler; return its exit code and all it said, colours removed (the last MiB of each stream)."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    with (folder / "stdout").open("w+b") as out, (folder / "stderr").open("w+b") as err:
        process = subprocess.Popen(
            [*tools.ending_with_us(), *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            status = process.wait(timeout_s)
        except subprocess.TimeoutExpired as error:
            raise CompilerTimeoutError(f"compiling {source} took more than {timeout_s:g} seconds") from error
        finally:
            tools.kill_process_group(process)
            process.wait()
        texts = []
        for stream in (err, out):
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - OUTPUT_TAIL_CHARS))
            texts.append(stream.read().decode("utf-8", "replace"))
    for name in ("stdout", "stderr"):
        (folder / name).unlink()
    return status, tools.strip_ansi("\n".join(texts))


def _raise_failure(source: Path, status: int, text: str, diagnostics: tuple[Diagnostic, ...]) -> None:
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        # circom names no file where none of its lines is to blame, such as a circuit without `main`.
        raise CircomError(tuple(replace(one, file=one.file or str(source)) for one in diagnostics))
    if MEMORY_PATTERN.search(text) or status == -9:
        raise CompilerMemoryError(
            f"circom ran out of memory while compiling {source}",
            hint="a native circom can use more than the 4 GB of the WebAssembly one; put it on PATH",
        )
    said = [line.strip() for line in text.splitlines() if line.strip()]
    trap = [line for line in said if line.startswith(("trap:", "thread "))]
    reason = (trap or said or ["no message"])[-1][:300]
    # Templates that instantiate one another for ever end in the last of these.
    if any(sign in text for sign in ("call stack exhausted", "stack overflow", "out of bounds memory access")):
        raise CompilerMemoryError(f"circom's stack ran out while compiling {source}: the circuit nests too deeply")
    raise CompilerCrashedError(f"circom ended with exit code {status} while compiling {source}: {reason}")


def _load(entry: Path, name: str, sources: SourceTree, compiler: _Compiler, flags: Sequence[str]) -> CompiledCircuit:
    record = json.loads((entry / RECORD_NAME).read_bytes())
    r1cs, wasm, sym = (entry / f"{name}.{kind}" for kind in ("r1cs", "wasm", "sym"))
    warnings = tuple(
        Diagnostic("warning", code, str(sources.files[file].path) if file is not None else None, line, column, message)
        for file, code, line, column, message in record["warnings"]
    )
    counts = record["counts"]
    manifest = {
        "format": MANIFEST_FORMAT,
        "name": name,
        "source_tree_sha256": sources.sha256(),
        "sources": [{"path": sources.label(file), "sha256": file.sha256} for file in sources.files],
        "compiler": {
            "name": "circom",
            "version": tools.CIRCOM_VERSION,
            "kind": compiler.kind,
            "sha256": compiler.sha256,
        },
        "flags": list(flags),
        "r1cs_sha256": sha256_file(r1cs),
        "wasm_sha256": sha256_file(wasm),
        "sym_sha256": sha256_file(sym),
        "constraints": counts["non_linear_constraints"] + counts["linear_constraints"],
        **counts,
        "warnings": [
            {"code": one.code, "file": label, "line": one.line, "column": one.column, "message": one.message}
            for one, label in zip(
                warnings,
                [sources.label(sources.files[file]) if file is not None else None for file, *_ in record["warnings"]],
                strict=True,
            )
        ],
    }
    return CompiledCircuit(name, r1cs, wasm, sym, manifest, warnings)
