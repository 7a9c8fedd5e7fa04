"""Constraints and refusals in words: the signals, their values, the template, the line as its author wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from anomi_prover.circuit_check import constraint_in_words
from anomi_prover.circuit_map import CircuitMap

__all__ = ["check_names", "describe_constraint", "format_value", "source_line"]

SIGNALS_SHOWN: Final = 8
SOURCE_BYTES_MAX: Final = 32 << 20
SMALL: Final = 1 << 64


def describe_constraint(circuit: CircuitMap, index: int, witness: Sequence[int]) -> str:
    """Return a constraint that a witness violates: where it was written, its two sides, its signals with their values.

    The values are the witness's: for tests, whose inputs are no secrets.
    """
    prime = circuit.r1cs.prime
    parts = circuit.r1cs.constraints[index]
    a, b, c = (sum(factor * witness[wire] for wire, factor in part) % prime for part in parts)
    place = circuit.place_of_constraint(index)
    lines = [f"constraint {index}: {place}"]
    if place.file and len(place.lines) == 1 and (text := source_line(place.file, place.lines[0])):
        lines.append(f"    source: {text}")
    if place.file and circuit.doubt:
        lines.append(f"    the line is not certain: {circuit.doubt}")
    lines.append(f"    {constraint_in_words(parts, circuit.sym)}")
    lines.append(f"    the left side is {format_value(a * b % prime, prime)}, the right side {format_value(c, prime)}")
    names = sorted({wire for part in parts for wire, _ in part if wire})
    lines += [f"    {circuit.name_of(wire)} = {format_value(witness[wire], prime)}" for wire in names[:SIGNALS_SHOWN]]
    if len(names) > SIGNALS_SHOWN:
        lines.append(f"    and {len(names) - SIGNALS_SHOWN} more signals")
    return "\n".join(lines)


def format_value(value: int, prime: int) -> str:
    """Return a field element in decimal, one just below the modulus as the small negative number it stands for."""
    return str(value - prime if prime - value < SMALL else value)


def source_line(file: Path, line: int) -> str:
    """Return a line of a source file without blanks around it, or "" when it is not there."""
    lines = _lines(file)
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def check_names(file: Path, line: int) -> tuple[str, ...]:
    """Return the names that comments give the check on a line: behind it, and above it, without `//` and full stop.

    The comment above is the nearest one in the same paragraph: lines of code may stand between, a blank one not.
    """
    lines = _lines(file)
    if not 0 < line <= len(lines):
        return ()
    names = []
    if behind := re.search(r"\S.*?//+\s*(.*)$", lines[line - 1]):
        names.append(behind[1])
    for text in reversed(lines[: line - 1]):
        bare = text.strip()
        if not bare:
            break
        if bare.startswith("//"):
            names.append(bare.lstrip("/"))
            break
    return tuple(name.strip().rstrip(".") for name in names)


@cache
def _lines(file: Path) -> tuple[str, ...]:
    try:
        if file.stat().st_size > SOURCE_BYTES_MAX:
            return ()
        return tuple(file.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        return ()
