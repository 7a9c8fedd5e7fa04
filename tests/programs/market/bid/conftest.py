"""The programs that a bid runs through, as built."""

from __future__ import annotations

import pytest

from anomi_sdk.programs import BuiltProgram, load_program
from tests.programs.conftest import ARCHITECTURES, PROGRAMS
from tests.programs.market.bid.world import BidWorld


@pytest.fixture(scope="session", params=ARCHITECTURES)
def programs(request: pytest.FixtureRequest) -> tuple[BuiltProgram, ...]:
    """groth16_verifier, market and order_store; a missing or damaged file fails every test here with a sentence."""
    names = ("groth16_verifier", "market", "order_store")
    return tuple(load_program(PROGRAMS, name, request.param) for name in names)


@pytest.fixture
def world(programs: tuple[BuiltProgram, ...]) -> BidWorld:
    """One market under its first terms, a buyer, and someone who pays for him."""
    world = BidWorld(programs)
    world.open_market()
    return world
