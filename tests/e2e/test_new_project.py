"""`anomi new` and `anomi program build`: what is written works at once, and nothing is half written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from anomi_cli.commands.program import ProgramManifestError
from anomi_cli.main import root
from anomi_cli.new_project import ProjectExistsError, ProjectFolderError, ProjectNameError, write_project
from anomi_prover import tools
from anomi_sbf import shipped
from anomi_sbf.errors import ProgramCrateMissingError
from anomi_sdk.programs import load_program
from tools import wheel_data


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project("a-gate", tmp_path_factory.mktemp("new"))


def test_make_builds_it_and_its_tests_pass(project: Path) -> None:
    programs = {"ANOMI": str(Path(sys.executable).with_name("anomi")), "PYTHON": sys.executable}
    done = subprocess.run(
        ["make", "--no-print-directory", *(f"{name}={value}" for name, value in programs.items())],  # noqa: S607
        cwd=project,
        env={**os.environ, "PYTEST_ADDOPTS": "-p no:cacheprovider", "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\b16 passed\b", done.stdout), done.stdout
    # Nothing is to be done twice: only the tests run again.
    again = subprocess.run(
        ["make", "--no-print-directory", "build"],  # noqa: S607
        cwd=project,
        env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "anomi" not in again.stdout


def test_its_crates_have_the_versions_that_the_verifier_is_tested_with(project: Path, repo_root: Path) -> None:
    def locked(path: Path) -> set[tuple[str, str, str]]:
        packages = tomllib.loads(path.read_text())["package"]
        return {(entry["name"], entry["version"], entry["checksum"]) for entry in packages if "source" in entry}

    versions = locked(project / "program/Cargo.lock")
    assert versions
    assert versions <= locked(repo_root / "verifier_program/Cargo.lock")


def test_no_template_is_left_unfilled(project: Path) -> None:
    names = {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()}
    assert {".gitignore", "Makefile", "README.md", "program/Cargo.lock", "circuits/gate.circom"} <= names
    assert not [name for name in names if name.endswith(".tmpl")]
    assert (project / "README.md").read_text().startswith("# a-gate\n")
    assert not [path for path in project.rglob("*") if path.is_file() and "{{" in path.read_text(errors="replace")
                and path.suffix in (".md", ".py", ".toml", ".circom")]  # fmt: skip


@pytest.mark.parametrize("name", ["a", "a" * 64, "a-b_9"])
def test_good_names(name: str, tmp_path: Path) -> None:
    assert write_project(name, tmp_path) == tmp_path / name
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["", "A", "9a", "-a", "a" * 65, "a/b", "..", "a b", "a.b", "ä", "a\n"])
def test_bad_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectNameError):
        write_project(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_exists_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("empty", "file", "dangling"):
        with pytest.raises(ProjectExistsError):
            write_project(name, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dangling", "empty", "file"]


def test_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "_INSTALLED", tmp_path / "no")
    monkeypatch.setattr(shipped, "_CHECKOUT", tmp_path / "nowhere")
    with pytest.raises(shipped.ShippedFilesMissingError):
        write_project("gate", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProjectFolderError):
        write_project("gate", tmp_path / "missing")


def test_a_folder_without_a_program(tmp_path: Path) -> None:
    manifest = tmp_path / "Cargo.toml"
    for text in ("[workspace]\n", "[package]\n", "package = 1\n", "[["):
        manifest.write_text(text)
        result = CliRunner().invoke(root, ["program", "build", str(tmp_path)])
        assert isinstance(result.exception, ProgramManifestError), text


def test_a_package_that_the_workspace_does_not_have(project: Path) -> None:
    result = CliRunner().invoke(root, ["program", "build", str(project / "program"), "-p", "other"])
    assert isinstance(result.exception, ProgramCrateMissingError)


def test_a_wheel_carries_what_a_project_needs(repo_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Laid out as in a wheel, without a checkout: the crates and the verifier are found there."""
    for source, place in wheel_data.carried(repo_root).items():
        target = tmp_path / place
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if Path(source).is_dir() else shutil.copy)(source, target)
    monkeypatch.setattr(shipped, "_INSTALLED", tmp_path / "anomi_sbf/shipped")
    monkeypatch.setattr(shipped, "_CHECKOUT", tmp_path / "nowhere")
    for architecture in ("v0", "v3"):
        load_program(shipped.programs_folder(), "groth16_verifier", architecture)
    monkeypatch.setattr(tools, "__file__", str(tmp_path / "anomi_prover/tools.py"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANOMI_CIRCOM_WASM", raising=False)
    assert tools.circom_wasm() == tmp_path / "anomi_prover/shipped/node_modules/circom2/circom.wasm"
    circomlib = tools.find_node_module("circomlib/package.json")
    assert circomlib is not None
    assert (circomlib.parent / "circuits/bitify.circom").is_file()
    folder = write_project("gate", tmp_path)
    assert (folder / "vendor/programs/groth16_verifier/interface/src/verify.rs").is_file()


def test_no_wheel_is_made_of_half(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"make setup.*circom\.wasm"):
        wheel_data.carried(tmp_path)
