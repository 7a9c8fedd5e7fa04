"""Rank-1 constraint systems (.r1cs, version 1): read, described, and checked against a full witness.

Format: iden3/r1csfile, doc/r1cs_bin_format.md. Wire 0 is the constant 1; then outputs, public inputs, private inputs,
internal wires.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from anomi_core.errors import RefusedError
from anomi_prover.binfile import (
    HEADER_BYTES_MAX,
    BinFile,
    FileFormatError,
    Reader,
    SectionLengthError,
    TruncatedFileError,
)

__all__ = ["Constraint", "LinearCombination", "R1cs", "WireCountMismatchError", "read_r1cs"]

MAGIC: Final = b"r1cs"
VERSION: Final = 1
HEADER, CONSTRAINTS, LABELS = 1, 2, 3
FIELD_BYTES_MAX: Final = 64
SMALLEST_CONSTRAINT_BYTES: Final = 12

LinearCombination = tuple[tuple[int, int], ...]
"""(wire, coefficient) pairs; coefficients are signed representatives, the smaller in size of c and c − prime."""

Constraint = tuple[LinearCombination, LinearCombination, LinearCombination]
"""A, B, C of A·w × B·w = C·w."""


class WireCountMismatchError(RefusedError):
    """A witness has another number of wires than the constraint system."""


@dataclass(frozen=True)
class R1cs:
    """A constraint system over the integers mod `prime`; `labels[wire]` is the wire's label in the .sym file."""

    prime: int
    n_wires: int
    n_public_outputs: int
    n_public_inputs: int
    n_private_inputs: int
    n_labels: int
    n_constraints: int
    constraints: tuple[Constraint, ...] = field(repr=False)
    labels: tuple[int, ...] = field(repr=False)

    @property
    def n_public(self) -> int:
        """Public signals: outputs, then public inputs."""
        return self.n_public_outputs + self.n_public_inputs

    @property
    def input_wires(self) -> range:
        """The wires of the inputs: the public ones, then the private ones where optimisation has removed none."""
        start = 1 + self.n_public_outputs
        return range(start, min(start + self.n_public_inputs + self.n_private_inputs, self.n_wires))

    def label_of(self, wire: int) -> int:
        """Return the label that a wire carries in the .sym file."""
        return self.labels[wire]

    def constraint_holds(self, index: int, witness: Sequence[int]) -> bool:
        """Say whether one constraint holds."""
        a, b, c = (sum(coefficient * witness[wire] for wire, coefficient in part) for part in self.constraints[index])
        return (a * b - c) % self.prime == 0

    def violations(self, witness: Sequence[int]) -> Iterator[int]:
        """Yield the index of every constraint that a full witness violates; raises WireCountMismatchError."""
        self._require_wires(witness)
        return (index for index in range(self.n_constraints) if not self.constraint_holds(index, witness))

    def first_violation(self, witness: Sequence[int]) -> int | None:
        """Return the index of the first violated constraint, or None; raises WireCountMismatchError."""
        return next(self.violations(witness), None)

    def constraints_of(self, wire: int) -> tuple[int, ...]:
        """Return the indices of the constraints in which a wire stands."""
        return self._incidence[wire]

    @cached_property
    def _incidence(self) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in range(self.n_wires)]
        for index, constraint in enumerate(self.constraints):
            for wire in {wire for part in constraint for wire, _ in part}:
                found[wire].append(index)
        return tuple(tuple(indices) for indices in found)

    def _require_wires(self, witness: Sequence[int]) -> None:
        if len(witness) != self.n_wires:
            raise WireCountMismatchError(
                f"this constraint system has {self.n_wires} wires; a witness of {len(witness)} came"
            )


def read_r1cs(path: Path) -> R1cs:
    """Read and check a whole .r1cs file; raises the errors of `anomi_prover.binfile`."""
    with BinFile(path, MAGIC, VERSION) as file:
        header = file.section(HEADER, max_bytes=HEADER_BYTES_MAX)
        field_bytes = header.u32()
        if not 0 < field_bytes <= FIELD_BYTES_MAX or field_bytes % 8:
            raise FileFormatError(f"{path}: field elements of {field_bytes} bytes are not read here")
        prime = header.integer(field_bytes)
        n_wires, n_outputs, n_public, n_private = (header.u32() for _ in range(4))
        n_labels, n_constraints = header.u64(), header.u32()
        header.require_end()
        if prime < 3 or prime % 2 == 0:
            raise FileFormatError(f"{path}: the field's modulus is not an odd prime")
        # Private inputs are counted as declared: circom's --O2 removes the wires of those it can express by others.
        if 1 + n_outputs + n_public > n_wires:
            raise FileFormatError(f"{path}: {n_wires} wires cannot hold its public inputs and outputs")
        if n_constraints * SMALLEST_CONSTRAINT_BYTES > file.section_length(CONSTRAINTS):
            raise TruncatedFileError(f"{path} announces {n_constraints} constraints, more than its section holds")
        file.require_length(LABELS, 8 * n_wires)
        constraints = _read_constraints(file.section(CONSTRAINTS), n_constraints, n_wires, field_bytes, prime)
        labels = struct.unpack(f"<{n_wires}Q", file.section(LABELS).data)
    return R1cs(
        prime=prime,
        n_wires=n_wires,
        n_public_outputs=n_outputs,
        n_public_inputs=n_public,
        n_private_inputs=n_private,
        n_labels=n_labels,
        n_constraints=n_constraints,
        constraints=constraints,
        labels=labels,
    )


def _read_constraints(
    section: Reader, count: int, n_wires: int, field_bytes: int, prime: int
) -> tuple[Constraint, ...]:
    """Read A, B, C of every constraint; equal coefficients share one integer."""
    data, where, at, end = section.data, section.where, 0, len(section.data)
    term_bytes = 4 + field_bytes
    known: dict[bytes, int] = {}
    constraints: list[Constraint] = []
    half = prime // 2
    for index in range(count):
        parts: list[LinearCombination] = []
        for _ in range(3):
            if at + 4 > end:
                raise TruncatedFileError(f"{where}: constraint {index} is cut short")
            terms = int.from_bytes(data[at : at + 4], "little")
            at += 4
            if terms * term_bytes > end - at:
                raise TruncatedFileError(f"{where}: constraint {index} announces {terms} terms, more than are left")
            part: list[tuple[int, int]] = []
            for _ in range(terms):
                wire = int.from_bytes(data[at : at + 4], "little")
                raw = data[at + 4 : at + term_bytes]
                at += term_bytes
                coefficient = known.get(raw)
                if coefficient is None:
                    coefficient = int.from_bytes(raw, "little")
                    if coefficient >= prime:
                        raise FileFormatError(f"{where}: a coefficient of constraint {index} is not below the modulus")
                    if coefficient > half:
                        coefficient -= prime
                    known[raw] = coefficient
                if wire >= n_wires:
                    raise FileFormatError(f"{where}: constraint {index} names wire {wire} of {n_wires}")
                part.append((wire, coefficient))
            parts.append(tuple(part))
        constraints.append((parts[0], parts[1], parts[2]))
    if at != end:
        raise SectionLengthError(f"{where}: {end - at} bytes stand behind the last constraint")
    return tuple(constraints)
