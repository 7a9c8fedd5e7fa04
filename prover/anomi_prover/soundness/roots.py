"""Roots of polynomials of degree one and two over a prime field."""

from __future__ import annotations

from functools import cache

__all__ = ["roots", "square_root"]


def roots(x2: int, x1: int, x0: int, prime: int) -> list[int]:
    """Return the roots of x2·t² + x1·t + x0 in the field; none when it is a constant. Coefficients are reduced."""
    if x2 == 0:
        return [-x0 * pow(x1, -1, prime) % prime] if x1 else []
    root = square_root((x1 * x1 - 4 * x2 * x0) % prime, prime)
    if root is None:
        return []
    half = pow(2 * x2, -1, prime)
    return sorted({(-x1 + root) * half % prime, (-x1 - root) * half % prime})


def square_root(square: int, prime: int) -> int | None:
    """Return a square root in the field, or None when there is none (Tonelli and Shanks)."""
    if square <= 1:
        return square
    if pow(square, (prime - 1) // 2, prime) != 1:
        return None
    twos, odd, non_square = _shape(prime)
    turn = pow(non_square, odd, prime)
    root, rest = pow(square, (odd + 1) // 2, prime), pow(square, odd, prime)
    while rest != 1:
        order, power = 0, rest
        while power != 1:
            power = power * power % prime
            order += 1
        step = pow(turn, 1 << (twos - order - 1), prime)
        twos, turn = order, step * step % prime
        root, rest = root * step % prime, rest * turn % prime
    return root


@cache
def _shape(prime: int) -> tuple[int, int, int]:
    """Return (twos, odd, a non-square) with prime − 1 = 2^twos · odd."""
    twos = ((prime - 1) & (1 - prime)).bit_length() - 1
    non_square = next(number for number in range(2, prime) if pow(number, (prime - 1) // 2, prime) == prime - 1)
    return twos, (prime - 1) >> twos, non_square
