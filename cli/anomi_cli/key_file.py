"""A verifying key out of a VK.json or a .zkey, and what can be told of where it comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from anomi_core.errors import RefusedError
from anomi_core.groth16 import VerifyingKey
from anomi_core.groth16.solana import verifying_key_body

__all__ = [
    "DEVELOPMENT_POWERS_SHA256",
    "KeyFile",
    "KeyForDevelopmentError",
    "Origin",
    "origin_of",
    "read_key_file",
    "refuse_forgeable",
]

DEVELOPMENT_POWERS_SHA256: Final = "546a18bef629e16fe1b42f913ec36e25e6d07dfece1d9823485abc431f81d5ab"
"""Of α and −β in a key's body, for every key made from the development powers of tau: whoever knows τ, α and β forges,
whatever was contributed to phase 2."""

_ZKEY_MAGIC: Final = b"zkey"
_POWERS: Final = slice(0, 192)


class KeyForDevelopmentError(RefusedError):
    """A development key would go on chain: anybody can forge proofs under it."""


class Origin(StrEnum):
    """What a key says of its making."""

    TRAPDOOR = "a measuring key, whose trapdoor anybody can derive"
    DEVELOPMENT = "a development key, under which anybody can forge proofs"
    CONTRIBUTED = "a key with contributions of people, who are trusted not to have all colluded"
    UNKNOWN = "a key that says nothing of its making: check its .zkey by `anomi setup verify`"


@dataclass(frozen=True)
class KeyFile:
    """A checked verifying key, its body as groth16_verifier stores it, and its origin."""

    key: VerifyingKey
    body: bytes
    origin: Origin


def read_key_file(path: Path) -> KeyFile:
    """Read a .zkey or a VK.json, whichever it is.

    Raises what `read_proving_key` or `read_verifying_key` raise, and what `verifying_key_body` does.
    """
    from anomi_prover.keys import is_development_key, read_proving_key
    from anomi_prover.verify import read_verifying_key

    with path.open("rb") as file:
        magic = file.read(len(_ZKEY_MAGIC))
    if magic != _ZKEY_MAGIC:
        key = read_verifying_key(path)
        return KeyFile(key, verifying_key_body(key), origin_of(key))
    header = read_proving_key(path)
    key = header.verifying_key
    origin = origin_of(key)
    if origin is Origin.UNKNOWN:
        origin = Origin.DEVELOPMENT if is_development_key(header) else Origin.CONTRIBUTED
    return KeyFile(key, verifying_key_body(key), origin)


def origin_of(key: VerifyingKey) -> Origin:
    """Return what the points of a key tell. A development key from the powers of a public ceremony looks like any."""
    from anomi_sdk.measuring_key import is_measuring_key

    if is_measuring_key(key):
        return Origin.TRAPDOOR
    powers = hashlib.sha256(verifying_key_body(key)[_POWERS]).hexdigest()
    return Origin.DEVELOPMENT if powers == DEVELOPMENT_POWERS_SHA256 else Origin.UNKNOWN


def refuse_forgeable(origin: Origin, *, development: bool) -> None:
    """Raise KeyTrapdoorKnownError, and KeyForDevelopmentError unless `development`."""
    from anomi_sdk.measuring_key import KeyTrapdoorKnownError

    if origin is Origin.TRAPDOOR:
        raise KeyTrapdoorKnownError(f"this is {origin.value}: it never goes on chain", hint="use the circuit's own key")
    if origin is Origin.DEVELOPMENT and not development:
        raise KeyForDevelopmentError(
            f"this is {origin.value}: nothing of value may depend on it",
            hint="--development puts it there all the same",
        )
