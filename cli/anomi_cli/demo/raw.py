"""Instructions as a thief builds them: past every check of our clients, with any account or argument replaced."""

from __future__ import annotations

from typing import Any

from nacl.public import PrivateKey
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from anomi_cli.demo.deployment import Deployment
from anomi_cli.demo.keeper import Kept
from anomi_core.statements import PaymentStatement, PaymentWitness, SolvencyStatement, SolvencyWitness
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated import order_processor, order_store
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.markets import field_bytes
from anomi_sdk.trade.orders import OrderView, line_at
from anomi_sdk.trade.tokens import associated_token_address

__all__ = ["bid", "finalize", "release_by_seller", "release_escrow", "unsigned"]


def bid(
    rpc: Rpc,
    deployment: Deployment,
    payer: Pubkey,
    kept: Kept[SolvencyStatement, SolvencyWitness],
    *,
    ask: Pubkey,
    base_atoms: int,
    **changes: Any,
) -> Instruction:
    """Return place_bid_order with a proof that was made before, for the line's next sequence number."""
    statement = kept.statement
    line_id = field_bytes(statement.line_id)
    arguments: dict[str, Any] = {
        "buyer": Pubkey(statement.buyer),
        "payer": payer,
        "market": deployment.market,
        "terms": deployment.terms_address(),
        "book": market_program.book_address(deployment.market),
        "ask": ask,
        "line": market_program.line_address(line_id),
        "order": order_store.order_address(deployment.market, line_id, line_at(rpc, line_id).seq),
        "solvency_key": deployment.keys["solvency"],
        "market_authority": market_program.authority_address(),
        "proof": kept.made.proof,
        "line_id": line_id,
        "reveal_key": bytes(PrivateKey.generate().public_key),
        "base_atoms": base_atoms,
        "limit_price": 1 << 40,
        "min_fill_atoms": 1,
        "covered_minor_units": statement.covered_minor_units,
        "issued_min_unix_s": statement.issued_min_unix_s,
        "bitmap": statement.bitmap,
    }
    return market_program.place_bid_order(**{**arguments, **changes})


def finalize(
    deployment: Deployment,
    payer: Pubkey,
    view: OrderView,
    kept: Kept[PaymentStatement, PaymentWitness],
    **changes: Any,
) -> Instruction:
    """Return finalize_trade of an order with a payment proof that was made for it, or for another."""
    statement = kept.statement
    nf = field_bytes(statement.nf)
    arguments: dict[str, Any] = {
        "payer": payer,
        "order": view.address,
        "market": view.order.market,
        "terms": view.terms,
        "ask": view.order.ask,
        "vault": view.vault,
        "line": view.line,
        "buyer_token": associated_token_address(view.order.buyer, deployment.ref.base_mint),
        "nullifier": order_processor.nullifier_address(nf),
        "word": view.word(nf),
        "payment_key": deployment.keys["payment"],
        "processor_authority": order_processor.authority_address(),
        "proof": kept.made.proof,
        "nf": nf,
        "paid_floor_minor_units": statement.paid_floor_minor_units,
        "bitmap": statement.bitmap,
    }
    return order_processor.finalize_trade(**{**arguments, **changes})


def release_escrow(deployment: Deployment, view: OrderView, authority: Pubkey) -> Instruction:
    """Return release_escrowed_funds, which only order_processor may call, as if `authority` were its signer."""
    return market_program.release_escrowed_funds(
        processor_authority=authority,
        market=view.order.market,
        terms=view.terms,
        order=view.address,
        ask=view.order.ask,
        vault=view.vault,
        line=view.line,
        buyer_token=associated_token_address(view.order.buyer, deployment.ref.base_mint),
        paid_floor_minor_units=view.order.due_minor_units,
    )


def release_by_seller(deployment: Deployment, view: OrderView, seller: Pubkey, nf: bytes) -> Instruction:
    """Return release_by_seller, for any seller and any transfer."""
    return order_processor.release_by_seller(
        seller=seller,
        order=view.address,
        market=view.order.market,
        terms=view.terms,
        ask=view.order.ask,
        vault=view.vault,
        line=view.line,
        buyer_token=associated_token_address(view.order.buyer, deployment.ref.base_mint),
        nullifier=order_processor.nullifier_address(nf),
        word=view.word(nf),
        processor_authority=order_processor.authority_address(),
        nf=nf,
    )


def unsigned(instruction: Instruction) -> Instruction:
    """Return the instruction with nobody marked as a signer."""
    metas = [AccountMeta(meta.pubkey, is_signer=False, is_writable=meta.is_writable) for meta in instruction.accounts]
    return Instruction(instruction.program_id, instruction.data, metas)
