"""The inputs of a circuit: from JSON to checked field elements by signal, in words that never show a value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Final, TypeGuard

from anomi_core.errors import RefusedError, UnreadableInputError
from anomi_core.field import FR_MODULUS
from anomi_prover.files import read_file

__all__ = [
    "DuplicateInputError",
    "ExtraInputError",
    "InputNotIntegerError",
    "InputNotJsonError",
    "InputOutOfRangeError",
    "InputShapeError",
    "MissingInputError",
    "SignalValues",
    "flatten_inputs",
    "read_input_json",
]

INPUT_BYTES_MAX: Final = 256 << 20
NUMBER_CHARS_MAX: Final = 400
"""Longer numbers are ≥ r whatever they are; reading them would take time that grows with their square."""
DEPTH_MAX: Final = 32
NUMBER_PATTERN: Final = re.compile(r"(-?)(?:0[xX]([0-9a-fA-F]+)|([0-9]+))")


class InputNotJsonError(UnreadableInputError):
    """An input file is not a JSON object of signals."""


class DuplicateInputError(UnreadableInputError):
    """An input file gives a signal twice."""


class MissingInputError(UnreadableInputError):
    """An input signal of the circuit was not given."""


class ExtraInputError(UnreadableInputError):
    """A name was given that is no input signal of the circuit."""


class InputShapeError(UnreadableInputError):
    """An input signal was given too few values, too many, or values nested otherwise than it is declared."""


class InputNotIntegerError(UnreadableInputError):
    """A value is not an integer: a fraction, a boolean, null, text that is no number."""


class InputOutOfRangeError(RefusedError):
    """A value is an integer but no field element: negative, or ≥ r."""


class _NoInteger:
    """Stands for a JSON number that is no integer until it is known which signal it belongs to."""


@dataclass(frozen=True)
class SignalValues:
    """The values of one input signal, flattened in order; `dimensions` is () for a scalar.

    `repr` hides the values: they are the secrets of the proof.
    """

    values: tuple[int, ...]
    dimensions: tuple[int, ...]

    def __repr__(self) -> str:
        return f"SignalValues(<{len(self.values)} values>, dimensions={self.dimensions})"

    def fits(self, declared: tuple[int, ...]) -> bool:
        """Return whether the values fit a declared shape: nested alike, or given as one flat list."""
        return self.dimensions == declared or (
            prod(declared) == len(self.values) and (len(self.dimensions) <= 1 or prod(declared) == 1)
        )


def read_input_json(path: Path) -> dict[str, Any]:
    """Read an input file: a JSON object from signal names to integers, decimal or 0x strings, or lists of them.

    Numbers keep their full precision. Raises InputNotJsonError, DuplicateInputError, FileUnreadableError,
    FileTooLargeError; the values are checked by `flatten_inputs`.
    """
    data = read_file(path, max_bytes=INPUT_BYTES_MAX, what="input file")
    try:
        inputs = json.loads(
            data.decode("utf-8"),
            parse_int=lambda text: int(text) if len(text) <= NUMBER_CHARS_MAX else text,
            parse_float=lambda _: _NoInteger(),
            parse_constant=lambda _: _NoInteger(),
            object_pairs_hook=lambda pairs: _object_without_duplicates(path, pairs),
        )
    except UnicodeDecodeError as error:
        raise InputNotJsonError(f"{path} is not JSON: it is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise InputNotJsonError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg.lower()}") from None
    except RecursionError:
        raise InputNotJsonError(f"{path} is nested too deeply to be an input file") from None
    if not isinstance(inputs, dict):
        raise InputNotJsonError(f"{path} is not an input file: it must be a JSON object from signal names to values")
    return inputs


def flatten_inputs(inputs: Mapping[str, object]) -> dict[str, SignalValues]:
    """Return the checked values of each signal; a nested object (a bus) becomes signals `bus.field`.

    Raises InputNotIntegerError, InputOutOfRangeError, InputShapeError, DuplicateInputError; each names the signal and
    the index, never the value.
    """
    flat: dict[str, SignalValues] = {}
    for name, value in inputs.items():
        if not isinstance(name, str):
            raise InputNotJsonError("the names of input signals are strings")
        _flatten_signal(name, value, flat, 0)
    return flat


def _flatten_signal(name: str, value: object, flat: dict[str, SignalValues], depth: int) -> None:
    if depth > DEPTH_MAX:
        raise InputShapeError(f"the input signal {_shown(name)} is nested too deeply")
    if isinstance(value, Mapping):
        for field, inner in value.items():
            _flatten_signal(f"{name}.{field}", inner, flat, depth + 1)
    elif _is_list(value) and any(isinstance(item, Mapping) or _holds_mapping(item, depth) for item in value):
        for index, item in enumerate(value):
            _flatten_signal(f"{name}[{index}]", item, flat, depth + 1)
    else:
        if name in flat:
            raise DuplicateInputError(f"the input signal {_shown(name)} is given twice")
        values: list[int] = []
        dimensions = _collect(name, value, values, 0)
        flat[name] = SignalValues(tuple(values), dimensions)


def _collect(name: str, value: object, values: list[int], depth: int) -> tuple[int, ...]:
    """Append the field elements of `value` in order and return its dimensions."""
    if not _is_list(value):
        values.append(_field_element(name, value))
        return ()
    if depth > DEPTH_MAX:
        raise InputShapeError(f"the input signal {_shown(name)} is nested too deeply")
    inner: tuple[int, ...] | None = None
    for index, item in enumerate(value):
        dimensions = _collect(f"{name}[{index}]", item, values, depth + 1)
        if inner is not None and dimensions != inner:
            raise InputShapeError(f"the input signal {_shown(name)} is a list whose elements differ in shape")
        inner = dimensions
    return (len(value), *(inner or ()))


def _field_element(name: str, value: object) -> int:
    if isinstance(value, str):
        match = NUMBER_PATTERN.fullmatch(value)
        if not match:
            raise InputNotIntegerError(
                f"the input signal {_shown(name)} is text that is not an integer",
                hint="give integers as JSON numbers, decimal strings or 0x strings",
            )
        if len(value) > NUMBER_CHARS_MAX:
            raise _out_of_range(name, negative=bool(match[1]))
        number = int(match[2], 16) if match[2] else int(match[3])
        number = -number if match[1] else number
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    else:
        kind = {bool: "a boolean", type(None): "null", float: "a fraction", _NoInteger: "a fraction"}.get(
            type(value), "something else"
        )
        raise InputNotIntegerError(f"the input signal {_shown(name)} is {kind}, not an integer")
    if not 0 <= number < FR_MODULUS:
        raise _out_of_range(name, negative=number < 0)
    return number


def _out_of_range(name: str, *, negative: bool) -> InputOutOfRangeError:
    if negative:
        return InputOutOfRangeError(
            f"the input signal {_shown(name)} is negative; inputs are field elements, 0 to r − 1",
            hint="write r − x for −x",
        )
    return InputOutOfRangeError(f"the input signal {_shown(name)} is ≥ r; inputs are field elements, 0 to r − 1")


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray))


def _holds_mapping(value: object, depth: int) -> bool:
    if depth > DEPTH_MAX or not _is_list(value):
        return False
    return any(isinstance(item, Mapping) or _holds_mapping(item, depth + 1) for item in value)


def _object_without_duplicates(path: Path, pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise DuplicateInputError(f"{path} gives {_shown(twice)} twice")
    return found


def _shown(name: str) -> str:
    """Return a signal's name for a sentence: short, on one line, without control characters."""
    text = name if len(name) <= 80 else name[:77] + "..."
    return text if text.isprintable() and text else repr(text)
