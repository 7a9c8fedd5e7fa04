"""A program that is gated by a proof: by CPI into groth16_verifier, and inline through the crate groth16-verify."""

from __future__ import annotations

import hashlib

import pytest
from solders.account import Account
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_core.field import FR_MODULUS
from anomi_sdk.generated.groth16_verifier_errors import (
    ProofFlagBitsSetError,
    ProofInvalidError,
    ProofPointAtInfinityError,
    ProofPointInvalidError,
    PublicInputNotCanonicalError,
    VerifyingKeyAddressMismatchError,
    VerifyingKeyTagMismatchError,
)
from anomi_sdk.groth16_verifier import verify, verifying_key_address
from anomi_sdk.program_errors import ProgramRefusedError, TransactionRefusedError
from anomi_sdk.programs import BuiltProgram, load_program
from tests.programs.conftest import PROGRAMS
from tests.programs.gate import BY_CPI, GATE_ID, INLINE, PROOF_REFUSED, gate_world, open_gate
from tests.programs.golden import golden, off_subgroup_point
from tests.programs.world import GROTH16_VERIFIER_ID, World, error_of

WAYS = [pytest.param(BY_CPI, id="by CPI"), pytest.param(INLINE, id="inline")]
VECTOR = golden(1)
DIGEST = hashlib.sha256(VECTOR.body).digest()
KEY = verifying_key_address(DIGEST)
BUMP_TRY_CU = 365


@pytest.fixture
def gate(program: BuiltProgram) -> World:
    world = gate_world(program)
    world.store(VECTOR.body)
    return world


def _gate(
    way: int,
    *,
    proof: bytes = VECTOR.proof,
    value: bytes = VECTOR.inputs[0],
    key: Pubkey = KEY,
    verifier: Pubkey = GROTH16_VERIFIER_ID,
) -> Instruction:
    return open_gate(way, VECTOR.body, proof, value, key=key, verifier=verifier)


@pytest.mark.parametrize("way", WAYS)
def test_a_proof_opens_the_gate(gate: World, way: int) -> None:
    gate.accepted(_gate(way))


BAD_PROOFS: dict[str, tuple[bytes, type[ProgramRefusedError]]] = {
    "another proof": (golden(2).proof, ProofInvalidError),
    "a point off its curve": (bytes(31) + b"\1" + VECTOR.proof[32:], ProofPointInvalidError),
    "a flag bit": (bytes([VECTOR.proof[0] | 0x80]) + VECTOR.proof[1:], ProofFlagBitsSetError),
    "a point at infinity": (bytes(64) + VECTOR.proof[64:], ProofPointAtInfinityError),
    "B off the subgroup": (
        VECTOR.proof[:64] + off_subgroup_point() + VECTOR.proof[192:],
        ProofPointInvalidError,
    ),
}


@pytest.mark.parametrize("name", BAD_PROOFS)
def test_a_bad_proof_does_not(gate: World, name: str) -> None:
    proof, error = BAD_PROOFS[name]
    # By CPI the verifier's own refusal comes through, with its program: the gate's code would mean something else.
    outcome = gate.refused(_gate(BY_CPI, proof=proof), code=error)
    assert outcome.failure is not None
    assert outcome.failure.program_id == GROTH16_VERIFIER_ID
    _refused_inline(gate, _gate(INLINE, proof=proof))


@pytest.mark.parametrize("way", WAYS)
def test_neither_does_another_statement(gate: World, way: int) -> None:
    value = int.from_bytes(VECTOR.inputs[0], "big")
    for changed, error in (
        (value + 1, ProofInvalidError),
        (value + FR_MODULUS, PublicInputNotCanonicalError),
    ):
        instruction = _gate(way, value=changed.to_bytes(32, "big"))
        if way == BY_CPI:
            gate.refused(instruction, code=error)
        else:
            _refused_inline(gate, instruction)


@pytest.mark.parametrize("way", WAYS)
def test_the_key_is_the_gates_own(gate: World, way: int) -> None:
    """Another key, under which the attacker could prove anything, is refused by the gate before it verifies."""
    other = gate.store(golden(2).body)
    for key in (other, GROTH16_VERIFIER_ID, gate.authority.pubkey()):
        failure = gate.refused(_gate(way, key=key)).failure
        assert failure is not None
        assert failure.program_id == GATE_ID
        if way == BY_CPI:
            assert failure.code == VerifyingKeyAddressMismatchError.code
        else:
            assert failure.reason == "InvalidAccountData"


@pytest.mark.parametrize("value", [VECTOR.inputs[0], bytes(32)], ids=["true", "false"])
def test_the_verifier_is_the_real_one(gate: World, value: bytes) -> None:
    """Another program passed in the verifier's place is never called, whatever it would say: the id is a constant."""
    stand_in = Pubkey.from_bytes(bytes([8] * 32))
    gate.svm.load(load_program(PROGRAMS, "groth16_verifier", gate.program.architecture, program_id=stand_in))
    outcome = gate.refused(_gate(BY_CPI, value=value, verifier=stand_in))
    assert outcome.failure is not None
    assert (outcome.failure.program_id, outcome.failure.reason) == (GATE_ID, "MissingAccount")
    assert not any(str(stand_in) in line for line in outcome.logs)


@pytest.mark.parametrize("way", WAYS)
def test_the_key_account_is_the_verifiers(gate: World, way: int) -> None:
    """The right bytes at the right address, but not the verifier's: no cluster has such an account."""
    stored = gate.account(KEY)
    assert stored is not None
    gate.svm.set_account(KEY, Account(stored.lamports, bytes(stored.data), Pubkey.from_bytes(bytes([8] * 32))))
    gate.refused(_gate(way))


def test_key_account_is_checked_by_the_verifier(gate: World) -> None:
    stored = gate.account(KEY)
    assert stored is not None
    data = b"\0" + bytes(stored.data)[1:]
    gate.svm.set_account(KEY, Account(stored.lamports, data, GROTH16_VERIFIER_ID))
    gate.refused(_gate(BY_CPI), code=VerifyingKeyTagMismatchError)
    gate.refused(_gate(INLINE))


def test_what_the_two_ways_cost(gate: World) -> None:
    """The verifier's own cost and a little: a thousand for the CPI, aside from the address that the probe derives."""
    direct = gate.accepted(verify(KEY, VECTOR.proof, VECTOR.inputs)).compute_units
    bump = Pubkey.find_program_address([b"vk", DIGEST], GROTH16_VERIFIER_ID)[1]
    derivation = BUMP_TRY_CU * (256 - bump)
    by_cpi = gate.accepted(_gate(BY_CPI)).compute_units - derivation
    inline = gate.accepted(_gate(INLINE)).compute_units - derivation
    assert direct + 900 < by_cpi < direct + 2_500
    assert direct - 500 < inline < direct + 1_000


def _refused_inline(world: World, instruction: Instruction) -> None:
    outcome = world.refused(instruction)
    assert outcome.failure is not None
    assert (outcome.failure.program_id, outcome.failure.code) == (GATE_ID, PROOF_REFUSED)
    assert type(error_of(outcome)) is TransactionRefusedError, "another program's code is not one of ours"
