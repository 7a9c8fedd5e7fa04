"""Nodes of a test's own: one that answers whatever it is told to, and a clock that stands still until slept on."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]


class FakeClock:
    """Time that passes by sleeping only."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.sleeps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now_s += seconds

    def monotonic(self) -> float:
        return self.now_s


class Reply:
    """An HTTP answer, byte for byte; `declared` replaces its true length in the header."""

    def __init__(
        self, body: bytes | str = b"", status: int = 200, *, declared: int | None = None, **headers: str
    ) -> None:
        self.body = body.encode() if isinstance(body, str) else body
        self.status = status
        self.declared = len(self.body) if declared is None else declared
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def result(request: Request, value: object) -> Reply:
    return Reply(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": value}))


def error(request: Request, code: object, message: object = "no", **more: object) -> Reply:
    said = {"code": code, "message": message, **more}
    return Reply(json.dumps({"jsonrpc": "2.0", "id": request["id"], "error": said}))


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self.answer = answer
        self.seen: list[Request] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is what some tests want."""

    @property
    def methods(self) -> list[str]:
        return [request["method"] for request in self.seen]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append(request)
        self.server.paths.append(self.path)
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        reply = self.server.answer(request)
        self.send_response(reply.status)
        self.send_header("content-length", str(reply.declared))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
        if reply.declared != len(reply.body):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


@contextlib.contextmanager
def node(answer: Callable[[Request], Reply]) -> Iterator[_Server]:
    """Serve what `answer` makes of each request."""
    server = _Server(answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def in_turn(*answers: Callable[[Request], Reply] | Reply) -> Callable[[Request], Reply]:
    """Give the answers one after the other, the last one for ever."""
    left = list(answers)

    def answer(request: Request) -> Reply:
        now = left.pop(0) if len(left) > 1 else left[0]
        return now if isinstance(now, Reply) else now(request)

    return answer
