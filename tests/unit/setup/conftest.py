"""Fake steps over real files, so that the machinery is tested without pip, npm or snarkjs."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file


@dataclass
class Quiet:
    """A reporter that remembers."""

    lines: list[str] = field(default_factory=list)

    def started(self, title: str) -> None:
        self.lines.append(f"started {title}")

    def finished(self, title: str, seconds: float) -> None:
        assert seconds >= 0
        self.lines.append(f"finished {title}")

    def failed(self, title: str) -> None:
        self.lines.append(f"failed {title}")

    def note(self, message: str, /) -> None:
        self.lines.append(message)

    def start(self, label: str, total: int | None) -> None:
        self.lines.append(f"start {label} {total}")

    def advance(self, n: int) -> None:
        self.lines.append(f"advance {n}")

    def done(self) -> None:
        self.lines.append("done")


@pytest.fixture
def reporter() -> Quiet:
    return Quiet()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "a clone"
    root.mkdir()
    return Workspace(root)


@pytest.fixture
def copying_step(workspace: Workspace) -> Callable[..., Step]:
    """A function that makes a step which copies `<name>.in` to `build/<name>.out` in capitals."""

    def make(name: str = "copy", after: tuple[str, ...] = ()) -> Step:
        source = workspace.root / f"{name}.in"

        def build(context: Context) -> Iterable[Path]:
            target = context.workspace.build / f"{name}.out"
            target.parent.mkdir(exist_ok=True)
            target.write_text(source.read_text(encoding="utf-8").upper(), encoding="utf-8")
            return [target]

        return Step(name, f"step {name}", lambda _: {"source": hash_file(source)}, build, after)

    return make


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str, str], Path]:
    """A function that puts an executable shell script into `<tmp>/bin` and returns it."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def write(name: str, script: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return write
