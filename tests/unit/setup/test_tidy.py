"""What must never be in the repository is found; what may be there is left alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.setup.tidy import BYTES_MAX, problems_of, problems_of_clone, tracked_files


def problems(name: str, text: str | bytes = "") -> list[str]:
    return list(problems_of(name, text.encode() if isinstance(text, str) else text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", "Set ANOMI_CACHE_DIR, else ~/.cache/anomi; see $HOME/home/page and docs/root/notes.\n"),
        ("core/a.py", "x = 1  # what is left to do stands in the tracker\n"),
        ("tests/vectors/a.zkey", "zkey"),
        ("verifier_program/Cargo.lock", 'source = "registry+https://github.com/rust-lang/crates.io-index"\n'),
        ("requirements/dev.txt", "#  pip-compile --no-emit-find-links --no-emit-index-url\nclick==8.5.1 \\\n"),
        ("docs/a.md", "pytest.mark." + "skip is forbidden in tests\n"),
    ],
)
def test_allowed(name: str, text: str) -> None:
    assert problems(name, text) == []


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("build/circuits/a.r1cs", "", "is made by set-up or a build"),
        (".tools/node", "", "is made by set-up or a build"),
        ("core/anomi_core/__pycache__/a.pyc", "", "is made by set-up or a build"),
        ("verifier_program/target/release/a", "", "is made by set-up or a build"),
        ("prover/keys/a.zkey", "", "is a result of the toolchain"),
        ("a.md", "see /" + "home/ali/notes", "a.md:1: names a home folder of one machine"),
        ("a.md", "one\ntwo /" + "root/.cargo", "a.md:2: names a home folder of one machine"),
        ("a.rs", "// TO" + "DO later", "postpones work in a comment (TO" + "DO)"),
        ("a.py", "# FIX" + "ME", "postpones work"),
        ("a.py", "<<<<" + "<<< HEAD\n", "holds a merge conflict"),
        ("tests/a.py", "@pytest.mark." + "skip\n", "skips or excuses a test"),
        ("tests/a.py", "@pytest.mark.x" + "fail(strict=True)\n", "skips or excuses a test"),
        ("tests/a.py", "pytest.import" + "orskip('solders')\n", "skips or excuses a test"),
        ("a.rs", "#[ign" + "ore]\n", "skips or excuses a test"),
        ("prover/npm/package-lock.json", '"reso' + 'lved": "https://x"', "names a place to download from"),
        ("requirements/dev.txt", "--index" + "-url https://x\n", "names a place to download from"),
        ("requirements/dev.txt", "a @ " + "https://x/a.whl\n", "names a place to download from"),
        ("verifier_program/Cargo.lock", 'source = "git+' + 'https://x#1"\n', "names a place to download from"),
    ],
)
def test_found(name: str, text: str, what: str) -> None:
    found = problems(name, text)
    assert len(found) == 1
    assert what in found[0]


def test_the_largest_file() -> None:
    assert problems("a.bin", b"\0" * BYTES_MAX) == []
    assert problems("a.bin", b"\0" * (BYTES_MAX + 1)) == ["a.bin: is 2,097,153 bytes, more than 2,097,152"]


def test_files_that_git_would_add_count_and_ignored_ones_do_not(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)  # noqa: S607
    (tmp_path / ".gitignore").write_text("/build\n")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "a.md").write_text("TO" + "DO")
    (tmp_path / "a file.md").write_text("TO" + "DO")
    (tmp_path / "link.md").symlink_to("a file.md")
    names = tracked_files(tmp_path)
    assert names == [".gitignore", "a file.md", "link.md"]
    assert problems_of_clone(tmp_path, [*names, "gone.md"]) == ["a file.md:1: postpones work in a comment (TO" + "DO)"]
