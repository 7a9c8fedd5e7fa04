"""The built program for the tests of this folder, which run beside anchorpy (solders 0.26, SBPF v0)."""

from __future__ import annotations

from pathlib import Path

import pytest

from anomi_sdk.programs import BuiltProgram, load_program

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = ROOT / "build" / "programs"


@pytest.fixture(scope="session")
def program() -> BuiltProgram:
    """groth16_verifier as built; a missing or damaged file fails with a sentence."""
    return load_program(PROGRAMS, "groth16_verifier")
