"""Signals by name in the constraints of --O0 and in those that are left: bounds, and what stands in none."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from anomi_prover.circom_source.layout import Layout
from anomi_prover.circuit_report.bounds import upper_bounds
from anomi_prover.r1cs import R1cs
from anomi_prover.sym import Sym

__all__ = ["Wires"]


class Wires:
    """Looks up signals of a circuit by their names in the .sym file of --O0."""

    def __init__(self, written: R1cs, left: R1cs, sym: Sym, layout: Layout) -> None:
        """Take both systems, the names, and the components, of which IsZero's outputs are known to be boolean."""
        self._written = written
        self._left = left
        self._label = {signal.name: signal.label for signal in sym.signals}
        self._wire = {label: wire for wire, label in enumerate(written.labels)}
        self._layout = layout

    def bound(self, name: str) -> int | None:
        """Return the largest value that the constraints leave a signal; None when they show none."""
        return self._bounds.get(self._wire[self._label[name]])

    def below(self, name: str) -> tuple[str, ...]:
        """Return the scalars of a signal: itself, or its elements and fields in order."""
        return self._elements.get(name, ())

    def is_public(self, name: str) -> bool:
        """Whether a signal is an output or public input of main."""
        return 1 <= self._wire[self._label[name]] <= self._written.n_public

    def is_free(self, name: str) -> bool:
        """Whether no constraint holds a signal, as written or, for public ones, as left."""
        label = self._label[name]
        if not self._written.constraints_of(self._wire[label]):
            return True
        wire = self._left_wire.get(label)
        return wire is not None and not self._left.constraints_of(wire)

    @cached_property
    def _left_wire(self) -> dict[int, int]:
        return {label: wire for wire, label in enumerate(self._left.labels)}

    @cached_property
    def _bounds(self) -> dict[int, int]:
        zero_tests = [
            self._wire[self._label[f"{placed.path}.out"]]
            for placed in self._layout.instances
            if placed.instance.template == "IsZero" and f"{placed.path}.out" in self._label
        ]
        return upper_bounds(self._written, zero_tests)

    @cached_property
    def _elements(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name in self._label:
            at = name
            found[at].append(name)
            while at.endswith("]"):
                at = at[: at.rindex("[")]
                found[at].append(name)
        return {name: tuple(elements) for name, elements in found.items()}
