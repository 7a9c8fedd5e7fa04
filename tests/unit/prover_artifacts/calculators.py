"""Witness calculators written by hand in WebAssembly text, honest and hostile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import wasmtime

from anomi_core.field import FR_MODULUS
from anomi_prover.witness_session import signal_hash

__all__ = ["CIRCOM_2", "circom_1", "circom_2", "write_wat"]


def write_wat(path: Path, wat: str) -> Path:
    """Assemble `wat` into `path`."""
    path.write_bytes(bytes(wasmtime.wat2wasm(wat)))
    return path


def data(value: int, size: int) -> str:
    """Return the bytes of a little-endian integer as a WebAssembly string."""
    return "".join(f"\\{byte:02x}" for byte in value.to_bytes(size, "little"))


CIRCOM_2: Final = {
    "imports": '(import "runtime" "exceptionHandler" (func $throw (param i32)))',
    "memory": "(memory 1)",
    "getVersion": "(result i32) (i32.const 2)",
    "init": "(param i32)",
    "getFieldNumLen32": "(result i32) (i32.const 8)",
    "getRawPrime": "(memory.copy (i32.const 0) (i32.const 64) (i32.const 32))",
    "readSharedRWMemory": "(param i32) (result i32) (i32.load (i32.shl (local.get 0) (i32.const 2)))",
    "writeSharedRWMemory": "(param i32 i32) (i32.store (i32.shl (local.get 0) (i32.const 2)) (local.get 1))",
    "getInputSignalSize": "(param i32 i32) (result i32) (i32.const 1)",
    "setInputSignal": "(param i32 i32 i32) (memory.copy (i32.const 128) (i32.const 0) (i32.const 32))",
    "getInputSize": "(result i32) (i32.const 1)",
    "getWitnessSize": "(result i32) (i32.const 2)",
    "getWitness": """(param i32)
        (memory.fill (i32.const 0) (i32.const 0) (i32.const 32))
        (if (i32.eqz (local.get 0)) (then (i32.store (i32.const 0) (i32.const 1)))
            (else (memory.copy (i32.const 0) (i32.const 128) (i32.const 32))))""",
    "getMessageChar": "(result i32) (i32.const 0)",
}
"""The functions of a calculator of one input `x`, whose witness is (1, x)."""


def circom_2(path: Path, changes: Mapping[str, str | None] | None = None, *, prime: int = FR_MODULUS) -> Path:
    """Write a circom-2 calculator with some functions changed, or left out (None)."""
    parts = {**CIRCOM_2, **(changes or {})}
    imports, memory = parts.pop("imports"), parts.pop("memory")
    functions = [f'(func (export "{name}") {body})' for name, body in parts.items() if body is not None]
    prime_data = f'(data (i32.const 64) "{data(prime, 32)}")'
    return write_wat(path, f"(module {imports} {memory} {prime_data} {' '.join(functions)})")


MONTGOMERY_5: Final = 5 * (1 << 256) % FR_MODULUS


def circom_1(path: Path, *, buffer: bool, prime: int = FR_MODULUS) -> Path:
    """Write a circom-1 calculator: inputs a and b[2]; checks b[0] = b[1] and b[0] != 7; its output is a.

    Wires: 1, a (output), a, b[0], b[1], −1, 5; the last two as a negative short and a long in Montgomery form. With
    `buffer` the witness is also offered as one block, of the first five wires.
    """
    compare = " ".join(
        f"(if (i64.ne (i64.load (i32.const {376 + 8 * i})) (i64.load (i32.const {416 + 8 * i})))"
        " (then (call $error (i32.const 7) (i32.const 0) (i32.const 0) (i32.const 376) (i32.const 416)"
        " (i32.const 128))))"
        for i in range(5)
    )
    find = " ".join(
        f"(if (i64.eq (local.get $hash) (i64.const {signal_hash(name)}))"
        f" (then (i32.store (local.get 0) (i32.const {signal})) (return)))"
        for name, signal in (("o", 1), ("a", 2), ("b", 3))
    )
    whole = """
      (func (export "getWitnessBuffer") (result i32) (local $i i32)
        (loop $next
          (if (i32.load offset=260 (i32.mul (local.get $i) (i32.const 40)))
            (then (memory.copy (i32.add (i32.const 1024) (i32.shl (local.get $i) (i32.const 5)))
              (i32.add (i32.const 264) (i32.mul (local.get $i) (i32.const 40))) (i32.const 32)))
            (else (i32.store offset=1024 (i32.shl (local.get $i) (i32.const 5))
              (i32.load offset=256 (i32.mul (local.get $i) (i32.const 40))))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $next (i32.lt_u (local.get $i) (i32.const 5))))
        (i32.const 1024))"""
    return write_wat(
        path,
        f"""(module
      (import "env" "memory" (memory 1))
      (import "runtime" "error" (func $error (param i32 i32 i32 i32 i32 i32)))
      (import "runtime" "logSetSignal" (func $set (param i32 i32)))
      (import "runtime" "logFinishComponent" (func $finish (param i32)))
      (import "runtime" "log" (func $log (param i32)))
      (data (i32.const 0) "{data(4096, 4)}")
      (data (i32.const 64) "{data(prime, 32)}")
      (data (i32.const 128) "tiny.circom:5:7\\00")
      (data (i32.const 160) "tiny.circom:6:2\\00")
      (data (i32.const 256) "{data(1, 40)}")
      (data (i32.const 456) "\\ff\\ff\\ff\\ff{data(0, 36)}")
      (data (i32.const 496) "{data(0, 4)}{data(0xC0000000, 4)}{data(MONTGOMERY_5, 32)}")
      (global $left (mut i32) (i32.const 3))
      (func (export "init") (param i32))
      (func (export "getNVars") (result i32) (i32.const {5 if buffer else 7}))
      (func (export "getFrLen") (result i32) (i32.const 40))
      (func (export "getPRawPrime") (result i32) (i32.const 64))
      (func (export "getPWitness") (param i32) (result i32)
        (i32.add (i32.const 256) (i32.mul (local.get 0) (i32.const 40))))
      (func (export "getSignalOffset32") (param i32 i32 i32 i32) (local $hash i64)
        (local.set $hash (i64.or (i64.shl (i64.extend_i32_u (local.get 2)) (i64.const 32))
          (i64.extend_i32_u (local.get 3))))
        {find}
        (call $error (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
      (func (export "setSignal") (param i32 i32 i32 i32)
        (call $set (local.get 2) (local.get 3))
        (memory.copy (i32.add (i32.const 256) (i32.mul (local.get 2) (i32.const 40))) (local.get 3) (i32.const 40))
        (global.set $left (i32.sub (global.get $left) (i32.const 1)))
        (if (i32.eqz (global.get $left)) (then
          (call $log (i32.const 336))
          {compare}
          (if (i32.eq (i32.load (i32.const 376)) (i32.const 7)) (then
            (call $error (i32.const 9) (i32.const 0) (i32.const 0) (i32.const 376) (i32.const 160) (i32.const 0))))
          (memory.copy (i32.const 296) (i32.const 336) (i32.const 40))
          (call $finish (i32.const 0)))))
      {whole if buffer else ""})""",
    )
