"""Addresses that somebody sent lamports to beforehand: nothing can be blocked that way, and nothing is lost."""

from __future__ import annotations

import pytest
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.trade.tokens import TOKEN_PROGRAM, associated_token_address
from tests.programs.market.ready import READY
from tests.programs.market.setup_cases import mint_data
from tests.programs.market.world import (
    MIN_ASK_ATOMS,
    TOKEN_ACCOUNT_BYTES,
    AskArgs,
    MarketWorld,
)
from tests.programs.world import FEE_PER_SIGNATURE

CREATED = {
    "initialize_config": ["config"],
    "initialize_market": ["market", "book"],
    "publish_terms": ["terms"],
    "place_ask_order": ["ask", "vault"],
}
NATIVE_MINT = Pubkey.from_string("So11111111111111111111111111111111111111112")


@pytest.mark.parametrize("lamports", [1, 10**6, 10**11])
@pytest.mark.parametrize("name", CREATED)
def test_lamports_sent_beforehand_block_nothing(empty: MarketWorld, name: str, lamports: int) -> None:
    """The payer tops up what is missing and no more; what was too much stays where it was sent."""
    ready = READY[name](empty)
    (signer,) = ready.signers
    before = empty.lamports(signer.pubkey())
    for account in CREATED[name]:
        empty.svm.set_account(ready.address(account), Account(lamports, b"", Pubkey.default()))
    empty.accepted(ready.instruction, signers=ready.signers)
    paid = 0
    for account in CREATED[name]:
        made = empty.account(ready.address(account))
        assert made is not None
        least = empty.svm.minimum_balance_lamports(len(made.data))
        assert made.lamports == max(least, lamports)
        assert made.owner == (TOKEN_PROGRAM if account == "vault" else market.PROGRAM_ID)
        paid += max(0, least - lamports)
    assert empty.lamports(signer.pubkey()) == before - paid


@pytest.mark.parametrize("lamports", [0, 1, 10**10])
def test_wrapped_sol_counts_only_what_was_deposited(empty: MarketWorld, lamports: int) -> None:
    """The token program counts an account's surplus lamports as wrapped SOL: a gift to the vault is no deposit."""
    empty.initialize_config()
    empty.svm.set_account(NATIVE_MINT, Account(10**9, mint_data(9), TOKEN_PROGRAM))
    place = empty.initialize_market(NATIVE_MINT)
    empty.publish_terms()
    seller = empty.user()
    home = empty.fund(NATIVE_MINT, seller.pubkey(), 0)
    empty.svm.airdrop(home, MIN_ASK_ATOMS)
    empty.accepted(Instruction(TOKEN_PROGRAM, bytes([17]), [AccountMeta(home, is_signer=False, is_writable=True)]))
    assert empty.balance(home) == MIN_ASK_ATOMS
    args = AskArgs(base_atoms=MIN_ASK_ATOMS)
    vault = market.vault_address(place.ask(seller.pubkey()))
    if lamports:
        empty.svm.set_account(vault, Account(lamports, b"", Pubkey.default()))
    ask = empty.place_ask(seller, args)
    surplus = max(0, lamports - empty.svm.minimum_balance_lamports(TOKEN_ACCOUNT_BYTES))
    assert empty.read(market.Ask, ask).deposited_atoms == MIN_ASK_ATOMS
    assert empty.balance(vault) == MIN_ASK_ATOMS + surplus
    empty.accepted(empty.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    empty.accepted(empty.withdraw_instruction(seller.pubkey(), ask), signers=[seller])
    assert empty.balance(associated_token_address(seller.pubkey(), NATIVE_MINT)) == MIN_ASK_ATOMS + surplus
    assert empty.account(vault) is None


def test_nobody_pays_for_the_fee_payer(world: MarketWorld) -> None:
    """The seller pays the rent of ask and vault; whoever sends the transaction pays its fee alone."""
    seller = world.seller()
    before = world.lamports(world.authority.pubkey())
    world.place_ask(seller)
    assert world.lamports(world.authority.pubkey()) == before - 2 * FEE_PER_SIGNATURE
