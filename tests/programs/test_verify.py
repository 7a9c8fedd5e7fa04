"""What `verify` accepts: golden proofs of snarkjs, every number of public inputs, and the edges of their range."""

from __future__ import annotations

import pytest
from solders.pubkey import Pubkey

from anomi_core.field import FR_MODULUS
from anomi_core.groth16 import Proof
from anomi_core.groth16.curve import g1_negate, g2_multiply, g2_negate
from anomi_core.groth16.solana import (
    proof_from_bytes,
    proof_to_bytes,
    public_inputs_to_bytes,
    verifying_key_body,
)
from anomi_core.spec import PUBLIC_INPUTS_MAX
from anomi_sdk.generated.groth16_verifier_errors import (
    ProofInvalidError,
    PublicInputCountMismatchError,
    PublicInputNotCanonicalError,
)
from anomi_sdk.groth16_verifier import verify
from anomi_sdk.measuring_key import MeasuringKey, g1_multiply, scalar_from
from anomi_sdk.transactions import build_transaction
from tests.programs.golden import COUNTS, golden
from tests.programs.world import World, words

FLOOR_CU = 73_612
FLOOR_CU_PER_INPUT = 4_174


def _verify(world: World, key: MeasuringKey, address: Pubkey, inputs: list[int], seed: str = "proof") -> int:
    proof = proof_to_bytes(key.prove(inputs, seed))
    return world.accepted(verify(address, proof, words(public_inputs_to_bytes(inputs)))).compute_units


@pytest.mark.parametrize("count", COUNTS)
def test_golden_proofs_are_accepted(world: World, count: int) -> None:
    vector = golden(count)
    address = world.store(vector.body)
    before = world.svm.snapshot()
    outcome = world.accepted(verify(address, vector.proof, vector.inputs))
    assert outcome.return_data is None
    before.pop(world.authority.pubkey())
    after = world.svm.snapshot()
    after.pop(world.authority.pubkey())
    assert after == before, "verifying changes nothing"
    # The other vectors' proofs, cut or filled up to this key's number of inputs, prove nothing here.
    for other in COUNTS:
        if other != count:
            inputs = (golden(other).inputs + (bytes(32),) * count)[:count]
            world.refused(verify(address, golden(other).proof, inputs), code=ProofInvalidError)


@pytest.mark.parametrize("count", range(PUBLIC_INPUTS_MAX + 1))
def test_every_number_of_public_inputs(world: World, count: int) -> None:
    key = MeasuringKey.derive(f"inputs {count}", count)
    address = world.store(verifying_key_body(key.verifying_key))
    inputs = [scalar_from(f"{count} {index}") for index in range(count)]
    _verify(world, key, address, inputs)
    proof, encoded = proof_to_bytes(key.prove(inputs, "proof")), words(public_inputs_to_bytes(inputs))
    world.refused(verify(address, proof, [*encoded, bytes(32)]), code=PublicInputCountMismatchError)
    if count:
        world.refused(verify(address, proof, encoded[:-1]), code=PublicInputCountMismatchError)
    for index in range(count):
        changed = list(inputs)
        changed[index] = (changed[index] + 1) % FR_MODULUS
        sent = words(public_inputs_to_bytes(changed))
        world.refused(verify(address, proof, sent), code=ProofInvalidError)
        aliased = list(encoded)
        aliased[index] = (inputs[index] + FR_MODULUS).to_bytes(32, "big")
        world.refused(verify(address, proof, aliased), code=PublicInputNotCanonicalError)


@pytest.mark.parametrize("value", [0, 1, 2, FR_MODULUS - 1], ids=["0", "1", "2", "r-1"])
def test_edges_of_the_field_are_accepted(world: World, value: int) -> None:
    key = MeasuringKey.derive("edges", 2)
    address = world.store(verifying_key_body(key.verifying_key))
    other = scalar_from("other")
    for inputs in ([value, other], [other, value], [value, value]):
        _verify(world, key, address, inputs)


def test_linear_combination_meets_every_case_of_addition(world: World) -> None:
    """The sum of the inputs' points passes through infinity, doubles, and ends at infinity."""
    key = MeasuringKey.derive("linear combination", 2)
    address = world.store(verifying_key_body(key.verifying_key))
    constant, first, second = key.ic

    def over(numerator: int, denominator: int) -> int:
        return numerator * pow(denominator, -1, FR_MODULUS) % FR_MODULUS

    to_infinity = over(-constant, first)
    doubling = over(constant, first)
    _verify(world, key, address, [to_infinity, 5])
    _verify(world, key, address, [to_infinity, 0])
    _verify(world, key, address, [doubling, 5])
    _verify(world, key, address, [doubling, over(-2 * constant, second)])
    _verify(world, key, address, [0, 0])


def test_rerandomised_proofs_are_accepted(world: World) -> None:
    """Groth16 is malleable: (−A, −B, C) and (sA, s⁻¹B, C) prove the same. Nothing may use a proof as an identity."""
    vector = golden(2)
    address = world.store(vector.body)
    proof = proof_from_bytes(vector.proof)
    scalar = scalar_from("rerandomised")
    variants = [
        Proof(g1_negate(proof.a), g2_negate(proof.b), proof.c),
        Proof(g1_multiply(proof.a, scalar), g2_multiply(proof.b, pow(scalar, -1, FR_MODULUS)), proof.c),
    ]
    for variant in variants:
        world.accepted(verify(address, proof_to_bytes(variant), vector.inputs))
    one_sided = Proof(g1_negate(proof.a), proof.b, proof.c)
    world.refused(verify(address, proof_to_bytes(one_sided), vector.inputs), code=ProofInvalidError)


def test_simulation_says_the_same_and_costs_nothing(world: World) -> None:
    vector = golden(1)
    address = world.store(vector.body)
    for inputs in (vector.inputs, (bytes(32),)):
        instruction = verify(address, vector.proof, inputs)
        transaction = build_transaction(
            [instruction],
            payer=world.authority.pubkey(),
            signers=[world.authority],
            blockhash=world.svm.latest_blockhash(),
        )
        lamports = world.lamports(world.authority.pubkey())
        simulated = world.svm.simulate(transaction)
        assert world.lamports(world.authority.pubkey()) == lamports
        sent = world.svm.send(transaction)
        assert simulated == sent
        assert (sent.failure is None) == (inputs == vector.inputs)


@pytest.mark.parametrize("count", COUNTS)
def test_compute_units_stay_near_the_floor(world: World, count: int) -> None:
    """Any verifier pays 73,612 for the pairing and 4,174 per input; ours adds a little, and n = 1 is capped."""
    vector = golden(count)
    address = world.store(vector.body)
    units = world.accepted(verify(address, vector.proof, vector.inputs)).compute_units
    floor = FLOOR_CU + FLOOR_CU_PER_INPUT * count
    assert floor < units <= floor + 600 + 60 * count
    if count == 1:
        assert units <= 78_500


def test_many_proofs_in_one_transaction(world: World) -> None:
    """Each instruction stands for itself: one invalid proof among valid ones refuses the transaction."""
    key = MeasuringKey.derive("several", 1)
    address = world.store(verifying_key_body(key.verifying_key))
    good = [
        verify(address, proof_to_bytes(key.prove([value], "p")), words(public_inputs_to_bytes([value])))
        for value in (7, 8)
    ]
    bad = verify(address, proof_to_bytes(key.prove([7], "p")), words(public_inputs_to_bytes([9])))
    world.accepted(*good)
    outcome = world.refused(good[0], bad, code=ProofInvalidError)
    assert outcome.failure is not None
    assert outcome.failure.instruction_index == 1
