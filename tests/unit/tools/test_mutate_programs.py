"""The faults for programs: each rule on a small source, all rules on the real ones, and the order of trying them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tools.mutate_circuits.mutants import find_mutants as find_circuit_mutants
from tools.mutate_programs.mutants import RULES, find_mutants
from tools.mutation.campaign import sampled
from tools.mutation.explained import unmatched
from tools.mutation.mutant import Mutant, blank_comments

WORKSPACE = Path(__file__).resolve().parents[3] / "verifier_program"
MUTANTS = find_mutants(WORKSPACE)
# What each rule makes of one line.
CASES = [
    ("condition never", "if a != b { return Err(E); }", ["if false { return Err(E); }"]),
    ("condition never", "if let Some(a) = b { c(); }", []),
    ("condition always", "if a { b.c = 1; }", ["if true { b.c = 1; }"]),
    ("condition always", "if a { return Err(E); }", []),
    (
        "clause lost",
        "let a = b || c(d && e);",
        ["let a = c(d && e);", "let a = b;", "let a = b || c(d);", "let a = b || c(e);"],
    ),
    ("edge moved", "if a < b { c }", ["if a <= b { c }"]),
    ("edge moved", "0..=9", ["0..9"]),
    ("comparison turned", "(a == 0).then_some(1)", ["(a != 0).then_some(1)"]),
    ("comparison turned", "if a == 0 { b }", []),
    ("arithmetic changed", "a.checked_add(b)", ["a.checked_sub(b)"]),
    ("arithmetic changed", "fn min(a) ", []),
    ("arithmetic changed", "x = a * b", ["x = a + b"]),
    ("number changed", "checked_sub(1)", ["checked_sub(2)"]),
    ("number changed", "Flag::new(true)", ["Flag::new(false)"]),
    ("write lost", "{ a.b = c; }", ["{  }"]),
    ("write lost", "{ *a = c; let d = e; }", ["{  let d = e; }"]),
    ("call lost", "{ check(a)?; }", ["{  }"]),
    ("call lost", "{ Call { a, b }.invoke()?; }", ["{  }"]),
    ("call lost", "{ let a = check(b)?; check(c) }", []),
    ("value lost", "S { a: U64::new(b.c()) }", ["S { a: U64::new(0) }"]),
    ("element lost", "all_sign([a, b])", ["all_sign([b])", "all_sign([a, ])"]),
    ("body lost", "fn f(a: A) -> Result<(), E> { b() }", ["fn f(a: A) -> Result<(), E> { return Ok(()); b() }"]),
    (
        "body lost",
        "fn f() -> Result<bool, E> { b }",
        [f"fn f() -> Result<bool, E> {{ return Ok({it}); b }}" for it in ("true", "false")],
    ),
    ("body lost", "fn f(a: fn() -> u8) { b() }", ["fn f(a: fn() -> u8) { return; b() }"]),
    (
        "body lost",
        "fn f<T>() -> u64\nwhere\n    T: A, {\n}",
        [f"fn f<T>() -> u64\nwhere\n    T: A, {{ return {it};\n}}" for it in (0, 1)],
    ),
    ("body lost", "fn f() -> &u64 { b } fn g();", []),
    ("junction turned", "a && b || c", ["a || b || c", "a && b && c"]),
    ("junction turned", "f(|| a)", []),
    ("name exchanged", "A_Error::B; match c { DError::E => DError::F, DError::G => DError::F }", []),
    ("name exchanged", "a(MyError::B, MyError::C)", ["a(MyError::C, MyError::C)", "a(MyError::B, MyError::B)"]),
    ("name exchanged", "(Status::A, Status::B) => 1", ["(Status::B, Status::B) => 1", "(Status::A, Status::A) => 1"]),
    (
        "name exchanged",
        "a.ok_or(MyError::B)?; b.map_err(|_| MyError::C)?; MyError::D",
        ["a.ok_or(MyError::B)?; b.map_err(|_| MyError::C)?; MyError::B"],
    ),
]


@pytest.mark.parametrize(("kind", "code", "expected"), CASES)
def test_rule(kind: str, code: str, expected: list[str]) -> None:
    results = [code[:start] + after + code[end:] for start, end, after in RULES[kind](code)]
    assert sorted(dict.fromkeys(results)) == sorted(expected)


def test_every_rule_has_a_case_and_finds_something() -> None:
    assert {kind for kind, _, expected in CASES if expected} == set(RULES)
    assert {mutant.kind for mutant in MUTANTS} == set(RULES)


def test_every_source_of_the_programs_has_faults() -> None:
    """But for those that say nothing by themselves."""
    sources = {
        path.relative_to(WORKSPACE).as_posix()
        for path in WORKSPACE.glob("programs/*/program/src/**/*.rs")
        if "pub(crate) fn " in path.read_text(encoding="utf-8")
    }
    assert sources
    assert sources <= {mutant.path for mutant in MUTANTS}


def test_every_refusal_has_a_fault() -> None:
    """Each `if … { return Err(…) }` is tried without its condition."""
    for path in WORKSPACE.glob("programs/*/program/src/**/*.rs"):
        lines = blank_comments(path.read_text(encoding="utf-8")).splitlines()
        guards = [
            number
            for number, (line, after) in enumerate(pairwise(lines), 1)
            if line.strip().startswith("if ") and line.endswith("{") and after.strip().startswith("return Err(")
        ]
        name = path.relative_to(WORKSPACE).as_posix()
        tried = {mutant.line for mutant in MUTANTS if (mutant.path, mutant.kind) == (name, "condition never")}
        assert {number for number in guards if " let " not in lines[number - 1]} <= tried, name


def test_every_fault_changes_code_and_nothing_else() -> None:
    for mutant in MUTANTS:
        text = (WORKSPACE / mutant.path).read_text(encoding="utf-8")
        assert text[mutant.start : mutant.end] == mutant.before
        assert "#[cfg(test)]" not in text[: mutant.end]
        assert mutant.before != mutant.after
        assert blank_comments(mutant.apply(text)) != blank_comments(text)


def test_every_beginning_is_a_sample_of_all_files() -> None:
    ordered = sampled(MUTANTS, 7)
    assert sorted(map(str, ordered)) == sorted(map(str, MUTANTS))
    assert ordered == sampled(MUTANTS, 7) != sampled(MUTANTS, 8)
    half = Counter(mutant.path for mutant in ordered[: len(ordered) // 2])
    for path, count in Counter(mutant.path for mutant in MUTANTS).items():
        assert abs(half[path] - count / 2) <= 1.5, path


def test_a_fault_says_what_it_is() -> None:
    mutant = Mutant.of("a.rs", "edge moved", "x\n\n  a b < c", (9, 10, "<="))
    assert str(mutant) == "a.rs:3 edge moved: < → <="
    assert (mutant.above, mutant.on) == ("", "a b < c")
    assert mutant.apply("x\n\n  a b < c") == "x\n\n  a b <= c"
    assert str(replace(mutant, nth=2)) == "a.rs:3 edge moved: < → <= (number 2)"


def test_no_two_faults_are_told_alike() -> None:
    """A record knows them by what is told of them."""
    for mutants in (MUTANTS, find_circuit_mutants(WORKSPACE.parent / "circuits")):
        assert len({str(mutant) for mutant in mutants}) == len(mutants)


def test_every_explanation_is_of_one_fault() -> None:
    """A source that has changed wants its explanations looked at again."""
    assert not unmatched([*MUTANTS, *find_circuit_mutants(WORKSPACE.parent / "circuits")])
