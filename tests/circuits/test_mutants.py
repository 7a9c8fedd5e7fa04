"""The mutation runner's faults: every check of every circuit has its own, and each changes what it says it changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.mutate_circuits.mutants import RULES, find_mutants
from tools.mutation.mutant import Mutant, blank_comments

CIRCUITS = Path(__file__).resolve().parents[2] / "circuits"
MUTANTS = find_mutants(CIRCUITS)


def of(kind: str) -> list[Mutant]:
    """Return the faults of one kind."""
    return [mutant for mutant in MUTANTS if mutant.kind == kind]


@pytest.mark.parametrize("kind", RULES)
def test_every_rule_finds_something(kind: str) -> None:
    assert of(kind)


def test_every_constraint_is_removed_and_made_an_assert() -> None:
    code = {
        path.relative_to(CIRCUITS).as_posix(): blank_comments(path.read_text(encoding="utf-8"))
        for path in CIRCUITS.rglob("*.circom")
    }
    checks = [(path, i) for path, text in code.items() for i, line in enumerate(text.splitlines(), 1) if "===" in line]
    assert len(checks) >= 20
    assert [(mutant.path, mutant.line) for mutant in of("check removed")] == sorted(checks)
    assert [(mutant.path, mutant.line) for mutant in of("check made an assert")] == sorted(checks)


def test_every_range_check_is_removed() -> None:
    removed = {mutant.before for mutant in of("component removed")}
    for circuit in ("solvency", "payment"):
        text = (CIRCUITS / circuit / f"{circuit}.circom").read_text(encoding="utf-8")
        checks = re.findall(r"RangeCheck\(.*\);", text)
        assert len(checks) == 5
        assert set(checks) <= removed


def test_every_fault_changes_its_file_once() -> None:
    for mutant in MUTANTS:
        text = (CIRCUITS / mutant.path).read_text(encoding="utf-8")
        changed = mutant.apply(text)
        assert changed != text
        assert len(changed) - len(text) == len(mutant.after) - len(mutant.before)
        assert text[: mutant.start].count("\n") + 1 == mutant.line
