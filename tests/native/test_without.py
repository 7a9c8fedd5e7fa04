"""A pure-Python install: without the native module everything goes through snarkjs and py_ecc, and it is said."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.native.conftest import Small

HIDDEN = "import sys; sys.modules['anomi_prover_native'] = None; from anomi_cli.main import main; main()"


def run(*words: object) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN, *map(str, words)], capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def test_proofs_and_checks_without_the_native_module(small: Small, tmp_path: Path) -> None:
    proof, public, vk = (tmp_path / f"{name}.json" for name in ("proof", "public", "vk"))
    code, out, err = run("prove", small.zkey, small.wtns, "-o", proof, "-p", public, "--json")
    assert code == 0, err
    assert json.loads(out)["backend"] == "snarkjs"
    assert run("vk", "export", small.zkey, "-o", vk)[0] == 0
    code, out, err = run("verify", vk, public, proof, "--json")
    assert code == 0, err
    assert json.loads(out)["backend"] == "py-ecc"
    code, out, err = run("circuit", "check", small.r1cs, small.wtns, "--json")
    assert code == 0, err
    assert json.loads(out)["constraints"] == 6


def test_what_is_lacking_is_named(small: Small, tmp_path: Path) -> None:
    words = (small.zkey, small.wtns, "-o", tmp_path / "p.json", "-p", tmp_path / "i.json", "--json")
    code, out, err = run("prove", *words, "--backend", "native")
    assert (code, json.loads(out)["error"]["type"]) == (3, "MissingToolError")
    assert "not installed" in err
    assert "make native" in err
    code, out, _ = run("prove", *words, "--constant-work")
    assert (code, json.loads(out)["error"]["type"]) == (2, "UsageError")
    assert "snarkjs proves" in run("doctor")[1]
