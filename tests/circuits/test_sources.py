"""How the circuits are written: rules that a compiler does not enforce."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from anomi_core.spec import CHECKS
from tests.circuits.support.circuit import CIRCUITS

SOURCES = sorted(CIRCUITS.rglob("*.circom"))
WRITTEN = [path for path in SOURCES if path.parent.name != "main" and path.name != "spec.circom"]
NAMES = {"k", "depth", "bits"}


def name_of(path: Path) -> str:
    """Return the path below circuits/."""
    return path.relative_to(CIRCUITS).as_posix()


def code(path: Path) -> str:
    """Return the source without comments."""
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_signal_is_assigned_without_a_constraint(path: Path) -> None:
    assert re.findall(r"<--|-->", code(path)) == []


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_asserts_speak_of_template_parameters_only(path: Path) -> None:
    for condition in re.findall(r"\bassert\((.*)\);", code(path)):
        words = set(re.findall(r"[A-Za-z_]\w*(?!\w*\()", condition)) - {"assert"}
        assert words <= NAMES, f"assert({condition}) constrains nothing that a prover writes"


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_every_template_says_what_it_is_and_takes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for match in re.finditer(r"((?:^///.*\n)+)^template (\w+)\((.*)\) \{\n((?:.*\n)*?)^\}", text, re.MULTILINE):
        docs, template, parameters, body = match.groups()
        assert f"/// @title {template}\n" in docs
        assert "/// @notice " in docs
        documented = re.findall(r"@(?:param|input|output) ([\w, ]+?)(?= [a-z0-9A-Z(]|\n|;)", docs)
        known = {word for words in documented for word in words.split(", ")}
        for parameter in filter(None, parameters.split(", ")):
            assert parameter in known, f"{template}: @param {parameter}"
        for signal in re.findall(r"^    signal (?:input|output) (\w+)", body, re.MULTILINE):
            assert re.search(rf"@(?:input|output) [^.;]*\b{signal}\b", docs), f"{template}: @input {signal}"
    assert len(re.findall(r"^template ", text, re.MULTILINE)) == len(re.findall(r"@title", text))


@pytest.mark.parametrize("circuit", CHECKS)
def test_named_checks_stand_in_the_circuit_in_order(circuit: str) -> None:
    text = (CIRCUITS / circuit / f"{circuit}.circom").read_text(encoding="utf-8")
    named = [comment for comment in re.findall(r"^    // (.*)\.$", text, re.MULTILINE) if comment in CHECKS[circuit]]
    assert named == list(CHECKS[circuit])


@pytest.mark.parametrize("circuit", CHECKS)
def test_named_checks_stand_in_the_readme_in_order(circuit: str) -> None:
    text = (CIRCUITS / circuit / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \d+ \| \*\*(.*?)\*\*", text, re.MULTILINE) == list(CHECKS[circuit])


@pytest.mark.parametrize("circuit", CHECKS)
def test_every_named_check_has_a_refusal_and_an_honest_edge(circuit: str) -> None:
    text = (Path(__file__).parent / f"test_{circuit}.py").read_text(encoding="utf-8")
    tests = re.findall(r"^def test_(\w+)", text, re.MULTILINE)
    for check in CHECKS[circuit]:
        slug = re.sub(r"\W+", "_", check).lower()
        assert any(test.startswith(f"{slug}_refuses_") for test in tests), check
