"""Fixtures of the circuit tests: every preset before every judge, compiled circuits loaded once a session."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from anomi_core.spec import CIRCUIT_PRESETS, CircuitPreset
from tests.circuits.support import claims
from tests.circuits.support.circuit import Circuit, gadget, preset_circuit
from tests.circuits.support.judges import JUDGES, Bench

CLAIMS: dict[str, Callable[..., claims.Claim]] = {"solvency": claims.solvency, "payment": claims.payment}


def benches(circuit: str, *, k_min: int = 1) -> list[object]:
    """Return pytest parameters: each preset of the circuit with at least k_min signers, before its judges.

    The presets that get keys come before all three judges, the others before the relation and the R1CS.
    """
    return [
        pytest.param((preset, judge), id=f"{preset.main}-{judge}")
        for preset in CIRCUIT_PRESETS
        if preset.circuit == circuit and preset.k >= k_min
        for judge in JUDGES
        if preset.keyed or judge != "witness_generator"
    ]


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the session's own files."""
    return tmp_path_factory.mktemp("circuits")


def _bench(request: pytest.FixtureRequest, scratch: Path) -> Bench:
    preset: CircuitPreset
    preset, judge = request.param
    return Bench(preset, preset_circuit(preset.main, scratch), JUDGES[judge], CLAIMS[preset.circuit])


@pytest.fixture(params=benches("solvency"))
def solvency(request: pytest.FixtureRequest, scratch: Path) -> Bench:
    """The solvency circuit: each preset before each judge."""
    return _bench(request, scratch)


@pytest.fixture(params=benches("solvency", k_min=2))
def solvency_quorum(request: pytest.FixtureRequest, scratch: Path) -> Bench:
    """As `solvency`, where more than one attestor signs."""
    return _bench(request, scratch)


@pytest.fixture(params=benches("payment"))
def payment(request: pytest.FixtureRequest, scratch: Path) -> Bench:
    """The payment circuit: each preset before each judge."""
    return _bench(request, scratch)


@pytest.fixture(params=benches("payment", k_min=2))
def payment_quorum(request: pytest.FixtureRequest, scratch: Path) -> Bench:
    """As `payment`, where more than one attestor signs."""
    return _bench(request, scratch)


@pytest.fixture(params=CIRCUIT_PRESETS, ids=lambda preset: preset.main)
def any_preset(request: pytest.FixtureRequest) -> CircuitPreset:
    """Every preset of both circuits."""
    preset: CircuitPreset = request.param
    return preset


@pytest.fixture
def any_circuit(any_preset: CircuitPreset, scratch: Path) -> Circuit:
    """The compiled circuit of `any_preset`."""
    return preset_circuit(any_preset.main, scratch)


@pytest.fixture
def any_claim(any_preset: CircuitPreset) -> Callable[..., claims.Claim]:
    """The maker of claims for `any_preset`."""

    return partial(CLAIMS[any_preset.circuit], any_preset)


@pytest.fixture(scope="session")
def claim_for() -> Callable[..., claims.Claim]:
    """The maker of claims for any preset."""

    def claim(preset: CircuitPreset, **changes: object) -> claims.Claim:
        return CLAIMS[preset.circuit](preset, **changes)

    return claim


@pytest.fixture(scope="session")
def tiny(scratch: Path) -> Callable[[str], Circuit]:
    """A function from the name of a circuit in gadgets/ to its compiled form."""
    return lambda name: gadget(name, scratch)
