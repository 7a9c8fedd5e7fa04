"""Runs circom's compiler, as WebAssembly, in a process of its own: `python -m anomi_prover.circom_wasi`.

Arguments: the serialised module, the WebAssembly file it came from, the folder that the compiler sees as `/` (read
only), the folder that it sees as OUTPUT_FOLDER, then circom's own arguments. The compiler sees no other file, no
environment and no network. Its exit code is passed on; a trap gives TRAP_EXIT_CODE and one line on standard error.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import wasmtime

from anomi_prover.cache_wasm import deserialize

__all__ = ["OUTPUT_FOLDER", "SETTINGS", "TRAP_EXIT_CODE", "compiler_engine", "main"]

OUTPUT_FOLDER: Final = "/.anomi-output"
TRAP_EXIT_CODE: Final = 101
SETTINGS: Final = "compiler"
WASM_STACK_BYTES: Final = 2 << 20
"""circom recurses over expressions; wasmtime's own 512 KiB is little for generated circuits, this is its most."""


def compiler_engine() -> wasmtime.Engine:
    """Return the engine that runs the compiler."""
    config = wasmtime.Config()
    config.max_wasm_stack = WASM_STACK_BYTES
    return wasmtime.Engine(config)


def main(arguments: list[str]) -> int:
    """Run the compiler and return its exit code."""
    serialized, wasm, root, output, *circom_arguments = arguments
    engine = compiler_engine()
    module = deserialize(engine, Path(serialized), Path(wasm))
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    wasi = wasmtime.WasiConfig()
    wasi.argv = ["circom", *circom_arguments]
    wasi.preopen_dir(root, "/", False)
    wasi.preopen_dir(output, OUTPUT_FOLDER, True)
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    store = wasmtime.Store(engine)
    store.set_wasi(wasi)
    try:
        start = linker.instantiate(store, module).exports(store)["_start"]
        if not isinstance(start, wasmtime.Func):
            raise wasmtime.WasmtimeError("its _start is not a function")
        start(store)
    except wasmtime.ExitTrap as ended:
        return int(ended.code)
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        reason = str(error).strip().splitlines()
        sys.stderr.write(f"trap: {reason[-1].strip() if reason else 'unknown'}\n")
        return TRAP_EXIT_CODE
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
