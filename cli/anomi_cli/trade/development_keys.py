"""Keys under which anybody can forge proofs stay on this machine: development keys, and keys for measuring."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from anomi_cli.key_file import Origin, origin_of
from anomi_core.errors import RefusedError
from anomi_core.groth16.solana import verifying_key_from_body
from anomi_sdk.generated.market import Terms
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.terms import TermsDraft
from anomi_sdk.verifier_client import fetch_key

__all__ = ["DevelopmentKeyError", "is_local", "refuse_development_keys"]


class DevelopmentKeyError(RefusedError):
    """A market on another machine's cluster takes proofs under a development key: anybody can forge them."""


def is_local(url: str) -> bool:
    """Tell whether a node's URL points to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_development_keys(rpc: Rpc, url: str, terms: Terms | TermsDraft) -> None:
    """Raise DevelopmentKeyError when the terms name a key that anybody can forge under and the node is not local.

    The keys are read from the chain, and known by their points. Raises what `fetch_key` does, too.
    """
    if is_local(url):
        return
    for circuit, address in (("solvency", terms.solvency_key), ("payment", terms.payment_key)):
        origin = origin_of(verifying_key_from_body(fetch_key(rpc, address).body))
        if origin in (Origin.DEVELOPMENT, Origin.TRAPDOOR):
            raise DevelopmentKeyError(
                f"the market's {circuit} key is {origin.value}",
                hint="such keys are for local clusters only; nothing was sent",
            )
