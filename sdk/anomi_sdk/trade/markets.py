"""A market as the chain has it, believed only as far as it can be recomputed.

A node that lies can hide accounts, but not make a client prove for a foreign deployment, foreign attestors or a foreign
verifying key: all of these are worked out here again, from the cluster's genesis hash, the attestors' keys and the keys
that the prover has at hand.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from solders.pubkey import Pubkey

from anomi_core import identity
from anomi_core.eddsa import PublicKey
from anomi_core.errors import RefusedError
from anomi_core.rails import Rail
from anomi_core.registry import AttestorSet
from anomi_core.spec import TAG_PAYMENT, TAG_SOLVENCY
from anomi_sdk.generated import groth16_verifier as verifier_program
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated.groth16_verifier import VerifyingKey
from anomi_sdk.generated.market import Book, Config, Market, Terms
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.book import OpenAsk, read_book

__all__ = [
    "AttestorRootMismatchError",
    "DeploymentMismatchError",
    "DomainMismatchError",
    "MarketClosedError",
    "MarketRef",
    "MarketView",
    "TermsMismatchError",
    "TermsView",
    "VerifyingKeyForeignError",
    "field_bytes",
    "read_asks",
    "read_current_terms",
    "read_market",
    "read_terms",
    "require_local_key",
]

_FIELD_BYTES: Final = 32


class DeploymentMismatchError(RefusedError):
    """The config was made for another cluster, or its deployment is not the one of this cluster and this program."""


class DomainMismatchError(RefusedError):
    """A market's mint, rail, book or domains are not those of its address."""


class TermsMismatchError(RefusedError):
    """Terms do not belong to the market and version of their address."""


class AttestorRootMismatchError(RefusedError):
    """The root in the terms is not that of the attestors' keys in them."""


class VerifyingKeyForeignError(RefusedError):
    """The terms name another verifying key than the prover's: a proof made here would never be accepted."""


class MarketClosedError(RefusedError):
    """A market takes no bids or asks now: it is paused, has no terms yet, or its terms are revoked."""


@dataclass(frozen=True)
class MarketRef:
    """Which market: an SPL token against a rail."""

    base_mint: Pubkey
    rail: Rail

    @property
    def address(self) -> Pubkey:
        """Its account."""
        return market_program.market_address(self.base_mint, field_bytes(self.rail.id()))


@dataclass(frozen=True)
class MarketView:
    """A market whose every number has been recomputed. `deployment` is a field element."""

    ref: MarketRef
    address: Pubkey
    deployment: int
    config: Config
    market: Market


@dataclass(frozen=True)
class TermsView:
    """Terms with the attestor set behind their root; `address` is their account."""

    address: Pubkey
    terms: Terms
    attestors: AttestorSet


def field_bytes(value: int) -> bytes:
    """Return a field element as the programs store it: 32 bytes, big-endian."""
    return value.to_bytes(_FIELD_BYTES, "big")


def read_market(rpc: Rpc, ref: MarketRef) -> MarketView:
    """Return the market. Raises the errors of `AccountLayout.read`, DeploymentMismatchError and DomainMismatchError."""
    address = ref.address
    config_account, market_account = rpc.accounts([market_program.config_address(), address])
    config = Config.read(config_account)
    market = Market.read(market_account)
    genesis = rpc.genesis_hash()
    deployment = identity.deployment_id(genesis, bytes(market_program.PROGRAM_ID))
    if config.genesis_hash != genesis or config.deployment != field_bytes(deployment):
        raise DeploymentMismatchError(
            f"the config names the deployment {config.deployment.hex()} on the cluster {config.genesis_hash.hex()};"
            f" this cluster is {genesis.hex()}, and the deployment on it {field_bytes(deployment).hex()}"
        )
    rail = ref.rail
    expected = {
        "base_mint": ref.base_mint,
        "rail": field_bytes(rail.id()),
        "provider_id": rail.provider_id,
        "iso4217_numeric": rail.iso4217_numeric,
        "exponent": rail.exponent,
        "book": market_program.book_address(address),
        "domain_solvency": field_bytes(identity.domain(TAG_SOLVENCY, deployment, rail.id(), bytes(address))),
        "domain_payment": field_bytes(identity.domain(TAG_PAYMENT, deployment, rail.id(), bytes(address))),
    }
    for name, value in expected.items():
        if getattr(market, name) != value:
            raise DomainMismatchError(f"the market {address} has another {name} than its address stands for")
    return MarketView(ref, address, deployment, config, market)


def read_terms(rpc: Rpc, market: Pubkey, version: int) -> TermsView:
    """Return one version of a market's terms.

    The attestor set is built anew, so that its quorum, its distinct keys and their subgroup, which the program cannot
    afford to check, are checked here: raises the errors of `AttestorSet` too, and AttestorRootMismatchError.
    """
    address = market_program.terms_address(market, version)
    terms = Terms.read(rpc.accounts([address])[0])
    if terms.market != market or terms.version != version:
        raise TermsMismatchError(f"the account {address} holds other terms than version {version} of {market}")
    keys = [PublicKey(int.from_bytes(key.x, "big"), int.from_bytes(key.y, "big")) for key in terms.attestor_keys]
    attestors = AttestorSet(tuple(keys[: terms.attestor_n]), k=terms.attestor_k, depth=terms.attestor_depth)
    if field_bytes(attestors.root) != terms.attestor_root:
        raise AttestorRootMismatchError(
            f"the terms {address} name the attestor root {terms.attestor_root.hex()},"
            f" their keys give {field_bytes(attestors.root).hex()}"
        )
    return TermsView(address, terms, attestors)


def read_current_terms(rpc: Rpc, view: MarketView) -> TermsView:
    """Return the terms under which the market takes bids and asks now. Raises MarketClosedError when it takes none."""
    if view.market.paused:
        raise MarketClosedError(f"the market {view.address} is paused: it takes no new asks or bids")
    if view.market.terms_version == 0:
        raise MarketClosedError(f"the market {view.address} has no terms yet")
    terms = read_terms(rpc, view.address, view.market.terms_version)
    if terms.terms.revoked_at_unix_s:
        raise MarketClosedError(f"the terms {terms.terms.version} of the market {view.address} are revoked")
    return terms


def read_asks(rpc: Rpc, view: MarketView) -> tuple[OpenAsk, ...]:
    """Return the market's open asks in price-time order. Raises BookCorruptError."""
    book = Book.read(rpc.accounts([view.market.book])[0])
    if book.market != view.address:
        raise DomainMismatchError(f"the book {view.market.book} belongs to another market")
    return read_book(book.slab)


def require_local_key(rpc: Rpc, address: Pubkey, local_hash: bytes, circuit: str) -> None:
    """Raise VerifyingKeyForeignError unless the key stored at `address` is the one that the prover proves for.

    A key's address is derived from the SHA-256 of its body, and the body is hashed here again.
    """
    body = VerifyingKey.read(rpc.accounts([address])[0]).body.encode()
    stored = hashlib.sha256(body).digest()
    if stored != local_hash or verifier_program.verifying_key_address(local_hash) != address:
        raise VerifyingKeyForeignError(
            f"the terms' {circuit} key is {stored.hex()}, the prover's is {local_hash.hex()}",
            hint="use the proving key that belongs to this deployment",
        )
