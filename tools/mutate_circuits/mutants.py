"""The faults: each a small change of one circuit source, such as a tired hand or an attacker might make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.mutation.mutant import Change, Mutant, blank_comments

__all__ = ["RULES", "find_mutants"]


def find_mutants(circuits: Path) -> list[Mutant]:
    """Return every fault for the written sources below `circuits`; generated files are left alone."""
    found = []
    for path in sorted(circuits.rglob("*.circom")):
        if path.parent.name == "main" or path.name == "spec.circom":
            continue
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(circuits).as_posix()
        for kind, rule in RULES.items():
            found += [Mutant.of(name, kind, text, change) for change in rule(blank_comments(text))]
    return found


def _check_removed(code: str) -> Iterator[Change]:
    for match in re.finditer(r"[^;{}\s][^;{}]*? === [^;]*;", code):
        yield *match.span(), ""


def _check_made_assert(code: str) -> Iterator[Change]:
    for match in re.finditer(r"([^;{}\s][^;{}]*?) === ([^;]*);", code):
        yield *match.span(), f"assert({match[1]} == {match[2]});"


def _assignment_unconstrained(code: str) -> Iterator[Change]:
    for match in re.finditer(r"(?<=\w|\]) (<==)(?=\s)", code):
        line = code[code.rfind("\n", 0, match.start()) + 1 : match.end()]
        if not re.fullmatch(r"\s+(Ax|Ay|S|R8x|R8y|M|enabled) <==", line):  # named inputs of a component
            yield *match.span(1), "<--"


def _call_removed(code: str) -> Iterator[Change]:
    """A component that stands as a statement: range checks, assertions, signatures."""
    for match in re.finditer(r"(?<=[;{}])\s+([A-Z]\w*\([^;]*?\)\([^;]*?\);)", code):
        yield *match.span(1), ""


def _comparator_swapped(code: str) -> Iterator[Change]:
    for before, after in (
        ("LessThan", "LessEqThan"),
        ("LessEqThan", "LessThan"),
        ("GreaterEqThan", "GreaterThan"),
        ("GreaterEqThan", "LessEqThan"),
    ):
        for match in re.finditer(rf"\b{before}(?=\()", code):
            yield *match.span(), after


def _width_changed(code: str) -> Iterator[Change]:
    for match in re.finditer(r"\b(?:AMOUNT_BITS|TIME_BITS)\(\)", code):
        yield *match.span(), f"({match[0]} + 1)"
        yield *match.span(), f"({match[0]} - 1)"
    for match in re.finditer(r"\bNum2Bits\(bits\)", code):
        yield *match.span(), "Num2Bits(bits + 1)"


def _number_changed(code: str) -> Iterator[Change]:
    for match in re.finditer(r"\+ FRESHNESS_WINDOW_S\(\)", code):
        yield *match.span(), match[0] + " + 1"
        yield *match.span(), match[0] + " - 1"
    for match in re.finditer(r"2 \*\* (\w+_SHIFT\(\))", code):
        yield *match.span(1), f"({match[1]} + 1)"
    for match in re.finditer(r"enabled <== 1", code):
        yield *match.span(), "enabled <== 0"
    for match in re.finditer(r"2 \*\* \(2 \*\* level\) - 1", code):
        yield *match.span(), "2 ** (2 ** level)"


def _hash_word_lost(code: str) -> Iterator[Change]:
    """A word of a Poseidon hash replaced by 0, tag included."""
    for match in re.finditer(r"Poseidon\(\d+\)\(\[([^\]]*(?:\[\w\][^\]]*)*)\]\)", code):
        for word in re.finditer(r"[^,\s][^,]*?(?=\s*(?:,|$))", match[1]):
            start = match.start(1) + word.start()
            yield start, start + len(word[0]), "0"


def _term_lost(code: str) -> Iterator[Change]:
    """A part of a packed word left out."""
    for match in re.finditer(r"\w+ \* 2 \*\* \w+_SHIFT\(\)", code):
        yield *match.span(), "0"


def _loop_shortened(code: str) -> Iterator[Change]:
    for match in re.finditer(r"\bfor \(var (\w+) = \w+; \w+ < (k|depth|i);", code):
        yield match.start(2), match.end(2), f"{match[2]} - 1"
    for match in re.finditer(r"\bfor \(var (\w+) = (0);", code):
        yield match.start(2), match.end(2), "1"


def _argument_swapped(code: str) -> Iterator[Change]:
    """Two arguments of a call changed over: another component's meaning, the same shape."""
    word = r"\w+(?:\[[^\[\]]*\])*"
    for match in re.finditer(rf"(?<=\))\(\[?({word}), ({word})\]?\)", code):
        yield match.start(1), match.end(2), f"{match[2]}, {match[1]}"


RULES: dict[str, Callable[[str], Iterator[Change]]] = {
    "check removed": _check_removed,
    "check made an assert": _check_made_assert,
    "component removed": _call_removed,
    "comparator swapped": _comparator_swapped,
    "width changed": _width_changed,
    "number changed": _number_changed,
    "hash word lost": _hash_word_lost,
    "packed part lost": _term_lost,
    "loop shortened": _loop_shortened,
    "arguments swapped": _argument_swapped,
    "assigned without a constraint": _assignment_unconstrained,
}
