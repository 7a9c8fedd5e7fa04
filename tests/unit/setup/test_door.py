"""The door itself: run.sh, the targets, and the files that set-up rests on."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.setup.cli import TARGETS, main
from tools.setup.workspace import Workspace, hash_tree

Program = Callable[[str, str], Path]


def run_sh(root: Path, path: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(root / "tools" / "setup" / "run.sh"), *arguments],
        env={"PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def lonely_clone(repo_root: Path, tmp_path: Path) -> Path:
    """A folder that holds run.sh and a stand-in for the package it hands over to."""
    root = tmp_path / "a clone"
    package = root / "tools" / "setup"
    package.mkdir(parents=True)
    shutil.copyfile(repo_root / "tools" / "setup" / "run.sh", package / "run.sh")
    (root / "tools" / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("import os, sys; print(os.getcwd(), sys.argv[1:])")
    return root


def test_a_python_of_another_version_is_passed_over(program: Program, lonely_clone: Path) -> None:
    basic = program("dirname", 'exec /usr/bin/dirname "$@"').parent
    program("python3", "exit 1")  # what a Python 3.12 answers
    real = os.path.realpath(shutil.which("python3.11") or "")
    program("python3.11", f'exec {real} "$@"')
    done = run_sh(lonely_clone, str(basic), "demo", "a b")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{lonely_clone} ['demo', 'a b']\n"


def test_no_python_311_is_one_sentence(program: Program, lonely_clone: Path) -> None:
    script = lonely_clone / "tools" / "setup" / "run.sh"
    script.write_text(script.read_text().replace(" /usr/bin/python3.11", ""))
    basic = program("dirname", 'exec /usr/bin/dirname "$@"').parent
    program("python3", "exit 1")
    done = run_sh(lonely_clone, str(basic), "demo")
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr == (
        "error: Python 3.11 is needed and was not found; on Debian 12: apt-get install python3 python3-venv\n"
    )


@pytest.mark.parametrize("words", [[], ["unknown"], ["--in-venv"], ["--in-venv", "unknown"]])
def test_an_unknown_target_is_a_usage_error(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err.startswith("usage: python3.11 -m tools.setup {setup,demo,")


def test_the_makefile_offers_exactly_these_targets(repo_root: Path) -> None:
    makefile = (repo_root / "Makefile").read_text()
    assert set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) == {*TARGETS, "help"}
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == {*TARGETS, "help"}


def test_ci_runs_the_readmes_test_command(repo_root: Path) -> None:
    script = repo_root / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().rstrip().endswith("exec make test")
    assert "make test" in (repo_root / "README.md").read_text()


@pytest.mark.parametrize("name", ["prover/npm", "tests/npm"])
def test_npm_packages_are_pinned_and_hashed_and_have_no_address(repo_root: Path, name: str) -> None:
    folder = repo_root / name
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert packages.pop("")["dependencies"] == wanted
    for package_name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), package_name
        assert "resolved" not in package, package_name
        # Optional ones are left out.
        assert package.get("optional") or not package.get("hasInstallScript"), package_name


@pytest.mark.parametrize("name", ["dev", "svm-mainnet", "node"])
def test_python_packages_are_pinned_and_hashed(repo_root: Path, name: str) -> None:
    text = (repo_root / "requirements" / f"{name}.txt").read_text()
    blocks = re.split(r"\n(?=[a-z])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    for block in blocks:
        assert re.match(r"[a-z0-9][a-z0-9._-]*==\S+ ", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


def test_the_lock_holds_what_pyproject_asks_for(repo_root: Path) -> None:
    project = tomllib.loads((repo_root / "pyproject.toml").read_text())["project"]
    lock = (repo_root / "requirements" / "dev.txt").read_text()
    asked = [*project["dependencies"], *(r for extra in project["optional-dependencies"].values() for r in extra)]
    for requirement in asked:
        pinned = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", requirement)
        if pinned:
            assert re.search(rf"^{re.escape(pinned[1])}=={re.escape(pinned[2])} ", lock, re.MULTILINE), requirement


def test_a_tree_hash_sees_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    first = hash_tree(tmp_path, ["*.py"])
    (tmp_path / "notes.md").write_text("not a source")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.py").write_text("cached")
    assert hash_tree(tmp_path, ["*.py"]) == first
    (tmp_path / "a.py").write_text("2")
    second = hash_tree(tmp_path, ["*.py"])
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert len({first, second, hash_tree(tmp_path, ["*.py"])}) == 3


def test_paths_are_shown_relative_to_the_clone(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "clone")
    assert workspace.relative(workspace.build / "a") == "build/a"
    assert workspace.relative(tmp_path / "elsewhere") == str(tmp_path / "elsewhere")
