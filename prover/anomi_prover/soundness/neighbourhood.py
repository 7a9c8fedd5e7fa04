"""Many edits of one witness, each checked against only the constraints that hold an edited wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from anomi_prover.r1cs import R1cs, WireCountMismatchError
from anomi_prover.soundness.roots import roots

__all__ = ["Neighbourhood"]


class Neighbourhood:
    """A witness of an R1CS, ready for many edits of few wires: only the constraints that hold them are evaluated."""

    def __init__(self, r1cs: R1cs, witness: Sequence[int]) -> None:
        """Evaluate every constraint once. Raises WireCountMismatchError."""
        if len(witness) != r1cs.n_wires:
            raise WireCountMismatchError(
                f"this constraint system has {r1cs.n_wires} wires; a witness of {len(witness)} came"
            )
        self.witness = list(witness)
        self._prime = r1cs.prime
        self._sides = r1cs.constraints
        self._values: list[tuple[int, int, int]] = []
        self._rows_of: list[list[tuple[int, int, int]]] = [[] for _ in witness]
        for row, sides in enumerate(r1cs.constraints):
            a, b, c = (sum(factor * witness[wire] for wire, factor in side) for side in sides)
            self._values.append((a, b, c))
            for side, terms in enumerate(sides):
                for wire, factor in terms:
                    self._rows_of[wire].append((row, side, factor))

    def violations(self, edits: Mapping[int, int]) -> set[int]:
        """Return the constraints, among those that hold an edited wire, that the edited witness violates."""
        changed: dict[int, list[int]] = {}
        for wire, value in edits.items():
            step = value - self.witness[wire]
            for row, side, factor in self._rows_of[wire]:
                changed.setdefault(row, list(self._values[row]))[side] += factor * step
        return {row for row, (a, b, c) in changed.items() if (a * b - c) % self._prime}

    @cached_property
    def violated(self) -> frozenset[int]:
        """The constraints that the witness as it stands violates."""
        return frozenset(row for row, (a, b, c) in enumerate(self._values) if (a * b - c) % self._prime)

    def repaired_by(self, edits: Mapping[int, int]) -> bool:
        """Say whether the edited witness satisfies every constraint."""
        touched = {row for wire in edits for row, _, _ in self._rows_of[wire]}
        return touched >= self.violated and not self.violations(edits)

    def single_wire_repairs(self) -> list[dict[int, int]]:
        """Return every edit of one wire, to whatever value, that makes a false witness pass.

        Such a wire stands in every violated constraint, and its value solves each of them: at most two values to try.
        Raises ValueError for a witness that is true.
        """
        if not self.violated:
            raise ValueError("the witness is true: there is nothing to repair")
        rows = [{wire: None for side in self._sides[row] for wire, _ in side} for row in sorted(self.violated)]
        shared = [wire for wire in rows[0] if wire and all(wire in others for others in rows[1:])]
        row = min(self.violated)
        edits = ({wire: value} for wire in shared for value in self._solutions(row, wire))
        return [edit for edit in edits if self.repaired_by(edit)]

    def free_wires(self) -> list[int]:
        """Return the wires (not the constant) to which 1 can be added without violating any constraint."""
        return [wire for wire in range(1, len(self.witness)) if not self.violations({wire: self.witness[wire] + 1})]

    def _solutions(self, row: int, wire: int) -> list[int]:
        """Return the values of one wire that satisfy one constraint, all other wires as they are."""
        prime = self._prime
        (a, b, c) = self._values[row]
        (da, db, dc) = (sum(factor for w, factor in side if w == wire) for side in self._sides[row])
        # (a + da·t)(b + db·t) = c + dc·t
        steps = roots((da * db) % prime, (a * db + b * da - dc) % prime, (a * b - c) % prime, prime)
        return [(self.witness[wire] + step) % prime for step in steps]
