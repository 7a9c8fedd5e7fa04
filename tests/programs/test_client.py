"""VerifierClient against the real program: uploads that resume from every point, and verification."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from solders.keypair import Keypair
from solders.transaction import VersionedTransaction

from anomi_core.errors import RefusedError
from anomi_core.groth16.errors import (
    GammaEqualsDeltaError,
    MalformedVerifyingKeyError,
    PublicInputNotCanonicalError,
)
from anomi_core.groth16.solana import proof_from_bytes, verifying_key_body
from anomi_core.spec import PUBLIC_INPUTS_MAX
from anomi_sdk.generated.groth16_verifier_errors import ProofInvalidError, PublicInputCountMismatchError
from anomi_sdk.groth16_verifier import (
    finalize_key,
    init_key,
    key_finalized_events,
    verifying_key_address,
    write_key,
)
from anomi_sdk.layouts import AccountMissingError
from anomi_sdk.measuring_key import KeyTrapdoorKnownError, MeasuringKey
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX
from anomi_sdk.verifier_client import KeyContentMismatchError, VerifierClient
from tests.programs.golden import COUNTS, golden
from tests.programs.somebody import key_of_somebody
from tests.programs.world import GROTH16_VERIFIER_ID, World


class Recorded:
    """The embedded runtime behind the seam, noting what is sent and able to break off before the nth transaction."""

    def __init__(self, svm: EmbeddedSvm) -> None:
        self._svm = svm
        self.accounts = svm.accounts
        self.genesis_hash = svm.genesis_hash
        self.is_blockhash_valid = svm.is_blockhash_valid
        self.latest_blockhash = svm.latest_blockhash
        self.minimum_balance_lamports = svm.minimum_balance_lamports
        self.outcome_of = svm.outcome_of
        self.program_accounts = svm.program_accounts
        self.simulate = svm.simulate
        self.unix_time_s = svm.unix_time_s
        self.sent: list[TransactionOutcome] = []
        self.break_at: int | None = None
        self.before_send: Callable[[], None] = lambda: None

    def send(self, transaction: VersionedTransaction) -> TransactionOutcome:
        if len(self.sent) == self.break_at:
            raise ConnectionError
        self.before_send()
        self.sent.append(self._svm.send(transaction))
        return self.sent[-1]


def _body(count: int) -> bytes:
    return verifying_key_body(key_of_somebody(count).verifying_key)


@pytest.mark.parametrize("count", range(PUBLIC_INPUTS_MAX + 1))
def test_upload(world: World, count: int) -> None:
    """The transactions are few and full: one up to five inputs, never more than two."""
    body = _body(count)
    upload = VerifierClient(world.svm, world.authority).upload_key(body)
    assert upload.body_hash == hashlib.sha256(body).digest()
    assert upload.verifying_key == verifying_key_address(upload.body_hash)
    assert len(upload.transactions) == (1 if count <= 5 else 2)
    assert all(outcome.size_bytes <= TRANSACTION_BYTES_MAX for outcome in upload.transactions)
    if count > 6:
        assert upload.transactions[0].size_bytes == TRANSACTION_BYTES_MAX
    events = key_finalized_events(upload.transactions[-1].logs)
    assert [(event.verifying_key, event.public_inputs) for event in events] == [(upload.verifying_key, count)]
    assert world.account(world.staging(upload.body_hash)) is None


def test_upload_again_sends_nothing(world: World) -> None:
    first = VerifierClient(world.svm, world.authority).upload_key(_body(1))
    lamports = world.lamports(world.authority.pubkey())
    again = VerifierClient(world.svm, world.authority).upload_key(_body(1))
    assert again.verifying_key == first.verifying_key
    assert again.transactions == ()
    assert world.lamports(world.authority.pubkey()) == lamports


@pytest.mark.parametrize("broken_at", [0, 1])
def test_upload_resumes_where_it_broke_off(world: World, broken_at: int) -> None:
    body = _body(PUBLIC_INPUTS_MAX)
    rpc = Recorded(world.svm)
    rpc.break_at = broken_at
    with pytest.raises(ConnectionError):
        VerifierClient(rpc, world.authority).upload_key(body)
    rpc.break_at = None
    upload = VerifierClient(rpc, world.authority).upload_key(body)
    assert len(rpc.sent) == 2, "nothing is sent twice"
    assert len(upload.transactions) == 2 - broken_at


@pytest.mark.parametrize(
    "state",
    ["opened", "written at the start", "written at the end", "written with holes", "written wrongly", "written"],
)
def test_upload_resumes_from_any_state(world: World, state: str) -> None:
    body = _body(PUBLIC_INPUTS_MAX)
    authority, digest = world.authority.pubkey(), hashlib.sha256(body).digest()
    writes = {
        "opened": [],
        "written at the start": [(0, body[:900])],
        "written at the end": [(len(body) - 900, body[-900:])],
        "written with holes": [(100, body[100:200]), (1000, body[1000:1100])],
        "written wrongly": [(0, bytes(900)), (0, b"\xff" * 900)],
        "written": [(0, body[:900]), (900, body[900:])],
    }[state]
    world.accepted(init_key(authority, digest, len(body)))
    for offset, chunk in writes:
        world.accepted(write_key(authority, digest, offset, chunk))
    upload = VerifierClient(world.svm, world.authority).upload_key(body)
    assert upload.verifying_key == verifying_key_address(digest)
    assert len(upload.transactions) == (1 if state in ("written", "written at the start", "written at the end") else 2)


def test_upload_starts_over_when_the_length_was_wrong(world: World) -> None:
    """An older, wrong client opened the account for another length: it is closed and opened again."""
    body = _body(2)
    world.accepted(init_key(world.authority.pubkey(), hashlib.sha256(body).digest(), len(body) + 64))
    upload = VerifierClient(world.svm, world.authority).upload_key(body)
    assert world.account(upload.verifying_key) is not None
    assert world.account(world.staging(upload.body_hash)) is None


def test_upload_that_another_authority_overtakes(world: World) -> None:
    """Between simulation and sending somebody finishes the same key: no error, and the rent comes back."""
    body = _body(1)
    digest = hashlib.sha256(body).digest()
    other = world.user()
    rpc = Recorded(world.svm)

    def overtake() -> None:
        rpc.before_send = lambda: None
        VerifierClient(world.svm, other).upload_key(body)

    world.accepted(init_key(world.authority.pubkey(), digest, len(body)))
    rpc.before_send = overtake
    upload = VerifierClient(rpc, world.authority).upload_key(body)
    assert world.account(upload.verifying_key) is not None
    assert world.account(world.staging(digest)) is None


def test_upload_after_anothers_closes_what_was_left_open(world: World) -> None:
    body = _body(1)
    world.accepted(init_key(world.authority.pubkey(), hashlib.sha256(body).digest(), len(body)))
    VerifierClient(world.svm, world.user()).upload_key(body)
    upload = VerifierClient(world.svm, world.authority).upload_key(body)
    assert len(upload.transactions) == 1
    assert world.account(world.staging(upload.body_hash)) is None


def test_upload_refuses_a_bad_key_before_it_costs_anything(world: World) -> None:
    body = _body(2)
    client = VerifierClient(world.svm, world.authority)
    before = world.svm.snapshot()
    with pytest.raises(GammaEqualsDeltaError):
        client.upload_key(body[:192] + body[320:448] + body[320:])
    with pytest.raises(MalformedVerifyingKeyError):
        client.upload_key(body[:-1])
    with pytest.raises(KeyTrapdoorKnownError):
        client.upload_key(verifying_key_body(MeasuringKey.derive("any seed at all", 2).verifying_key))
    assert world.svm.snapshot() == before


def test_key_that_does_not_fit_its_address_is_noticed(world: World) -> None:
    """What a lying RPC could answer: the account of another key, at this key's address."""
    good, other = _body(1), _body(2)
    address = verifying_key_address(hashlib.sha256(good).digest())
    stored = world.account(VerifierClient(world.svm, world.authority).upload_key(other).verifying_key)
    assert stored is not None
    world.svm.set_account(address, stored)
    client = VerifierClient(world.svm, world.authority)
    with pytest.raises(KeyContentMismatchError, match="whose address is another one"):
        client.fetch_key(address)
    with pytest.raises(KeyContentMismatchError):
        client.upload_key(good)


def test_fetch_key(world: World) -> None:
    client = VerifierClient(world.svm, world.authority)
    address = client.upload_key(_body(3)).verifying_key
    assert client.fetch_key(address).body == _body(3)
    with pytest.raises(AccountMissingError):
        client.fetch_key(verifying_key_address(bytes(32)))


@pytest.mark.parametrize("count", COUNTS)
def test_verify_and_simulate(world: World, count: int) -> None:
    vector = golden(count)
    proof, inputs = proof_from_bytes(vector.proof), [int.from_bytes(word, "big") for word in vector.inputs]
    client = VerifierClient(world.svm, world.authority)
    address = client.upload_key(vector.body).verifying_key
    lamports = world.lamports(world.authority.pubkey())
    simulated = client.simulate_verify(address, proof, inputs)
    assert world.lamports(world.authority.pubkey()) == lamports
    sent = client.verify(address, proof, inputs)
    assert world.lamports(world.authority.pubkey()) == lamports - 5_000
    assert simulated.compute_units == sent.compute_units


def test_refused_verification_costs_no_fee(world: World) -> None:
    vector = golden(2)
    proof, inputs = proof_from_bytes(vector.proof), [int.from_bytes(word, "big") for word in vector.inputs]
    client = VerifierClient(world.svm, world.authority)
    address = client.upload_key(vector.body).verifying_key
    before = world.svm.snapshot()
    refusals: list[tuple[list[int], type[RefusedError]]] = [
        ([inputs[0], inputs[1] ^ 1], ProofInvalidError),
        (inputs[:1], PublicInputCountMismatchError),
        ([inputs[0], 1 << 255], PublicInputNotCanonicalError),
    ]
    for sent, error in refusals:
        with pytest.raises(error):
            client.verify(address, proof, sent)
        with pytest.raises(error):
            client.simulate_verify(address, proof, sent)
    assert world.svm.snapshot() == before


def test_payer_without_lamports(world: World) -> None:
    poor = Keypair.from_seed(bytes(32))
    with pytest.raises(TransactionRefusedError, match="refused the transaction: AccountNotFound") as refusal:
        VerifierClient(world.svm, poor).upload_key(_body(0))
    assert refusal.value.hint is not None
    assert "payer" in refusal.value.hint


def test_program_not_deployed(world: World) -> None:
    svm = EmbeddedSvm(unix_time_s=1_795_000_000)
    svm.airdrop(world.authority.pubkey(), 10_000_000_000)
    with pytest.raises(TransactionRefusedError) as refusal:
        VerifierClient(svm, world.authority).upload_key(_body(0))
    assert refusal.value.hint is not None
    assert "deployed" in refusal.value.hint
    assert svm.accounts([GROTH16_VERIFIER_ID]) == [None]


def test_finalize_alone_is_enough_after_a_whole_upload(world: World) -> None:
    body = _body(1)
    digest = world.stage(body)
    upload = VerifierClient(world.svm, world.authority).upload_key(body)
    assert len(upload.transactions) == 1
    size_of_finalize = upload.transactions[0].size_bytes
    assert size_of_finalize < 400
    with pytest.raises(TransactionRefusedError):
        world.accepted(finalize_key(world.authority.pubkey(), digest))
