"""The program gate_probe: an instruction gated by a proof, or by a batch that lies in an account."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from anomi_sdk.groth16_verifier import verifying_key_address
from anomi_sdk.programs import BuiltProgram, load_program
from tests.programs.conftest import PROGRAMS
from tests.programs.world import GROTH16_VERIFIER_ID, World

GATE_ID: Final = Pubkey.from_bytes(hashlib.sha256(b"gate_probe").digest())
BY_CPI, INLINE, BATCH_BY_CPI, BATCH_INLINE = range(4)
PROOF_REFUSED: Final = 1
"""The gate's own error, when it verifies inline."""
BATCH_ACCOUNT: Final = Pubkey.from_bytes(hashlib.sha256(b"a batch of proofs").digest())


def gate_world(program: BuiltProgram) -> World:
    """A world with the gate beside groth16_verifier."""
    world = World(program)
    world.svm.load(load_program(PROGRAMS, "gate_probe", program.architecture, program_id=GATE_ID))
    return world


def open_gate(
    way: int,
    body: bytes,
    proof: bytes,
    value: bytes,
    *,
    key: Pubkey | None = None,
    verifier: Pubkey = GROTH16_VERIFIER_ID,
) -> Instruction:
    """Open the gate by one proof of one input, under the key with this body."""
    digest = hashlib.sha256(body).digest()
    accounts = [AccountMeta(key or verifying_key_address(digest), False, False)]
    if way == BY_CPI:
        accounts.append(AccountMeta(verifier, False, False))
    return Instruction(GATE_ID, bytes([way]) + digest + proof + value, accounts)


def open_gate_by_batch(
    world: World,
    way: int,
    body: bytes,
    proofs: Sequence[bytes],
    inputs: Sequence[bytes],
    *,
    key: Pubkey | None = None,
) -> Instruction:
    """Put proofs and inputs, one each, into BATCH_ACCOUNT, and open the gate by them, under the key with this body."""
    digest = hashlib.sha256(body).digest()
    world.svm.set_account(BATCH_ACCOUNT, Account(100_000_000, b"".join([*proofs, *inputs]), GATE_ID))
    addresses = (key or verifying_key_address(digest), BATCH_ACCOUNT)
    accounts = [AccountMeta(address, False, False) for address in addresses]
    if way == BATCH_BY_CPI:
        accounts.append(AccountMeta(GROTH16_VERIFIER_ID, False, False))
    return Instruction(GATE_ID, bytes([way]) + digest, accounts)
