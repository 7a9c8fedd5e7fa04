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
    "TokenAccountFrozenError",
    "TokenAccountGivenAwayError",
    "TokenAccountInvalidError",
    "associated_token_address",
    "create_associated_token",
    "require_payable",
    "token_balance_atoms",
]

TOKEN_PROGRAM: Final = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
ASSOCIATED_TOKEN_PROGRAM: Final = Pubkey.from_string("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL")

_CREATE_IDEMPOTENT: Final = bytes([1])
_ACCOUNT_BYTES: Final = 165
_OWNER: Final = slice(32, 64)
_AMOUNT: Final = slice(64, 72)
_STATE: Final = 108
_FROZEN: Final = 2
_SYSTEM_PROGRAM: Final = Pubkey.default()


class TokenAccountInvalidError(RefusedError):
    """An account is not a token account of the classic SPL Token program."""


class TokenAccountGivenAwayError(RefusedError):
    """A wallet's associated token account has another owner by now: what is paid to it would not be the wallet's."""


class TokenAccountFrozenError(RefusedError):
    """The mint's freeze authority has frozen a wallet's associated token account: nothing can be paid to it."""


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
    return int.from_bytes(_token_data(account)[_AMOUNT], "little")


def require_payable(account: Account | None, owner: Pubkey) -> None:
    """Refuse the associated token account of `owner` when the programs could not pay to it.

    None that exists is well: it is created when it is paid to, lamports at its address or not. Raises
    TokenAccountGivenAwayError, TokenAccountFrozenError and TokenAccountInvalidError.
    """
    if account is None or account.owner == _SYSTEM_PROGRAM:
        return
    data = _token_data(account)
    holder = Pubkey(data[_OWNER])
    if holder != owner:
        raise TokenAccountGivenAwayError(
            f"the associated token account of {owner} belongs to {holder} by now: it cannot be paid",
            hint="use another wallet",
        )
    if data[_STATE] == _FROZEN:
        raise TokenAccountFrozenError(
            f"the token account of {owner} is frozen by the token's issuer: nothing can be paid to it",
            hint="use another wallet, or have it thawed",
        )


def _token_data(account: Account) -> bytes:
    data = bytes(account.data)
    if account.owner != TOKEN_PROGRAM or len(data) != _ACCOUNT_BYTES:
        raise TokenAccountInvalidError(
            f"a token account has {_ACCOUNT_BYTES} bytes and belongs to {TOKEN_PROGRAM};"
            f" this one has {len(data)} and belongs to {account.owner}"
        )
    return data
