"""The programs of a trade as built, in every form that this environment's runtime can load."""

from __future__ import annotations

import pytest

from anomi_sdk.programs import BuiltProgram, load_program
from tests.programs.conftest import ARCHITECTURES, PROGRAMS
from tests.programs.market.world import MarketWorld


@pytest.fixture(scope="session", params=ARCHITECTURES)
def programs(request: pytest.FixtureRequest) -> tuple[BuiltProgram, ...]:
    """groth16_verifier and market; a missing or damaged file fails every test here with a sentence."""
    return tuple(load_program(PROGRAMS, name, request.param) for name in ("groth16_verifier", "market"))


@pytest.fixture
def empty(programs: tuple[BuiltProgram, ...]) -> MarketWorld:
    """The programs, and nothing set up."""
    return MarketWorld(programs)


@pytest.fixture
def world(empty: MarketWorld) -> MarketWorld:
    """One market under its first terms."""
    empty.open_market()
    return empty
