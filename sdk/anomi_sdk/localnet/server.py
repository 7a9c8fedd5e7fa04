"""The HTTP side: JSON-RPC 2.0 over POST on 127.0.0.1, one question at a time; and the door to WebSockets."""

from __future__ import annotations

import contextlib
import errno
import json
import socket
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

from anomi_core.errors import UsageError
from anomi_sdk.localnet.chain import Chain
from anomi_sdk.localnet.errors import INTERNAL_ERROR, INVALID_REQUEST, PARSE_ERROR, RpcError
from anomi_sdk.localnet.methods import call
from anomi_sdk.localnet.websocket import accept_key, serve
from anomi_sdk.svm import EmbeddedSvm

__all__ = ["Localnet", "PortTakenError"]

_HOST: Final = "127.0.0.1"
_REQUEST_BYTES_MAX: Final = 1024 * 1024
_BATCH_MAX: Final = 100
_IDLE_S: Final = 60
_PORT_MAX: Final = 65_535
_PORT_PAIRS_TRIED: Final = 20


class PortTakenError(UsageError):
    """A port that another program listens on, or that this user may not listen on."""


class Localnet:
    """An `EmbeddedSvm` behind a URL on this machine, from `with` until the end of its block.

    For tests and development: everybody on the machine can take lamports from its faucet and move its clock, and
    what it holds is gone when it stops. While it runs, `svm` must not be used from elsewhere.
    """

    def __init__(self, svm: EmbeddedSvm, *, port: int = 0, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Take the port, any free one for 0, and the next, where clients look for WebSockets. Raises PortTakenError."""
        if not 0 <= port <= _PORT_MAX:
            raise UsageError(f"a port is in 0..{_PORT_MAX}, not {port}")
        self._servers = _pair(port, Chain(svm, monotonic=monotonic))
        self._threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}) for server in self._servers
        ]

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{_HOST}:{self._servers[0].server_address[1]}"

    @property
    def websocket_url(self) -> str:
        """Where it tells of transactions: one port on, which is where clients look when they know `url` alone."""
        return f"ws://{_HOST}:{self._servers[1].server_address[1]}"

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()


def _pair(port: int, chain: Chain) -> tuple[_Server, _Server]:
    """Return servers on a port and the next, over one chain; for port 0 another pair is tried while one is taken."""
    lock = threading.Lock()
    for attempt in range(_PORT_PAIRS_TRIED):
        first = _listening(port, chain, lock)
        following = first.server_address[1] + 1
        try:
            return first, _listening(following, chain, lock)
        except PortTakenError:
            first.server_close()
            if port != 0 or attempt == _PORT_PAIRS_TRIED - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def _listening(port: int, chain: Chain, lock: threading.Lock) -> _Server:
    try:
        return _Server(port, chain, lock)
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "taken by another program" if taken else str(getattr(error, "strerror", "no port")).lower()
        raise PortTakenError(f"port {port} of {_HOST} is {why}", hint="choose another with --port") from None


class _Server(ThreadingHTTPServer):
    """Keeps its connections, to end them when it stops: clients hold them open."""

    daemon_threads = False  # so that server_close waits for the threads
    allow_reuse_address = True

    def __init__(self, port: int, chain: Chain, lock: threading.Lock) -> None:
        self.chain = chain
        self.lock = lock
        self._open: set[socket.socket] = set()
        super().__init__((_HOST, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):  # when its client was faster
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away in the middle of its question."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_S
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer health checks, and let WebSockets in."""
        key = self.headers.get("sec-websocket-key")
        if key is not None and self.headers.get("upgrade", "").lower() == "websocket":
            self.close_connection = True  # when it ends, nothing else is said on it
            self.send_response(HTTPStatus.SWITCHING_PROTOCOLS)
            self.send_header("upgrade", "websocket")
            self.send_header("connection", "Upgrade")
            self.send_header("sec-websocket-accept", accept_key(key))
            self.end_headers()
            serve(self.connection, self.server.chain, self.server.lock)
        elif self.path == "/health":
            self._reply(HTTPStatus.OK, b"ok", "text/plain")
        else:
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)

    def do_POST(self) -> None:
        """Answer one JSON-RPC request, or a list of them."""
        length = self.headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()) or len(length) > 10:
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif int(length) > _REQUEST_BYTES_MAX:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            answer = self._answer(self.rfile.read(int(length)))
            self._reply(HTTPStatus.OK, json.dumps(answer, separators=(",", ":")).encode(), "application/json")

    def log_message(self, format: str, *args: Any) -> None:
        """Write no log."""

    def _answer(self, body: bytes) -> object:
        try:
            request = json.loads(body)
        except (ValueError, RecursionError):
            return _error(None, RpcError(PARSE_ERROR, "Parse error"))
        if not isinstance(request, list):
            return self._one(request)
        if not 0 < len(request) <= _BATCH_MAX:
            return _error(None, RpcError(INVALID_REQUEST, f"a batch has 1..{_BATCH_MAX} requests"))
        return [self._one(entry) for entry in request]

    def _one(self, request: object) -> object:
        name = request.get("method") if isinstance(request, dict) else None
        number = request.get("id") if isinstance(request, dict) else None
        if not isinstance(request, dict) or request.get("jsonrpc") != "2.0" or not isinstance(name, str):
            return _error(number, RpcError(INVALID_REQUEST, "Invalid request"))
        try:
            with self.server.lock:
                return {"jsonrpc": "2.0", "result": call(self.server.chain, name, request.get("params")), "id": number}
        except RpcError as error:
            return _error(number, error)
        except BaseException as error:
            # A Rust panic in the runtime is no Exception; either way the next question deserves its answer.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            return _error(number, RpcError(INTERNAL_ERROR, f"internal error ({type(error).__name__})"))

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True  # what else the client sent is not looked at
        self._reply(status, status.phrase.encode(), "text/plain")

    def _reply(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body)


def _error(number: object, error: RpcError) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "error": error.to_json(), "id": number}
