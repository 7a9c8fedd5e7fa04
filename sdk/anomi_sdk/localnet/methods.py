"""The methods that a local node answers: what our client and solana-py ask, by the names of Solana's interface.

https://solana.com/docs/rpc/http says what each takes and gives. One method is this node's own, for development:
`anomi_setUnixTime(seconds)` moves the clock sysvar, which goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any, Final

from solders.hash import Hash
from solders.message import Message, MessageV0
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from anomi_core.errors import UsageError
from anomi_sdk.localnet import params as read
from anomi_sdk.localnet import render
from anomi_sdk.localnet.chain import Chain
from anomi_sdk.localnet.errors import (
    INVALID_PARAMS,
    NO_SUCH_METHOD,
    PREFLIGHT_FAILURE,
    SIGNATURE_FAILURE,
    UNSUPPORTED_VERSION,
    RpcError,
)
from anomi_sdk.localnet.fees import fee_lamports
from anomi_sdk.localnet.params import Params
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.svm import BLOCKHASHES_MAX, SLOTS_PER_EPOCH

__all__ = ["METHODS", "call"]

_Method = Callable[[Chain, Params], Any]

_STATUSES_MAX: Final = 256
_DATA_BYTES_MAX: Final = 10 * 1024 * 1024
_TRANSACTION_ENCODINGS: Final = ("json", "base64", "base58", "binary")
_WIRE_ENCODINGS: Final = ("base58", "base64")
_TOKEN_PROGRAM: Final = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"  # noqa: S105 -- an address
_TOKEN_ACCOUNT_BYTES: Final = 165
_MINT_BYTES: Final = 82


def call(chain: Chain, name: str, values: object) -> Any:
    """Return the result of the method `name`. Raises RpcError."""
    method = METHODS.get(name)
    if method is None:
        raise RpcError(NO_SUCH_METHOD, "Method not found")
    chain.tick()
    try:
        return method(chain, Params(values, chain.svm.slot))
    except UsageError as error:
        raise RpcError(INVALID_PARAMS, str(error)) from None


def _with_context(chain: Chain, value: object) -> dict[str, Any]:
    return {"context": {"slot": chain.svm.slot}, "value": value}


def _get_version(_chain: Chain, _params: Params) -> dict[str, Any]:
    return {"solana-core": f"{version('solders')}-anomi-localnet", "feature-set": 0}


def _get_genesis_hash(chain: Chain, _params: Params) -> str:
    return str(Hash.from_bytes(chain.svm.genesis_hash()))


def _get_slot(chain: Chain, params: Params) -> int:
    params.options(0)
    return chain.svm.slot


def _get_block_height(chain: Chain, params: Params) -> int:
    params.options(0)
    return chain.svm.block_height


def _get_epoch_info(chain: Chain, params: Params) -> dict[str, Any]:
    params.options(0)
    slot = chain.svm.slot
    return {
        "absoluteSlot": slot,
        "blockHeight": chain.svm.block_height,
        "epoch": slot // SLOTS_PER_EPOCH,
        "slotIndex": slot % SLOTS_PER_EPOCH,
        "slotsInEpoch": SLOTS_PER_EPOCH,
        "transactionCount": chain.sent,
    }


def _get_latest_blockhash(chain: Chain, params: Params) -> dict[str, Any]:
    params.options(0)
    blockhash = chain.svm.latest_blockhash()
    last_valid = chain.svm.block_height + BLOCKHASHES_MAX - 1
    return _with_context(chain, {"blockhash": str(blockhash), "lastValidBlockHeight": last_valid})


def _is_blockhash_valid(chain: Chain, params: Params) -> dict[str, Any]:
    params.options(1)
    return _with_context(chain, chain.svm.is_blockhash_valid(params.blockhash(0)))


def _get_balance(chain: Chain, params: Params) -> dict[str, Any]:
    params.options(1)
    return _with_context(chain, chain.lamports(params.address(0)))


def _get_account_info(chain: Chain, params: Params) -> dict[str, Any]:
    options = params.options(1)
    return _with_context(chain, render.account(chain.svm.accounts([params.address(0)])[0], options))


def _get_multiple_accounts(chain: Chain, params: Params) -> dict[str, Any]:
    options = params.options(1)
    found = chain.svm.accounts(params.addresses(0))
    return _with_context(chain, [render.account(account, options) for account in found])


def _get_program_accounts(chain: Chain, params: Params) -> Any:
    options = params.options(1)
    with_context = read.flag(options, "withContext")
    data_bytes, matches = read.filters(options.get("filters") or [])
    listed = [
        {"pubkey": str(address), "account": render.account(account, options)}
        for address, account in chain.svm.program_accounts(params.address(0), data_bytes=data_bytes, matches=matches)
    ]
    return _with_context(chain, listed) if with_context else listed


def _get_minimum_balance(chain: Chain, params: Params) -> int:
    params.options(1)
    return chain.svm.minimum_balance_lamports(read.number(params.number(0, "the size"), "the size", _DATA_BYTES_MAX))


def _get_token_account_balance(chain: Chain, params: Params) -> dict[str, Any]:
    params.options(1)
    account = chain.svm.accounts([params.address(0)])[0]
    if account is None:
        raise RpcError(INVALID_PARAMS, "Invalid param: could not find account")
    if str(account.owner) != _TOKEN_PROGRAM or len(account.data) != _TOKEN_ACCOUNT_BYTES:
        raise RpcError(INVALID_PARAMS, "Invalid param: not a Token account")
    mint = chain.svm.accounts([Pubkey.from_bytes(account.data[:32])])[0]
    if mint is None or str(mint.owner) != _TOKEN_PROGRAM or len(mint.data) != _MINT_BYTES:
        raise RpcError(INVALID_PARAMS, "Invalid param: could not find mint")
    amount, decimals = int.from_bytes(account.data[64:72], "little"), mint.data[44]
    whole, part = divmod(amount, 10**decimals)
    text = f"{whole}.{part:0{decimals}d}".rstrip("0").rstrip(".") if decimals else str(whole)
    value = {"amount": str(amount), "decimals": decimals, "uiAmount": amount / 10**decimals, "uiAmountString": text}
    return _with_context(chain, value)


def _get_fee_for_message(chain: Chain, params: Params) -> dict[str, Any]:
    params.options(1)
    message = params.message(0)
    valid = chain.svm.is_blockhash_valid(message.recent_blockhash)
    return _with_context(chain, fee_lamports(message) if valid else None)


def _send_transaction(chain: Chain, params: Params) -> str:
    options = params.options(1)
    transaction = params.transaction(0, read.choice(options, "encoding", _WIRE_ENCODINGS, "base58"))
    if not read.flag(options, "skipPreflight"):
        _require_signed(transaction)
        _require_passed(chain.svm.simulate(transaction))
    return chain.send(transaction).signature


def _simulate_transaction(chain: Chain, params: Params) -> dict[str, Any]:
    options = params.options(1)
    transaction = params.transaction(0, read.choice(options, "encoding", _WIRE_ENCODINGS, "base58"))
    verify = read.flag(options, "sigVerify")
    if read.flag(options, "replaceRecentBlockhash"):
        if verify:
            raise RpcError(INVALID_PARAMS, "sigVerify may not be used with replaceRecentBlockhash")
        transaction = _with_blockhash(transaction, chain.svm.latest_blockhash())
    if verify:
        _require_signed(transaction)
    outcome, after = chain.svm.simulate_accounts(transaction, verify_signatures=verify)
    accounts = None
    if (wanted := options.get("accounts")) is not None:
        if not isinstance(wanted, dict):
            raise RpcError(INVALID_PARAMS, "accounts has addresses and an encoding")
        addresses = read.addresses(wanted.get("addresses"))
        present = dict(zip(addresses, chain.svm.accounts(addresses), strict=True)) | after
        encoding = {"encoding": wanted.get("encoding") or "base64"}
        accounts = [render.account(present[address], encoding) for address in addresses]
    return _with_context(chain, render.simulation(outcome, accounts))


def _get_signature_statuses(chain: Chain, params: Params) -> dict[str, Any]:
    params.options(1)
    signatures = params.signatures(0, _STATUSES_MAX)
    return _with_context(chain, [render.status(chain.landed.get(signature)) for signature in signatures])


def _get_transaction(chain: Chain, params: Params) -> dict[str, Any] | None:
    options = params.options(1, string="encoding")
    landed = chain.landed.get(params.signature(0))
    if landed is None:
        return None
    found = render.transaction(landed, read.choice(options, "encoding", _TRANSACTION_ENCODINGS, "json"))
    newest = options.get("maxSupportedTransactionVersion")
    versioned = isinstance(landed.transaction.message, MessageV0)
    if newest is not None:
        read.number(newest, "maxSupportedTransactionVersion", 255)
        return {**found, "version": 0 if versioned else "legacy"}
    if versioned:
        message = "Transaction version (0) is not supported by the requesting client"
        raise RpcError(UNSUPPORTED_VERSION, message)
    return found


def _request_airdrop(chain: Chain, params: Params) -> str:
    params.options(2)
    outcome = chain.airdrop(params.address(0), params.number(1, "lamports"))
    _require_passed(outcome)
    return outcome.signature


def _set_unix_time(chain: Chain, params: Params) -> int:
    seconds = params.number(0, "the unix time in seconds")
    chain.set_unix_time(seconds)
    return seconds


METHODS: Final[Mapping[str, _Method]] = {
    "anomi_setUnixTime": _set_unix_time,
    "getAccountInfo": _get_account_info,
    "getBalance": _get_balance,
    "getBlockHeight": _get_block_height,
    "getEpochInfo": _get_epoch_info,
    "getFeeForMessage": _get_fee_for_message,
    "getGenesisHash": _get_genesis_hash,
    "getHealth": lambda _chain, _params: "ok",
    "getLatestBlockhash": _get_latest_blockhash,
    "getMinimumBalanceForRentExemption": _get_minimum_balance,
    "getMultipleAccounts": _get_multiple_accounts,
    "getProgramAccounts": _get_program_accounts,
    "getSignatureStatuses": _get_signature_statuses,
    "getSlot": _get_slot,
    "getTokenAccountBalance": _get_token_account_balance,
    "getTransaction": _get_transaction,
    "getVersion": _get_version,
    "isBlockhashValid": _is_blockhash_valid,
    "requestAirdrop": _request_airdrop,
    "sendTransaction": _send_transaction,
    "simulateTransaction": _simulate_transaction,
}
"""Name → method."""


def _require_signed(transaction: VersionedTransaction) -> None:
    if not all(transaction.verify_with_results()):
        raise RpcError(SIGNATURE_FAILURE, "Transaction signature verification failure")


def _require_passed(outcome: TransactionOutcome) -> None:
    if outcome.failure is not None:
        message = f"Transaction simulation failed: {render.refusal(outcome.failure)}"
        raise RpcError(PREFLIGHT_FAILURE, message, render.simulation(outcome, None))


def _with_blockhash(transaction: VersionedTransaction, blockhash: Hash) -> VersionedTransaction:
    """Return `transaction` with another blockhash, under signatures that are no longer right."""
    old = transaction.message
    new: Message | MessageV0
    if isinstance(old, MessageV0):
        new = MessageV0(old.header, old.account_keys, blockhash, old.instructions, old.address_table_lookups)
    else:
        header = old.header
        new = Message.new_with_compiled_instructions(
            header.num_required_signatures,
            header.num_readonly_signed_accounts,
            header.num_readonly_unsigned_accounts,
            old.account_keys,
            blockhash,
            old.instructions,
        )
    return VersionedTransaction.populate(new, transaction.signatures)
