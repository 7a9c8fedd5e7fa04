"""The development powers of tau, made from published text, so that every clone derives the same bytes.

Three stages, each an entry of the cache: new → beacon (the one phase-1 contribution) → prepared for phase 2. A set-up
that is interrupted goes on after the last stage that was finished. One prepared file serves every circuit up to its
size. Its "randomness" is the SHA-256 of a text in spec/setup.toml: anyone can compute τ, and forge.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anomi_core import spec
from anomi_core.errors import InternalError
from anomi_prover import tools
from anomi_prover.cache import Cache
from anomi_prover.files import sha256_file
from anomi_prover.progress import NoProgress, Progress
from anomi_prover.ptau import PtauHeader, read_ptau_header
from anomi_prover.setup_progress import STEPS, LineCounter, PrepareMeter

__all__ = ["DEVELOPMENT_PTAU", "PtauRecipe", "SetupStageError", "beacon_hash", "development_ptau"]

_KIND: Final = "powers-of-tau"
_FILE: Final = "powers.ptau"
_BEACON_LINES: Final = 10
"""Lines that a beacon logs while it works: five sections applied, five hashed (once each up to 2^16 powers)."""


class SetupStageError(InternalError):
    """A stage of the development set-up did not give what it must give."""


def beacon_hash(text: str) -> str:
    """Return the beacon of a published text, its SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class PtauRecipe:
    """Everything that decides the bytes of a prepared .ptau; `sha256`, when given, is checked."""

    power: int
    name: str
    beacon_hash: str
    beacon_iterations_exp: int
    sha256: str | None = None

    def key(self, stage: str) -> dict[str, str]:
        """Return the cache key of one stage."""
        return {
            "stage": stage,
            "curve": "bn128",
            "power": str(self.power),
            "name": self.name,
            "beacon_hash": self.beacon_hash,
            "beacon_iterations_exp": str(self.beacon_iterations_exp),
            "snarkjs": tools.SNARKJS_VERSION,
        }


DEVELOPMENT_PTAU: Final = PtauRecipe(
    power=spec.DEV_PTAU_POWER,
    name=spec.DEV_PHASE_1_NAME,
    beacon_hash=beacon_hash(spec.DEV_PHASE_1_BEACON_TEXT),
    beacon_iterations_exp=spec.DEV_PHASE_1_BEACON_ITERATIONS_EXP,
    sha256=spec.DEV_PTAU_SHA256,
)


def development_ptau(
    *, cache: Cache | None = None, progress: Progress | None = None, recipe: PtauRecipe = DEVELOPMENT_PTAU
) -> Path:
    """Return the prepared development powers of tau out of the cache, making them first when they are not there.

    Power 14 takes about six minutes of snarkjs. Raises MissingToolError, SnarkjsError, CacheUnusableError, and
    SetupStageError when a stage's result is not what it must be.
    """
    cache, progress = cache or Cache.default(), progress or NoProgress()
    return _prepared(cache, progress, recipe)


def _new(cache: Cache, progress: Progress, recipe: PtauRecipe) -> Path:
    def build(folder: Path) -> None:
        progress.start("powers of tau: start", None)
        try:
            tools.run_snarkjs(["powersoftau", "new", "bn128", str(recipe.power), str(folder / _FILE)])
        finally:
            progress.done()
        _require(folder / _FILE, recipe, lambda header: not header.contributions and not header.prepared)

    return cache.get_or_build(_KIND, recipe.key("new"), build) / _FILE


def _contributed(cache: Cache, progress: Progress, recipe: PtauRecipe) -> Path:
    def build(folder: Path) -> None:
        source = _new(cache, progress, recipe)
        progress.start("powers of tau: beacon (phase 1)", _BEACON_LINES)
        counter = LineCounter(progress, r"applying key|Hashing \w+: ", _BEACON_LINES)
        try:
            tools.run_snarkjs(
                [
                    *("powersoftau", "beacon", str(source), str(folder / _FILE)),
                    *(recipe.beacon_hash, str(recipe.beacon_iterations_exp), f"-n={recipe.name}", "-v"),
                ],
                on_line=counter,
            )
            counter.finish()
        finally:
            progress.done()
        _require(folder / _FILE, recipe, lambda header: _has_the_beacon(header, recipe) and not header.prepared)

    return cache.get_or_build(_KIND, recipe.key("beacon"), build) / _FILE


def _prepared(cache: Cache, progress: Progress, recipe: PtauRecipe) -> Path:
    def build(folder: Path) -> None:
        source = _contributed(cache, progress, recipe)
        progress.start("powers of tau: preparing phase 2", STEPS)
        meter = PrepareMeter(progress, recipe.power)
        try:
            tools.run_snarkjs(
                ["powersoftau", "prepare", "phase2", str(source), str(folder / _FILE), "-v"], on_line=meter
            )
            meter.finish()
        finally:
            progress.done()
        _require(folder / _FILE, recipe, lambda header: _has_the_beacon(header, recipe) and header.prepared)
        _check_hash(folder / _FILE, recipe)

    path = cache.get_or_build(_KIND, recipe.key("prepared"), build) / _FILE
    _check_hash(path, recipe)  # an entry may be older than the recipe's hash
    return path


def _check_hash(path: Path, recipe: PtauRecipe) -> None:
    digest = sha256_file(path)
    if recipe.sha256 not in (None, digest):
        raise SetupStageError(
            f"the development powers of tau must have the SHA-256 {recipe.sha256}, they have {digest}",
            hint="compare snarkjs's version with prover/npm/package.json; with the same version, please report it",
        )


def _has_the_beacon(header: PtauHeader, recipe: PtauRecipe) -> bool:
    beacons = [(one.name, one.beacon_hash, one.beacon_iterations_exp) for one in header.contributions]
    return not header.tau_is_one and beacons == [(recipe.name, recipe.beacon_hash, recipe.beacon_iterations_exp)]


def _require(path: Path, recipe: PtauRecipe, holds: Callable[[PtauHeader], bool]) -> None:
    """Check a stage's result: snarkjs ends with success after some errors that it only logs."""
    if not path.is_file():
        raise SetupStageError("snarkjs ended without writing the powers of tau")
    header = read_ptau_header(path)
    if header.power != recipe.power or not holds(header):
        raise SetupStageError("snarkjs wrote other powers of tau than it was asked for")
