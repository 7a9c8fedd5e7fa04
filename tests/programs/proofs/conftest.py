"""Real proofs, made once a process, and the worlds in which they are tried."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from anomi_sdk.programs import BuiltProgram, load_program
from tests.programs.conftest import ARCHITECTURES, PROGRAMS
from tests.programs.proofs.claims import CLAIMS, drafted
from tests.programs.proofs.prover import Proven, prove_all
from tests.programs.proofs.trade import Claim, Trades

NAMES = ("groth16_verifier", "market", "order_store", "order_processor")


@pytest.fixture(scope="session")
def claims() -> Mapping[str, Claim]:
    """What claims.py asks to be proven."""
    made = drafted(Trades([load_program(PROGRAMS, name) for name in NAMES]))
    assert made.keys() == CLAIMS.keys()
    return made


@pytest.fixture(scope="session")
def proven(claims: Mapping[str, Claim]) -> Proven:
    """The proofs; a missing artifact fails every test here with a sentence."""
    return prove_all({name: claim.request() for name, claim in claims.items()})


@pytest.fixture(scope="session", params=ARCHITECTURES)
def programs(request: pytest.FixtureRequest) -> tuple[BuiltProgram, ...]:
    return tuple(load_program(PROGRAMS, name, request.param) for name in NAMES)


@pytest.fixture(scope="session")
def bidding(programs: tuple[BuiltProgram, ...], proven: Proven) -> Trades:
    """Before the first bid. Tests simulate, or refuse: it stays so."""
    return Trades(programs, proven)


@pytest.fixture(scope="session")
def paying(programs: tuple[BuiltProgram, ...], proven: Proven) -> Trades:
    """Three orders whose payees are revealed; the same."""
    world = Trades(programs, proven)
    world.orders = {name: world.match(name) for name in world.asks}
    return world
