"""Packing of canonical texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anomi_core.field import FR_MODULUS
from anomi_core.text import TextCharacterError, TextLengthError, pack_text

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/text.json").read_text())
TEXTS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=248)


def test_vectors() -> None:
    assert {31, 32, 62, 63, 248} <= {len(row["text"]) for row in VECTORS["texts"]}
    for row in VECTORS["texts"]:
        assert str(pack_text(row["text"])) == row["packed"]


def test_short_texts_are_big_endian_integers() -> None:
    assert pack_text("1") == 0x31
    assert pack_text("1A") == 0x3141
    assert pack_text("~" * 31) == int.from_bytes(b"~" * 31, "big") < 2**248


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_different_texts_differ(left: str, right: str) -> None:
    assert (pack_text(left) == pack_text(right)) == (left == right)
    assert pack_text(left) < FR_MODULUS


def test_length_counts_where_chunks_are_equal() -> None:
    assert pack_text("1" * 32) != pack_text("1" * 33) != pack_text("1" * 62)


@pytest.mark.parametrize("length", [0, 249])
def test_other_lengths_are_refused(length: int) -> None:
    with pytest.raises(TextLengthError, match=f"1 to 248 characters; this one has {length}"):
        pack_text("A" * length)


@pytest.mark.parametrize("character", ["\0", " ", "\x7f", "\n", "é", "٣"])
def test_other_characters_are_refused(character: str) -> None:
    """A leading zero byte above all: it would vanish from the integer."""
    with pytest.raises(TextCharacterError, match="printable ASCII"):
        pack_text(f"{character}1")


@pytest.mark.parametrize("character", ["!", "~"])
def test_the_first_and_last_printable_characters_pass(character: str) -> None:
    assert pack_text(character) == ord(character)
