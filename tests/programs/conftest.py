"""The real program, in every form that this environment's runtime can load."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from anomi_sdk.programs import BuiltProgram, load_program
from tests.programs.world import World

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "build" / "programs"
SOLDERS = tuple(int(part) for part in version("solders").split(".")[:2])
# The runtime of solders 0.26 refuses the final SBPF v3; there is nothing to run on it.
ARCHITECTURES = ("v0",) if SOLDERS < (0, 29) else ("v0", "v3")


@pytest.fixture(scope="session", params=ARCHITECTURES)
def program(request: pytest.FixtureRequest) -> BuiltProgram:
    """groth16_verifier as built; a missing or damaged file fails every test here with a sentence."""
    return load_program(PROGRAMS, "groth16_verifier", request.param)


@pytest.fixture
def world(program: BuiltProgram) -> World:
    return World(program)
