"""`make check`: every part runs, each says one line, and it fails at the end if one failed."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.setup.process import clean_environment
from tools.setup.workspace import Workspace

__all__ = ["Part", "Result", "parts", "run_parts", "shell_scripts"]


@dataclass(frozen=True)
class Part:
    """One program whose exit code is a verdict on the sources."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """How a part ended, and what it printed."""

    part: Part
    passed: bool
    seconds: float
    output: str


def parts(workspace: Workspace) -> list[Part]:
    """Return every part, the slowest first."""
    tool = {name: str(workspace.venv / "bin" / name) for name in ("python", "ruff", "mypy", "lint-imports")}
    manifest = ("--manifest-path", str(workspace.root / "verifier_program" / "Cargo.toml"))
    native = ("--manifest-path", str(workspace.root / "prover" / "native" / "Cargo.toml"))
    return [
        Part("clippy", ("cargo", "clippy", *manifest, "--workspace", "--all-targets", "--locked", "--quiet",
                        "--", "-D", "warnings")),
        Part("clippy, native prover", ("cargo", "clippy", *native, "--workspace", "--all-targets", "--locked",
                                       "--quiet", "--", "-D", "warnings")),
        Part("mypy", (tool["mypy"],)),
        Part("rustfmt", ("cargo", "fmt", *manifest, "--all", "--check")),
        Part("rustfmt, native prover", ("cargo", "fmt", *native, "--all", "--check")),
        Part("ruff", (tool["ruff"], "check", ".")),
        Part("ruff format", (tool["ruff"], "format", "--check", ".")),
        Part("import-linter", (tool["lint-imports"],)),
        Part("generated files", (tool["python"], "-m", "tools.codegen", "--check")),
        Part("shell scripts", ("bash", "-n", *shell_scripts(workspace.root))),
        Part("costs", (tool["python"], "-m", "tools.costs")),
        Part("tidy", (tool["python"], "-m", "tools.setup.tidy")),
    ]  # fmt: skip


def shell_scripts(root: Path) -> list[str]:
    """Return the project's shell scripts, relative to `root`."""
    folders = [root / name for name in ("tools", ".ci", "tests", "verifier_program")]
    named = (path for folder in folders if folder.is_dir() for path in folder.rglob("*.sh"))
    found = {path.relative_to(root).as_posix() for path in named if "target" not in path.parts}
    return sorted(found | {".ci/run"})


def run_parts(chosen: Sequence[Part], root: Path) -> Iterator[Result]:
    """Run the parts, two at a time, and yield their results in the order given."""

    def run(part: Part) -> Result:
        began = time.monotonic()
        try:
            done = subprocess.run(
                part.command,
                cwd=root,
                env=clean_environment({"CARGO_TERM_COLOR": "never", "NO_COLOR": "1"}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
            )
            passed, output = done.returncode == 0, done.stdout
        except OSError as error:
            passed, output = False, f"{part.command[0]} could not be started: {error.strerror or error}"
        return Result(part, passed, time.monotonic() - began, output)

    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        yield from pool.map(run, chosen)


def run_checks(workspace: Workspace) -> bool:
    """Run and report every part on standard output; return whether all passed."""
    failed = 0
    print("check", flush=True)
    for result in run_parts(parts(workspace), workspace.root):
        print(f"  {'ok    ' if result.passed else 'FAILED'} {result.part.name} ({result.seconds:.1f} s)", flush=True)
        if not result.passed:
            failed += 1
            print("".join(f"      {line}\n" for line in result.output.rstrip().splitlines()), end="", flush=True)
    if failed:
        print(f"check: {failed} part(s) failed", flush=True)
    return not failed
