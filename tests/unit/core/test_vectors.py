"""The shared vectors: ours to regenerate, and JavaScript's to check."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.vectors.generate import core

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "tests/vectors"
CHECKER = FOLDER / "generate/core.mjs"
VECTORS = core.vectors()


def _node() -> str:
    own = ROOT / ".tools/node/bin/node"
    node = os.environ.get("ANOMI_NODE") or (str(own) if own.is_file() else shutil.which("node"))
    assert node, "Node is missing: run `make setup`, or set ANOMI_NODE"
    return node


def _modules() -> Path:
    folder = Path(os.environ.get("ANOMI_NODE_MODULES") or ROOT / ".tools/npm/node_modules")
    assert (folder / "poseidon-lite").is_dir(), f"{folder} lacks poseidon-lite: run `make setup`"
    return folder


def _check(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    command = [_node(), str(CHECKER), str(_modules()), str(folder), *names]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("name", VECTORS)
def test_the_code_says_what_the_file_says(name: str) -> None:
    assert core.render(VECTORS[name]) == (FOLDER / name).read_text(encoding="utf-8"), (
        f"{name} differs: run `python -m tests.vectors.generate.core` if the change is meant"
    )


def test_independent_code_agrees_with_every_vector() -> None:
    result = _check(FOLDER)
    assert result.returncode == 0, result.stderr
    checked = json.loads(result.stdout)
    assert set(checked) == set(VECTORS)
    for name, content in VECTORS.items():
        rows = [row for rows in content.values() if isinstance(rows, list) for row in rows if "error" not in row]
        assert checked[name] >= len(rows)


SPOILT = {
    "poseidon.json": ("cases", 0, "hash"),
    "blake512.json": ("cases", 3, "hash"),
    "eddsa.json": ("cases", 0, "signature", "s"),
    "text.json": ("texts", 9, "packed"),
    "identity.json": ("payee", "nf"),
    "registry.json": ("sets", 2, "root"),
    "solvency.json": ("cases", 0, "stmt"),
    "payment.json": ("cases", 0, "statement", "nf"),
}


@pytest.mark.parametrize("name", VECTORS)
def test_independent_code_notices_a_spoilt_vector(name: str, tmp_path: Path) -> None:
    content = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    holder = content
    *path, last = SPOILT[name]
    for step in path:
        holder = holder[step]
    # The first digit, so that the value changes wherever it is cut.
    holder[last] = ("2" if holder[last][0] == "1" else "1") + holder[last][1:]
    (tmp_path / name).write_text(json.dumps(content))
    result = _check(tmp_path, name)
    assert result.returncode == 1
    assert result.stderr.startswith(f"{name}: ")
