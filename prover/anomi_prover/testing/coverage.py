"""What a test suite has shown of its circuits: constraints that refused something, signals that took several values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from anomi_prover.testing.circuit import CircuitUnderTest

__all__ = ["CircuitCoverage"]

VARIED: Final = "*"
SHOWN: Final = 12


class CircuitCoverage:
    """Counts, by circuit. All of it is plain data, so that the workers of pytest-xdist can send it."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.circuits: dict[str, dict[str, Any]] = {}

    def saw_values(self, circuit: CircuitUnderTest, values: Sequence[int]) -> None:
        """Note the value of every wire; wires that took a second one are marked."""
        record = self._record(circuit)
        seen: list[str] = record["values"]
        if not seen:
            record["values"] = [str(value) for value in values]
            return
        for wire, value in enumerate(values):
            if seen[wire] != VARIED and seen[wire] != str(value):
                seen[wire] = VARIED

    def saw_refusals(self, circuit: CircuitUnderTest, constraints: Sequence[int]) -> None:
        """Note constraints that have refused something."""
        record = self._record(circuit)
        record["refused"] = sorted({*record["refused"], *constraints})

    def merge(self, circuits: Mapping[str, dict[str, Any]]) -> None:
        """Add what another process has seen."""
        for name, other in circuits.items():
            mine = self.circuits.setdefault(name, other)
            if mine is other:
                continue
            mine["refused"] = sorted({*mine["refused"], *other["refused"]})
            if not mine["values"] or not other["values"]:
                mine["values"] = mine["values"] or other["values"]
                continue
            pairs = zip(mine["values"], other["values"], strict=True)
            mine["values"] = [one if one == two else VARIED for one, two in pairs]

    def as_json(self) -> dict[str, Any]:
        """Return the report: totals, by template, and the names of what was not covered."""
        return {name: _report(record) for name, record in sorted(self.circuits.items())}

    def lines(self) -> list[str]:
        """Return the report as lines for a terminal."""
        lines = []
        for name, report in self.as_json().items():
            refused, signals = report["constraints"], report["signals"]
            lines.append(
                f"{name}: {refused['refused']} of {refused['total']} constraints have refused something, "
                f"{signals['varied']} of {signals['total']} signals took two values or more"
            )
            lines += [
                f"    {template}: {counts['refused']}/{counts['constraints']} constraints, "
                f"{counts['varied']}/{counts['signals']} signals"
                for template, counts in report["templates"].items()
            ]
            still = signals["constant"]
            if still:
                more = f" and {len(still) - SHOWN} more" if len(still) > SHOWN else ""
                lines.append(f"    always the same: {', '.join(still[:SHOWN])}{more}")
        return lines

    def _record(self, circuit: CircuitUnderTest) -> dict[str, Any]:
        key = f"{circuit.name} ({circuit.source.name})"
        record = self.circuits.get(key)
        if record is None:
            found = circuit.map
            places = [found.place_of_constraint(index) for index in range(circuit.r1cs.n_constraints)]
            names = [found.name_of(wire) for wire in range(circuit.r1cs.n_wires)]
            templates = [found.template_at(found.instance_of(name)) for name in names]
            record = {
                "refused": [],
                "values": [],
                "constraint_templates": [place.template or place.instance for place in places],
                "names": names,
                "signal_templates": [template.definition.name if template else "?" for template in templates],
            }
            self.circuits[key] = record
        return record


def _report(record: Mapping[str, Any]) -> dict[str, Any]:
    refused = set(record["refused"])
    templates: dict[str, dict[str, int]] = {}
    for index, template in enumerate(record["constraint_templates"]):
        counts = templates.setdefault(template, {"constraints": 0, "refused": 0, "signals": 0, "varied": 0})
        counts["constraints"] += 1
        counts["refused"] += index in refused
    values = record["values"]
    constant = []
    for wire, template in enumerate(record["signal_templates"]):
        if wire == 0:
            continue
        counts = templates.setdefault(template, {"constraints": 0, "refused": 0, "signals": 0, "varied": 0})
        counts["signals"] += 1
        varied = bool(values) and values[wire] == VARIED
        counts["varied"] += varied
        if not varied:
            constant.append(record["names"][wire])
    total = len(record["constraint_templates"])
    return {
        "constraints": {
            "total": total,
            "refused": len(refused),
            "never_refused": [index for index in range(total) if index not in refused],
        },
        "signals": {
            "total": len(record["names"]) - 1,
            "varied": len(record["names"]) - 1 - len(constant),
            "constant": constant,
        },
        "templates": dict(sorted(templates.items())),
    }
