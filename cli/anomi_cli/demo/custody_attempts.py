"""What cannot be done to tokens in escrow: taken past the order processor, paid to another, twice, too early."""

from __future__ import annotations

from solders.pubkey import Pubkey

from anomi_cli.demo import raw, receipts
from anomi_cli.demo.cast import Cast
from anomi_cli.demo.stage import CLIENT
from anomi_core.groth16.solana import proof_from_bytes
from anomi_sdk.generated import (
    market_errors,
    order_processor,
    order_processor_errors,
    order_store,
    order_store_errors,
)
from anomi_sdk.trade.buyer import BuyerTrade
from anomi_sdk.trade.markets import field_bytes
from anomi_sdk.trade.orders import OrderStatus, OrderView
from anomi_sdk.trade.paying import TransferAlreadySpentError
from anomi_sdk.trade.tokens import associated_token_address, create_associated_token
from anomi_sdk.verifier_client import VerifierClient
from anomi_services.attestor.ledger import Transfer

__all__ = [
    "expired_too_early",
    "finalized_twice",
    "past_the_processor",
    "prove_receipt_again",
    "released_without_a_report",
    "revealed_too_late",
    "same_receipt_twice",
    "to_another",
    "withdrawn_while_locked",
]


def finalized_twice(cast: Cast, trade: BuyerTrade) -> None:
    """Bring the very proof that settled an order once more."""
    cast.stage.chain_refuses(
        "Finalize twice: the same proof for the same order",
        "order_processor",
        order_processor_errors.OrderStatusMismatchError,
        [raw.finalize(cast.deployment, cast.world.chain.gas.pubkey(), cast.matched(trade), cast.prover.payment[-1])],
    )


def withdrawn_while_locked(cast: Cast, ask: Pubkey) -> None:
    """Ali asks for the tokens that his open ask and its live orders hold."""
    cast.stage.refuses(
        "Ali withdraws tokens that are listed, or locked for Farzan",
        "market",
        market_errors.NothingToWithdrawError,
        lambda: cast.seller.withdraw(ask),
    )


def past_the_processor(cast: Cast, order: OrderView) -> None:
    """Call what only the order processor may call: with a signer of one's own, or with its address unsigned."""
    stage, thief = cast.stage, cast.world.bilal.wallet
    stage.chain_refuses(
        "release_escrowed_funds called directly, signed by a forged authority",
        "market",
        market_errors.AuthorityAddressMismatchError,
        [raw.release_escrow(cast.deployment, order, thief.pubkey())],
        [thief],
    )
    unsigned = raw.unsigned(raw.release_escrow(cast.deployment, order, order_processor.authority_address()))
    stage.chain_refuses(
        "release_escrowed_funds called directly, naming the true authority without its signature",
        "market",
        market_errors.SignerMissingError,
        [unsigned],
    )
    settle = order_store.update_status(
        processor_authority=thief.pubkey(),
        order=order.address,
        status=OrderStatus.PAYMENT_CONFIRMED,
        now_unix_s=cast.world.clock.unix_time_s(),
        nf=field_bytes(1),
        paid_floor_minor_units=order.order.due_minor_units,
        released_atoms=0,
    )
    stage.chain_refuses(
        "update_status called directly: Bilal declares the order paid",
        "order_store",
        order_store_errors.AuthorityAddressMismatchError,
        [settle],
        [thief],
    )


def to_another(cast: Cast, order: OrderView) -> None:
    """Anyone may bring Farzan's proof, but not have it paid out to himself."""
    chain, bilal = cast.world.chain, cast.world.bilal
    own = associated_token_address(bilal.address, chain.mint)
    create = create_associated_token(chain.gas.pubkey(), bilal.address, chain.mint)
    chain.send([create]).require_success()
    cast.stage.chain_refuses(
        "Farzan's payment proof, with Bilal's token account as the one to be paid",
        "market",
        market_errors.TokenAccountAddressMismatchError,
        [raw.finalize(cast.deployment, chain.gas.pubkey(), order, cast.prover.payment[-1], buyer_token=own)],
    )


def prove_receipt_again(cast: Cast, order: OrderView, transfer: Transfer) -> None:
    """Prove a transfer that was proven for one order for another one too: it is large enough, and in both windows."""
    witness = receipts.witness(cast, cast.world.farzan, transfer, order)
    statement = receipts.statement(cast, witness, order, order.order.due_minor_units)
    made = cast.prover.prove_payment(statement, witness)
    verifier = VerifierClient(cast.rpc, cast.world.chain.gas)
    verifier.verify(cast.deployment.keys["payment"], proof_from_bytes(made.proof), [made.public_input])
    cast.stage.tell(
        "Farzan proves the same transfer for his other order as well: true, and groth16_verifier accepts the proof"
    )


def same_receipt_twice(cast: Cast, trade: BuyerTrade, transfer: Transfer) -> None:
    """Settle a second order by a transfer that has settled one."""
    order = cast.matched(trade)
    cast.stage.chain_refuses(
        "The same receipt for two orders: a proof that verifies, of a transfer that is spent",
        "order_processor",
        order_processor_errors.NullifierAlreadySpentError,
        [raw.finalize(cast.deployment, cast.world.chain.gas.pubkey(), order, cast.prover.payment[-1])],
    )
    cast.stage.refuses(
        "The same receipt for two orders, told to the client",
        CLIENT,
        TransferAlreadySpentError,
        lambda: trade.paid(
            txid=transfer.txid,
            amount_minor_units=transfer.amount_minor_units,
            paid_at_unix_s=transfer.paid_at_unix_s,
        ),
    )


def released_without_a_report(cast: Cast, order: OrderView) -> None:
    """Release by hand as one who is not the seller, or for a transfer that the buyer has not named."""
    for attempt, seller, error in (
        ("Bilal releases Ali's tokens", cast.world.bilal, order_processor_errors.SellerMismatchError),
        (
            "Ali releases for a transfer that Farzan has not named",
            cast.world.ali,
            order_processor_errors.PaymentNotReportedError,
        ),
    ):
        cast.stage.chain_refuses(
            attempt,
            "order_processor",
            error,
            [raw.release_by_seller(cast.deployment, order, seller.address, field_bytes(1))],
            [seller.wallet],
        )


def expired_too_early(cast: Cast, order: OrderView) -> None:
    """End an order in the last second in which its payee can still be revealed."""
    cast.world.clock.advance_to(order.order.reveal_by_unix_s)
    cast.stage.refuses(
        "An order expired before its deadline has passed",
        "order_processor",
        order_processor_errors.DeadlineNotReachedError,
        lambda: cast.settler.expire(order.address),
    )


def revealed_too_late(cast: Cast, order: OrderView) -> None:
    """Reveal one second after the deadline."""
    cast.world.clock.advance_to(order.order.reveal_by_unix_s + 1)
    cast.stage.refuses(
        "A reveal after its deadline",
        "order_processor",
        order_processor_errors.RevealTooLateError,
        lambda: cast.seller.reveal(order.address),
    )
