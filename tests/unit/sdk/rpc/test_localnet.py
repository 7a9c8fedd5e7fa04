"""The local node, question by question, as any client may ask it."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.hash import Hash
from solders.keypair import Keypair
from solders.message import Message, MessageV0, to_bytes_versioned
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

from anomi_core.errors import UsageError
from anomi_sdk.base58 import b58encode
from anomi_sdk.localnet import Localnet, PortTakenError
from anomi_sdk.rpc_url import RpcUrl
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.transactions import build_transaction

from .conftest import LAMPORTS, MINT, PAYER, PURSE, TOKEN, UNIX_TIME_S

OTHER = Pubkey.from_bytes(bytes([9] * 32))
FEE = 5_000

Ask = Callable[..., Any]


def post(net: Localnet, body: bytes, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(net.url.removeprefix("http://"), timeout=30)
    try:
        connection.request("POST", "/", body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.fixture
def answer(net: Localnet) -> Ask:
    """A function from a method and its parameters to the whole answer."""

    def ask(method: str, *params: object) -> Any:
        body = {"jsonrpc": "2.0", "id": "x", "method": method, "params": list(params)}
        status, text = post(net, json.dumps(body).encode())
        found = json.loads(text)
        assert (status, found["jsonrpc"], found["id"]) == (200, "2.0", "x")
        return found

    return ask


@pytest.fixture
def ask(answer: Ask) -> Ask:
    """A function from a method and its parameters to the result."""
    return lambda method, *params: answer(method, *params)["result"]


@pytest.fixture
def refused(answer: Ask) -> Ask:
    """A function from a method and its parameters to the error's code and message."""

    def ask(method: str, *params: object) -> tuple[int, str]:
        error = answer(method, *params)["error"]
        return error["code"], error["message"]

    return ask


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def pay(svm: EmbeddedSvm, lamports: int = 1_000_000, payer: Keypair = PAYER) -> VersionedTransaction:
    gift = transfer(TransferParams(from_pubkey=payer.pubkey(), to_pubkey=OTHER, lamports=lamports))
    return build_transaction([gift], payer=payer.pubkey(), signers=[payer], blockhash=svm.latest_blockhash())


def test_what_it_is(ask: Ask, svm: EmbeddedSvm) -> None:
    assert ask("getHealth") == "ok"
    assert ask("getVersion")["solana-core"].endswith("-anomi-localnet")
    assert ask("getGenesisHash") == str(Hash.from_bytes(svm.genesis_hash()))
    assert ask("getMinimumBalanceForRentExemption", 165) == 293 * 6960


def test_slot_height_and_epoch(ask: Ask, svm: EmbeddedSvm) -> None:
    slot, height = ask("getSlot"), ask("getBlockHeight", {"commitment": "finalized"})
    assert (slot, height) == (svm.slot, svm.block_height)
    assert ask("getEpochInfo") == {
        "absoluteSlot": slot,
        "blockHeight": height,
        "epoch": slot // 432_000,
        "slotIndex": slot % 432_000,
        "slotsInEpoch": 432_000,
        "transactionCount": 0,
    }


def test_a_blockhash_is_valid_until_its_height(ask: Ask, svm: EmbeddedSvm) -> None:
    first = ask("getLatestBlockhash")["value"]
    while ask("getBlockHeight") < first["lastValidBlockHeight"]:
        svm.latest_blockhash()
    assert ask("isBlockhashValid", first["blockhash"], {"commitment": "processed"})["value"] is True
    svm.latest_blockhash()
    assert ask("isBlockhashValid", first["blockhash"])["value"] is False


def test_balances_and_accounts(ask: Ask, answer: Ask) -> None:
    payer = str(PAYER.pubkey())
    assert ask("getBalance", payer)["value"] == LAMPORTS
    assert ask("getBalance", str(OTHER))["value"] == 0
    assert ask("getAccountInfo", str(OTHER), {"encoding": "base64"})["value"] is None
    mint = ask("getAccountInfo", str(MINT), {"encoding": "base64"})["value"]
    data = base64.b64decode(mint["data"][0])
    assert mint | {"data": None} == {
        "data": None,
        "executable": False,
        "lamports": 210 * 6960,
        "owner": str(TOKEN),
        "rentEpoch": 0,
        "space": 82,
    }
    assert data[44:46] == bytes([6, 1])
    part = {"dataSlice": {"offset": 44, "length": 2}}
    assert ask("getAccountInfo", str(MINT), {"encoding": "base64", **part})["value"]["data"] == [
        b64(data[44:46]),
        "base64",
    ]
    assert ask("getAccountInfo", str(MINT), {"encoding": "base58", **part})["value"]["data"] == [
        b58encode(data[44:46]),
        "base58",
    ]
    assert ask("getAccountInfo", str(MINT), part)["value"]["data"] == b58encode(data[44:46])
    assert ask("getAccountInfo", str(MINT), {"encoding": "jsonParsed"})["value"]["data"] == [b64(data), "base64"]
    several = ask("getMultipleAccounts", [str(MINT), str(OTHER), payer], {"encoding": "base64"})["value"]
    assert several[0] == mint
    assert several[1] is None
    assert several[2]["lamports"] == LAMPORTS
    refusal = answer("getAccountInfo", str(PURSE), {"encoding": "base58"})["error"]
    assert refusal["code"] == -32600
    assert "should be less than 128 bytes" in refusal["message"]


def test_program_accounts(ask: Ask) -> None:
    def listed(**options: object) -> list[str]:
        return [entry["pubkey"] for entry in ask("getProgramAccounts", str(TOKEN), {"encoding": "base64", **options})]

    assert listed() == listed(filters=[]) == [str(MINT), str(PURSE)]
    assert listed(filters=[{"dataSize": 82}]) == [str(MINT)]
    assert listed(filters=[{"memcmp": {"offset": 0, "bytes": str(MINT)}}]) == [str(PURSE)]
    assert listed(filters=[{"memcmp": {"offset": 0, "bytes": b64(bytes(MINT)), "encoding": "base64"}}]) == [str(PURSE)]
    assert listed(filters=[{"dataSize": 82}, {"memcmp": {"offset": 0, "bytes": str(MINT)}}]) == []
    with_context = ask("getProgramAccounts", str(TOKEN), {"encoding": "base64", "withContext": True})
    assert set(with_context) == {"context", "value"}
    assert ask("getProgramAccounts", str(OTHER)) == []


def test_token_balance(ask: Ask, refused: Ask) -> None:
    assert ask("getTokenAccountBalance", str(PURSE))["value"] == {
        "amount": "12345600",
        "decimals": 6,
        "uiAmount": 12.3456,
        "uiAmountString": "12.3456",
    }
    assert refused("getTokenAccountBalance", str(OTHER)) == (-32602, "Invalid param: could not find account")
    assert refused("getTokenAccountBalance", str(MINT)) == (-32602, "Invalid param: not a Token account")


def test_fees(ask: Ask, svm: EmbeddedSvm) -> None:
    """What is said is what is taken."""
    me = PAYER.pubkey()
    gift = transfer(TransferParams(from_pubkey=me, to_pubkey=me, lamports=1))
    for budget in ([], [set_compute_unit_limit(20_001), set_compute_unit_price(7_000)], [set_compute_unit_price(10)]):
        transaction = build_transaction([*budget, gift], payer=me, signers=[PAYER], blockhash=svm.latest_blockhash())
        said = ask("getFeeForMessage", b64(to_bytes_versioned(transaction.message)))["value"]
        before = ask("getBalance", str(me))["value"]
        signature = ask("sendTransaction", b64(bytes(transaction)), {"encoding": "base64"})
        assert before - ask("getBalance", str(me))["value"] == said
        assert ask("getTransaction", signature)["meta"]["fee"] == said
    unknown = Message.new_with_blockhash([gift], me, Hash.default())
    assert ask("getFeeForMessage", b64(bytes(unknown)))["value"] is None


def test_from_sending_to_the_record(ask: Ask, svm: EmbeddedSvm) -> None:
    transaction = pay(svm)
    signature = str(transaction.signatures[0])
    assert ask("getSignatureStatuses", [signature])["value"] == [None]
    assert ask("getTransaction", signature, {"encoding": "base64"}) is None
    assert ask("sendTransaction", b58encode(bytes(transaction))) == signature
    assert ask("getSignatureStatuses", [signature, str(Signature.default())], {"searchTransactionHistory": True})[
        "value"
    ] == [
        {
            "slot": svm.slot,
            "confirmations": None,
            "err": None,
            "status": {"Ok": None},
            "confirmationStatus": "finalized",
        },
        None,
    ]
    record = ask("getTransaction", signature, {"encoding": "base64", "maxSupportedTransactionVersion": 0})
    assert (record["slot"], record["blockTime"], record["version"]) == (svm.slot, UNIX_TIME_S, "legacy")
    assert record["transaction"] == [b64(bytes(transaction)), "base64"]
    assert record["meta"]["preBalances"] == [LAMPORTS, 0, 1]
    assert record["meta"]["postBalances"] == [LAMPORTS - 1_000_000 - FEE, 1_000_000, 1]
    assert record["meta"]["computeUnitsConsumed"] == 150
    assert record["meta"]["logMessages"][-1] == "Program 11111111111111111111111111111111 success"
    plain = ask("getTransaction", signature)
    assert "version" not in plain
    assert plain["transaction"]["message"]["accountKeys"] == [str(key) for key in transaction.message.account_keys]
    assert ask("getTransaction", signature, "base58")["transaction"] == [b58encode(bytes(transaction)), "base58"]
    assert ask("getEpochInfo")["transactionCount"] == 1


def test_a_refused_preflight_has_its_logs(answer: Ask, svm: EmbeddedSvm) -> None:
    transaction = pay(svm, 10**15)
    error = answer("sendTransaction", b64(bytes(transaction)), {"encoding": "base64"})["error"]
    assert error["code"] == -32002
    assert error["message"] == (
        "Transaction simulation failed: Error processing Instruction 0: custom program error: 0x1"
    )
    assert error["data"]["err"] == {"InstructionError": [0, {"Custom": 1}]}
    assert error["data"]["logs"][-1].endswith("failed: custom program error: 0x1")
    assert answer("getSignatureStatuses", [str(transaction.signatures[0])])["result"]["value"] == [None]


def test_without_preflight_a_refused_transaction_lands(ask: Ask, svm: EmbeddedSvm) -> None:
    transaction = pay(svm, 10**15)
    signature = ask("sendTransaction", b64(bytes(transaction)), {"encoding": "base64", "skipPreflight": True})
    error = {"InstructionError": [0, {"Custom": 1}]}
    status = ask("getSignatureStatuses", [signature])["value"][0]
    assert (status["err"], status["status"]) == (error, {"Err": error})
    record = ask("getTransaction", signature)
    assert record["meta"]["err"] == error
    assert record["meta"]["postBalances"][0] == LAMPORTS - FEE


def test_without_preflight_a_hopeless_transaction_is_dropped(ask: Ask, svm: EmbeddedSvm) -> None:
    old = pay(svm)
    for _ in range(150):
        svm.latest_blockhash()
    signature = ask("sendTransaction", b64(bytes(old)), {"encoding": "base64", "skipPreflight": True})
    assert ask("getSignatureStatuses", [signature])["value"] == [None]


def test_signatures(refused: Ask, ask: Ask, svm: EmbeddedSvm) -> None:
    unsigned = VersionedTransaction.populate(pay(svm).message, [Signature.default()])
    wire, options = b64(bytes(unsigned)), {"encoding": "base64"}
    failure = (-32003, "Transaction signature verification failure")
    assert refused("sendTransaction", wire, options) == failure
    assert refused("simulateTransaction", wire, options | {"sigVerify": True}) == failure
    assert ask("simulateTransaction", wire, options)["value"]["err"] is None
    ask("sendTransaction", wire, options | {"skipPreflight": True})
    assert ask("getBalance", str(OTHER))["value"] == 0


def test_simulation_with_accounts_and_another_blockhash(ask: Ask, refused: Ask) -> None:
    gift = transfer(TransferParams(from_pubkey=PAYER.pubkey(), to_pubkey=OTHER, lamports=1_000_000))
    message = Message.new_with_blockhash([gift], PAYER.pubkey(), Hash.default())
    wire = b64(bytes(VersionedTransaction.populate(message, [Signature.default()])))
    options = {"encoding": "base64"}
    assert ask("simulateTransaction", wire, options)["value"]["err"] == "BlockhashNotFound"
    accounts = {"addresses": [str(OTHER), str(MINT), str(TOKEN)], "encoding": "base64"}
    value = ask("simulateTransaction", wire, options | {"replaceRecentBlockhash": True, "accounts": accounts})["value"]
    assert value["err"] is None
    assert value["unitsConsumed"] == 150
    assert [account["lamports"] for account in value["accounts"][:2]] == [1_000_000, 210 * 6960]
    assert ask("getBalance", str(OTHER))["value"] == 0
    both = options | {"replaceRecentBlockhash": True, "sigVerify": True}
    assert refused("simulateTransaction", wire, both) == (
        -32602,
        "sigVerify may not be used with replaceRecentBlockhash",
    )


def test_versioned_transactions(ask: Ask, refused: Ask, svm: EmbeddedSvm) -> None:
    gift = transfer(TransferParams(from_pubkey=PAYER.pubkey(), to_pubkey=OTHER, lamports=1_000_000))
    message = MessageV0.try_compile(PAYER.pubkey(), [gift], [], svm.latest_blockhash())
    wire = b64(bytes(VersionedTransaction(message, [PAYER])))
    assert (
        ask("simulateTransaction", wire, {"encoding": "base64", "replaceRecentBlockhash": True})["value"]["err"] is None
    )
    signature = ask("sendTransaction", wire, {"encoding": "base64"})
    assert ask("getTransaction", signature, {"maxSupportedTransactionVersion": 0})["version"] == 0
    assert refused("getTransaction", signature)[0] == -32015


def test_airdrop(ask: Ask, answer: Ask) -> None:
    signatures = [ask("requestAirdrop", str(OTHER), 1_000_000_000) for _ in range(2)]
    assert signatures[0] != signatures[1]
    assert ask("getBalance", str(OTHER))["value"] == 2_000_000_000
    assert ask("getTransaction", signatures[1])["meta"]["err"] is None
    assert answer("requestAirdrop", str(OTHER), 2**63)["error"]["code"] == -32002


def test_the_clock_can_be_moved(ask: Ask, refused: Ask, rpc: RpcUrl) -> None:
    slot = ask("getSlot")
    assert ask("anomi_setUnixTime", UNIX_TIME_S + 86_400) == UNIX_TIME_S + 86_400
    assert rpc.unix_time_s() == UNIX_TIME_S + 86_400
    assert ask("getSlot") == slot + 1
    assert refused("anomi_setUnixTime", 0)[0] == -32602
    assert refused("anomi_setUnixTime", 2**40)[0] == -32602
    assert rpc.unix_time_s() == UNIX_TIME_S + 86_400


def test_the_clock_goes_on_by_itself(svm: EmbeddedSvm) -> None:
    now = [50.0]
    with Localnet(svm, monotonic=lambda: now[0]) as net, RpcUrl(net.url) as rpc:
        assert rpc.unix_time_s() == UNIX_TIME_S
        now[0] += 0.9
        assert rpc.unix_time_s() == UNIX_TIME_S
        now[0] += 99.1
        assert rpc.unix_time_s() == UNIX_TIME_S + 100


def test_min_context_slot(ask: Ask, answer: Ask) -> None:
    slot = ask("getSlot")
    assert ask("getBalance", str(OTHER), {"minContextSlot": slot})["value"] == 0
    error = answer("getBalance", str(OTHER), {"minContextSlot": slot + 1})["error"]
    assert (error["code"], error["data"]) == (-32016, {"contextSlot": slot})


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("getBalance", []),
        ("getBalance", [5]),
        ("getBalance", ["0" * 44]),
        ("getBalance", ["1" * 100_000]),
        ("getBalance", [str(OTHER), 5]),
        ("getBalance", [str(OTHER), {"commitment": "sure"}]),
        ("getBalance", [str(OTHER), {"minContextSlot": -1}]),
        ("getMultipleAccounts", [str(OTHER)]),
        ("getMultipleAccounts", [[str(OTHER)] * 101]),
        ("getAccountInfo", [str(MINT), {"encoding": "base64+zstd"}]),
        ("getAccountInfo", [str(MINT), {"encoding": ["base64"]}]),
        ("getAccountInfo", [str(MINT), {"dataSlice": {"offset": 0}}]),
        ("getAccountInfo", [str(MINT), {"dataSlice": {"offset": -1, "length": 5}}]),
        ("getProgramAccounts", [str(TOKEN), {"filters": "x"}]),
        (
            "getProgramAccounts",
            [str(TOKEN), {"filters": [{"dataSize": 1}] + [{"memcmp": {"offset": 0, "bytes": "2"}}] * 4}],
        ),
        ("getProgramAccounts", [str(TOKEN), {"filters": [{"dataSize": -1}]}]),
        ("getProgramAccounts", [str(TOKEN), {"filters": [{"tokenAccountState": 1}]}]),
        ("getProgramAccounts", [str(TOKEN), {"filters": [{"memcmp": {"offset": 0, "bytes": "0"}}]}]),
        ("getProgramAccounts", [str(TOKEN), {"filters": [{"memcmp": {"bytes": "2"}}]}]),
        ("getProgramAccounts", [str(TOKEN), {"withContext": 1}]),
        ("getMinimumBalanceForRentExemption", [-1]),
        ("getMinimumBalanceForRentExemption", [1.5]),
        ("getMinimumBalanceForRentExemption", [True]),
        ("getMinimumBalanceForRentExemption", [2**63]),
        ("getSignatureStatuses", [[str(Signature.default())] * 257]),
        ("getSignatureStatuses", [["1"]]),
        ("getTransaction", [str(OTHER)]),
        ("isBlockhashValid", ["x"]),
        ("getFeeForMessage", ["AAAA"]),
        ("getFeeForMessage", ["!"]),
        ("getFeeForMessage", [b64(bytes(2000))]),
        ("sendTransaction", []),
        ("sendTransaction", ["", {"encoding": "base64"}]),
        ("sendTransaction", ["AAAA", {"encoding": "base64"}]),
        ("sendTransaction", ["AAAA", {"encoding": "json"}]),
        ("sendTransaction", [b64(bytes(1233)), {"encoding": "base64"}]),
        ("sendTransaction", ["2" * 100_000]),
        ("sendTransaction", ["0"]),
        ("sendTransaction", ["AAAA", {"encoding": "base64", "skipPreflight": "no"}]),
        ("requestAirdrop", [str(OTHER)]),
        ("requestAirdrop", [str(OTHER), 2**64]),
        ("anomi_setUnixTime", ["1795000000"]),
    ],
)
def test_wrong_parameters(refused: Ask, method: str, params: list[object]) -> None:
    code, message = refused(method, *params)
    assert code == -32602
    assert message


def test_a_transaction_whose_indices_lead_nowhere(refused: Ask, svm: EmbeddedSvm) -> None:
    good = bytearray(bytes(pay(svm)))
    wire = good[:]
    wire[1 + 64 + 3 + 1 + 3 * 32 + 32 + 1] = 99  # the program's index
    assert refused("sendTransaction", b64(bytes(wire)), {"encoding": "base64"})[0] == -32602
    assert refused("sendTransaction", b64(bytes(good) + b"\0"), {"encoding": "base64"})[0] == -32602


def test_methods_that_are_not_there(refused: Ask) -> None:
    for method in ("getBlock", "", "anomi_setUnixTime ", "__class__"):
        assert refused(method) == (-32601, "Method not found")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"\xff", -32700),
        (b"[" * 100_000, -32700),
        (b"5", -32600),
        (b"[]", -32600),
        (b"[" + b",".join([b"5"] * 101) + b"]", -32600),
        (b'{"id": 1, "method": "getHealth"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 5}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "getSlot", "params": {"a": 1}}', -32602),
    ],
)
def test_wrong_requests(net: Localnet, body: bytes, code: int) -> None:
    status, text = post(net, body)
    assert status == 200
    assert json.loads(text)["error"]["code"] == code


def test_a_batch(net: Localnet) -> None:
    one = {"jsonrpc": "2.0", "id": 1, "method": "getHealth"}
    _, text = post(net, json.dumps([one, 5, one | {"id": 2, "method": "x"}]).encode())
    answers = json.loads(text)
    assert answers[0] == {"jsonrpc": "2.0", "id": 1, "result": "ok"}
    assert [answer["error"]["code"] for answer in answers[1:]] == [-32600, -32601]


def test_http_beside_json_rpc(net: Localnet) -> None:
    connection = http.client.HTTPConnection(net.url.removeprefix("http://"), timeout=30)
    seen = []
    for method, path, headers in (
        ("GET", "/health", {}),
        ("GET", "/", {}),
        ("POST", "/", {"content-length": "1048577"}),
        ("POST", "/", {"content-length": "-1"}),
        ("POST", "/", {"transfer-encoding": "chunked"}),
        ("DELETE", "/", {}),
    ):
        connection.putrequest(method, path)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        seen.append((response.status, response.read()[:2]))
        connection.close()
    assert [status for status, _ in seen] == [200, 405, 413, 411, 411, 501]
    assert seen[0][1] == b"ok"


def test_a_panic_of_the_runtime_is_an_answer(
    ask: Ask, refused: Ask, svm: EmbeddedSvm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(svm, "minimum_balance_lamports", fail)
    assert refused("getMinimumBalanceForRentExemption", 1) == (-32603, "internal error (ZeroDivisionError)")
    assert ask("getHealth") == "ok"


def test_ports(svm: EmbeddedSvm, net: Localnet) -> None:
    port = int(net.url.rpartition(":")[2])
    with pytest.raises(PortTakenError, match=f"port {port} of 127.0.0.1 is taken by another program"):
        Localnet(svm, port=port)
    for wrong in (-1, 65_536):
        with pytest.raises(UsageError, match="a port is in"):
            Localnet(svm, port=wrong)


def test_it_stops_with_clients_connected(svm: EmbeddedSvm) -> None:
    threads = threading.active_count()
    with Localnet(svm) as net:
        idle = http.client.HTTPConnection(net.url.removeprefix("http://"), timeout=30)
        idle.connect()
        used = RpcUrl(net.url)
        used.unix_time_s()
        url = net.url
    assert threading.active_count() == threads
    used.close()
    idle.close()
    with Localnet(svm, port=int(url.rpartition(":")[2])) as again:
        assert again.url == url


def test_many_clients_at_once(net: Localnet, svm: EmbeddedSvm) -> None:
    transactions = [[pay(svm, 1_000_000 + 10 * number + turn) for turn in range(5)] for number in range(6)]
    failures: list[object] = []

    def work(mine: list[VersionedTransaction]) -> None:
        with RpcUrl(net.url) as rpc:
            failures.extend(rpc.send(transaction).failure for transaction in mine)

    threads = [threading.Thread(target=work, args=[mine]) for mine in transactions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [None] * 30
    account = svm.accounts([OTHER])[0]
    assert account is not None
    assert account.lamports == sum(1_000_000 + 10 * number + turn for number in range(6) for turn in range(5))
