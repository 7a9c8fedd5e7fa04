"""The programs of a trade as built, and a market with people in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from anomi_sdk.programs import BuiltProgram
from tests.unit.sdk.trade.trade_world import TradeWorld, trade_programs


@pytest.fixture(scope="session")
def programs() -> tuple[BuiltProgram, ...]:
    """A missing or damaged file fails every test here with a sentence."""
    return trade_programs()


@pytest.fixture
def world(tmp_path: Path, programs: tuple[BuiltProgram, ...]) -> TradeWorld:
    return TradeWorld(tmp_path, programs)
