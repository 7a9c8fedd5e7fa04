"""Every wire counts: none of an honest witness is free, every input is bound, every value follows from the inputs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from anomi_core.field import FR_MODULUS
from anomi_core.spec import CIRCUIT_PRESETS, CircuitPreset
from anomi_prover.soundness.neighbourhood import Neighbourhood
from anomi_prover.soundness.search import search_second_witnesses
from tests.circuits.support.circuit import Circuit, compiled, preset_circuit
from tests.circuits.support.claims import Claim
from tests.circuits.support.inputs import changed_one_by_one

# circomlib's ForceEqualIfEnabled compares the two sides of a signature's equation, in x and in y, by
# difference·inv = 1 - equal and (1 - equal)·enabled = 0. Enabled is 1 here, so equal is 1 and the difference 0 whatever
# inv is: the inverse of zero is advice that nothing depends on. Two for each signature.
FREE_ADVICE = re.compile(r"EdDSAPoseidonVerifier_\d+_\d+(\[\d+\])?\.eqCheck[XY]\.isz\.inv$")


def test_every_wire_is_held_by_a_constraint(
    any_preset: CircuitPreset, any_circuit: Circuit, any_claim: Callable[..., Claim]
) -> None:
    witness = any_circuit.witness(any_claim().inputs())
    names = {wire: name for name, wire in any_circuit.wires.items()}
    free = [names[wire] for wire in Neighbourhood(any_circuit.r1cs, witness).free_wires()]
    assert [name for name in free if not FREE_ADVICE.search(name)] == []
    assert len(free) == 2 * any_preset.k


@pytest.mark.parametrize("preset", [p for p in CIRCUIT_PRESETS if p.keyed], ids=lambda preset: preset.main)
def test_every_input_alone_is_bound(preset: CircuitPreset, scratch: Path, claim_for: Callable[..., Claim]) -> None:
    # Each input one higher, public and private, and every other wire computed anew from it.
    circuit = preset_circuit(preset.main, scratch)
    for name, changed in changed_one_by_one(claim_for(preset).inputs(), lambda value: (value + 1) % FR_MODULUS):
        assert circuit.r1cs.first_violation(circuit.unasserted_witness(changed)) is not None, name


def test_a_cheat_computes_the_wires_of_a_true_claim_alike(
    any_circuit: Circuit, any_claim: Callable[..., Claim]
) -> None:
    inputs = any_claim().inputs()
    assert any_circuit.unasserted_witness(inputs) == any_circuit.witness(inputs)


def test_public_input_of_another_statement_is_refused(any_circuit: Circuit, any_claim: Callable[..., Claim]) -> None:
    # Whoever holds an honest witness cannot pass it off under another public input, and there is only one.
    claim = any_claim()
    witness = any_circuit.witness(claim.inputs())
    assert any_circuit.r1cs.n_public_inputs == 1
    assert any_circuit.r1cs.n_public_outputs == 0
    assert witness[1] == claim.statement.stmt()
    neighbourhood = Neighbourhood(any_circuit.r1cs, witness)
    for other in (0, 1, witness[1] + 1, witness[1] - 1, FR_MODULUS - witness[1]):
        assert neighbourhood.violations({1: other})


@pytest.mark.parametrize("preset", [p for p in CIRCUIT_PRESETS if p.k == 1], ids=lambda preset: preset.main)
def test_every_value_follows_from_the_inputs(
    preset: CircuitPreset, scratch: Path, claim_for: Callable[..., Claim]
) -> None:
    # With O1 every computed signal keeps the row that computes it, so that `<--` in place of `<==` shows.
    made = compiled(preset.main, "O1")
    circuit = Circuit(made.r1cs, made.wasm, made.sym, scratch / "O1")
    witness = circuit.witness(claim_for(preset).inputs())
    names = {wire: name for name, wire in circuit.wires.items()}
    result = search_second_witnesses(circuit.r1cs, witness)
    assert [names[wire] for wire in result.undetermined if not FREE_ADVICE.search(names[wire])] == []
    assert len(result.undetermined) == 2 * preset.k
