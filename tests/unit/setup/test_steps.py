"""Skipping, redoing, failing, being killed and going on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tools.setup.errors import SetupError
from tools.setup.steps import Context, Step, is_current, run_steps
from tools.setup.workspace import Workspace

MakeStep = Callable[..., Step]


def put(workspace: Workspace, name: str, text: str) -> Path:
    path = workspace.root / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_step_runs_once_and_is_then_skipped(workspace: Workspace, copying_step: MakeStep, reporter: Any) -> None:
    put(workspace, "copy.in", "one")
    step = copying_step()
    assert not is_current(step, workspace)
    assert run_steps([step], workspace, reporter) == 1
    assert (workspace.build / "copy.out").read_text() == "ONE"
    assert is_current(step, workspace)
    reporter.lines.clear()
    assert run_steps([step], workspace, reporter) == 0
    assert reporter.lines == []


def test_a_changed_input_runs_the_step_again(workspace: Workspace, copying_step: MakeStep, reporter: Any) -> None:
    put(workspace, "copy.in", "one")
    run_steps([copying_step()], workspace, reporter)
    put(workspace, "copy.in", "two")
    assert run_steps([copying_step()], workspace, reporter) == 1
    assert (workspace.build / "copy.out").read_text() == "TWO"


def test_a_touched_but_equal_input_does_not(workspace: Workspace, copying_step: MakeStep, reporter: Any) -> None:
    source = put(workspace, "copy.in", "one")
    run_steps([copying_step()], workspace, reporter)
    os.utime(source, (1, 1))
    assert run_steps([copying_step()], workspace, reporter) == 0


@pytest.mark.parametrize("damage", ["removed", "one byte changed"])
def test_a_damaged_output_runs_the_step_again(
    workspace: Workspace, copying_step: MakeStep, reporter: Any, damage: str
) -> None:
    put(workspace, "copy.in", "one")
    run_steps([copying_step()], workspace, reporter)
    output = workspace.build / "copy.out"
    times = (output.stat().st_atime_ns, output.stat().st_mtime_ns)
    if damage == "removed":
        output.unlink()
    else:
        output.write_text("OnE", encoding="utf-8")
        os.utime(output, ns=times)  # neither its size nor its time tells
    assert run_steps([copying_step()], workspace, reporter) == 1
    assert output.read_text() == "ONE"


@pytest.mark.parametrize(
    "stamp",
    ["", "{", "[]", "null", '{"format": 1}', '{"format": 99, "inputs": {}, "outputs": {}}',
     '{"format": 1, "inputs": {"source": 3}, "outputs": {}}', "\x00\x01", "whole but without outputs"],
)  # fmt: skip
def test_a_damaged_stamp_runs_the_step_again(
    workspace: Workspace, copying_step: MakeStep, reporter: Any, stamp: str
) -> None:
    put(workspace, "copy.in", "one")
    run_steps([copying_step()], workspace, reporter)
    path = workspace.stamps / "copy.json"
    if stamp.startswith("whole"):
        stamp = json.dumps(json.loads(path.read_text()) | {"outputs": {}})
    path.write_bytes(stamp.encode())
    assert not is_current(copying_step(), workspace)
    assert run_steps([copying_step()], workspace, reporter) == 1
    assert is_current(copying_step(), workspace)


def test_a_later_step_sees_the_outputs_of_an_earlier_one(
    workspace: Workspace, copying_step: MakeStep, reporter: Any
) -> None:
    put(workspace, "first.in", "one")
    put(workspace, "second.in", "x")
    steps = [copying_step("first"), copying_step("second", after=("first",))]
    assert run_steps(steps, workspace, reporter) == 2
    put(workspace, "first.in", "ONE")  # another input, the same output
    assert run_steps(steps, workspace, reporter) == 1
    put(workspace, "first.in", "two")
    assert run_steps(steps, workspace, reporter) == 2


def test_a_failing_step_keeps_the_previous_result_and_the_steps_before_it(
    workspace: Workspace, copying_step: MakeStep, reporter: Any
) -> None:
    put(workspace, "copy.in", "one")
    put(workspace, "other.in", "other")
    run_steps([copying_step()], workspace, reporter)

    def fail(_: Context) -> Iterable[Path]:
        raise SetupError("no luck")

    failing = Step("copy", "step copy", lambda _: {"source": "changed"}, fail)
    with pytest.raises(SetupError, match=r"^no luck$"):
        run_steps([copying_step("other"), failing], workspace, reporter)
    assert (workspace.build / "copy.out").read_text() == "ONE"
    assert "failed step copy" in reporter.lines
    assert is_current(copying_step("other"), workspace)
    assert not is_current(failing, workspace)
    assert run_steps([copying_step("other"), copying_step()], workspace, reporter) == 1


def test_a_refusal_of_the_file_system_is_one_sentence(workspace: Workspace, reporter: Any) -> None:
    def build(context: Context) -> Iterable[Path]:
        (context.workspace.root / "nowhere" / "file").write_text("x")
        return []

    with pytest.raises(SetupError, match=r"the file system refused .*nowhere/file: No such file.*“step a”"):
        run_steps([Step("a", "step a", lambda _: {}, build)], workspace, reporter)


def test_a_missing_source_is_one_sentence(workspace: Workspace, copying_step: MakeStep, reporter: Any) -> None:
    with pytest.raises(SetupError, match=r"copy\.in: No such file or directory; is the clone whole\?"):
        run_steps([copying_step()], workspace, reporter)


def test_a_step_that_makes_nothing_is_an_error(workspace: Workspace, reporter: Any) -> None:
    with pytest.raises(SetupError, match="made nothing"):
        run_steps([Step("a", "step a", lambda _: {}, lambda _: [])], workspace, reporter)


KILLED = """
import sys, time
from pathlib import Path
from tools.setup.report import PlainReporter
from tools.setup.steps import Step, run_steps
from tools.setup.workspace import Workspace
from tools.setup.lock import hold

root = Path(sys.argv[1])
def build(context):
    half = root / "half"
    half.write_text("ha")
    time.sleep(60)
    return [half]
with hold(root / ".tools" / "setup.lock", print):
    run_steps([Step("slow", "slow step", lambda _: {}, build)], Workspace(root), PlainReporter())
"""


def test_a_killed_step_has_no_stamp_frees_its_lock_and_is_done_again(
    workspace: Workspace, reporter: Any, repo_root: Path
) -> None:
    half = workspace.root / "half"
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(workspace.root)], cwd=repo_root)
    try:
        deadline = time.monotonic() + 30
        while not half.exists():
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
    finally:
        process.kill()
        process.wait()

    from tools.setup.lock import hold

    def build(_: Context) -> Iterable[Path]:
        half.write_text("whole")
        return [half]

    step = Step("slow", "slow step", lambda _: {}, build)
    assert not is_current(step, workspace)
    waited: list[str] = []
    with hold(workspace.root / ".tools" / "setup.lock", waited.append):
        assert run_steps([step], workspace, reporter) == 1
    assert waited == []
    assert half.read_text() == "whole"
    assert list(workspace.stamps.iterdir()) == [workspace.stamps / "slow.json"]
