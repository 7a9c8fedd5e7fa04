"""A development market in an embedded cluster: mint, config, market, terms, attestors, two people with money.

Everything that only a real market's governor, bank and attestors would hold lies in its folder.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from solders.compute_budget import set_compute_unit_limit
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account

from anomi_cli.adapters.prover import LocalProver
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
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated.groth16_verifier import verifying_key_address
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.trade.markets import MarketRef, field_bytes
from anomi_sdk.trade.tokens import TOKEN_PROGRAM, associated_token_address, create_associated_token
from anomi_sdk.transactions import build_transaction
from anomi_sdk.verifier_client import VerifierClient
from anomi_sdk.wallets import write_wallet

__all__ = ["PEOPLE", "Citizen", "make_development_market"]

RAIL: Final = "easypaisa"
SYMBOL: Final = "USDC"
DECIMALS: Final = 6
ATTESTORS: Final = 3
NEEDED: Final = 2
DEPTH: Final = 2
FEE_BPS: Final = 30
LAMPORTS: Final = 10 * 10**9
COMPUTE_UNITS: Final = 400_000

MINT_BYTES: Final = 82
INITIALIZE_MINT_2: Final = 20
MINT_TO: Final = 7
NO_FREEZE_AUTHORITY: Final = b"\0"
UNUSED_KEY: Final = market_program.AttestorKey(bytes(32), bytes(32))


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
    """What the one who governs does; `governor` pays, and is the treasury too."""

    def __init__(self, svm: EmbeddedSvm, governor: Keypair) -> None:
        self._svm = svm
        self._governor = governor

    def deploy(self, ref: MarketRef, mint: Keypair, prover: LocalProver, development: Development) -> None:
        self._make_mint(mint)
        client = VerifierClient(self._svm, self._governor)
        for circuit in prover.circuits.values():
            client.upload_key(circuit.key_body)
        self._open_market(ref)
        keys = tuple(eddsa.derive_public_key(secret) for secret in development.attestor_secrets)
        self._publish_terms(ref, prover, AttestorSet(keys, k=NEEDED, depth=DEPTH))

    def mint_to(self, mint: Pubkey, owner: Pubkey, atoms: int) -> None:
        """Make the owner's token account, with so many atoms in it."""
        account, governor = associated_token_address(owner, mint), self._governor.pubkey()
        metas = [
            AccountMeta(mint, is_signer=False, is_writable=True),
            AccountMeta(account, is_signer=False, is_writable=True),
            AccountMeta(governor, is_signer=True, is_writable=False),
        ]
        minted = Instruction(TOKEN_PROGRAM, bytes([MINT_TO]) + atoms.to_bytes(8, "little"), metas)
        self._send(create_associated_token(governor, owner, mint), minted)

    def _make_mint(self, mint: Keypair) -> None:
        governor = self._governor.pubkey()
        account = create_account(
            CreateAccountParams(
                from_pubkey=governor,
                to_pubkey=mint.pubkey(),
                lamports=self._svm.minimum_balance_lamports(MINT_BYTES),
                space=MINT_BYTES,
                owner=TOKEN_PROGRAM,
            )
        )
        data = bytes([INITIALIZE_MINT_2, DECIMALS]) + bytes(governor) + NO_FREEZE_AUTHORITY
        metas = [AccountMeta(mint.pubkey(), is_signer=False, is_writable=True)]
        self._send(account, Instruction(TOKEN_PROGRAM, data, metas), signers=[mint])

    def _open_market(self, ref: MarketRef) -> None:
        governor, rail = self._governor.pubkey(), ref.rail
        initializer = Keypair.from_seed(hashlib.sha256(market_program.INITIALIZER_SEED_TEXT.encode()).digest())
        config = market_program.initialize_config(
            initializer=initializer.pubkey(),
            config=market_program.config_address(),
            authority=governor,
            treasury=governor,
            genesis_hash=self._svm.genesis_hash(),
        )
        self._svm.airdrop(initializer.pubkey(), LAMPORTS)
        self._send(config, signers=[initializer])
        book = market_program.book_address(ref.address)
        market = market_program.initialize_market(
            authority=governor,
            config=market_program.config_address(),
            base_mint=ref.base_mint,
            market=ref.address,
            book=book,
            provider_id=rail.provider_id,
            iso4217_numeric=rail.iso4217_numeric,
            exponent=rail.exponent,
        )
        self._send(market, market_program.grow_book(payer=governor, book=book))

    def _publish_terms(self, ref: MarketRef, prover: LocalProver, attestors: AttestorSet) -> None:
        used = [market_program.AttestorKey(field_bytes(key.ax), field_bytes(key.ay)) for key in attestors.keys]
        terms = market_program.publish_terms(
            authority=self._governor.pubkey(),
            config=market_program.config_address(),
            market=ref.address,
            terms=market_program.terms_address(ref.address, 1),
            solvency_key=verifying_key_address(prover.verifying_key_hash("solvency")),
            payment_key=verifying_key_address(prover.verifying_key_hash("payment")),
            version=1,
            attestor_k=attestors.k,
            attestor_n=len(attestors.keys),
            attestor_depth=attestors.depth,
            attestor_keys=[*used, *[UNUSED_KEY] * (market_program.ATTESTORS_MAX - len(used))],
            fee_bps=FEE_BPS,
            reveal_window_s=30 * 60,
            pay_window_s=24 * 3600,
            prove_window_s=6 * 3600,
            strikes_max=3,
            cooldown_s=7 * 86_400,
            free_cancel_grace_s=15 * 60,
            free_cancel_interval_s=86_400,
            min_ask_atoms=10**DECIMALS,
            min_fill_atoms=10**DECIMALS // 2,
        )
        self._send(terms)

    def _send(self, *instructions: Instruction, signers: Sequence[Keypair] = ()) -> None:
        transaction = build_transaction(
            [set_compute_unit_limit(COMPUTE_UNITS), *instructions],
            payer=self._governor.pubkey(),
            signers=[self._governor, *signers],
            blockhash=self._svm.latest_blockhash(),
        )
        self._svm.send(transaction).require_success()
