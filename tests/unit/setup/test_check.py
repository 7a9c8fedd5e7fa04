"""`make check` runs every part and fails when one does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.setup import check
from tools.setup.check import Part, run_checks, run_parts, shell_scripts
from tools.setup.workspace import Workspace


def python(name: str, code: str) -> Part:
    return Part(name, (sys.executable, "-c", code))


def test_every_part_runs_and_keeps_its_place(tmp_path: Path) -> None:
    chosen = [
        python("slow", "import time; time.sleep(0.3); print('a')"),
        python("bad", "import sys; print('why', file=sys.stderr); sys.exit(3)"),
        Part("absent", ("no-such-program-xyz",)),
        python("good", "pass"),
    ]
    results = list(run_parts(chosen, tmp_path))
    assert [(result.part.name, result.passed) for result in results] == [
        ("slow", True),
        ("bad", False),
        ("absent", False),
        ("good", True),
    ]
    assert results[1].output == "why\n"
    assert results[2].output.startswith("no-such-program-xyz could not be started: No such file")


@pytest.mark.parametrize("code", ["pass", "raise SystemExit(1)"])
def test_one_failing_part_fails_the_check(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    monkeypatch.setattr(check, "parts", lambda _: [python("first", code), python("second", "pass")])
    passed = run_checks(workspace)
    printed = capsys.readouterr().out
    assert passed == (code == "pass")
    assert ("  ok     second (" in printed) and (("FAILED first (" in printed) != passed)
    assert ("check: 1 part(s) failed" in printed) != passed


def test_the_scripts_of_this_project_are_found(repo_root: Path) -> None:
    found = shell_scripts(repo_root)
    assert ".ci/run" in found
    assert "tools/setup/run.sh" in found
    assert all((repo_root / name).is_file() for name in found)
