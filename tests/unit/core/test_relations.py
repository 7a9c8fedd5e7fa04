"""Both relations make the checks of spec/circuits.toml, each once and in order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from anomi_core import relations
from anomi_core.spec import CHECKS

FOLDER = Path(relations.__file__).parent


@pytest.mark.parametrize("name", CHECKS)
def test_the_comments_are_the_names_of_the_checks(name: str) -> None:
    source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^    # (.+)$", source, re.MULTILINE)) == CHECKS[name]


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_is_required_once_after_its_comment(name: str) -> None:
    source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    parts = re.split(r"^    # .+$", source, flags=re.MULTILINE)
    assert [len(re.findall(r"\brequire\(", part)) for part in parts] == [0] + [1] * len(CHECKS[name])
