"""From wires and constraints back to the words of a circuit's author: signals, templates, files and lines.

circom keeps the names of signals (.sym) but not where a constraint was written. The source is parsed and unrolled: of a
system as written, compiled at O0, the statement behind every constraint is then known exactly. O1 and O2 replace
signals by others, of other templates too. There, and where the source cannot be unrolled, a constraint belongs to an
instance that sees all its wires, and the statements that mention them are given as candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from anomi_core.errors import RefusedError
from anomi_prover.circom_source.candidates import Candidate, candidates_in, fitting, mentioning
from anomi_prover.circom_source.facts import Name, TemplateFacts, gather, targets_of
from anomi_prover.circom_source.facts import name_of as name_in_source
from anomi_prover.circom_source.layout import Layout, lay_out, walk
from anomi_prover.circom_source.program import Program, parse_program
from anomi_prover.circom_source.syntax import Call, Substitution
from anomi_prover.circom_source.tokens import CircomSyntaxError
from anomi_prover.circom_source.unroll import Instance, unroll
from anomi_prover.compile_sources import SourceTree
from anomi_prover.r1cs import R1cs
from anomi_prover.sym import Sym

__all__ = ["CircuitMap", "ConstraintPlace", "SignalKind", "without_indices"]

SignalKind = Literal["input", "output", "intermediate"]

KINDS: Final[Mapping[str, SignalKind]] = {"input": "input", "output": "output", "signal": "intermediate"}
ANONYMOUS_PATTERN: Final = re.compile(r"([A-Za-z_$][\w$]*)_\d+_\d+")


@dataclass(frozen=True)
class ConstraintPlace:
    """Where a constraint was written, as well as can be told.

    `instance` is the path of the template's instance, `template` its name (None for a source that is not there),
    `lines` the statements that can have made it; `certain` says that the one line is known to have.
    """

    instance: str
    template: str | None
    file: Path | None
    lines: tuple[int, ...]
    certain: bool

    def __str__(self) -> str:
        where = f"{self.file}:{self.lines[0]}" if self.file and self.lines else str(self.file or "")
        others = f" (or line {', '.join(map(str, self.lines[1:4]))})" if len(self.lines) > 1 else ""
        doubt = "" if self.certain or others else " (about)"
        template = f"template {self.template}" if self.template else self.instance
        return f"{where}{others}{doubt}, {template}" if where else template


def without_indices(name: str) -> str:
    """Return a signal's name without its indices: `a.b[3][0]` → `a.b`."""
    return re.sub(r"\[\d+\]", "", name)


@dataclass(frozen=True)
class CircuitMap:
    """The map of one compiled circuit. `program` is None when there is no source; then instances alone are known.

    `unread` says why a source that is there could not be parsed.
    """

    r1cs: R1cs = field(repr=False)
    sym: Sym = field(repr=False)
    program: Program | None = field(repr=False)
    as_written: bool
    unread: str | None = None

    @classmethod
    def read(cls, r1cs: R1cs, sym: Sym, sources: SourceTree | None = None, *, as_written: bool = False) -> CircuitMap:
        """Map a circuit; `sources` is what `read_sources` gives for the file with `component main`.

        `as_written` says that circom compiled it with --O0, where each constraint is a statement's. A source that
        cannot be parsed is no error: `doubt` then says so.
        """
        try:
            return cls(r1cs, sym, parse_program(sources) if sources else None, as_written)
        except CircomSyntaxError as error:
            return cls(r1cs, sym, None, as_written, str(error))

    @property
    def main(self) -> str | None:
        """The template of the main component."""
        value = self.program.main.value if self.program and self.program.main else None
        return value.name if isinstance(value, Call) else None

    @property
    def public(self) -> tuple[str, ...]:
        """The inputs that the main component declares public."""
        return self.program.main.public if self.program and self.program.main else ()

    @property
    def doubt(self) -> str | None:
        """Why constraints have no certain lines; None when they have."""
        return self._laid_out if isinstance(self._laid_out, str) else None

    def instance_of(self, signal: str) -> str:
        """Return the path of the template instance that declares a signal, by its full name in the .sym file."""
        return self._instances.get(signal) or signal.rpartition(".")[0]

    def template_at(self, instance: str) -> TemplateFacts | None:
        """Return the template of an instance, by its path such as `main.range.bits[2]`; None when it is not known."""
        return self._templates.get(self._template_at.get(instance, ""))

    def kind_of(self, signal: str) -> SignalKind | None:
        """Return how a signal, by its full name, is declared; None when its template is not known."""
        instance = self.instance_of(signal)
        template = self.template_at(instance)
        declared = template.signals.get(_own_name(signal, instance)) if template else None
        return KINDS[declared.kind] if declared else None

    def declaration_of(self, signal: str) -> tuple[Path, int] | None:
        """Return the file and line that declare a signal, by its full name."""
        instance = self.instance_of(signal)
        template = self.template_at(instance)
        declared = template.signals.get(_own_name(signal, instance)) if template else None
        return (template.file, declared.line) if template and declared else None

    def statement_of(self, signal: str) -> tuple[Path, int] | None:
        """Return the file and line that give a signal its value: `<==` or `<--` in its own template or the parent's."""
        for scope, names in self._scopes_of(signal):
            template = self.template_at(scope)
            if template is None:
                continue
            for one in template.statements:
                if (
                    isinstance(one, Substitution)
                    and one.operator != "="
                    and any(name_in_source(target) in names for target in targets_of(one.target))
                ):
                    return template.file, one.line
        return self.declaration_of(signal)

    def is_hinted(self, signal: str) -> bool:
        """Say whether `<--` gives a signal its value, in its own template or in the parent's."""
        return any(
            (template := self.template_at(scope)) is not None and not names.isdisjoint(template.hinted)
            for scope, names in self._scopes_of(signal)
        )

    def elements_of(self, signal: str) -> tuple[str, ...]:
        """Return the names of a signal's elements in the order of their labels, by its full name without indices."""
        return self._elements.get(signal, ())

    def names_in(self, constraint: int) -> tuple[str, ...]:
        """Return the name of each wire in a constraint, the first where wires have several; without the constant."""
        return tuple(self.name_of(wire) for wire in self._wires_in(constraint))

    def name_of(self, wire: int) -> str:
        """Return the first name of a wire, or `wire N`."""
        names = self.sym.names_of(wire)
        return names[0] if names else ("1" if wire == 0 else f"wire {wire}")

    def place_of_constraint(self, index: int) -> ConstraintPlace:
        """Return where a constraint was written."""
        layout = self._laid_out
        if isinstance(layout, str):
            return self._place_by_wires(self._wires_in(index))
        place = layout.places[layout.place_of[index]]
        path = layout.instances[layout.instance_of[index]].path
        return ConstraintPlace(path, place.template, place.file, (place.line,), certain=True)

    def place_in_template(self, template: str, line: int) -> tuple[Path, int] | None:
        """Return file and line for `Error in template NAME_7 line: 12`, as circom's witness calculators say it."""
        found = self._templates.get(template) or self._templates.get(re.sub(r"_\d+$", "", template))
        return (found.file, line) if found else None

    def _place_by_wires(self, wires: Sequence[int]) -> ConstraintPlace:
        """Return the instance that sees all wires, or most, with the statements there that fit best."""
        scopes = [self._wire_scopes(wire) for wire in wires]
        if not scopes:
            return ConstraintPlace("main", self.main, None, (), certain=False)
        shared = [scope for scope in scopes[0] if all(scope in one for one in scopes[1:])]
        best: list[tuple[int, str, list[int]]] = []
        for scope in shared:
            if found := fitting(self._candidates(scope), [one[scope] for one in scopes]):
                best.append((found[0], scope, found[1]))
        if best:
            _, scope, lines = min(best, key=lambda one: one[0])
        else:
            count = {scope: sum(scope in one for one in scopes) for one in scopes for scope in one}
            scope = shared[0] if shared else max(count, key=lambda one: (count[one], -len(one)), default="main")
            here = {name for one in scopes for name in one.get(scope, ())}
            lines = mentioning(self._candidates(scope), here)
        template = self.template_at(scope)
        if template is None:
            return ConstraintPlace(scope, None, None, (), certain=False)
        return ConstraintPlace(scope, template.definition.name, template.file, tuple(lines), certain=False)

    def _wires_in(self, constraint: int) -> list[int]:
        return sorted({wire for part in self.r1cs.constraints[constraint] for wire, _ in part if wire})

    def _wire_scopes(self, wire: int) -> dict[str, set[Name]]:
        """Return each instance in whose statements a wire can stand, with its names there."""
        found: dict[str, set[Name]] = {}
        for name in self.sym.names_of(wire):
            for scope, names in self._scopes_of(name):
                found.setdefault(scope, set()).update(names)
        return found

    def _scopes_of(self, signal: str) -> Iterator[tuple[str, set[Name]]]:
        """Yield each instance whose statements can mention a signal, with what they may call it."""
        instance = self.instance_of(signal)
        own, *fields = without_indices(signal[len(instance) + 1 :]).split(".")
        yield instance, {(own, None), (own, fields[0] if fields else None)}  # a bus's field, or the whole bus
        parent, dot, component = instance.rpartition(".")
        if dot and self.kind_of(signal) != "intermediate":  # which nobody else sees
            yield parent, {(without_indices(component), own)}

    def _candidates(self, instance: str) -> tuple[Candidate, ...]:
        template = self._template_at.get(instance)
        if template is None:
            return ()
        if template not in self._candidates_of:
            self._candidates_of[template] = candidates_in(self._templates[template])
        return self._candidates_of[template]

    @cached_property
    def _candidates_of(self) -> dict[str, tuple[Candidate, ...]]:
        return {}

    @cached_property
    def _templates(self) -> dict[str, TemplateFacts]:
        return {name: gather(located) for name, located in self.program.templates.items()} if self.program else {}

    @cached_property
    def _unrolled(self) -> Instance | str:
        """The main component unrolled, or why it is not."""
        if self.program is None:
            return self.unread or "there is no source"
        try:
            return unroll(self.program, self.r1cs.prime)
        except RefusedError as error:
            return str(error)

    @cached_property
    def _laid_out(self) -> Layout | str:
        """The statement of every constraint, or why they are not known."""
        if isinstance(self._unrolled, str):
            return self._unrolled
        if not self.as_written:
            return "only circom --O0 leaves constraints as their statements write them"
        try:
            return lay_out(self._unrolled, self.r1cs, self.sym)
        except RefusedError as error:
            return str(error)

    @cached_property
    def _instances(self) -> dict[str, str]:
        """Signal name → instance path. A bus's fields stand one path deeper but carry the same component number."""
        paths: dict[int, set[str]] = {}
        for signal in self.sym.signals:
            paths.setdefault(signal.component, set()).add(signal.name.rpartition(".")[0])
        found = {}
        for signal in self.sym.signals:
            path, known = signal.name.rpartition(".")[0], paths[signal.component]
            while (parent := path.rpartition(".")[0]) in known:
                path = parent
            found[signal.name] = path
        return found

    @cached_property
    def _elements(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for signal in self.sym.signals:
            found.setdefault(without_indices(signal.name), []).append(signal.name)
        return {name: tuple(names) for name, names in found.items()}

    @cached_property
    def _template_at(self) -> dict[str, str]:
        """Instance path → name of its template: as unrolled, or as far as the text alone says."""
        if not isinstance(self._unrolled, str):
            return {placed.path: placed.instance.template for placed in walk(self._unrolled, {})}
        found: dict[str, str] = {}
        paths = set(self._instances.values())
        for path in tuple(paths):  # an instance without signals of its own has components that have some
            while path := path.rpartition(".")[0]:
                paths.add(path)
        for path in sorted(paths, key=lambda one: one.count(".")):
            parent, dot, own = path.rpartition(".")
            above = self._templates.get(found.get(parent, ""))
            names = above.components.get(without_indices(own)) if above else None
            if not dot:
                names = {self.main or ""}
            elif anonymous := ANONYMOUS_PATTERN.fullmatch(without_indices(own)):
                names = names or {anonymous[1]}
            if names and len(names) == 1 and names <= self._templates.keys():
                found[path] = next(iter(names))
        return found


def _own_name(signal: str, instance: str) -> str:
    """Return the name that a signal's template declares: without indices and fields."""
    return re.split(r"[.\[]", signal[len(instance) + 1 :], maxsplit=1)[0]
