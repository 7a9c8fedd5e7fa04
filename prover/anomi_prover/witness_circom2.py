"""One run of a circom-2 witness calculator."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

import wasmtime

from anomi_prover.witness_input import ExtraInputError, InputShapeError, MissingInputError, SignalValues
from anomi_prover.witness_session import (
    WORDS_MAX,
    NotACalculatorError,
    Signature,
    WitnessError,
    WitnessMemoryError,
    check_prime,
    exported,
    field_elements,
    signal_hash,
    signal_hash_halves,
)
from anomi_prover.witness_shim import CIRCOM_2_SHIM_WAT

__all__ = ["Circom2Session"]

PAGE_BYTES: Final = 1 << 16
MESSAGE_CHARS_MAX: Final = 4096
MESSAGES_MAX: Final = 256
WITNESS_MAX: Final = 1 << 27

SIGNAL_NOT_FOUND: Final = 1
TOO_MANY_SIGNALS: Final = 2
SIGNAL_ALREADY_SET: Final = 3
ASSERT_FAILED: Final = 4
NOT_ENOUGH_MEMORY: Final = 5
INDEX_TOO_LARGE: Final = 6
"""Codes of the calculator's exceptionHandler."""

TRACE_PATTERN: Final = re.compile(r"Error in template (\S+) line: (\d+)")


class Circom2Session:
    """A fresh instance of a calculator; `run` may be called once."""

    INTERFACE: ClassVar[Mapping[str, Signature]] = {
        "getVersion": (0, 1),
        "init": (1, 0),
        "getFieldNumLen32": (0, 1),
        "getRawPrime": (0, 0),
        "readSharedRWMemory": (1, 1),
        "writeSharedRWMemory": (2, 0),
        "setInputSignal": (3, 0),
        "getWitnessSize": (0, 1),
        "getWitness": (1, 0),
    }
    LATER: ClassVar[Mapping[str, Signature]] = {
        "getInputSignalSize": (2, 1),
        "getInputSize": (0, 1),
        "getMessageChar": (0, 1),
    }
    """Functions that calculators of early circom 2 do not have."""

    def __init__(
        self,
        engine: wasmtime.Engine,
        store: wasmtime.Store,
        module: wasmtime.Module,
        memory_bytes: int,
        on_log: Callable[[str], None] | None,
    ) -> None:
        """Instantiate `module`; raises NotACalculatorError, UnsupportedPrimeError."""
        self._engine = engine
        self._store = store
        self._memory_bytes = memory_bytes
        self._on_log = on_log
        self._errors: list[str] = []
        self._log_parts: list[str] = []
        self._failure: int | None = None
        self._words = 0
        self._instance = self._link().instantiate(store, module)
        version = self._call("getVersion")
        if version != 2:
            raise NotACalculatorError(f"the witness calculator speaks version {version} of circom's interface, not 2")
        self._words = self._call("getFieldNumLen32")
        if not 0 < self._words <= WORDS_MAX:
            raise NotACalculatorError(f"the witness calculator has field elements of {self._words} words")
        self._call("getRawPrime")
        check_prime(sum((self._call("readSharedRWMemory", i) & 0xFFFFFFFF) << (32 * i) for i in range(self._words)))
        self._input_size = exported(store, self._instance, "getInputSignalSize")

    def input_size(self, name: str) -> int | None:
        """Return how many values an input signal has, a negative number for no input, None when it cannot tell."""
        return None if self._input_size is None else int(self._input_size(*signal_hash_halves(name)))

    def run(self, signals: Mapping[str, SignalValues]) -> list[int]:
        """Set the inputs and return the witness."""
        wanted = exported(self._store, self._instance, "getInputSize")
        given = sum(len(signal.values) for signal in signals.values())
        if wanted and given < (total := wanted()):
            raise MissingInputError(f"{total - given} of the circuit's {total} input values are missing")
        names = [name for name, signal in signals.items() for _ in signal.values]
        linker = wasmtime.Linker(self._engine)
        linker.define_instance(self._store, "circuit", self._instance)
        helper = linker.instantiate(self._store, wasmtime.Module(self._engine, CIRCOM_2_SHIM_WAT))
        exports = helper.exports(self._store)
        memory, record = exports["memory"], exports["record"]
        set_inputs, get_witness = exports["set_inputs"], exports["get_witness"]
        assert isinstance(memory, wasmtime.Memory) and isinstance(record, wasmtime.Global)  # noqa: S101 -- ours
        assert isinstance(set_inputs, wasmtime.Func) and isinstance(get_witness, wasmtime.Func)  # noqa: S101
        try:
            self._call("init", 1)
            data = self._records(signals)
            self._grow(memory, len(data))
            memory.write(self._store, data)
            set_inputs(self._store, len(names), self._words)
        except _CalculatorException:
            at = record.value(self._store)
            raise self._refusal(names[at] if at < len(names) else None) from None
        count = self._call("getWitnessSize")
        if not 0 < count <= WITNESS_MAX:
            raise NotACalculatorError(f"the witness calculator speaks of {count} wires")
        size = count * self._words * 4
        self._grow(memory, size)
        get_witness(self._store, count, self._words)
        return field_elements(memory.read(self._store, 0, size), self._words * 4)

    def _records(self, signals: Mapping[str, SignalValues]) -> bytes:
        parts = []
        for name, signal in signals.items():
            value_hash = signal_hash(name)
            for index, value in enumerate(signal.values):
                parts.append(struct.pack("<III", value_hash >> 32, value_hash & 0xFFFFFFFF, index))
                parts.append(value.to_bytes(self._words * 4, "little"))
        return b"".join(parts)

    def _grow(self, memory: wasmtime.Memory, size: int) -> None:
        missing = size // PAGE_BYTES + 1 - memory.size(self._store)  # wasmtime wants room behind the last byte
        if missing > 0:
            if size > self._memory_bytes:
                raise WitnessMemoryError(
                    f"the witness needs more than the {self._memory_bytes >> 20} MiB of memory it may use"
                )
            memory.grow(self._store, missing)

    def _call(self, name: str, *arguments: int) -> int:
        function = exported(self._store, self._instance, name)
        if function is None:  # checked against INTERFACE before
            raise NotACalculatorError(f"the witness calculator has no {name}")
        return int(function(*arguments) or 0)

    def _link(self) -> wasmtime.Linker:
        """Return a linker with what circom's calculators call; nothing else of this process can be reached."""
        linker = wasmtime.Linker(self._engine)
        i32 = wasmtime.ValType.i32()

        def define(name: str, parameters: int, function: Callable[..., None]) -> None:
            kind = wasmtime.FuncType([i32] * parameters, [])
            linker.define_func("runtime", name, kind, function, access_caller=True)

        define("exceptionHandler", 1, self._on_exception)
        define("printErrorMessage", 0, self._on_error_message)
        define("writeBufferMessage", 0, self._on_log_text)
        define("showSharedRWMemory", 0, self._on_log_value)
        define("printDebug", 1, lambda _caller, _value: None)
        define("log", 1, lambda _caller, _value: None)
        define("error", 6, lambda _caller, code, *_rest: self._on_exception(_caller, code))
        for name in ("logGetSignal", "logSetSignal"):
            define(name, 2, lambda _caller, _signal, _value: None)
        for name in ("logStartComponent", "logFinishComponent"):
            define(name, 1, lambda _caller, _component: None)
        return linker

    def _on_exception(self, _caller: wasmtime.Caller, code: int) -> None:
        self._failure = code
        raise _CalculatorException

    def _on_error_message(self, caller: wasmtime.Caller) -> None:
        message = _message(caller)
        if len(self._errors) < MESSAGES_MAX:
            self._errors.append(message)

    def _on_log_text(self, caller: wasmtime.Caller) -> None:
        if self._on_log is None:
            return
        message = _message(caller)
        if message == "\n":
            self._on_log(" ".join(self._log_parts))
            self._log_parts = []
        elif len(self._log_parts) < MESSAGES_MAX:
            self._log_parts.append(message)

    def _on_log_value(self, caller: wasmtime.Caller) -> None:
        if self._on_log is None:
            return
        read = caller["readSharedRWMemory"]
        assert isinstance(read, wasmtime.Func)  # noqa: S101 -- in INTERFACE
        value = sum((read(caller, i) & 0xFFFFFFFF) << (32 * i) for i in range(self._words))
        if len(self._log_parts) < MESSAGES_MAX:
            self._log_parts.append(str(value))

    def _refusal(self, name: str | None) -> Exception:
        if self._failure == SIGNAL_NOT_FOUND:
            return ExtraInputError(f"the circuit has no input signal {name!r}")
        if self._failure in (TOO_MANY_SIGNALS, SIGNAL_ALREADY_SET, INDEX_TOO_LARGE):
            return InputShapeError(f"the input signal {name} came with too many values")
        if self._failure == NOT_ENOUGH_MEMORY:
            return WitnessMemoryError("the witness calculator ran out of memory")
        places = [f"{found[1]} line {found[2]}" for line in self._errors for found in TRACE_PATTERN.finditer(line)]
        where = " in template " + ", called from ".join(places) if places else ""
        what = (
            "an assertion fails" if self._failure == ASSERT_FAILED else f"the calculator stops (code {self._failure})"
        )
        trace = tuple(self._errors)
        return WitnessError(f"the circuit refuses these inputs: {what}{where}", trace=trace)


class _CalculatorException(Exception):  # noqa: N818 -- it never leaves this module
    """Unwinds the calculator after it reported a failure."""


def _message(caller: wasmtime.Caller) -> str:
    """Read a message from the calculator, one character per call until a zero."""
    next_char: Any = caller.get("getMessageChar")
    if not isinstance(next_char, wasmtime.Func):
        return ""
    characters: list[str] = []
    while len(characters) < MESSAGE_CHARS_MAX and (code := next_char(caller)):
        characters.append(chr(code & 0x7F))
    return "".join(characters)
