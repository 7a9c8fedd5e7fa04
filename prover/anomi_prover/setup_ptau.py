"""The development powers of tau, made from published text: every clone and every backend derives the same bytes.

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
from anomi_prover.cache import Cache
from anomi_prover.files import sha256_file
from anomi_prover.progress import NoProgress, Progress
from anomi_prover.ptau import PtauHeader, read_ptau_header
from anomi_prover.setup_backend import SetupBackend, setup_backend
from anomi_prover.setup_checks import SetupStageError

__all__ = ["DEVELOPMENT_PTAU", "PtauRecipe", "beacon_hash", "development_ptau"]

_KIND: Final = "powers-of-tau"
_FILE: Final = "powers.ptau"


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

    def key(self, stage: str, backend: SetupBackend) -> dict[str, str]:
        """Return the cache key of one stage by a backend."""
        return {
            "stage": stage,
            "curve": "bn128",
            "power": str(self.power),
            "name": self.name,
            "beacon_hash": self.beacon_hash,
            "beacon_iterations_exp": str(self.beacon_iterations_exp),
            "backend": backend.VERSION,
        }


DEVELOPMENT_PTAU: Final = PtauRecipe(
    power=spec.DEV_PTAU_POWER,
    name=spec.DEV_PHASE_1_NAME,
    beacon_hash=beacon_hash(spec.DEV_PHASE_1_BEACON_TEXT),
    beacon_iterations_exp=spec.DEV_PHASE_1_BEACON_ITERATIONS_EXP,
    sha256=spec.DEV_PTAU_SHA256,
)


def development_ptau(
    *,
    cache: Cache | None = None,
    progress: Progress | None = None,
    recipe: PtauRecipe = DEVELOPMENT_PTAU,
    backend: str = "auto",
) -> Path:
    """Return the prepared development powers of tau out of the cache, making them first when they are not there.

    Power 14 takes the native core seconds and snarkjs some six minutes. Raises MissingToolError, SnarkjsError,
    CacheUnusableError, and SetupStageError when a stage's result is not what it must be.
    """
    making = _Making(setup_backend(backend), cache or Cache.default(), progress or NoProgress(), recipe)
    path = making.prepared()
    _check_hash(path, recipe)  # an entry may be older than the recipe's hash
    return path


@dataclass(frozen=True)
class _Making:
    """The stages, each of which makes the one before when the cache has it not."""

    backend: SetupBackend
    cache: Cache
    progress: Progress
    recipe: PtauRecipe

    def new(self) -> Path:
        def build(folder: Path) -> None:
            self.backend.new_powers(self.recipe.power, folder / _FILE, self.progress)
            self._require(folder, lambda header: not header.contributions and not header.prepared)

        return self._stage("new", build)

    def contributed(self) -> Path:
        def build(folder: Path) -> None:
            recipe = self.recipe
            value = bytes.fromhex(recipe.beacon_hash)
            self.backend.contribute_beacon(
                self.new(), folder / _FILE, value, recipe.beacon_iterations_exp, recipe.name, self.progress
            )
            self._require(folder, lambda header: _has_the_beacon(header, recipe) and not header.prepared)

        return self._stage("beacon", build)

    def prepared(self) -> Path:
        def build(folder: Path) -> None:
            self.backend.prepare_powers(self.contributed(), folder / _FILE, self.progress)
            self._require(folder, lambda header: _has_the_beacon(header, self.recipe) and header.prepared)
            _check_hash(folder / _FILE, self.recipe)

        return self._stage("prepared", build)

    def _stage(self, stage: str, build: Callable[[Path], None]) -> Path:
        return self.cache.get_or_build(_KIND, self.recipe.key(stage, self.backend), build) / _FILE

    def _require(self, folder: Path, holds: Callable[[PtauHeader], bool]) -> None:
        header = read_ptau_header(folder / _FILE)
        if header.power != self.recipe.power or not holds(header):
            raise SetupStageError(f"{self.backend.NAME} wrote other powers of tau than it was asked for")


def _check_hash(path: Path, recipe: PtauRecipe) -> None:
    digest = sha256_file(path)
    if recipe.sha256 not in (None, digest):
        raise SetupStageError(
            f"the development powers of tau must have the SHA-256 {recipe.sha256}, they have {digest}",
            hint="every backend must make the same bytes; please report it",
        )


def _has_the_beacon(header: PtauHeader, recipe: PtauRecipe) -> bool:
    beacons = [(one.name, one.beacon_hash, one.beacon_iterations_exp) for one in header.contributions]
    return not header.tau_is_one and beacons == [(recipe.name, recipe.beacon_hash, recipe.beacon_iterations_exp)]
