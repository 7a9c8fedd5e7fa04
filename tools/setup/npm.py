"""The Node programs: exactly the packages of prover/npm/package-lock.json, shared by a user's clones."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from anomi_prover.cache import Cache
from tools.setup.errors import CommandFailedError
from tools.setup.place import link_into_place
from tools.setup.process import run
from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file

__all__ = ["NPM"]

_FILES = ("package.json", "package-lock.json", ".npmrc")
# These stand for the whole: the cache checks every file before it hands the folder out.
_LANDMARKS = (
    ".package-lock.json",
    "snarkjs/build/cli.cjs",
    "circom2/circom.wasm",
    "circomlib/package.json",
    "@zk-kit/eddsa-poseidon/package.json",
    "poseidon-lite/package.json",
)


def _source(workspace: Workspace) -> Path:
    return workspace.root / "prover" / "npm"


def _inputs(workspace: Workspace) -> dict[str, str]:
    inputs = {name: hash_file(_source(workspace) / name) for name in _FILES}
    return inputs | {"code": hash_file(Path(__file__))}


def _build(context: Context) -> Iterable[Path]:
    workspace = context.workspace
    source = _source(workspace)

    def install(folder: Path) -> None:
        for name in _FILES:
            shutil.copyfile(source / name, folder / name)
        tools = workspace.node / "bin"
        # No package of ours needs an install script, so none is allowed to run.
        run(
            [tools / "npm", "ci", "--ignore-scripts", "--no-bin-links", "--no-audit", "--no-fund"],
            doing="installing prover/npm/package-lock.json",
            log=context.log,
            cwd=folder,
            extra_environment={"PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
        )
        missing = [name for name in _LANDMARKS if not (folder / "node_modules" / name).is_file()]
        if missing:
            raise CommandFailedError(f"npm ended well but did not install {', '.join(missing)}")

    key = {name: hash_file(source / name) for name in _FILES}
    folder = Cache.default(progress=context.reporter).get_or_build("npm", key, install)
    link_into_place(folder, workspace.npm)
    return [workspace.npm / "node_modules" / name for name in _LANDMARKS]


NPM = Step(
    name="npm",
    title="snarkjs, circom and circomlib (npm)",
    inputs=_inputs,
    build=_build,
    after=(),
)
