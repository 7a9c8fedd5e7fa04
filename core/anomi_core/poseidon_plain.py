"""Poseidon over BN254's Fr with circomlib's parameters, in plain Python.

Source: L. Grassi et al., "Poseidon: a new hash function for zero-knowledge proof systems" (eprint
2019/458), whose appendix derives every constant from a Grain LFSR seeded with the parameters themselves;
nothing is copied here, so nothing can be mistyped. circomlib uses x^5, 8 full rounds, width t = words + 1,
an initial capacity word 0, and takes word 0 of the final state. Its partial rounds are the paper's, rounded
up to a multiple of t.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from anomi_core.field import FR_MODULUS

__all__ = ["poseidon_plain"]

FULL_ROUNDS: Final = 8
PARTIAL_ROUNDS: Final = (56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65)
"""Partial rounds by number of words, 1 … 12."""
FIELD_BITS: Final = 254

LFSR_BITS: Final = 80
LFSR_TAPS: Final = (62, 51, 38, 23, 13, 0)
LFSR_STEP: Final = LFSR_BITS - LFSR_TAPS[0]
"""Bits that can be produced at once: the youngest tap is this many bits old."""
LFSR_DISCARDED_BITS: Final = 160


def poseidon_plain(words: Sequence[int]) -> int:
    """Return the hash of 1 to 12 canonical field elements; the caller has checked count and range."""
    rounds, matrix = _parameters(len(words))
    state = [0, *words]
    half = FULL_ROUNDS // 2
    for number, constants in enumerate(rounds):
        state = [word + constant for word, constant in zip(state, constants, strict=True)]
        if half <= number < len(rounds) - half:
            state[0] = pow(state[0], 5, FR_MODULUS)
        else:
            state = [pow(word, 5, FR_MODULUS) for word in state]
        state = [sum(factor * word for factor, word in zip(row, state, strict=True)) % FR_MODULUS for row in matrix]
    return state[0]


@cache
def _parameters(words: int) -> tuple[list[list[int]], list[list[int]]]:
    """Return (round constants per round, MDS matrix) for a number of words."""
    width = words + 1
    rounds = FULL_ROUNDS + PARTIAL_ROUNDS[words - 1]
    numbers = _grain_numbers(width, PARTIAL_ROUNDS[words - 1])
    constants = [[_below_modulus(numbers) for _ in range(width)] for _ in range(rounds)]
    # The MDS matrix is the first Cauchy matrix the generator yields (for these widths none is rejected);
    # its numbers are reduced, not rejected.
    drawn = [next(numbers) % FR_MODULUS for _ in range(2 * width)]
    matrix = [[pow(x + y, -1, FR_MODULUS) for y in drawn[width:]] for x in drawn[:width]]
    return constants, matrix


def _below_modulus(numbers: Iterator[int]) -> int:
    return next(number for number in numbers if number < FR_MODULUS)


def _grain_numbers(width: int, partial_rounds: int) -> Iterator[int]:
    """Yield 254-bit numbers, most significant bit first, of the self-shrinking Grain LFSR."""
    seed = (
        (1, 2),  # a prime field
        (0, 4),  # S-box x^alpha
        (FIELD_BITS, 12),
        (width, 12),
        (FULL_ROUNDS, 10),
        (partial_rounds, 10),
        (2**30 - 1, 30),
    )
    bits = _self_shrunk("".join(f"{value:0{size}b}" for value, size in seed))
    while True:
        number = 0
        for _ in range(FIELD_BITS):
            number = number << 1 | next(bits)
        yield number


def _self_shrunk(seed: str) -> Iterator[int]:
    """Yield the second bit of every pair whose first bit is 1, after the discarded warm-up."""
    stream = _lfsr(seed)
    for _ in range(LFSR_DISCARDED_BITS):
        next(stream)
    while True:
        keep, bit = next(stream), next(stream)
        if keep:
            yield bit


def _lfsr(seed: str) -> Iterator[int]:
    """Yield the LFSR's new bits; the state holds its oldest bit at position 0."""
    state = int(seed[::-1], 2)
    mask = (1 << LFSR_STEP) - 1
    while True:
        fresh = 0
        for tap in LFSR_TAPS:
            fresh ^= state >> tap
        fresh &= mask
        state = state >> LFSR_STEP | fresh << (LFSR_BITS - LFSR_STEP)
        for position in range(LFSR_STEP):
            yield fresh >> position & 1
