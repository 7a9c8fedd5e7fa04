"""Client code written against `Rpc` meets the same on the embedded runtime and behind a URL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from solders.account import Account
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

from anomi_core.errors import UsageError
from anomi_sdk.generated.groth16_verifier_errors import BodyHashMismatchError
from anomi_sdk.groth16_verifier import GROTH16_VERIFIER_ID, finalize_key, init_key, staging_address, write_key
from anomi_sdk.outcome import ReturnData, TransactionOutcome
from anomi_sdk.program_errors import TransactionFailure, TransactionRefusedError
from anomi_sdk.rpc import CLOCK_SYSVAR, DataMatch, Rpc, recall_or_send
from anomi_sdk.rpc_url import RpcUrl
from anomi_sdk.svm import BLOCKHASHES_MAX, EmbeddedSvm
from anomi_sdk.transactions import TransactionTooLargeError, build_transaction

from .conftest import MINT, PAYER, TOKEN, UNIX_TIME_S

OTHER = Pubkey.from_bytes(bytes([9] * 32))
MEMO = Pubkey.from_string("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr")
BODY = bytes(range(256)) * 2

OnBoth = Callable[[Callable[[Rpc], Any]], Any]


def pay(rpc: Rpc, lamports: int = 1_000_000, payer: Keypair = PAYER, to: Pubkey = OTHER) -> VersionedTransaction:
    return signed(rpc, [transfer(TransferParams(from_pubkey=payer.pubkey(), to_pubkey=to, lamports=lamports))], payer)


def signed(rpc: Rpc, instructions: Sequence[Instruction], payer: Keypair = PAYER) -> VersionedTransaction:
    blockhash = rpc.latest_blockhash()
    return build_transaction(instructions, payer=payer.pubkey(), signers=[payer], blockhash=blockhash)


def test_a_transfer_goes_through(on_both: OnBoth) -> None:
    def code(rpc: Rpc) -> tuple[object, ...]:
        transaction = pay(rpc)
        assert rpc.outcome_of(str(transaction.signatures[0])) is None
        simulated = rpc.simulate(transaction).require_success()
        assert rpc.accounts([OTHER]) == [None]
        sent = rpc.send(transaction).require_success()
        assert sent == simulated
        assert rpc.outcome_of(sent.signature) == sent
        return sent, rpc.accounts([OTHER, MEMO, PAYER.pubkey(), Pubkey.from_bytes(bytes([8] * 32))])

    sent, accounts = on_both(code)
    assert (sent.compute_units, sent.failure, sent.size_bytes) == (150, None, 215)
    assert accounts[0].lamports == 1_000_000
    assert accounts[1].executable
    assert accounts[3] is None


def test_a_programs_code_is_its_own_class(on_both: OnBoth) -> None:
    digest = hashlib.sha256(b"something else").digest()
    authority = PAYER.pubkey()

    def code(rpc: Rpc) -> list[TransactionOutcome]:
        rpc.send(signed(rpc, [init_key(authority, digest, len(BODY))])).require_success()
        rpc.send(signed(rpc, [write_key(authority, digest, 0, BODY)])).require_success()
        wrong = signed(rpc, [finalize_key(authority, digest)])
        outcomes = [rpc.simulate(wrong), rpc.send(wrong)]
        for outcome in outcomes:
            with pytest.raises(BodyHashMismatchError) as refusal:
                outcome.require_success()
            assert refusal.value.logs == outcome.logs
        return outcomes

    outcomes = on_both(code)
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].failure.program_id == GROTH16_VERIFIER_ID
    assert outcomes[0].compute_units > 0


def test_a_refusal_of_the_second_instruction_by_the_runtime(on_both: OnBoth) -> None:
    system = Pubkey.from_string("11111111111111111111111111111111")
    take = Instruction(
        system,
        (2).to_bytes(4, "little") + (1).to_bytes(8, "little"),
        [AccountMeta(OTHER, False, True), AccountMeta(PAYER.pubkey(), False, True)],
    )
    memo = Instruction(MEMO, b"hello", [])
    outcome = on_both(lambda rpc: rpc.simulate(signed(rpc, [memo, take])))
    assert outcome.failure == TransactionFailure("MissingRequiredSignature", 1, system)


def test_a_program_without_a_log_of_its_own_failure(on_both: OnBoth) -> None:
    outcome = on_both(lambda rpc: rpc.send(pay(rpc, 10**15)))
    assert outcome.failure == TransactionFailure("Custom", 0, Pubkey.default(), 1)


def test_a_payer_who_is_not_there(on_both: OnBoth) -> None:
    nobody = Keypair.from_seed(bytes([7] * 32))
    outcome = on_both(lambda rpc: rpc.send(pay(rpc, 1_000_000, nobody)))
    assert outcome.failure == TransactionFailure("AccountNotFound")
    assert outcome.logs == ()


def test_a_payer_who_cannot_pay_the_fee(on_both: OnBoth) -> None:
    poor = Keypair.from_seed(bytes([6] * 32))

    def code(rpc: Rpc) -> TransactionOutcome:
        rpc.send(pay(rpc, rpc.minimum_balance_lamports(0) + 4_999, to=poor.pubkey())).require_success()
        return rpc.send(pay(rpc, 1, poor))

    assert on_both(code).failure == TransactionFailure("InsufficientFundsForRent", subject=0)


def test_return_data(on_both: OnBoth) -> None:
    """The token program returns the size of a token account, as eight bytes."""
    ask = Instruction(TOKEN, bytes([21]), [AccountMeta(MINT, False, False)])
    outcome = on_both(lambda rpc: rpc.send(signed(rpc, [ask])).require_success())
    assert outcome.return_data == ReturnData(TOKEN, (165).to_bytes(8, "little"))


def test_an_expired_blockhash(on_both: OnBoth) -> None:
    def code(rpc: Rpc) -> list[TransactionOutcome]:
        oldest, next_oldest = pay(rpc), pay(rpc)
        for _ in range(BLOCKHASHES_MAX - 1):
            rpc.latest_blockhash()
        assert not rpc.is_blockhash_valid(oldest.message.recent_blockhash)
        assert rpc.is_blockhash_valid(next_oldest.message.recent_blockhash)
        outcomes = [rpc.simulate(oldest), rpc.send(oldest), recall_or_send(rpc, oldest)]
        for outcome in outcomes:
            with pytest.raises(TransactionRefusedError, match="BlockhashNotFound"):
                outcome.require_success()
        assert rpc.send(next_oldest).require_success() == recall_or_send(rpc, next_oldest)
        return outcomes

    on_both(code)


def test_a_foreign_blockhash(svm: EmbeddedSvm, rpc: RpcUrl) -> None:
    assert not rpc.is_blockhash_valid(Hash(bytes([5] * 32)))
    assert not svm.is_blockhash_valid(Hash(bytes([5] * 32)))


def test_the_same_transaction_twice(on_both: OnBoth) -> None:
    def code(rpc: Rpc) -> list[TransactionOutcome]:
        transaction = pay(rpc)
        first = rpc.send(transaction).require_success()
        again = rpc.send(transaction)
        assert rpc.outcome_of(first.signature) == first
        assert recall_or_send(rpc, transaction) == first
        return [first, again]

    assert on_both(code)[1].failure == TransactionFailure("AlreadyProcessed")


def test_a_wrong_signature(on_both: OnBoth) -> None:
    def code(rpc: Rpc) -> list[TransactionOutcome]:
        good, other = pay(rpc), pay(rpc)
        forged = VersionedTransaction.populate(good.message, other.signatures)
        return [rpc.simulate(forged), rpc.send(forged)]

    outcomes = on_both(code)
    assert [outcome.failure for outcome in outcomes] == [TransactionFailure("SignatureFailure")] * 2


def test_an_unsigned_transaction_can_be_simulated_and_not_sent(on_both: OnBoth) -> None:
    def code(rpc: Rpc) -> list[TransactionOutcome]:
        message = pay(rpc).message
        unsigned = VersionedTransaction.populate(message, [Signature.default()])
        passed = rpc.simulate(unsigned, verify_signatures=False).require_success()
        return [passed, rpc.simulate(unsigned), rpc.send(unsigned), rpc.simulate(unsigned, verify_signatures=False)]

    passed, *refused, again = on_both(code)
    assert [outcome.failure for outcome in refused] == [TransactionFailure("SignatureFailure")] * 2
    assert again == passed
    assert passed.compute_units == 150


@pytest.mark.parametrize("call", ["send", "simulate"])
def test_a_transaction_larger_than_a_packet(on_both: OnBoth, call: str) -> None:
    def sized(rpc: Rpc, size: int) -> VersionedTransaction:
        overhead = 1 + 64 + 3 + 1 + 2 * 32 + 32 + 1 + 1 + 1 + 2
        memo = Instruction(MEMO, b"a" * (size - overhead), [])
        message = Message.new_with_blockhash([memo], PAYER.pubkey(), rpc.latest_blockhash())
        return VersionedTransaction(message, [PAYER])

    def code(rpc: Rpc) -> TransactionOutcome:
        with pytest.raises(TransactionTooLargeError, match="at most 1232 bytes, this one 1233"):
            getattr(rpc, call)(sized(rpc, 1233))
        outcome: TransactionOutcome = getattr(rpc, call)(sized(rpc, 1232))
        return outcome

    assert on_both(code).size_bytes == 1232


def test_listing_what_a_program_owns(on_both: OnBoth) -> None:
    authority = PAYER.pubkey()
    digests = [hashlib.sha256(bytes([number])).digest() for number in range(3)]

    def code(rpc: Rpc) -> list[list[Pubkey]]:
        for size, digest in zip((512, 512, 576), digests, strict=True):
            rpc.send(signed(rpc, [init_key(authority, digest, size)])).require_success()
        everything = rpc.program_accounts(GROTH16_VERIFIER_ID)
        first = next(account for address, account in everything if address == staging_address(authority, digests[0]))
        data = bytes(first.data)
        at = data.index(digests[1]) if digests[1] in data else data.index(digests[0])
        lists = [
            everything,
            rpc.program_accounts(GROTH16_VERIFIER_ID, data_bytes=len(data)),
            rpc.program_accounts(GROTH16_VERIFIER_ID, matches=[DataMatch(at, digests[2])]),
            rpc.program_accounts(GROTH16_VERIFIER_ID, data_bytes=len(data), matches=[DataMatch(at, digests[2])]),
            rpc.program_accounts(OTHER),
        ]
        for address, account in everything:
            assert rpc.accounts([address]) == [account]
        return [[address for address, _ in found] for found in lists]

    everything, sized, matched, none, nobody = on_both(code)
    addresses = [staging_address(authority, digest) for digest in digests]
    assert everything == sorted(addresses, key=bytes)
    assert sized == sorted(addresses[:2], key=bytes)
    assert matched == [addresses[2]]
    assert none == nobody == []


def test_what_a_node_would_not_take(on_both: OnBoth) -> None:
    def code(rpc: Rpc) -> None:
        with pytest.raises(UsageError, match="at most 100 accounts"):
            rpc.accounts([OTHER] * 101)
        with pytest.raises(UsageError, match="at most 4 filters"):
            rpc.program_accounts(OTHER, data_bytes=1, matches=[DataMatch(0, b"a")] * 4)
        with pytest.raises(UsageError, match="64 bytes in base58"):
            rpc.outcome_of("0")
        assert rpc.accounts([]) == []
        assert rpc.accounts([OTHER] * 100) == [None] * 100

    on_both(code)


def test_time_rent_and_name_of_the_cluster(on_both: OnBoth) -> None:
    def code(rpc: Rpc) -> tuple[object, ...]:
        rents = [rpc.minimum_balance_lamports(size) for size in (0, 165, 10_000)]
        return rpc.unix_time_s(), rents, rpc.genesis_hash(), rpc.genesis_hash(), rpc.accounts([CLOCK_SYSVAR])

    seconds, rents, genesis, again, _ = on_both(code)
    assert (seconds, rents) == (UNIX_TIME_S, [128 * 6960, 293 * 6960, 10_128 * 6960])
    assert len(genesis) == 32
    assert genesis == again


def test_accounts_written_by_hand_come_back_whole(svm: EmbeddedSvm, rpc: RpcUrl) -> None:
    account = Account(5, bytes(range(256)) * 40, OTHER, executable=False, rent_epoch=2**64 - 1)
    svm.set_account(MEMO, account)
    svm.set_account(OTHER, Account(0, b"gone", MEMO))
    assert rpc.accounts([MEMO, OTHER]) == svm.accounts([MEMO, OTHER]) == [account, None]
