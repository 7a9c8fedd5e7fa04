"""Which Node is used: the machine's when it will do, else the packaged one, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.setup.node import NodeChoice, Unsuitable, system_node

Program = Callable[[str, str], Path]


def reason(folder: Path) -> str:
    choice = system_node(str(folder))
    assert isinstance(choice, Unsuitable)
    return choice.reason


def test_no_node_at_all(tmp_path: Path, program: Program) -> None:
    program("npm", "echo 10.0.0")
    assert reason(tmp_path / "bin") == "this machine has no Node"


@pytest.mark.parametrize("name", ["node", "nodejs"])
def test_node_18_with_npm_is_used(tmp_path: Path, program: Program, name: str) -> None:
    node, npm = program(name, "echo v18.0.0"), program("npm", "echo 9.2.0")
    assert system_node(str(tmp_path / "bin")) == NodeChoice(node, (str(npm),))


def test_node_17_is_too_old(tmp_path: Path, program: Program) -> None:
    node = program("node", "echo v17.9.1")
    program("npm", "echo 9.2.0")
    assert reason(tmp_path / "bin") == f"{node} is v17.9.1, older than 18"


def test_an_old_nodejs_beside_a_recent_node(tmp_path: Path, program: Program) -> None:
    program("nodejs", "echo v12.22.0")
    node, npm = program("node", "echo v22.1.0"), program("npm", "echo 9.2.0")
    assert system_node(str(tmp_path / "bin")) == NodeChoice(node, (str(npm),))


def test_node_without_npm(tmp_path: Path, program: Program) -> None:
    node = program("node", "echo v20.0.0")
    assert reason(tmp_path / "bin") == f"{node} is there but npm is not"


def test_npm_that_does_not_start(tmp_path: Path, program: Program) -> None:
    program("node", "echo v20.0.0")
    npm = program("npm", "exit 1")
    assert reason(tmp_path / "bin") == f"{npm} does not start"


@pytest.mark.parametrize("script", ["exit 0", "echo twenty", "exit 127"])
def test_a_node_that_is_none(tmp_path: Path, program: Program, script: str) -> None:
    node = program("node", script)
    program("npm", "echo 9.2.0")
    assert reason(tmp_path / "bin") == f"{node} does not say its version"
