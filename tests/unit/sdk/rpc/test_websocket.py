"""The node's WebSocket: what a client hears of its transactions, and what becomes of one that talks nonsense."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer

from anomi_sdk.localnet import Localnet
from anomi_sdk.localnet.server import PortTakenError
from anomi_sdk.localnet.websocket import accept_key
from anomi_sdk.rpc_url import RpcUrl
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.transactions import build_transaction

from .conftest import PAYER

SUBSCRIPTIONS = 100
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


class Client:
    """A WebSocket by hand."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self.socket = socket.create_connection((place.hostname, place.port), timeout=10)
        self.socket.sendall(
            f"GET / HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.file = self.socket.makefile("rb")
        head = b"".join(iter(self.file.readline, b"\r\n")).decode()
        assert head.startswith("HTTP/1.1 101 ")
        assert f"sec-websocket-accept: {accept_key(KEY)}\r\n" in head

    def send(self, kind: int, payload: bytes, *, first: int = 0x80, mask: bool = True) -> None:
        size = len(payload)
        length = bytes([size | 0x80 * mask]) if size < 126 else bytes([126 | 0x80 * mask]) + size.to_bytes(2, "big")
        key = os.urandom(4) if mask else bytes(4)
        body = bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))
        self.socket.sendall(bytes([first | kind]) + length + (key if mask else b"") + body)

    def ask(self, method: str, *params: object, **more: object) -> None:
        self.send(TEXT, json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": 1, **more}).encode())

    def frame(self) -> tuple[int, bytes]:
        head = self.file.read(2)
        size = head[1] if head[1] < 126 else int.from_bytes(self.file.read(2), "big")
        return head[0] & 0x0F, self.file.read(size)

    def told(self) -> Any:
        kind, payload = self.frame()
        assert kind == TEXT
        return json.loads(payload)

    def ended(self, code: int) -> None:
        assert self.frame() == (CLOSE, code.to_bytes(2, "big"))
        assert self.file.read() == b""


@pytest.fixture
def client(net: Localnet) -> Iterator[Client]:
    found = Client(net.websocket_url)
    yield found
    found.file.close()
    found.socket.close()


@pytest.fixture
def pay(rpc: RpcUrl) -> Callable[[int], str]:
    """Pays somebody and returns the transaction's signature."""

    def send(lamports: int) -> str:
        gift = transfer(TransferParams(from_pubkey=PAYER.pubkey(), to_pubkey=Pubkey([5] * 32), lamports=lamports))
        blockhash = rpc.latest_blockhash()
        sent = build_transaction([gift], payer=PAYER.pubkey(), signers=[PAYER], blockhash=blockhash)
        return rpc.send(sent).require_success().signature

    return send


def test_the_handshake_is_that_of_the_rfc() -> None:
    """The example of RFC 6455, 1.3."""
    assert accept_key(KEY) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_a_transaction_is_told_of_once(client: Client, pay: Callable[[int], str], svm: EmbeddedSvm) -> None:
    signature = pay(1_000_000)
    client.ask("signatureSubscribe", signature, {"commitment": "confirmed"})
    assert client.told() == {"jsonrpc": "2.0", "result": 1, "id": 1}
    heard = client.told()
    assert (heard["method"], heard["params"]["subscription"]) == ("signatureNotification", 1)
    assert heard["params"]["result"] == {"context": {"slot": svm.slot}, "value": {"err": None}}
    client.ask("signatureUnsubscribe", 1)
    assert client.told()["result"] is False


def test_what_has_not_gone_through_is_not_told_of(client: Client, pay: Callable[[int], str]) -> None:
    client.ask("signatureSubscribe", "1" * 64)
    assert client.told()["result"] == 1
    client.ask("signatureSubscribe", pay(1_000_000))
    assert client.told()["result"] == 2
    assert client.told()["params"]["subscription"] == 2
    client.ask("signatureUnsubscribe", 1)
    assert client.told()["result"] is True


def test_what_is_answered_and_what_is_not(client: Client) -> None:
    client.send(TEXT, b'{"jsonrpc": "2.0", "method": "ping"}')  # a notification: nothing is said to it
    client.send(PONG, b"")
    client.send(PING, b"are you there")
    assert client.frame() == (PONG, b"are you there")
    for message, code in (
        (b"no JSON", -32700),
        (b"[" * 60_000, -32700),
        (b"[]", -32600),
        (b'{"jsonrpc": "2.0", "id": 1}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "accountSubscribe", "params": []}', -32601),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "signatureSubscribe", "params": ["short"]}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "signatureSubscribe", "params": 5}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "signatureUnsubscribe", "params": ["x"]}', -32602),
    ):
        client.send(TEXT, message)
        assert client.told()["error"]["code"] == code, message[:60]


def test_a_connection_has_so_many_subscriptions(client: Client) -> None:
    for number in range(SUBSCRIPTIONS):
        client.ask("signatureSubscribe", "1" * 64)
        assert client.told()["result"] == number + 1
    client.ask("signatureSubscribe", "1" * 64)
    assert client.told()["error"]["code"] == -32602
    client.ask("signatureUnsubscribe", 1)
    assert client.told()["result"] is True
    client.ask("signatureSubscribe", "1" * 64)
    assert client.told()["result"] == SUBSCRIPTIONS + 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"kind": CLOSE, "payload": b""}, 1000),
        ({"kind": TEXT, "payload": b"{}", "mask": False}, 1002),
        ({"kind": TEXT, "payload": b"{}", "first": 0xC0}, 1002),
        ({"kind": TEXT, "payload": b"{", "first": 0}, 1003),
        ({"kind": 2, "payload": b"\0"}, 1003),
    ],
)
def test_who_speaks_otherwise_is_sent_away(client: Client, words: dict[str, Any], code: int) -> None:
    client.send(**words)
    client.ended(code)


def test_a_message_too_long_is_not_waited_for(client: Client) -> None:
    client.socket.sendall(bytes([0x81, 0xFF]) + (2**62).to_bytes(8, "big"))
    client.ended(1009)


def test_the_node_stops_with_a_client_connected(svm: EmbeddedSvm) -> None:
    with Localnet(svm) as net:
        client = Client(net.websocket_url)
        assert client.socket.getpeername()[1] == int(net.url.rpartition(":")[2]) + 1
    assert client.file.read() == b""
    client.file.close()
    client.socket.close()


def test_the_next_port_has_to_be_free(svm: EmbeddedSvm) -> None:
    taken, port = _taken_after_a_free_one()
    with taken, pytest.raises(PortTakenError, match=f"port {port} of 127.0.0.1 is taken"):
        Localnet(svm, port=port - 1)
    with pytest.raises(PortTakenError, match="port 65536"):
        Localnet(svm, port=65_535)


def _taken_after_a_free_one() -> tuple[socket.socket, int]:
    """A listening socket, and its port; the port before it was free a moment ago."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1] + 1
            try:
                return socket.create_server(("127.0.0.1", port)), port
            except (OSError, OverflowError):
                continue
