"""The native core as a prover: `anomi_prover_native`, a Rust module, is imported when this module is.

A key's points are checked once, which takes longer than a proof; that a file passed is remembered in the per-user cache
by the file's SHA-256.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from anomi_prover_native import Prover

from anomi_core.errors import MissingToolError, RefusedError, UnreadableInputError
from anomi_core.groth16 import Proof, VerifyingKey
from anomi_prover.cache import Cache, CacheUnusableError
from anomi_prover.keys import DEVELOPMENT_NOTICE, has_development_powers
from anomi_prover.progress import Progress, in_permille
from anomi_prover.wtns import WitnessValueError

__all__ = [
    "NAME",
    "CancelledError",
    "NoRandomnessError",
    "NotEnoughMemoryError",
    "open_prover",
    "prove_verified",
    "witness_bytes",
]

NAME: Final = "native"
CHECKED_KEYS: Final = "checked-zkey"
CHECK_VERSION: Final = "1"
"""To be raised when the native core checks more of a key's points than before."""


class NotEnoughMemoryError(UnreadableInputError):
    """A file is larger than this machine's memory, or memory ran out while it was read."""


class NoRandomnessError(MissingToolError):
    """The operating system gives no random numbers, without which a proof would reveal its witness."""


class CancelledError(RefusedError):
    """The caller cancelled the work."""


def open_prover(zkey: Path, *, threads: int | None = None, cache: Cache | None = None) -> Prover:
    """Read, check and keep a proving key ready; its points are checked unless this very file's were before.

    Raises what `anomi_prover_native.Prover` raises. A cache that cannot be used costs the check again, nothing else.
    """
    cache = cache or Cache.default()
    prover = Prover(zkey, threads=threads, checked=lambda sha256: cache.entry_is_valid(CHECKED_KEYS, _key(sha256)))
    if not prover.points_were_known:
        with contextlib.suppress(CacheUnusableError):
            cache.get_or_build(CHECKED_KEYS, _key(prover.sha256), _note)
    return prover


def prove_verified(
    zkey: Path, wtns: Path | Sequence[int], progress: Progress, threads: int | None, constant_work: bool
) -> tuple[Proof, tuple[int, ...], VerifyingKey]:
    """Return a proof that the native core has verified, its public inputs and the key's verifying key.

    Raises what `open_prover`, `witness_bytes` and `anomi_prover_native.Prover.prove` raise.
    """
    witness = wtns if isinstance(wtns, Path) else witness_bytes(wtns)
    with in_permille(progress, f"proving ({NAME})") as advance:
        prover = open_prover(zkey, threads=threads)
        proof, inputs = prover.prove(witness, threads=threads, constant_work=constant_work, progress=advance)
        if prover.is_development or has_development_powers(prover.verifying_key):
            progress.note(DEVELOPMENT_NOTICE.format(zkey))
        return proof, inputs, prover.verifying_key


def witness_bytes(values: Sequence[int]) -> bytes:
    """Return the values of every wire as `Prover.prove` takes them. Raises WitnessValueError."""
    try:
        return b"".join([value.to_bytes(32, "little") for value in values])
    except OverflowError as error:
        raise WitnessValueError("a value of the witness is not in 0 … r − 1") from error


def _key(sha256: str) -> dict[str, str]:
    return {"zkey": sha256, "checks": CHECK_VERSION}


def _note(folder: Path) -> None:
    (folder / "checked").write_text("every point is on its curve and in its group\n", encoding="utf-8")
