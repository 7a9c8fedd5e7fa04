"""Base58, held to solders where both can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from solders.pubkey import Pubkey

from anomi_sdk.base58 import b58decode, b58encode


@given(st.binary(min_size=32, max_size=32))
def test_as_solders_writes_it(data: bytes) -> None:
    assert b58encode(data) == str(Pubkey.from_bytes(data))
    assert b58decode(str(Pubkey.from_bytes(data)), bytes_max=32) == data


@given(st.binary(max_size=200))
def test_there_and_back(data: bytes) -> None:
    assert b58decode(b58encode(data), bytes_max=len(data)) == data


@pytest.mark.parametrize("length", [1, 31, 32, 128, 1232])
@pytest.mark.parametrize("byte", [0, 255])
def test_the_limit_is_exact(length: int, byte: int) -> None:
    text = b58encode(bytes([byte]) * length)
    assert b58decode(text, bytes_max=length) == bytes([byte]) * length
    with pytest.raises(ValueError, match="too long"):
        b58decode(text, bytes_max=length - 1)


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "a b", "é", "\n"])
def test_other_signs(text: str) -> None:
    with pytest.raises(ValueError, match="not base58"):
        b58decode(text, bytes_max=10)


def test_a_very_long_text_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="too long"):
        b58decode("z" * 10_000_000, bytes_max=1232)
