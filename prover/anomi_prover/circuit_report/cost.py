"""Constraints by component, template and line: of what was written (--O0), how much is left."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anomi_prover.circom_source.layout import Layout
from anomi_prover.r1cs import R1cs
from anomi_prover.sym import Sym

__all__ = ["CostNode", "Costs", "LineCost", "TemplateCost", "costs_of_components", "costs_of_layout"]


@dataclass(frozen=True)
class CostNode:
    """Components of one template and arguments below one parent, as one node: `instances` of them.

    `own` are constraints that their own statements wrote, `total` those of everything below too; `written` counts --O0.
    """

    name: str
    template: str | None
    arguments: str
    file: Path | None
    line: int | None
    instances: int
    own: int
    total: int
    written: int | None
    children: tuple[CostNode, ...]


@dataclass(frozen=True)
class TemplateCost:
    """A template's own statements over the whole circuit."""

    template: str
    file: Path
    line: int
    instances: int
    own: int
    total: int
    written: int


@dataclass(frozen=True)
class LineCost:
    """One statement over the whole circuit."""

    template: str
    file: Path
    line: int
    written: int
    left: int


@dataclass(frozen=True)
class Costs:
    """Where a circuit's constraints come from. `combined` are left but equal no single constraint that was written."""

    tree: CostNode
    templates: tuple[TemplateCost, ...]
    lines: tuple[LineCost, ...]
    combined: int


@dataclass
class _Group:
    name: str
    template: str | None
    arguments: str
    file: Path | None
    line: int | None
    parent: int | None
    instances: int = 0
    own: int = 0
    written: int = 0


def costs_of_layout(layout: Layout, survivors: Sequence[int | None]) -> Costs:
    """Sum up exactly: every constraint left is one that a known statement of a known component wrote."""
    groups: list[_Group] = []
    index: dict[Any, int] = {}
    group_of: list[int] = []
    for placed in layout.instances:
        made = placed.instance
        parent = group_of[placed.parent] if placed.parent is not None else None
        name = _base(placed.path.rpartition(".")[2], made.template)
        key = (parent, name, made.template, made.arguments)
        if key not in index:
            index[key] = len(groups)
            arguments = ", ".join(map(_shown, made.arguments))
            groups.append(_Group(name, made.template, arguments, made.file, made.line, parent))
        group_of.append(index[key])
        groups[index[key]].instances += 1
    written = [0] * len(layout.places)
    left = [0] * len(layout.places)
    for at, instance in enumerate(layout.instance_of):
        groups[group_of[instance]].written += 1
        written[layout.place_of[at]] += 1
    for survivor in survivors:
        if survivor is not None:
            groups[group_of[layout.instance_of[survivor]]].own += 1
            left[layout.place_of[survivor]] += 1
    by_line: dict[tuple[str, Path, int], list[int]] = defaultdict(lambda: [0, 0])
    for place, was, remains in zip(layout.places, written, left, strict=True):
        counts = by_line[place.template, place.file, place.line]
        counts[0] += was
        counts[1] += remains
    lines = [LineCost(*key, *counts) for key, counts in by_line.items()]
    lines.sort(key=lambda one: (-one.left, -one.written, str(one.file), one.line))
    tree = _tree(groups, with_written=True)
    return Costs(tree, tuple(_templates(tree)), tuple(lines), sum(one is None for one in survivors))


def costs_of_components(system: R1cs, sym: Sym) -> Costs:
    """Attribute each constraint to the smallest component that holds all its signals: what .r1cs and .sym alone tell.

    A signal of a component's boundary stands in constraints of the component around it too, so single constraints may
    stand one level too deep or too high.
    """
    path_of = {
        signal.wire: signal.name.rpartition(".")[0].split(".")
        for signal in reversed(sym.signals)
        if signal.wire is not None
    }
    groups: list[_Group] = []
    index: dict[tuple[str, ...], int] = {}
    seen: set[tuple[str, ...]] = set()

    def group(path: Sequence[str]) -> int:
        key = tuple(_base(one, None) for one in path)
        if key not in index:
            parent = group(path[:-1]) if len(path) > 1 else None
            index[key] = len(groups)
            groups.append(_Group(key[-1], None, "", None, None, parent))
        if tuple(path) not in seen:
            seen.add(tuple(path))
            groups[index[key]].instances += 1
        return index[key]

    group(["main"])
    for constraint in system.constraints:
        common: list[str] | None = None
        for part in constraint:
            for wire, _ in part:
                path = path_of.get(wire)
                if path is not None:
                    common = path if common is None else _shared(common, path)
        groups[group(common or ["main"])].own += 1
    return Costs(_tree(groups, with_written=False), (), (), 0)


def _templates(tree: CostNode) -> Iterator[TemplateCost]:
    """Sum the tree up by template; `total` counts a template inside itself once."""
    sums: dict[tuple[str, Path, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    def visit(node: CostNode, above: frozenset[str]) -> None:
        if node.template is not None and node.file is not None and node.line is not None:
            counts = sums[node.template, node.file, node.line]
            counts[0] += node.instances
            counts[1] += node.own
            counts[2] += node.total if node.template not in above else 0
            counts[3] += (node.written or 0) - sum(child.written or 0 for child in node.children)
            above |= {node.template}
        for child in node.children:
            visit(child, above)

    visit(tree, frozenset())
    found = [TemplateCost(*key, *counts) for key, counts in sums.items()]
    yield from sorted(found, key=lambda one: (-one.own, -one.total, one.template))


def _tree(groups: list[_Group], *, with_written: bool) -> CostNode:
    """Build the nodes from the leaves up; a parent always stands before its components."""
    children: dict[int | None, list[CostNode]] = defaultdict(list)
    for number in range(len(groups) - 1, -1, -1):
        group = groups[number]
        below = sorted(children.pop(number, []), key=lambda one: (-one.total, -(one.written or 0), one.name))
        children[group.parent].append(
            CostNode(
                group.name,
                group.template,
                group.arguments,
                group.file,
                group.line,
                group.instances,
                group.own,
                group.own + sum(one.total for one in below),
                group.written + sum(one.written or 0 for one in below) if with_written else None,
                tuple(below),
            )
        )
    return children[None][0]


def _base(name: str, template: str | None) -> str:
    """Return a component's name without its indices; that of an anonymous one is its template's."""
    plain = re.sub(r"\[\d+\]", "", name)
    anonymous = re.fullmatch(r"(.+)_\d+_\d+", plain)
    if anonymous and (template is None or anonymous[1] == template):
        return anonymous[1]
    return plain


def _shared(left: list[str], right: list[str]) -> list[str]:
    for at, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return left[:at]
    return left[: len(right)]


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        shown = ", ".join(map(_shown, _first(value)))
        return f"[{shown}, …]" if len(value) > 3 else f"[{shown}]"  # enough to tell two apart
    text = str(value)
    return text if len(text) < 14 else f"{text[:6]}…{text[-4:]}"  # field elements have 77 digits


def _first(value: Iterable[Any]) -> list[Any]:
    return list(value)[:3]
