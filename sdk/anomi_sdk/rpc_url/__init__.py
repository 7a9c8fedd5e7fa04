"""A cluster behind a JSON-RPC URL: `RpcUrl` is an `anomi_sdk.rpc.Rpc`."""

from anomi_sdk.rpc_url.client import COMMITMENTS, RpcUrl
from anomi_sdk.rpc_url.errors import (
    ClusterUnreachableError,
    ClusterUrlError,
    NodeAnswerError,
    OutcomeUnknownError,
    RpcRefusedError,
)

__all__ = [
    "COMMITMENTS",
    "ClusterUnreachableError",
    "ClusterUrlError",
    "NodeAnswerError",
    "OutcomeUnknownError",
    "RpcRefusedError",
    "RpcUrl",
]
