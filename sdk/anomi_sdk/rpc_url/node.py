"""One JSON-RPC question to one node: bounded in time, in size and in attempts, and strict about the envelope."""

from __future__ import annotations

import base64
import itertools
import json
import urllib.request
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote, unquote_to_bytes

import httpx

from anomi_sdk.rpc_url.errors import ClusterUnreachableError, ClusterUrlError, NodeAnswerError, RpcRefusedError

__all__ = ["ANSWER_BYTES_MAX", "ATTEMPTS", "Node"]

ANSWER_BYTES_MAX: Final = 64 * 1024 * 1024
"""Four of the largest accounts (10 MiB) in base64; a listing of ours is far below."""

ATTEMPTS: Final = 5
"""So often a question that changes nothing is asked before the node counts as unreachable."""

_BACK_OFF_S: Final = 0.25
_RETRY_AFTER_MAX_S: Final = 10
_CONNECT_S: Final = 5.0
_SECRET_CHARACTERS_MIN: Final = 6
_QUOTED_CHARACTERS_MAX: Final = 200

_BUSY_CODES: Final = frozenset({-32004, -32005, -32014, -32016, -32429, 429, -32603})
"""Not available yet, behind, not available yet, behind the asked-for slot, too many requests, again, internal error."""

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class _BusyError(Exception):
    """The same question may be answered in a moment; `final` is what to raise when it never is."""

    def __init__(self, final: ClusterUnreachableError | RpcRefusedError, retry_after_s: float = 0) -> None:
        super().__init__(str(final))
        self.final = final
        self.retry_after_s = retry_after_s


class Node:
    """A node by its URL, of which only scheme, host and port are ever shown: keys stand in the rest.

    httpx's transport is used without httpx's client: the client writes whole URLs to the log, and would follow
    redirects and send cookies if asked. Proxies of the environment are used, but never towards this machine.
    """

    def __init__(
        self, url: str, *, timeout_s: float, sleep: Callable[[float], None], monotonic: Callable[[], float]
    ) -> None:
        """Check the URL; connect to nothing yet. Raises ClusterUrlError."""
        self._url = _parsed(url)
        self.name = f"{self._url.scheme}://{self._url.netloc.decode('ascii')}"
        self._secrets = _secrets(self._url)
        self._timeout_s = timeout_s
        self._sleep = sleep
        self._monotonic = monotonic
        self._ids = itertools.count(1)
        proxy = None
        if self._url.host not in _LOOPBACK and not urllib.request.proxy_bypass(self._url.host):
            proxy = urllib.request.getproxies().get(self._url.scheme)
        self._transport = httpx.HTTPTransport(proxy=proxy)

    def __repr__(self) -> str:
        return f"Node({self.name})"

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def ask(self, method: str, params: list[Any]) -> Any:
        """Return the result of a question that changes nothing, asking again while the node is busy.

        Raises ClusterUnreachableError, RpcRefusedError, NodeAnswerError.
        """
        began = self._monotonic()
        for attempt in itertools.count(1):
            try:
                return self._ask(method, params)
            except _BusyError as busy:
                wait_s = max(_BACK_OFF_S * 2 ** (attempt - 1), busy.retry_after_s)
                spent_s = self._monotonic() - began
                if attempt == ATTEMPTS or spent_s + wait_s > 2 * self._timeout_s:
                    raise busy.final from None
                self._sleep(wait_s)
        raise AssertionError("unreachable: the loop counts without end")

    def ask_once(self, method: str, params: list[Any]) -> Any:
        """Return the result of one attempt. Raises as `ask`; ClusterUnreachableError for a busy node too."""
        try:
            return self._ask(method, params)
        except _BusyError as busy:
            if isinstance(busy.final, ClusterUnreachableError):
                raise busy.final from None
            raise ClusterUnreachableError(str(busy.final)) from None

    def _ask(self, method: str, params: list[Any]) -> Any:
        number = next(self._ids)
        body = json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode()
        text = self._post(method, body)
        try:
            answer = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise NodeAnswerError(f"{self.name} answered {method} with something that is not JSON") from None
        if not isinstance(answer, dict) or answer.get("jsonrpc") != "2.0":
            raise NodeAnswerError(f"{self.name} answered {method} with something that is not JSON-RPC 2.0")
        error = answer.get("error")
        if error is not None:
            raise self._refusal(method, error)
        if type(answer.get("id")) is not int or answer["id"] != number:
            raise NodeAnswerError(f"{self.name} answered {method} with the answer to another question")
        if "result" not in answer:
            raise NodeAnswerError(f"{self.name} answered {method} without a result")
        return answer["result"]

    def _post(self, method: str, body: bytes) -> bytes:
        # identity: a compressed answer could be a thousand times as large as what came over the wire.
        headers = {"content-type": "application/json", "accept-encoding": "identity", "user-agent": "anomi"}
        if self._url.userinfo:
            headers["authorization"] = "Basic " + base64.b64encode(unquote_to_bytes(self._url.userinfo)).decode()
        times = httpx.Timeout(self._timeout_s, connect=min(_CONNECT_S, self._timeout_s)).as_dict()
        request = httpx.Request("POST", self._url, headers=headers, content=body, extensions={"timeout": times})
        deadline_s = self._monotonic() + self._timeout_s
        try:
            response = self._transport.handle_request(request)
            try:
                self._require_ok(method, response)
                return self._body(method, response, deadline_s)
            finally:
                response.close()
        except httpx.TimeoutException:
            raise self._busy(f"did not answer {method} within {self._timeout_s:g} s") from None
        except httpx.TransportError as error:
            # The class says what happened; the text of some of them holds addresses and paths.
            raise self._busy(f"cannot be reached for {method} ({type(error).__name__})") from None

    def _require_ok(self, method: str, response: httpx.Response) -> None:
        status = response.status_code
        if status == httpx.codes.OK:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise NodeAnswerError(f"{self.name} answered {method} compressed, which was not asked for")
            return
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise self._busy(f"answered {method} with HTTP {status}", _retry_after_s(response))
        if response.has_redirect_location:
            raise NodeAnswerError(
                f"{self.name} answered {method} with a redirect, which is not followed", hint="give the final URL"
            )
        raise RpcRefusedError(
            f"{self.name} refused {method} with HTTP {status}", code=None, hint="are the URL and its key right?"
        )

    def _body(self, method: str, response: httpx.Response, deadline_s: float) -> bytes:
        chunks, size = [], 0
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > ANSWER_BYTES_MAX:
                raise NodeAnswerError(f"{self.name} answered {method} with more than {ANSWER_BYTES_MAX:,} bytes")
            if self._monotonic() > deadline_s:
                raise self._busy(f"did not finish its answer to {method} within {self._timeout_s:g} s")
            chunks.append(chunk)
        return b"".join(chunks)

    def _busy(self, what: str, retry_after_s: float = 0) -> _BusyError:
        return _BusyError(ClusterUnreachableError(f"{self.name} {what}", hint="is the node up?"), retry_after_s)

    def _refusal(self, method: str, error: object) -> Exception:
        code, message = (error.get("code"), error.get("message")) if isinstance(error, dict) else (None, None)
        if type(code) is not int or not isinstance(message, str):
            return NodeAnswerError(f"{self.name} answered {method} with an error without code or message")
        refusal = RpcRefusedError(f"{self.name} refused {method}: {self._quoted(message)} ({code})", code=code)
        return _BusyError(refusal) if code in _BUSY_CODES else refusal

    def _quoted(self, text: str) -> str:
        """Return what a node said: printable, short, and without the key that it may have repeated."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return "".join(sign if sign.isprintable() else " " for sign in text[:_QUOTED_CHARACTERS_MAX])


def _parsed(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
        known = parsed.scheme in ("http", "https") and bool(parsed.host) and not parsed.fragment
    except (httpx.InvalidURL, TypeError, ValueError):
        known = False
    if not known:
        raise ClusterUrlError(
            "the URL of a node starts with http:// or https:// and names a host", hint="such as http://127.0.0.1:8899"
        )
    return parsed


def _secrets(url: httpx.URL) -> list[str]:
    pieces = [*url.path.split("/"), *(value for _, value in url.params.multi_items())]
    pieces += [unquote(url.username), unquote(url.password)]
    return sorted((piece for piece in pieces if len(piece) >= _SECRET_CHARACTERS_MIN), key=len, reverse=True)


def _retry_after_s(response: httpx.Response) -> float:
    """Return the seconds that a node asks to be left alone for, as far as they are reasonable."""
    text = response.headers.get("retry-after", "")
    return min(int(text), _RETRY_AFTER_MAX_S) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
