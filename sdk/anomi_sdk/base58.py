"""Base58 with Bitcoin's alphabet, as Solana writes addresses, signatures and short data. Its cost is quadratic."""

from __future__ import annotations

from typing import Final

__all__ = ["b58decode", "b58encode"]

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES: Final = {sign: value for value, sign in enumerate(_ALPHABET)}


def b58encode(data: bytes) -> str:
    """Return `data` in base58; each leading zero byte is a leading `1`."""
    number = int.from_bytes(data, "big")
    signs = []
    while number:
        number, digit = divmod(number, 58)
        signs.append(_ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return _ALPHABET[0] * zeros + "".join(reversed(signs))


def b58decode(text: str, *, bytes_max: int) -> bytes:
    """Return the bytes that `text` stands for. Raises ValueError for another sign, or more than `bytes_max` bytes."""
    if len(text) > bytes_max * 7 // 5 + 1:  # a byte is log(256) / log(58) = 1.37 signs
        raise ValueError("too long")
    number = 0
    for sign in text:
        if sign not in _VALUES:
            raise ValueError("not base58")
        number = number * 58 + _VALUES[sign]
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    if len(data) > bytes_max:
        raise ValueError("too long")
    return data
