"""How a canonical text (an account number, a transaction id) becomes one field element."""

from __future__ import annotations

from anomi_core.errors import RefusedError
from anomi_core.poseidon import poseidon
from anomi_core.spec import PACKED_TEXT_BYTES, TAG_TEXT, TEXT_BYTES_MAX

__all__ = ["TextCharacterError", "TextLengthError", "pack_text"]


class TextLengthError(RefusedError):
    """A canonical text is empty or longer than 248 bytes."""


class TextCharacterError(RefusedError):
    """A canonical text holds a character outside ASCII 0x21 … 0x7E."""


def pack_text(canonical: str) -> int:
    """Return the field element of a canonical text of 1 to 248 printable ASCII characters without spaces.

    Up to 31 bytes are read as one big-endian integer; no text starts with a zero byte, so different texts give
    different integers. Longer ones are P(TAG_TEXT, byte_length, chunks of 31 bytes each). Raises TextLengthError,
    TextCharacterError; their sentences never show the text.
    """
    if not 1 <= len(canonical) <= TEXT_BYTES_MAX:
        raise TextLengthError(f"a canonical text has 1 to {TEXT_BYTES_MAX} characters; this one has {len(canonical)}")
    if not all("!" <= character <= "~" for character in canonical):
        raise TextCharacterError(
            "a canonical text holds only printable ASCII characters and no space; this one does not"
        )
    data = canonical.encode("ascii")
    if len(data) <= PACKED_TEXT_BYTES:
        return int.from_bytes(data, "big")
    chunks = (data[start : start + PACKED_TEXT_BYTES] for start in range(0, len(data), PACKED_TEXT_BYTES))
    return poseidon([TAG_TEXT, len(data), *(int.from_bytes(chunk, "big") for chunk in chunks)])
