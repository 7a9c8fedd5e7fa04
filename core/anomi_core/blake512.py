"""BLAKE-512, the SHA-3 finalist (not BLAKE2), in plain Python: circomlib's EdDSA expands its keys with it.

Source: J.-P. Aumasson, L. Henzen, W. Meier, R. Phan, "SHA-3 proposal BLAKE", version 1.3. The salt is zero.
"""

from __future__ import annotations

from typing import Final

__all__ = ["blake512"]

WORD_MASK: Final = 2**64 - 1
BLOCK_BYTES: Final = 128
ROUNDS: Final = 16

# The fractional digits of pi, and the initial values of SHA-512.
PI: Final = (
    *(0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
    *(0x452821E638D01377, 0xBE5466CF34E90C6C, 0xC0AC29B7C97C50DD, 0x3F84D5B5B5470917),
    *(0x9216D5D98979FB1B, 0xD1310BA698DFB5AC, 0x2FFD72DBD01ADFB7, 0xB8E1AFED6A267E96),
    *(0xBA7C9045F12C7F99, 0x24A19947B3916CF7, 0x0801F2E2858EFC16, 0x636920D871574E69),
)
INITIAL: Final = (
    *(0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1),
    *(0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179),
)
PERMUTATIONS: Final = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    (14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3),
    (11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4),
    (7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8),
    (9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13),
    (2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9),
    (12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11),
    (13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10),
    (6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5),
    (10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0),
)
COLUMNS_THEN_DIAGONALS: Final = (
    *((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)),
    *((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)),
)


def blake512(message: bytes) -> bytes:
    """Return the 64-byte BLAKE-512 hash of a message."""
    zeros = (BLOCK_BYTES - 18 - len(message)) % BLOCK_BYTES
    # One bit, zeros, one bit, the length in bits: the two ones share a byte when there is no room between
    # them.
    padding = b"\x80" + bytes(zeros) + b"\x01"
    if zeros == BLOCK_BYTES - 1:
        padding = b"\x81"
    padded = message + padding + (8 * len(message)).to_bytes(16, "big")
    chain = list(INITIAL)
    for start in range(0, len(padded), BLOCK_BYTES):
        # The counter is the number of message bits up to this block's end, and 0 for a block of padding
        # alone.
        hashed = min(start + BLOCK_BYTES, len(message)) * 8 if start < len(message) else 0
        _compress(chain, padded[start : start + BLOCK_BYTES], hashed)
    return b"".join(word.to_bytes(8, "big") for word in chain)


def _compress(chain: list[int], block: bytes, bits_hashed: int) -> None:
    message = [int.from_bytes(block[i : i + 8], "big") for i in range(0, BLOCK_BYTES, 8)]
    low, high = bits_hashed & WORD_MASK, bits_hashed >> 64
    v = [*chain, *PI[:4], PI[4] ^ low, PI[5] ^ low, PI[6] ^ high, PI[7] ^ high]
    for number in range(ROUNDS):
        order = PERMUTATIONS[number % len(PERMUTATIONS)]
        for step, (a, b, c, d) in enumerate(COLUMNS_THEN_DIAGONALS):
            first, second = order[2 * step], order[2 * step + 1]
            v[a] = (v[a] + v[b] + (message[first] ^ PI[second])) & WORD_MASK
            v[d] = _rotate_right(v[d] ^ v[a], 32)
            v[c] = (v[c] + v[d]) & WORD_MASK
            v[b] = _rotate_right(v[b] ^ v[c], 25)
            v[a] = (v[a] + v[b] + (message[second] ^ PI[first])) & WORD_MASK
            v[d] = _rotate_right(v[d] ^ v[a], 16)
            v[c] = (v[c] + v[d]) & WORD_MASK
            v[b] = _rotate_right(v[b] ^ v[c], 11)
    for i in range(8):
        chain[i] ^= v[i] ^ v[i + 8]


def _rotate_right(word: int, bits: int) -> int:
    return (word >> bits | word << (64 - bits)) & WORD_MASK
