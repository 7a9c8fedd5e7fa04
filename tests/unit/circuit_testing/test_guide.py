"""The guide's own circuit and tests pass as they stand in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import anomi_prover.testing.circuit  # noqa: F401 -- pytester forgets what a suite imports first, and native code does not

pytest_plugins = ["pytester"]


def test_first_test_of_the_guide(pytester: pytest.Pytester, repo_root: Path) -> None:
    guide = (repo_root / "docs" / "guides" / "testing-circuits.md").read_text(encoding="utf-8")
    (circuit,) = re.findall(r"```circom\n(.*?)```", guide, re.DOTALL)
    (suite,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    pytester.makefile(".circom", range=circuit)
    pytester.makepyfile(test_range=suite)
    result = pytester.runpytest_inprocess("-p", "no:pytest_anchorpy", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=suite.count("def test_"))
