"""Edited witnesses: what the resident check says is what a check of the whole witness says."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from anomi_prover_native import ConstraintSystem

from anomi_core.errors import UsageError
from anomi_core.field import FR_MODULUS as R
from anomi_prover.backends.native import witness_bytes
from anomi_prover.r1cs import WireCountMismatchError, read_r1cs
from anomi_prover.wtns import WitnessValueError
from tests.native.circuits import random_circuit
from tests.native.conftest import Small


@pytest.mark.parametrize("seed", range(6))
def test_edits_agree_with_a_check_of_the_whole_witness(seed: int, tmp_path: Path) -> None:
    circuit = random_circuit(seed, constraints=1 + 7 * seed, n_public=seed % 3, n_private=6)
    path = circuit.write(tmp_path / "c.r1cs")
    system, reference = ConstraintSystem(path), read_r1cs(path)
    rng = random.Random(seed)
    witness = list(circuit.witness)
    edits = system.edits(witness_bytes(witness))
    for _ in range(60):
        changes = {
            rng.randrange(1, len(witness)): rng.choice((0, 1, R - 1, rng.randrange(R))) for _ in range(rng.randrange(4))
        }
        changed = [changes.get(wire, value) for wire, value in enumerate(witness)]
        assert edits.first_violation(changes) == reference.first_violation(changed)
        for wire, value in changes.items():
            one = [value if at == wire else old for at, old in enumerate(witness)]
            assert edits.check_edit(wire, value) == reference.first_violation(one)
        if rng.random() < 0.3:
            edits.set(changes)
            witness = changed
        # A check leaves the witness as it is, one that violates constraints too.
        assert edits.violations() == tuple(reference.violations(witness))
        assert [edits.value(wire) for wire in range(len(witness))] == witness


def test_constraints_are_those_of_the_python_reader(small: Small, artifact: Callable[[str], Path]) -> None:
    for path in (small.r1cs, artifact("build/circuits/solvency/solvency.r1cs")):
        system, reference = ConstraintSystem(path), read_r1cs(path)
        some = random.Random(3).sample(range(reference.n_constraints), min(reference.n_constraints, 300))
        assert all(system.constraint(index) == reference.constraints[index] for index in some)
        wires = range(0, reference.n_wires, 1 + reference.n_wires // 500)
        assert all(system.constraints_of(wire) == reference.constraints_of(wire) for wire in wires)


def test_what_cannot_be_edited(small: Small) -> None:
    system = ConstraintSystem(small.r1cs)
    edits = system.edits(small.wtns)
    assert edits.first_violation() is None
    last = system.n_wires - 1
    assert edits.check_edit(last, edits.value(last)) is None
    for wire, value, error, words in (
        (0, 1, UsageError, "wire 0 is the constant 1"),
        (8, 1, UsageError, "8 wires; wire 8 came"),
        (7, R, WitnessValueError, "wire 7 is not below r"),
        (7, -1, WitnessValueError, "wire 7 is not below r"),
        (7, 2**256, WitnessValueError, "wire 7 is not below r"),
    ):
        with pytest.raises(error, match=words):
            edits.check_edit(wire, value)
        with pytest.raises(error, match=words):
            edits.first_violation({1: 1, wire: value})
        with pytest.raises(error, match=words):
            edits.set({1: 1, wire: value})
    assert edits.violations() == ()
    for outside in (
        lambda: edits.value(8),
        lambda: system.constraints_of(8),
        lambda: system.constraint(6),
    ):
        with pytest.raises(UsageError):
            outside()
    with pytest.raises(WireCountMismatchError, match="8 wires; a witness of 7"):
        system.edits(witness_bytes([1] * 7))


def test_two_hundred_edits_of_the_payment_circuit_in_a_second(artifact: Callable[[str], Path]) -> None:
    """The figure that testing tools rely on; the measured one is a thousand times it."""
    system = ConstraintSystem(artifact("build/circuits/payment/payment.r1cs"))
    rng = random.Random(5)
    edits = system.edits(witness_bytes([1] + [rng.randrange(R) for _ in range(system.n_wires - 1)]))
    wires = [rng.randrange(1, system.n_wires) for _ in range(200)]
    start = time.process_time()
    for wire in wires:
        edits.check_edit(wire, 7)
    assert time.process_time() - start < 1
