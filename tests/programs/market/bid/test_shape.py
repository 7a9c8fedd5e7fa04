"""What bids, releases and returns check first: accounts, data, signatures, writable flags, fixed addresses.

Each spoilt instruction is refused with its own code and changes nothing; after all of them the true one goes through.
"""

from __future__ import annotations

import pytest
from solders.instruction import AccountMeta
from solders.pubkey import Pubkey

from anomi_sdk.generated import groth16_verifier, market, order_processor, order_store
from anomi_sdk.generated.market_errors import (
    AccountCountMismatchError,
    AccountNotWritableError,
    AuthorityAddressMismatchError,
    InstructionDataLengthMismatchError,
    ProgramMismatchError,
    SignerMissingError,
    SystemProgramMismatchError,
    TokenProgramMismatchError,
)
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.trade.tokens import TOKEN_PROGRAM
from tests.programs.market.bid.ready import READY
from tests.programs.market.bid.world import BidWorld
from tests.programs.market.world import TOKEN_2022_PROGRAM
from tests.programs.world import with_account, with_accounts, with_data

STRANGER = Pubkey.from_bytes(bytes([9] * 32))
SYSTEM_PROGRAM = Pubkey.default()
FIXED: dict[str, type[TransactionRefusedError]] = {
    "processor_authority": AuthorityAddressMismatchError,
    "market_authority": AuthorityAddressMismatchError,
    "groth16_verifier": ProgramMismatchError,
    "order_store": ProgramMismatchError,
    "system_program": SystemProgramMismatchError,
    "token_program": TokenProgramMismatchError,
}
OTHERS = (
    STRANGER,
    SYSTEM_PROGRAM,
    TOKEN_PROGRAM,
    TOKEN_2022_PROGRAM,
    market.PROGRAM_ID,
    groth16_verifier.PROGRAM_ID,
    order_store.PROGRAM_ID,
    order_processor.PROGRAM_ID,
    market.authority_address(),
    order_processor.authority_address(),
)


@pytest.mark.parametrize("name", READY)
def test_data_of_every_other_length(world: BidWorld, name: str) -> None:
    ready = READY[name](world)
    whole = bytes(ready.instruction.data)
    for length in {8, len(whole) - 1, len(whole) + 1, len(whole) + 32}:
        data = (whole + bytes(40))[:length]
        world.refused_unsigned(with_data(ready.instruction, data), InstructionDataLengthMismatchError)
    world.accepted_unsigned(ready.instruction)


@pytest.mark.parametrize("name", READY)
def test_accounts_of_every_other_number(world: BidWorld, name: str) -> None:
    ready = READY[name](world)
    accounts = list(ready.instruction.accounts)
    stranger = AccountMeta(STRANGER, is_signer=False, is_writable=False)
    for some in (
        *(accounts[:count] for count in range(len(accounts))),
        [*accounts, stranger],
        [*accounts, accounts[0]],
    ):
        world.refused_unsigned(with_accounts(ready.instruction, some), AccountCountMismatchError)
    world.accepted_unsigned(ready.instruction)


@pytest.mark.parametrize("name", READY)
def test_signatures_and_writable_flags(world: BidWorld, name: str) -> None:
    ready = READY[name](world)
    for index, meta in enumerate(ready.instruction.accounts):
        if meta.is_signer:
            world.refused_unsigned(with_account(ready.instruction, index, is_signer=False), SignerMissingError)
        if meta.is_writable:
            world.refused_unsigned(with_account(ready.instruction, index, is_writable=False), AccountNotWritableError)
    world.accepted_unsigned(ready.instruction)


@pytest.mark.parametrize("name", READY)
def test_nothing_stands_in_for_programs_and_their_authorities(world: BidWorld, name: str) -> None:
    ready = READY[name](world)
    fixed = [account for account in ready.accounts if account in FIXED]
    returns = dict.fromkeys(("missed_reveal", "missed_proof", "cancelled_free", "cancelled"), 1)
    assert len(fixed) == {"release": 2, **returns}.get(name, 4)
    for account in fixed:
        for other in OTHERS:
            if other != ready.address(account):
                world.refused_unsigned(ready.with_(account, other), FIXED[account])
    world.accepted_unsigned(ready.instruction)


@pytest.mark.parametrize("name", READY)
def test_one_account_in_every_other_place(world: BidWorld, name: str) -> None:
    """Each account of an instruction, passed in the place of each other one: never accepted, and nothing changes."""
    ready = READY[name](world)
    for account in ready.accounts:
        for other in ready.accounts:
            # A buyer may pay for himself.
            if account != other and (account, other) != ("payer", "buyer"):
                world.refused_unsigned(ready.with_(account, ready.address(other)))
    world.accepted_unsigned(ready.instruction)
