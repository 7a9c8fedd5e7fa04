"""A world in which a test can act as the programs that order_store listens to."""

from __future__ import annotations

import pytest

from anomi_sdk.programs import load_program
from tests.programs.conftest import ARCHITECTURES, PROGRAMS
from tests.programs.order_store.world import StoreWorld


@pytest.fixture(params=ARCHITECTURES)
def world(request: pytest.FixtureRequest) -> StoreWorld:
    return StoreWorld(load_program(PROGRAMS, "order_store", request.param))
