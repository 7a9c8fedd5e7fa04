"""The module itself: what the stub says of it, and that each refusal has its class."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import anomi_prover_native

from anomi_core.errors import AnomiError


def test_the_stub_says_what_the_module_is(repo_root: Path, tmp_path: Path) -> None:
    # The package that maturin makes holds the shared object under its own name once more.
    (tmp_path / "allowed").write_text("anomi_prover_native.anomi_prover_native\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy.stubtest",
            "anomi_prover_native",
            "--allowlist",
            tmp_path / "allowed",
            "--ignore-disjoint-bases",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=repo_root,
        env={**os.environ, "MYPYPATH": "core:prover:prover/native/python"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_public_is_documented() -> None:
    for name in anomi_prover_native.__all__:
        item = getattr(anomi_prover_native, name)
        assert item.__doc__
        members = vars(item).items() if isinstance(item, type) else ()
        for member, value in members:
            assert member.startswith("_") or value.__doc__, f"{name}.{member}"


def test_every_refusal_has_a_class_of_the_one_tree(repo_root: Path) -> None:
    source = (repo_root / "prover/native/python/src/errors.rs").read_text()
    modules = dict(re.findall(r'const (\w+): &str = "([\w.]+)"', source))
    pairs = re.findall(r'=> \(("[\w.]+"|\w+), "(\w+)"\)', source)
    kinds = re.findall(r"^    (\w+),$", (repo_root / "prover/native/crates/groth16/src/error.rs").read_text(), re.M)
    assert len(pairs) == len(kinds) > 30
    for module, name in pairs:
        found = importlib.import_module(modules.get(module, module.strip('"')))
        error = getattr(found, name)("a sentence", hint="a hint")
        assert isinstance(error, AnomiError)
        assert (str(error), error.hint) == ("a sentence", "a hint")


def test_the_wheel_serves_every_later_python() -> None:
    folder = Path(anomi_prover_native.__file__).parent
    assert [path.name for path in folder.glob("*.so")] == ["anomi_prover_native.abi3.so"]
    assert (folder / "py.typed").is_file()
