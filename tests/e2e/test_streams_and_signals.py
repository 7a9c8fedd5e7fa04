"""`anomi` among shells: pipes that break, streams that are closed or full, signals, and outputs in bad places."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Chain, run_anomi
from .test_command import refused

ANOMI = (sys.executable, "-m", "anomi_cli.main")

ENDLESS = """pragma circom 2.2.3;
template Endless() {
    signal input a;
    signal output c;
    signal d <== a * a;
    var n = 0;
    while (n < a) {
        n = n + 1;
    }
    c <-- n;
}
component main = Endless();
"""


def shell(line: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a line of sh in which "$@" is `anomi` with `words`."""
    return subprocess.run(
        ["/bin/sh", "-c", line, "sh", *ANOMI, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def interrupt(
    number: signal.Signals, busy: Callable[[int], bool], folder: Path, *words: str | Path
) -> tuple[int, str, float]:
    """Start `anomi` with scratch space in `folder` and send a signal once `busy`, asked with its process id, is true.

    Return the exit code, what it said on stderr, and the seconds from the signal to the end.
    """
    process = subprocess.Popen(
        [*ANOMI, *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},
        text=True,
    )
    deadline = time.monotonic() + 60
    while not busy(process.pid) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(number)
    began = time.monotonic()
    _, said = process.communicate(timeout=120)
    return process.returncode, said, time.monotonic() - began


def test_a_reader_who_leaves_changes_no_verdict(chain: Chain) -> None:
    left = '{ sleep 0.2; "$@"; echo "exit $?" >&2; } | true'
    for words in (
        ("verify", chain.vk, chain.public, chain.proof, "--json"),
        ("vk", "export", chain.zkey, "--format", "solana", "-q"),
        ("prove", "--help"),
    ):
        assert shell(left, *words).stderr == "exit 0\n"
    said = shell(left, "verify", chain.vk, chain.vk, chain.proof, "--json").stderr.splitlines()
    assert len(said) == 2
    assert said[0].startswith("error: public inputs")
    assert said[1] == "exit 2"


def test_a_full_stdout_is_a_failure_and_hides_none(chain: Chain) -> None:
    for words in (
        ("verify", chain.vk, chain.public, chain.proof),
        ("vk", "export", chain.zkey, "-q"),
    ):
        ran = shell('"$@" >/dev/full', *words)
        assert (ran.returncode, ran.stderr) == (
            2,
            "error: cannot write to standard output: no space left on device\n",
        )
    ran = shell('"$@" >/dev/full', "verify", chain.vk, chain.vk, chain.proof, "--json")
    assert ran.returncode == 2
    assert ran.stderr.startswith("error: public inputs")
    assert ran.stderr.count("\n") == 1


def test_closed_streams(chain: Chain, tmp_path: Path) -> None:
    proof, public = tmp_path / "o", tmp_path / "p"
    ran = shell('"$@" <&- >&- 2>&-', "prove", chain.zkey, chain.wtns, "-o", proof, "-p", public)
    assert ran.returncode == 0
    assert public.read_bytes() == chain.public.read_bytes()
    assert shell('"$@" >&-', "verify", chain.vk, public, proof).returncode == 0
    assert shell('"$@" 2>&-', "verify", chain.vk, chain.vk, proof).returncode == 2
    ran = shell('"$@" >&-', "vk", "export", chain.zkey, "-q")
    assert (ran.returncode, ran.stderr) == (2, "error: standard output is closed (use -o FILE)\n")


def test_outputs_are_checked_before_the_work(chain: Chain, tmp_path: Path) -> None:
    key = tmp_path / "k.zkey"
    key.write_bytes(chain.zkey.read_bytes())
    (tmp_path / "link").symlink_to(key)
    proof = tmp_path / "proof.json"
    prove = ("prove", key, chain.wtns, "--json", "-o")
    refused(run_anomi(*prove, proof, "-p", proof), 2, "SameOutputError")
    refused(run_anomi(*prove, proof, "-p", tmp_path / "nowhere" / "p"), 2, "OutputNotWritableError")
    refused(run_anomi(*prove, proof, "-p", key), 2, "OutputOverwritesInputError")
    refused(run_anomi(*prove, tmp_path / "link", "-p", proof), 2, "OutputOverwritesInputError")
    refused(run_anomi("vk", "export", key, "-o", key, "--json"), 2, "OutputOverwritesInputError")
    refused(
        run_anomi("witness", chain.wasm, chain.inputs, "-o", chain.inputs, "--json"), 2, "OutputOverwritesInputError"
    )
    (tmp_path / "multiplier.wasm").mkdir()
    refused(run_anomi("circuit", "compile", chain.source, "-o", tmp_path, "--json"), 2, "OutputNotWritableError")
    assert key.read_bytes() == chain.zkey.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"k.zkey", "link", "multiplier.wasm"}


def test_outputs_may_be_devices(chain: Chain) -> None:
    ran = run_anomi("prove", chain.zkey, chain.wtns, "-o", "/dev/null", "-p", "/dev/stdout", "-q")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (0, chain.public.read_bytes(), "")


@pytest.mark.parametrize(
    ("number", "exit_code", "sentence"),
    [
        (signal.SIGINT, 130, "error: interrupted\n"),
        (signal.SIGTERM, 143, "error: terminated by a signal\n"),
    ],
)
def test_a_signal_while_proving_leaves_nothing(
    chain: Chain, tmp_path: Path, number: signal.Signals, exit_code: int, sentence: str
) -> None:
    # By snarkjs: the native prover would be done before the signal comes.
    words = ("prove", chain.zkey, chain.wtns, "-o", tmp_path / "o", "-p", tmp_path / "p", "--backend", "snarkjs")
    code, said, seconds = interrupt(number, lambda _: any(tmp_path.iterdir()), tmp_path, *words)
    assert (code, said) == (exit_code, sentence)
    assert seconds < 10
    assert list(tmp_path.iterdir()) == []


def test_a_signal_ends_a_step_of_a_set_up_within_it(chain: Chain, tmp_path: Path) -> None:
    def hashing(process: int) -> bool:
        return len(list(Path(f"/proc/{process}/task").iterdir())) >= 2  # waiting, and working in the native core

    words = ("setup", "beacon", chain.zkey, "abcd", "--iterations-exp", "63", "-o", tmp_path / "o.zkey")
    code, said, seconds = interrupt(signal.SIGINT, hashing, tmp_path, *words)
    assert (code, said) == (130, "error: interrupted\n")
    assert seconds < 10
    assert list(tmp_path.iterdir()) == []


def test_a_signal_ends_a_calculator_at_once(tmp_path: Path) -> None:
    (tmp_path / "endless.circom").write_text(ENDLESS)
    assert run_anomi("circuit", "compile", tmp_path / "endless.circom", "-o", tmp_path).exit_code == 0
    inputs, wasm, out = tmp_path / "i.json", tmp_path / "endless.wasm", tmp_path / "w.wtns"
    inputs.write_text('{"a": 1}')
    assert run_anomi("witness", wasm, inputs, "-o", out).exit_code == 0  # its machine code is in the cache now
    out.unlink()
    inputs.write_text('{"a": "1000000000000000000000"}')

    def calculating(process: int) -> bool:
        return len(list(Path(f"/proc/{process}/task").iterdir())) >= 3  # waiting, calculating, counting the time

    code, said, seconds = interrupt(signal.SIGINT, calculating, tmp_path, "witness", wasm, inputs, "-o", out)
    assert (code, said) == (130, "error: interrupted\n")
    assert seconds < 10
    assert not out.exists()


def test_a_group_without_a_command_shows_its_help() -> None:
    for words in ((), ("circuit",)):
        ran = run_anomi(*words)
        assert ran.exit_code == 2
        rows = ran.stdout.decode().partition("Commands:\n")[2].splitlines()
        names = [row.split()[0] for row in rows if row.startswith("  ") and row[2] != " "]
        assert {"compile", "circuit"} & set(names)
        assert ran.stderr.startswith(f"error: {' '.join(('anomi', *words))} needs a command: {', '.join(names)} (")
        assert ran.stderr.count("\n") == 1


def test_json_in_front_of_the_command_says_where_it_goes() -> None:
    for words in (("--json", "verify"), ("circuit", "--json", "info")):
        ran = run_anomi(*words)
        refused(ran, 2, "UsageError")
        assert ran.document["error"]["hint"].endswith("COMMAND … --json'")
