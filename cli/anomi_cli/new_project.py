"""Writing a new project from the templates of this package."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from anomi_core.errors import UsageError

__all__ = ["ProjectExistsError", "ProjectFolderError", "ProjectNameError", "write_project"]

NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
TEMPLATES: Final = Path(__file__).with_name("templates") / "project"
SUFFIX: Final = ".tmpl"
"""Templates carry it lest linters and pytest take them for files of this project."""

RENAMED: Final = {"gitignore": ".gitignore"}
"""Templates whose own name tools would act on where they lie."""


class ProjectNameError(UsageError):
    """A name that is not lower-case letters, digits, `-` and `_`, beginning with a letter, 64 at most."""


class ProjectExistsError(UsageError):
    """Something has the new project's name already."""


class ProjectFolderError(UsageError):
    """The folder that a new project is to lie in is none, or cannot be written to."""


def write_project(name: str, into: Path) -> Path:
    """Write the project `name` into the folder `into`, whole or not at all, and return its folder.

    The crates are copied into the project: a path to this installation would break with its next update, and
    crates.io does not have them. Raises ProjectNameError, ProjectExistsError, ProjectFolderError,
    ShippedFilesMissingError.
    """
    from anomi_sbf.shipped import copy_crates

    if not NAME.fullmatch(name):
        raise ProjectNameError(
            f"{name!r} cannot name a project",
            hint="use lower-case letters, digits, - and _, a letter first, at most 64 of them",
        )
    target = into / name
    if os.path.lexists(target):
        raise ProjectExistsError(f"{target} exists already", hint="choose another name or another folder")
    try:
        partial = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".partial", dir=into))
    except OSError as error:
        raise ProjectFolderError(f"cannot write into {into}: {error.strerror or error}") from error
    try:
        for place, text in _files(name):
            file = partial / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        copy_crates(partial / "vendor")
        partial.chmod(0o755)
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return target


def _files(name: str) -> Iterator[tuple[Path, str]]:
    """Yield each file's place in the project, and its text."""
    for template in sorted(TEMPLATES.rglob(f"*{SUFFIX}")):
        place = template.relative_to(TEMPLATES).with_suffix("")
        text = template.read_text(encoding="utf-8").replace("{{name}}", name)
        yield place.with_name(RENAMED.get(place.name, place.name)), text
