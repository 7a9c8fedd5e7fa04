"""The pre-flight of a circuit against a key of that arity, stored and used on the real program."""

from __future__ import annotations

import pytest
from solders.keypair import Keypair

from anomi_core.groth16.solana import verifying_key_body
from anomi_sdk.bench_cu.chain import BUDGET_CU
from anomi_sdk.bench_cu.verifier import measure_verifier
from anomi_sdk.generated.groth16_verifier import PUBLIC_INPUTS_MAX
from anomi_sdk.preflight import PublicInputCountError, chain_cost, poseidon_cu, sha256_cu
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.verifier_client import VerifierClient
from tests.programs.somebody import key_of_somebody

COUNTS = (0, 1, 5, PUBLIC_INPUTS_MAX)
CU_TOLERANCE = 20
"""An addition or a carry more or less in the check of an input's size."""


def test_compute_units_and_bytes_are_those_of_the_program(program: BuiltProgram) -> None:
    costs, _ = measure_verifier(program, COUNTS)
    for measured in costs:
        told = chain_cost(measured.public_inputs)
        assert abs(told.verify_cu - (measured.compute_units - BUDGET_CU)) <= CU_TOLERANCE, measured
        assert told.verify_transaction_bytes == measured.transaction_bytes
        assert told.fits_program
        assert told.fits_packet


@pytest.mark.parametrize("count", COUNTS)
def test_rent_uploads_and_fees_are_those_of_an_upload(program: BuiltProgram, count: int) -> None:
    svm = EmbeddedSvm(unix_time_s=1_700_000_000)
    svm.load(program)
    payer = Keypair.from_seed(bytes([7]) * 32)
    svm.airdrop(payer.pubkey(), 10**9)
    before = svm.accounts([payer.pubkey()])[0]
    assert before is not None
    body = verifying_key_body(key_of_somebody(count).verifying_key)
    upload = VerifierClient(svm, payer).upload_key(body)
    account, after = svm.accounts([upload.verifying_key, payer.pubkey()])
    assert account is not None
    assert after is not None
    told = chain_cost(count)
    assert (len(account.data), account.lamports) == (told.key_account_bytes, told.key_rent_lamports)
    assert len(upload.transactions) == told.upload_transactions
    assert before.lamports - after.lamports == told.key_rent_lamports + told.upload_fee_lamports


def test_what_the_program_does_not_take_is_said() -> None:
    assert chain_cost(PUBLIC_INPUTS_MAX).fits_program
    beyond = chain_cost(PUBLIC_INPUTS_MAX + 1)
    assert (beyond.fits_program, beyond.upload_transactions) == (False, 0)
    assert chain_cost(22).fits_packet
    assert not chain_cost(23).fits_packet
    with pytest.raises(PublicInputCountError):
        chain_cost(-1)


def test_hashing_pays_from_two_inputs_on() -> None:
    """The runtime's price list: poseidon 61·n² + 542 (12 words at most), sha256 85 and half a unit a byte."""
    assert [poseidon_cu(n) for n in (1, 2, 6, 12)] == [603, 786, 2_738, 9_326]
    assert poseidon_cu(13) == 9_326 + 603 + 786
    assert [sha256_cu(n) for n in (1, 16)] == [101, 341]
    assert chain_cost(1).poseidon is None
    for count in range(2, 40):
        told = chain_cost(count)
        assert told.poseidon is not None
        assert told.sha256 is not None
        assert told.sha256.total_cu < told.poseidon.total_cu < told.verify_cu
