"""Circom's C++ calculator: equal to the WebAssembly one, its refusals, and what is said where it cannot be built."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from anomi_core.errors import AnomiError, MissingToolError
from anomi_core.field import FR_MODULUS as R
from anomi_prover.cache import Cache
from anomi_prover.compile import compile_circuit
from anomi_prover.witness import WitnessCalculator
from anomi_prover.witness_cpp import CppCalculator, compile_calculator
from anomi_prover.witness_input import ExtraInputError, InputOutOfRangeError, InputShapeError, MissingInputError
from anomi_prover.witness_session import WitnessError, WitnessTimeoutError
from anomi_sbf.packages import Apt, unpack

CIRCUIT = """pragma circom 2.1.0;
template Inner() { signal input x; signal output y; y <== x * x + 3; assert(x != 13); }
template Main() {
    signal input a;
    signal input b[2][2];
    signal output o;
    component inner = Inner();
    inner.x <== a + b[0][1];
    log("a is", a);
    signal q;
    q <-- a \\ 7;
    signal half <-- b[1][0] / 2;
    half * 2 === b[1][0];
    o <== inner.y * b[1][1] - q;
}
component main {public [a]} = Main();
"""
PACKAGES = ("nasm", "libgmp-dev", "nlohmann-json3-dev")


def _place(folder: Path) -> dict[str, str]:
    """Unpack what a machine may lack, as root is not needed for; return the settings that make it found."""
    apt = Apt(folder / "apt")
    apt.update()
    root = folder / "root"
    (folder / "debs").mkdir()
    for name in PACKAGES:
        # Of libgmp only the static library: the link to the shared one leads out of the package.
        unpack(apt.download(apt.require(name), folder / "debs"), root, lambda path: not path.endswith(".so"))
    return {
        "PATH": f"{root}/usr/bin{os.pathsep}{os.environ['PATH']}",
        "CPATH": f"{root}/usr/include:{root}/usr/include/x86_64-linux-gnu",
        "LIBRARY_PATH": f"{root}/usr/lib/x86_64-linux-gnu",
    }


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cpp") / "small.circom"
    path.write_text(CIRCUIT)
    return path


@pytest.fixture(scope="module")
def binary(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as environment:
        try:
            yield compile_calculator(source)
        except MissingToolError:
            for name, value in _place(tmp_path_factory.mktemp("packages")).items():
                environment.setenv(name, value)
            yield compile_calculator(source)


@pytest.fixture(scope="module")
def calculator(binary: Path) -> CppCalculator:
    return CppCalculator(binary)


INPUTS = {"a": 23, "b": [[1, "0x2"], [8, "9"]]}


def test_it_computes_what_the_webassembly_calculator_does(source: Path, calculator: CppCalculator) -> None:
    reference = WitnessCalculator(compile_circuit(source).wasm)
    for a in (0, 1, 23, R // 2, R // 2 + 1, R - 1, 1 << 200):
        for b in (0, 5, R - 2):
            inputs = {"a": a, "b": [[1, b], [b, R - 1]]}
            assert calculator.calculate(inputs) == reference.calculate(inputs)
    assert calculator.calculate(INPUTS) == reference.calculate(INPUTS)


def test_it_is_compiled_once(source: Path, binary: Path) -> None:
    assert compile_calculator(source) == binary


def test_log_goes_to_the_caller_only(calculator: CppCalculator, capfd: pytest.CaptureFixture[str]) -> None:
    lines: list[str] = []
    calculator.calculate(INPUTS, on_log=lines.append)
    assert lines == ["a is 23"]
    calculator.calculate(INPUTS)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("inputs", "error", "words"),
    [
        (INPUTS | {"a": 11}, WitnessError, "an assertion fails in template Inner line 2"),
        ({"a": 1}, MissingInputError, "missing"),
        (INPUTS | {"b": [1, 2, 3]}, InputShapeError, "too few"),
        (INPUTS | {"b": [1, 2, 3, 4, 5]}, InputShapeError, "too many"),
        (INPUTS | {"x": 1}, ExtraInputError, "no input signal"),
        (INPUTS | {"a": R}, InputOutOfRangeError, "a"),
    ],
)
def test_refusals(calculator: CppCalculator, inputs: dict[str, object], error: type[AnomiError], words: str) -> None:
    with pytest.raises(error, match=words):
        calculator.calculate(inputs)


def test_one_that_does_not_end_in_time_is_stopped(tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o700)
    with pytest.raises(WitnessTimeoutError, match=r"within 0\.2 seconds"):
        CppCalculator(slow, timeout_s=0.2).calculate({"a": 1})


def test_no_secret_stands_in_arguments_or_files(tmp_path: Path) -> None:
    """The calculator is shown where its input is: a file in memory, handed on by its number."""
    spy, seen = tmp_path / "spy", tmp_path / "seen"
    spy.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {seen}\nreadlink "$1" >> {seen}\nulimit -c >> {seen}\nexit 1\n')
    spy.chmod(0o700)
    with pytest.raises(AnomiError):
        CppCalculator(spy).calculate({"a": 987654321})
    first, second, link, cores = seen.read_text().splitlines()
    assert first.startswith("/proc/self/fd/")
    assert second.startswith("/proc/self/fd/")
    assert link.startswith("/memfd:anomi-witness")
    assert cores == "0"


def test_what_is_missing_is_named_by_its_packages(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match=r"g\+\+, make, nasm") as refused:
        compile_calculator(source, cache=Cache(tmp_path / "cache"))
    assert (refused.value.exit_code, (refused.value.hint or "")[:11]) == (3, "apt install")
