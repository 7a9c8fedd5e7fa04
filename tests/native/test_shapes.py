"""Proofs of the native core over circuits of many shapes, judged by py_ecc and snarkjs."""

from __future__ import annotations

from pathlib import Path

import pytest
from anomi_prover_native import ConstraintSystem, Prover, Verifier

from anomi_core.field import FR_MODULUS as R
from anomi_prover.backends import snarkjs
from anomi_prover.backends.native import witness_bytes
from anomi_prover.cache import Cache
from anomi_prover.prove import UnprovableWitnessError
from anomi_prover.r1cs import read_r1cs
from anomi_prover.setup import development_ptau, make_development_key
from anomi_prover.verify import verify
from anomi_prover.wtns import write_wtns
from anomi_prover.zkey import read_zkey_header
from tests.native.circuits import Circuit, random_circuit
from tests.native.trusted import domain_power, write_zkey
from tests.unit.prove.conftest import SMALL

# constraints + public signals + 1 decide the domain: 2^k − 1, 2^k and 2^k + 1 of them.
SHAPES = {
    "one constraint, nothing public": {"constraints": 1, "n_public": 0, "n_private": 2},
    "nothing public": {"constraints": 9, "n_public": 0, "n_private": 6},
    "nothing private": {"constraints": 5, "n_public": 4, "n_private": 0},
    "one private wire": {"constraints": 3, "n_public": 1, "n_private": 1},
    "2^4 - 1 rows": {"constraints": 12, "n_public": 2, "n_private": 9},
    "2^4 rows": {"constraints": 13, "n_public": 2, "n_private": 9},
    "2^4 + 1 rows": {"constraints": 14, "n_public": 2, "n_private": 9},
    "more wires than rows": {"constraints": 3, "n_public": 1, "n_private": 40},
    "more public signals than constraints": {"constraints": 2, "n_public": 20, "n_private": 3},
    "2^7 rows": {"constraints": 124, "n_public": 3, "n_private": 60},
}


def circuit_of(shape: str) -> Circuit:
    return random_circuit(sum(map(ord, shape)), **SHAPES[shape])


def test_the_shapes_reach_both_sides_of_a_domain() -> None:
    powers = {shape: domain_power(circuit_of(shape)) for shape in SHAPES}
    assert [powers[f"2^4{more} rows"] for more in (" - 1", "", " + 1")] == [4, 4, 5]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_proof_of_every_shape_is_accepted_by_py_ecc(shape: str, tmp_path: Path) -> None:
    circuit = circuit_of(shape)
    zkey = write_zkey(tmp_path / "k.zkey", circuit)
    prover = Prover(zkey)
    public = circuit.witness[1 : circuit.n_public + 1]
    for constant_work in (False, True):
        proof, inputs = prover.prove(witness_bytes(circuit.witness), constant_work=constant_work)
        assert inputs == public
        verify(prover.verifying_key, inputs, proof, backend="py-ecc")
    assert prover.verifying_key == read_zkey_header(zkey).verifying_key


@pytest.mark.parametrize("seed", range(12))
def test_random_circuits_prove_and_a_changed_wire_does_not(seed: int, tmp_path: Path) -> None:
    circuit = random_circuit(seed, constraints=3 + 5 * seed, n_public=seed % 3, n_private=4 + 3 * seed)
    prover = Prover(write_zkey(tmp_path / "k.zkey", circuit))
    verifier = Verifier(prover.verifying_key)
    system = ConstraintSystem(circuit.write(tmp_path / "c.r1cs"))
    reference = read_r1cs(tmp_path / "c.r1cs")
    assert system.first_violation(witness_bytes(circuit.witness)) is None
    proof, inputs = prover.prove(witness_bytes(circuit.witness))
    verifier.verify(inputs, proof)
    changed_any = False
    for wire in range(1, len(circuit.witness), 1 + len(circuit.witness) // 8):
        changed = list(circuit.witness)
        changed[wire] = (changed[wire] + 1 + seed) % R
        violated = reference.first_violation(changed)
        assert system.first_violation(witness_bytes(changed), threads=1 + wire % 4) == violated
        if violated is not None:
            changed_any = True
            with pytest.raises(UnprovableWitnessError, match="violates a constraint"):
                prover.prove(witness_bytes(changed))
    assert changed_any


@pytest.mark.parametrize("shape", ["nothing public", "nothing private", "2^4 rows"])
def test_snarkjs_proves_under_the_same_key_and_accepts_our_proof(shape: str, tmp_path: Path) -> None:
    circuit = circuit_of(shape)
    zkey = write_zkey(tmp_path / "k.zkey", circuit)
    write_wtns(tmp_path / "w.wtns", circuit.witness)
    prover = Prover(zkey)
    theirs, inputs = snarkjs.prove(zkey, tmp_path / "w.wtns", tmp_path)
    Verifier(prover.verifying_key).verify(inputs, theirs)
    ours, our_inputs = prover.prove(tmp_path / "w.wtns")
    assert our_inputs == inputs
    verify(prover.verifying_key, inputs, ours, backend="snarkjs")


def test_a_key_that_snarkjs_made(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    circuit = random_circuit(77, constraints=13, n_public=2, n_private=9)
    powers = development_ptau(cache=cache, recipe=SMALL)
    key = make_development_key(circuit.write(tmp_path / "c.r1cs"), powers, cache=cache)
    prover = Prover(key.zkey)
    assert prover.is_development
    proof, inputs = prover.prove(witness_bytes(circuit.witness))
    for backend in ("native", "py-ecc", "snarkjs"):
        verify(prover.verifying_key, inputs, proof, backend=backend)
