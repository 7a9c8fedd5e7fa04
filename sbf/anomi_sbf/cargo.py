"""Asking cargo about a workspace, and running it for the target."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anomi_core
from anomi_core.errors import AnomiError
from anomi_prover.files import atomic_write
from anomi_sbf import errors
from anomi_sbf.errors import CargoFailedError, CargoMissingError, LinkerCrashedError, ProgramCrateMissingError
from anomi_sbf.sysroot import TARGET_FILE
from anomi_sbf.toolchain import Toolchain

__all__ = ["CARGO_MINIMUM", "Workspace", "build_object", "cargo_version", "read_workspace"]

CARGO_MINIMUM = (1, 95)  # the first with -Zjson-target-spec
CARGO_TIMEOUT_S = 3_600
REPORT_VARIABLE = "ANOMI_SBF_REPORT"
# What would make the result depend on the user's settings.
_DROPPED = re.compile(
    r"RUSTFLAGS|RUSTC_(WORKSPACE_)?WRAPPER|RUSTC|CARGO_(ENCODED_RUSTFLAGS|BUILD_.*|PROFILE_.*|TARGET_.*|INCREMENTAL)"
)


@dataclass(frozen=True)
class Workspace:
    """What cargo says about the package to build."""

    root: Path
    library_name: str
    manifests: tuple[Path, ...]
    """Cargo.toml of the workspace and of every crate of it, or beside it, that the package is made of."""
    remaps: tuple[tuple[Path, str], ...]
    """Folders that the compiler must not name, with what it shall say instead."""


def cargo_version() -> tuple[int, ...]:
    """Return cargo's version; raises CargoMissingError when there is none or it is too old."""
    cargo = shutil.which("cargo")
    if cargo is None:
        raise CargoMissingError(
            "building programs needs cargo, which is not on PATH",
            hint="install Rust 1.95 or newer from https://rustup.rs",
        )
    result = subprocess.run([cargo, "--version"], capture_output=True, text=True, check=False, timeout=60)
    match = re.match(r"cargo (\d+)\.(\d+)", result.stdout)
    if match is None:
        reason = (result.stderr.strip().splitlines() or ["it does not say its version"])[0]
        raise CargoMissingError(f"cargo does not run: {reason}", hint="install Rust 1.95 or newer")
    version = int(match[1]), int(match[2])
    if version < CARGO_MINIMUM:
        raise CargoMissingError(
            f"cargo {version[0]}.{version[1]} is too old: {CARGO_MINIMUM[0]}.{CARGO_MINIMUM[1]} or newer is needed",
            hint="run: rustup update stable",
        )
    return version


def read_workspace(manifest: Path, package: str) -> Workspace:
    """Return what `cargo metadata --locked` says; raises CargoFailedError, ProgramCrateMissingError."""
    cargo_version()
    result = subprocess.run(
        ["cargo", "metadata", "--format-version=1", "--locked", f"--manifest-path={manifest}"],  # noqa: S607
        env=_clean_environment(),
        capture_output=True,
        text=True,
        timeout=CARGO_TIMEOUT_S,
        check=False,
    )
    if result.returncode != 0:
        raise CargoFailedError(
            f"cargo cannot read the workspace of {manifest}: {_first_error(result.stderr)}",
            hint="run `cargo metadata --locked` there to see it all",
        )
    metadata: dict[str, Any] = json.loads(result.stdout)
    packages = {entry["id"]: entry for entry in metadata["packages"]}
    members = set(metadata["workspace_members"])
    chosen = next((p for p in packages.values() if p["name"] == package and p["id"] in members), None)
    if chosen is None:
        names = ", ".join(sorted(packages[member]["name"] for member in members))
        raise ProgramCrateMissingError(f"the workspace has no package {package!r}; it has {names}")
    library = next((target for target in chosen["targets"] if "cdylib" in target["crate_types"]), None)
    if library is None:
        raise ProgramCrateMissingError(
            f"package {package!r} has no library of type cdylib, which a program must be",
            hint='add crate-type = ["cdylib"] under [lib] in its Cargo.toml',
        )
    nodes = {node["id"]: node["dependencies"] for node in metadata["resolve"]["nodes"]}
    needed, frontier = {chosen["id"]}, [chosen["id"]]
    while frontier:
        new = [identity for identity in nodes[frontier.pop()] if identity not in needed]
        needed.update(new)
        frontier.extend(new)
    root = Path(metadata["workspace_root"])
    local = [Path(packages[i]["manifest_path"]) for i in sorted(needed) if packages[i]["source"] is None]
    return Workspace(
        root=root,
        library_name=library["name"].replace("-", "_"),
        manifests=tuple(dict.fromkeys([root / "Cargo.toml", *local])),
        remaps=_remaps(root, [packages[identity] for identity in sorted(needed)]),
    )


def _remaps(root: Path, packages: list[dict[str, Any]]) -> tuple[tuple[Path, str], ...]:
    """Give every crate a name that does not depend on the machine: a registry's folder is named after its mirror."""
    found = {root: "."}
    for package in packages:
        folder = Path(package["manifest_path"]).parent
        if package["source"] is not None or not folder.is_relative_to(root):
            found[folder] = f"/cargo/{package['name']}-{package['version']}"
    return tuple(sorted(found.items()))


def build_object(
    workspace: Workspace,
    *,
    manifest: Path,
    package: str,
    toolchain: Toolchain,
    sysroot: Path,
    target_folder: Path,
    tool_identity: str,
    show: Callable[[str], None],
) -> tuple[Path, tuple[Path, ...]]:
    """Compile and link the package to a relocatable object; return it and every source file that went into it.

    `show` receives the compiler's messages as they come. Raises the linker's own error, or CargoFailedError.
    """
    tools = target_folder / "anomi-tools"
    tools.mkdir(parents=True, exist_ok=True)
    report = tools / f"report.{os.getpid()}.json"
    linker = _linker_script(tools, toolchain)
    flags = [
        f"--sysroot={sysroot}",
        "-Zunstable-options",
        f"-Clinker={linker}",
        # Cargo does not know that another compiler core or linker makes another result; the flag tells it.
        f"-Clink-arg=--identity={tool_identity}",
        *(f"--remap-path-prefix={folder}={name}" for folder, name in workspace.remaps),
    ]
    environment = {
        **toolchain.environment(_clean_environment()),
        "RUSTC": str(_rustc_script(tools, toolchain)),
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags),
        REPORT_VARIABLE: str(report),
    }
    if toolchain.library_path:  # the script sets it for rustc alone; other programs keep the system's libraries
        environment.pop("LD_LIBRARY_PATH", None)
        if "LD_LIBRARY_PATH" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    command = [
        "cargo",
        "build",
        "--release",
        "--lib",
        "--locked",
        "-Zjson-target-spec",
        f"--target={TARGET_FILE}",
        f"--target-dir={target_folder}",
        f"--manifest-path={manifest}",
        f"--package={package}",
        "--message-format=json",
        "--color=never",
    ]
    report.unlink(missing_ok=True)
    try:
        return _run(command, environment, workspace, report, show)
    finally:
        report.unlink(missing_ok=True)


def _run(
    command: list[str],
    environment: Mapping[str, str],
    workspace: Workspace,
    report: Path,
    show: Callable[[str], None],
) -> tuple[Path, tuple[Path, ...]]:
    object_file: Path | None = None
    first_error = ""
    link_failed = False
    # cargo's progress goes to a file: a pipe that nobody reads would stop it when full.
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as stderr,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
    ):
        if process.stdout is None:
            raise CargoFailedError("cargo gives no output")
        for line in process.stdout:
            message = json.loads(line) if line.startswith("{") else {}
            if message.get("reason") == "compiler-message":
                text = message["message"]["message"]
                if text.startswith("linking with "):
                    link_failed = True
                elif not text.startswith(("aborting due to", "could not compile")):
                    show(message["message"]["rendered"])
                    if message["message"]["level"] == "error" and not first_error:
                        first_error = text
            elif message.get("reason") == "compiler-artifact":
                target = message["target"]
                if "cdylib" in target["crate_types"] and target["name"].replace("-", "_") == workspace.library_name:
                    object_file = next((Path(name) for name in message["filenames"] if name.endswith(".so")), None)
        process.wait()
        stderr.seek(0)
        complaints = stderr.read()
    if process.returncode != 0:
        if report.is_file():
            raise _reported_error(json.loads(report.read_text(encoding="utf-8")))
        if link_failed:
            raise LinkerCrashedError("the linker ended without saying why")
        raise CargoFailedError(
            f"{workspace.library_name} does not compile: {first_error or _first_error(complaints)}",
            hint=None if first_error else "run cargo there to see it all",
        )
    if object_file is None or not object_file.is_file():
        raise CargoFailedError(f"cargo names no output for {workspace.library_name}")
    return object_file, _sources(object_file, workspace)


def _reported_error(record: Mapping[str, Any]) -> AnomiError:
    """Make the linker's error again, of its own class, in this process."""
    kind = getattr(errors, str(record.get("error")), LinkerCrashedError)
    if not (isinstance(kind, type) and issubclass(kind, AnomiError)):
        kind = LinkerCrashedError
    return kind(str(record.get("message")), hint=record.get("hint"))


def _sources(object_file: Path, workspace: Workspace) -> tuple[Path, ...]:
    """Return the files that cargo's dependency file lists: those of path crates, and whatever they include."""
    text = object_file.with_suffix(".d").read_text(encoding="utf-8")
    _, _, rule = text.partition(": ")
    names = [name.replace("\\ ", " ") for name in re.split(r"(?<!\\) ", rule.split("\n", 1)[0]) if name]
    lock = workspace.root / "Cargo.lock"
    found = {Path(os.path.abspath(name)) for name in names} | set(workspace.manifests) | {lock}  # noqa: PTH100
    found |= {path for path in workspace.root.glob(".cargo/config*") if path.is_file()}
    return tuple(sorted(found))


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not _DROPPED.fullmatch(name)}


def _first_error(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    marked = [line.removeprefix("error: ") for line in lines if line.startswith("error")]
    return (marked or lines or ["no reason given"])[0]


def _rustc_script(folder: Path, toolchain: Toolchain) -> Path:
    if not toolchain.library_path:
        return toolchain.rustc
    return _script(folder / "rustc", _library_path(toolchain), [str(toolchain.rustc)])


def _linker_script(folder: Path, toolchain: Toolchain) -> Path:
    # Next to one another where the package is installed, in rooms of their own in a checkout.
    rooms = dict.fromkeys(Path(place).resolve().parents[1] for place in (__file__, anomi_core.__file__))
    command = [
        sys.executable,
        "-P",
        "-m",
        "anomi_sbf.link",
        f"--libllvm={toolchain.libllvm}",
        f"--rustc-llvm={toolchain.llvm_version}",
    ]
    setup = [*_library_path(toolchain), f"export PYTHONPATH={shlex.quote(os.pathsep.join(map(str, rooms)))}"]
    setup.append(f'[ -z "${REPORT_VARIABLE}" ] || set -- "--report=${REPORT_VARIABLE}" "$@"')
    return _script(folder / "sbf-link", setup, command)


def _library_path(toolchain: Toolchain) -> list[str]:
    if not toolchain.library_path:
        return []
    folders = shlex.quote(os.pathsep.join(map(str, toolchain.library_path)))
    return [f"export LD_LIBRARY_PATH={folders}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"]


def _script(path: Path, setup: list[str], command: list[str]) -> Path:
    """Write a small shell script, unless it is there already: cargo looks at the time of its compiler's file."""
    text = "\n".join(["#!/bin/sh", *setup, f'exec {shlex.join(command)} "$@"', ""])
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        atomic_write(path, text.encode(), mode=0o755)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
