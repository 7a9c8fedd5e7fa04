"""EmbeddedSvm: as strict as a cluster, and the same over both supported runtimes."""

from __future__ import annotations

import pytest
from solders.account import Account
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, TransferParams, create_account, transfer
from solders.transaction import VersionedTransaction

from anomi_core.errors import UsageError
from anomi_sdk.groth16_verifier import GROTH16_VERIFIER_ID
from anomi_sdk.program_errors import TransactionFailure, TransactionRefusedError
from anomi_sdk.programs import load_program
from anomi_sdk.rpc import DataMatch, recall_or_send
from anomi_sdk.svm import BLOCKHASHES_MAX, EmbeddedSvm, ProgramNotLoadableError
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX, TransactionTooLargeError, build_transaction
from tests.programs.conftest import PROGRAMS, SOLDERS

UNIX_TIME_S = 1_795_000_000
PAYER = Keypair.from_seed(bytes([1] * 32))
OTHER = Pubkey.from_bytes(bytes([9] * 32))
CLOCK = Pubkey.from_string("SysvarC1ock11111111111111111111111111111111")
MEMO = Pubkey.from_string("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr")


def _svm() -> EmbeddedSvm:
    svm = EmbeddedSvm(unix_time_s=UNIX_TIME_S)
    svm.airdrop(PAYER.pubkey(), 10_000_000_000)
    return svm


def _transfer(svm: EmbeddedSvm, lamports: int = 1_000_000) -> VersionedTransaction:
    instruction = transfer(TransferParams(from_pubkey=PAYER.pubkey(), to_pubkey=OTHER, lamports=lamports))
    return build_transaction([instruction], payer=PAYER.pubkey(), signers=[PAYER], blockhash=svm.latest_blockhash())


def test_clock_stands_where_it_was_set() -> None:
    svm = _svm()
    assert svm.unix_time_s() == UNIX_TIME_S
    svm.set_unix_time(UNIX_TIME_S + 86_400)
    assert svm.unix_time_s() == UNIX_TIME_S + 86_400
    sysvar = svm.accounts([CLOCK])[0]
    assert sysvar is not None
    assert int.from_bytes(bytes(sysvar.data)[32:40], "little") == UNIX_TIME_S + 86_400
    svm.set_unix_time(2**40 - 1)
    for outside in (0, -1, 2**40):
        with pytest.raises(UsageError, match="a unix time is in"):
            svm.set_unix_time(outside)


def test_each_clock_setting_is_a_later_slot() -> None:
    svm = _svm()
    sysvars = [bytes(account.data) for account in svm.accounts([CLOCK]) if account is not None]
    svm.set_unix_time(UNIX_TIME_S)
    sysvars += [bytes(account.data) for account in svm.accounts([CLOCK]) if account is not None]
    slots = [int.from_bytes(data[:8], "little") for data in sysvars]
    assert slots[1] == slots[0] + 1


def test_rent_is_mainnets() -> None:
    svm = _svm()
    for size in (0, 1, 1000):
        assert svm.minimum_balance_lamports(size) == (128 + size) * 6960


def test_send_moves_lamports_and_simulate_does_not() -> None:
    svm = _svm()
    transaction = _transfer(svm)
    before = svm.snapshot()
    assert svm.simulate(transaction).require_success().failure is None
    assert svm.snapshot() == before
    outcome = svm.send(transaction).require_success()
    account = svm.accounts([OTHER])[0]
    assert account is not None
    assert account.lamports == 1_000_000
    assert outcome.signature == str(transaction.signatures[0])
    assert outcome.size_bytes == len(bytes(transaction))
    assert outcome.compute_units == 150
    assert outcome.return_data is None


def test_same_calls_give_the_same_transactions() -> None:
    assert bytes(_transfer(_svm())) == bytes(_transfer(_svm()))


def test_the_same_transaction_goes_through_once() -> None:
    svm = _svm()
    transaction = _transfer(svm)
    svm.send(transaction).require_success()
    with pytest.raises(TransactionRefusedError, match="AlreadyProcessed"):
        svm.send(transaction).require_success()
    svm.send(_transfer(svm)).require_success()


def test_a_blockhash_ages() -> None:
    svm = _svm()
    oldest, next_oldest = _transfer(svm), _transfer(svm)
    for _ in range(BLOCKHASHES_MAX - 1):
        svm.latest_blockhash()
    svm.send(next_oldest).require_success()
    for outcome in (svm.send(oldest), svm.simulate(oldest)):
        with pytest.raises(TransactionRefusedError, match="BlockhashNotFound") as refusal:
            outcome.require_success()
        assert refusal.value.hint == "build and sign the transaction again with a fresh blockhash"


def test_a_foreign_blockhash_is_refused() -> None:
    svm = _svm()
    instruction = transfer(TransferParams(from_pubkey=PAYER.pubkey(), to_pubkey=OTHER, lamports=1_000_000))
    foreign = build_transaction([instruction], payer=PAYER.pubkey(), signers=[PAYER], blockhash=Hash(bytes([5] * 32)))
    with pytest.raises(TransactionRefusedError, match="BlockhashNotFound"):
        svm.send(foreign).require_success()


def _sized(size: int) -> Instruction:
    """An instruction that makes a transaction of one signature have `size` bytes."""
    overhead = 1 + 64 + 3 + 1 + 2 * 32 + 32 + 1 + 1 + 1 + 2
    return Instruction(MEMO, b"a" * (size - overhead), [])


@pytest.mark.parametrize("send", [True, False], ids=["send", "simulate"])
def test_packet_limit(send: bool) -> None:
    """1,232 bytes go through, 1,233 do not, although the runtime underneath would take them."""
    svm = _svm()

    def transaction(size: int) -> VersionedTransaction:
        message = Message.new_with_blockhash([_sized(size)], PAYER.pubkey(), svm.latest_blockhash())
        built = VersionedTransaction(message, [PAYER])
        assert len(bytes(built)) == size
        return built

    call = svm.send if send else svm.simulate
    assert call(transaction(TRANSACTION_BYTES_MAX)).size_bytes == TRANSACTION_BYTES_MAX
    with pytest.raises(TransactionTooLargeError, match="at most 1232 bytes, this one 1233"):
        call(transaction(TRANSACTION_BYTES_MAX + 1))
    with pytest.raises(TransactionTooLargeError):
        build_transaction(
            [_sized(TRANSACTION_BYTES_MAX + 1)],
            payer=PAYER.pubkey(),
            signers=[PAYER],
            blockhash=svm.latest_blockhash(),
        )


def test_a_wrong_signature_is_refused() -> None:
    svm = _svm()
    good, other = _transfer(svm), _transfer(svm)
    forged = VersionedTransaction.populate(good.message, other.signatures)
    with pytest.raises(TransactionRefusedError, match="refused the transaction: SignatureFailure"):
        svm.send(forged).require_success()
    assert svm.accounts([OTHER]) == [None]


def test_refusal_of_a_runtime_program_keeps_its_code() -> None:
    svm = _svm()
    outcome = svm.send(_transfer(svm, 10**15))
    assert outcome.failure is not None
    assert (outcome.failure.reason, outcome.failure.instruction_index, outcome.failure.code) == ("Custom", 0, 1)
    with pytest.raises(TransactionRefusedError, match="refused instruction 0 with the custom code 1"):
        outcome.require_success()


def test_refusal_without_a_code_keeps_its_name() -> None:
    svm = _svm()
    unsigned = Instruction(
        Pubkey.from_string("11111111111111111111111111111111"),
        (2).to_bytes(4, "little") + (1).to_bytes(8, "little"),
        [AccountMeta(OTHER, False, True), AccountMeta(PAYER.pubkey(), False, True)],
    )
    outcome = svm.send(
        build_transaction([unsigned], payer=PAYER.pubkey(), signers=[PAYER], blockhash=svm.latest_blockhash())
    )
    assert outcome.failure is not None
    assert (outcome.failure.reason, outcome.failure.code) == ("MissingRequiredSignature", None)


def test_airdrop_and_snapshot() -> None:
    svm = _svm()
    assert svm.accounts([OTHER, PAYER.pubkey()])[0] is None
    svm.airdrop(OTHER, 1_000_000)
    assert OTHER in svm.snapshot()
    before = svm.snapshot()
    svm.airdrop(OTHER, 1_000_000)
    assert svm.snapshot() != before


def test_garbage_is_no_program() -> None:
    svm = _svm()
    for garbage in (b"", b"\x7fELF", bytes(1000)):
        with pytest.raises(ProgramNotLoadableError, match="the embedded runtime refuses the program"):
            svm.add_program(GROTH16_VERIFIER_ID, garbage)


def test_sbpf_v3_needs_the_newer_runtime() -> None:
    program = load_program(PROGRAMS, "groth16_verifier", "v3")
    svm = _svm()
    if SOLDERS < (0, 29):
        with pytest.raises(ProgramNotLoadableError) as refusal:
            svm.load(program)
        assert refusal.value.hint is not None
        assert "SBPF v3 needs solders 0.29" in refusal.value.hint
    else:
        svm.load(program)
        assert svm.accounts([program.program_id])[0] is not None


def test_a_landed_transaction_is_remembered_and_another_is_not() -> None:
    svm = _svm()
    refused, accepted, unsent = _transfer(svm, 10**15), _transfer(svm), _transfer(svm)
    outcomes = [svm.send(refused), svm.send(accepted)]
    assert [svm.outcome_of(outcome.signature) for outcome in outcomes] == outcomes
    assert outcomes[0].failure is not None
    assert svm.send(accepted).failure == TransactionFailure("AlreadyProcessed")
    assert svm.outcome_of(outcomes[1].signature) == outcomes[1]
    svm.simulate(unsent).require_success()
    assert svm.outcome_of(str(unsent.signatures[0])) is None


def test_a_transaction_that_never_ran_is_not_remembered() -> None:
    svm = EmbeddedSvm(unix_time_s=UNIX_TIME_S)
    unpaid = _transfer(svm)
    assert svm.send(unpaid).failure is not None
    assert svm.outcome_of(str(unpaid.signatures[0])) is None


def test_recall_or_send_runs_a_transaction_once() -> None:
    svm = _svm()
    transaction = _transfer(svm)
    first = recall_or_send(svm, transaction).require_success()
    assert recall_or_send(svm, transaction) == first
    for _ in range(BLOCKHASHES_MAX):
        svm.latest_blockhash()
    assert not svm.is_blockhash_valid(transaction.message.recent_blockhash)
    assert recall_or_send(svm, transaction) == first
    account = svm.accounts([OTHER])[0]
    assert account is not None
    assert account.lamports == 1_000_000


def test_recall_or_send_tells_what_can_never_go_through() -> None:
    svm = _svm()
    transaction = _transfer(svm)
    for _ in range(BLOCKHASHES_MAX - 1):
        svm.latest_blockhash()
    assert svm.is_blockhash_valid(transaction.message.recent_blockhash)
    svm.latest_blockhash()
    assert not svm.is_blockhash_valid(transaction.message.recent_blockhash)
    assert recall_or_send(svm, transaction).failure == TransactionFailure("BlockhashNotFound")
    assert svm.accounts([OTHER]) == [None]


def test_program_accounts_lists_by_owner_size_and_content() -> None:
    svm = _svm()
    addresses = [Pubkey.from_bytes(bytes([at] * 32)) for at in (40, 30, 20)]
    for address, data in zip(addresses, (b"abcd", b"abc", b"xbcd"), strict=True):
        svm.set_account(address, Account(1_000_000, data, MEMO))
    svm.set_account(Pubkey.from_bytes(bytes([50] * 32)), Account(1_000_000, b"abcd", CLOCK))
    svm.set_account(Pubkey.from_bytes(bytes([60] * 32)), Account(0, b"abcd", MEMO))

    def listed(data_bytes: int | None = None, *matches: DataMatch) -> list[bytes]:
        found = svm.program_accounts(MEMO, data_bytes=data_bytes, matches=matches)
        assert [address for address, _ in found] == sorted((address for address, _ in found), key=bytes)
        return [bytes(account.data) for _, account in found]

    assert listed() == [b"xbcd", b"abc", b"abcd"]
    assert listed(4) == [b"xbcd", b"abcd"]
    assert listed(None, DataMatch(0, b"abc")) == [b"abc", b"abcd"]
    assert listed(4, DataMatch(0, b"a"), DataMatch(2, b"cd")) == [b"abcd"]
    assert listed(None, DataMatch(3, b"d"), DataMatch(0, b"x"), DataMatch(1, b"b"), DataMatch(2, b"c")) == [b"xbcd"]
    assert listed(None, DataMatch(3, b"de")) == []
    assert svm.program_accounts(OTHER) == []


def test_program_accounts_finds_what_a_transaction_made() -> None:
    svm = _svm()
    made = Keypair.from_seed(bytes([2] * 32))
    create = create_account(
        CreateAccountParams(
            from_pubkey=PAYER.pubkey(), to_pubkey=made.pubkey(), lamports=10_000_000, space=7, owner=MEMO
        )
    )
    svm.send(
        build_transaction([create], payer=PAYER.pubkey(), signers=[PAYER, made], blockhash=svm.latest_blockhash())
    ).require_success()
    assert [address for address, _ in svm.program_accounts(MEMO)] == [made.pubkey()]


@pytest.mark.parametrize(
    ("data_bytes", "matches"),
    [
        (1, [DataMatch(0, b"a")] * 4),
        (None, [DataMatch(0, b"a")] * 5),
        (-1, []),
        (None, [DataMatch(-1, b"a")]),
        (None, [DataMatch(0, b"")]),
        (None, [DataMatch(0, bytes(129))]),
    ],
)
def test_program_accounts_takes_the_filters_that_a_node_takes(data_bytes: int | None, matches: list[DataMatch]) -> None:
    with pytest.raises(UsageError):
        _svm().program_accounts(MEMO, data_bytes=data_bytes, matches=matches)
    assert _svm().program_accounts(MEMO, data_bytes=1, matches=[DataMatch(0, bytes(128))] * 3) == []


def test_one_view_has_a_hundred_accounts() -> None:
    svm = _svm()
    assert svm.accounts([OTHER] * 100) == [None] * 100
    with pytest.raises(UsageError, match="at most 100 accounts, 101 were asked for"):
        svm.accounts([OTHER] * 101)


def test_genesis_hash_is_the_same_for_all() -> None:
    assert len(_svm().genesis_hash()) == 32
    assert _svm().genesis_hash() == EmbeddedSvm(unix_time_s=1).genesis_hash()
