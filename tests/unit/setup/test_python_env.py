"""Environments: built where they stay, turned to when they are whole, kept when the next one fails."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tools.setup import python_env
from tools.setup.errors import CommandFailedError
from tools.setup.steps import is_current, run_steps
from tools.setup.workspace import Workspace

SITE = Path("lib/python3.11/site-packages")


class Machine:
    """Stands in for `python -m venv` and pip: writes the few files that matter."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.before_pip: Callable[[], None] = lambda: None

    def run(self, command: Sequence[str | Path], *, doing: str, log: Path, cwd: Path) -> None:
        assert doing and log.name.endswith(".log") and cwd.is_dir()
        words = [str(word) for word in command]
        if "venv" in words:
            self.ran.append("venv")
            folder = Path(words[-1])
            (folder / "bin").mkdir(parents=True)  # fails where an earlier attempt has been: a pip of it may still write
            (folder / "bin" / "python").write_text("python")
            (folder / "pyvenv.cfg").write_text("home = /usr/bin")
            return
        self.ran.append("pip")
        self.before_pip()
        package = Path(words[0]).parent.parent / SITE / "click-8.dist-info"
        package.mkdir(parents=True)
        (package / "RECORD").write_text("click/__init__.py,sha256=x,1")


@pytest.fixture
def machine(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Machine:
    (workspace.root / "requirements").mkdir()
    for name in ("dev", "svm-mainnet"):
        (workspace.root / "requirements" / f"{name}.txt").write_text("click==8")
    made = Machine()
    monkeypatch.setattr(python_env, "run", made.run)
    return made


def environments(workspace: Workspace) -> list[Path]:
    return sorted((workspace.tools / "venvs").iterdir())


def test_an_environment_is_built_once(workspace: Workspace, machine: Machine, reporter: Any) -> None:
    assert run_steps([python_env.MAIN], workspace, reporter) == 1
    assert machine.ran == ["venv", "pip"]
    assert workspace.venv.is_symlink()
    assert environments(workspace) == [workspace.venv.resolve()]
    assert run_steps([python_env.MAIN], workspace, reporter) == 0
    assert machine.ran == ["venv", "pip"]


def test_without_its_stamp_a_whole_environment_is_kept(workspace: Workspace, machine: Machine, reporter: Any) -> None:
    run_steps([python_env.MAIN], workspace, reporter)
    shutil.rmtree(workspace.stamps)
    run_steps([python_env.MAIN], workspace, reporter)
    assert machine.ran == ["venv", "pip"]


def test_a_half_made_environment_is_made_again(workspace: Workspace, machine: Machine, reporter: Any) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    machine.before_pip = interrupt
    with pytest.raises(KeyboardInterrupt):
        run_steps([python_env.MAIN], workspace, reporter)
    assert not workspace.venv.exists()
    assert len(environments(workspace)) == 1
    machine.before_pip = lambda: None
    run_steps([python_env.MAIN], workspace, reporter)
    assert machine.ran == ["venv", "pip"] * 2
    assert is_current(python_env.MAIN, workspace)


def test_a_lost_package_makes_it_again(workspace: Workspace, machine: Machine, reporter: Any) -> None:
    run_steps([python_env.MAIN], workspace, reporter)
    shutil.rmtree(workspace.venv / SITE / "click-8.dist-info")
    assert run_steps([python_env.MAIN], workspace, reporter) == 1
    assert machine.ran == ["venv", "pip"] * 2


def test_a_new_lock_makes_a_new_one_beside_it_and_removes_the_old(
    workspace: Workspace, machine: Machine, reporter: Any
) -> None:
    run_steps([python_env.MAIN], workspace, reporter)
    old = workspace.venv.resolve()
    (workspace.root / "requirements" / "dev.txt").write_text("click==9")
    seen: list[Path] = []
    machine.before_pip = lambda: seen.append(workspace.venv.resolve())
    run_steps([python_env.MAIN], workspace, reporter)
    assert seen == [old]  # until the new one is whole, .venv is the old one
    assert workspace.venv.resolve() != old
    assert environments(workspace) == [workspace.venv.resolve()]


def test_a_failing_pip_leaves_the_earlier_environment(workspace: Workspace, machine: Machine, reporter: Any) -> None:
    run_steps([python_env.MAIN], workspace, reporter)
    old = workspace.venv.resolve()
    (workspace.root / "requirements" / "dev.txt").write_text("click==9")

    def fail() -> None:
        raise CommandFailedError("no network")

    machine.before_pip = fail
    with pytest.raises(CommandFailedError, match=r"^no network$"):
        run_steps([python_env.MAIN], workspace, reporter)
    assert workspace.venv.resolve() == old
    assert (workspace.venv / "bin" / "python").is_file()


def test_a_hand_made_environment_is_replaced(workspace: Workspace, machine: Machine, reporter: Any) -> None:
    (workspace.venv / "bin").mkdir(parents=True)
    (workspace.venv / "bin" / "old").touch()
    run_steps([python_env.MAIN], workspace, reporter)
    assert machine.ran == ["venv", "pip"]
    assert workspace.venv.is_symlink()
    assert not (workspace.venv / "bin" / "old").exists()


def test_the_second_svm_sees_the_rooms_that_program_tests_need(
    workspace: Workspace, machine: Machine, reporter: Any
) -> None:
    run_steps([python_env.MAIN, python_env.SVM_MAINNET], workspace, reporter)
    assert machine.ran == ["venv", "pip"] * 2
    rooms = (workspace.svm_venv / SITE / "anomi-rooms.pth").read_text().splitlines()
    assert rooms == [str(workspace.root / room) for room in ("core", "prover", "sdk")]
    assert len(environments(workspace)) == 2
