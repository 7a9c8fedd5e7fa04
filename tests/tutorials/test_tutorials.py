"""The tutorials do what they say."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from tests.tutorials.run_tutorial import TutorialError, run

TUTORIALS = Path(__file__).resolve().parents[2] / "docs" / "tutorials"
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "PYTEST_CURRENT_TEST")},
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "PYTEST_ADDOPTS": "-p no:pytest_anchorpy -p no:cacheprovider --color=no",
    "COLUMNS": "120",
}


@pytest.mark.parametrize("name", sorted(path.name for path in TUTORIALS.glob("*.md")))
def test_tutorial(name: str, tmp_path: Path) -> None:
    assert run((TUTORIALS / name).read_text(encoding="utf-8"), tmp_path, ENVIRONMENT) >= 3


def test_the_readme_names_each(repo_root: Path) -> None:
    named = set(re.findall(r"\(docs/tutorials/([\w-]+\.md)\)", (repo_root / "README.md").read_text(encoding="utf-8")))
    assert named == {path.name for path in TUTORIALS.glob("*.md")}


@pytest.mark.parametrize(
    "markdown",
    [
        "```sh\nfalse\n```\n",
        "```sh exit=1\ntrue\n```\n",
        "```sh\necho a\n```\n```text\nb\n```\n",
        "```sh\necho a b\n```\n```text\na\n```\n",
        "```text\na\n```\n",
        "```\necho a\n```\n",
        "```a.txt is a file\na\n```\n",
        "```sh\nfalse\ntrue\n```\n",
    ],
)
def test_the_runner_sees_a_tutorial_that_is_wrong(markdown: str, tmp_path: Path) -> None:
    with pytest.raises(TutorialError):
        run(markdown, tmp_path, ENVIRONMENT)


def test_the_runner_keeps_the_folder_and_lets_anything_stand_for_an_ellipsis(tmp_path: Path) -> None:
    markdown = "```sh\nmkdir a && cd a\n```\n```c x.txt\nhi\n```\n```sh\npwd; cat x.txt\n```\n```text\n…/a\nh…\n```\n"
    assert run(markdown, tmp_path, ENVIRONMENT) == 2
