"""Where everything of one clone lies."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

__all__ = ["Workspace", "hash_file", "hash_text", "hash_tree"]

_RESULTS = frozenset({"__pycache__", "target", "node_modules"})


@dataclass(frozen=True)
class Workspace:
    """One clone: its root folder and the folders that set-up fills."""

    root: Path

    @classmethod
    def of_this_file(cls) -> Workspace:
        """Return the clone that this source file belongs to."""
        return cls(Path(__file__).resolve().parents[2])

    @property
    def venv(self) -> Path:
        """The main environment (a link into `.tools/venvs`)."""
        return self.root / ".venv"

    @property
    def svm_venv(self) -> Path:
        """The second SVM environment: solders of mainnet's feature set."""
        return self.root / ".venv-svm-mainnet"

    @property
    def python(self) -> Path:
        """The main environment's interpreter."""
        return self.venv / "bin" / "python"

    @property
    def tools(self) -> Path:
        """What set-up installs for this clone, beside the environments."""
        return self.root / ".tools"

    @property
    def node(self) -> Path:
        """The Node environment (nodeenv)."""
        return self.tools / "node"

    @property
    def npm(self) -> Path:
        """The folder that holds `node_modules` (a link into the per-user cache)."""
        return self.tools / "npm"

    @property
    def npm_tests(self) -> Path:
        """The same, of the packages that tests alone use."""
        return self.tools / "npm-tests"

    @property
    def build(self) -> Path:
        """Circuits, keys, powers of tau and programs."""
        return self.root / "build"

    @property
    def stamps(self) -> Path:
        """One file per finished step."""
        return self.tools / "stamps"

    @property
    def logs(self) -> Path:
        """What the programs that set-up ran have printed."""
        return self.tools / "logs"

    def relative(self, path: Path) -> str:
        """Return a path as people see it: relative to the clone where possible."""
        return os.path.relpath(path, self.root) if path.is_relative_to(self.root) else str(path)


def hash_text(text: str) -> str:
    """Return the sha256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hex; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_tree(folder: Path, patterns: Sequence[str] = ("*",)) -> str:
    """Return one hash over the names and bytes of the files under `folder` whose name fits a pattern.

    Folders of build results are left out.
    """
    digest = hashlib.sha256()
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _RESULTS)
        for name in sorted(files):
            if any(fnmatchcase(name, pattern) for pattern in patterns):
                path = Path(parent) / name
                digest.update(f"{path.relative_to(folder).as_posix()}\0{hash_file(path)}\n".encode())
    return digest.hexdigest()
