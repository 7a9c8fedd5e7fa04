"""One run of a witness calculator made by circom 1 (0.5.x).

These import their memory, keep its first free address in word 0, and take field elements by address: a signed 32-bit
integer, a word of flags, then the words of a long integer. The long one counts when the top flag is set, in Montgomery
form when the next one is set too. They are run with their own checks on (`init(1)`), so that a constraint that does not
hold refuses. Interface: iden3's circom_runtime.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import ClassVar, Final

import wasmtime

from anomi_core.field import FR_MODULUS
from anomi_prover.witness_input import ExtraInputError, InputShapeError, MissingInputError, SignalValues
from anomi_prover.witness_session import (
    WORDS_MAX,
    CalculatorCrashedError,
    NotACalculatorError,
    Signature,
    WitnessError,
    WitnessMemoryError,
    check_prime,
    exported,
    field_elements,
    signal_hash_halves,
)
from anomi_prover.witness_shim import CIRCOM_1_LOG_WAT

__all__ = ["Circom1Session"]

PAGE_BYTES: Final = 1 << 16
PAGES: Final = 32767
"""As much as iden3's runtime gives; the calculators' heap grows up from below, their stack down from here."""
WITNESS_MAX: Final = 1 << 27
TEXT_BYTES_MAX: Final = 512

STACK_OUT_OF_MEMORY: Final = 1
STACK_TOO_SMALL: Final = 2
HASH_NOT_FOUND: Final = 3
INVALID_TYPE: Final = 4
NOT_ASSIGNED: Final = 5
ASSIGNED_TWICE: Final = 6
CONSTRAINT_FAILED: Final = 7
INPUT_AFTER_LAST: Final = 8
ASSERT_FAILED: Final = 9
"""Codes of the calculator's `error`."""

LONG: Final = 0x80000000
MONTGOMERY: Final = 0x40000000
SHORT_MAX: Final = 0x7FFFFFFF


class Circom1Session:
    """A fresh instance of a calculator; `run` may be called once."""

    INTERFACE: ClassVar[Mapping[str, Signature]] = {
        "init": (1, 0),
        "getNVars": (0, 1),
        "getFrLen": (0, 1),
        "getSignalOffset32": (4, 0),
        "setSignal": (4, 0),
        "getPWitness": (1, 1),
        "getPRawPrime": (0, 1),
    }
    LATER: ClassVar[Mapping[str, Signature]] = {"getWitnessBuffer": (0, 1)}
    """Functions that the earliest calculators do not have."""

    def __init__(
        self,
        engine: wasmtime.Engine,
        store: wasmtime.Store,
        module: wasmtime.Module,
        memory_bytes: int,
        on_log: Callable[[str], None] | None,
    ) -> None:
        """Instantiate `module`; raises NotACalculatorError, UnsupportedPrimeError, WitnessMemoryError."""
        self._store = store
        self._on_log = on_log
        self._failure: tuple[int, str] | None = None
        pages = min(PAGES, memory_bytes // PAGE_BYTES)
        self._memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(pages, None)))
        linker = wasmtime.Linker(engine)
        linker.define(store, "env", "memory", self._memory)
        i32 = wasmtime.ValType.i32()
        linker.define_func("runtime", "error", wasmtime.FuncType([i32] * 6, []), self._on_error)
        linker.define_func("runtime", "log", wasmtime.FuncType([i32], []), self._on_log_value)
        log = linker.instantiate(store, wasmtime.Module(engine, CIRCOM_1_LOG_WAT))
        linker.define_instance(store, "runtime", log)
        finished = log.exports(store)["finished"]
        assert isinstance(finished, wasmtime.Global)  # noqa: S101 -- ours
        self._finished = finished
        self._instance = linker.instantiate(store, module)
        element_bytes = self._call("getFrLen")
        self._value_bytes = element_bytes - 8
        if self._value_bytes <= 0 or self._value_bytes % 8 or self._value_bytes > 4 * WORDS_MAX:
            raise NotACalculatorError(f"the witness calculator has field elements of {element_bytes} bytes")
        check_prime(int.from_bytes(self._read(self._call("getPRawPrime"), self._value_bytes), "little"))

    def input_size(self, _name: str) -> int | None:
        """Return None: these calculators do not tell how many values a signal has."""
        return None

    def run(self, signals: Mapping[str, SignalValues]) -> list[int]:
        """Set the inputs and return the witness."""
        name: str | None = None
        try:
            self._call("init", 1)
            scratch = int.from_bytes(self._read(0, 4), "little")
            offset_at, value_at = scratch, scratch + 8
            self._write(0, struct.pack("<I", value_at + 8 + self._value_bytes))
            offsets: dict[str, int] = {}
            for name in signals:
                self._call("getSignalOffset32", offset_at, 0, *signal_hash_halves(name))
                offsets[name] = int.from_bytes(self._read(offset_at, 4), "little")
            _check_overlap(signals, offsets)
            for name, given in signals.items():
                for index, value in enumerate(given.values):
                    if self._finished.value(self._store):
                        raise InputShapeError(f"the input signal {name} came with too many values, or is no input")
                    self._write(value_at, self._encode(value))
                    self._call("setSignal", 0, 0, offsets[name] + index, value_at)
        except _CalculatorException:
            raise self._refusal(name) from None
        if not self._finished.value(self._store):
            raise MissingInputError("some of the circuit's input values are missing")
        return self._witness()

    def _witness(self) -> list[int]:
        count = self._call("getNVars")
        if not 0 < count <= WITNESS_MAX:
            raise NotACalculatorError(f"the witness calculator speaks of {count} wires")
        if buffer := exported(self._store, self._instance, "getWitnessBuffer"):
            return field_elements(self._read(buffer() & 0xFFFFFFFF, count * self._value_bytes), self._value_bytes)
        return [self._decode(self._call("getPWitness", wire) & 0xFFFFFFFF) for wire in range(count)]

    def _encode(self, value: int) -> bytes:
        if value <= SHORT_MAX:
            return struct.pack("<II", value, 0) + bytes(self._value_bytes)
        return struct.pack("<II", 0, LONG) + value.to_bytes(self._value_bytes, "little")

    def _decode(self, address: int) -> int:
        short, kind = struct.unpack("<iI", self._read(address, 8))
        if not kind & LONG:
            return int(short) % FR_MODULUS
        value = int.from_bytes(self._read(address + 8, self._value_bytes), "little")
        if kind & MONTGOMERY:
            return value * pow(1 << (8 * self._value_bytes), -1, FR_MODULUS) % FR_MODULUS
        return value

    def _call(self, name: str, *arguments: int) -> int:
        function = exported(self._store, self._instance, name)
        if function is None:  # checked against INTERFACE before
            raise NotACalculatorError(f"the witness calculator has no {name}")
        return int(function(*arguments) or 0)

    def _read(self, start: int, size: int) -> bytes:
        if not 0 <= start <= start + size <= self._memory.data_len(self._store):
            raise CalculatorCrashedError("the witness calculator points outside its memory")
        return bytes(self._memory.read(self._store, start, start + size))

    def _write(self, start: int, data: bytes) -> None:
        if not 0 <= start <= start + len(data) <= self._memory.data_len(self._store):
            raise CalculatorCrashedError("the witness calculator points outside its memory")
        self._memory.write(self._store, data, start)

    def _text(self, address: int) -> str:
        """Return the zero-terminated text at `address`; what is not printable ASCII is left out."""
        length = self._memory.data_len(self._store)
        start = min(address & 0xFFFFFFFF, length)
        raw = self._read(start, min(TEXT_BYTES_MAX, length - start)).split(b"\0")[0]
        return "".join(chr(byte) for byte in raw if 32 <= byte < 127)

    def _on_error(self, code: int, _message: int, a: int, b: int, c: int, d: int) -> None:
        place = self._text(d) if code == CONSTRAINT_FAILED else self._text(c) if code == ASSERT_FAILED else ""
        del a, b  # where the values stand
        self._failure = (code, place)
        raise _CalculatorException

    def _on_log_value(self, address: int) -> None:
        if self._on_log:
            self._on_log(str(self._decode(address & 0xFFFFFFFF)))

    def _refusal(self, name: str | None) -> Exception:
        code, place = self._failure or (0, "")
        if code in (HASH_NOT_FOUND, INVALID_TYPE):
            return ExtraInputError(f"the circuit has no input signal {name!r}")
        if code == INPUT_AFTER_LAST:
            return InputShapeError(f"the input signal {name} came with too many values")
        if code == ASSIGNED_TWICE:
            return InputShapeError("an input has too many values, or names a signal that the circuit computes itself")
        if code == NOT_ASSIGNED:
            return WitnessError("the circuit reads a signal before it has a value")
        if code in (STACK_OUT_OF_MEMORY, STACK_TOO_SMALL):
            return WitnessMemoryError("the witness calculator ran out of memory")
        what = {CONSTRAINT_FAILED: "a constraint does not hold", ASSERT_FAILED: "an assertion fails"}.get(
            code, f"the calculator stops (code {code})"
        )
        where = f" at {place}" if place else ""
        return WitnessError(f"the circuit refuses these inputs: {what}{where}", trace=(place,) if place else ())


class _CalculatorException(Exception):  # noqa: N818 -- it never leaves this module
    """Unwinds the calculator after it reported a failure."""


def _check_overlap(signals: Mapping[str, SignalValues], offsets: Mapping[str, int]) -> None:
    """Refuse a signal with so many values that they would run into the next one."""
    order = sorted(signals, key=lambda name: offsets[name])
    for name, following in pairwise(order):
        if offsets[name] + len(signals[name].values) > offsets[following]:
            raise InputShapeError(f"the input signal {name} came with too many values")
