"""A call tried in a world of trades, which stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.layouts import AccountLayout
from anomi_sdk.transactions import build_transaction
from tests.programs.adversary.stage import described
from tests.programs.order_processor.world import Payment
from tests.programs.proofs.trade import Trades

__all__ = ["BID", "FINALIZE", "REFUSED", "bid", "edited", "settle", "tried"]

BID, FINALIZE = "market.place_bid_order", "order_processor.finalize_trade"
REFUSED = "groth16_verifier.ProofInvalid"


def tried(world: Trades, call: Instruction, of: str, *signers: Keypair) -> str:
    """What would become of a call, in the words of the tables of hostile calls."""
    transaction = build_transaction(
        [call],
        payer=world.authority.pubkey(),
        signers=[world.authority, *signers],
        blockhash=world.svm.latest_blockhash(),
    )
    return described(world.svm.simulate(transaction), of)


def bid(world: Trades, call: Instruction) -> str:
    """What would become of the buyer's bid."""
    return tried(world, call, BID, world.buyer, world.payer)


def settle(world: Trades, proof: bytes, order: str = "first", payment: Payment | None = None) -> str:
    """What would become of a settlement that anybody brings."""
    call = world.finalize_instruction(world.orders[order], payment or world.payment, proof=proof)
    return tried(world, call, FINALIZE)


@contextmanager
def edited(world: Trades, layout: type[AccountLayout], address: Pubkey, **changes: object) -> Iterator[None]:
    """Let fields of an account be otherwise for a while, past every rule."""
    before = world.account(address)
    assert before is not None
    world.edit(layout, address, **changes)
    try:
        yield
    finally:
        world.svm.set_account(address, before)
