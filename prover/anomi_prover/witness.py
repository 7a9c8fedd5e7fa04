"""Computing witnesses with circom's WebAssembly calculators, without Node.

Both interfaces are spoken: circom 2's, and that of circom 1 (0.5.x), in which production circuits still exist. A
calculator is untrusted code: it gets no files, clock or network, at most `memory_bytes` of memory, and `timeout_s` to
run. Only an honest one computes a witness of its circuit: whoever relies on a witness checks it against the .r1cs
(`R1cs.first_violation`), or proves with it and verifies the proof.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from math import prod
from pathlib import Path
from typing import Final

import wasmtime

from anomi_core.errors import AnomiError
from anomi_core.field import FR_MODULUS
from anomi_prover.cache import Cache
from anomi_prover.cache_wasm import deserialize, serialized_module
from anomi_prover.r1cs import R1cs
from anomi_prover.sym import Sym, SymMismatchError, read_main_dimensions, read_sym
from anomi_prover.witness_circom1 import Circom1Session
from anomi_prover.witness_circom2 import Circom2Session
from anomi_prover.witness_input import (
    DuplicateInputError,
    ExtraInputError,
    InputNotIntegerError,
    InputNotJsonError,
    InputOutOfRangeError,
    InputShapeError,
    MissingInputError,
    SignalValues,
    flatten_inputs,
    read_input_json,
)
from anomi_prover.witness_session import (
    CalculatorCrashedError,
    NotACalculatorError,
    UnsupportedPrimeError,
    WitnessError,
    WitnessMemoryError,
    WitnessTimeoutError,
    signal_hash,
)

__all__ = [
    "CalculatorCrashedError",
    "DuplicateInputError",
    "ExtraInputError",
    "InputNotIntegerError",
    "InputNotJsonError",
    "InputOutOfRangeError",
    "InputShapeError",
    "MissingInputError",
    "NotACalculatorError",
    "SymMismatchError",
    "UnsupportedPrimeError",
    "WitnessCalculator",
    "WitnessError",
    "WitnessMemoryError",
    "WitnessTimeoutError",
    "input_signals",
    "read_input_json",
    "signal_hash",
]

SETTINGS: Final = "witness epoch"
MEMORY_BYTES: Final = 2 << 30
TIMEOUT_S: Final = 60.0
POLL_S: Final = 0.02
NAMES_SHOWN: Final = 8


class WitnessCalculator:
    """Computes witnesses of one circuit from its `.wasm` file; each call starts from a fresh state."""

    def __init__(
        self,
        wasm: Path,
        *,
        sym: Path | None = None,
        cache: Cache | None = None,
        timeout_s: float = TIMEOUT_S,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        """Load `wasm`, compiled to machine code once and cached.

        `sym` (by default the .sym file of the same name beside it or one folder up, where circom puts it) lets errors
        name missing signals and check nesting. Raises NotWasmError, NotACalculatorError, FileUnreadableError.
        """
        config = wasmtime.Config()
        config.epoch_interruption = True
        self._engine = wasmtime.Engine(config)
        serialized = serialized_module(self._engine, SETTINGS, wasm, cache or Cache.default())
        self._module = deserialize(self._engine, serialized, wasm)
        self._wasm = wasm
        self._sym_path = sym or _find_sym(wasm)
        self._timeout_s = timeout_s
        self._lock = threading.Lock()  # a timeout interrupts whatever runs on the engine
        self._memory_bytes = memory_bytes
        self._session = _choose_session(wasm, self._module)

    def calculate(self, inputs: Mapping[str, object], *, on_log: Callable[[str], None] | None = None) -> list[int]:
        """Return the witness of `inputs`: one field element per wire, beginning with the constant 1.

        `on_log` receives what the circuit says with `log()`, which may show secrets; by default it is dropped. In the
        main thread a signal ends the call at once: the calculator runs in another thread, in which `on_log` is called,
        and is stopped before the signal's exception is raised here. Raises
        WitnessError when the circuit refuses the inputs, the input errors of `flatten_inputs`, MissingInputError,
        ExtraInputError, InputShapeError, UnsupportedPrimeError, WitnessTimeoutError, WitnessMemoryError,
        CalculatorCrashedError.
        """
        signals = flatten_inputs(inputs)
        with self._lock:
            if threading.current_thread() is threading.main_thread():
                return self._interruptibly(lambda: self._calculate(signals, on_log))
            return self._calculate(signals, on_log)

    def _interruptibly(self, work: Callable[[], list[int]]) -> list[int]:
        """Return `work()`, done in another thread: in a native call Python runs no signal handler."""
        results: list[list[int]] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                results.append(work())
            except BaseException as error:  # handed to the waiting thread, whatever it is
                errors.append(error)

        worker = threading.Thread(target=run, daemon=True)
        worker.start()
        try:
            worker.join()
        except BaseException:
            while worker.is_alive():  # it may not have begun the call that the epoch interrupts
                self._engine.increment_epoch()
                worker.join(POLL_S)
            raise
        if errors:
            raise errors[0]
        return results[0]

    def _calculate(self, signals: Mapping[str, SignalValues], on_log: Callable[[str], None] | None) -> list[int]:
        store = wasmtime.Store(self._engine)
        store.set_limits(memory_size=self._memory_bytes, instances=4, memories=4, tables=4, table_elements=1 << 20)
        store.set_epoch_deadline(1)
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            self._engine.increment_epoch()

        timer = threading.Timer(self._timeout_s, expire)
        timer.daemon = True
        timer.start()
        try:
            session = self._session(self._engine, store, self._module, self._memory_bytes, on_log)
            self._check_shapes(session, signals)
            witness = session.run(signals)
        except MissingInputError as error:
            raise self._name_missing(error, signals) from None
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            if expired.is_set():
                raise WitnessTimeoutError(
                    f"{self._wasm} did not compute its witness within {self._timeout_s:g} seconds"
                ) from None
            raise self._crash(error) from None
        finally:
            timer.cancel()
            store.close()  # frees the instance and its memory now: their Python objects form a cycle
        if witness[0] != 1 or max(witness) >= FR_MODULUS:
            raise CalculatorCrashedError(f"{self._wasm} computed no witness: the first element is 1, all elements < r")
        return witness

    def input_signals(self, sym: Sym) -> dict[str, tuple[int, ...]]:
        """Return the input signals among those of `sym`, with their dimensions, by asking the calculator.

        The calculators of circom 1 and of early circom 2 do not tell inputs from other signals: then it is empty.
        """
        store = wasmtime.Store(self._engine)
        store.set_limits(memory_size=self._memory_bytes)
        store.set_epoch_deadline(1 << 32)
        session = self._session(self._engine, store, self._module, self._memory_bytes, None)
        dimensions = sym.main_dimensions()
        return {name: dims for name, dims in dimensions.items() if session.input_size(name) == prod(dims)}

    def _check_shapes(self, session: Circom1Session | Circom2Session, signals: Mapping[str, SignalValues]) -> None:
        """Refuse a wrong number of values, where the calculator tells sizes, and wrong nesting, where .sym does."""
        sizes = {name: session.input_size(name) for name in signals}
        nested = any(len(given.dimensions) > 1 for given in signals.values())
        declared = self._declared() if nested or None in sizes.values() else {}
        for name, given in signals.items():
            size = sizes[name]
            if size is None and name in declared:
                size = prod(declared[name])
            if size is not None and size <= 0 and given.values:
                raise ExtraInputError(f"the circuit has no input signal {name[:80]!r}")
            if size is not None and size != len(given.values):
                raise InputShapeError(
                    f"the input signal {name} has {size} value{'s' if size != 1 else ''}; {len(given.values)} came"
                )
            shape = declared.get(name)
            if shape is not None and prod(shape) == len(given.values) and not given.fits(shape):
                raise InputShapeError(
                    f"the input signal {name} is declared {_brackets(shape)}; {_brackets(given.dimensions)} came"
                )

    def _declared(self) -> dict[str, tuple[int, ...]]:
        """Return the dimensions the .sym file gives; what it cannot tell is not checked."""
        if self._sym_path is None:
            return {}
        try:
            return read_main_dimensions(self._sym_path)
        except AnomiError:
            return {}

    def _name_missing(self, error: MissingInputError, signals: Mapping[str, SignalValues]) -> MissingInputError:
        if self._sym_path is None:
            return error
        try:
            wanted = self.input_signals(read_sym(self._sym_path))
        except (AnomiError, wasmtime.WasmtimeError):
            return error
        missing = [name for name in wanted if name not in signals]
        if not missing:
            return error
        more = f" and {len(missing) - NAMES_SHOWN} more" if len(missing) > NAMES_SHOWN else ""
        word = "signal is" if len(missing) == 1 else "signals are"
        return MissingInputError(f"the input {word} missing: {', '.join(missing[:NAMES_SHOWN])}{more}")

    def _crash(self, error: Exception) -> AnomiError:
        text = " ".join(str(error).split())
        if "unknown import" in text or "incompatible import type" in text:
            return NotACalculatorError(f"{self._wasm} asks for functions that no circom calculator needs: {text[:200]}")
        if "memory" in text and ("limit" in text or "exceed" in text):
            return WitnessMemoryError(
                f"{self._wasm} needs more than the {self._memory_bytes >> 20} MiB of memory it may use"
            )
        code = getattr(error, "trap_code", None)
        reason = code.name.lower().replace("_", " ") if code is not None else text[-200:]
        return CalculatorCrashedError(f"the witness calculator {self._wasm} failed: {reason}")


def _choose_session(wasm: Path, module: wasmtime.Module) -> type[Circom1Session | Circom2Session]:
    """Return the session for what a module exports, the shape of every function checked."""
    kinds = {export.name: export.type for export in module.exports}
    sessions: tuple[type[Circom1Session | Circom2Session], ...] = (Circom2Session, Circom1Session)
    for session in sessions:
        if not session.INTERFACE.keys() <= kinds.keys():
            continue
        for name, (parameters, results) in {**session.INTERFACE, **session.LATER}.items():
            kind = kinds.get(name)
            if kind is None:
                continue
            if not isinstance(kind, wasmtime.FuncType) or (
                [str(one) for one in kind.params] != ["i32"] * parameters
                or [str(one) for one in kind.results] != ["i32"] * results
            ):
                raise NotACalculatorError(
                    f"{wasm} is no witness calculator: its {name} has another shape than circom's"
                )
        return session
    raise NotACalculatorError(
        f"{wasm} is WebAssembly but no witness calculator of circom 1 or 2: it exports neither interface"
    )


def input_signals(sym: Sym, r1cs: R1cs) -> tuple[str, ...]:
    """Return the full names of a circom-2 circuit's input signals, public ones first, one per field element.

    circom 2 labels outputs, public inputs and private inputs first, in this order, also those without a wire. Raises
    SymMismatchError when the two files do not belong together.
    """
    first = 1 + r1cs.n_public_outputs
    wires = range(first, first + r1cs.n_public_inputs)
    labels = range(first, first + r1cs.n_public_inputs + r1cs.n_private_inputs)
    # circom 1 labels signals as they are declared: then an input can stand before the last output.
    in_order = all(r1cs.label_of(wire) >= first for wire in range(first, r1cs.n_wires))
    names = [name for label in labels[: len(sym.signals) + 1] if (name := sym.name_of_label(label)) is not None]
    if (
        not in_order
        or len(names) != len(labels)
        or [r1cs.label_of(wire) for wire in wires] != list(labels[: len(wires)])
    ):
        raise SymMismatchError("the .sym file does not name the inputs of the .r1cs file as circom 2 does")
    return tuple(names)


def _find_sym(wasm: Path) -> Path | None:
    for place in (wasm.with_suffix(".sym"), wasm.parent.parent / f"{wasm.stem}.sym"):
        if place.is_file():
            return place
    return None


def _brackets(shape: tuple[int, ...]) -> str:
    return "".join(f"[{size}]" for size in shape) or "a single value"
