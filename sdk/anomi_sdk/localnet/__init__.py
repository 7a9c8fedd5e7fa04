"""A cluster of one process for tests and development: the embedded runtime served as JSON-RPC on 127.0.0.1."""

from anomi_sdk.localnet.server import Localnet, PortTakenError

__all__ = ["Localnet", "PortTakenError"]
