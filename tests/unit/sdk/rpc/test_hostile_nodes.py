"""A node may say anything, or nothing: the client ends with one exact error, within its time and its memory."""

from __future__ import annotations

import base64
import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from solders.hash import Hash
from solders.pubkey import Pubkey

from anomi_core.errors import AnomiError, UsageError
from anomi_sdk.rpc import DataMatch
from anomi_sdk.rpc_url import (
    ClusterUnreachableError,
    ClusterUrlError,
    NodeAnswerError,
    RpcRefusedError,
    RpcUrl,
)
from anomi_sdk.rpc_url import node as node_module

from .nodes import FakeClock, Reply, Request, error, in_turn, node, result

ADDRESS = Pubkey.from_bytes(bytes([9] * 32))
OWNER = Pubkey.from_bytes(bytes([10] * 32))
ACCOUNT = {
    "lamports": 5,
    "owner": str(OWNER),
    "data": [base64.b64encode(b"abcd").decode(), "base64"],
    "executable": False,
    "rentEpoch": 2**64 - 1,
    "space": 4,
}


def client(url: str, clock: FakeClock | None = None, **more: Any) -> RpcUrl:
    clock = clock or FakeClock()
    return RpcUrl(url, sleep=clock.sleep, monotonic=clock.monotonic, **more)


def seen(value: object, slot: object = 7) -> dict[str, object]:
    return {"context": {"slot": slot}, "value": value}


def ask_accounts(rpc: RpcUrl) -> object:
    return rpc.accounts([ADDRESS])


def raised(answer: Callable[[Request], Reply] | Reply, ask: Callable[[RpcUrl], object]) -> AnomiError:
    """The error that a client ends with; none of them may hold more than one line."""
    with node(in_turn(answer)) as server, client(server.url) as rpc:
        with pytest.raises(AnomiError) as caught:
            ask(rpc)
        assert "\n" not in str(caught.value)
        assert str(caught.value).startswith(server.url)
        return caught.value


def test_an_honest_answer_is_taken() -> None:
    with node(lambda request: result(request, seen([ACCOUNT, None]))) as server, client(server.url) as rpc:
        account, none = rpc.accounts([ADDRESS, OWNER])
        assert none is None
        assert account is not None
        assert (account.lamports, account.owner, bytes(account.data), account.rent_epoch) == (
            5,
            OWNER,
            b"abcd",
            2**64 - 1,
        )
        assert server.seen[0] == {
            "jsonrpc": "2.0",
            "id": server.seen[0]["id"],
            "method": "getMultipleAccounts",
            "params": [[str(ADDRESS), str(OWNER)], {"commitment": "confirmed", "encoding": "base64"}],
        }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b'{"jsonrpc":"2.0","id":1,"result":',
        b'{"jsonrpc":"2.0","id":1,"result":NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"jsonrpc":"2.0","id":1,"result":' + b"9" * 5000 + b"}",
    ],
    ids=["empty", "text", "truncated", "NaN", "not UTF-8", "deep", "long number"],
)
def test_what_is_not_json(body: bytes) -> None:
    caught = raised(Reply(body), ask_accounts)
    assert type(caught) is NodeAnswerError
    assert caught.exit_code == 2
    assert "something that is not JSON" in str(caught)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("[]", "not JSON-RPC 2.0"),
        ("null", "not JSON-RPC 2.0"),
        ('{"id": 1, "result": 1}', "not JSON-RPC 2.0"),
        ('{"jsonrpc": "1.0", "id": 1, "result": 1}', "not JSON-RPC 2.0"),
        ('{"jsonrpc": "2.0", "id": 99, "result": 1}', "the answer to another question"),
        ('{"jsonrpc": "2.0", "id": true, "result": 1}', "the answer to another question"),
        ('{"jsonrpc": "2.0", "result": 1}', "the answer to another question"),
        ('{"jsonrpc": "2.0", "id": 1}', "without a result"),
        ('{"jsonrpc": "2.0", "id": 1, "error": "no"}', "an error without code or message"),
        ('{"jsonrpc": "2.0", "id": 1, "error": {"code": "1", "message": "no"}}', "an error without code or message"),
        ('{"jsonrpc": "2.0", "id": 1, "error": {"code": 1, "message": ["no"]}}', "an error without code or message"),
    ],
)
def test_what_is_not_json_rpc(body: str, what: str) -> None:
    caught = raised(Reply(body), ask_accounts)
    assert type(caught) is NodeAnswerError
    assert what in str(caught)


def _changed(**changes: object) -> dict[str, object]:
    return {name: value for name, value in (ACCOUNT | changes).items() if value is not ...}


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (None, "context"),
        ({"value": [None]}, "context"),
        ({"context": {}, "value": [None]}, "slot"),
        (seen([None], "7"), "slot"),
        (seen([None], -1), "slot"),
        (seen([None], True), "slot"),
        (seen([None], 2**64), "slot"),
        ({"context": {"slot": 7}}, "value"),
        (seen(None), "value"),
        (seen([]), "value"),
        (seen([None, None]), "value"),
        (seen(["account"]), "lamports"),
        (seen([_changed(lamports=...)]), "lamports"),
        (seen([_changed(lamports=1.5)]), "lamports"),
        (seen([_changed(lamports=-5)]), "lamports"),
        (seen([_changed(lamports=2**64)]), "lamports"),
        (seen([_changed(owner=...)]), "owner"),
        (seen([_changed(owner=5)]), "owner"),
        (seen([_changed(owner="0" * 44)]), "owner"),
        (seen([_changed(owner="1" * 40_000)]), "owner"),
        (seen([_changed(owner="1" * 31)]), "owner"),
        (seen([_changed(data=...)]), "data"),
        (seen([_changed(data="YWJj")]), "data"),
        (seen([_changed(data=["YWJj", "base58"])]), "data"),
        (seen([_changed(data=["YW=Jj", "base64"])]), "data"),
        (seen([_changed(data=[5, "base64"])]), "data"),
        (seen([_changed(data=["YWJj", "base64", 1])]), "data"),
        (seen([_changed(executable=1)]), "executable"),
        (seen([_changed(rentEpoch="0")]), "rentEpoch"),
        (seen([_changed(rentEpoch=-1)]), "rentEpoch"),
    ],
)
def test_an_account_that_is_none(value: object, field: str) -> None:
    caught = raised(lambda request: result(request, value), ask_accounts)
    assert type(caught) is NodeAnswerError
    assert str(caught).endswith(f"answered getMultipleAccounts with a wrong or missing {field}")


def test_a_rent_epoch_that_went_through_javascript_is_the_last_one() -> None:
    value = seen([ACCOUNT | {"rentEpoch": 18446744073709552000}])
    with node(lambda request: result(request, value)) as server, client(server.url) as rpc:
        account = rpc.accounts([ADDRESS])[0]
        assert account is not None
        assert account.rent_epoch == 2**64 - 1


@pytest.mark.parametrize(
    ("listed", "field"),
    [
        (None, "value"),
        ([{"pubkey": str(ADDRESS)}], "account"),
        ([{"account": ACCOUNT}], "pubkey"),
        ([{"pubkey": str(ADDRESS), "account": ACCOUNT}] * 2, "pubkey"),
        ([{"pubkey": str(ADDRESS), "account": ACCOUNT | {"owner": str(ADDRESS)}}], "account that was not asked for"),
        (
            [{"pubkey": str(ADDRESS), "account": ACCOUNT | {"data": ["YWJj", "base64"]}}],
            "account that was not asked for",
        ),
        (
            [{"pubkey": str(ADDRESS), "account": ACCOUNT | {"data": ["YWJjZQ==", "base64"]}}],
            "account that was not asked for",
        ),
    ],
)
def test_a_listing_with_what_was_not_asked_for(listed: object, field: str) -> None:
    caught = raised(
        lambda request: result(request, seen(listed)),
        lambda rpc: rpc.program_accounts(OWNER, data_bytes=4, matches=[DataMatch(3, b"d")]),
    )
    assert type(caught) is NodeAnswerError
    assert str(caught).endswith(f"a wrong or missing {field}")


@pytest.mark.parametrize(
    ("value", "ask", "field"),
    [
        (seen({"blockhash": str(Hash.default())}), RpcUrl.latest_blockhash, "lastValidBlockHeight"),
        (seen({"blockhash": "0", "lastValidBlockHeight": 1}), RpcUrl.latest_blockhash, "blockhash"),
        (seen(1), lambda rpc: rpc.is_blockhash_valid(Hash.default()), "value"),
        ("1", lambda rpc: rpc.minimum_balance_lamports(1), "result"),
        (5, RpcUrl.genesis_hash, "result"),
        ("abc", RpcUrl.genesis_hash, "result"),
    ],
)
def test_other_wrong_answers(value: object, ask: Callable[[RpcUrl], object], field: str) -> None:
    caught = raised(lambda request: result(request, value), ask)
    assert type(caught) is NodeAnswerError
    assert str(caught).endswith(f"a wrong or missing {field}")


@pytest.mark.parametrize("clock", [None, ACCOUNT], ids=["none", "short"])
def test_a_chain_without_a_clock(clock: object) -> None:
    caught = raised(lambda request: result(request, seen([clock])), RpcUrl.unix_time_s)
    assert type(caught) is NodeAnswerError
    assert "has no clock sysvar" in str(caught)


def test_an_answer_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_module, "ANSWER_BYTES_MAX", 1000)
    whole = json.dumps({"jsonrpc": "2.0", "id": 1, "result": seen([None])})
    with node(lambda _: Reply(whole.ljust(1000))) as server, client(server.url) as rpc:
        assert rpc.accounts([ADDRESS]) == [None]
    for reply in (Reply(whole.ljust(1001)), Reply(whole.ljust(3000), declared=10**9)):
        caught = raised(reply, ask_accounts)
        assert type(caught) is NodeAnswerError
        assert "more than 1,000 bytes" in str(caught)


def test_a_compressed_answer_is_not_unpacked() -> None:
    caught = raised(Reply(b"x", content_encoding="gzip"), ask_accounts)
    assert type(caught) is NodeAnswerError
    assert "compressed" in str(caught)


def test_an_answer_that_breaks_off() -> None:
    caught = raised(Reply(b'{"jsonrpc"', declared=1000), ask_accounts)
    assert type(caught) is ClusterUnreachableError


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_node_is_asked_again(status: int) -> None:
    clock = FakeClock()
    answers = in_turn(Reply(status=status), Reply(status=status), lambda request: result(request, seen([None])))
    with node(answers) as server, client(server.url, clock) as rpc:
        assert rpc.accounts([ADDRESS]) == [None]
        assert len(server.seen) == 3
    assert clock.sleeps == [0.25, 0.5]


@pytest.mark.parametrize("code", [-32004, -32005, -32014, -32016, -32429, 429, -32603])
def test_a_node_that_is_behind_is_asked_again(code: int) -> None:
    answers = in_turn(lambda request: error(request, code), lambda request: result(request, seen([None])))
    with node(answers) as server, client(server.url) as rpc:
        assert rpc.accounts([ADDRESS]) == [None]


def test_a_node_that_stays_busy() -> None:
    clock = FakeClock()
    with node(in_turn(Reply(status=503))) as server, client(server.url, clock) as rpc:
        with pytest.raises(ClusterUnreachableError, match="answered getMultipleAccounts with HTTP 503") as caught:
            rpc.accounts([ADDRESS])
        assert len(server.seen) == 5
    assert caught.value.exit_code == 3
    assert clock.sleeps == [0.25, 0.5, 1, 2]


def test_a_node_that_stays_behind() -> None:
    with (
        node(lambda request: error(request, -32005, "Node is behind by 42 slots")) as server,
        client(server.url) as rpc,
    ):
        with pytest.raises(RpcRefusedError, match="behind by 42 slots") as caught:
            rpc.accounts([ADDRESS])
        assert len(server.seen) == 5
    assert caught.value.code == -32005


@pytest.mark.parametrize(
    ("value", "waited_s"),
    [("3", 3), ("100000", 10), ("-1", 0.25), ("Fri, 21 Nov 2026 10:00:00 GMT", 0.25), ("9" * 50, 0.25)],
)
def test_retry_after_is_heard_within_reason(value: str, waited_s: float) -> None:
    clock = FakeClock()
    answers = in_turn(Reply(status=429, retry_after=value), lambda request: result(request, seen([None])))
    with node(answers) as server, client(server.url, clock) as rpc:
        rpc.accounts([ADDRESS])
    assert clock.sleeps == [waited_s]


def test_asking_again_ends_after_twice_the_time() -> None:
    clock = FakeClock()
    with (
        node(in_turn(Reply(status=429, retry_after="9"))) as server,
        client(server.url, clock, timeout_s=10) as rpc,
        pytest.raises(ClusterUnreachableError),
    ):
        rpc.accounts([ADDRESS])
    assert clock.sleeps == [9, 9]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with node(in_turn(Reply(status=500))) as elsewhere:
        caught = raised(Reply(status=status, location=elsewhere.url), ask_accounts)
        assert elsewhere.seen == []
    assert type(caught) is NodeAnswerError
    assert "redirect" in str(caught)


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 413])
def test_another_status_is_a_refusal(status: int) -> None:
    caught = raised(Reply(status=status), ask_accounts)
    assert type(caught) is RpcRefusedError
    assert str(caught).endswith(f"HTTP {status}")
    assert caught.code is None


def test_a_refusal_is_quoted_short_and_printable() -> None:
    said = "no\x1b[31m\n" + "x" * 100_000
    caught = raised(lambda request: error(request, -32602, said), ask_accounts)
    assert type(caught) is RpcRefusedError
    assert caught.code == -32602
    assert "no [31m xxx" in str(caught)
    assert len(str(caught)) < 400


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_nobody_listens() -> None:
    clock = FakeClock()
    url = f"http://127.0.0.1:{free_port()}"
    with client(url, clock) as rpc, pytest.raises(ClusterUnreachableError) as caught:
        rpc.accounts([ADDRESS])
    assert str(caught.value) == f"{url} cannot be reached for getMultipleAccounts (ConnectError)"
    assert len(clock.sleeps) == 4


def test_a_name_that_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with (
        client("http://nowhere.invalid") as rpc,
        pytest.raises(ClusterUnreachableError, match=r"nowhere\.invalid cannot"),
    ):
        rpc.accounts([ADDRESS])


def test_a_proxy_of_the_environment_is_used_but_not_towards_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with node(lambda request: result(request, seen([None]))) as proxy, node(in_turn(Reply(status=400))) as direct:
        monkeypatch.setenv("http_proxy", proxy.url)
        with client("http://nowhere.invalid/path") as rpc:
            assert rpc.accounts([ADDRESS]) == [None]
        assert proxy.paths == ["http://nowhere.invalid/path"]
        with client(direct.url) as rpc, pytest.raises(RpcRefusedError):
            rpc.accounts([ADDRESS])
        assert (len(proxy.seen), len(direct.seen)) == (1, 1)


def test_a_node_that_hangs() -> None:
    done = threading.Event()

    def hang(request: Request) -> Reply:
        done.wait(30)
        return result(request, None)

    with node(hang) as server:
        began = time.monotonic()
        with client(server.url, timeout_s=0.1) as rpc, pytest.raises(ClusterUnreachableError, match=r"within 0\.1 s"):
            rpc.accounts([ADDRESS])
        assert time.monotonic() - began < 5
        done.set()


def test_a_node_that_drips() -> None:
    """One byte at a time would outlast every time-out between two bytes."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
            while not stop.wait(0.02):
                try:
                    connection.sendall(b" ")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    began = time.monotonic()
    with (
        RpcUrl(url, timeout_s=0.3, sleep=FakeClock().sleep) as rpc,
        pytest.raises(ClusterUnreachableError, match=r"within 0\.3 s"),
    ):
        rpc.accounts([ADDRESS])
    assert time.monotonic() - began < 5
    stop.set()
    thread.join()
    listener.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8899",
        "ftp://host",
        "http://",
        "file:///etc/passwd",
        "http://host:port",
        "http://h/#x",
        "http://[::",
    ],
)
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(ClusterUrlError, match=r"^the URL of a node starts with http:// or https:// and names a host$"):
        RpcUrl(url)


@pytest.mark.parametrize("commitment", ["processed", "", "Confirmed"])
def test_what_is_no_commitment(commitment: str) -> None:
    with pytest.raises(UsageError, match="confirmed, finalized"):
        RpcUrl("http://127.0.0.1:1", commitment=commitment)


def test_the_commitment_is_told() -> None:
    with node(lambda request: result(request, seen([None]))) as server:
        with client(server.url, commitment="finalized") as rpc:
            rpc.accounts([ADDRESS])
        assert server.seen[0]["params"][1]["commitment"] == "finalized"


def test_the_view_never_goes_back() -> None:
    answers = in_turn(
        lambda request: result(request, seen([None], 50)),
        lambda request: result(request, seen([None], 40)),
        lambda request: result(request, seen([None], 60)),
    )
    with node(answers) as server, client(server.url) as rpc:
        for _ in range(4):
            rpc.accounts([ADDRESS])
        assert [request["params"][1].get("minContextSlot") for request in server.seen] == [None, 50, 50, 60]


def test_secrets_of_the_url_are_sent_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = ["path-secret", "query-secret", "a-user-name", "pass word"]
    replies: list[Reply | Callable[[Request], Reply]] = [
        Reply(status=503),
        Reply(status=401),
        Reply(status=302, location="http://127.0.0.1:1"),
        Reply(b"not JSON"),
        lambda request: result(request, None),
        lambda request: error(request, -32602, f"bad keys {secrets}"),
    ]
    said = []
    for reply in replies:
        with node(in_turn(reply)) as server:
            tail = server.url.removeprefix("http://")
            with client(f"http://a-user-name:pass%20word@{tail}/path-secret/?api-key=query-secret") as rpc:
                with pytest.raises(AnomiError) as caught:
                    rpc.accounts([ADDRESS])
                chain: list[BaseException] = [caught.value]
                while (before := chain[-1].__cause__ or chain[-1].__context__) is not None:
                    chain.append(before)
                said += [str(link) + repr(link) for link in chain] + [repr(rpc), str(caught.value.hint)]
            assert server.paths[0] == "/path-secret/?api-key=query-secret"
            assert server.headers[0]["authorization"] == "Basic " + base64.b64encode(b"a-user-name:pass word").decode()
    everything = "\n".join(said) + caplog.text
    for secret in [*secrets, "pass%20word"]:
        assert secret not in everything


def test_blockhashes_are_remembered_for_a_while_only() -> None:
    numbers = iter(range(1_000))

    def another(request: Request) -> Reply:
        number = next(numbers)
        blockhash = str(Hash.from_bytes(number.to_bytes(32, "big")))
        return result(request, seen({"blockhash": blockhash, "lastValidBlockHeight": number}))

    with node(another) as server, client(server.url) as rpc:
        for _ in range(310):
            rpc.latest_blockhash()
        kept = {int.from_bytes(bytes(blockhash), "big"): height for blockhash, height in rpc._last_valid.items()}
    assert kept == {number: number for number in range(10, 310)}
