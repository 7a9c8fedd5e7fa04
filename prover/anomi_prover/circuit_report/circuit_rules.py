"""Rules that look at the compiled circuit: what each component is given there, and what nothing constrains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from anomi_prover.circom_source.layout import Layout, PlacedInstance
from anomi_prover.circuit_report.findings import RULES, Finding
from anomi_prover.circuit_report.wires import Wires

__all__ = ["circuit_findings"]

COMPARATORS: Final = ("LessThan", "LessEqThan", "GreaterThan", "GreaterEqThan")
BOOLEAN_OPERANDS: Final = {
    **dict.fromkeys(("Mux1", "Mux2", "Mux3", "Mux4", "MultiMux1", "MultiMux2", "MultiMux3", "MultiMux4"), ("s",)),
    **dict.fromkeys(("AND", "OR", "XOR", "NAND", "NOR"), ("a", "b")),
    **dict.fromkeys(("NOT", "MultiAND", "Bits2Num"), ("in",)),
    "Switcher": ("sel",),
}
"""circomlib's templates whose inputs must be 0 or 1."""


def circuit_findings(layout: Layout, wires: Wires) -> Iterator[Finding]:
    """Yield what the compiled circuit shows; a place that is instantiated often is told once."""
    paths: dict[Finding, list[str]] = defaultdict(list)
    for placed in layout.instances:
        if placed.parent is None:
            continue
        parent = layout.instances[placed.parent]
        for finding in (*_comparator(placed, parent, wires), *_booleans(placed, parent, wires)):
            paths[finding].append(placed.path)
    for finding, found in paths.items():
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield Finding(
            **{
                **{name: getattr(finding, name) for name in ("rule", "severity", "file", "line", "column", "template")},
                "message": f"{finding.message} (at {found[0]}{more})",
            }
        )
    yield from _inputs(layout, wires)


def _comparator(placed: PlacedInstance, parent: PlacedInstance, wires: Wires) -> Iterator[Finding]:
    made = placed.instance
    if made.template not in COMPARATORS or parent.instance.template in COMPARATORS or len(made.arguments) != 1:
        return
    bits = made.arguments[0]
    for operand in ("in[0]", "in[1]"):
        bound = wires.bound(f"{placed.path}.{operand}")
        if bound is None or bound >> bits:
            shown = "" if bound is None else f", only below 2^{bound.bit_length()}"
            yield _at(
                parent,
                placed,
                "comparator-without-range-check",
                f"{operand} of {made.template}({bits}) is not shown to be below 2^{bits}{shown}",
            )


def _booleans(placed: PlacedInstance, parent: PlacedInstance, wires: Wires) -> Iterator[Finding]:
    for name in BOOLEAN_OPERANDS.get(placed.instance.template, ()):
        signals = wires.below(f"{placed.path}.{name}")
        if any((wires.bound(one) or 2) > 1 and wires.bound(one) != 0 for one in signals):
            yield _at(
                parent, placed, "operand-not-boolean", f"{name} of {placed.instance.template} is not shown to be 0 or 1"
            )


def _inputs(layout: Layout, wires: Wires) -> Iterator[Finding]:
    main = layout.instances[0].instance
    for signal in main.signals.values():
        if signal.direction != "input":
            continue
        free = [one for one in wires.below(f"main.{signal.name}") if wires.is_free(one)]
        if free:
            rule = "input-without-constraint"
            more = f" and {len(free) - 1} more" if len(free) > 1 else ""
            kind = "public" if wires.is_public(free[0]) else "private"
            message = f"no constraint holds the {kind} input {free[0]}{more}"
            yield Finding(rule, RULES[rule].severity, message, main.file, signal.line, 1, main.template)


def _at(parent: PlacedInstance, placed: PlacedInstance, rule: str, message: str) -> Finding:
    line = parent.instance.child_lines[placed.path[len(parent.path) + 1 :]]
    return Finding(rule, RULES[rule].severity, message, parent.instance.file, line, 1, parent.instance.template)
