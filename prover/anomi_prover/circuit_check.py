"""Checking a full witness against its constraints, and saying which one fails by the names of its signals.

The native core checks where it is installed, in milliseconds; without it the Python reader does, in seconds for large
circuits. Names come from circom's .sym file. A witness is a secret: no value of it is told unless it is asked for.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anomi_core.errors import RefusedError
from anomi_core.field import FR_MODULUS
from anomi_prover.r1cs import Constraint, LinearCombination, read_r1cs
from anomi_prover.sym import Sym, SymMismatchError, read_sym
from anomi_prover.wtns import read_wtns

__all__ = ["CheckedWitness", "UnsatisfiedConstraintError", "check_witness", "constraint_in_words", "values_in_words"]

TERMS_SHOWN: Final = 6
VALUES_SHOWN: Final = 12
DIGITS_SHOWN: Final = 20
POWERS: Final = {1 << exponent: exponent for exponent in range(8, 254)}


class UnsatisfiedConstraintError(RefusedError):
    """A witness violates a constraint: `index` is the first one, `constraint` its A, B and C."""

    def __init__(self, message: str, *, index: int, constraint: Constraint, hint: str | None = None) -> None:
        """Keep the sentence and the constraint."""
        super().__init__(message, hint=hint)
        self.index = index
        self.constraint = constraint


@dataclass(frozen=True)
class CheckedWitness:
    """How much was found to hold."""

    constraints: int
    wires: int


def check_witness(
    r1cs: Path, wtns: Path, *, sym: Path | None = None, show_values: bool = False, threads: int | None = None
) -> CheckedWitness:
    """Return when every constraint of `r1cs` holds for the witness in `wtns`.

    `sym` is by default the .sym file of the same name beside the .r1cs file; without one, signals are called by their
    wires. With `show_values` the refusal tells the values of A, B, C and of the signals in them.

    Raises UnsatisfiedConstraintError, WireCountMismatchError, what `read_r1cs`, `read_wtns` and `read_sym` raise, and
    SymMismatchError.
    """
    if importlib.util.find_spec("anomi_prover_native"):
        from anomi_prover_native import ConstraintSystem

        native = ConstraintSystem(r1cs)
        count, wires = native.n_constraints, native.n_wires
        first = native.first_violation(wtns, threads=threads)
        constraint = None if first is None else native.constraint(first)
    else:
        system = read_r1cs(r1cs)
        count, wires = system.n_constraints, system.n_wires
        first = system.first_violation(read_wtns(wtns))
        constraint = None if first is None else system.constraints[first]
    if first is None or constraint is None:
        return CheckedWitness(count, wires)
    names = _read_names(r1cs, sym, wires)
    message = f"constraint {first} of 0 … {count - 1} does not hold: {constraint_in_words(constraint, names)}"
    hint = "the values in it are secrets of the witness; --show-values tells them"
    if show_values:
        message += f"; {values_in_words(constraint, read_wtns(wtns), names)}"
    raise UnsatisfiedConstraintError(message, index=first, constraint=constraint, hint=None if show_values else hint)


def constraint_in_words(constraint: Constraint, sym: Sym | None) -> str:
    """Return `(A) · (B) = C` with the names of signals; no value of a witness is in it."""
    a, b, c = (_combination(part, sym) for part in constraint)
    # Circom writes a linear constraint as 0 · 0 = C.
    return f"{c} = 0" if not constraint[0] or not constraint[1] else f"({a}) · ({b}) = {c}"


def values_in_words(constraint: Constraint, witness: Sequence[int], sym: Sym | None) -> str:
    """Return the values of A, B, C and of each signal in them: secrets of the witness."""
    a, b, c = (sum(coefficient * witness[wire] for wire, coefficient in part) % FR_MODULUS for part in constraint)
    wires = list(dict.fromkeys(wire for part in constraint for wire, _ in part if wire))
    signals = [f"{_name(wire, sym)} = {witness[wire]}" for wire in wires[:VALUES_SHOWN]]
    if len(wires) > VALUES_SHOWN:
        signals.append(f"and {len(wires) - VALUES_SHOWN} signals more")
    return f"A = {a}, B = {b}, A · B = {a * b % FR_MODULUS}, but C = {c}; {', '.join(signals)}"


def _read_names(r1cs: Path, sym: Path | None, wires: int) -> Sym | None:
    if sym is None:
        beside = r1cs.with_suffix(".sym")
        if not beside.is_file():
            return None
        sym = beside
    names = read_sym(sym)
    last = max((signal.wire for signal in names.signals if signal.wire is not None), default=0)
    if last != wires - 1:
        raise SymMismatchError(
            f"{sym} is not of the circuit {r1cs}: it names wires up to {last}, the constraints have {wires}",
            hint="name the .sym file that the compiler wrote with these constraints",
        )
    return names


def _combination(part: LinearCombination, sym: Sym | None) -> str:
    text = ""
    for wire, coefficient in part[:TERMS_SHOWN]:
        size = abs(coefficient)
        factors = [_number(size)] if wire == 0 or size != 1 else []
        if wire:
            factors.append(_name(wire, sym))
        term = "·".join(factors)
        if text:
            text += f" - {term}" if coefficient < 0 else f" + {term}"
        else:
            text = f"-{term}" if coefficient < 0 else term
    if len(part) > TERMS_SHOWN:
        text += f" + … {len(part) - TERMS_SHOWN} terms more"
    return text or "0"


def _number(value: int) -> str:
    if value in POWERS:
        return f"2^{POWERS[value]}"
    text = str(value)
    return text if len(text) <= DIGITS_SHOWN else f"{text[:6]}…{text[-4:]}"


def _name(wire: int, sym: Sym | None) -> str:
    names = sym.names_of(wire) if sym else ()
    return names[0] if names else f"wire {wire}"
