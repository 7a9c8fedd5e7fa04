"""WebAssembly modules compiled to machine code once, and kept in the cache.

Compiling circom's compiler or a large witness calculator takes seconds, loading the result milliseconds. Wasmtime does
not check that serialised machine code is what it made: whoever can change such a file can run code as its reader.
It is therefore kept only in the private cache folder, found by the hash of the WebAssembly file it came from, and its
own hash is checked before use.
"""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from typing import Final

import wasmtime

from anomi_core.errors import UnreadableInputError
from anomi_prover.cache import Cache
from anomi_prover.files import read_file, sha256_bytes

__all__ = ["WASM_BYTES_MAX", "NotWasmError", "deserialize", "serialized_module"]

WASM_BYTES_MAX: Final = 1 << 30
MODULE_NAME: Final = "module.cwasm"
WASM_MAGIC: Final = b"\0asm\x01\0\0\0"


class NotWasmError(UnreadableInputError):
    """A file is not a WebAssembly module, or a broken one."""


def serialized_module(engine: wasmtime.Engine, settings: str, wasm: Path, cache: Cache) -> Path:
    """Return the file with the machine code of `wasm`, compiled now unless the cache has it.

    `settings` names the engine's settings: code made under others cannot be loaded. Raises NotWasmError and
    FileUnreadableError.
    """
    code = read_file(wasm, max_bytes=WASM_BYTES_MAX, what="WebAssembly file")
    if not code.startswith(WASM_MAGIC):
        raise NotWasmError(f"{wasm} is not a WebAssembly module: it does not start with its magic bytes")

    def build(folder: Path) -> None:
        try:
            module = wasmtime.Module(engine, code)
        except wasmtime.WasmtimeError as error:
            raise NotWasmError(f"{wasm} is a broken WebAssembly module: {_first_line(error)}") from error
        (folder / MODULE_NAME).write_bytes(module.serialize())

    key = {
        "wasm": sha256_bytes(code),
        "wasmtime": version("wasmtime"),
        "settings": settings,
        "machine": f"{platform.system()} {platform.machine()}",
    }
    return cache.get_or_build("wasm-module", key, build) / MODULE_NAME


def deserialize(engine: wasmtime.Engine, serialized: Path, wasm: Path) -> wasmtime.Module:
    """Load machine code that `serialized_module` returned, or compile `wasm` where this processor cannot run it."""
    try:
        return wasmtime.Module.deserialize_file(engine, str(serialized))
    except wasmtime.WasmtimeError:  # a home folder shared with a machine of another processor generation
        return wasmtime.Module.from_file(engine, str(wasm))


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
