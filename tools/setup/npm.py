"""Node packages: exactly those of a package-lock.json, shared by a user's clones."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from anomi_prover.cache import Cache
from tools.setup.errors import CommandFailedError
from tools.setup.place import link_into_place
from tools.setup.process import run
from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file

__all__ = ["NPM", "NPM_TESTS"]

_FILES = ("package.json", "package-lock.json", ".npmrc")


def _step(name: str, title: str, source: str, placed: Callable[[Workspace], Path], landmarks: tuple[str, ...]) -> Step:
    """Return the step that installs `source`'s lock file.

    The landmarks stand for the whole: the cache checks every file before it hands the folder out.
    """

    def inputs(workspace: Workspace) -> dict[str, str]:
        found = {file: hash_file(workspace.root / source / file) for file in _FILES}
        return found | {"code": hash_file(Path(__file__))}

    def build(context: Context) -> Iterable[Path]:
        workspace = context.workspace
        folder = workspace.root / source

        def install(into: Path) -> None:
            for file in _FILES:
                shutil.copyfile(folder / file, into / file)
            tools = workspace.node / "bin"
            # No package of ours needs an install script, so none is allowed to run.
            run(
                [tools / "npm", "ci", "--ignore-scripts", "--no-bin-links", "--no-audit", "--no-fund"],
                doing=f"installing {source}/package-lock.json",
                log=context.log,
                cwd=into,
                extra_environment={"PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
            )
            missing = [file for file in landmarks if not (into / "node_modules" / file).is_file()]
            if missing:
                raise CommandFailedError(f"npm ended well but did not install {', '.join(missing)}")

        key = {file: hash_file(folder / file) for file in _FILES}
        link_into_place(Cache.default(progress=context.reporter).get_or_build("npm", key, install), placed(workspace))
        return [placed(workspace) / "node_modules" / file for file in landmarks]

    return Step(name=name, title=title, inputs=inputs, build=build, after=())


NPM = _step(
    "npm",
    "snarkjs, circom and circomlib (npm)",
    "prover/npm",
    lambda workspace: workspace.npm,
    (
        ".package-lock.json",
        "snarkjs/build/cli.cjs",
        "circom2/circom.wasm",
        "circomlib/package.json",
        "@zk-kit/eddsa-poseidon/package.json",
        "poseidon-lite/package.json",
    ),
)

NPM_TESTS = _step(
    "npm-tests",
    "clients that tests point at the local node (npm)",
    "tests/npm",
    lambda workspace: workspace.npm_tests,
    (".package-lock.json", "@solana/web3.js/package.json"),
)
