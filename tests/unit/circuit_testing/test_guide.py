"""The guide's own circuit and tests pass as they stand in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]


def test_first_test_of_the_guide(inner: pytest.Pytester, repo_root: Path) -> None:
    guide = (repo_root / "docs" / "guides" / "testing-circuits.md").read_text(encoding="utf-8")
    (circuit,) = re.findall(r"```circom\n(.*?)```", guide, re.DOTALL)
    (suite,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    inner.makefile(".circom", range=circuit)
    inner.makepyfile(test_range=suite)
    result = inner.runpytest_inprocess()
    result.assert_outcomes(passed=suite.count("def test_"))
