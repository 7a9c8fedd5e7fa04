"""The command as a user runs it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

MULTIPLIER = """pragma circom 2.2.3;
template Multiplier() {
    signal input a;
    signal input b;
    signal output c;
    c <== a * b;
}
component main {public [a]} = Multiplier();
"""


@dataclass(frozen=True)
class Ran:
    """What a process said and how it ended."""

    exit_code: int
    stdout: bytes
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        found = json.loads(self.stdout)
        assert isinstance(found, dict)
        return found


Run = Callable[..., Ran]


def run_anomi(
    *words: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None, stdin: bytes = b""
) -> Ran:
    """Run `anomi` and return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "anomi_cli.main", *map(str, words)],
        capture_output=True,
        input=stdin,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        timeout=300,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr.decode())


@dataclass(frozen=True)
class Chain:
    """The files of one small circuit, each made by the command."""

    folder: Path

    def __getattr__(self, name: str) -> Path:
        """`chain.zkey` and so on: the file of that kind."""
        return (
            self.folder
            / {
                "source": "multiplier.circom",
                "r1cs": "multiplier.r1cs",
                "wasm": "multiplier.wasm",
                "sym": "multiplier.sym",
                "inputs": "input.json",
                "wtns": "w.wtns",
                "zkey": "k.zkey",
                "vk": "vk.json",
                "proof": "proof.json",
                "public": "public.json",
            }[name]
        )


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory, artifact: Callable[[str], Path]) -> Chain:
    """Circuit → witness → key → proof, by the command alone, as the README shows it."""
    made = Chain(tmp_path_factory.mktemp("chain"))
    made.source.write_text(MULTIPLIER)
    made.inputs.write_text('{"a": "3", "b": "11"}')
    for words in (
        ("circuit", "compile", made.source, "-o", made.folder),
        ("witness", made.wasm, made.inputs, "-o", made.wtns),
        ("setup", "dev", made.r1cs, "--ptau", artifact("build/ptau/dev_14.ptau"), "-o", made.zkey),
        ("prove", made.zkey, made.wtns, "-o", made.proof, "-p", made.public),
        ("vk", "export", made.zkey, "-o", made.vk),
    ):
        ran = run_anomi(*words)
        assert ran.exit_code == 0, f"anomi {words[0]} {words[1]}: {ran.stderr}"
    return made
