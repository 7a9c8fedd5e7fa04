"""What the sessions with circom's two kinds of witness calculator have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import wasmtime

from anomi_core.errors import RefusedError, UnreadableInputError
from anomi_core.field import FR_MODULUS

__all__ = [
    "CalculatorCrashedError",
    "NotACalculatorError",
    "Signature",
    "UnsupportedPrimeError",
    "WitnessError",
    "WitnessMemoryError",
    "WitnessTimeoutError",
    "check_prime",
    "exported",
    "field_elements",
    "signal_hash",
    "signal_hash_halves",
]

Signature = tuple[int, int]
"""How many 32-bit integers a function of a calculator takes and gives."""

FNV_OFFSET: Final = 0xCBF29CE484222325
FNV_PRIME: Final = 0x100000001B3
WORDS_MAX: Final = 64


class WitnessError(RefusedError):
    """The circuit refuses these inputs: an assertion or a constraint does not hold.

    `trace` holds what circom says of the place, innermost template first. No value of a signal is in it.
    """

    def __init__(self, message: str, *, trace: tuple[str, ...] = (), hint: str | None = None) -> None:
        """Keep the sentence and the trace."""
        super().__init__(message, hint=hint)
        self.trace = trace


class WitnessTimeoutError(RefusedError):
    """A calculator did not end within the time it was given."""


class WitnessMemoryError(RefusedError):
    """A calculator needs more memory than it may use."""


class NotACalculatorError(UnreadableInputError):
    """A WebAssembly module is not a witness calculator that circom made."""


class UnsupportedPrimeError(UnreadableInputError):
    """A file belongs to a circuit over another field than that of BN254."""


class CalculatorCrashedError(UnreadableInputError):
    """A calculator broke off without saying why: it is damaged, or not one that circom made."""


def signal_hash(name: str) -> int:
    """Return the 64-bit FNV-1a hash by which calculators know a signal."""
    value = FNV_OFFSET
    for byte in name.encode("utf-8", "surrogatepass"):
        value = ((value ^ byte) * FNV_PRIME) & 0xFFFFFFFFFFFFFFFF
    return value


def signal_hash_halves(name: str) -> tuple[int, int]:
    """Return the high and low 32 bits of `signal_hash` as the signed integers that wasmtime takes."""
    value = signal_hash(name)
    return signed32(value >> 32), signed32(value & 0xFFFFFFFF)


def signed32(value: int) -> int:
    """Return the signed 32-bit integer with the bits of `value`."""
    return value - (1 << 32) if value >= 1 << 31 else value


def exported(store: wasmtime.Store, instance: wasmtime.Instance, name: str) -> Callable[..., Any] | None:
    """Return an exported function, bound to its store, or None when there is none of this name."""
    exports = instance.exports(store)
    if name not in exports:
        return None
    function = exports[name]
    if not isinstance(function, wasmtime.Func):
        raise NotACalculatorError(f"the witness calculator's {name} is not a function")
    return lambda *arguments: function(store, *arguments)


def check_prime(prime: int) -> None:
    """Raise UnsupportedPrimeError unless `prime` is BN254's r."""
    if prime != FR_MODULUS:
        raise UnsupportedPrimeError(
            "the circuit was compiled for another field than BN254's", hint="compile it with --prime bn128"
        )


def field_elements(data: bytes | bytearray, element_bytes: int) -> list[int]:
    """Return the little-endian integers of `element_bytes` bytes each that `data` consists of."""
    return [
        int.from_bytes(data[start : start + element_bytes], "little") for start in range(0, len(data), element_bytes)
    ]
