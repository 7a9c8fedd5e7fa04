"""The on-chain programs: their crates fetched, and built for each SBPF generation."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tools.setup.process import run
from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file

__all__ = ["CRATES"]


def _workspace_folder(workspace: Workspace) -> Path:
    return workspace.root / "verifier_program"


def _fetch(context: Context) -> Iterable[Path]:
    folder = _workspace_folder(context.workspace)
    run(
        ["cargo", "fetch", "--locked", "--manifest-path", folder / "Cargo.toml"],
        doing="fetching the crates of verifier_program/Cargo.lock",
        log=context.log,
        cwd=context.workspace.root,
    )
    return [folder / "Cargo.lock"]


CRATES = Step(
    name="crates",
    title="Rust crates of verifier_program/Cargo.lock",
    inputs=lambda workspace: {"lock": hash_file(_workspace_folder(workspace) / "Cargo.lock")},
    build=_fetch,
)
