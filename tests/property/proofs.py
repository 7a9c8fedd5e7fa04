"""Proofs of any statement, by a known trapdoor; the real verifier checks every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from solders.pubkey import Pubkey

from anomi_core.groth16.solana import proof_to_bytes
from anomi_core.statements import PaymentStatement, SolvencyStatement
from tests.programs.market.world import measuring_key
from tests.property.model.ledger import Ledger

__all__ = ["prove"]


def prove(
    ledger: Ledger, keys: Mapping[str, Pubkey], name: str, statement: SolvencyStatement | PaymentStatement, seed: int
) -> bytes:
    """A proof of the statement under the key of this name; another seed gives another proof of the same."""
    proof = _proof(name, statement.stmt(), seed)
    ledger.proofs[proof] = (keys[name], statement)
    return proof


@lru_cache(maxsize=4096)
def _proof(name: str, stmt: int, seed: int) -> bytes:
    return proof_to_bytes(measuring_key(name).prove([stmt], f"property {seed}"))
