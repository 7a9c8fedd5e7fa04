"""Terms in a file, for a governor to edit and to publish. It holds nothing but what goes on chain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from solders.pubkey import Pubkey

from anomi_core.eddsa import PublicKey
from anomi_core.errors import UnreadableInputError
from anomi_core.registry import AttestorSet
from anomi_core.spec import ATTESTORS_MAX
from anomi_prover.files import atomic_write
from anomi_sdk.trade.terms import TermsDraft

__all__ = ["TermsFileUnreadableError", "read_terms_file", "terms_document", "write_terms_file"]

_FORMAT: Final = "anomi terms 1"
_FILE_BYTES_MAX: Final = 16 * 1024
_U64_MAX: Final = 2**64 - 1
_DEPTH_MAX: Final = 8
"""Far above what a program takes; it keeps a mistyped depth from being built."""
_COORDINATE_DIGITS_MAX: Final = 78
_KEYS: Final = ("solvency_key", "payment_key")
_NUMBERS: Final = (
    "fee_bps",
    "reveal_window_s",
    "pay_window_s",
    "prove_window_s",
    "strikes_max",
    "cooldown_s",
    "free_cancel_grace_s",
    "free_cancel_interval_s",
    "min_ask_atoms",
    "min_fill_atoms",
)


class TermsFileUnreadableError(UnreadableInputError):
    """A file that is no terms as `anomi govern show --write` writes them."""


def terms_document(draft: TermsDraft) -> dict[str, Any]:
    """Return terms as JSON has them; an attestor's coordinates are decimal strings, as Circom writes them."""
    return {
        "format": _FORMAT,
        **{name: str(getattr(draft, name)) for name in _KEYS},
        "attestors": {
            "k": draft.attestors.k,
            "depth": draft.attestors.depth,
            "keys": [{"x": str(key.ax), "y": str(key.ay)} for key in draft.attestors.keys],
        },
        **{name: getattr(draft, name) for name in _NUMBERS},
    }


def write_terms_file(path: Path, draft: TermsDraft) -> None:
    """Write terms for `read_terms_file`."""
    atomic_write(path, json.dumps(terms_document(draft), indent=2).encode() + b"\n")


def read_terms_file(path: Path) -> TermsDraft:
    """Return the terms of a file.

    Raises TermsFileUnreadableError naming what is not right, and the errors of AttestorSet.
    """
    with path.open("rb") as file:
        content = file.read(_FILE_BYTES_MAX + 1)
    try:
        document = json.loads(content) if len(content) <= _FILE_BYTES_MAX else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise TermsFileUnreadableError(f"{path} is no file of terms", hint="`anomi govern show --write` writes one")
    expected = {"format", "attestors", *_KEYS, *_NUMBERS}
    if document.keys() != expected:
        named = ", ".join(sorted(document.keys() ^ expected))
        raise TermsFileUnreadableError(f"{path} has to name all of the terms and nothing else; see {named}")
    numbers = {name: _number(path, name, document[name], _U64_MAX) for name in _NUMBERS}
    return TermsDraft(
        solvency_key=_address(path, "solvency_key", document["solvency_key"]),
        payment_key=_address(path, "payment_key", document["payment_key"]),
        attestors=_attestors(path, document["attestors"]),
        **numbers,
    )


def _attestors(path: Path, found: object) -> AttestorSet:
    if not isinstance(found, dict) or found.keys() != {"k", "depth", "keys"} or not isinstance(found["keys"], list):
        raise TermsFileUnreadableError(f"{path}: attestors have k, depth and a list of keys")
    k = _number(path, "attestors.k", found["k"], ATTESTORS_MAX)
    depth = _number(path, "attestors.depth", found["depth"], _DEPTH_MAX)
    keys = []
    for position, key in enumerate(found["keys"]):
        if not isinstance(key, dict) or key.keys() != {"x", "y"}:
            raise TermsFileUnreadableError(f"{path}: the attestor key {position} has x and y")
        keys.append(PublicKey(_coordinate(path, position, key["x"]), _coordinate(path, position, key["y"])))
    return AttestorSet(tuple(keys), k=k, depth=depth)


def _address(path: Path, name: str, value: object) -> Pubkey:
    try:
        return Pubkey.from_string(value if isinstance(value, str) else "")
    except ValueError:
        raise TermsFileUnreadableError(f"{path}: {name} has to be an address") from None


def _number(path: Path, name: str, value: object, largest: int) -> int:
    if type(value) is not int or not 0 <= value <= largest:
        raise TermsFileUnreadableError(f"{path}: {name} has to be a whole number from 0 to {largest}")
    return value


def _coordinate(path: Path, position: int, value: object) -> int:
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _COORDINATE_DIGITS_MAX):
        raise TermsFileUnreadableError(f"{path}: the coordinates of the attestor key {position} are decimal strings")
    return int(value)
