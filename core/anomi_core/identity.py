"""Identities, pseudonyms, payee commitments, nullifiers and domains, as functions of field elements.

Every hash starts with its tag (spec/tags.toml). Secrets are drawn by `draw_secret`; nothing here stores or
prints one.
"""

from __future__ import annotations

from collections.abc import Callable

from anomi_core.field import split_key
from anomi_core.poseidon import poseidon
from anomi_core.spec import (
    ID_SECRET_BITS,
    TAG_DEPLOYMENT,
    TAG_ID,
    TAG_IDC,
    TAG_LINE,
    TAG_NF,
    TAG_PAYEE,
    TAG_PAYEE_KEY,
)

__all__ = [
    "deployment_id",
    "domain",
    "draw_secret",
    "h",
    "idc",
    "line_id",
    "nullifier",
    "payee_commit",
    "payee_key",
]


def draw_secret(randbits: Callable[[int], int]) -> int:
    """Return a fresh 248-bit secret (id_secret, payee_secret, payee_salt, nonce); pass `secrets.randbits`.

    248 bits are always a canonical field element, without rejection or bias.
    """
    return randbits(ID_SECRET_BITS)


def h(id_secret: int, rail: int, payer_account: int) -> int:
    """Return what an attestor is given beside the account: it hides id_secret and is bound to one account."""
    return poseidon([TAG_ID, id_secret, rail, payer_account])


def idc(h: int, rail: int, payer_account: int) -> int:
    """Return the identity commitment that an attestor computes itself and signs about."""
    return poseidon([TAG_IDC, h, rail, payer_account])


def line_id(id_secret: int, idc: int, deployment: int) -> int:
    """Return the public, stable pseudonym of an account in one deployment; attestors cannot compute it."""
    return poseidon([TAG_LINE, id_secret, idc, deployment])


def payee_key(rail: int, payee_account: int, payee_secret: int) -> int:
    """Return the seller's handle of one account, fixed for all asks."""
    return poseidon([TAG_PAYEE_KEY, rail, payee_account, payee_secret])


def payee_commit(payee_key: int, payee_salt: int) -> int:
    """Return one ask's commitment to the account to be paid; a fresh salt per ask keeps asks unlinkable."""
    return poseidon([TAG_PAYEE, payee_key, payee_salt])


def nullifier(rail: int, txid: int, payee_key: int) -> int:
    """Return the name of one transfer: the same for every receipt, attestor set and proof of it."""
    return poseidon([TAG_NF, rail, txid, payee_key])


def deployment_id(genesis: bytes, market_program: bytes) -> int:
    """Return the name of a market program (its 32-byte id) on one cluster (its 32-byte genesis hash).

    Raises KeyLengthError.
    """
    return poseidon([TAG_DEPLOYMENT, *split_key(genesis), *split_key(market_program)])


def domain(tag: int, deployment: int, rail: int, market: bytes) -> int:
    """Return the domain of a statement kind (TAG_SOLVENCY or TAG_PAYMENT) in one market (32-byte address).

    Raises KeyLengthError, NotCanonicalError.
    """
    return poseidon([tag, deployment, rail, *split_key(market)])
