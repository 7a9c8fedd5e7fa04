"""The program and the Python verifiers give the same verdicts, for the same reasons.

What the program says of the spoilt proofs and keys is pinned in tests/programs; here Python says the same.
"""

from __future__ import annotations

import hashlib

import pytest

from anomi_core.errors import RefusedError
from anomi_core.groth16.checks import check_public_inputs
from anomi_core.groth16.errors import (
    CoordinateNotCanonicalError,
    FlagBitsSetError,
    GammaEqualsDeltaError,
    InvalidProofError,
    PointAtInfinityError,
    PointNotInSubgroupError,
    PointNotOnCurveError,
    PublicInputCountMismatchError,
    PublicInputNotCanonicalError,
    TooManyPublicInputsError,
)
from anomi_core.groth16.solana import (
    proof_from_bytes,
    proof_to_bytes,
    public_inputs_from_bytes,
    public_inputs_to_bytes,
    verifying_key_body,
    verifying_key_from_body,
)
from anomi_prover.verifiers.py_ecc import pairing_equation_holds
from anomi_sdk.generated import groth16_verifier_errors as codes
from anomi_sdk.groth16_verifier import verify, verifying_key_address
from anomi_sdk.measuring_key import MeasuringKey, scalar_from
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.transactions import build_transaction
from tests.programs import verify_cases
from tests.programs.golden import COUNTS, golden
from tests.programs.key_cases import SpoiltKey, spoilt_keys
from tests.programs.world import World, words

PYTHON_PROOF_ERRORS: dict[type[codes.Groth16VerifierError], tuple[type[RefusedError], ...]] = {
    codes.PublicInputCountMismatchError: (PublicInputCountMismatchError, TooManyPublicInputsError),
    codes.PublicInputNotCanonicalError: (PublicInputNotCanonicalError,),
    codes.ProofFlagBitsSetError: (FlagBitsSetError,),
    codes.ProofPointAtInfinityError: (PointAtInfinityError,),
    codes.ProofPointInvalidError: (CoordinateNotCanonicalError, PointNotOnCurveError, PointNotInSubgroupError),
}
PYTHON_KEY_ERRORS: dict[type[codes.Groth16VerifierError], tuple[type[RefusedError], ...]] = {
    codes.KeyFlagBitsSetError: (FlagBitsSetError,),
    codes.KeyPointAtInfinityError: (PointAtInfinityError,),
    # Python looks at one point after the other, the program at all of them for one reason after the other.
    codes.KeyGammaEqualsDeltaError: (GammaEqualsDeltaError, PointNotInSubgroupError),
    codes.KeyPointInvalidError: (CoordinateNotCanonicalError, PointNotOnCurveError, PointNotInSubgroupError),
}


def python_verdict(body: bytes, proof: bytes, inputs: tuple[bytes, ...]) -> None:
    """Return when Python accepts, else raise its refusal. The pairing is py_ecc's: about 0.6 s."""
    key = verifying_key_from_body(body)
    values = public_inputs_from_bytes(b"".join(inputs))
    check_public_inputs(key, values)
    points = proof_from_bytes(proof)
    if not pairing_equation_holds(key, values, points):
        raise InvalidProofError("the pairing equation does not hold")


SPOILT = verify_cases.spoilt()


@pytest.mark.parametrize(
    "case", [case for case in SPOILT if case.error is not codes.ProofInvalidError], ids=lambda case: case.name
)
def test_python_refuses_malformed_proofs_for_the_same_reason(case: verify_cases.Spoilt) -> None:
    with pytest.raises(PYTHON_PROOF_ERRORS[case.error]):
        python_verdict(golden(verify_cases.COUNT).body, case.proof, case.inputs)


@pytest.mark.parametrize(
    "case", [case for case in SPOILT if case.error is codes.ProofInvalidError], ids=lambda case: case.name
)
def test_python_refuses_wrong_proofs_only_at_the_pairing(case: verify_cases.Spoilt) -> None:
    with pytest.raises(InvalidProofError):
        python_verdict(golden(verify_cases.COUNT).body, case.proof, case.inputs)


@pytest.mark.parametrize("case", spoilt_keys(), ids=lambda case: case.name)
def test_python_refuses_bad_keys_for_the_same_reason(case: SpoiltKey) -> None:
    with pytest.raises(PYTHON_KEY_ERRORS[case.error]):
        verifying_key_from_body(case.body)


@pytest.fixture(scope="module")
def shared(program: BuiltProgram) -> World:
    return World(program)


@pytest.mark.parametrize("count", COUNTS)
def test_both_accept_the_golden_proofs(shared: World, count: int) -> None:
    vector = golden(count)
    python_verdict(vector.body, vector.proof, vector.inputs)
    shared.accepted(verify(shared.store(vector.body), vector.proof, vector.inputs))


@pytest.mark.parametrize("round_number", range(8))
def test_random_statements(shared: World, round_number: int) -> None:
    """Valid proofs of random statements under random keys, and the same with one input or one point exchanged."""
    seed = f"round {round_number}"
    count = scalar_from(seed) % 5
    key = MeasuringKey.derive(seed, count)
    body = verifying_key_body(key.verifying_key)
    if shared.account(verifying_key_address(hashlib.sha256(body).digest())) is None:
        shared.store(body)
    inputs = [scalar_from(f"{seed} {index}") for index in range(count)]
    proof = proof_to_bytes(key.prove(inputs, seed))
    other = proof_to_bytes(key.prove([*inputs[:-1], 3] if count else [], f"{seed} other"))
    encoded = tuple(words(public_inputs_to_bytes(inputs)))
    sent = [(proof, encoded), (other[:64] + proof[64:], encoded)]
    if count:
        sent.append((proof, (*encoded[:-1], bytes(31) + b"\3")))
    for candidate, values in sent:
        try:
            python_verdict(body, candidate, values)
            python_accepts = True
        except InvalidProofError:
            python_accepts = False
        instruction = verify(verifying_key_address(hashlib.sha256(body).digest()), candidate, values)
        transaction = build_transaction(
            [instruction],
            payer=shared.authority.pubkey(),
            signers=[shared.authority],
            blockhash=shared.svm.latest_blockhash(),
        )
        assert (shared.svm.send(transaction).failure is None) == python_accepts
        assert python_accepts == (candidate == proof and values == encoded)
