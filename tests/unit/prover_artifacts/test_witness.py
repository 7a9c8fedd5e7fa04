"""Witnesses: right ones, errors that name the signal and hide its value, and calculators that mean harm."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from anomi_core.errors import AnomiError
from anomi_core.field import FR_MODULUS
from anomi_prover.cache_wasm import NotWasmError
from anomi_prover.compile import CompiledCircuit
from anomi_prover.files import FileUnreadableError
from anomi_prover.r1cs import read_r1cs
from anomi_prover.sym import read_sym
from anomi_prover.testing import Violation, edited, named_violations
from anomi_prover.witness import (
    CalculatorCrashedError,
    DuplicateInputError,
    ExtraInputError,
    InputNotIntegerError,
    InputNotJsonError,
    InputOutOfRangeError,
    InputShapeError,
    MissingInputError,
    NotACalculatorError,
    UnsupportedPrimeError,
    WitnessCalculator,
    WitnessError,
    WitnessMemoryError,
    WitnessTimeoutError,
    input_signals,
    read_input_json,
    signal_hash,
)
from tests.unit.prover_artifacts.calculators import circom_1, circom_2, write_wat

R = FR_MODULUS
CIRCUIT = """
template Inner() { signal input x; x === 5; }
template Main() {
    signal input a;
    signal input b[2];
    signal input c[2][3];
    signal output o;
    signal output sum;
    o <== a * b[0];
    sum <== c[0][0] + 2 * c[0][1] + 3 * c[0][2] + 4 * c[1][0] + 5 * c[1][1] + 6 * c[1][2];
    log("a is", a);
    assert(a != 3);
    component inner = Inner();
    inner.x <== b[1] * 5;
}
component main {public [b]} = Main();
"""
INPUTS = {"a": 2, "b": [7, 1], "c": [[1, 2, 3], [4, 5, 6]]}


@pytest.fixture(scope="session")
def circuit(compiled: Callable[..., CompiledCircuit]) -> CompiledCircuit:
    return compiled(CIRCUIT, name="main")


@pytest.fixture(scope="session")
def calculator(circuit: CompiledCircuit) -> WitnessCalculator:
    return WitnessCalculator(circuit.wasm)


def calculate(wasm: Path, inputs: object = None, **options: float) -> list[int]:
    return WitnessCalculator(wasm, **options).calculate(inputs or {"x": 5})  # type: ignore[arg-type]


# What is computed


def test_the_witness_satisfies_the_constraints(circuit: CompiledCircuit, calculator: WitnessCalculator) -> None:
    witness = calculator.calculate(INPUTS)
    sym, r1cs = read_sym(circuit.sym), read_r1cs(circuit.r1cs)
    assert r1cs.first_violation(witness) is None
    assert witness[:5] == [1, 14, 91, 7, 1]
    assert witness[sym.wire_of("main.a")] == 2
    assert calculator.calculate(INPUTS) == witness, "a calculator can be used again"


@pytest.mark.parametrize("two", [2, "2", "0x2", "0X02", "002"])
def test_ways_to_write_a_number(calculator: WitnessCalculator, two: object) -> None:
    assert calculator.calculate(INPUTS | {"a": two})[1] == 14


def test_the_largest_element_and_a_flat_list_and_a_lone_element(calculator: WitnessCalculator) -> None:
    inputs = {"a": [R - 1], "b": ["0x" + f"{R - 1:x}", 1], "c": [1, 2, 3, 4, 5, 6]}
    assert calculator.calculate(inputs)[1:3] == [1, 91]


def test_no_inputs_at_all(compiled: Callable[..., CompiledCircuit]) -> None:
    made = compiled("template M() { signal output o; o <== 3; } component main = M();", name="none")
    assert WitnessCalculator(made.wasm).calculate({}) == [1, 3]
    refuses = compiled("template M() { signal output o; o <-- 3; o === 4; } component main = M();", name="never")
    with pytest.raises(WitnessError, match="an assertion fails"):
        WitnessCalculator(refuses.wasm).calculate({})


def test_buses(compiled: Callable[..., CompiledCircuit]) -> None:
    text = """bus P() { signal x; signal y[2]; }
        template M() { input P() p; input P() q[2]; signal output o; o <== p.x * p.y[1] + q[1].y[0]; }
        component main = M();"""
    calculator = WitnessCalculator(compiled(text, name="bus").wasm)
    point = {"x": 3, "y": [4, 5]}
    assert calculator.calculate({"p": point, "q": [point, point]})[1] == 19
    with pytest.raises(MissingInputError):
        calculator.calculate({"p": point})
    with pytest.raises(DuplicateInputError, match=r"p\.x is given twice"):
        calculator.calculate({"p.x": 1, "p": point, "q": [point, point]})


def test_log_goes_to_the_caller_only(calculator: WitnessCalculator, capfd: pytest.CaptureFixture[str]) -> None:
    lines: list[str] = []
    calculator.calculate(INPUTS, on_log=lines.append)
    assert lines == ["a is 2"]
    calculator.calculate(INPUTS)
    assert capfd.readouterr() == ("", "")


def test_the_names_of_the_inputs(circuit: CompiledCircuit, calculator: WitnessCalculator) -> None:
    sym = read_sym(circuit.sym)
    assert calculator.input_signals(sym) == {"a": (), "b": (2,), "c": (2, 3)}
    names = input_signals(sym, read_r1cs(circuit.r1cs))
    assert names[:3] == ("main.b[0]", "main.b[1]", "main.a")
    assert names[3:] == tuple(f"main.c[{i}][{j}]" for i in range(2) for j in range(3))


def test_signals_are_known_by_fnv_1a() -> None:
    """Vectors of the FNV specification, draft-eastlake-fnv."""
    assert signal_hash("") == 0xCBF29CE484222325
    assert signal_hash("a") == 0xAF63DC4C8601EC8C
    assert signal_hash("foobar") == 0x85944171F73967E8


# What is refused, and in which words


def test_a_constraint_that_does_not_hold(calculator: WitnessCalculator) -> None:
    with pytest.raises(WitnessError) as caught:
        calculator.calculate(INPUTS | {"b": [7, 2]})
    assert "an assertion fails in template Inner_0 line 3, called from Main_1 line 15" in str(caught.value)
    assert caught.value.trace == ("Error in template Inner_0 line: 3", "Error in template Main_1 line: 15")


def test_an_assert_that_does_not_hold(calculator: WitnessCalculator) -> None:
    with pytest.raises(WitnessError, match="in template Main_1 line 13"):
        calculator.calculate(INPUTS | {"a": 3})


def test_missing_signals_are_named(circuit: CompiledCircuit, calculator: WitnessCalculator, tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match=r"^the input signal is missing: b$"):
        calculator.calculate({"a": 1, "c": INPUTS["c"]})
    with pytest.raises(MissingInputError, match=r"^the input signals are missing: b, c$"):
        calculator.calculate({"a": 1})
    alone = tmp_path / "alone.wasm"
    alone.write_bytes(circuit.wasm.read_bytes())
    with pytest.raises(MissingInputError, match=r"^8 of the circuit's 9 input values are missing$"):
        WitnessCalculator(alone).calculate({"a": 1})
    (tmp_path / "alone.sym").write_text("nonsense")
    with pytest.raises(MissingInputError, match=r"^8 of the circuit's 9 input values are missing$"):
        WitnessCalculator(alone).calculate({"a": 1})


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"d": 1}, ExtraInputError, "no input signal 'd'"),
        ({"o": 1}, ExtraInputError, "no input signal 'o'"),
        ({"b\n\x1b[0m": 1}, ExtraInputError, r"no input signal 'b\\n\\x1b"),
        ({"b": [1, 2, 3]}, InputShapeError, "signal b has 2 values; 3 came"),
        ({"b": [1]}, InputShapeError, "signal b has 2 values; 1 came"),
        ({"b": []}, InputShapeError, "signal b has 2 values; 0 came"),
        ({"a": [1, 2]}, InputShapeError, "signal a has 1 value; 2 came"),
        ({"c": [[1, 2], [3, 4], [5, 6]]}, InputShapeError, r"signal c is declared \[2\]\[3\]; \[3\]\[2\] came"),
        ({"c": [[1, 2, 3], [4, 5]]}, InputShapeError, "signal c is a list whose elements differ in shape"),
        ({"c": [1, [2, 3]]}, InputShapeError, "elements differ in shape"),
        ({"a": 1.5}, InputNotIntegerError, "signal a is a fraction"),
        ({"a": True}, InputNotIntegerError, "signal a is a boolean"),
        ({"a": None}, InputNotIntegerError, "signal a is null"),
        ({"b": [1, "x"]}, InputNotIntegerError, r"signal b\[1\] is text that is not an integer"),
        ({"a": ""}, InputNotIntegerError, "is text"),
        ({"a": " 1"}, InputNotIntegerError, "is text"),
        ({"a": "1_0"}, InputNotIntegerError, "is text"),
        ({"a": "٣"}, InputNotIntegerError, "is text"),
        ({"a": "1e3"}, InputNotIntegerError, "is text"),
        ({"a": "0x"}, InputNotIntegerError, "is text"),
        ({"a": R}, InputOutOfRangeError, "signal a is ≥ r"),
        ({"a": str(R)}, InputOutOfRangeError, "signal a is ≥ r"),
        ({"c": [[1, 2, 3], [4, 5, hex(R)]]}, InputOutOfRangeError, r"signal c\[1\]\[2\] is ≥ r"),
        ({"a": "9" * 100_000}, InputOutOfRangeError, "signal a is ≥ r"),
        ({"a": 10**5000}, InputOutOfRangeError, "signal a is ≥ r"),
        ({"a": -1}, InputOutOfRangeError, "signal a is negative"),
        ({"a": "-1"}, InputOutOfRangeError, "signal a is negative"),
    ],
)
def test_wrong_inputs_name_the_signal(
    calculator: WitnessCalculator, change: dict[str, object], error: type[AnomiError], words: str
) -> None:
    with pytest.raises(error, match=words):
        calculator.calculate(INPUTS | change)


def test_no_error_shows_a_value(calculator: WitnessCalculator) -> None:
    secret = 987654321987654321
    for change in ({"a": str(secret) + "x"}, {"a": -secret}, {"a": R + secret}, {"a": secret + 0.5}, {"z": secret}):
        with pytest.raises(AnomiError) as caught:
            calculator.calculate(INPUTS | change)
        assert "98765" not in f"{caught.value}{caught.value.hint}"
    with pytest.raises(WitnessError) as refused:
        calculator.calculate(INPUTS | {"b": [secret, secret]})
    assert "98765" not in f"{refused.value}{refused.value.trace}"


def test_depth_without_end(calculator: WitnessCalculator) -> None:
    deep: object = 1
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(InputShapeError, match=r"signal .* is nested too deeply"):
        calculator.calculate(INPUTS | {"a": deep})
    bus: object = 1
    for _ in range(200):
        bus = {"x": bus}
    with pytest.raises(InputShapeError, match="nested too deeply"):
        calculator.calculate(INPUTS | {"a": bus})


# Input files


def test_an_input_file_keeps_every_digit(tmp_path: Path) -> None:
    path = tmp_path / "input.json"
    path.write_text(f'{{"a": {R - 1}, "b": ["0x10", 1]}}')
    assert read_input_json(path) == {"a": R - 1, "b": ["0x10", 1]}


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        (b"", InputNotJsonError, ":1:1: not JSON"),
        (b'{"a": 1,}', InputNotJsonError, r"input\.json:1:\d+: not JSON"),
        (b"[1]", InputNotJsonError, "must be a JSON object"),
        (b"3", InputNotJsonError, "must be a JSON object"),
        (b'{"a": "\xff"}', InputNotJsonError, "not UTF-8"),
        (b'{"a": ' + b"[" * 100_000, InputNotJsonError, "nested too deeply"),
        (b'{"a": 1, "b": 2, "a": 1}', DuplicateInputError, "gives a twice"),
        (b'{"p": {"x": 1, "x": 1}}', DuplicateInputError, "gives x twice"),
    ],
)
def test_what_is_no_input_file(tmp_path: Path, text: bytes, error: type[AnomiError], words: str) -> None:
    path = tmp_path / "input.json"
    path.write_bytes(text)
    with pytest.raises(error, match=words):
        read_input_json(path)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("1.0", InputNotIntegerError),
        ("1e3", InputNotIntegerError),
        ("NaN", InputNotIntegerError),
        ("-Infinity", InputNotIntegerError),
        ("true", InputNotIntegerError),
        ("9" * 10_000, InputOutOfRangeError),
        ("-3", InputOutOfRangeError),
    ],
)
def test_numbers_that_are_no_elements(
    tmp_path: Path, calculator: WitnessCalculator, number: str, error: type[AnomiError]
) -> None:
    path = tmp_path / "input.json"
    path.write_text(f'{{"a": {number}, "b": [1, 1], "c": [1, 1, 1, 1, 1, 1]}}')
    with pytest.raises(error, match="signal a is"):
        calculator.calculate(read_input_json(path))


def test_an_input_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match="cannot read the input file"):
        read_input_json(tmp_path / "absent.json")


# Calculators that mean harm, or are none


def test_the_hand_written_calculator_is_honest_unless_changed(tmp_path: Path) -> None:
    assert calculate(circom_2(tmp_path / "x.wasm")) == [1, 5]
    assert calculate(circom_2(tmp_path / "y.wasm", {"getInputSignalSize": None, "getInputSize": None})) == [1, 5]


FOREVER = "(loop $l (br $l))"


@pytest.mark.parametrize(
    "changes",
    [
        {"init": f"(param i32) {FOREVER}"},
        {"setInputSignal": f"(param i32 i32 i32) {FOREVER}"},
        {"getWitness": f"(param i32) {FOREVER}"},
        {"getRawPrime": FOREVER},
        {"memory": f"(memory 1) (func $f {FOREVER}) (start $f)"},
    ],
)
def test_one_that_never_ends_is_stopped(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(WitnessTimeoutError, match=r"did not compute its witness within 0\.3 seconds"):
        calculate(circom_2(tmp_path / "x.wasm", changes), timeout_s=0.3)


class InterruptedCalculationError(Exception):
    """Raised by the handler of a signal."""


def test_a_signal_ends_a_calculation_and_the_next_one_is_made(tmp_path: Path) -> None:
    loop = f"(param i32 i32 i32) (if (i32.eq (i32.load (i32.const 0)) (i32.const 6)) (then {FOREVER}))"
    calculator = WitnessCalculator(circom_2(tmp_path / "x.wasm", {"setInputSignal": loop}), timeout_s=600)

    def interrupt(_number: int, _frame: object) -> None:
        raise InterruptedCalculationError

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(InterruptedCalculationError):
            calculator.calculate({"x": 6})
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert calculator.calculate({"x": 7}) == [1, 0]


def test_one_that_is_stopped_can_be_asked_again(tmp_path: Path) -> None:
    loop = f"(param i32 i32 i32) (if (i32.eq (i32.load (i32.const 0)) (i32.const 6)) (then {FOREVER}))"
    calculator = WitnessCalculator(circom_2(tmp_path / "x.wasm", {"setInputSignal": loop}), timeout_s=0.3)
    with pytest.raises(WitnessTimeoutError):
        calculator.calculate({"x": 6})
    assert calculator.calculate({"x": 7}) == [1, 0]


def test_calls_at_the_same_time_do_not_disturb_each_other(calculator: WitnessCalculator) -> None:
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(calculator.calculate(INPUTS | {"a": n})[1]))
        for n in range(5, 9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == [35, 42, 49, 56]


@pytest.mark.parametrize(
    "changes",
    [
        {"memory": "(memory 20000)"},
        {"getWitnessSize": "(result i32) (i32.const 100000000)"},
    ],
)
def test_one_that_wants_too_much_memory(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(WitnessMemoryError, match="16 MiB of memory it may use"):
        calculate(circom_2(tmp_path / "x.wasm", changes), memory_bytes=16 << 20)


def test_growing_memory_stops_at_the_limit(tmp_path: Path) -> None:
    grow = "(param i32) (if (i32.eq (memory.grow (i32.const 1000)) (i32.const -1)) (then (call $throw (i32.const 5))))"
    wasm = circom_2(tmp_path / "x.wasm", {"init": grow})
    assert calculate(wasm, memory_bytes=128 << 20) == [1, 5]
    with pytest.raises(WitnessMemoryError, match="ran out of memory"):
        calculate(wasm, memory_bytes=16 << 20)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"getVersion": "(result i32) (i32.const 3)"}, NotACalculatorError, "version 3"),
        ({"getFieldNumLen32": "(result i32) (i32.const 1000000)"}, NotACalculatorError, "1000000 words"),
        ({"getFieldNumLen32": "(result i32) (i32.const 0)"}, NotACalculatorError, "0 words"),
        ({"getWitnessSize": "(result i32) (i32.const -1)"}, NotACalculatorError, "-1 wires"),
        ({"getWitnessSize": "(result i32) (i32.const 0)"}, NotACalculatorError, "0 wires"),
        ({"init": "(param i32) unreachable"}, CalculatorCrashedError, "unreachable"),
        ({"init": "(param i32) (drop (i32.load (i32.const -1)))"}, CalculatorCrashedError, "out of bounds"),
        ({"init": None}, NotACalculatorError, "exports neither interface"),
        ({"imports": '(import "runtime" "exceptionHandler" (func $throw))'}, NotACalculatorError, "asks for functions"),
        (
            {"imports": '(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))'},
            NotACalculatorError,
            "asks for functions",
        ),
        ({"setInputSignal": "(param i32 i32 i32) (call $throw (i32.const 1))"}, ExtraInputError, "no input signal 'x'"),
        (
            {"setInputSignal": "(param i32 i32 i32) (call $throw (i32.const 6))"},
            InputShapeError,
            "x came with too many",
        ),
        ({"setInputSignal": "(param i32 i32 i32) (call $throw (i32.const 99))"}, WitnessError, r"stops \(code 99\)"),
        ({"getWitness": "(param i32)"}, CalculatorCrashedError, "computed no witness"),
        (
            {
                "getWitness": "(param i32) (memory.fill (i32.const 0) (i32.const 255) (i32.const 32))"
                "(if (i32.eqz (local.get 0)) (then (memory.fill (i32.const 0) (i32.const 0) (i32.const 32))"
                "(i32.store (i32.const 0) (i32.const 1))))"
            },
            CalculatorCrashedError,
            "elements < r",
        ),
        ({"getInputSize": "(result i32) (i32.const 3)"}, MissingInputError, "2 of the circuit's 3 input values"),
        (
            {
                "imports": '(import "runtime" "printErrorMessage" (func $print))'
                '(import "runtime" "exceptionHandler" (func $throw (param i32)))',
                "getMessageChar": "(result i32) (i32.const 65)",
                "setInputSignal": "(param i32 i32 i32) (call $print) (call $throw (i32.const 4))",
            },
            WitnessError,
            "an assertion fails$",
        ),
    ],
)
def test_ones_that_misbehave(tmp_path: Path, changes: dict[str, str], error: type[AnomiError], words: str) -> None:
    with pytest.raises(error, match=words):
        calculate(circom_2(tmp_path / "x.wasm", changes))


def test_one_whose_function_changes_its_shape(tmp_path: Path) -> None:
    for name, body in (
        ("setInputSignal", "(param i32)"),
        ("getWitness", "(param i64)"),
        ("getFieldNumLen32", "(param i32) (result i32) (i32.const 8)"),
        ("getVersion", "(result i64) (i64.const 2)"),
        ("getInputSize", "(result f32) (f32.const 2)"),
        ("getMessageChar", ""),
    ):
        with pytest.raises(NotACalculatorError, match=f"its {name} has another shape"):
            calculate(circom_2(tmp_path / "x.wasm", {name: body}))


def test_another_field(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedPrimeError, match="another field than BN254's"):
        calculate(circom_2(tmp_path / "x.wasm", prime=R + 2))
    with pytest.raises(UnsupportedPrimeError, match="another field than BN254's"):
        calculate(circom_1(tmp_path / "y.wasm", buffer=True, prime=R - 2), {"a": 1, "b": [1, 1]})


def test_what_is_no_calculator(tmp_path: Path) -> None:
    path = tmp_path / "x.wasm"
    path.write_bytes(b"\x7fELF")
    with pytest.raises(NotWasmError, match="magic bytes"):
        WitnessCalculator(path)
    path.write_bytes(b"\0asm\x01\0\0\0\xff\xff")
    with pytest.raises(NotWasmError, match="broken WebAssembly"):
        WitnessCalculator(path)
    with pytest.raises(NotACalculatorError, match="exports neither interface"):
        WitnessCalculator(write_wat(path, "(module)"))
    with pytest.raises(FileUnreadableError, match="no such file"):
        WitnessCalculator(tmp_path / "absent.wasm")


# Circom 1


@pytest.mark.parametrize("buffer", [True, False])
@pytest.mark.parametrize("a", [0, 1, 0x7FFFFFFF, 0x80000000, 1 << 64, R - 1])
def test_circom_1(tmp_path: Path, buffer: bool, a: int) -> None:
    calculator = WitnessCalculator(circom_1(tmp_path / "x.wasm", buffer=buffer))
    witness = calculator.calculate({"a": a, "b": [9, 9]})
    assert witness[:5] == [1, a, a, 9, 9]
    assert buffer or witness[5:] == [R - 1, 5]


@pytest.fixture
def circom_1_calculator(tmp_path: Path) -> WitnessCalculator:
    return WitnessCalculator(circom_1(tmp_path / "x.wasm", buffer=True))


@pytest.mark.parametrize(
    ("inputs", "error", "words"),
    [
        ({"a": 1, "b": [1, 2]}, WitnessError, r"a constraint does not hold at tiny\.circom:5:7"),
        ({"a": 1, "b": [R - 1, R - 2]}, WitnessError, "a constraint does not hold"),
        ({"a": 1, "b": [7, 7]}, WitnessError, r"an assertion fails at tiny\.circom:6:2"),
        ({"a": 1, "b": [1]}, MissingInputError, "some of the circuit's input values are missing"),
        ({"b": [1, 1]}, MissingInputError, "missing"),
        ({}, MissingInputError, "missing"),
        ({"a": 1, "b": [1, 1], "z": 1}, ExtraInputError, "no input signal 'z'"),
        ({"a": [1, 2], "b": [1, 1]}, InputShapeError, "signal a came with too many values"),
        ({"a": 1, "b": [1, 1, 1]}, InputShapeError, "signal b came with too many values"),
        ({"a": 1, "b": [1, 1], "o": 1}, InputShapeError, "signal o came with too many values, or is no input"),
    ],
)
def test_circom_1_refuses(
    circom_1_calculator: WitnessCalculator, inputs: dict[str, object], error: type[AnomiError], words: str
) -> None:
    with pytest.raises(error, match=words):
        circom_1_calculator.calculate(inputs)


def test_circom_1_shapes_by_the_sym_file(tmp_path: Path) -> None:
    wasm = circom_1(tmp_path / "x.wasm", buffer=True)
    (tmp_path / "x.sym").write_text("1,1,0,main.o\n2,2,0,main.a\n3,3,0,main.b[0]\n4,4,0,main.b[1]\n")
    with pytest.raises(InputShapeError, match="signal b has 2 values; 3 came"):
        WitnessCalculator(wasm).calculate({"a": 1, "b": [1, 1, 1]})


def test_circom_1_log(circom_1_calculator: WitnessCalculator) -> None:
    lines: list[str] = []
    circom_1_calculator.calculate({"a": R - 5, "b": [1, 1]}, on_log=lines.append)
    assert lines == [str(R - 5)]


# Edited witnesses


def test_an_edited_witness_breaks_constraints_by_name(circuit: CompiledCircuit, calculator: WitnessCalculator) -> None:
    sym, r1cs = read_sym(circuit.sym), read_r1cs(circuit.r1cs)
    witness = calculator.calculate(INPUTS)
    assert named_violations(r1cs, sym, witness) == ()
    broken = named_violations(r1cs, sym, edited(witness, {"main.o": 15}, sym))
    assert [set(one.signals) for one in broken] == [{"main.o", "main.a", "main.b[0]"}]
    assert isinstance(broken[0], Violation)
    assert str(broken[0]).startswith(f"constraint {broken[0].constraint} over main.o, ")
    assert edited(witness, {"main.o": -1}, sym)[1] == R - 1


def test_a_hole_shows_in_an_edited_witness_only(compiled: Callable[..., CompiledCircuit]) -> None:
    made = compiled("template M() { signal input a; signal output o; o <-- a; a * 0 === 0; } component main = M();")
    sym, r1cs = read_sym(made.sym), read_r1cs(made.r1cs)
    witness = WitnessCalculator(made.wasm).calculate({"a": 4})
    assert named_violations(r1cs, sym, edited(witness, {"main.o": 5}, sym)) == ()


def test_inputs_round_trip_through_a_file(tmp_path: Path, calculator: WitnessCalculator) -> None:
    (tmp_path / "i.json").write_text(json.dumps(INPUTS))
    assert calculator.calculate(read_input_json(tmp_path / "i.json")) == calculator.calculate(INPUTS)
