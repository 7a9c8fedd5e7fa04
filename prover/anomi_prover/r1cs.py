"""Rank-1 constraint systems (.r1cs, version 1): reading them, and checking witnesses against them.

A constraint is A·w × B·w = C·w over Fr, each of A, B, C a sparse list of (wire, coefficient). Wires stand in the order:
the constant 1, public outputs, public inputs, private inputs, internal ones. Format: iden3/r1csfile.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from anomi_core.errors import RefusedError
from anomi_core.field import FR_MODULUS
from anomi_prover.binfile import (
    MalformedSectionError,
    TrailingBytesError,
    TruncatedFileError,
    UnsupportedFieldError,
    open_binary,
)

__all__ = [
    "CoefficientError",
    "Constraint",
    "CustomGatesError",
    "R1cs",
    "WireOutOfRangeError",
    "WitnessLengthError",
    "read_r1cs",
]

MAGIC: Final = b"r1cs"
FIELD_BYTES: Final = 32
TERM_WORDS: Final = 1 + FIELD_BYTES // 4
TERM: Final = struct.Struct(f"<I{FIELD_BYTES}s")
TOP_WORD: Final = FR_MODULUS >> (8 * (FIELD_BYTES - 4))

LinearCombination = tuple[tuple[int, int], ...]
"""(wire, coefficient) pairs."""


class WireOutOfRangeError(MalformedSectionError):
    """A constraint speaks of a wire that the circuit does not have."""


class CoefficientError(MalformedSectionError):
    """A coefficient is not a field element: it is ≥ r."""


class CustomGatesError(MalformedSectionError):
    """A circuit uses custom gates, which Groth16 cannot prove."""


class WitnessLengthError(RefusedError):
    """A witness has another number of elements than the circuit has wires."""


class Constraint(NamedTuple):
    """A·w × B·w = C·w."""

    a: LinearCombination
    b: LinearCombination
    c: LinearCombination


class R1cs:
    """A constraint system whose every index and coefficient has been checked."""

    prime: Final = FR_MODULUS

    def __init__(
        self,
        *,
        n_wires: int,
        n_public_outputs: int,
        n_public_inputs: int,
        n_private_inputs: int,
        n_labels: int,
        constraints: bytes,
        bounds: Sequence[int],
        labels: bytes,
    ) -> None:
        """Made by `read_r1cs`. `bounds` holds the start of A, B and C of each constraint, and the end, in bytes."""
        self.n_wires = n_wires
        self.n_public_outputs = n_public_outputs
        self.n_public_inputs = n_public_inputs
        self.n_private_inputs = n_private_inputs
        self.n_labels = n_labels
        self.n_constraints = (len(bounds) - 1) // 3
        self._constraints = memoryview(constraints)
        self._bounds = bounds
        self._labels = labels

    @property
    def n_public(self) -> int:
        """Public values of a proof: outputs, then public inputs."""
        return self.n_public_outputs + self.n_public_inputs

    def label_of(self, wire: int) -> int:
        """Return the label of a wire, by which the .sym file knows it."""
        if not 0 <= wire < self.n_wires:
            raise WireOutOfRangeError(f"the circuit has {self.n_wires} wires; {wire} is none of them")
        return int.from_bytes(self._labels[8 * wire : 8 * wire + 8], "little")

    def constraint(self, index: int) -> Constraint:
        """Return one constraint."""
        a, b, c = (
            tuple((wire, int.from_bytes(value, "little")) for wire, value in self._terms(3 * index + part))
            for part in range(3)
        )
        return Constraint(a, b, c)

    def constraints_of(self, wire: int) -> tuple[int, ...]:
        """Return the constraints in which a wire has a part, in order; the first call reads all of them."""
        return self._incidence.get(wire, ())

    def first_violation(self, witness: Sequence[int]) -> int | None:
        """Return the first constraint that `witness` breaks, or None when it satisfies all."""
        return next(self._violated(witness, range(self.n_constraints)), None)

    def violations(self, witness: Sequence[int], constraints: Iterable[int] | None = None) -> list[int]:
        """Return every constraint that `witness` breaks, of all or of those given. Raises WitnessLengthError."""
        return list(self._violated(witness, range(self.n_constraints) if constraints is None else constraints))

    def _violated(self, witness: Sequence[int], constraints: Iterable[int]) -> Iterator[int]:
        if len(witness) != self.n_wires:
            raise WitnessLengthError(f"the circuit has {self.n_wires} wires; the witness has {len(witness)} elements")
        from_bytes = int.from_bytes
        data, bounds, unpack = self._constraints, self._bounds, TERM.iter_unpack
        for index in constraints:
            start, b_start, c_start, end = bounds[3 * index : 3 * index + 4]
            a = b = c = 0
            for wire, value in unpack(data[start + 4 : b_start]):
                a += from_bytes(value, "little") * witness[wire]
            for wire, value in unpack(data[b_start + 4 : c_start]):
                b += from_bytes(value, "little") * witness[wire]
            for wire, value in unpack(data[c_start + 4 : end]):
                c += from_bytes(value, "little") * witness[wire]
            if (a * b - c) % FR_MODULUS:
                yield index

    def _terms(self, part: int) -> Iterator[tuple[int, bytes]]:
        return TERM.iter_unpack(self._constraints[self._bounds[part] + 4 : self._bounds[part + 1]])

    @cached_property
    def _incidence(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, dict[int, None]] = {}
        for index in range(self.n_constraints):
            for part in range(3 * index, 3 * index + 3):
                for wire, _ in self._terms(part):
                    found.setdefault(wire, {})[index] = None
        return {wire: tuple(indices) for wire, indices in found.items()}


def read_r1cs(path: Path) -> R1cs:
    """Read an .r1cs file and check every count, wire and coefficient in it.

    Raises the container's errors, UnsupportedFieldError, MalformedSectionError, WireOutOfRangeError, CoefficientError,
    CustomGatesError.
    """
    with open_binary(path, magic=MAGIC, versions=(1,)) as file:
        header = file.read(1, "header")
        if header.u32() != FIELD_BYTES or header.integer(FIELD_BYTES) != FR_MODULUS:
            raise UnsupportedFieldError(f"{path} is a circuit over another field than BN254's")
        n_wires, n_outputs, n_public, n_private = (header.u32() for _ in range(4))
        n_labels, n_constraints = header.u64(), header.u32()
        header.end()
        if 1 + n_outputs + n_public + n_private > n_wires:
            raise MalformedSectionError(f"{path} announces more inputs and outputs than its {n_wires} wires")
        for section in (4, 5):
            # Both are written, empty or with a count of zero, for a circuit that only allows custom gates.
            if section in file and any(file.read(section, "custom gates").data):
                raise CustomGatesError(f"{path} uses custom gates, which Groth16 cannot prove")
        file.require_size(3, "labels of wires", 8 * n_wires)
        labels = file.read(3, "labels of wires").data
        constraints = file.read(2, "constraints").data
    bounds = _check_constraints(path, constraints, n_constraints, n_wires)
    return R1cs(
        n_wires=n_wires,
        n_public_outputs=n_outputs,
        n_public_inputs=n_public,
        n_private_inputs=n_private,
        n_labels=n_labels,
        constraints=constraints,
        bounds=bounds,
        labels=labels,
    )


def _check_constraints(path: Path, data: bytes, n_constraints: int, n_wires: int) -> list[int]:
    """Return where each linear combination starts and the last ends, in bytes, having checked all of them."""
    if len(data) % 4:
        raise MalformedSectionError(f"the constraints of {path} do not fill whole 32-bit words")
    if 12 * n_constraints > len(data):
        raise TruncatedFileError(f"{path} announces {n_constraints} constraints; there is no room for so many")
    # The whole section as 32-bit words: a term is TERM_WORDS of them, so wires and the coefficients' top words lie at
    # regular steps and are checked by slices, not one at a time.
    words = memoryview(data).cast("I") if sys.byteorder == "little" else _swapped(data)
    total, position, bounds = len(words), 0, []
    for index in range(n_constraints):
        for _ in range(3):
            bounds.append(4 * position)
            if position >= total:
                raise TruncatedFileError(f"the constraints of {path} end within constraint {index}")
            count = words[position]
            end = position + 1 + TERM_WORDS * count
            if end > total:
                raise TruncatedFileError(f"the constraints of {path} end within constraint {index}")
            if count:
                if max(words[position + 1 : end : TERM_WORDS]) >= n_wires:
                    raise WireOutOfRangeError(f"constraint {index} of {path} speaks of a wire ≥ {n_wires}")
                if max(words[position + TERM_WORDS : end : TERM_WORDS]) >= TOP_WORD:
                    _check_coefficients(path, data[4 * position + 4 : 4 * end], index)
            position = end
    if position != total:
        raise TrailingBytesError(f"the constraints of {path} are followed by {4 * (total - position)} bytes too many")
    bounds.append(4 * position)
    return bounds


def _check_coefficients(path: Path, terms: bytes, index: int) -> None:
    for _, value in TERM.iter_unpack(terms):
        if int.from_bytes(value, "little") >= FR_MODULUS:
            raise CoefficientError(f"constraint {index} of {path} has a coefficient ≥ r")


def _swapped(data: bytes) -> memoryview:
    return memoryview(struct.pack(f"={len(data) // 4}I", *struct.unpack(f"<{len(data) // 4}I", data))).cast("I")
