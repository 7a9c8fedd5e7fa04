"""The tests that the threat model names are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs/reference/threat-model.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:tests|verifier_program)/[\w/-]+\.(?:py|rs)(?:::\w+)?)`", TEXT)))


def _tests_of(path: Path) -> set[str]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".rs":
        return set(re.findall(r"^\s*(?:pub )?fn (\w+)\(", source, flags=re.MULTILINE))
    return {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", NAMED)
def test_a_named_test_is_there(name: str) -> None:
    file, _, function = name.partition("::")
    tests = _tests_of(ROOT / file)
    if function:
        assert function in tests
    else:
        assert file.endswith(".rs") or any(test.startswith("test_") for test in tests)


def test_every_threat_names_a_test() -> None:
    answered, _, _ = TEXT.partition("## What no rule here answers")
    rows = [
        line for line in answered.splitlines() if re.match(r"\| (?!threat|---)", line) and not line.startswith("|---")
    ]
    assert len(rows) >= 40
    for row in rows:
        assert any(f"`{name}`" in row for name in NAMED), row


def test_the_security_page_leads_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "docs/reference/threat-model.md" in text
    assert "**Nothing here has been audited.**" in text
