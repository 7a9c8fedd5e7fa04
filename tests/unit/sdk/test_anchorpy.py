"""anchorpy over the legacy IDL on the real program: a whole upload, its accounts, its event and its refusals.

That both write the same bytes for every program is test_anchorpy_tables.py's.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from anchorpy.error import AccountDoesNotExistError, AccountInvalidDiscriminator
from anchorpy.program.context import Context
from anchorpy.program.core import Program
from anchorpy.program.event import EventParser
from anchorpy_core.idl import Idl
from solders.keypair import Keypair
from solders.system_program import ID as SYSTEM_PROGRAM

from anomi_sdk.anchor_provider import AnchorProvider
from anomi_sdk.generated import groth16_verifier as generated
from anomi_sdk.generated.groth16_verifier_errors import ProofInvalidError, PublicInputNotCanonicalError
from anomi_sdk.groth16_verifier import (
    GROTH16_VERIFIER_ID,
    key_finalized_events,
    staging_address,
    verifying_key_address,
)
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.verifier_client import VerifierClient
from tests.programs.golden import golden

T = TypeVar("T")
IDL = Path(__file__).resolve().parents[3] / "verifier_program" / "idl" / "groth16_verifier.json"
PAYER = Keypair.from_seed(bytes([3] * 32))
VECTOR = golden(2)
DIGEST = hashlib.sha256(VECTOR.body).digest()
STAGING = staging_address(PAYER.pubkey(), DIGEST)
KEY = verifying_key_address(DIGEST)


@pytest.fixture
def svm(program: BuiltProgram) -> EmbeddedSvm:
    svm = EmbeddedSvm(unix_time_s=1_795_000_000)
    svm.load(program)
    svm.airdrop(PAYER.pubkey(), 10_000_000_000)
    return svm


@pytest.fixture
def anchor(svm: EmbeddedSvm) -> Program:
    idl = Idl.from_json(IDL.read_text(encoding="utf-8"))
    return Program(idl, GROTH16_VERIFIER_ID, AnchorProvider(svm, PAYER))


def _accounts(name: str) -> dict[str, Any]:
    every = {
        "staging": STAGING,
        "authority": PAYER.pubkey(),
        "verifying_key": KEY,
        "system_program": SYSTEM_PROGRAM,
    }
    spec = next(spec for spec in generated.INSTRUCTIONS if spec.name == name)
    return {account.name: every[account.name] for account in spec.accounts}


ARGUMENTS: dict[str, list[Any]] = {
    "init_key": [list(DIGEST), len(VECTOR.body)],
    "write_key": [0, VECTOR.body],
    "finalize_key": [],
    "close_staging": [],
    "verify": [list(VECTOR.proof), [list(word) for word in VECTOR.inputs]],
}


def _run(call: Awaitable[T]) -> T:
    async def waiting() -> T:
        return await call

    return asyncio.run(waiting())


def _rpc(anchor: Program, name: str) -> None:
    _run(anchor.rpc[name](*ARGUMENTS[name], ctx=Context(accounts=_accounts(name))))


def test_a_whole_upload_through_anchorpy(anchor: Program, svm: EmbeddedSvm) -> None:
    for name in ("init_key", "write_key"):
        _rpc(anchor, name)
    staged = _run(anchor.account["Staging"].fetch(STAGING))
    assert staged.authority == PAYER.pubkey()
    assert bytes(staged.body_hash) == DIGEST
    _rpc(anchor, "finalize_key")
    stored = _run(anchor.account["VerifyingKey"].fetch(KEY))
    body = stored.body
    head = b"".join(bytes(part) for part in (body.alpha, body.neg_beta, body.neg_gamma, body.neg_delta))
    assert head == VECTOR.body[: generated.KEY_BODY_FIXED_BYTES]
    _rpc(anchor, "verify")
    with pytest.raises(AccountDoesNotExistError):
        _run(anchor.account["Staging"].fetch(STAGING))
    with pytest.raises(AccountInvalidDiscriminator):
        _run(anchor.account["Staging"].fetch(KEY))
    assert VerifierClient(svm, PAYER).fetch_key(KEY).body == VECTOR.body


def test_events_are_read_by_both(anchor: Program, svm: EmbeddedSvm) -> None:
    upload = VerifierClient(svm, PAYER).upload_key(VECTOR.body)
    logs = list(upload.transactions[-1].logs)
    found: list[Any] = []
    EventParser(GROTH16_VERIFIER_ID, anchor.coder).parse_logs(logs, found.append)
    ours = key_finalized_events(logs)
    assert [event.name for event in found] == ["KeyFinalized"]
    theirs = found[0].data
    assert (theirs.verifying_key, bytes(theirs.body_hash), theirs.authority, theirs.public_inputs) == (
        ours[0].verifying_key,
        ours[0].body_hash,
        ours[0].authority,
        ours[0].public_inputs,
    )


def test_refusals_are_our_classes(anchor: Program, svm: EmbeddedSvm) -> None:
    VerifierClient(svm, PAYER).upload_key(VECTOR.body)
    context = Context(accounts=_accounts("verify"))
    swapped = [list(word) for word in reversed(VECTOR.inputs)]
    with pytest.raises(ProofInvalidError):
        _run(anchor.rpc["verify"](list(VECTOR.proof), swapped, ctx=context))
    with pytest.raises(PublicInputNotCanonicalError):
        _run(anchor.simulate["verify"](list(VECTOR.proof), [[255] * 32, [0] * 32], ctx=context))


def test_simulation_returns_the_logs(anchor: Program, svm: EmbeddedSvm) -> None:
    VerifierClient(svm, PAYER).upload_key(VECTOR.body)
    response = _run(anchor.simulate["verify"](*ARGUMENTS["verify"], ctx=Context(accounts=_accounts("verify"))))
    assert response.raw[-1] == f"Program {GROTH16_VERIFIER_ID} success"
    assert response.events == []
