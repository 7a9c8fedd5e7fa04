"""Every integer operation of the compiled program against Python's integers."""

from __future__ import annotations

import random

import pytest

from tests.sbf.conftest import Machine
from tests.sbf.reference import M128, SHIFT_AMOUNTS, WIDE, WORDS, pairs, signed, unsigned, wide_pairs

WORD_COMMAND, WIDE_COMMAND, SHIFT_COMMAND = 6, 7, 8
RETURN_BYTES = 1024


@pytest.mark.parametrize("operation", range(len(WORDS)))
def test_64_bit_arithmetic_equals_python(machine: Machine, operation: int) -> None:
    cases = pairs(300)
    if operation == 21:  # the sum 0 + … + (a - 1), which must not overflow: the program checks
        cases = [(a & 0xFFFF_FFFF, b) for a, b in cases]
    size = len(WORDS[operation](1, 1))
    step = RETURN_BYTES // size
    for start in range(0, len(cases), step):
        batch = cases[start : start + step]
        data = b"".join(word.to_bytes(8, "little") for pair in batch for word in pair)
        result = machine.run(WORD_COMMAND, operation, data).return_data
        for index, (a, b) in enumerate(batch):
            expected = WORDS[operation](a, b)
            assert result[index * size : (index + 1) * size] == expected, (operation, hex(a), hex(b))


@pytest.mark.parametrize("operation", range(len(WIDE)))
def test_128_bit_arithmetic_equals_python(machine: Machine, operation: int) -> None:
    cases = wide_pairs(200)
    if operation == 13:  # -x is refused for the least value, by the overflow check
        cases = [(a, b) for a, b in cases if a != 2**127]
    size = len(WIDE[operation](1, 1))
    step = RETURN_BYTES // size
    for start in range(0, len(cases), step):
        batch = cases[start : start + step]
        data = b"".join(word.to_bytes(16, "little") for pair in batch for word in pair)
        result = machine.run(WIDE_COMMAND, operation, 0, data).return_data
        for index, (a, b) in enumerate(batch):
            expected = WIDE[operation](a, b)
            assert result[index * size : (index + 1) * size] == expected, (operation, hex(a), hex(b))


@pytest.mark.parametrize(
    ("kind", "amounts"), [(0, SHIFT_AMOUNTS), (1, tuple(range(128)))], ids=["constant", "variable"]
)
def test_128_bit_shifts_equal_python(machine: Machine, kind: int, amounts: tuple[int, ...]) -> None:
    rng = random.Random(1)
    values = [1, 2**63, 2**64, 2**127, M128, 0xFEDC_BA98_7654_3210_0123_4567_89AB_CDEF, rng.getrandbits(128)]
    cases = [(value, amount) for amount in amounts for value in values]
    for start in range(0, len(cases), RETURN_BYTES // 48):
        batch = cases[start : start + RETURN_BYTES // 48]
        data = b"".join(word.to_bytes(16, "little") for pair in batch for word in pair)
        result = machine.run(SHIFT_COMMAND, kind, 0, data).return_data
        for index, (value, amount) in enumerate(batch):
            expected = b"".join(
                unsigned(number, 128).to_bytes(16, "little")
                for number in (value << amount, value >> amount, signed(value, 128) >> amount)
            )
            assert result[index * 48 : (index + 1) * 48] == expected, (hex(value), amount)
