"""The classic SPL Token program, as far as a trade touches it: associated token accounts and their balances."""

from __future__ import annotations

from typing import Final

from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError

__all__ = [
    "ASSOCIATED_TOKEN_PROGRAM",
    "TOKEN_PROGRAM",
    "TokenAccountInvalidError",
    "associated_token_address",
    "create_associated_token",
    "token_balance_atoms",
]

TOKEN_PROGRAM: Final = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
ASSOCIATED_TOKEN_PROGRAM: Final = Pubkey.from_string("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL")

_CREATE_IDEMPOTENT: Final = bytes([1])
_ACCOUNT_BYTES: Final = 165
_AMOUNT: Final = slice(64, 72)
_SYSTEM_PROGRAM: Final = Pubkey.default()


class TokenAccountInvalidError(RefusedError):
    """An account is not a token account of the classic SPL Token program."""


def associated_token_address(owner: Pubkey, mint: Pubkey) -> Pubkey:
    """Return the one account at which `owner` holds `mint`: what the programs pay out to."""
    seeds = [bytes(owner), bytes(TOKEN_PROGRAM), bytes(mint)]
    return Pubkey.find_program_address(seeds, ASSOCIATED_TOKEN_PROGRAM)[0]


def create_associated_token(payer: Pubkey, owner: Pubkey, mint: Pubkey) -> Instruction:
    """Create that account, unless it is there already; `payer` pays its rent."""
    accounts = [
        AccountMeta(payer, is_signer=True, is_writable=True),
        AccountMeta(associated_token_address(owner, mint), is_signer=False, is_writable=True),
        AccountMeta(owner, is_signer=False, is_writable=False),
        AccountMeta(mint, is_signer=False, is_writable=False),
        AccountMeta(_SYSTEM_PROGRAM, is_signer=False, is_writable=False),
        AccountMeta(TOKEN_PROGRAM, is_signer=False, is_writable=False),
    ]
    return Instruction(ASSOCIATED_TOKEN_PROGRAM, _CREATE_IDEMPOTENT, accounts)


def token_balance_atoms(account: Account | None) -> int:
    """Return what a token account holds, 0 where there is none. Raises TokenAccountInvalidError."""
    if account is None:
        return 0
    data = bytes(account.data)
    if account.owner != TOKEN_PROGRAM or len(data) != _ACCOUNT_BYTES:
        raise TokenAccountInvalidError(
            f"a token account has {_ACCOUNT_BYTES} bytes and belongs to {TOKEN_PROGRAM};"
            f" this one has {len(data)} and belongs to {account.owner}"
        )
    return int.from_bytes(data[_AMOUNT], "little")
