"""From wires and constraints back to the words of a circuit's author: signals, templates, files and lines.

circom keeps the names of signals (.sym) but not where a constraint was written. This reads the source and matches: a
constraint belongs to a template instance whose own signals, and those of whose direct components, are all it holds, and
to a statement there that mentions them. Where one statement is left the place is `certain`; else all that are left
are given. At O0 each constraint is a statement as it was written. O1 and O2 replace signals by others, of other
templates too, and there a place is often no better than the instance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from anomi_prover.compile_sources import SourceTree, blank_comments
from anomi_prover.r1cs import R1cs
from anomi_prover.sym import Sym

__all__ = ["CircuitMap", "ConstraintPlace", "SignalKind", "Statement", "Template", "parse_templates", "without_indices"]

SignalKind = Literal["input", "output", "intermediate"]
StatementKind = Literal["===", "<==", "<--", "assert"]

TEMPLATE_PATTERN: Final = re.compile(
    r"\btemplate\s+(?:(?:custom|parallel|extern_c)\s+)*([A-Za-z_$][\w$]*)\s*\(([^)]*)\)\s*\{"
)
MAIN_PATTERN: Final = re.compile(
    r"\bcomponent\s+main\s*(?:\{\s*public\s*\[([^\]]*)\]\s*\})?\s*=\s*(?:parallel\s+)?([A-Za-z_$][\w$]*)"
)
TAGS_PATTERN: Final = re.compile(r"(\b(?:signal|input|output)\b[^;{}=]*?)\{([\w\s,]*)\}")
INDICES_PATTERN: Final = re.compile(r"\[[^\[\]]*\]")
NAME_PATTERN: Final = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*)(?!\s*\()(?![\w$])")
CALL_PATTERN: Final = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]*)\s*\(")
DECLARATION_PATTERN: Final = re.compile(r"signal\s+(?:(input|output)\b\s*)?(.*)", re.DOTALL)
BUS_PATTERN: Final = re.compile(
    r"(?:(input|output)\s+)?([A-Za-z_$][\w$]*)\s*\([^()]*\)\s*(?:(input|output)\s+)?([A-Za-z_$][\w$]*)\s*$"
)
COMPONENT_PATTERN: Final = re.compile(r"component\s+(?:parallel\s+)?([A-Za-z_$][\w$]*)\s*(?:=\s*(.*))?", re.DOTALL)
INSTANCE_PATTERN: Final = re.compile(
    r"([A-Za-z_$][\w$]*)\s*=(?!=)\s*(?:parallel\s+)?([A-Za-z_$][\w$]*)\s*\(", re.DOTALL
)
ASSIGNMENT_PATTERN: Final = re.compile(
    r"(?:var\s+)?([A-Za-z_$][\w$]*)\s*(?:\*\*|<<|>>|[-+*/\\%&|^])?=(?!=)(.*)", re.DOTALL
)
ANONYMOUS_PATTERN: Final = re.compile(r"([A-Za-z_$][\w$]*)_(\d+)_(\d+)")
CONTROL_PATTERN: Final = re.compile(r"\s*(?:else\b\s*)?(for|while|if)\s*\(|\s*else\b")
KINDS: Final[Mapping[str | None, SignalKind]] = {"input": "input", "output": "output", None: "intermediate"}
CONSTRAINTS: Final = ("===", "<==", "==>")
HINTS: Final = ("<--", "-->")
WORDS: Final = frozenset(
    (
        "signal",
        "input",
        "output",
        "component",
        "var",
        "for",
        "while",
        "if",
        "else",
        "return",
        "log",
        "assert",
        "parallel",
    )
)


@dataclass(frozen=True)
class Statement:
    """One statement that constrains or hints: `target` is what `<==` or `<--` assigns, `names` what stands in it.

    Names have no indices and are relative to the template (`bits`, `range.in`). `reach` adds what local variables in it
    may hold.
    """

    kind: StatementKind
    line: int
    target: str | None
    names: frozenset[str]
    reach: frozenset[str]


@dataclass(frozen=True)
class Template:
    """One template: where it stands, its signals, its components' templates by name, its statements in order."""

    name: str
    file: Path
    line: int
    end_line: int
    parameters: tuple[str, ...]
    signals: Mapping[str, SignalKind]
    signal_lines: Mapping[str, int]
    components: Mapping[str, tuple[str, ...]]
    statements: tuple[Statement, ...]

    @cached_property
    def hinted(self) -> frozenset[str]:
        """What `<--` assigns."""
        return frozenset(one.target for one in self.statements if one.kind == "<--" and one.target is not None)


@dataclass(frozen=True)
class ConstraintPlace:
    """Where a constraint was written, as well as can be told.

    `instance` is the path of the template's instance, `template` its name (None for a source that is not there),
    `lines` the statements that can have made it; `certain` says that only one can.
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
    """The map of one compiled circuit. `templates` is empty when there is no source; then instances alone are known."""

    r1cs: R1cs = field(repr=False)
    sym: Sym = field(repr=False)
    templates: Mapping[str, Template] = field(repr=False)
    main: str | None
    public: tuple[str, ...] = ()

    @classmethod
    def read(cls, r1cs: R1cs, sym: Sym, sources: SourceTree | None = None) -> CircuitMap:
        """Map a circuit; `sources` is what `read_sources` gives for the file with `component main`."""
        templates = parse_templates(sources) if sources else {}
        found = MAIN_PATTERN.search(blank_comments(sources.main.text)) if sources else None
        public = tuple(re.findall(r"[\w$]+", found[1])) if found and found[1] else ()
        return cls(r1cs, sym, templates, found[2] if found else None, public)

    def instance_of(self, signal: str) -> str:
        """Return the path of the template instance that declares a signal, by its full name in the .sym file."""
        return self._instances.get(signal) or signal.rpartition(".")[0]

    def template_at(self, instance: str) -> Template | None:
        """Return the template of an instance, by its path such as `main.range.bits[2]`; None when it is not known."""
        return self._template_at.get(instance)

    def kind_of(self, signal: str) -> SignalKind | None:
        """Return how a signal, by its full name, is declared; None when its template is not known."""
        instance = self.instance_of(signal)
        template = self.template_at(instance)
        if template is None:
            return None
        return template.signals.get(re.split(r"[.\[]", signal[len(instance) + 1 :], maxsplit=1)[0])

    def declaration_of(self, signal: str) -> tuple[Path, int] | None:
        """Return the file and line that declare a signal, by its full name."""
        instance = self.instance_of(signal)
        template = self.template_at(instance)
        if template is None:
            return None
        line = template.signal_lines.get(re.split(r"[.\[]", signal[len(instance) + 1 :], maxsplit=1)[0])
        return (template.file, line) if line else None

    def statement_of(self, signal: str) -> tuple[Path, int] | None:
        """Return the file and line that give a signal its value: `<==` or `<--` in its own template or the parent's."""
        for scope, name in self._scopes_of(signal):
            template = self.template_at(scope)
            if template is None:
                continue
            for statement in template.statements:
                if statement.target == name:
                    return template.file, statement.line
        return self.declaration_of(signal)

    def is_hinted(self, signal: str) -> bool:
        """Say whether `<--` gives a signal its value, in its own template or in the parent's."""
        for scope, name in self._scopes_of(signal):
            template = self.template_at(scope)
            if template is not None and name in template.hinted:
                return True
        return False

    def elements_of(self, signal: str) -> tuple[str, ...]:
        """Return the names of a signal's elements in the order of their labels, by its full name without indices."""
        return self._elements.get(signal, ())

    def names_in(self, constraint: int) -> tuple[str, ...]:
        """Return the name of each wire in a constraint, the first where wires have several; without the constant."""
        wires = sorted({wire for part in self.r1cs.constraints[constraint] for wire, _ in part if wire})
        return tuple(self.name_of(wire) for wire in wires)

    def name_of(self, wire: int) -> str:
        """Return the first name of a wire, or `wire N`."""
        names = self.sym.names_of(wire)
        return names[0] if names else ("1" if wire == 0 else f"wire {wire}")

    def place_of_constraint(self, index: int) -> ConstraintPlace:
        """Return where a constraint was written."""
        wires = sorted({wire for part in self.r1cs.constraints[index] for wire, _ in part if wire})
        return self._place(tuple(wires))

    def place_in_template(self, template: str, line: int) -> tuple[Path, int] | None:
        """Return file and line for `Error in template NAME_7 line: 12`, as circom's witness calculators say it."""
        found = self.templates.get(template) or self.templates.get(re.sub(r"_\d+$", "", template))
        return (found.file, line) if found else None

    def _place(self, wires: tuple[int, ...]) -> ConstraintPlace:
        scopes = [self._wire_scopes(wire) for wire in wires]
        if not scopes:
            return ConstraintPlace("main", self.main, None, (), False)
        shared = [scope for scope in scopes[0] if all(scope in one for one in scopes[1:])]
        best: list[tuple[int, str, Template, list[int]]] = []
        for scope in shared:
            template = self.template_at(scope)
            if template is None:
                continue
            names = [one[scope] for one in scopes]
            if line := _line_of_anonymous(names):
                return ConstraintPlace(scope, template.name, template.file, (line,), certain=True)
            ranked = list(_fitting(template, names))
            if ranked:
                least = min(extra for extra, _ in ranked)
                best.append((least, scope, template, [s.line for extra, s in ranked if extra == least]))
        if best:
            least = min(one[0] for one in best)
            tied = [one for one in best if one[0] == least]
            _, scope, template, lines = tied[0]
            certain = len(tied) == 1 and len(lines) == 1
            return ConstraintPlace(scope, template.name, template.file, tuple(sorted(set(lines))), certain)
        return self._rough_place(shared, scopes)

    def _rough_place(self, shared: list[str], scopes: list[dict[str, set[str]]]) -> ConstraintPlace:
        """Return the instance that holds most of the wires, with its statements that mention any of them."""
        count: dict[str, int] = {}
        for one in scopes:
            for scope in one:
                count[scope] = count.get(scope, 0) + 1
        scope = shared[0] if shared else max(count, key=lambda one: (count[one], -len(one)), default="main")
        template = self.template_at(scope)
        if template is None:
            return ConstraintPlace(scope, None, None, (), False)
        here = set().union(*(one.get(scope, set()) for one in scopes))
        lines = [s.line for s in template.statements if s.kind in ("===", "<==") and s.reach & here]
        return ConstraintPlace(scope, template.name, template.file, tuple(sorted(set(lines))), False)

    def _wire_scopes(self, wire: int) -> dict[str, set[str]]:
        """Return each instance in whose statements a wire can stand, with its names there."""
        found: dict[str, set[str]] = {}
        for name in self.sym.names_of(wire):
            for scope, relative in self._scopes_of(name):
                found.setdefault(scope, set()).add(relative)
        return found

    def _scopes_of(self, signal: str) -> Iterator[tuple[str, str]]:
        instance = self.instance_of(signal)
        relative = without_indices(signal[len(instance) + 1 :])
        yield instance, relative
        parent, dot, own = instance.rpartition(".")
        if dot and self.kind_of(signal) != "intermediate":  # which nobody else sees
            yield parent, f"{without_indices(own)}.{relative}"

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
    def _template_at(self) -> dict[str, Template]:
        """Instance path → template, walked from main."""
        found: dict[str, Template] = {}
        signals: dict[str, set[str]] = {}
        for name, instance in self._instances.items():
            signals.setdefault(instance, set()).add(re.split(r"[.\[]", name[len(instance) + 1 :], maxsplit=1)[0])
        paths = set(signals)
        for path in signals:  # an instance without signals of its own has components that have some
            while path := path.rpartition(".")[0]:
                paths.add(path)
        for path in sorted(paths, key=lambda one: one.count(".")):
            parent, dot, own = path.rpartition(".")
            if not dot:
                names: tuple[str, ...] = (self.main,) if self.main else ()
            else:
                names = self._component_templates(found.get(parent), without_indices(own))
            known = [self.templates[name] for name in names if name in self.templates]
            fitting = [one for one in known if signals.get(path, set()) <= one.signals.keys()]
            if fitting or known:
                found[path] = (fitting or known)[0]
        return found

    def _component_templates(self, parent: Template | None, name: str) -> tuple[str, ...]:
        if parent is not None and name in parent.components:
            return parent.components[name]
        anonymous = ANONYMOUS_PATTERN.fullmatch(name)
        return (anonymous[1],) if anonymous else ()


def _line_of_anonymous(names: list[set[str]]) -> int | None:
    """Return the line in the name that circom gives an anonymous component, `Template_line_offset`, if one is there."""
    if len({name.partition(".")[0] for one in names for name in one}) == 1:
        return None  # it is all inside one component
    for one in names:
        found = [ANONYMOUS_PATTERN.fullmatch(name.partition(".")[0]) for name in one if "." in name]
        if found and len(found) == len(one) and found[0]:
            return int(found[0][2])
    return None


def _fitting(template: Template, names: list[set[str]]) -> Iterator[tuple[int, Statement]]:
    """Yield the statements that can hold wires of these names, with how many names they have beyond."""
    flat = set().union(*names)
    for statement in template.statements:
        if statement.kind not in ("===", "<=="):
            continue
        if not all(one & statement.reach for one in names):
            continue
        if statement.target is not None and statement.kind == "<==" and statement.target not in flat:
            continue
        yield len(statement.names - flat), statement


def parse_templates(sources: SourceTree) -> dict[str, Template]:
    """Return every template of a circuit's files by name. Text that is no circom is passed over."""
    found: dict[str, Template] = {}
    for file in sources.files:
        text = re.sub(r'"[^"\n]*"', lambda match: " " * len(match[0]), blank_comments(file.text))
        for match in TEMPLATE_PATTERN.finditer(text):
            end = _closing_brace(text, match.end())
            first = text.count("\n", 0, match.start()) + 1
            body_line = text.count("\n", 0, match.end()) + 1
            parameters = tuple(re.findall(r"[\w$]+", match[2]))
            body = TAGS_PATTERN.sub(lambda tag: tag[1] + " " * (len(tag[0]) - len(tag[1])), text[match.end() : end])
            found[match[1]] = _template(
                match[1], file.path, first, text.count("\n", 0, end) + 1, parameters, list(_statements(body, body_line))
            )
    return found


def _template(
    name: str, file: Path, line: int, end_line: int, parameters: tuple[str, ...], texts: list[tuple[int, str]]
) -> Template:
    signals: dict[str, SignalKind] = {}
    signal_lines: dict[str, int] = {}
    components: dict[str, tuple[str, ...]] = {}
    holds: dict[str, set[str]] = {}
    constraining: list[tuple[int, str]] = []
    for at, text in texts:
        flat = _strip_indices(text)
        if declared := DECLARATION_PATTERN.match(flat):
            kind = KINDS[declared[1]]
            body = re.split(r"<==|<--", declared[2], maxsplit=1)
            for one in re.findall(r"[A-Za-z_$][\w$]*", body[0]):
                signals.setdefault(one, kind)
                signal_lines.setdefault(one, at)
            if len(body) == 2:
                constraining.append((at, re.sub(r"^signal\s+(?:(?:input|output)\b\s*)?", "", flat)))
            continue
        if component := COMPONENT_PATTERN.match(flat):
            called = CALL_PATTERN.search(component[2]) if component[2] else None
            components.setdefault(component[1], ())
            if called:
                components[component[1]] += (called[1],)
            continue
        if (bus := BUS_PATTERN.match(flat)) and bus[2] not in WORDS and not re.search(r"[=<>]", flat):
            signals.setdefault(bus[4], KINDS[bus[1] or bus[3]])
            signal_lines.setdefault(bus[4], at)
            continue
        if any(sign in flat for sign in (*CONSTRAINTS, *HINTS)) or flat.startswith("assert"):
            constraining.append((at, flat))
            continue
        instance = INSTANCE_PATTERN.match(flat)
        if instance and instance[1] in components:
            components[instance[1]] += (instance[2],)
        elif assigned := ASSIGNMENT_PATTERN.match(flat):
            holds.setdefault(assigned[1], set()).update(_names(assigned[2]))
    reach = _closure(holds)
    statements = [made for at, text in constraining if (made := _statement(at, text, reach))]
    return Template(name, file, line, end_line, parameters, signals, signal_lines, components, tuple(statements))


def _statement(line: int, text: str, reach: Mapping[str, set[str]]) -> Statement | None:
    if text.startswith("assert"):
        names = frozenset(_names(text)) - WORDS
        return Statement("assert", line, None, names, _reached(names, reach))
    sign = next((one for one in (*CONSTRAINTS, *HINTS) if one in text), None)
    if sign is None:
        return None
    left, _, right = text.partition(sign)
    target = {"<==": left, "<--": left, "==>": right, "-->": right}.get(sign)
    kind: StatementKind = "===" if sign == "===" else "<--" if sign in HINTS else "<=="
    named = _names(target)[:1] if target is not None else ()
    names = frozenset(_names(text)) - WORDS
    return Statement(kind, line, named[0] if named else None, names, _reached(names, reach))


def _reached(names: Iterable[str], reach: Mapping[str, set[str]]) -> frozenset[str]:
    found = set(names)
    for name in list(found):
        found |= reach.get(name, set())
    return frozenset(found)


def _closure(holds: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return what each local variable may hold, through other variables too."""
    closed = {name: set(direct) for name, direct in holds.items()}
    growing = True
    while growing:
        growing = False
        for name, reached in closed.items():
            more = set().union(*(closed.get(one, set()) for one in reached)) - reached - {name}
            reached.update(more)
            growing = growing or bool(more)
    return closed


def _names(text: str) -> tuple[str, ...]:
    return tuple(re.sub(r"\s", "", name) for name in NAME_PATTERN.findall(text))


def _strip_indices(text: str) -> str:
    while True:
        shorter = INDICES_PATTERN.sub("", text)
        if shorter == text:
            return text
        text = shorter


def _closing_brace(text: str, start: int) -> int:
    depth = 1
    for match in re.compile(r"[{}]").finditer(text, start):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.start()
    return len(text)


def _statements(body: str, line: int) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of the statements of a template's body, without the heads of loops and conditions."""
    depth, start = 0, 0
    for match in re.compile(r"[(){};]").finditer(body):
        sign = match[0]
        if sign in "()":
            depth += 1 if sign == "(" else -1
        elif depth <= 0:
            depth = 0
            yield from _bare(body, start, match.start(), line)
            start = match.end()
    yield from _bare(body, start, len(body), line)


def _bare(body: str, start: int, end: int, line: int) -> Iterator[tuple[int, str]]:
    """Yield a statement without `for (…)`, `while (…)`, `if (…)`, `else` before it, and without blanks around it."""
    while match := CONTROL_PATTERN.match(body, start, end):
        start = match.end()
        if match[1] is None:
            continue
        depth = 1
        while depth and start < end:
            depth += {"(": 1, ")": -1}.get(body[start], 0)
            start += 1
    text = body[start:end]
    bare = text.strip()
    if bare:
        yield line + body.count("\n", 0, start + len(text) - len(text.lstrip())), bare
