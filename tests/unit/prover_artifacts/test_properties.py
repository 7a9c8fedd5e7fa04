"""Whatever the bytes: an answer, or an error of ours; never a traceback, a hang, or memory without bound."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anomi_core.errors import AnomiError
from anomi_core.field import FR_MODULUS
from anomi_prover.cache import Cache
from anomi_prover.compile_diagnostics import parse_diagnostics
from anomi_prover.compile_sources import read_sources
from anomi_prover.sym import read_main_dimensions, read_sym
from anomi_prover.witness import WitnessCalculator, read_input_json
from anomi_prover.witness_input import flatten_inputs
from tests.unit.prover_artifacts.calculators import circom_1, circom_2

SLOW = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)

INTEGERS = st.integers(-(1 << 300), 1 << 300)
LEAVES = (
    st.none() | st.booleans() | INTEGERS | st.floats() | st.text(max_size=5) | INTEGERS.map(str) | INTEGERS.map(hex)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@st.composite
def mutated(draw: st.DrawFn, original: bytes) -> bytes:
    """A file that was cut, or had some bytes replaced, removed or put in."""
    data = bytearray(original)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["cut", "replace", "remove", "insert"])):
            case "cut":
                del data[at:]
            case "replace" if data:
                data[at] = draw(st.integers(0, 255))
            case "remove":
                del data[at : at + draw(st.integers(1, 8))]
            case _:
                data[at:at] = draw(st.binary(min_size=1, max_size=8))
    return bytes(data)


def one_byte_changed(original: bytes) -> st.SearchStrategy[bytes]:
    """A file with one other byte, which is more often still a valid one."""
    places = st.tuples(st.integers(0, len(original) - 1), st.integers(0, 255))
    return places.map(lambda change: original[: change[0]] + bytes([change[1]]) + original[change[0] + 1 :])


@SLOW
@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=4))
def test_any_inputs(inputs: dict[str, object]) -> None:
    try:
        flat = flatten_inputs(inputs)
    except AnomiError:
        return
    assert all(0 <= value < FR_MODULUS for signal in flat.values() for value in signal.values)


@SLOW
@given(st.data())
def test_any_input_file(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "input.json"
    text = json.dumps({"a": [1, "2", ["0x3"]], "b": {"c": 1.5}, "d": "x"}).encode()
    path.write_bytes(data.draw(mutated(text) | st.binary(max_size=60)))
    with contextlib.suppress(AnomiError):
        flatten_inputs(read_input_json(path))


@SLOW
@given(st.data())
def test_any_sym_file(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "x.sym"
    path.write_bytes(data.draw(mutated(b"1,1,0,main.o\n2,-1,0,main.a[0][1]\n3,2,0,main.a[1][0]\n4,3,1,main.p.x\n")))
    try:
        sym = read_sym(path)
        assert read_main_dimensions(path) == sym.main_dimensions()
        for signal in sym.signals:
            assert signal.name in sym.names_of(signal.wire) if signal.wire is not None else True
    except AnomiError:
        pass


@SLOW
@given(st.data())
def test_any_source(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "x.circom"
    text = b'// c\npragma circom 2.0.0;\ninclude "x.circom"; /* d */ include "./x.circom";\ntemplate T() {}\n'
    path.write_bytes(data.draw(mutated(text)))
    with contextlib.suppress(AnomiError):
        read_sources(path, [tmp_path]).sha256()


@SLOW
@given(st.text() | st.text(alphabet=' │┌─^errowaning[T1]:\n"/'))
def test_any_compiler_output(text: str) -> None:
    parse_diagnostics(text)


@pytest.mark.parametrize("kind", ["circom 1", "circom 2"])
def test_any_calculator(tmp_path: Path, cache: Cache, kind: str) -> None:
    """Many mutations do not validate; the rest compute something else, trap, loop or ask for memory."""
    if kind == "circom 1":
        original, inputs = circom_1(tmp_path / "x.wasm", buffer=True), {"a": 1, "b": [2, 2]}
    else:
        original, inputs = circom_2(tmp_path / "x.wasm"), {"x": 1}
    code = original.read_bytes()
    path = tmp_path / "mutated.wasm"
    outcomes: set[str] = set()

    @SLOW
    @given(mutated(code) | one_byte_changed(code))
    def check(data: bytes) -> None:
        path.write_bytes(data)
        try:
            witness = WitnessCalculator(path, cache=cache, timeout_s=0.5, memory_bytes=8 << 20).calculate(inputs)
            assert witness[0] == 1
            assert all(0 <= value < FR_MODULUS for value in witness)
            outcomes.add("witness")
        except AnomiError as error:
            outcomes.add(type(error).__name__)

    check()
    assert {"NotWasmError", "witness"} <= outcomes
