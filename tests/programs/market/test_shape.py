"""What every instruction checks first: how many accounts, how much data, who signs, what is writable, which programs.

Each spoilt instruction is refused with its own code and changes nothing; after all of them the true one goes through.
"""

from __future__ import annotations

import pytest
from solders.instruction import AccountMeta
from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import (
    AccountCountMismatchError,
    AccountNotWritableError,
    InstructionDataLengthMismatchError,
    InstructionUnknownError,
    SignerMissingError,
    SystemProgramMismatchError,
    TokenProgramMismatchError,
)
from anomi_sdk.program_errors import TransactionRefusedError
from tests.programs.market.ready import READY, specification
from tests.programs.market.world import TOKEN_2022_PROGRAM, MarketWorld
from tests.programs.world import with_account, with_accounts, with_data

STRANGER = Pubkey.from_bytes(bytes([9] * 32))
PROGRAM_MISMATCH: dict[str, type[TransactionRefusedError]] = {
    "system_program": SystemProgramMismatchError,
    "token_program": TokenProgramMismatchError,
}


@pytest.mark.parametrize("name", READY)
def test_data_of_every_other_length(empty: MarketWorld, name: str) -> None:
    ready = READY[name](empty)
    whole = bytes(ready.instruction.data)
    for length in [*range(len(whole)), *range(len(whole) + 1, len(whole) + 40)]:
        data = (whole + bytes(40))[:length]
        error = InstructionUnknownError if length < 8 else InstructionDataLengthMismatchError
        empty.refused(with_data(ready.instruction, data), signers=ready.signers, code=error)
    for discriminator in (
        bytes(8),
        whole[:8][::-1],
        bytes([whole[0] ^ 1]) + whole[1:8],
        whole[:7] + bytes([~whole[7] & 255]),
    ):
        empty.refused(
            with_data(ready.instruction, discriminator + whole[8:]), signers=ready.signers, code=InstructionUnknownError
        )
    empty.accepted(ready.instruction, signers=ready.signers)


@pytest.mark.parametrize("name", READY)
def test_accounts_of_every_other_number(empty: MarketWorld, name: str) -> None:
    ready = READY[name](empty)
    accounts = list(ready.instruction.accounts)
    for count in range(len(accounts)):
        kept = {meta.pubkey for meta in accounts[:count] if meta.is_signer}
        signers = [signer for signer in ready.signers if signer.pubkey() in kept]
        empty.refused(
            with_accounts(ready.instruction, accounts[:count]), signers=signers, code=AccountCountMismatchError
        )
    for surplus in (1, 2, 40):
        more = with_accounts(ready.instruction, [*accounts, *[AccountMeta(STRANGER, False, False)] * surplus])
        empty.refused(more, signers=ready.signers, code=AccountCountMismatchError)
    again = with_accounts(ready.instruction, [*accounts, accounts[0]])
    empty.refused(again, signers=ready.signers, code=AccountCountMismatchError)
    empty.accepted(ready.instruction, signers=ready.signers)


@pytest.mark.parametrize("name", READY)
def test_signatures_and_writable_flags(empty: MarketWorld, name: str) -> None:
    ready = READY[name](empty)
    for index, account in enumerate(specification(name).accounts):
        if account.signer:
            signers = [signer for signer in ready.signers if signer.pubkey() != ready.address(account.name)]
            unsigned = with_account(ready.instruction, index, is_signer=False)
            empty.refused(unsigned, signers=signers, code=SignerMissingError)
        # An account in two places is writable in both: test_eviction has the ask and the one it evicts apart.
        places = [meta for meta in ready.instruction.accounts if meta.pubkey == ready.address(account.name)]
        if account.writable and len(places) == 1:
            read_only = with_account(ready.instruction, index, is_writable=False)
            empty.refused(read_only, signers=ready.signers, code=AccountNotWritableError)
    empty.accepted(ready.instruction, signers=ready.signers)


@pytest.mark.parametrize("name", READY)
def test_programs_in_the_place_of_programs(empty: MarketWorld, name: str) -> None:
    ready = READY[name](empty)
    for index, account in enumerate(specification(name).accounts):
        if account.address is None:
            continue
        for other in (STRANGER, market.PROGRAM_ID, TOKEN_2022_PROGRAM, empty.authority.pubkey()):
            empty.refused(
                with_account(ready.instruction, index, pubkey=other),
                signers=ready.signers,
                code=PROGRAM_MISMATCH[account.name],
            )
    empty.accepted(ready.instruction, signers=ready.signers)


@pytest.mark.parametrize("name", READY)
def test_one_account_in_every_other_place(empty: MarketWorld, name: str) -> None:
    """Each account of an instruction, passed in the place of each other one: never accepted, and nothing changes."""
    ready = READY[name](empty)
    accounts = ready.instruction.accounts
    # One key for both circuits is of no use to anybody, and no danger: the statements differ in their domain.
    keys = {ready.address(key) for key in ("solvency_key", "payment_key")} if name == "publish_terms" else set()
    for index, account in enumerate(accounts):
        for other in accounts:
            if other.pubkey == account.pubkey or {account.pubkey, other.pubkey} <= keys:
                continue
            twice = with_account(ready.instruction, index, pubkey=other.pubkey, is_signer=False)
            signers = [
                signer
                for signer in ready.signers
                if any(meta.is_signer and meta.pubkey == signer.pubkey() for meta in twice.accounts)
            ]
            empty.refused(twice, signers=signers)
    empty.accepted(ready.instruction, signers=ready.signers)


def test_data_without_an_instruction(empty: MarketWorld) -> None:
    ready = READY["initialize_config"](empty)
    for data in (b"", b"\0", bytes(7), bytes(8), bytes(800)):
        empty.refused(with_data(ready.instruction, data), signers=ready.signers, code=InstructionUnknownError)
