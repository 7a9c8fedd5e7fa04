"""What settling costs: whole transactions with a client's compute-budget instructions.

An address is found by trying bumps, at 365 units a try, and 1,500 by the associated token account program. The limits
are for addresses that the first try finds, and each further try is added: half of all addresses need none, one in four
one, one in eight two.
"""

from __future__ import annotations

import pytest
from solders.account import Account
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.generated import order_processor
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.trade.tokens import (
    ASSOCIATED_TOKEN_PROGRAM,
    TOKEN_PROGRAM,
    associated_token_address,
    create_associated_token,
)
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX
from tests.programs.order_processor.world import BID, BUDGET, PROVE_BY, REVEAL_BY, TRANSFER, Payment, TradeWorld, nf

TRY_UNITS, TOKEN_PROGRAM_TRY_UNITS = 365, 1_500


def spent(world: TradeWorld, *instructions: Instruction, signers: tuple[Keypair, ...] = ()) -> TransactionOutcome:
    outcome = world.accepted(*BUDGET, *instructions, signers=signers)
    assert outcome.size_bytes <= TRANSACTION_BYTES_MAX
    return outcome


def bad_luck(world: TradeWorld, transfer: bytes, *, creates_token: bool = False) -> int:
    """Units of the tries beyond the first for the two marks' addresses and for the buyer's token account."""
    _, bump = order_processor.nullifier_address_and_bump(transfer)
    _, word_bump = order_processor.word_address_and_bump(BID.line_id, transfer)
    seeds = [bytes(world.buyer.pubkey()), bytes(TOKEN_PROGRAM), bytes(world.place.mint)]
    _, token_bump = Pubkey.find_program_address(seeds, ASSOCIATED_TOKEN_PROGRAM)
    token_try_units = TRY_UNITS + TOKEN_PROGRAM_TRY_UNITS * creates_token
    return TRY_UNITS * (255 - bump + 255 - word_bump) + token_try_units * (255 - token_bump)


@pytest.mark.parametrize("transfer", ["a transfer", "another", "a third", "a fourth", "a fifth"])
def test_finalize_trade(world: TradeWorld, transfer: str) -> None:
    order = world.revealed()
    outcome = spent(world, world.finalize_instruction(order, Payment(nf=nf(transfer))))
    assert outcome.compute_units <= 99_800 + bad_luck(world, nf(transfer)) <= 115_000
    assert outcome.size_bytes == 1_056


def test_finalize_trade_with_a_new_token_account(world: TradeWorld) -> None:
    order = world.place_bid(world.ask())
    world.accepted(world.reveal_instruction(order), signers=[world.seller_of(order)])
    assert world.account(associated_token_address(world.buyer.pubkey(), world.place.mint)) is None
    create = create_associated_token(world.authority.pubkey(), world.buyer.pubkey(), world.place.mint)
    outcome = spent(world, create, world.finalize_instruction(order))
    luck = bad_luck(world, TRANSFER, creates_token=True)
    assert outcome.compute_units <= 120_200 + luck <= 140_000
    assert outcome.size_bytes <= 1_193


def test_finalize_trade_with_lamports_at_the_nullifiers_address(world: TradeWorld) -> None:
    """What someone who wants to make it dear can do: two more calls to the system program."""
    order = world.revealed()
    world.svm.set_account(order_processor.nullifier_address(TRANSFER), Account(1, b"", Pubkey.default()))
    outcome = spent(world, world.finalize_instruction(order))
    assert outcome.compute_units <= 102_300 + bad_luck(world, TRANSFER) <= 115_000


def test_the_others(world: TradeWorld) -> None:
    order = world.matched()
    seller = world.seller_of(order)
    reveal = spent(world, world.reveal_instruction(order), signers=(seller,))
    report = spent(world, world.report_instruction(order, TRANSFER), signers=(world.buyer,))
    release = spent(world, world.seller_release_instruction(order), signers=(seller,))
    assert reveal.compute_units <= 2_800
    assert report.compute_units <= 2_300
    assert release.compute_units <= 16_600 + bad_luck(world, TRANSFER)


@pytest.mark.parametrize("revealed", [False, True])
def test_expire_order(world: TradeWorld, revealed: bool) -> None:
    order = world.revealed() if revealed else world.matched()
    world.svm.set_unix_time((PROVE_BY if revealed else REVEAL_BY) + 1)
    assert spent(world, world.expire_instruction(order)).compute_units <= 6_000


def test_giving_up_and_taking_more_time(world: TradeWorld) -> None:
    order = world.reported()
    assert spent(world, world.extend_instruction(order), signers=(world.buyer,)).compute_units <= 2_400
    cancel = world.cancel_order_instruction(order, accepts_strike=True)
    assert spent(world, cancel, signers=(world.buyer,)).compute_units <= 4_800
