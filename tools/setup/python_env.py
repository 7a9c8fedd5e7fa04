"""The Python environments, each from a lock file with hashes.

An environment cannot be built under one name and renamed to another: its scripts hold its absolute path. So it is
built where it will stay, in a new folder of `.tools/venvs`, marked complete by a last file, and only then does the
well-known link (`.venv`) turn to it. Until that moment the earlier environment keeps working. The folder is new each
time because a killed set-up may leave a pip behind that still writes into the old one.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.setup.errors import CommandFailedError
from tools.setup.place import link_into_place
from tools.setup.process import run
from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file, hash_text

__all__ = ["MAIN", "PROJECT", "SVM_MAINNET"]

_MARKER = ".anomi-complete"


def _lock(workspace: Workspace, name: str) -> Path:
    return workspace.root / "requirements" / f"{name}.txt"


def _interpreter() -> str:
    # Inside `.venv` this is still the interpreter it was made from.
    return f"{sys.version} at {os.path.realpath(sys.executable)}"


def _inputs(workspace: Workspace, lock: str) -> dict[str, str]:
    return {
        "lock": hash_file(_lock(workspace, lock)),
        "interpreter": _interpreter(),
        "folder": str(workspace.root),
        "code": hash_file(Path(__file__)),
    }


def _build(context: Context, *, name: str, lock: str, link: Path, import_roots: Sequence[Path] = ()) -> Iterable[Path]:
    workspace = context.workspace
    key = hash_text(repr(sorted(_inputs(workspace, lock).items())))[:16]
    home = workspace.tools / "venvs"
    folder = next((found for found in home.glob(f"{name}-{key}-*") if _is_whole(found)), None)
    if folder is None:
        folder = home / f"{name}-{key}-{secrets.token_hex(4)}"
        run(
            [os.path.realpath(sys.executable), "-I", "-m", "venv", folder],
            doing=f"making the environment {workspace.relative(folder)} (Debian: apt-get install python3-venv)",
            log=context.log,
            cwd=workspace.root,
        )
        run(
            [folder / "bin" / "python", "-I", "-m", "pip", "install", "--no-input", "--progress-bar=off",
             "--require-hashes", "-r", _lock(workspace, lock)],
            doing=f"installing requirements/{lock}.txt",
            log=context.log,
            cwd=workspace.root,
        )  # fmt: skip
        if import_roots:
            roots = "".join(f"{root}\n" for root in import_roots)
            (_site_packages(folder) / "anomi-rooms.pth").write_text(roots, encoding="utf-8")
        (folder / _MARKER).write_text(_fingerprint(folder), encoding="utf-8")
    link_into_place(folder.relative_to(link.parent), link)
    for other in home.glob(f"{name}-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return [link / _MARKER, link / "pyvenv.cfg", link / "bin" / "python", *_records(link)]


def _fingerprint(folder: Path) -> str:
    files = [folder / "pyvenv.cfg", *_records(folder)]
    return hash_text("".join(f"{file.relative_to(folder)} {hash_file(file)}\n" for file in files)) + "\n"


def _is_whole(folder: Path) -> bool:
    """Return whether the environment was finished, and still holds every package it was finished with."""
    try:
        return (folder / _MARKER).read_text(encoding="utf-8") == _fingerprint(folder)
    except (OSError, UnicodeDecodeError):
        return False


def _site_packages(folder: Path) -> Path:
    return folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def _records(folder: Path) -> list[Path]:
    # Each RECORD lists the files of one package; the project's own two are installed again whenever they change.
    records = _site_packages(folder).glob("*.dist-info/RECORD")
    return sorted(record for record in records if not record.parent.name.startswith(("anomi-", "anomi_prover_native-")))


def _project_inputs(workspace: Workspace) -> dict[str, str]:
    with (workspace.root / "pyproject.toml").open("rb") as file:
        settings = tomllib.load(file)
    parts = [settings.get("project"), settings.get("build-system"), settings.get("tool", {}).get("hatch")]
    return {"packaging": hash_text(repr(parts)), "code": hash_file(Path(__file__))}


def _build_project(context: Context) -> Iterable[Path]:
    workspace = context.workspace
    run(
        [workspace.python, "-I", "-m", "pip", "install", "--no-input", "--no-deps", "--no-build-isolation",
         "--no-index", "--editable", workspace.root],
        doing="installing this project into .venv",
        log=context.log,
        cwd=workspace.root,
    )  # fmt: skip
    command = workspace.venv / "bin" / "anomi"
    if not command.is_file():
        raise CommandFailedError("pip installed the project but .venv/bin/anomi is not there")
    return [command, *_site_packages(workspace.venv).glob("anomi-*.dist-info/METADATA")]


MAIN = Step(
    name="python",
    title="Python environment .venv",
    inputs=lambda workspace: _inputs(workspace, "dev"),
    build=lambda context: _build(context, name="main", lock="dev", link=context.workspace.venv),
)

PROJECT = Step(
    name="project",
    title="the command .venv/bin/anomi",
    inputs=_project_inputs,
    build=_build_project,
    after=("python",),
)

SVM_MAINNET = Step(
    name="svm-mainnet",
    title="Python environment .venv-svm-mainnet",
    inputs=lambda workspace: _inputs(workspace, "svm-mainnet"),
    build=lambda context: _build(
        context,
        name="svm-mainnet",
        lock="svm-mainnet",
        link=context.workspace.svm_venv,
        # The prover's second verifier judges the programs there too; what else it needs is not installed.
        import_roots=[context.workspace.root / room for room in ("core", "prover", "sdk")],
    ),
)
