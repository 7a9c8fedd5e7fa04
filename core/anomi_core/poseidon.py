"""Poseidon with circomlib's parameters: the one hash of every commitment, message and statement.

The Rust package `light-poseidon` (0.2 ms a hash) does the work where its wheel is installed, the plain
Python of `poseidon_plain` (a few ms) elsewhere; tests hold both to the same vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from anomi_core.errors import RefusedError
from anomi_core.field import require_fr
from anomi_core.poseidon_plain import poseidon_plain
from anomi_core.spec import POSEIDON_WORDS_MAX

__all__ = ["PoseidonWordCountError", "poseidon", "poseidon_backend"]


class PoseidonWordCountError(RefusedError):
    """Poseidon was asked to hash no word, or more than 12."""


def poseidon(words: Sequence[int]) -> int:
    """Return Poseidon of 1 to 12 field elements; equals circomlib, poseidon-lite and Solana's `sol_poseidon`.

    Raises PoseidonWordCountError on another number of words, NotCanonicalError on a word that is negative
    or ≥ r.
    """
    if not 1 <= len(words) <= POSEIDON_WORDS_MAX:
        raise PoseidonWordCountError(f"Poseidon hashes 1 to {POSEIDON_WORDS_MAX} words; {len(words)} came")
    for position, word in enumerate(words):
        require_fr(word, f"Poseidon word {position}")
    return _backend()[1](words)


def poseidon_backend() -> str:
    """Return the implementation in use: "light-poseidon" or "plain"."""
    return _backend()[0]


@cache
def _backend() -> tuple[str, Callable[[Sequence[int]], int]]:
    # Imported at the first hash: a command that never hashes does not pay for it.
    try:
        from light_poseidon_python import poseidon_hash_bytes
    except ImportError:
        return "plain", poseidon_plain

    def light(words: Sequence[int]) -> int:
        return int(poseidon_hash_bytes([word.to_bytes(32, "big") for word in words]), 16)

    return "light-poseidon", light
