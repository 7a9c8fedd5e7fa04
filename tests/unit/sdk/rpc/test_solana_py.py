"""solana-py's own client works against the local node."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from solana.rpc.api import Client
from solana.rpc.commitment import Confirmed
from solana.rpc.core import RPCException
from solana.rpc.types import DataSliceOpts, MemcmpOpts, TxOpts
from solders.hash import Hash
from solders.instruction import Instruction
from solders.message import Message
from solders.pubkey import Pubkey
from solders.rpc.errors import SendTransactionPreflightFailureMessage
from solders.rpc.responses import RpcKeyedAccount
from solders.system_program import TransferParams, transfer
from solders.transaction import Transaction
from solders.transaction_status import TransactionConfirmationStatus

from anomi_sdk.groth16_verifier import GROTH16_VERIFIER_ID, init_key, staging_address
from anomi_sdk.localnet import Localnet
from anomi_sdk.svm import EmbeddedSvm

from .conftest import LAMPORTS, MINT, PAYER, PURSE, TOKEN, UNIX_TIME_S

OTHER = Pubkey.from_bytes(bytes([9] * 32))


@pytest.fixture
def client(net: Localnet) -> Iterator[Client]:
    found = Client(net.url, commitment=Confirmed)
    yield found
    found._provider.session.close()  # it has no close of its own


def _signed(client: Client, *instructions: Instruction) -> Transaction:
    blockhash = client.get_latest_blockhash().value.blockhash
    return Transaction([PAYER], Message.new_with_blockhash(list(instructions), PAYER.pubkey(), blockhash), blockhash)


def _pay(client: Client, lamports: int = 1_000_000) -> Transaction:
    return _signed(client, transfer(TransferParams(from_pubkey=PAYER.pubkey(), to_pubkey=OTHER, lamports=lamports)))


def test_the_cluster(client: Client, svm: EmbeddedSvm) -> None:
    assert client.is_connected()
    assert client.get_version().value.solana_core
    assert bytes(client.get_genesis_hash().value) == svm.genesis_hash()
    assert client.get_slot().value == client.get_epoch_info().value.absolute_slot == svm.slot
    assert client.get_block_height().value == svm.block_height
    assert client.get_minimum_balance_for_rent_exemption(165).value == 293 * 6960


def test_a_transfer_from_sending_to_its_record(client: Client) -> None:
    transaction = _pay(client)
    fee = client.get_fee_for_message(transaction.message).value
    last_valid = client.get_latest_blockhash().value.last_valid_block_height
    options = TxOpts(skip_confirmation=False, preflight_commitment=Confirmed, last_valid_block_height=last_valid)
    signature = client.send_transaction(transaction, options).value
    assert signature == transaction.signatures[0]
    status = client.confirm_transaction(signature).value[0]
    assert status is not None
    assert (status.err, status.confirmation_status) == (None, TransactionConfirmationStatus.Finalized)
    assert client.get_balance(OTHER).value == 1_000_000
    assert client.get_balance(PAYER.pubkey()).value == LAMPORTS - 1_000_000 - 5_000
    for encoding in ("json", "base64", "base58"):
        record = client.get_transaction(signature, encoding, max_supported_transaction_version=0).value
        assert record is not None
        assert record.block_time == UNIX_TIME_S
        meta = record.transaction.meta
        assert meta is not None
        assert (meta.err, meta.fee, meta.compute_units_consumed) == (None, fee, 150)
        assert meta.post_balances == [LAMPORTS - 1_000_000 - 5_000, 1_000_000, 1]
    assert client.get_transaction(_pay(client).signatures[0]).value is None


def test_a_refused_transaction(client: Client) -> None:
    with pytest.raises(RPCException) as refusal:
        client.send_transaction(_pay(client, 10**15))
    said = refusal.value.args[0]
    assert isinstance(said, SendTransactionPreflightFailureMessage)
    assert "custom program error: 0x1" in said.message
    assert said.data.logs
    simulated = client.simulate_transaction(_pay(client, 10**15), sig_verify=True).value
    assert simulated.err is not None
    assert simulated.units_consumed == 150
    landed = client.send_transaction(_pay(client, 10**15), TxOpts(skip_preflight=True)).value
    record = client.get_transaction(landed).value
    assert record is not None
    assert record.transaction.meta is not None
    assert record.transaction.meta.err is not None


def test_simulation(client: Client) -> None:
    assert client.simulate_transaction(_pay(client)).value.err is None
    assert client.get_balance(OTHER).value == 0


def test_airdrop(client: Client) -> None:
    signature = client.request_airdrop(OTHER, 5_000_000_000).value
    client.confirm_transaction(signature)
    assert client.get_balance(OTHER).value == 5_000_000_000


def test_accounts(client: Client) -> None:
    mint = client.get_account_info(MINT).value
    assert mint is not None
    assert (mint.owner, len(mint.data)) == (TOKEN, 82)
    part = client.get_account_info(MINT, data_slice=DataSliceOpts(offset=44, length=1)).value
    assert part is not None
    assert bytes(part.data) == b"\x06"
    short = client.get_account_info(MINT, encoding="base58").value
    assert short is not None
    assert bytes(short.data) == bytes(mint.data)
    assert client.get_account_info(OTHER).value is None
    assert client.get_multiple_accounts([MINT, OTHER]).value == [mint, None]
    assert client.get_token_account_balance(PURSE).value.ui_amount_string == "12.3456"


def test_program_accounts(client: Client) -> None:
    digests = [hashlib.sha256(bytes([number])).digest() for number in range(2)]
    for digest, size in zip(digests, (512, 576), strict=True):
        client.send_transaction(_signed(client, init_key(PAYER.pubkey(), digest, size)))
    addresses = [staging_address(PAYER.pubkey(), digest) for digest in digests]

    def listed(*filters: int | MemcmpOpts) -> list[Pubkey]:
        found: list[RpcKeyedAccount] = client.get_program_accounts(GROTH16_VERIFIER_ID, filters=list(filters)).value
        assert all(entry.account.owner == GROTH16_VERIFIER_ID for entry in found)
        return [entry.pubkey for entry in found]

    assert listed() == sorted(addresses, key=bytes)
    first = client.get_account_info(addresses[0]).value
    assert first is not None
    assert listed(len(first.data)) == [addresses[0]]
    at = bytes(first.data).index(digests[0])
    digest_text = str(Hash.from_bytes(digests[1]))
    assert listed(MemcmpOpts(offset=at, bytes=digest_text)) == [addresses[1]]
    assert listed(len(first.data), MemcmpOpts(offset=at, bytes=digest_text)) == []
