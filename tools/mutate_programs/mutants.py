"""The faults: each a small change of one Rust source, such as a tired hand or an attacker might make."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from tools.mutation.mutant import Change, Mutant, blank_comments

__all__ = ["RULES", "find_mutants"]

_ROOTS = ("programs/*/program/src", "programs/*/interface/src", "crates/*/src")
_LEFT_ALONE = {"generated.rs", "host.rs", "absent.rs", "mod.rs"}
_TESTS = "#[cfg(test)]"
_OPEN, _CLOSE = "([{", ")]}"
_NO_CALL = re.compile(
    r"(let|return|if|match|for|while|loop|use|pub|fn|const|impl|struct|enum|mod|unsafe|static|type|break|continue|where|"
    r"extern|trait|else)\b"
)


def find_mutants(workspace: Path) -> list[Mutant]:
    """Return every fault for the written sources of a cargo workspace's programs and crates."""
    found: list[Mutant] = []
    told: Counter[str] = Counter()
    for path in sorted(path for root in _ROOTS for path in workspace.glob(f"{root}/**/*.rs")):
        if path.name in _LEFT_ALONE:
            continue
        text = path.read_text(encoding="utf-8")
        code = blank_comments(text.partition(_TESTS)[0])
        results = {text}
        for kind, rule in RULES.items():
            for change in rule(code):
                mutant = Mutant.of(path.relative_to(workspace).as_posix(), kind, text, change)
                if (result := mutant.apply(text)) not in results:
                    results.add(result)
                    told[str(mutant)] += 1
                    found.append(replace(mutant, nth=told[str(mutant)]))
    return found


def _end(code: str, start: int, stops: tuple[str, ...]) -> int:
    """The first place from `start` on, outside of brackets opened since, where one of `stops` or a closing one is."""
    depth = 0
    for at in range(start, len(code)):
        if depth == 0 and code.startswith(stops, at):
            return at
        if code[at] in _OPEN:
            depth += 1
        elif code[at] in _CLOSE:
            depth -= 1
            if depth < 0:
                return at
    return len(code)


def _begin(code: str, end: int) -> int:
    """The first place of the operand that ends at `end`."""
    depth, at = 0, end
    while at > 0:
        before = code[at - 1]
        if before in _CLOSE:
            depth += 1
        elif before in _OPEN:
            depth -= 1
            if depth < 0:
                break
        if depth == 0 and (before in ";,|" or code.endswith(("&& ", "|| ", " = ", "=> ", "if ", "return "), 0, at)):
            break
        at -= 1
    return at + len(code[at:end]) - len(code[at:end].lstrip())


def _conditions(code: str) -> Iterator[tuple[int, int, bool]]:
    """Each condition without a pattern: where it stands, and whether all that it guards is a refusal."""
    for match in re.finditer(r"\bif (?!let\b)", code):
        end = _end(code, match.end(), (" {", " =>"))
        if " let " not in code[match.end() : end]:
            refuses = code.startswith(" {", end) and code[end + 2 :].lstrip().startswith("return ")
            yield match.end(), end, refuses


def _condition_never(code: str) -> Iterator[Change]:
    for start, end, _ in _conditions(code):
        yield start, end, "false"


def _condition_always(code: str) -> Iterator[Change]:
    for start, end, refuses in _conditions(code):
        if not refuses:
            yield start, end, "true"


def _clause_lost(code: str) -> Iterator[Change]:
    """One side of a `&&` or `||`."""
    for match in re.finditer(r"\s(&&|\|\|)\s", code):
        left = _begin(code, match.start())
        right = _end(code, match.end(), (" &&", " ||", "\n", " {", ";", ",", " =>"))
        yield left, match.end(), ""
        yield match.start(), right, ""


def _edge_moved(code: str) -> Iterator[Change]:
    other = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
    for match in re.finditer(r"(?<= )(<=|>=|<|>)(?= )", code):
        yield *match.span(), other[match[0]]
    for match in re.finditer(r"\.\.=", code):
        yield *match.span(), ".."


def _comparison_turned(code: str) -> Iterator[Change]:
    """Outside of conditions: one inside would refuse everything honest."""
    inside = [(start, end) for start, end, _ in _conditions(code)]
    for match in re.finditer(r"(?<= )(==|!=)(?= )", code):
        if not any(start <= match.start() < end for start, end in inside):
            yield *match.span(), "!=" if match[0] == "==" else "=="


def _arithmetic_changed(code: str) -> Iterator[Change]:
    other = {"+": "-", "-": "+", "*": "+", "/": "*", "%": "/", ">>": "<<", "<<": ">>", "&": "|", "^": "|"}
    for match in re.finditer(r"(?<=[\w)\]] )(\+|-|\*|/|%|>>|<<|&|\^)(?= [\w(*])", code):
        yield *match.span(), other[match[0]]
    names = {
        "checked_add": "checked_sub",
        "checked_sub": "checked_add",
        "saturating_add": "saturating_sub",
        "saturating_sub": "saturating_add",
        "wrapping_add": "wrapping_sub",
        "min": "max",
        "max": "min",
        "all": "any",
        "any": "all",
        "mul_div_floor": "mul_div_ceil",
        "mul_div_ceil": "mul_div_floor",
    }
    for match in re.finditer(rf"\b({'|'.join(names)})(?=\()", code):
        if not code.endswith("fn ", 0, match.start()):
            yield *match.span(), names[match[0]]


def _number_changed(code: str) -> Iterator[Change]:
    for match in re.finditer(r"(?<=checked_add\()1(?=\))|(?<=_sub\()1(?=\))|(?<=[<>=+] )\d+\b(?!:)", code):
        yield *match.span(), str(int(match[0]) + 1)
    for match in re.finditer(r"\b(true|false)\b", code):
        yield *match.span(), "false" if match[0] == "true" else "true"


def _statements(code: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"(?<=[;{}])\s+(?=[A-Za-z*])", code):
        start = match.end()
        if _NO_CALL.match(code, start):
            continue
        end = _end(code, start, (";",))
        if end < len(code) and code[end] == ";" and "=>" not in code[start:end]:
            yield start, end + 1


def _write_lost(code: str) -> Iterator[Change]:
    for start, end in _statements(code):
        if re.match(r"[\w.*()\[\]]+ [-+*/|&]?= ", code[start:end]):
            yield start, end, ""


def _call_lost(code: str) -> Iterator[Change]:
    for start, end in _statements(code):
        if re.match(r"[\w:.]+(::<[^>]*>)?\(|[A-Z]\w* \{", code[start:end]):
            yield start, end, ""


def _value_lost(code: str) -> Iterator[Change]:
    """A number that is written as zero."""
    for match in re.finditer(r"\b(?:\w+: |= )U(?:16|32|64)::new\(", code):
        end = _end(code, match.end(), ())
        if code[match.end() : end] != "0":
            yield match.end(), end, "0"


def _element_lost(code: str) -> Iterator[Change]:
    """One account fewer that has to sign or to be writable."""
    for match in re.finditer(r"\b(?:all_sign|all_writable|check_programs)\(\[", code):
        end = _end(code, match.end(), ())
        listed = code[match.end() : end]
        for element in re.finditer(r"\([^()]*\)|\w+", listed):
            after = re.match(r"\s*,?\s*", listed[element.end() :])
            yield match.end() + element.start(), match.end() + element.end() + (after.end() if after else 0), ""


def _body_lost(code: str) -> Iterator[Change]:
    """A function that returns at once, with each of the answers that its type makes likely."""
    for match in re.finditer(r"\bfn \w+", code):
        begin = _end(code, match.end(), (" {", ";"))
        if not code.startswith(" {", begin):
            continue
        arrow = _end(code, match.end(), (" -> ", " {"))
        returned = re.split(r"\swhere\b", code[arrow + 4 : begin])[0].strip()
        for answer in _answers(returned):
            yield begin + 2, begin + 2, f" return {answer};" if answer else " return;"


def _answers(returned: str) -> tuple[str, ...]:
    """Values of a type that a function may wrongly return; none for types that have no obvious ones."""
    if returned == "ProgramResult":
        return ("Ok(())",)
    if result := re.fullmatch(r"Result<(.+?)(, [\w:]+)?>", returned):
        return tuple(f"Ok({answer or '()'})" for answer in _answers(result[1].replace("()", "")))
    if returned.startswith("Option<"):
        return ("None",)
    if re.fullmatch(r"u(8|16|32|64|128|size)", returned):
        return ("0", "1")
    return {"": ("",), "bool": ("true", "false")}.get(returned, ())


def _junction_turned(code: str) -> Iterator[Change]:
    for match in re.finditer(r"(?<=\s)(&&|\|\|)(?=\s)", code):
        yield *match.span(), "||" if match[0] == "&&" else "&&"


def _name_exchanged(code: str) -> Iterator[Change]:
    """Another error or status, the next one that the same source names.

    `ok_or` and `map_err` keep theirs: most of them stand where nothing comes, by what was checked before.
    """
    found = [
        match
        for match in re.finditer(r"\b(\w*Error|Status)::([A-Z]\w*)\b", code)
        if match[1] == "Status" or not code.startswith((" =>", " |"), match.end())
    ]
    for index, match in enumerate(found):
        turned = [*found[index + 1 :], *found[:index]]
        other = next((name[2] for name in turned if name[1] == match[1] and name[2] != match[2]), None)
        if other is not None and not code.endswith(("ok_or(", "map_err(|_| "), 0, match.start()):
            yield *match.span(2), other


RULES: dict[str, Callable[[str], Iterator[Change]]] = {
    "condition never": _condition_never,
    "condition always": _condition_always,
    "clause lost": _clause_lost,
    "edge moved": _edge_moved,
    "comparison turned": _comparison_turned,
    "arithmetic changed": _arithmetic_changed,
    "number changed": _number_changed,
    "write lost": _write_lost,
    "call lost": _call_lost,
    "value lost": _value_lost,
    "element lost": _element_lost,
    "body lost": _body_lost,
    "junction turned": _junction_turned,
    "name exchanged": _name_exchanged,
}
