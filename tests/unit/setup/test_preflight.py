"""What is missing is said in one sentence each, all at once, before anything starts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.setup import preflight
from tools.setup.errors import MissingPrerequisiteError
from tools.setup.workspace import Workspace

Program = Callable[[str, str], Path]
ALL = {
    "cargo": 'case "$1" in --version) echo "cargo 1.95.0 (f2d3ce0bd 2026-03-21)";; esac',
    "cc": "exit 0",
    "git": "exit 0",
    "apt-get": "exit 0",
    "dpkg-deb": "exit 0",
}


@pytest.fixture
def machine(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that makes PATH hold everything set-up needs, except and instead of."""

    def build(*without: str, **instead: str) -> None:
        for name, script in (ALL | instead).items():
            if name not in without:
                program(name, script)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    return build


def missing(workspace: Workspace, *, programs: bool = True, checks: bool = True) -> list[str]:
    with pytest.raises(MissingPrerequisiteError) as caught:
        preflight.require(workspace, programs=programs, checks=checks)
    assert caught.value.exit_code == 3
    return str(caught.value).split("\nerror: ")


def test_a_machine_that_has_everything(machine: Callable[..., None], workspace: Workspace) -> None:
    machine()
    preflight.require(workspace, programs=True, checks=True)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("cargo", "cargo 1.95 or newer is needed and there is none; install it with rustup, or on Debian 12: .*"),
        ("cc", r"a C linker \(gcc\) is missing; on Debian: apt-get install gcc"),
        ("git", "git is missing; on Debian: apt-get install git"),
        ("apt-get", "building the on-chain programs needs either cargo-build-sbf .* apt-get cannot be found"),
    ],
)
def test_one_thing_missing(machine: Callable[..., None], workspace: Workspace, name: str, sentence: str) -> None:
    machine(name)
    found = missing(workspace)
    assert len(found) == 1
    assert re.fullmatch(sentence, found[0])


def test_everything_missing_is_said_at_once(machine: Callable[..., None], workspace: Workspace) -> None:
    machine(*ALL)
    assert len(missing(workspace)) == 4


def test_the_solana_tools_replace_the_package_tools(
    machine: Callable[..., None], workspace: Workspace, program: Program
) -> None:
    machine("apt-get", "dpkg-deb")
    program("cargo-build-sbf", "exit 0")
    preflight.require(workspace, programs=True, checks=True)


def test_a_demo_needs_no_git_and_no_linters(machine: Callable[..., None], workspace: Workspace) -> None:
    machine("git", cargo='case "$1" in --version) echo "cargo 1.95.0 (x)";; *) exit 101;; esac')
    preflight.require(workspace, programs=True, checks=False)
    assert [sentence.split(";")[0] for sentence in missing(workspace)] == [
        "git is missing",
        "`cargo clippy` is missing",
        "`cargo fmt` is missing",
    ]


@pytest.mark.parametrize(("version", "accepted"), [("1.95.0", True), ("2.0.0", True), ("1.94.9", False)])
def test_the_oldest_cargo(machine: Callable[..., None], workspace: Workspace, version: str, accepted: bool) -> None:
    machine(cargo=f'echo "cargo {version} (x 2026-01-01)"')
    if accepted:
        preflight.require(workspace, programs=True, checks=True)
    else:
        (sentence,) = missing(workspace)
        assert sentence.startswith("cargo 1.95 or newer is needed, this one is 1.94; ")


def test_a_rustup_shim_without_a_toolchain(machine: Callable[..., None], workspace: Workspace) -> None:
    machine(cargo="echo 'error: no default toolchain' >&2; exit 1")
    found = missing(workspace, checks=False)
    assert len(found) == 1
    assert found[0].startswith("cargo is there but `cargo --version` fails; ")


def test_too_little_disk(machine: Callable[..., None], workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    machine()
    usage = shutil.disk_usage(workspace.root)
    least = preflight.FREE_BYTES_MINIMUM
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=least))
    preflight.require(workspace, programs=True, checks=True)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=least - 10**8))
    (sentence,) = missing(workspace)
    assert re.fullmatch(r"\d\.9 GB are free in .*, set-up needs \d GB; free some space", sentence)


def test_a_folder_name_that_cannot_stand_in_path(machine: Callable[..., None], tmp_path: Path) -> None:
    machine()
    root = tmp_path / "a:b"
    root.mkdir()
    (sentence,) = missing(Workspace(root))
    assert "holds a colon or a line break; move the clone" in sentence
