"""What a node answers instead of a result."""

from __future__ import annotations

from typing import Any, Final

__all__ = [
    "INTERNAL_ERROR",
    "INVALID_PARAMS",
    "INVALID_REQUEST",
    "MIN_CONTEXT_SLOT_NOT_REACHED",
    "NO_SUCH_METHOD",
    "PARSE_ERROR",
    "PREFLIGHT_FAILURE",
    "SIGNATURE_FAILURE",
    "UNSUPPORTED_VERSION",
    "RpcError",
]

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
NO_SUCH_METHOD: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
PREFLIGHT_FAILURE: Final = -32002
SIGNATURE_FAILURE: Final = -32003
UNSUPPORTED_VERSION: Final = -32015
MIN_CONTEXT_SLOT_NOT_REACHED: Final = -32016


class RpcError(Exception):
    """A refusal, with the code that agave gives it (`RpcCustomError` of agave's rpc-client-api)."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        """`data` goes along when there is any."""
        super().__init__(message)
        self.code = code
        self.data = data

    def to_json(self) -> dict[str, Any]:
        """Return the `error` of an answer."""
        return {"code": self.code, "message": str(self)} | ({} if self.data is None else {"data": self.data})
