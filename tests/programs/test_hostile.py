"""Every hostile case is refused with its exact code, and changes no account."""

from __future__ import annotations

import pytest

from anomi_core.spec import BATCH_PROOFS_MAX
from anomi_sdk.generated.groth16_verifier_errors import (
    ERROR_CLASSES,
    BatchTooLargeError,
    InstructionDataLengthMismatchError,
    InstructionUnknownError,
)
from anomi_sdk.programs import BuiltProgram
from tests.programs import account_cases, batch_cases, key_cases, staging_cases, verify_cases
from tests.programs.gate import BATCH_BY_CPI, gate_world, open_gate_by_batch
from tests.programs.golden import golden
from tests.programs.world import Case, World, with_data

CASES = [*account_cases.cases(), *staging_cases.cases(), *key_cases.cases()]


@pytest.fixture(scope="module")
def golden_world(program: BuiltProgram) -> World:
    """One world for all spoilt proofs: it holds the golden key, and refusals do not change it."""
    world = World(program)
    world.store(golden(verify_cases.COUNT).body)
    return world


@pytest.mark.parametrize("case", [*verify_cases.cases(), *batch_cases.cases()], ids=str)
def test_spoilt_proof(case: Case, golden_world: World) -> None:
    case.run(golden_world)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_hostile(case: Case, world: World) -> None:
    case.run(world)


@pytest.mark.parametrize("name", account_cases.READY)
def test_every_truncation_and_every_surplus(world: World, name: str) -> None:
    """Data of every length but the right one is refused: below 8 bytes as no instruction, else for its length."""
    ready, authority = account_cases.READY[name](world)
    signers = [authority] if any(meta.is_signer for meta in ready.accounts) else []
    whole = bytes(ready.data)
    for length in [*range(len(whole)), *range(len(whole) + 1, len(whole) + 40)]:
        data = (whole + bytes(40))[:length]
        error = InstructionUnknownError if length < 8 else InstructionDataLengthMismatchError
        world.refused(with_data(ready, data), signers=signers, code=error)
    world.accepted(ready, signers=signers)


def test_every_error_code_is_reached(program: BuiltProgram) -> None:
    """Measured, not declared: the codes that come back from the runtime are all the codes there are."""
    first = {case.error: case for case in reversed(CASES)}
    codes = set()
    for case in first.values():
        failure = case.run(World(program)).failure
        assert failure is not None
        codes.add(failure.code)
    proofs = World(program)
    proofs.store(golden(verify_cases.COUNT).body)
    for case in {case.error: case for case in [*verify_cases.cases(), *batch_cases.cases()]}.values():
        failure = case.run(proofs).failure
        assert failure is not None
        codes.add(failure.code)
    gate = gate_world(program)
    vector = golden(1)
    gate.store(vector.body)
    count = BATCH_PROOFS_MAX + 1
    batch = open_gate_by_batch(gate, BATCH_BY_CPI, vector.body, [vector.proof] * count, vector.inputs * count)
    failure = gate.refused(batch, code=BatchTooLargeError).failure
    assert failure is not None
    codes.add(failure.code)
    assert codes == set(ERROR_CLASSES)
