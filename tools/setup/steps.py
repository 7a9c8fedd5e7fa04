"""The machinery: a step has inputs, outputs and a stamp; what is up to date is not done again.

The stamp is written last, by a rename, after every output is in place, and removed first, before a step touches
anything. So a step that was killed at any moment has no stamp and is simply done again, and every step is written
so that doing it again is safe: it builds aside and renames.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.setup.errors import SetupError
from tools.setup.report import Reporter
from tools.setup.workspace import Workspace, hash_file, hash_text

__all__ = ["Context", "Step", "is_current", "run_steps"]

_FORMAT = 1


@dataclass(frozen=True)
class Context:
    """What a step is given: the clone, the reporter and its own log."""

    workspace: Workspace
    reporter: Reporter
    log: Path


@dataclass(frozen=True)
class Step:
    """One piece of set-up.

    `inputs` returns everything its result depends on, by name (hashes, versions, paths). `build` makes the result
    and returns the files that stand for it. `after` names the steps whose outputs are inputs too.
    """

    name: str
    title: str
    inputs: Callable[[Workspace], Mapping[str, str]]
    build: Callable[[Context], Iterable[Path]]
    after: Sequence[str] = field(default=())


def is_current(step: Step, workspace: Workspace) -> bool:
    """Return whether the step's stamp holds: same inputs, and every output still has the bytes it had."""
    stamp = _read(_stamp(step.name, workspace))
    if stamp is None or stamp["inputs"] != _all_inputs(step, workspace):
        return False
    outputs = stamp["outputs"]
    try:
        return bool(outputs) and all(hash_file(workspace.root / name) == digest for name, digest in outputs.items())
    except OSError:
        return False


def run_steps(steps: Sequence[Step], workspace: Workspace, reporter: Reporter) -> int:
    """Bring every step up to date, in order; return how many had something to do.

    Raises the first `SetupError`. The steps before it stay done.
    """
    worked = 0
    for step in steps:
        if is_current(step, workspace):
            continue
        worked += 1
        log = workspace.logs / f"{step.name}.log"
        log.unlink(missing_ok=True)
        stamp = _stamp(step.name, workspace)
        stamp.unlink(missing_ok=True)
        inputs = _all_inputs(step, workspace)
        began = time.monotonic()
        reporter.started(step.title)
        try:
            outputs = list(step.build(Context(workspace, reporter, log)))
            hashes = {workspace.relative(path): hash_file(path) for path in outputs}
            if not hashes:
                raise SetupError(f"the step “{step.title}” made nothing; this is an error of set-up itself")
        except OSError as error:
            reporter.failed(step.title)
            raise SetupError(f"{_file_problem(error)}, in the step “{step.title}”") from error
        except BaseException:
            reporter.failed(step.title)
            raise
        _write(stamp, {"format": _FORMAT, "inputs": inputs, "outputs": hashes})
        reporter.finished(step.title, time.monotonic() - began)
    return worked


def _file_problem(error: OSError) -> str:
    name = f" {error.filename}" if error.filename else ""
    return f"the file system refused{name}: {error.strerror or error}"


def _stamp(name: str, workspace: Workspace) -> Path:
    return workspace.stamps / f"{name}.json"


def _all_inputs(step: Step, workspace: Workspace) -> dict[str, str]:
    try:
        inputs = dict(step.inputs(workspace))
    except OSError as error:
        raise SetupError(f"{_file_problem(error)}; is the clone whole?") from error
    for name in step.after:
        before = _read(_stamp(name, workspace))
        inputs[f"after {name}"] = hash_text(json.dumps(before["outputs"], sort_keys=True)) if before else ""
    return inputs


def _read(path: Path) -> dict[str, dict[str, str]] | None:
    """Return a stamp, or None for one that is missing or damaged: the step is then done again."""
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(stamp, dict) or stamp.get("format") != _FORMAT:
        return None
    for part in ("inputs", "outputs"):
        words = stamp.get(part)
        if not isinstance(words, dict) or not all(isinstance(word, str) for word in words.values()):
            return None
    return {"inputs": stamp["inputs"], "outputs": stamp["outputs"]}


def _write(path: Path, stamp: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(stamp, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
