"""The stage: a bank ledger, three attestors, the people, and what everybody owns."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_cli.adapters.attestors import AttestorQuorum
from anomi_cli.demo.chain import Chain
from anomi_cli.demo.clock import DemoClock
from anomi_cli.demo.report import Balances
from anomi_core import identity
from anomi_core.rails import Rail, rail_by_name
from anomi_core.registry import AttestorSet
from anomi_sdk.generated import market as market_program
from anomi_sdk.trade.vault import Identity, KdfCost, Vault, create_vault
from anomi_services.attestor.attestor import Attestor
from anomi_services.attestor.ledger import BankLedger, Transfer

__all__ = ["ALI_ATOMS", "DEPTH", "NEEDED", "Person", "World"]

NEEDED: Final = 2
ATTESTORS: Final = 3
DEPTH: Final = 2
ALI_ATOMS: Final = 300_000_000
TXID_FIRST: Final = 40_000_000_000

VAULT_COST: Final = KdfCost(passes=1, memory_bytes=64 << 20)
"""Less than a real vault's: these are deleted when the demo ends."""


@dataclass(frozen=True)
class Person:
    """Somebody with a bank account, a wallet and a vault. `account` is the canonical text of what he types."""

    name: str
    typed_account: str = field(repr=False)
    account: str = field(repr=False)
    password: str = field(repr=False)
    wallet: Keypair = field(repr=False)
    vault: Vault = field(repr=False)
    folder: Path

    @property
    def address(self) -> Pubkey:
        """The wallet's address."""
        return self.wallet.pubkey()

    @property
    def identity(self) -> Identity:
        """The unlocked identity."""
        return self.vault.identity


class World:
    """Everything the trade happens in; its files live in `folder`."""

    def __init__(self, folder: Path, clock: DemoClock, chain: Chain) -> None:
        """Open the bank, fund three people, and seat three attestors, of which any two must agree."""
        self.clock = clock
        self.chain = chain
        clock.on_change = chain.svm.set_unix_time
        self.rail: Rail = rail_by_name("easypaisa")
        self.deployment = identity.deployment_id(chain.svm.genesis_hash(), bytes(market_program.PROGRAM_ID))
        self.ledger = BankLedger(folder / "bank.sqlite3")
        self._folder = folder
        self._people: list[Person] = []
        self._transfers = 0
        self.ali = self._person("Ali", "0345-7654321", 120_000)
        self.farzan = self._person("Farzan", "0300 1234567", 10_000_000)
        self.bilal = self._person("Bilal", "+92 333 2223334", 2_000_000)
        self.treasury, self.delegate = chain.wallet("the treasury"), chain.wallet("Ali's delegate")
        chain.issue([(self.ali.address, ALI_ATOMS)])
        self.attestors = [
            Attestor(
                secrets.token_bytes(32),
                ledger=self.ledger,
                rail=self.rail,
                deployments=frozenset({self.deployment}),
                clock=clock,
                state=folder / f"attestor-{index}.sqlite3",
            )
            for index in range(ATTESTORS)
        ]
        self.attestor_set = AttestorSet(tuple(attestor.key for attestor in self.attestors), k=NEEDED, depth=DEPTH)
        passwords = {person.account: person.password for person in self._people}
        self.quorum = AttestorQuorum(self.attestors, passwords.__getitem__)

    def close(self) -> None:
        """Close the databases."""
        for attestor in self.attestors:
            attestor.close()
        self.ledger.close()

    def money(self, minor_units: int) -> str:
        """Return an amount of fiat money as people write it, for example 28,500.00 PKR."""
        whole, rest = divmod(minor_units, 10**self.rail.exponent)
        return f"{whole:,}.{rest:0{self.rail.exponent}} {self.rail.currency}"

    def pay(self, payer: Person, payee: Person, amount_minor_units: int) -> Transfer:
        """Transfer money at the bank, now."""
        self._transfers += 1
        txid = self.rail.canonical_txid(str(TXID_FIRST + self._transfers))
        return self.ledger.transfer(txid, payer.account, payee.account, amount_minor_units, self.clock.unix_time_s())

    def balances(self) -> Balances:
        """Return who holds how much; both totals are added up over all accounts there are."""
        chain, bank = self.chain, self.ledger.balance_minor_units
        ali, farzan, bilal = (chain.balance_atoms(person.address) for person in self._people)
        treasury = chain.balance_atoms(self.treasury.pubkey())
        total = sum(chain.token_accounts().values())
        return Balances(
            ali_atoms=ali,
            vaults_atoms=self._vaults_atoms(),
            farzan_atoms=farzan,
            bilal_atoms=bilal,
            treasury_atoms=treasury,
            total_atoms=total,
            ali_minor_units=bank(self.ali.account),
            farzan_minor_units=bank(self.farzan.account),
            bilal_minor_units=bank(self.bilal.account),
            total_minor_units=self.ledger.total_minor_units(),
        )

    def _vaults_atoms(self) -> int:
        asks = self.chain.svm.program_accounts(market_program.PROGRAM_ID, data_bytes=market_program.Ask.size())
        held = self.chain.token_accounts()
        return sum(held.get(market_program.vault_address(address), 0) for address, _ in asks)

    def _person(self, name: str, typed_account: str, balance_minor_units: int) -> Person:
        folder = self._folder / name.lower()
        folder.mkdir(mode=0o700)
        account = self.rail.canonical_account(typed_account)
        password = secrets.token_urlsafe(12)
        self.ledger.open_account(account, name, password, balance_minor_units)
        passphrase = secrets.token_bytes(32)
        drawn = int.from_bytes(hashlib.sha256(f"anomi demo: identity of {name}".encode()).digest(), "big")
        vault = create_vault(
            folder / "vault.json", lambda: passphrase, randbits=lambda bits: drawn % (1 << bits), cost=VAULT_COST
        )
        person = Person(name, typed_account, account, password, self.chain.wallet(name), vault, folder)
        self._people.append(person)
        return person
