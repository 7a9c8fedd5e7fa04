"""A development market in an embedded cluster: mint, config, market, terms, attestors, two people with money.

Everything that only a real market's governor, bank and attestors would hold lies in its folder.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from solders.compute_budget import set_compute_unit_limit
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_cli.adapters.prover import LocalProver
from anomi_cli.trade.founding import (
    DECIMALS,
    default_terms,
    found_config,
    initializer,
    issue_token,
    mint_to,
    open_market,
)
from anomi_cli.trade.market_folder import (
    Development,
    MarketFile,
    new_secret,
    open_bank,
    write_market_folder,
)
from anomi_core import eddsa
from anomi_core.rails import Rail, rail_by_name
from anomi_core.registry import AttestorSet
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.trade.markets import MarketRef
from anomi_sdk.transactions import build_transaction
from anomi_sdk.verifier_client import VerifierClient
from anomi_sdk.wallets import write_wallet

__all__ = ["PEOPLE", "Citizen", "make_development_market"]

RAIL: Final = "easypaisa"
SYMBOL: Final = "USDC"
ATTESTORS: Final = 3
NEEDED: Final = 2
DEPTH: Final = 2
LAMPORTS: Final = 10 * 10**9
COMPUTE_UNITS: Final = 400_000


@dataclass(frozen=True)
class Citizen:
    """Somebody with a wallet and a bank account in the development market."""

    name: str
    typed_account: str
    balance_minor_units: int
    base_atoms: int


PEOPLE: Final = (
    Citizen("ali", "0345-7654321", 120_000, 500 * 10**DECIMALS),
    Citizen("farzan", "0300-1234567", 20_000_000, 0),
)
"""A seller with 500 USDC and 1,200 PKR, and a buyer with 200,000 PKR."""


def make_development_market(svm: EmbeddedSvm, folder: Path, url: str) -> MarketFile:
    """Deploy a market into `svm`, where the programs are loaded, and write its folder, which is empty."""
    prover, rail = LocalProver(), rail_by_name(RAIL)
    governor, mint = Keypair(), Keypair()
    svm.airdrop(governor.pubkey(), LAMPORTS)
    ref = MarketRef(mint.pubkey(), rail)
    wallets = {citizen.name: Keypair() for citizen in PEOPLE}
    _Deployment(svm, governor).deploy(ref, mint, prover, development := _development(rail))
    for citizen in PEOPLE:
        wallet = wallets[citizen.name]
        svm.airdrop(wallet.pubkey(), LAMPORTS)
        _Deployment(svm, governor).mint_to(mint.pubkey(), wallet.pubkey(), citizen.base_atoms)
        write_wallet(folder / f"{citizen.name}.json", wallet)
    write_wallet(folder / "governor.json", governor)
    bank = open_bank(folder)
    for citizen in PEOPLE:
        account = rail.canonical_account(citizen.typed_account)
        bank.open_account(account, citizen.name, development.passwords[account], citizen.balance_minor_units)
    bank.close()
    market = MarketFile(url, ref.base_mint, SYMBOL, rail)
    write_market_folder(folder, market, development)
    return market


def _development(rail: Rail) -> Development:
    return Development(
        attestor_secrets=tuple(new_secret() for _ in range(ATTESTORS)),
        passwords={rail.canonical_account(citizen.typed_account): secrets.token_urlsafe(12) for citizen in PEOPLE},
    )


class _Deployment:
    """What the one who governs does; `governor` pays, mints, and is the treasury too."""

    def __init__(self, svm: EmbeddedSvm, governor: Keypair) -> None:
        self._svm = svm
        self._governor = governor
        self._address = governor.pubkey()

    def deploy(self, ref: MarketRef, mint: Keypair, prover: LocalProver, development: Development) -> None:
        self._send(*issue_token(self._svm, self._address, mint.pubkey(), self._address), signers=[mint])
        client = VerifierClient(self._svm, self._governor)
        for circuit in prover.circuits.values():
            client.upload_key(circuit.key_body)
        self._svm.airdrop(initializer().pubkey(), LAMPORTS)
        self._send(found_config(self._svm, self._address, self._address), signers=[initializer()])
        self._send(*open_market(self._address, self._address, ref))
        keys = tuple(eddsa.derive_public_key(secret) for secret in development.attestor_secrets)
        terms = default_terms(prover, AttestorSet(keys, k=NEEDED, depth=DEPTH))
        self._send(terms.publication(self._address, ref.address, version=1))

    def mint_to(self, mint: Pubkey, owner: Pubkey, atoms: int) -> None:
        """Make the owner's token account, with so many atoms in it."""
        self._send(*mint_to(self._address, mint, self._address, owner, atoms))

    def _send(self, *instructions: Instruction, signers: Sequence[Keypair] = ()) -> None:
        transaction = build_transaction(
            [set_compute_unit_limit(COMPUTE_UNITS), *instructions],
            payer=self._governor.pubkey(),
            signers=[self._governor, *signers],
            blockhash=self._svm.latest_blockhash(),
        )
        self._svm.send(transaction).require_success()
