"""Which statement wrote which constraint of `circom --O0`.

circom writes a component's own constraints in the order of execution and then those of its components, in the order in
which the .sym file lists them. The unrolled source says how many each statement writes. Nothing is taken on trust: the
totals must agree, and every constraint may hold only signals of its instance and of that instance's components.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from anomi_core.errors import RefusedError
from anomi_prover.circom_source.unroll import Instance
from anomi_prover.r1cs import R1cs
from anomi_prover.sym import Sym

__all__ = ["Layout", "LayoutMismatchError", "Place", "PlacedInstance", "lay_out", "walk"]


class LayoutMismatchError(RefusedError):
    """The unrolled source and the compiled constraints do not agree; nothing can be attributed to lines."""


@dataclass(frozen=True, slots=True)
class Place:
    """A statement of a template that writes constraints."""

    template: str
    file: Path
    line: int
    operator: str


@dataclass(frozen=True, slots=True)
class PlacedInstance:
    """One component of the circuit: its path such as `main.range`, its parent's number (None for main)."""

    path: str
    parent: int | None
    instance: Instance


@dataclass(frozen=True)
class Layout:
    """Every component of a circuit and, for every constraint of --O0, its component and its place."""

    instances: tuple[PlacedInstance, ...]
    places: tuple[Place, ...]
    instance_of: array[int]
    place_of: array[int]


def lay_out(main: Instance, r1cs: R1cs, sym: Sym) -> Layout:
    """Attribute every constraint of an --O0 system; raises LayoutMismatchError."""
    first_label = _first_labels(sym)
    instances = tuple(walk(main, first_label))
    number_of = {placed.path: number for number, placed in enumerate(instances)}
    places: dict[Place, int] = {}
    instance_of, place_of = array("i"), array("i")
    for number, placed in enumerate(instances):
        for written in placed.instance.written:
            place = Place(placed.instance.template, placed.instance.file, written.line, written.operator)
            index = places.setdefault(place, len(places))
            instance_of.extend([number] * written.count)
            place_of.extend([index] * written.count)
    if len(place_of) != r1cs.n_constraints:
        raise LayoutMismatchError(
            f"the source writes {len(place_of)} constraints as unrolled here, circom --O0 wrote {r1cs.n_constraints}"
        )
    _check(r1cs, sym, instances, number_of, instance_of)
    return Layout(instances, tuple(places), instance_of, place_of)


def _first_labels(sym: Sym) -> dict[str, int]:
    """Return the first label below every path of the .sym file."""
    found: dict[str, int] = {}
    for signal in sym.signals:
        path = signal.name.rpartition(".")[0]
        while path and path not in found:
            found[path] = signal.label
            path = path.rpartition(".")[0]
    return found


def walk(main: Instance, first_label: Mapping[str, int]) -> Iterator[PlacedInstance]:
    """Yield every instance, a parent before its components; those in circom's order, which is that of first labels."""
    waiting: list[tuple[str, int | None, Instance]] = [("main", None, main)]
    number = 0
    while waiting:
        path, parent, instance = waiting.pop()
        yield PlacedInstance(path, parent, instance)
        children = [
            (first_label.get(f"{path}.{name}", -1), _natural(name), f"{path}.{name}", child)
            for name, child in instance.children.items()
        ]
        children.sort(key=lambda one: one[:2], reverse=True)
        waiting.extend((child_path, number, child) for _, _, child_path, child in children)
        number += 1


def _natural(name: str) -> tuple[str, tuple[int, ...]]:
    return name.partition("[")[0], tuple(map(int, re.findall(r"\[(\d+)\]", name)))


def _check(
    r1cs: R1cs, sym: Sym, instances: tuple[PlacedInstance, ...], number_of: dict[str, int], instance_of: array[int]
) -> None:
    """Raise LayoutMismatchError unless every constraint holds signals of its instance and of its components only."""
    owner: dict[int, int] = {}
    for signal in sym.signals:
        path = signal.name.rpartition(".")[0]
        while path and path not in number_of:  # a field of a bus
            path = path.rpartition(".")[0]
        owner[signal.label] = number_of.get(path, -1)
    allowed = [(number, placed.parent) for number, placed in enumerate(instances)]
    for index, constraint in enumerate(r1cs.constraints):
        at = instance_of[index]
        for part in constraint:
            for wire, _ in part:
                if wire == 0:
                    continue
                number = owner.get(r1cs.labels[wire], -1)
                if number != at and (number < 0 or allowed[number][1] != at):
                    raise LayoutMismatchError(
                        f"constraint {index} of circom --O0 does not belong to {instances[at].path}, "
                        "where the unrolled source has it"
                    )
