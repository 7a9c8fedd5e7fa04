"""`anomi bench cu`: one JSON object or tables, and exit code 1 when a budget is exceeded."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner, Result

from anomi_cli.commands.bench import bench
from anomi_sdk.bench_cu import BUDGETS, report
from anomi_sdk.generated import PROGRAMS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(bench, ["cu", "--seeds", "1", *arguments])


def test_json() -> None:
    result = run("--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert (document["ok"], document["within_budget"], document["seeds"]) == (True, True, 1)
    for name, (_, limit) in BUDGETS.items():
        assert 0 < document[name] <= limit


def test_tables() -> None:
    """Every instruction of every program stands in them, and every budget."""
    result = run()
    assert result.exit_code == 0, result.output
    names = [program.name for program in PROGRAMS]
    names += [instruction.name for program in PROGRAMS for instruction in program.instructions]
    assert [name for name in (*names, *BUDGETS, "solders", "bump") if name not in result.stdout] == []
    assert "EXCEEDED" not in result.stdout


@pytest.mark.parametrize("arguments", [(), ("--json",), ("-q",)])
def test_a_figure_above_its_budget_is_exit_code_1(monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    row, _ = BUDGETS["verify_n1"]
    monkeypatch.setattr(report, "BUDGETS", {**BUDGETS, "verify_n1": (row, 78_000)})
    result = run(*arguments)
    assert result.exit_code == 1
    assert re.fullmatch(r"error: verify_n1 took 78,4\d\d CU, budget 78,000\n", result.stderr)
    if "--json" in arguments:
        document = json.loads(result.stdout)
        assert (document["ok"], document["within_budget"]) == (False, False)
    else:
        assert ("EXCEEDED" in result.stdout) is (arguments == ())


def test_no_seed_is_wrong_usage() -> None:
    assert CliRunner().invoke(bench, ["cu", "--seeds", "0"]).exit_code == 2
