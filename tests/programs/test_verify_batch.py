"""What `verify_batch` accepts, by itself and from a program; and no arithmetic makes a false batch pass."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from solders.compute_budget import set_compute_unit_limit

from anomi_core.field import FR_MODULUS
from anomi_core.groth16 import Proof
from anomi_core.groth16.curve import G1_GENERATOR
from anomi_core.groth16.solana import proof_to_bytes, public_inputs_to_bytes, verifying_key_body
from anomi_core.spec import BATCH_PROOFS_MAX
from anomi_sdk.generated.groth16_verifier_errors import (
    BatchInvalidError,
    BatchTooLargeError,
    VerifyingKeyAddressMismatchError,
)
from anomi_sdk.groth16_verifier import verify_batch
from anomi_sdk.measuring_key import MeasuringKey, g1_add, g1_multiply, scalar_from
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.programs import BuiltProgram
from tests.programs.gate import (
    BATCH_BY_CPI,
    BATCH_INLINE,
    GATE_ID,
    PROOF_REFUSED,
    gate_world,
    open_gate_by_batch,
)
from tests.programs.golden import COUNTS, golden
from tests.programs.world import World, error_of, words

KEY = MeasuringKey.derive("batch", 1)
BODY = verifying_key_body(KEY.verifying_key)
TWO_FIT = 7
"""Public inputs with which two proofs fit a transaction."""
LIMIT = set_compute_unit_limit(1_400_000)
WAYS = [pytest.param(BATCH_BY_CPI, id="by CPI"), pytest.param(BATCH_INLINE, id="inline")]
VALUES = [scalar_from(f"batch input {index}") for index in range(BATCH_PROOFS_MAX + 1)]
INPUTS = [value.to_bytes(32, "big") for value in VALUES]


@pytest.fixture(scope="module")
def gate(program: BuiltProgram) -> World:
    world = gate_world(program)
    world.store(BODY)
    return world


@cache
def _proof(index: int) -> Proof:
    return KEY.prove([VALUES[index]], f"batch proof {index % 3}")


def _true(count: int) -> list[bytes]:
    return _encoded([_proof(index) for index in range(count)])


def _encoded(proofs: Sequence[Proof]) -> list[bytes]:
    return [proof_to_bytes(proof) for proof in proofs]


@pytest.mark.parametrize("count", [count for count in COUNTS if count <= TWO_FIT])
def test_golden_proofs_are_accepted_once_and_twice(world: World, count: int) -> None:
    vector = golden(count)
    address = world.store(vector.body)
    world.accepted(LIMIT, verify_batch(address, [vector.proof], vector.inputs))
    world.accepted(LIMIT, verify_batch(address, [vector.proof] * 2, vector.inputs * 2))


@pytest.mark.parametrize("count", range(17))
def test_every_number_of_public_inputs(program: BuiltProgram, count: int) -> None:
    """Two proofs as far as a transaction holds them, then one."""
    world = World(program)
    key = MeasuringKey.derive(f"inputs {count}", count)
    address = world.store(verifying_key_body(key.verifying_key))
    batch = 2 if count <= TWO_FIT else 1
    inputs = [[scalar_from(f"{count} {proof} {index}") for index in range(count)] for proof in range(batch)]
    proofs = _encoded([key.prove(inputs[index], f"proof {index}") for index in range(batch)])
    flat = words(public_inputs_to_bytes([value for values in inputs for value in values]))
    world.accepted(LIMIT, verify_batch(address, proofs, flat))
    for at in range(len(flat)):
        changed = list(flat)
        changed[at] = ((int.from_bytes(flat[at], "big") + 1) % FR_MODULUS).to_bytes(32, "big")
        world.refused(LIMIT, verify_batch(address, proofs, changed), code=BatchInvalidError)


@pytest.mark.parametrize("value", [0, 1, FR_MODULUS - 1], ids=["0", "1", "r-1"])
def test_edges_of_the_field_are_accepted(world: World, value: int) -> None:
    key = MeasuringKey.derive("edges", 2)
    address = world.store(verifying_key_body(key.verifying_key))
    inputs = [[value, value], [value, scalar_from("other")]]
    proofs = _encoded([key.prove(values, f"{index}") for index, values in enumerate(inputs)])
    world.accepted(LIMIT, verify_batch(address, proofs, words(public_inputs_to_bytes([*inputs[0], *inputs[1]]))))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("count", [1, 2, 3, 31, BATCH_PROOFS_MAX])
def test_a_batch_opens_the_gate_and_one_false_proof_closes_it(gate: World, way: int, count: int) -> None:
    proofs, inputs = _true(count), INPUTS[:count]
    gate.accepted(LIMIT, open_gate_by_batch(gate, way, BODY, proofs, inputs))
    for at in {0, 1, count // 2, count - 1} & set(range(count)):
        # The proof of another statement of the same key: well formed, and false here.
        changed = list(proofs)
        changed[at] = proof_to_bytes(_proof(count))
        _refused(gate, way, changed, inputs, BatchInvalidError)
        moved = list(inputs)
        moved[at] = INPUTS[count]
        _refused(gate, way, proofs, moved, BatchInvalidError)
    if count > 1:
        _refused(gate, way, proofs[::-1] if count != 3 else [*proofs[1:], proofs[0]], inputs, BatchInvalidError)


@pytest.mark.parametrize("way", WAYS)
def test_one_proof_more_than_the_limit_is_refused(gate: World, way: int) -> None:
    _refused(gate, way, _true(BATCH_PROOFS_MAX + 1), INPUTS, BatchTooLargeError)


def test_the_key_is_the_gates_own(gate: World) -> None:
    """Proofs that are true under another stored key, perhaps the attacker's, are refused before any is verified."""
    attackers = MeasuringKey.derive("attacker's", 1)
    other = gate.store(verifying_key_body(attackers.verifying_key))
    proofs = _encoded([attackers.prove([VALUES[0]], "p")])
    told = {}
    for way in (BATCH_BY_CPI, BATCH_INLINE):
        failure = gate.refused(LIMIT, open_gate_by_batch(gate, way, BODY, proofs, INPUTS[:1], key=other)).failure
        assert failure is not None
        assert failure.program_id == GATE_ID
        told[way] = (failure.reason, failure.code)
    by_cpi = ("Custom", VerifyingKeyAddressMismatchError.code)
    assert told == {BATCH_BY_CPI: by_cpi, BATCH_INLINE: ("InvalidAccountData", None)}


def test_weights_known_before_the_batch_is_made_do_not_help(gate: World) -> None:
    """C of two proofs is moved so that the weights of the true batch cancel the change: it has other weights."""
    true = _true(3)
    weights = _weights(true, INPUTS[:3])
    moves = [0, 1, -weights[1] * pow(weights[2], -1, FR_MODULUS) % FR_MODULUS]
    assert sum(weight * move for weight, move in zip(weights, moves, strict=True)) % FR_MODULUS == 0
    false = _encoded([_moved(_proof(index), move) for index, move in enumerate(moves)])
    for way in (BATCH_BY_CPI, BATCH_INLINE):
        _refused(gate, way, false, INPUTS[:3], BatchInvalidError)


@given(st.lists(st.sampled_from([0, 0, 1, 2, FR_MODULUS - 1, FR_MODULUS - 2]), min_size=1, max_size=6))
@settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_batch_is_accepted_only_if_every_proof_is_true(gate: World, moves: list[int]) -> None:
    """Proof i is false by a known amount, its move of C; moves that add up to zero would cancel under equal weights."""
    proofs = _encoded([_moved(_proof(index), move) for index, move in enumerate(moves)])
    inputs = INPUTS[: len(moves)]
    if any(moves):
        _refused(gate, BATCH_INLINE, proofs, inputs, BatchInvalidError)
    else:
        gate.accepted(LIMIT, open_gate_by_batch(gate, BATCH_INLINE, BODY, proofs, inputs))


def test_what_a_proof_of_a_batch_costs(gate: World) -> None:
    """Less than a third of a proof by itself, once the batch is large; and less than one by one from two on."""

    def cost(count: int) -> int:
        instruction = open_gate_by_batch(gate, BATCH_INLINE, BODY, _true(count), INPUTS[:count])
        return gate.accepted(LIMIT, instruction).compute_units

    costs = {count: cost(count) for count in (2, 3, 16, 17, 32)}
    each = costs[17] - costs[16]
    assert 20_300 < each < 24_000
    assert abs(costs[32] - costs[16] - 16 * each) < 500
    assert costs[2] < 130_000
    assert costs[3] < 150_000


def _moved(proof: Proof, move: int) -> Proof:
    """The same proof with `move` times the generator added to C."""
    if move == 0:
        return proof
    return Proof(proof.a, proof.b, g1_add(proof.c, g1_multiply(G1_GENERATOR, move)))


def _weights(proofs: Sequence[bytes], inputs: Sequence[bytes]) -> list[int]:
    """The weights as documented at crates/groth16-verify/src/batch.rs, worked out again."""
    counts = len(proofs).to_bytes(8, "little") + (1).to_bytes(8, "little")
    parts = [b"groth16-verify batch, version 1", counts, BODY, *proofs, *inputs]
    transcript = hashlib.sha256(b"".join(parts)).digest()
    drawn = [hashlib.sha256(transcript + index.to_bytes(4, "little")).digest() for index in range(1, len(proofs))]
    return [1, *(int.from_bytes(digest, "big") % 2**253 for digest in drawn)]


def _refused(
    world: World,
    way: int,
    proofs: Sequence[bytes],
    inputs: Sequence[bytes],
    error: type[TransactionRefusedError],
) -> None:
    instruction = open_gate_by_batch(world, way, BODY, proofs, inputs)
    if way == BATCH_BY_CPI:
        world.refused(LIMIT, instruction, code=error)
        return
    outcome = world.refused(LIMIT, instruction)
    assert outcome.failure is not None
    assert (outcome.failure.program_id, outcome.failure.code) == (GATE_ID, PROOF_REFUSED)
    assert type(error_of(outcome)) is TransactionRefusedError
