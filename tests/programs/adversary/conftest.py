"""The stage, once for all tests of a process: no hostile transaction changes it."""

from __future__ import annotations

import pytest

from anomi_sdk.programs import load_program
from tests.programs.adversary.stage import Stage
from tests.programs.conftest import ARCHITECTURES, PROGRAMS


@pytest.fixture(scope="session", params=ARCHITECTURES)
def stage(request: pytest.FixtureRequest) -> Stage:
    """All four programs; a missing or damaged file fails every test here with a sentence."""
    names = ("groth16_verifier", "market", "order_store", "order_processor")
    return Stage([load_program(PROGRAMS, name, request.param) for name in names])
