"""The stage: a bank ledger, three attestors, Farzan, Ali and Bilal, and the market they mean."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from anomi_core import identity
from anomi_core.rails import Rail, pack_text, rail_by_name
from anomi_core.registry import AttestorSet
from anomi_services.attestor.attestor import Attestor
from anomi_services.attestor.ledger import BankLedger

__all__ = ["Clock", "Person", "World"]

QUORUM = 2
DEPTH = 2
COUNTERFEIT_SECRET = hashlib.sha256(b"anomi demo: a key that no attestor set holds").digest()


@dataclass
class Clock:
    """The one clock of the demo: bank, attestors, client and chain all read it."""

    now_unix_s: int

    def __call__(self) -> int:
        """Return unix seconds."""
        return self.now_unix_s


@dataclass(frozen=True)
class Person:
    """Somebody with a bank account and an ANOMI identity."""

    name: str
    account: str
    password: str
    id_secret: int
    balance_minor_units: int

    def h(self, rail: int) -> int:
        """Return what an attestor is given beside the account."""
        return identity.h(self.id_secret, rail, pack_text(self.account))


class World:
    """Everything the trade happens in; its files live in `folder`."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Open the bank, fund three people, and seat three attestors, of which any two must agree."""
        self.clock = clock
        self.rail: Rail = rail_by_name("easypaisa")
        self.rail_id = self.rail.id()
        self.genesis_hash = hashlib.sha256(b"anomi demo cluster").digest()
        self.market_program = hashlib.sha256(b"anomi demo market program").digest()
        self.market = hashlib.sha256(b"anomi demo market USDC/PKR").digest()
        self.buyer_wallet = hashlib.sha256(b"anomi demo wallet of Farzan").digest()
        self.deployment = identity.deployment_id(self.genesis_hash, self.market_program)
        self.other_deployment = identity.deployment_id(self.genesis_hash, bytes(32))
        self.ledger = BankLedger(folder / "bank.sqlite3")
        self.farzan = self._person("Farzan", "0300 1234567", 5_000_000)
        self.ali = self._person("Ali", "0345-7654321", 120_000)
        self.bilal = self._person("Bilal", "+92 333 2223334", 9_000_000)
        self.payee_secret = identity.draw_secret(secrets.randbits)
        self.payee_salt = identity.draw_secret(secrets.randbits)
        self.attestors = {
            index: Attestor(
                secrets.token_bytes(32),
                ledger=self.ledger,
                rail=self.rail,
                deployments=frozenset({self.deployment, self.other_deployment}),
                clock=clock,
                state=folder / f"attestor-{index}.sqlite3",
            )
            for index in range(3)
        }
        self.attestor_set = AttestorSet(
            tuple(attestor.key for attestor in self.attestors.values()), k=QUORUM, depth=DEPTH
        )

    def close(self) -> None:
        """Close the databases."""
        for attestor in self.attestors.values():
            attestor.close()
        self.ledger.close()

    def money(self, minor_units: int) -> str:
        """Return an amount as people write it, for example 28,500.00 PKR."""
        whole, rest = divmod(minor_units, 10**self.rail.exponent)
        return f"{whole:,}.{rest:0{self.rail.exponent}} {self.rail.currency}"

    def _person(self, name: str, typed_account: str, balance_minor_units: int) -> Person:
        account = self.rail.canonical_account(typed_account)
        password = secrets.token_urlsafe(12)
        self.ledger.open_account(account, name, password, balance_minor_units)
        return Person(name, account, password, identity.draw_secret(secrets.randbits), balance_minor_units)
