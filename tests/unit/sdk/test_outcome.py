"""Reading logs: whose refusal, whose event. What a program logs itself never counts as the runtime's word."""

from __future__ import annotations

import base64
import hashlib

import pytest
from solders.pubkey import Pubkey

from anomi_sdk.generated import groth16_verifier as generated
from anomi_sdk.generated import groth16_verifier_errors as errors
from anomi_sdk.groth16_verifier import GROTH16_VERIFIER_ID, KeyFinalized, key_finalized_events
from anomi_sdk.outcome import TransactionOutcome, program_data, refusing_program
from anomi_sdk.program_errors import ProgramRefusedError, TransactionFailure, TransactionRefusedError
from anomi_sdk.refusals import error_for

OURS = GROTH16_VERIFIER_ID
OTHER = Pubkey.from_bytes(bytes([7] * 32))
EVENT = hashlib.sha256(b"event:KeyFinalized").digest()[:8] + bytes(range(32)) + bytes(32) + bytes([9] * 32) + b"\x03"


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _invoke(program: Pubkey, depth: int = 1) -> str:
    return f"Program {program} invoke [{depth}]"


def _success(program: Pubkey) -> str:
    return f"Program {program} success"


def test_the_innermost_failure_names_the_program() -> None:
    logs = [
        _invoke(OTHER),
        _invoke(OURS, 2),
        f"Program {OURS} consumed 5 of 10 compute units",
        f"Program {OURS} failed: custom program error: 0x1771",
        f"Program {OTHER} failed: custom program error: 0x1771",
    ]
    assert refusing_program(logs) == OURS


@pytest.mark.parametrize(
    "line",
    [
        f"Program log: Program {OURS} failed: custom program error: 0x1",
        f"Program log: failed: {OURS}",
        f"Program data: failed: {OURS}",
        "Program x failed: custom program error: 0x1",
        "Program failed:",
        "Program",
        "",
    ],
)
def test_a_forged_failure_is_not_believed(line: str) -> None:
    assert refusing_program([line]) is None
    assert refusing_program([line, f"Program {OTHER} failed: custom program error: 0x1"]) == OTHER


def test_program_data_is_the_callers() -> None:
    logs = [
        _invoke(OTHER),
        f"Program data: {_b64(b'before')}",
        _invoke(OURS, 2),
        f"Program data: {_b64(b'one')} {_b64(b'two')}",
        "Program log: success",
        f"Program log: {OTHER} invoke [3]",
        f"Program data: {_b64(b'three')}",
        _success(OURS),
        f"Program data: {_b64(b'after')}",
        _success(OTHER),
        f"Program data: {_b64(b'nowhere')}",
    ]
    assert program_data(logs, OURS) == [(b"one", b"two"), (b"three",)]
    assert program_data(logs, OTHER) == [(b"before",), (b"after",)]


@pytest.mark.parametrize(
    "logged",
    [
        f"Program log: Program {OURS} invoke [2]",
        f"Program log: invoke {OURS}",
        "Program log: invoke [2]",
        f"Program return: {OURS} AAAA",
    ],
)
def test_a_forged_call_is_not_believed(logged: str) -> None:
    """Another program cannot pass its data off as ours by logging what the runtime would."""
    logs = [_invoke(OTHER), logged, f"Program data: {_b64(EVENT)}", _success(OTHER)]
    assert program_data(logs, OURS) == []
    assert key_finalized_events(logs) == ()


def test_data_that_is_not_base64_is_left_out() -> None:
    logs = [_invoke(OURS), "Program data: *", "Program data: AAA", f"Program data: {_b64(b'x')}", _success(OURS)]
    assert program_data(logs, OURS) == [(b"x",)]


def test_key_finalized() -> None:
    logs = [_invoke(OURS), f"Program data: {_b64(EVENT)}", _success(OURS)]
    expected = KeyFinalized(
        verifying_key=Pubkey.from_bytes(bytes(range(32))),
        body_hash=bytes(32),
        authority=Pubkey.from_bytes(bytes([9] * 32)),
        public_inputs=3,
    )
    assert key_finalized_events(logs) == (expected,)
    for other in (EVENT[:-1], EVENT + b"\0", b"\0" + EVENT[1:], b""):
        assert key_finalized_events([_invoke(OURS), f"Program data: {_b64(other)}", _success(OURS)]) == ()
    two_slices = f"Program data: {_b64(EVENT)} {_b64(b'')}"
    assert key_finalized_events([_invoke(OURS), two_slices, _success(OURS)]) == ()


@pytest.mark.parametrize("code", generated.ERRORS)
def test_every_code_has_its_class(code: int) -> None:
    failure = TransactionFailure("Custom", 0, OURS, code)
    error = error_for(failure, ["a log"])
    spec = generated.ERRORS[code]
    assert type(error).__name__ == f"{spec.name}Error"
    assert isinstance(error, errors.Groth16VerifierError)
    assert isinstance(error, ProgramRefusedError)
    assert error.code == code
    assert error.exit_code == 1
    assert str(error) == f"{spec.message} (groth16_verifier, code {code})"
    assert (error.failure, error.logs) == (failure, ("a log",))


def test_a_code_means_nothing_without_its_program() -> None:
    for failure in (
        TransactionFailure("Custom", 0, OTHER, 6000),
        TransactionFailure("Custom", 0, None, 6000),
        TransactionFailure("Custom", 0, OURS, 5999),
        TransactionFailure("Custom", 0, OURS, max(generated.ERRORS) + 1),
        TransactionFailure("InvalidAccountData", 1, OURS),
    ):
        assert type(error_for(failure)) is TransactionRefusedError


def test_sentences_of_other_refusals() -> None:
    assert str(error_for(TransactionFailure("Custom", 2, OTHER, 17))) == (
        f"program {OTHER} refused instruction 2 with the custom code 17"
    )
    assert str(error_for(TransactionFailure("InvalidAccountData", 1, OTHER))) == (
        f"program {OTHER} refused instruction 1 with InvalidAccountData"
    )
    expired = error_for(TransactionFailure("BlockhashNotFound"))
    assert str(expired) == "the cluster refused the transaction: BlockhashNotFound"
    assert expired.hint == "build and sign the transaction again with a fresh blockhash"


def test_require_success() -> None:
    outcome = TransactionOutcome("s", (), 1, 2, None, None)
    assert outcome.require_success() is outcome
    failed = TransactionOutcome("s", ("l",), 1, 2, None, TransactionFailure("Custom", 0, OURS, 6028))
    with pytest.raises(errors.ProofInvalidError) as refusal:
        failed.require_success()
    assert refusal.value.logs == ("l",)
