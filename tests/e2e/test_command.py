"""`anomi`: the whole chain, and one sentence with the right exit code for everything that is wrong."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_prover.tools import run_snarkjs
from anomi_prover.wtns import read_wtns, write_wtns
from anomi_sdk.generated import PROGRAMS
from anomi_sdk.programs import ARCHITECTURES

from .conftest import MULTIPLIER, Chain, Ran, run_anomi


def refused(ran: Ran, exit_code: int, kind: str) -> None:
    """One sentence on stderr, the class in the JSON document, no traceback."""
    assert ran.exit_code == exit_code, ran.stderr
    assert ran.document["ok"] is False
    error = ran.document["error"]
    assert (error["type"], error["exit_code"]) == (kind, exit_code)
    assert ran.stderr.startswith("error: ")
    assert ran.stderr.count("\n") == 1
    assert "Traceback" not in ran.stderr


def verify(chain: Chain, tmp_path: Path, *, public: object = None, proof: object = None, vk: object = None) -> Ran:
    """Verify with some of the three documents replaced."""
    files = []
    for name, original, changed in (
        ("vk", chain.vk, vk),
        ("public", chain.public, public),
        ("proof", chain.proof, proof),
    ):
        path = original
        if changed is not None:
            path = tmp_path / f"{name}.json"
            path.write_text(changed if isinstance(changed, str) else json.dumps(changed))
        files.append(path)
    return run_anomi("verify", *files, "--json")


def test_the_chain_of_the_readme(chain: Chain) -> None:
    assert json.loads(chain.public.read_text()) == ["33", "3"]
    ran = run_anomi("verify", chain.vk, chain.public, chain.proof)
    assert (ran.exit_code, ran.stdout.decode()) == (0, "valid (checked by native)\n")
    assert "OK!" in run_snarkjs(["groth16", "verify", str(chain.vk), str(chain.public), str(chain.proof)])
    assert chain.wtns.stat().st_mode & 0o777 == 0o600


def test_inputs_are_proven_in_one_command_and_the_witness_stays_in_memory(chain: Chain, tmp_path: Path) -> None:
    files = ("-o", tmp_path / "proof.json", "-p", tmp_path / "public.json")
    for backend in ("native", "snarkjs"):
        ran = run_anomi(
            "prove", chain.zkey, "--input", chain.inputs, "--wasm", chain.wasm, *files, "--backend", backend
        )
        assert ran.exit_code == 0, ran.stderr
        assert json.loads((tmp_path / "public.json").read_text()) == ["33", "3"]
        assert run_anomi("verify", chain.vk, tmp_path / "public.json", tmp_path / "proof.json").exit_code == 0
        assert {path.name for path in tmp_path.iterdir()} == {"proof.json", "public.json"}
    wasm, inputs = ("--wasm", chain.wasm), ("--input", chain.inputs)
    for words in ((), wasm, inputs, (chain.wtns, *wasm, *inputs), (chain.wtns, *wasm), (chain.wtns, *inputs)):
        refused(run_anomi("prove", chain.zkey, *words, *files, "--json"), 2, "UsageError")


def test_every_verifier_by_name(chain: Chain) -> None:
    for backend in ("native", "snarkjs", "py-ecc"):
        ran = run_anomi("verify", chain.vk, chain.public, chain.proof, "--backend", backend, "--json")
        assert ran.document == {"ok": True, "valid": True, "backend": backend, "public_inputs": ["33", "3"]}


def test_circuit_info(chain: Chain) -> None:
    facts = run_anomi("circuit", "info", chain.r1cs, "--json").document
    assert facts["constraints"] == 1
    assert facts["wires"] == 4
    assert (facts["public_outputs"], facts["public_inputs"], facts["private_inputs"]) == (1, 1, 1)
    assert facts["prime"] == str(FR_MODULUS)


def test_setup_verify_accepts_the_key_and_refuses_another_circuits(
    chain: Chain, tmp_path: Path, artifact_ptau: Path
) -> None:
    assert run_anomi("setup", "verify", chain.r1cs, artifact_ptau, chain.zkey).exit_code == 0
    other = tmp_path / "other.circom"
    other.write_text(MULTIPLIER.replace("a * b", "a * b + 1"))
    assert run_anomi("circuit", "compile", other, "-o", tmp_path).exit_code == 0
    ran = run_anomi("setup", "verify", tmp_path / "other.r1cs", artifact_ptau, chain.zkey, "--json")
    assert ran.exit_code == 1, ran.stderr


def test_a_ceremony_by_commands_of_both_backends(chain: Chain, tmp_path: Path) -> None:
    def step(*words: str | Path, stdin: bytes = b"") -> dict[str, Any]:
        ran = run_anomi("setup", *words, "--json", stdin=stdin)
        assert ran.exit_code == 0, ran.stderr
        assert b"dice" not in ran.stdout + ran.stderr.encode()
        return ran.document

    file = [tmp_path / f"{index}" for index in range(8)]
    rolled = tmp_path / "dice"
    rolled.write_bytes(b"dice" * 100_000)
    step("new-powers", "3", "-o", file[0])
    first = step("contribute", file[0], "-o", file[1], "--name", "Ali", "--entropy", rolled)
    second = step("contribute", file[1], "-o", file[2], "--backend", "snarkjs", "--entropy", "-", stdin=b"dice")
    hashes = [first["contribution_hash"], second["contribution_hash"]]
    assert all(len(digest) == 128 for digest in hashes)
    assert len(set(hashes)) == 2
    step("beacon", file[2], "0123abcd", "-o", file[3], "--name", "final")
    step("prepare", file[3], "-o", file[4])
    verified = step("verify-powers", file[4])
    assert (verified["power"], verified["prepared"]) == (3, True)
    assert [one["name"] for one in verified["contributions"]] == ["Ali", None, "final"]
    step("new-key", chain.r1cs, file[4], "-o", file[5])
    refused(run_anomi("vk", "export", file[5], "--json"), 1, "GammaEqualsDeltaError")
    step("contribute", file[5], "-o", file[6], "--name", "Farzan")
    step("beacon", file[6], "0123abcd", "-o", file[7], "--backend", "snarkjs")
    report = step("verify", chain.r1cs, file[4], file[7])
    assert report["kind"] == "key"
    assert [one["type"] for one in report["phase_2"]] == ["contribution", "beacon"]
    out = ("-o", tmp_path / "proof", "-p", tmp_path / "public")
    proved = run_anomi("prove", file[7], chain.wtns, *out)
    assert (proved.exit_code, proved.stderr) == (0, "")  # no notice of a development key
    refused(run_anomi("setup", "prepare", file[0], "-o", tmp_path / "none", "--json"), 1, "PhaseOneNotContributedError")
    refused(run_anomi("setup", "beacon", file[0], "xyz", "-o", tmp_path / "none", "--json"), 2, "BeaconValueError")
    missing = ("--entropy", tmp_path / "missing", "-o", tmp_path / "none")
    refused(run_anomi("setup", "contribute", file[0], *missing, "--json"), 2, "EntropyUnreadableError")
    assert not (tmp_path / "none").exists()


@pytest.fixture(scope="session")
def artifact_ptau(artifact: object) -> Path:
    path = artifact("build/ptau/dev_14.ptau")  # type: ignore[operator]
    assert isinstance(path, Path)
    return path


def test_exports_for_solana_and_rust(chain: Chain, tmp_path: Path) -> None:
    body = run_anomi("vk", "export", chain.zkey, "--format", "solana").stdout
    assert len(body) == 448 + 64 * 3
    out = tmp_path / "vk.bin"
    assert run_anomi("vk", "export", chain.zkey, "--format", "solana", "-o", out).exit_code == 0
    assert out.read_bytes() == body
    rust = run_anomi("vk", "export", chain.zkey, "--format", "rust").stdout.decode()
    assert f"[u8; {len(body)}]" in rust
    proof = run_anomi("proof", "export", chain.proof, chain.public, "--format", "solana").stdout
    assert len(proof) == 256 + 2 * 32
    assert proof[256:] == (33).to_bytes(32, "big") + (3).to_bytes(32, "big")


@pytest.mark.parametrize(
    ("public", "kind"),
    [
        (["34", "3"], "InvalidProofError"),
        (["33"], "PublicInputCountMismatchError"),
        (["33", "3", "0"], "PublicInputCountMismatchError"),
        ([], "PublicInputCountMismatchError"),
        (["33", str(3 + FR_MODULUS)], "PublicInputNotCanonicalError"),
    ],
)
def test_verify_refuses_public_inputs(chain: Chain, tmp_path: Path, public: list[str], kind: str) -> None:
    refused(verify(chain, tmp_path, public=public), 1, kind)


@pytest.mark.parametrize("public", ["", "[", "{}", '["x"]', '["-1"]', "[1.5]", "null"])
def test_verify_cannot_read_public_inputs(chain: Chain, tmp_path: Path, public: str) -> None:
    refused(verify(chain, tmp_path, public=public), 2, "MalformedPublicInputsError")


def test_verify_refuses_proofs(chain: Chain, tmp_path: Path) -> None:
    proof = json.loads(chain.proof.read_text())
    x, y = int(proof["pi_a"][0]), int(proof["pi_a"][1])

    def with_a(x: int, y: int) -> dict[str, object]:
        return {**proof, "pi_a": [str(x), str(y), "1"]}

    refused(verify(chain, tmp_path, proof=with_a(x, FQ_MODULUS - y)), 1, "InvalidProofError")
    refused(verify(chain, tmp_path, proof=with_a(x, (y + 1) % FQ_MODULUS)), 1, "PointNotOnCurveError")
    refused(verify(chain, tmp_path, proof=with_a(x + FQ_MODULUS, y)), 1, "CoordinateNotCanonicalError")
    refused(verify(chain, tmp_path, proof={**proof, "pi_a": ["0", "1", "0"]}), 1, "PointAtInfinityError")
    swapped = [pair[::-1] for pair in proof["pi_b"][:2]] + [proof["pi_b"][2]]
    refused(verify(chain, tmp_path, proof={**proof, "pi_b": swapped}), 1, "PointNotOnCurveError")


def test_verify_refuses_a_key_with_gamma_equal_to_delta(chain: Chain, tmp_path: Path) -> None:
    key = json.loads(chain.vk.read_text())
    refused(verify(chain, tmp_path, vk={**key, "vk_delta_2": key["vk_gamma_2"]}), 1, "GammaEqualsDeltaError")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("r1cs", ("circuit", "info", "FILE")),
        ("wtns", ("prove", "ZKEY", "FILE", "-o", "OUT", "-p", "OUT2")),
        ("zkey", ("prove", "FILE", "WTNS", "-o", "OUT", "-p", "OUT2")),
        ("zkey", ("vk", "export", "FILE")),
    ],
)
def test_damaged_files(chain: Chain, tmp_path: Path, kind: str, words: tuple[str, ...]) -> None:
    original = getattr(chain, kind).read_bytes()
    damages = {
        "TruncatedFileError": original[: len(original) // 2],
        "MagicMismatchError": b"nope" + original[4:],
        "TrailingBytesError": original + b"\0",
        "SectionCountError": original[:8] + struct.pack("<I", 2**32 - 1) + original[12:],
    }
    for name, data in damages.items():
        damaged = tmp_path / f"damaged.{kind}"
        damaged.write_bytes(data)
        places = {
            "FILE": damaged,
            "ZKEY": chain.zkey,
            "WTNS": chain.wtns,
            "OUT": tmp_path / "o",
            "OUT2": tmp_path / "p",
        }
        refused(run_anomi(*(places.get(word, word) for word in words), "--json"), 2, name)
    assert not (tmp_path / "o").exists()
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    ("inputs", "exit_code", "kind", "names"),
    [
        ('{"a": "3"}', 2, "MissingInputError", "b"),
        ('{"a": "3", "b": "1", "d": "1"}', 2, "ExtraInputError", "d"),
        ('{"a": "3", "b": ["1", "2"]}', 2, "InputShapeError", "b"),
        ('{"a": "3", "b": "x"}', 2, "InputNotIntegerError", "b"),
        ('{"a": "3", "b": 1.5}', 2, "InputNotIntegerError", "b"),
        (json.dumps({"a": "3", "b": str(FR_MODULUS)}), 1, "InputOutOfRangeError", "b"),
        ("{", 2, "InputNotJsonError", ""),
        ('{"a": "3", "a": "3", "b": "1"}', 2, "DuplicateInputError", "a"),
    ],
)
def test_witness_errors_name_the_signal(
    chain: Chain, tmp_path: Path, inputs: str, exit_code: int, kind: str, names: str
) -> None:
    path = tmp_path / "input.json"
    path.write_text(inputs)
    ran = run_anomi("witness", chain.wasm, path, "-o", tmp_path / "w.wtns", "--json")
    refused(ran, exit_code, kind)
    assert names in ran.document["error"]["message"]
    assert not (tmp_path / "w.wtns").exists()


def test_compile_errors_name_file_line_and_column(tmp_path: Path) -> None:
    source = tmp_path / "broken.circom"
    source.write_text("pragma circom 2.2.3;\ntemplate T() {\n    signal input a\n}\ncomponent main = T();\n")
    ran = run_anomi("circuit", "compile", source, "-o", tmp_path, "--json")
    refused(ran, 2, "CircomError")
    assert "broken.circom:" in ran.document["error"]["message"]
    assert [path.name for path in tmp_path.iterdir()] == ["broken.circom"]


def test_usage_errors(chain: Chain) -> None:
    refused(run_anomi("prove", chain.zkey, "--json"), 2, "UsageError")
    refused(run_anomi("witness", chain.wasm, "nowhere.json", "-o", "w", "--json"), 2, "UsageError")
    refused(run_anomi("nonsense", "--json"), 2, "UsageError")


def test_a_missing_tool_is_exit_code_3(chain: Chain, tmp_path: Path) -> None:
    ran = run_anomi(
        "prove",
        chain.zkey,
        chain.wtns,
        "-o",
        tmp_path / "o",
        "-p",
        tmp_path / "p",
        "--backend",
        "snarkjs",
        "--json",
        env={"ANOMI_SNARKJS": str(tmp_path / "nowhere")},
    )
    refused(ran, 3, "ToolNotFoundError")


def test_without_the_native_core_snarkjs_proves_and_py_ecc_verifies(chain: Chain, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['anomi_prover_native'] = None\n")
    pure = {"PYTHONPATH": str(tmp_path)}
    made = ("-o", tmp_path / "proof.json", "-p", tmp_path / "public.json")
    ran = run_anomi("prove", chain.zkey, chain.wtns, *made, "--json", env=pure)
    assert (ran.document["backend"], ran.document["verifier"]) == ("snarkjs", "py-ecc")
    files = (chain.vk, tmp_path / "public.json", tmp_path / "proof.json")
    assert run_anomi("verify", *files, "--json", env=pure).document["backend"] == "py-ecc"
    for words in (("prove", chain.zkey, chain.wtns, *made), ("verify", *files)):
        refused(run_anomi(*words, "--backend", "native", "--json", env=pure), 3, "MissingToolError")
    findings = {one["name"]: one for one in run_anomi("doctor", "--json", env=pure).document["findings"]}
    assert findings["native prover"]["well"] is False
    assert findings["native prover"]["detail"] == "not installed (make native); snarkjs proves, in seconds"


def test_help_everywhere_and_quickly() -> None:
    top = run_anomi("--help")
    assert top.exit_code == 0
    for name in ("circuit", "witness", "setup", "prove", "verify", "vk", "proof", "bench", "demo", "doctor"):
        assert f"  {name} " in top.stdout.decode()
        assert run_anomi(name, "--help").exit_code == 0


def test_quiet_says_nothing(chain: Chain) -> None:
    ran = run_anomi("verify", chain.vk, chain.public, chain.proof, "-q")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (0, b"", "")


def test_bench_cu_is_within_its_budget() -> None:
    figures = run_anomi("bench", "cu", "--json", "--seeds", "3").document
    assert figures["floor_n1"] == 77_786
    assert figures["floor_n1"] < figures["verify_n1"] <= 78_500


def test_doctor() -> None:
    report = run_anomi("doctor", "--json")
    assert report.exit_code == 0, report.stderr
    assert report.document["ok"] is True
    named = {finding["name"] for finding in report.document["findings"] if finding["needed"]}
    assert {f"{program.name} {arch}" for program in PROGRAMS for arch in ARCHITECTURES} <= named


def test_circuit_check_names_the_constraint_and_keeps_the_values(chain: Chain, tmp_path: Path) -> None:
    done = run_anomi("circuit", "check", chain.r1cs, chain.wtns, "--json")
    assert (done.exit_code, done.document["constraints"], done.document["wires"]) == (0, 1, 4)
    edited = tmp_path / "edited.wtns"
    wires = read_wtns(chain.wtns)
    write_wtns(edited, [*wires[:3], 7654321])
    ran = run_anomi("circuit", "check", chain.r1cs, edited, "--json")
    refused(ran, 1, "UnsatisfiedConstraintError")
    assert "main.a" in ran.stderr
    assert "7654321" not in ran.stderr + ran.stdout.decode()
    shown = run_anomi("circuit", "check", chain.r1cs, edited, "--show-values")
    assert (shown.exit_code, "= 7654321" in shown.stderr) == (1, True)


def test_what_a_circuit_logs_is_printed_on_demand_only(tmp_path: Path) -> None:
    source, inputs = tmp_path / "speaks.circom", tmp_path / "in.json"
    source.write_text(MULTIPLIER.replace("a * b;", 'a * b; log("product", c);'))
    inputs.write_text('{"a": 3, "b": 1177}')
    assert run_anomi("circuit", "compile", source, "-o", tmp_path).exit_code == 0
    words = ("witness", tmp_path / "speaks.wasm", inputs, "-o", tmp_path / "w.wtns")
    ran = run_anomi(*words, "--log", "--json")
    assert (ran.exit_code, ran.stderr, ran.document["ok"]) == (0, "log: product 3531\n", True)
    ran = run_anomi(*words)
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert b"3531" not in ran.stdout
