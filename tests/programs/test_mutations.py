"""Random spoiling of single bytes: nothing that differs from what was proven is ever accepted."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anomi_core.errors import RefusedError
from anomi_core.groth16.solana import verifying_key_from_body
from anomi_sdk.generated.groth16_verifier_errors import Groth16VerifierError
from anomi_sdk.groth16_verifier import finalize_key, verify, verifying_key_address
from anomi_sdk.programs import BuiltProgram
from tests.programs.golden import COUNTS, golden
from tests.programs.world import World, error_of, words

SETTINGS = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
BITS = st.integers(1, 255)


@pytest.fixture(scope="module")
def keys(program: BuiltProgram) -> World:
    """One world that holds every golden key; refusals do not change it."""
    world = World(program)
    for count in COUNTS:
        world.store(golden(count).body)
    return world


def _spoilt(data: bytes, at: int, bits: int) -> bytes:
    return data[:at] + bytes([data[at] ^ bits]) + data[at + 1 :]


@given(st.sampled_from(COUNTS), st.integers(0, 255), BITS)
@settings(SETTINGS, max_examples=300)
def test_proof(keys: World, count: int, at: int, bits: int) -> None:
    vector = golden(count)
    address = verifying_key_address(hashlib.sha256(vector.body).digest())
    spoilt = _spoilt(vector.proof, at, bits)
    outcome = keys.refused(verify(address, spoilt, vector.inputs))
    assert isinstance(error_of(outcome), Groth16VerifierError)


@given(st.sampled_from([count for count in COUNTS if count]), st.data())
@settings(SETTINGS, max_examples=200)
def test_public_inputs(keys: World, count: int, data: st.DataObject) -> None:
    vector = golden(count)
    address = verifying_key_address(hashlib.sha256(vector.body).digest())
    encoded = b"".join(vector.inputs)
    spoilt = _spoilt(encoded, data.draw(st.integers(0, len(encoded) - 1)), data.draw(BITS))
    outcome = keys.refused(verify(address, vector.proof, words(spoilt)))
    assert isinstance(error_of(outcome), Groth16VerifierError)


@given(st.sampled_from(COUNTS), st.data())
@settings(SETTINGS, max_examples=100)
def test_key(keys: World, count: int, data: st.DataObject) -> None:
    """One byte of a key changed is a point off its curve or a flag: no such key is ever stored, whatever its hash."""
    body = golden(count).body
    spoilt = _spoilt(body, data.draw(st.integers(0, len(body) - 1)), data.draw(BITS))
    world = World(keys.program)
    digest = world.stage(spoilt)
    outcome = world.refused(finalize_key(world.authority.pubkey(), digest))
    assert isinstance(error_of(outcome), Groth16VerifierError)
    with pytest.raises(RefusedError):
        verifying_key_from_body(spoilt)


@given(st.binary(min_size=256, max_size=256), st.lists(st.binary(min_size=32, max_size=32), max_size=4))
@settings(SETTINGS, max_examples=100)
def test_noise(keys: World, proof: bytes, inputs: list[bytes]) -> None:
    address = verifying_key_address(hashlib.sha256(golden(2).body).digest())
    outcome = keys.refused(verify(address, proof, inputs))
    assert isinstance(error_of(outcome), Groth16VerifierError)


@given(st.binary(max_size=600))
@settings(SETTINGS, max_examples=100)
def test_noise_behind_the_discriminator(keys: World, data: bytes) -> None:
    vector = golden(2)
    address = verifying_key_address(hashlib.sha256(vector.body).digest())
    instruction = verify(address, vector.proof, vector.inputs)
    noisy = type(instruction)(instruction.program_id, bytes(instruction.data)[:8] + data, instruction.accounts)
    assert isinstance(error_of(keys.refused(noisy)), Groth16VerifierError)
