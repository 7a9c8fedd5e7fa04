"""Small powers of tau and keys, made once by the real set-up code through snarkjs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from anomi_prover import tools
from anomi_prover.cache import Cache
from anomi_prover.setup import KeyBundle, PtauRecipe, development_ptau, make_development_key
from tests.unit.prove.circuits import write_r1cs

SMALL = PtauRecipe(power=4, name="a small phase 1", beacon_hash="5a" * 32, beacon_iterations_exp=10)


def without_native_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make Python believe that the native core is not installed."""
    for user in ("anomi_prover.backends.native", "anomi_prover.setups.native", "anomi_prover.verifiers.native"):
        monkeypatch.delitem(sys.modules, user, raising=False)
    monkeypatch.setitem(sys.modules, "anomi_prover_native", None)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """A cache of these tests alone."""
    return Cache(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def small_ptau(cache: Cache) -> Path:
    """Contributed and prepared powers of tau up to 2^4."""
    return development_ptau(cache=cache, recipe=SMALL)


@pytest.fixture(scope="session")
def uncontributed_ptau(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Powers of tau that nobody contributed to, τ = α = β = 1, prepared for phase 2 as snarkjs gladly does."""
    folder = tmp_path_factory.mktemp("uncontributed")
    tools.run_snarkjs(["powersoftau", "new", "bn128", "4", str(folder / "new.ptau")])
    tools.run_snarkjs(["powersoftau", "prepare", "phase2", str(folder / "new.ptau"), str(folder / "prepared.ptau")])
    return folder / "prepared.ptau"


@pytest.fixture(scope="session")
def cube(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The constraints of y = x³."""
    return write_r1cs(tmp_path_factory.mktemp("cube") / "cube.r1cs")


@pytest.fixture(scope="session")
def cube_key(cube: Path, small_ptau: Path, cache: Cache) -> KeyBundle:
    """The development key of `cube`."""
    return make_development_key(cube, small_ptau, cache=cache)


@pytest.fixture(scope="session")
def initial_zkey(cube: Path, small_ptau: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key of `cube` straight after `zkey new`: nobody contributed to phase 2, so γ = δ."""
    path = tmp_path_factory.mktemp("initial") / "initial.zkey"
    tools.run_snarkjs(["zkey", "new", str(cube), str(small_ptau), str(path)])
    return path
