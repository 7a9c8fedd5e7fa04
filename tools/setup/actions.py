"""What the targets do once everything is up to date."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.setup.check import run_checks
from tools.setup.errors import CommandFailedError
from tools.setup.process import captured, clean_environment, tail
from tools.setup.workspace import Workspace

__all__ = ["anchor", "bench", "check", "demo", "docs", "fuzz", "lock_files", "nothing", "test", "wheels"]

DEMO_SCHEMA = Path("docs/reference/demo.schema.json")
# The tests that need nothing but core, sdk and an SVM: they run on both generations of the runtime.
SVM_TESTS = ("tests/programs", "tests/property")
# One process a core; a process that has run out of tests takes over half of what another has left.
_SPREAD = ("-q", "-n", "auto", "--dist", "worksteal")


def _run(command: Sequence[str | Path], workspace: Workspace, extra: Mapping[str, str] | None = None) -> int:
    """Run a program with this terminal; return its exit code (128 + signal when it was killed)."""
    sys.stdout.flush()
    code = subprocess.run(
        [str(word) for word in command], cwd=workspace.root, env=clean_environment(extra), check=False
    ).returncode
    return code if code >= 0 else 128 - code


def _anomi(workspace: Workspace, *words: str) -> int:
    command = str(workspace.venv / "bin" / "anomi")
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command, [command, *words], clean_environment())  # noqa: S606 -- no shell is wanted


def nothing(workspace: Workspace, rest: list[str]) -> int:
    """Set-up was all there was to do."""
    del workspace, rest
    return 0


def demo(workspace: Workspace, rest: list[str]) -> int:
    """`anomi demo`."""
    return _anomi(workspace, "demo", *rest)


def bench(workspace: Workspace, rest: list[str]) -> int:
    """`anomi bench`: compute units unless told otherwise."""
    return _anomi(workspace, "bench", *(rest or ["cu"]))


def fuzz(workspace: Workspace, rest: list[str]) -> int:
    """The programs against a model, or with `parsers` whatever reads files; settings come from the environment."""
    if rest == ["parsers"]:
        return _run([workspace.python, "-m", "tools.fuzz_parsers"], workspace)
    return _run([workspace.python, "-m", "tests.property.fuzz", *rest], workspace)


def docs(workspace: Workspace, rest: list[str]) -> int:
    """Write the generated reference pages (and the other generated files)."""
    del rest
    return _run([workspace.python, "-m", "tools.codegen"], workspace)


def anchor(workspace: Workspace, rest: list[str]) -> int:
    """`cargo check` of the Anchor example: 200 crates that nothing else needs, so `make test` leaves it out."""
    manifest = workspace.root / "verifier_program" / "examples" / "anchor_gate" / "Cargo.toml"
    target = workspace.build / "anchor-target"
    return _run(["cargo", "check", "--locked", "--manifest-path", manifest, "--target-dir", target, *rest], workspace)


def wheels(workspace: Workspace, rest: list[str]) -> int:
    """Make the wheel of the Python packages, with what it carries, and put the native prover's beside it."""
    from tools.setup.native import wheel
    from tools.setup.place import copy_into_place

    folder = workspace.build / "wheels"
    code = _run([workspace.python, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, *rest], workspace)
    if code == 0:
        native = wheel(workspace)
        print(copy_into_place(native, folder / native.name).relative_to(workspace.root))
    return code


def check(workspace: Workspace, rest: list[str]) -> int:
    """`make check`."""
    del rest
    return 0 if run_checks(workspace) else 1


def test(workspace: Workspace, rest: list[str]) -> int:
    """The checks, every test and the demo; all of them run, and it fails when one did."""
    manifest = workspace.root / "verifier_program" / "Cargo.toml"
    native = workspace.root / "prover" / "native" / "Cargo.toml"
    outcomes: list[tuple[str, bool, float]] = []

    def part(name: str, passed: bool, began: float) -> None:
        outcomes.append((name, passed, time.monotonic() - began))

    began = time.monotonic()
    part("check", run_checks(workspace), began)
    programs: list[tuple[str, list[str | Path]]] = [
        ("cargo test", ["cargo", "test", "--manifest-path", manifest, "--workspace", "--locked", "--quiet"]),
        (
            "cargo test, native prover",
            ["cargo", "test", "--manifest-path", native, "--workspace", "--locked", "--quiet"],
        ),
        ("pytest", [workspace.python, "-m", "pytest", *_SPREAD, *rest]),
        ("pytest, second SVM", [workspace.svm_venv / "bin" / "python", "-m", "pytest", *_SPREAD, *SVM_TESTS]),
    ]
    for name, command in programs:
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        code = _run(command, workspace)
        if code > 128:
            print(f"{name} was ended by signal {code - 128}", flush=True)
        part(name, code == 0, began)
    print("\n== anomi demo --json", flush=True)
    began = time.monotonic()
    problem = demo_problem(workspace)
    if problem:
        print(problem, flush=True)
    part("demo", problem is None, began)

    print("\n== summary")
    for name, passed, seconds in outcomes:
        print(f"  {'ok    ' if passed else 'FAILED'} {name} ({seconds:.1f} s)")
    return 0 if all(passed for _, passed, _ in outcomes) else 1


def demo_problem(workspace: Workspace) -> str | None:
    """Run `anomi demo --json`; return what is wrong with its exit code or its document, or None."""
    import jsonschema

    done = captured([workspace.venv / "bin" / "anomi", "demo", "--json"], cwd=workspace.root)
    if done.returncode != 0:
        return f"anomi demo --json ended with exit code {done.returncode}:\n{tail(done.stderr or done.stdout, 30)}"
    try:
        document = json.loads(done.stdout)
        schema = json.loads((workspace.root / DEMO_SCHEMA).read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.Draft202012Validator(schema).validate(document)
    except ValueError as error:
        return f"anomi demo --json printed something that is not JSON, or {DEMO_SCHEMA} is not: {error}"
    except OSError as error:
        return f"{DEMO_SCHEMA} cannot be read: {error}"
    except jsonschema.exceptions.SchemaError as error:
        return f"{DEMO_SCHEMA} is no JSON schema: {error.message}"
    except jsonschema.exceptions.ValidationError as error:
        return f"anomi demo --json does not fit {DEMO_SCHEMA} at {error.json_path}: {error.message}"
    return None


_COMPILE = ("--quiet", "--generate-hashes", "--no-emit-find-links", "--no-emit-index-url",
            "--no-emit-trusted-host", "--strip-extras")  # fmt: skip


def lock_files(workspace: Workspace, rest: list[str]) -> int:
    """Make every lock file again from what is asked for: newest versions that fit. `--upgrade` to move pins."""
    compile_: list[str | Path] = [workspace.venv / "bin" / "pip-compile", *_COMPILE, *rest]
    jobs: list[list[str | Path]] = [
        [*compile_, "--allow-unsafe", "--extra=anchor", "--extra=dev", "--output-file=requirements/dev.txt",
         "pyproject.toml"],
        [*compile_, "--output-file=requirements/svm-mainnet.txt", "requirements/svm-mainnet.in"],
        [*compile_, "--output-file=requirements/node.txt", "requirements/node.in"],
        *([workspace.node / "bin" / "npm", "--prefix", folder, "install", "--package-lock-only",
           "--ignore-scripts", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved"]
          for folder in ("prover/npm", "tests/npm")),
        ["cargo", "update", "--workspace", "--manifest-path", workspace.root / "verifier_program" / "Cargo.toml"],
        ["cargo", "update", "--workspace", "--manifest-path", workspace.root / "prover" / "native" / "Cargo.toml"],
    ]  # fmt: skip
    for job in jobs:
        code = _run(job, workspace)
        if code != 0:
            raise CommandFailedError(f"{Path(str(job[0])).name} failed with exit code {code}; see above")
    return 0
