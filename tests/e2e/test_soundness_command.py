"""`anomi circuit soundness`: a sound circuit, a loose one, an assert, and files that do not belong together."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOOSE = "out <-- in * in;\n    spare * spare === 0;"
SOUND = "out <== in * in;\n    spare * spare === 0;"
ASSERTED = "out <== in * in;\n    assert(spare == 0);"


def circuit(folder: Path, name: str, body: str) -> Path:
    path = folder / f"{name}.circom"
    path.write_text(
        "pragma circom 2.0.0;\ntemplate Square() {\n    signal input in;\n    signal input spare;\n"
        f"    signal output out;\n    {body}\n}}\ncomponent main = Square();\n",
        encoding="utf-8",
    )
    return path


def run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "anomi_cli.main", "circuit", "soundness", *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def test_sound_circuit_is_proven_for_the_inputs_tried(tmp_path: Path) -> None:
    code, told = run(circuit(tmp_path, "sound", SOUND), "--seconds", "1")
    assert code == 0
    assert told["found_nothing"] is True
    assert told["findings"] == told["refused_by_calculator_only"] == told["unbound_inputs"] == []
    assert told["inputs"]["proven_unique"] == told["inputs"]["accepted"] > 0
    assert told["inputs"]["refused"] > 0


def test_loose_circuit_is_told_with_both_witnesses(tmp_path: Path) -> None:
    source = circuit(tmp_path, "loose", LOOSE)
    given = tmp_path / "input.json"
    given.write_text('{"in": "7", "spare": 0}', encoding="utf-8")
    code, told = run(source, "--seconds", "1", "--input", given, "-o", tmp_path, "--prove")
    assert code == 1
    (finding,) = told["findings"]
    assert (finding["severity"], finding["cause"], finding["place"]) == ("output", "main.out", f"{source}:6")
    assert finding["changed"]["main.out"][0] == "49"
    assert told["unbound_inputs"] == ["main.in"]
    assert told["proven_public_signals"] == [finding["changed"]["main.out"][1]]
    for name in ("honest", "forged"):
        assert (tmp_path / f"{name}.wtns").stat().st_mode & 0o777 == 0o600


def test_assert_is_told_from_a_constraint(tmp_path: Path) -> None:
    code, told = run(circuit(tmp_path, "asserted", ASSERTED), "--seconds", "1")
    assert code == 1
    assert told["findings"] == []
    assert told["refused_by_calculator_only"][0]["wires"] == "calculated"


def test_compiled_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    source = circuit(tmp_path, "one", SOUND)
    command = [sys.executable, "-m", "anomi_cli.main", "circuit", "compile", str(source), "-o", str(tmp_path)]
    subprocess.run(command, capture_output=True, check=True)
    code, told = run(tmp_path / "one.r1cs", "--seconds", "1")
    assert code == 0
    (tmp_path / "one.sym").write_text("1,1,0,main.a\n", encoding="utf-8")
    code, told = run(tmp_path / "one.r1cs", "--seconds", "1")
    assert (code, told["error"]["type"]) == (2, "SymMismatchError")
    (tmp_path / "one.sym").unlink()
    code, told = run(tmp_path / "one.r1cs", "--seconds", "1")
    assert (code, told["error"]["type"]) == (2, "FileUnreadableError")
