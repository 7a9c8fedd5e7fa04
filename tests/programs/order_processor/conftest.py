"""All four programs as built, in every form that this environment's runtime can load, and a market on them."""

from __future__ import annotations

import pytest

from anomi_sdk.programs import BuiltProgram, load_program
from tests.programs.conftest import ARCHITECTURES, PROGRAMS
from tests.programs.order_processor.world import TradeWorld


@pytest.fixture(scope="session", params=ARCHITECTURES)
def programs(request: pytest.FixtureRequest) -> tuple[BuiltProgram, ...]:
    """The programs of a trade; a missing or damaged file fails every test here with a sentence."""
    names = ("groth16_verifier", "market", "order_store", "order_processor")
    return tuple(load_program(PROGRAMS, name, request.param) for name in names)


@pytest.fixture
def world(programs: tuple[BuiltProgram, ...]) -> TradeWorld:
    """One market under its first terms."""
    world = TradeWorld(programs)
    world.open_market()
    return world
