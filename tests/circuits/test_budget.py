"""What the circuits cost, and that nothing of them is lost unseen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from anomi_core.spec import CHECKS, CIRCUIT_PRESETS, DEV_PTAU_POWER, CircuitPreset
from tests.circuits.support.circuit import CIRCUITS, Circuit, preset_circuit

# Measured. A difference is a change of the circuit, and so of its keys: if it is meant, change the number with it. Some
# constraints are refused nowhere but here when they are lost, because another one implies them today: that paid_at has
# 40 bits follows from the window's ends, that R8 is on the curve from the equation it must satisfy.
CONSTRAINTS: Final = {
    "solvency": 12_330,
    "solvency_k1_d1": 7_077,
    "solvency_k3_d3": 18_108,
    "payment": 13_214,
    "payment_k1_d1": 7_961,
    "payment_k3_d3": 18_992,
}


def test_constraints_stay_under_the_ceiling(any_preset: CircuitPreset, any_circuit: Circuit) -> None:
    assert any_circuit.r1cs.n_constraints <= any_preset.constraints_max


def test_ceiling_has_little_slack(any_preset: CircuitPreset, any_circuit: Circuit) -> None:
    assert any_preset.constraints_max <= any_circuit.r1cs.n_constraints * 1.02


def test_constraints_are_exactly_those_that_were_reviewed(any_preset: CircuitPreset, any_circuit: Circuit) -> None:
    assert any_circuit.r1cs.n_constraints == CONSTRAINTS[any_preset.main]


@pytest.mark.parametrize("preset", [p for p in CIRCUIT_PRESETS if p.keyed], ids=lambda preset: preset.main)
def test_keyed_circuits_fit_the_development_powers_of_tau(preset: CircuitPreset) -> None:
    # Groth16 adds a row for each public input and one for the constant.
    assert preset.constraints_max + 1 + 1 <= 2**DEV_PTAU_POWER


def test_every_preset_is_pinned() -> None:
    assert set(CONSTRAINTS) == {preset.main for preset in CIRCUIT_PRESETS}


@pytest.mark.parametrize("circuit", CHECKS)
def test_readme_accounts_for_every_constraint(circuit: str, scratch: Path) -> None:
    text = (CIRCUITS / circuit / "README.md").read_text(encoding="utf-8")
    cost = text[text.index("## Cost") :]
    parts = [
        int(number.replace(",", "")) for number in re.findall(r"^\| (?!\*\*).* \| ([\d,]+) \|$", cost, re.MULTILINE)
    ]
    (total,) = re.findall(r"^\| \*\*total\*\* \| \*\*([\d,]+)\*\* \|$", cost, re.MULTILINE)
    measured = preset_circuit(circuit, scratch).r1cs.n_constraints
    assert sum(parts) == int(total.replace(",", "")) == measured
