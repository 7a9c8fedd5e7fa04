"""Second witnesses in the words of the circuit: which signals differ, how bad it is, where they get their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from anomi_prover.circuit_map import CircuitMap
from anomi_prover.circuit_words import format_value
from anomi_prover.soundness.search import STEPS_MAX, search_second_witnesses

__all__ = ["SEVERITIES", "Determinism", "Finding", "Severity", "hinted_wires", "second_witnesses", "unbound_inputs"]

Severity = Literal["output", "component", "internal"]
SEVERITIES: Final[tuple[Severity, ...]] = ("output", "component", "internal")
"""Worst first. `output`: an output of the circuit differs. `component`: an output of a component does though the
component's inputs do not, or, in a circuit without outputs, a signal of main. `internal`: only signals that no
template passes on, such as the inverse of zero that IsZero leaves open."""

SIGNALS_SHOWN: Final = 6


@dataclass(frozen=True)
class Finding:
    """Another witness for the same inputs. `changed` maps each signal that differs to (honest, forged) values.

    `cause` is the signal to look at first, and `place` the file and line that give it its value. Both witnesses satisfy
    every constraint; their values are as secret as the inputs they were made from, and stand in no repr.
    """

    severity: Severity
    cause: str
    place: str | None
    changed: Mapping[str, tuple[int, int]] = field(repr=False)
    outputs: tuple[str, ...]
    honest: tuple[int, ...] = field(repr=False)
    forged: tuple[int, ...] = field(repr=False)
    prime: int = field(repr=False)

    def __str__(self) -> str:
        what = {
            "output": "an output of the circuit is not determined by its inputs",
            "component": "a component's output is not determined by its inputs",
            "internal": "an internal signal is not determined (no output follows from it)",
        }[self.severity]
        lines = [f"{what}: {self.cause}" + (f" ({self.place})" if self.place else "")]
        order = dict.fromkeys((self.cause, *self.outputs, *self.changed))
        for name in list(order)[:SIGNALS_SHOWN]:
            one, other = self.changed[name]
            shown = [format_value(value, self.prime) for value in (one, other)]
            lines.append(f"    {name} = {shown[0]}, but also {shown[1]}")
        if len(self.changed) > SIGNALS_SHOWN:
            lines.append(f"    and {len(self.changed) - SIGNALS_SHOWN} more signals differ")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON data: names, and values as decimal strings."""
        return {
            "severity": self.severity,
            "cause": self.cause,
            "place": self.place,
            "outputs": list(self.outputs),
            "changed": {name: [str(one), str(other)] for name, (one, other) in self.changed.items()},
        }


@dataclass(frozen=True)
class Determinism:
    """What a search says of one witness. `undetermined`: signals that the solver could not derive from the inputs."""

    findings: tuple[Finding, ...]
    undetermined: tuple[str, ...]
    exhausted: bool

    @property
    def is_unique(self) -> bool:
        """Whether it is proven that these inputs have this witness alone."""
        return not self.undetermined

    def worst(self, *, least: Severity = "component") -> Finding | None:
        """Return the worst finding that is at least as bad as `least`, or None."""
        bad = [one for one in self.findings if SEVERITIES.index(one.severity) <= SEVERITIES.index(least)]
        return min(bad, key=lambda one: SEVERITIES.index(one.severity), default=None)


def hinted_wires(circuit: CircuitMap) -> frozenset[int]:
    """Return the wires of signals that `<--` assigns, as the source says; none without source."""
    found = set()
    for signal in circuit.sym.signals:
        if signal.wire is not None and circuit.is_hinted(signal.name):
            found.add(signal.wire)
    return frozenset(found)


def unbound_inputs(circuit: CircuitMap) -> tuple[str, ...]:
    """Return the names of the inputs that stand in no constraint: whoever proves may choose them freely."""
    r1cs = circuit.r1cs
    first = 1 + r1cs.n_public_outputs
    labels = range(first, first + r1cs.n_public_inputs + r1cs.n_private_inputs)
    names = []
    for label in labels:
        name = circuit.sym.name_of_label(label)
        if name is None:
            continue
        wire = circuit.sym.signal(name).wire
        # Optimisation removes an input only where a linear constraint says what it is.
        if wire is not None and not r1cs.constraints_of(wire):
            names.append(name)
    return tuple(names)


def second_witnesses(circuit: CircuitMap, witness: Sequence[int], *, steps_max: int = STEPS_MAX) -> Determinism:
    """Search other witnesses for the inputs of `witness`, a true one. Raises what `search_second_witnesses` raises."""
    hints = hinted_wires(circuit)
    result = search_second_witnesses(circuit.r1cs, witness, hints=hints, steps_max=steps_max)
    findings = [_finding(circuit, witness, forged, hints, result.two_valued) for forged in result.forged]
    findings.sort(key=lambda one: SEVERITIES.index(one.severity))
    return Determinism(
        findings=tuple(findings),
        undetermined=tuple(circuit.name_of(wire) for wire in result.undetermined),
        exhausted=result.exhausted,
    )


def _finding(
    circuit: CircuitMap,
    honest: Sequence[int],
    forged: Sequence[int],
    hints: frozenset[int],
    two_valued: frozenset[int],
) -> Finding:
    wires = [wire for wire, value in enumerate(forged) if value != honest[wire]]
    changed = {circuit.name_of(wire): (honest[wire], forged[wire]) for wire in wires}
    outputs = tuple(circuit.name_of(wire) for wire in wires if wire <= circuit.r1cs.n_public_outputs)
    loose = _loose_outputs(circuit, set(changed))
    severity: Severity = "output" if outputs else "component" if loose else "internal"
    # A bit that is no bit is to blame, before the bits that make up for it.
    causes = [
        circuit.name_of(wire) for wire in sorted(hints.intersection(wires), key=lambda one: (one in two_valued, one))
    ]
    if severity == "component":
        inside = [cause for cause in causes if any(circuit.instance_of(cause) == at for at, _ in loose)]
        cause = (inside or causes or [name for _, name in loose])[0]
    else:
        cause = (causes or [circuit.name_of(wires[-1] if outputs else wires[0])])[0]
    stands = circuit.statement_of(cause)
    place = f"{stands[0]}:{stands[1]}" if stands else None
    return Finding(severity, cause, place, changed, outputs, tuple(honest), tuple(forged), circuit.r1cs.prime)


def _loose_outputs(circuit: CircuitMap, changed: set[str]) -> list[tuple[str, str]]:
    """Return (instance, output) for every instance whose output changed while none of its inputs did.

    In a circuit without outputs, the other signals of main count as its outputs.
    """
    by_instance: dict[str, dict[str, list[str]]] = {}
    for name in changed:
        kind = circuit.kind_of(name)
        if kind is not None:
            by_instance.setdefault(circuit.instance_of(name), {}).setdefault(kind, []).append(name)
    found = []
    for instance, kinds in by_instance.items():
        if "input" in kinds:
            continue
        loose = kinds.get("output", [])
        if instance == "main" and not circuit.r1cs.n_public_outputs:
            loose = loose + kinds.get("intermediate", [])
        found += [(instance, name) for name in sorted(loose)]
    return sorted(found)
