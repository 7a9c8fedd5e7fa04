"""Programs are found where they are promised to be, and snarkjs is run without surprises."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from anomi_prover import tools


@pytest.fixture
def fake_snarkjs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A snarkjs-shaped folder whose cli.cjs is a Python script, run by a `node` that is Python."""
    cli = tmp_path / "snarkjs" / "build" / "cli.cjs"
    cli.parent.mkdir(parents=True)
    (tmp_path / "snarkjs" / "package.json").write_text('{"name": "snarkjs", "version": "0.7.6"}')
    monkeypatch.setenv("ANOMI_NODE", sys.executable)
    monkeypatch.setenv("ANOMI_SNARKJS", str(cli))
    return cli


def test_real_snarkjs_answers() -> None:
    """The snarkjs that set-up installed; where there is none, `make setup` installs it."""
    with pytest.raises(tools.SnarkjsError, match=r"snarkjs wtns check: .*no such file.*absent"):
        tools.run_snarkjs(["wtns", "check", "/absent.r1cs", "/absent.wtns"])


def test_output_is_plain_and_lines_arrive_as_they_come(fake_snarkjs: Path) -> None:
    fake_snarkjs.write_text('import sys; print("\\x1b[36;1m[INFO]\\x1b[0m one"); print("two"); print(sys.argv[1:])')
    lines: list[str] = []
    out = tools.run_snarkjs(["a b", "$HOME;`x`"], on_line=lines.append)
    assert lines == ["[INFO] one", "two", "['a b', '$HOME;`x`']"]
    assert out == "\n".join(lines)


def test_its_own_message_is_the_sentence(fake_snarkjs: Path) -> None:
    fake_snarkjs.write_text('print("\\x1b[31m[ERROR]\\x1b[0m snarkJS: Error: curve\\x1b[0m mismatch"); exit(1)')
    with pytest.raises(tools.SnarkjsError, match=r"^snarkjs groth16 prove: curve mismatch$"):
        tools.run_snarkjs(["groth16", "prove"])


def test_a_message_on_standard_error_is_found(fake_snarkjs: Path) -> None:
    fake_snarkjs.write_text('import sys; print("x.js:1\\nTypeError: y is undefined\\n at z", file=sys.stderr); exit(1)')
    with pytest.raises(tools.SnarkjsError, match=r"y is undefined$"):
        tools.run_snarkjs(["zkey"])


def test_silence_is_named_too(fake_snarkjs: Path) -> None:
    fake_snarkjs.write_text("exit(7)")
    with pytest.raises(tools.SnarkjsError, match="ended with exit code 7 and no message"):
        tools.run_snarkjs(["zkey"])


def test_a_crash_is_no_refusal(fake_snarkjs: Path) -> None:
    fake_snarkjs.write_text("import os; os.abort()")
    with pytest.raises(tools.SnarkjsCrashedError, match="killed by SIGABRT"):
        tools.run_snarkjs(["zkey"])


def test_more_output_than_a_pipe_holds_blocks_nothing(fake_snarkjs: Path) -> None:
    fake_snarkjs.write_text('import sys; sys.stderr.write("e" * 300000); print("o" * 300000)')
    assert len(tools.run_snarkjs(["zkey"], timeout_s=60)) == 300000


def wait_gone(pid: int) -> None:
    """Wait until a process has ended; a zombie that init has not fetched yet has."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if ") Z" in Path(f"/proc/{pid}/stat").read_text():
                return
        except (FileNotFoundError, ProcessLookupError):
            return
        time.sleep(0.02)
    raise AssertionError(f"process {pid} is still there")


SLEEPER = """
import os, sys, time
child = os.fork()
if child == 0:
    time.sleep(120)
print(child, flush=True)
time.sleep(120)
"""


def test_an_interruption_kills_it_with_its_children(fake_snarkjs: Path) -> None:
    fake_snarkjs.write_text(SLEEPER)
    children: list[int] = []

    def interrupt(line: str) -> None:
        children.append(int(line))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tools.run_snarkjs(["zkey"], on_line=interrupt)
    wait_gone(children[0])


def test_the_timeout_kills_it_with_its_children(fake_snarkjs: Path) -> None:
    fake_snarkjs.write_text(SLEEPER)
    children: list[int] = []
    with pytest.raises(tools.SnarkjsTimeoutError, match="did not end within 1 seconds"):
        tools.run_snarkjs(["zkey"], on_line=lambda line: children.append(int(line)), timeout_s=1)
    wait_gone(children[0])


@pytest.mark.parametrize("argument", ["-e=secret", "-e", "--entropy=secret", "-entropy=secret", "--e=secret"])
def test_entropy_is_never_an_argument(fake_snarkjs: Path, argument: str) -> None:
    fake_snarkjs.write_text("")
    with pytest.raises(tools.SecretArgumentError) as caught:
        tools.run_snarkjs(["zkey", "contribute", argument])
    assert "=secret" not in str(caught.value)


def test_another_version_is_refused(fake_snarkjs: Path) -> None:
    (fake_snarkjs.parent.parent / "package.json").write_text('{"name": "snarkjs", "version": "0.7.5"}')
    fake_snarkjs.touch()
    with pytest.raises(tools.WrongToolVersionError, match=r"0\.7\.6 is needed; .* is 0\.7\.5"):
        tools.snarkjs_cli()


def test_what_is_not_snarkjs_is_refused(fake_snarkjs: Path) -> None:
    (fake_snarkjs.parent.parent / "package.json").write_text('{"name": "other", "version": "0.7.6"}')
    fake_snarkjs.touch()
    with pytest.raises(tools.WrongToolVersionError, match=r"is not snarkjs's build/cli\.cjs"):
        tools.snarkjs_cli()


@pytest.mark.parametrize(
    ("variable", "find"),
    [
        ("ANOMI_NODE", tools.node),
        ("ANOMI_SNARKJS", tools.snarkjs_cli),
        ("ANOMI_CIRCOM", tools.circom),
        ("ANOMI_CIRCOM_WASM", tools.circom_wasm),
    ],
)
def test_a_wrong_override_is_named_never_passed_over(
    monkeypatch: pytest.MonkeyPatch, variable: str, find: object
) -> None:
    assert callable(find)
    monkeypatch.setenv(variable, "/absent/tool")
    with pytest.raises(tools.ToolNotFoundError, match=f"{variable} names /absent/tool"):
        find()


def test_the_projects_tools_come_before_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "__file__", str(tmp_path / "elsewhere" / "tools.py"))
    monkeypatch.delenv("ANOMI_NODE", raising=False)
    on_path = tmp_path / "bin" / "node"
    on_path.parent.mkdir()
    on_path.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(on_path.parent))
    inside = tmp_path / "project" / "deep"
    inside.mkdir(parents=True)
    own = tmp_path / "project" / ".tools" / "node" / "bin" / "node"
    own.parent.mkdir(parents=True)
    own.touch(mode=0o755)
    monkeypatch.chdir(inside)
    assert tools.node() == on_path, "a .tools folder of some other project is not ours"
    (tmp_path / "project" / "pyproject.toml").write_text('[project]\nname = "anomi"\n')
    assert tools.node() == own


def test_nothing_found_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "__file__", str(tmp_path / "tools.py"))
    for variable in ("ANOMI_NODE", "ANOMI_SNARKJS", "ANOMI_CIRCOM", "ANOMI_CIRCOM_WASM"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for find in (tools.node, tools.snarkjs_cli, tools.circom_wasm):
        with pytest.raises(tools.ToolNotFoundError) as caught:
            find()
        assert "make setup" in str(caught.value.hint)
    assert tools.circom() is None


def make_circom(path: Path, version: str) -> None:
    path.write_text(f"#!/bin/sh\necho 'circom compiler {version}'\n")
    path.chmod(0o755)
    os.utime(path, ns=(time.time_ns(), time.time_ns()))


def test_a_native_circom_is_used_only_in_the_tested_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANOMI_CIRCOM", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    make_circom(tmp_path / "circom", "2.2.2")
    assert tools.circom() is None
    monkeypatch.setenv("ANOMI_CIRCOM", str(tmp_path / "circom"))
    with pytest.raises(tools.WrongToolVersionError, match=r"2\.2\.3 is needed; .* reports 2\.2\.2"):
        tools.circom()
    make_circom(tmp_path / "circom", "2.2.3")
    assert tools.circom() == tmp_path / "circom"
