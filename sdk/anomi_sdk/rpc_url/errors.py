"""What can go wrong between a client and a node. None of it says anything about the transaction itself."""

from __future__ import annotations

from anomi_core.errors import MissingToolError, RefusedError, UnreadableInputError, UsageError

__all__ = [
    "ClusterUnreachableError",
    "ClusterUrlError",
    "NodeAnswerError",
    "OutcomeUnknownError",
    "RpcRefusedError",
]


class ClusterUrlError(UsageError):
    """A URL that is not the http(s) address of a node."""


class ClusterUnreachableError(MissingToolError):
    """No usable answer came: no connection, a time-out, an overloaded node, one that lags behind."""


class OutcomeUnknownError(ClusterUnreachableError):
    """A transaction was sent and the cluster was lost sight of before it was confirmed or expired.

    It may go through yet: look it up by `signature`, or hand the same one to `anomi_sdk.rpc.recall_or_send`.
    """

    def __init__(self, message: str, *, signature: str) -> None:
        """Keep the signature (base58) beside the sentence."""
        super().__init__(message, hint="it may have gone through: ask for it again before building another")
        self.signature = signature


class NodeAnswerError(UnreadableInputError):
    """An answer that is not what the JSON-RPC interface promises: not JSON, too long, a field missing or wrong."""


class RpcRefusedError(RefusedError):
    """A node understood the question and refused it; `code` is its JSON-RPC error code, None for an HTTP status."""

    def __init__(self, message: str, *, code: int | None, hint: str | None = None) -> None:
        """Keep the code beside the sentence."""
        super().__init__(message, hint=hint)
        self.code = code
