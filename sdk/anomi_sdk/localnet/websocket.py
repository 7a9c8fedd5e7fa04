"""The WebSocket side, as much as confirming a transaction takes: `signatureSubscribe` and `signatureUnsubscribe`.

RFC 6455 without fragments, extensions and subprotocols: clients of Solana send whole, short text messages.
https://solana.com/docs/rpc/websocket says what the two methods take and give.
"""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import threading
import time
from typing import Any, Final

from anomi_sdk.localnet import render
from anomi_sdk.localnet.chain import Chain
from anomi_sdk.localnet.errors import INVALID_PARAMS, INVALID_REQUEST, NO_SUCH_METHOD, PARSE_ERROR, RpcError
from anomi_sdk.localnet.params import Params

__all__ = ["accept_key", "serve"]

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_FIN: Final = 0x80
_MASKED: Final = 0x80
_LENGTH_16: Final = 126
_LENGTH_64: Final = 127
"""Announces a message of 64 KiB or more: none that is understood here is so long."""
_MASK_BYTES: Final = 4
_RECEIVE_BYTES: Final = 16 * 1024
_POLL_S: Final = 0.05
_IDLE_S: Final = 60.0
_SUBSCRIPTIONS_MAX: Final = 100
_PROTOCOL_ERROR: Final = 1002
_UNSUPPORTED: Final = 1003
_TOO_BIG: Final = 1009
_NORMAL: Final = 1000


class _Ended(Exception):  # noqa: N818 -- how every connection ends, not an error
    """The client left, or has to go: `code` says why."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


def accept_key(key: str) -> str:
    """Return what shows a client that its Sec-WebSocket-Key was understood (RFC 6455, 4.2.2)."""
    return base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest()).decode()  # noqa: S324 -- the protocol's


def serve(connection: socket.socket, chain: Chain, lock: threading.Lock) -> None:
    """Answer a client whose connection has been upgraded, until it leaves or says nothing for a minute."""
    connection.settimeout(_POLL_S)
    session, frames = _Session(chain, lock), _Frames(connection)
    heard_s = time.monotonic()
    try:
        while True:
            message = frames.receive()
            if message is not None:
                heard_s = time.monotonic()
                answer = session.answer(message)
                if answer is not None:
                    frames.send(answer)
            elif time.monotonic() - heard_s > _IDLE_S:
                raise _Ended(_NORMAL)
            for notification in session.due():
                frames.send(notification)
    except _Ended as end:
        frames.close(end.code)
    except OSError:
        pass  # the client went away


class _Session:
    """The subscriptions of one connection."""

    def __init__(self, chain: Chain, lock: threading.Lock) -> None:
        self._chain = chain
        self._lock = lock
        self._waiting: dict[int, str] = {}
        self._numbers = 0

    def answer(self, message: bytes) -> dict[str, Any] | None:
        """Return the answer to a request, None to a notification, such as the pings that keep a connection open."""
        try:
            request = json.loads(message)
        except (ValueError, RecursionError):
            return _error(None, RpcError(PARSE_ERROR, "Parse error"))
        name = request.get("method") if isinstance(request, dict) else None
        if not isinstance(request, dict) or request.get("jsonrpc") != "2.0" or not isinstance(name, str):
            return _error(None, RpcError(INVALID_REQUEST, "Invalid request"))
        if "id" not in request:
            return None
        try:
            with self._lock:
                result = self._call(name, request.get("params"))
        except RpcError as error:
            return _error(request["id"], error)
        return {"jsonrpc": "2.0", "result": result, "id": request["id"]}

    def due(self) -> list[dict[str, Any]]:
        """Return a notification for each transaction that has gone through; each is told once."""
        if not self._waiting:
            return []
        with self._lock:
            found = [
                (number, landed)
                for number, signature in self._waiting.items()
                if (landed := self._chain.landed.get(signature)) is not None
            ]
        told = []
        for number, landed in found:
            del self._waiting[number]
            status = render.status(landed)
            value = {"err": None if status is None else status["err"]}
            result = {"context": {"slot": landed.slot}, "value": value}
            params = {"result": result, "subscription": number}
            told.append({"jsonrpc": "2.0", "method": "signatureNotification", "params": params})
        return told

    def _call(self, name: str, values: object) -> int | bool:
        params = Params(values, self._chain.svm.slot)
        if name == "signatureSubscribe":
            params.options(1)
            if len(self._waiting) == _SUBSCRIPTIONS_MAX:
                raise RpcError(INVALID_PARAMS, f"a connection has up to {_SUBSCRIPTIONS_MAX} subscriptions")
            self._numbers += 1
            self._waiting[self._numbers] = params.signature(0)
            return self._numbers
        if name == "signatureUnsubscribe":
            return self._waiting.pop(params.number(0, "the subscription"), None) is not None
        raise RpcError(NO_SUCH_METHOD, "Method not found")


class _Frames:
    """Whole text messages over a socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._held = bytearray()

    def receive(self) -> bytes | None:
        """Return the next text message, None when none came in a moment. Raises _Ended."""
        frame = self._take()
        if frame is None:
            try:
                more = self._connection.recv(_RECEIVE_BYTES)
            except TimeoutError:
                return None
            if not more:
                raise _Ended(None)
            self._held += more
            frame = self._take()
        if frame is None:
            return None
        kind, payload = frame
        if kind == _CLOSE:
            raise _Ended(_NORMAL)
        if kind == _PING:
            self._write(_PONG, payload)
        elif kind == _TEXT:
            return payload
        elif kind != _PONG:
            raise _Ended(_UNSUPPORTED)
        return None

    def send(self, document: dict[str, Any]) -> None:
        """Send one message."""
        self._write(_TEXT, json.dumps(document, separators=(",", ":")).encode())

    def close(self, code: int | None) -> None:
        """Say why the connection ends, where there is somebody to hear it."""
        if code is not None:
            try:
                self._write(_CLOSE, code.to_bytes(2, "big"))
            except OSError:
                return

    def _take(self) -> tuple[int, bytes] | None:
        """Take one frame off what was received, None while it is not whole. Raises _Ended for what is no such frame."""
        held = self._held
        if len(held) < 2:
            return None
        kind, length, at = held[0] & 0x0F, held[1] & 0x7F, 2
        if not held[1] & _MASKED or held[0] & 0x70:
            raise _Ended(_PROTOCOL_ERROR)
        if not held[0] & _FIN:
            raise _Ended(_UNSUPPORTED)
        if length == _LENGTH_64:
            raise _Ended(_TOO_BIG)
        if length == _LENGTH_16:
            if len(held) < 4:
                return None
            length, at = int.from_bytes(held[2:4], "big"), 4
        end = at + _MASK_BYTES + length
        if len(held) < end:
            return None
        mask = held[at : at + _MASK_BYTES]
        payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(held[at + _MASK_BYTES : end]))
        del held[:end]
        return kind, payload

    def _write(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        head = bytes([size]) if size < _LENGTH_16 else bytes([_LENGTH_16]) + size.to_bytes(2, "big")
        self._connection.sendall(bytes([_FIN | kind]) + head + payload)


def _error(number: object, error: RpcError) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "error": error.to_json(), "id": number}
