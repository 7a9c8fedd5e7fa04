"""What the linker and the code generator can get wrong, seen from inside a running program."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sbf.conftest import PROGRAMS, Machine
from tests.sbf.reference import signed

STRINGS, CHAIN, FUNCTIONS, SHAPES, SWITCH, POINTERS = range(6)
MEMORY, SORTING, FORMATTING, PANICS, RETURNS = range(9, 14)
M64 = 2**64 - 1
SOURCES = PROGRAMS / "probe/src"


def word(value: int) -> bytes:
    return (value & M64).to_bytes(8, "little")


# Tables of pointers


@pytest.mark.parametrize(
    ("index", "text"),
    list(
        enumerate(
            [
                "",
                "a",
                "ab",
                "the quick brown fox",
                "jumps",
                "über",
                "the lazy dog",
                "0123456789abcdef",
                "0123456789abcdef0123456789abcdef",
            ]
        )
    ),
)
def test_a_table_of_strings(machine: Machine, index: int, text: str) -> None:
    assert machine.run(STRINGS, index).return_data == text.encode()


def test_references_between_statics_and_none_is_not_an_address(machine: Machine) -> None:
    first, second, third = b"first=" + word(6), b"second=" + word(0), b"third=" + word(0xDEADBEEF)
    expected = [first + second + third, second + third, b"", third]
    assert [machine.run(CHAIN, head).return_data for head in range(4)] == expected


@pytest.mark.parametrize("value", [0, 1, 2, 7, 2**32, M64])
def test_function_pointers_from_tables(machine: Machine, value: int) -> None:
    functions: list[Callable[[int], int]] = [lambda v: 2 * v, lambda v: v * v, lambda v: -v, lambda v: v ^ 0xC01D]
    functions.append(lambda v: functions[v % 3](v))
    nothing: Callable[[int], int] = lambda _: 0  # noqa: E731 - typed, as its fellows are
    by_length = {6: functions[0], 4: functions[3]}  # "double" comes before "square"
    for index, function in enumerate(functions):
        named = by_length.get(index + 4, nothing)
        expected = [function(value) & M64, named(value) & M64, 1, (value & 0xFFFF) + 1]
        assert machine.run(FUNCTIONS, index, value).words == expected


@pytest.mark.parametrize(
    ("index", "name", "area"),
    [(0, "square", 49), (1, "rectangle", 15), (2, "nothing", 0), (3, "square", (1 << 66) & M64)],
)
def test_trait_objects_with_default_methods_and_wide_results(
    machine: Machine, index: int, name: str, area: int
) -> None:
    scaled = area + 9 if name == "rectangle" else area * 9
    assert machine.run(SHAPES, index, 9).return_data == word(area) + word(scaled) + name.encode()


def test_dense_and_sparse_matches(machine: Machine) -> None:
    dense = [11, 7, 1 << 40, 0, 99, 3, M64, 5, 17, 23]
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven"]
    for value in [*range(70), 999, 1000, 1001, 2000, 2001, 2**32 - 1, 2**32, 2**32 + 1, M64 - 1, M64]:
        sparse = {1000: 2, 2**32: 4, M64: 5}.get(value, 0)
        if value in (10, 12, 14, 17, 40, 63):
            sparse = 1
        elif 1001 <= value <= 2000:
            sparse = 3
        expected = word(dense[value] if value < 10 else 42) + word(sparse)
        expected += (names[value] if value < 8 else "many").encode()
        assert machine.run(SWITCH, value).return_data == expected, value


def test_pointers_into_objects_and_alignment(machine: Machine) -> None:
    expected = [105, 103 + 104 + 105 + 106, 40, 20, 0, 0, 3]
    expected += [0x8899AABBCCDDEEFF, 0x0011223344556677]
    expected += [0, 1, 1, 0, 15]
    result = machine.run(POINTERS).return_data
    assert result == b"".join(map(word, expected)) + b"tail"


# Memory routines

SIZE = 900


def _buffer() -> bytearray:
    return bytearray((i * 7 + i // 256) & 0xFF for i in range(SIZE))


LENGTHS = [*range(42), 63, 64, 65, 71, 100, 127, 128, 129, 200, 255, 256, 257, 300]


@pytest.mark.parametrize("length", LENGTHS)
def test_memcpy_of_any_length_and_alignment(machine: Machine, length: int) -> None:
    for from_, to in ((0, 0), (3, 0), (0, 5), (7, 1)):
        expected = _buffer()
        expected[450 + to : 450 + to + length] = expected[from_ : from_ + length]
        assert machine.run(MEMORY, 0, from_, to, length, 0).return_data == expected, (from_, to)


@pytest.mark.parametrize("length", LENGTHS)
def test_memmove_with_overlap_in_both_directions(machine: Machine, length: int) -> None:
    for from_, to in ((100, 100), (100, 101), (101, 100), (100, 108), (108, 100), (100, 113), (117, 100), (0, 600)):
        expected = _buffer()
        expected[to : to + length] = expected[from_ : from_ + length]
        assert machine.run(MEMORY, 1, from_, to, length, 0).return_data == expected, (from_, to)


@pytest.mark.parametrize("length", LENGTHS)
def test_memset(machine: Machine, length: int) -> None:
    for to, byte in ((0, 0), (1, 0xAB), (6, 0xFF)):
        expected = _buffer()
        expected[to : to + length] = bytes([byte]) * length
        assert machine.run(MEMORY, 2, 0, to, length, byte).return_data == expected, (to, byte)


@pytest.mark.parametrize("length", LENGTHS)
def test_memcmp_sees_a_difference_in_any_byte(machine: Machine, length: int) -> None:
    for from_, to, flip in ((100, 100, 0), (100, 100, 0x80), (100, 356, 0), (3, 512, 1), (0, 257, 0xFF)):
        changed = _buffer()
        changed[to] ^= flip
        left, right = changed[from_ : from_ + length], changed[to : to + length]
        order = (left > right) - (left < right)
        assert machine.run(MEMORY, 3, from_, to, length, flip).words == [order & M64, int(left == right)], (from_, to)


@pytest.mark.parametrize(
    "length", [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64, 65, 100, 127, 128, 129, 200, 255, 256]
)
def test_copies_of_constant_length(machine: Machine, length: int) -> None:
    expected = _buffer()
    expected[411 : 411 + length] = expected[3 : 3 + length]
    assert machine.run(MEMORY, 4, 3, 411, length, 0).return_data == expected


def test_reverse_rotate_and_swap(machine: Machine) -> None:
    for length in (0, 1, 2, 15, 16, 17, 100):
        expected = _buffer()
        expected[9 : 9 + length] = expected[9 : 9 + length][::-1]
        assert machine.run(MEMORY, 5, 0, 9, length, 0).return_data == expected
        expected = _buffer()
        expected[9:] = expected[9 + length :] + expected[9 : 9 + length]
        assert machine.run(MEMORY, 6, 0, 9, length, 0).return_data == expected
        expected = _buffer()
        expected[2 : 2 + length], expected[455 : 455 + length] = expected[455 : 455 + length], expected[2 : 2 + length]
        assert machine.run(MEMORY, 7, 2, 5, length, 0).return_data == expected


# Sorting


def _inputs() -> list[list[int]]:
    rng = random.Random(7)
    lengths = (1, 2, 3, 7, 8, 19, 20, 21, 33, 50, 64, 99, 120)
    found = [[rng.getrandbits(64) for _ in range(n)] for n in lengths]
    found += [[rng.randrange(5) for _ in range(n)] for n in lengths]
    found += [list(range(120)), list(range(120, 0, -1)), [5] * 100, [*range(60), *range(60)]]
    found += [[*range(0, 120, 2), *range(119, 0, -2)]]
    return found


def _price(value: int) -> tuple[int, int, int]:
    return (-(value >> 40), value >> 32 & 0xFF, value & 0xFFFFFFFF)


@pytest.mark.parametrize("values", _inputs(), ids=lambda values: f"{len(values)}")
def test_sorting_and_selecting(machine: Machine, values: list[int]) -> None:
    data = b"".join(map(word, values))
    assert machine.run(SORTING, 0, data).words == sorted(values)
    assert machine.run(SORTING, 1, data).words == sorted(values, reverse=True)
    assert machine.run(SORTING, 2, data).words == sorted(values, key=lambda v: (v & 0xFF, v))
    assert machine.run(SORTING, 4, data).words == [sorted(values)[len(values) // 2]]
    assert machine.run(SORTING, 5, data).words == sorted(values, key=_price)
    assert machine.run(SORTING, 6, data).words == sorted(values)


@pytest.mark.parametrize("values", _inputs(), ids=lambda values: f"{len(values)}")
def test_binary_search(machine: Machine, values: list[int]) -> None:
    ordered = sorted(values)
    found = machine.run(SORTING, 3, b"".join(map(word, values))).words
    needles = [0, ordered[0], ordered[len(ordered) // 2], ordered[-1], M64, 1 << 32]
    for needle, answer in zip(needles, found, strict=True):
        if needle in ordered:
            assert answer == needle ^ 1
        else:
            assert answer == sum(value < needle for value in ordered) | 1 << 63


# Formatting


@pytest.mark.parametrize("value", [0, 1, 9, 10, 127, 128, 255, 12345678901234567890 % 2**64, 2**63 - 1, 2**63, M64])
def test_formatting(machine: Machine, value: int) -> None:
    optional = f"Some({value & 0xFFFFFFFF})" if value % 2 == 0 else "None"
    raw = value.to_bytes(8, "big")
    try:
        decoded = 'Ok("' + "".join(f"\\u{{{c:x}}}" if c < 32 and c else chr(c) for c in raw).replace("\0", "\\0") + '")'
        decoded = decoded.replace("\\u{9}", "\\t").replace("\\u{a}", "\\n").replace("\x7f", "\\u{7f}")
        raw.decode()
    except UnicodeDecodeError as error:
        kind = "Some(1)" if error.reason != "unexpected end of data" else "None"
        decoded = f"Err(Utf8Error {{ valid_up_to: {error.start}, error_len: {kind} }})"
    expected = [
        f"{value} {value:x} {value:#X} {value:b} {value:o}".replace("0X", "0x"),
        f"[{value:>24}] [{value:<24}] [{value:^24}] [{value:024}] [{value:+}]",
        f"{signed(value, 64)} {signed(value, 32)} {signed(value, 8)}",
        f"Point {{ x: {signed(value, 64)}, y: {optional} }}",
        "Moved {\n    to: Point {\n        x: -1,\n        y: None,\n    },\n    by: (\n"
        f"        {value & 0xFF},\n        {signed(value, 8)},\n    ),\n}}",
        'Nothing Named("quo\\"ted\\n")',
        f"'ß' \"tab\\tü\U0001f600\\u{{7f}}\" [{value}, 2, 3]",
        "      ab|cd      |   ef   |tru",
        f"{f'Some({value + 1})' if value < M64 else 'None'} {decoded}",
        "true" if value == 0 else "false",
        str(list(value.to_bytes(8, "little"))),
        f"{value:016x}",
    ]
    for case, text in enumerate(expected):
        assert machine.run(FORMATTING, case, value).return_data.decode() == text, case


# Panics


def _line(tag: str) -> tuple[str, int]:
    for path in sorted(SOURCES.glob("*.rs")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.rstrip().endswith(f"// LINE: {tag}"):
                return path.name, number
    raise AssertionError(f"no line is tagged {tag}")


@pytest.mark.parametrize(
    ("case", "tag", "message"),
    [
        (1, "explicit", "case 1 of panics"),
        (2, "unwrap", "called `Option::unwrap()` on a `None` value"),
        (3, "expect", 'expected: "reason"'),
        (4, "index", "index out of bounds: the len is 3 but the index is 4"),
        (5, "slice", "range end index 5 out of range for slice of length 3"),
        (6, "add", "attempt to add with overflow"),
        (7, "multiply", "attempt to multiply with overflow"),
        (8, "divide", "attempt to divide by zero"),
        (9, "unreachable", "internal error: entered unreachable code: never 9"),
        (10, "assert", "assertion `left == right` failed: left and right\n  left: 10\n right: 11"),
        (11, "index in string", "index out of bounds: the len is 6 but the index is 11"),
        (12, "narrow add", "attempt to add with overflow"),
    ],
)
def test_panics_say_what_and_where(machine: Machine, case: int, tag: str, message: str) -> None:
    file, line = _line(tag)
    outcome = machine.call(PANICS, case)
    assert outcome.error is not None
    assert "ProgramFailedToComplete" in outcome.error
    said = [log for log in outcome.logs if log.startswith("Program log: ")]
    assert len(said) == 1
    assert f"panicked at probe/src/{file}:{line}:" in said[0]
    assert said[0].endswith(f"\n{message}")


def test_no_panic_where_there_is_no_reason(machine: Machine) -> None:
    assert machine.run(PANICS, 0).words == [0]


def test_a_panic_in_core_names_rusts_own_file_without_this_machines_folders(machine: Machine) -> None:
    outcome = machine.call(STRINGS)  # reads a word of no input
    said = next(log for log in outcome.logs if "panicked at" in log)
    assert "panicked at probe/src/runtime.rs:" in said
    assert str(Path.home()) not in said


def test_recursion_deeper_than_the_runtime_allows_is_stopped(machine: Machine) -> None:
    outcome = machine.call(PANICS, 13)
    assert outcome.error is not None
    assert any("call depth" in log for log in outcome.logs)


# Calls


@pytest.mark.parametrize("a", [0, 1, 3, 5, 255, 2**32 + 7, M64])
@pytest.mark.parametrize("b", [0, 129, 2**63 + 1])
def test_values_of_every_shape_across_calls(machine: Machine, a: int, b: int) -> None:
    def wide(value: int) -> bytes:
        return (value % 2**128).to_bytes(16, "little")

    expected = word(b + 1) + word(a ^ b)
    expected += word(a) + word(a + 1) + word(a * 3) + word(~a) + word(a >> 7)
    expected += wide(a << 64 | b) + wide((a << 64 | b) - (b << 64 | a)) + wide(a * a if a % 3 else 7)
    expected += word((a & 0xFFFFFFFF) ^ (~a & M64)) if a % 2 == 0 else bytes([a & 0xFF]) * 20
    expected += (word(a) + word(b))[11:]
    letter = ord("a") + a % 26
    expected += word(a & 0xFF | (a >> 8 & 0xFFFF) << 8 | int(a % 5 == 0) << 24 | letter << 32)
    expected += word(sum(b * (i + 1) for i in range(40)) + (b & 0xFF))
    expected += word((a + (b & 0xFFFFFFFF)) * (b & 0xFF) - a)
    expected += word(signed(a, 8) + signed(a, 16) * 2 - signed(b, 32))
    fibonacci = [0, 1]
    while len(fibonacci) < 12:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    expected += word(fibonacci[a % 12])
    assert machine.run(RETURNS, a, b).return_data == expected


def test_an_unknown_command_returns_its_own_code(machine: Machine) -> None:
    outcome = machine.call(99)
    assert outcome.error is not None
    assert "Custom" in outcome.error
