"""`python3.11 -m tools.setup TARGET [ARGUMENT…]`: what the Makefile calls.

It runs in two lives. The first, on the system's Python, brings `.venv` up to date. It then replaces itself by the
second, on `.venv`'s Python, which does everything else. One lock is held through both.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tools.setup import lock, preflight, python_env
from tools.setup.errors import SetupError, SetupStopped
from tools.setup.place import remove
from tools.setup.report import PlainReporter, best_reporter
from tools.setup.steps import Step, is_current, run_steps
from tools.setup.workspace import Workspace

__all__ = ["TARGETS", "main"]

_SECOND_LIFE = "--in-venv"
# target → the groups of steps it needs, by their names in `_GROUPS`.
TARGETS = {
    "setup": ("tools", "crates", "native", "programs", "circuits", "keys", "svm-mainnet", "test-clients"),
    "demo": ("tools", "crates", "native", "programs", "circuits", "keys"),
    "test": ("tools", "crates", "native", "programs", "circuits", "keys", "svm-mainnet", "test-clients"),
    "check": ("crates", "programs"),
    "bench": ("tools", "crates", "native", "programs", "circuits", "keys"),
    "fuzz": ("crates", "programs"),
    "circuits": ("tools", "circuits"),
    "programs": ("crates", "programs"),
    "native": ("crates", "native"),
    "wheels": ("tools", "crates", "native", "programs"),
    "docs": (),
    "anchor": (),
    "lock": ("tools",),
    "clean": (),
}


def main(arguments: Sequence[str]) -> int:
    """Bring what the target needs up to date and run it; return the exit code."""
    words = list(arguments)
    second = words[:1] == [_SECOND_LIFE]
    if second:
        del words[0]
    if not words or words[0] not in TARGETS:
        print(f"usage: python3.11 -m tools.setup {{{','.join(TARGETS)}}} [ARGUMENT…]", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    workspace = Workspace.of_this_file()
    try:
        if words[0] == "clean":
            return _clean(workspace)
        if second:
            return _second_life(workspace, words)
        _first_life(workspace, words)
    except (KeyboardInterrupt, SetupStopped):
        print("stopped; run the same command again and it goes on from here", file=sys.stderr)
        return 130
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code


def _lock(workspace: Workspace) -> Path:
    return workspace.tools / "setup.lock"


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SetupStopped(number, frame)


def _first_life(workspace: Workspace, words: list[str]) -> NoReturn:
    target = words[0]
    groups = TARGETS[target]
    preflight.require(
        workspace, programs="programs" in groups, checks=target in ("check", "test"), native="native" in groups
    )
    reporter = best_reporter()
    with lock.hold(_lock(workspace), reporter.note) as descriptor:
        if not (is_current(python_env.MAIN, workspace) and is_current(python_env.PROJECT, workspace)):
            print("set-up", file=sys.stderr)
            run_steps([python_env.MAIN, python_env.PROJECT], workspace, reporter)
        os.set_inheritable(descriptor, True)
        python = str(workspace.python)
        environment = dict(os.environ) | {lock.INHERITED_LOCK: str(descriptor)}
        command = [python, "-E", "-s", "-m", "tools.setup", _SECOND_LIFE, *words]
        os.chdir(workspace.root)
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(python, command, environment)  # noqa: S606 -- no shell is wanted


def _second_life(workspace: Workspace, words: list[str]) -> int:
    from anomi_core.errors import AnomiError

    target, rest = words[0], words[1:]
    reporter = best_reporter()
    try:
        with lock.hold(_lock(workspace), reporter.note, inherit=True):
            steps = _steps(TARGETS[target])
            if run_steps(steps, workspace, reporter) == 0:
                PlainReporter().note(f"set-up is up to date ({len(steps) + 2} steps)")
        return _action(target)(workspace, rest)
    except AnomiError as error:
        hint = f"; {error.hint}" if error.hint else ""
        print(f"error: {error}{hint}", file=sys.stderr)
        return error.exit_code


def _steps(groups: Sequence[str]) -> list[Step]:
    return [step for group in groups for step in _GROUPS[group]()]


# Imported late: these modules need what the first life installs, and not every target needs all of them.
def _tools() -> Sequence[Step]:
    from tools.setup import node, npm

    return [node.NODE, npm.NPM]


def _crates() -> Sequence[Step]:
    from tools.setup import native, programs

    return [programs.CRATES, native.CRATES]


def _native() -> Sequence[Step]:
    from tools.setup import native

    return [native.WHEEL]


def _programs() -> Sequence[Step]:
    from tools.setup import programs

    return [programs.PROGRAMS]


def _circuits() -> Sequence[Step]:
    from tools.setup import circuits

    return [circuits.CIRCUITS]


def _keys() -> Sequence[Step]:
    from tools.setup import keys

    return [keys.PTAU, keys.KEYS]


def _test_clients() -> Sequence[Step]:
    from tools.setup import npm

    return [npm.NPM_TESTS]


_GROUPS: dict[str, Callable[[], Sequence[Step]]] = {
    "tools": _tools,
    "crates": _crates,
    "native": _native,
    "programs": _programs,
    "circuits": _circuits,
    "keys": _keys,
    "svm-mainnet": lambda: [python_env.SVM_MAINNET],
    "test-clients": _test_clients,
}


def _action(target: str) -> Callable[[Workspace, list[str]], int]:
    from tools.setup import actions

    return {
        "demo": actions.demo,
        "test": actions.test,
        "check": actions.check,
        "bench": actions.bench,
        "fuzz": actions.fuzz,
        "docs": actions.docs,
        "anchor": actions.anchor,
        "wheels": actions.wheels,
        "lock": actions.lock_files,
    }.get(target, actions.nothing)


def _clean(workspace: Workspace) -> int:
    """Remove what set-up and builds made in this clone; the per-user cache stays."""
    with lock.hold(_lock(workspace), PlainReporter().note):
        for path in (workspace.venv, workspace.svm_venv, workspace.build, workspace.root / "dist"):
            remove(path)
        for name in (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"):
            remove(workspace.root / name)
        remove(workspace.root / "verifier_program" / "target")
        remove(workspace.root / "prover" / "native" / "target")
        for path in workspace.tools.iterdir():
            if path != _lock(workspace):
                remove(path)
    print("clean: the clone is as it was cloned; the per-user cache is kept")
    return 0
