"""Development proving keys stay on this machine: whoever reads the published text behind them can forge proofs."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from solders.pubkey import Pubkey

from anomi_cli.project import ArtifactMissingError, circuit_artifacts
from anomi_core.errors import RefusedError
from anomi_core.groth16.solana import verifying_key_body, verifying_key_body_hash
from anomi_prover.keys import read_zkey_verifying_key
from anomi_prover.setup_key import DEVELOPMENT_KEY_KIND
from anomi_sdk.generated.groth16_verifier import verifying_key_address
from anomi_sdk.generated.market import Terms
from anomi_sdk.trade.terms import TermsDraft

__all__ = ["DevelopmentKeyError", "is_local", "refuse_development_keys"]

_CIRCUITS = ("solvency", "payment")


class DevelopmentKeyError(RefusedError):
    """A market on another machine's cluster takes proofs under a development key: anybody can forge them."""


def is_local(url: str) -> bool:
    """Tell whether a node's URL points to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_development_keys(url: str, terms: Terms | TermsDraft) -> None:
    """Raise DevelopmentKeyError when the terms name a development key of this installation and the node is not local.

    An installation whose set-up never ran has no development keys to compare with.
    """
    if is_local(url):
        return
    for circuit, address in zip(_CIRCUITS, (terms.solvency_key, terms.payment_key), strict=True):
        if address == _development_key_address(circuit):
            raise DevelopmentKeyError(
                f"the market's {circuit} key is the development key: anybody can forge a proof under it",
                hint="development keys are for local clusters only; nothing was sent",
            )


def _development_key_address(circuit: str) -> Pubkey | None:
    try:
        artifacts = circuit_artifacts(circuit)
    except ArtifactMissingError:
        return None
    if artifacts.manifest.get("kind") != DEVELOPMENT_KEY_KIND:
        return None
    key = read_zkey_verifying_key(artifacts.zkey)
    return verifying_key_address(verifying_key_body_hash(verifying_key_body(key)))
