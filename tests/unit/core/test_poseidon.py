"""Poseidon: both implementations, held to the vectors and to each other."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anomi_core import poseidon as module
from anomi_core.field import FR_MODULUS, NotCanonicalError
from anomi_core.poseidon import PoseidonWordCountError, poseidon, poseidon_backend
from anomi_core.poseidon_plain import poseidon_plain

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/poseidon.json").read_text())["cases"]
WORDS = st.lists(st.integers(0, FR_MODULUS - 1), min_size=1, max_size=12)


def test_published_value() -> None:
    """circomlib's own test: poseidon([1, 2])."""
    expected = 0x115CC0F5E7D690413DF64C6B9662E9CF2A3617F2743245519E19607A4417189A
    assert poseidon([1, 2]) == poseidon_plain([1, 2]) == expected


def test_vectors_cover_every_word_count() -> None:
    assert {len(case["words"]) for case in VECTORS} == set(range(1, 13))


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: f"{len(case['words'])} words")
def test_both_implementations_give_the_vectors(case: dict[str, Any]) -> None:
    words = [int(word) for word in case["words"]]
    assert str(poseidon(words)) == case["hash"]
    assert str(poseidon_plain(words)) == case["hash"]


@settings(max_examples=40, deadline=None)
@given(WORDS)
def test_implementations_agree(words: list[int]) -> None:
    assert poseidon(words) == poseidon_plain(words)


@pytest.mark.parametrize("count", [0, 13])
def test_other_word_counts_are_refused(count: int) -> None:
    with pytest.raises(PoseidonWordCountError, match=f"1 to 12 words; {count} came"):
        poseidon([1] * count)


@pytest.mark.parametrize("word", [-1, FR_MODULUS, 2**256])
def test_words_outside_the_field_are_refused(word: int) -> None:
    with pytest.raises(NotCanonicalError, match="Poseidon word 2"):
        poseidon([0, 1, word])


def test_plain_python_steps_in_without_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "light_poseidon_python", None)
    module._backend.cache_clear()
    try:
        assert poseidon_backend() == "plain"
        assert str(poseidon([int(word) for word in VECTORS[5]["words"]])) == VECTORS[5]["hash"]
    finally:
        module._backend.cache_clear()


def test_hashing_is_not_paid_for_before_the_first_hash() -> None:
    module._backend.cache_clear()
    assert module._backend.cache_info().currsize == 0
    poseidon([1])
    assert module._backend.cache_info().currsize == 1
