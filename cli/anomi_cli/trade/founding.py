"""What comes before the first ask of a development market: a token, the config, the market with its book, terms."""

from __future__ import annotations

import hashlib
from typing import Final

from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account

from anomi_core.registry import AttestorSet
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated.groth16_verifier import verifying_key_address
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.markets import MarketRef
from anomi_sdk.trade.seams import Prover
from anomi_sdk.trade.terms import TermsDraft
from anomi_sdk.trade.tokens import TOKEN_PROGRAM, associated_token_address, create_associated_token

__all__ = [
    "DECIMALS",
    "default_terms",
    "development_key",
    "found_config",
    "initializer",
    "issue_token",
    "mint_to",
    "open_market",
]

DECIMALS: Final = 6

_MINT_BYTES: Final = 82
_INITIALIZE_MINT_2: Final = 20
_MINT_TO: Final = 7
_NO_FREEZE_AUTHORITY: Final = b"\0"


def development_key(text: str) -> Keypair:
    """Return the development key pair that spec/programs.toml derives from a text."""
    return Keypair.from_seed(hashlib.sha256(text.encode()).digest())


def initializer() -> Keypair:
    """Return the one key that may create the config of the development deployment."""
    return development_key(market_program.INITIALIZER_SEED_TEXT)


def issue_token(rpc: Rpc, payer: Pubkey, mint: Pubkey, authority: Pubkey) -> list[Instruction]:
    """Return what makes a token of DECIMALS at `mint`, which signs; `authority` can mint it, nobody freeze it."""
    account = create_account(
        CreateAccountParams(
            from_pubkey=payer,
            to_pubkey=mint,
            lamports=rpc.minimum_balance_lamports(_MINT_BYTES),
            space=_MINT_BYTES,
            owner=TOKEN_PROGRAM,
        )
    )
    data = bytes([_INITIALIZE_MINT_2, DECIMALS]) + bytes(authority) + _NO_FREEZE_AUTHORITY
    return [account, Instruction(TOKEN_PROGRAM, data, [AccountMeta(mint, is_signer=False, is_writable=True)])]


def mint_to(payer: Pubkey, mint: Pubkey, authority: Pubkey, owner: Pubkey, atoms: int) -> list[Instruction]:
    """Return what makes the owner's token account, and mints so many atoms to it."""
    metas = [
        AccountMeta(mint, is_signer=False, is_writable=True),
        AccountMeta(associated_token_address(owner, mint), is_signer=False, is_writable=True),
        AccountMeta(authority, is_signer=True, is_writable=False),
    ]
    minted = Instruction(TOKEN_PROGRAM, bytes([_MINT_TO]) + atoms.to_bytes(8, "little"), metas)
    return [create_associated_token(payer, owner, mint), minted]


def found_config(rpc: Rpc, authority: Pubkey, treasury: Pubkey) -> Instruction:
    """Return what creates the deployment's config; the initializer signs it, and pays its rent."""
    return market_program.initialize_config(
        initializer=initializer().pubkey(),
        config=market_program.config_address(),
        authority=authority,
        treasury=treasury,
        genesis_hash=rpc.genesis_hash(),
    )


def open_market(payer: Pubkey, authority: Pubkey, ref: MarketRef) -> list[Instruction]:
    """Return what creates a market and makes its book longer than the shortest."""
    rail, book = ref.rail, market_program.book_address(ref.address)
    market = market_program.initialize_market(
        authority=authority,
        config=market_program.config_address(),
        base_mint=ref.base_mint,
        market=ref.address,
        book=book,
        provider_id=rail.provider_id,
        iso4217_numeric=rail.iso4217_numeric,
        exponent=rail.exponent,
    )
    return [market, market_program.grow_book(payer=payer, book=book)]


def default_terms(prover: Prover, attestors: AttestorSet) -> TermsDraft:
    """Return the terms of a development market: a fee of 0.30 %, 30 minutes, 24 hours and 6 hours, three strikes."""
    return TermsDraft(
        solvency_key=verifying_key_address(prover.verifying_key_hash("solvency")),
        payment_key=verifying_key_address(prover.verifying_key_hash("payment")),
        attestors=attestors,
        fee_bps=30,
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
