"""Genuine transfers as attestors sign them, for statements that Farzan's client would not make."""

from __future__ import annotations

from typing import Final

from anomi_cli.demo.cast import Cast
from anomi_cli.demo.world import Person
from anomi_core.rails import pack_text
from anomi_core.statements import PaymentStatement, PaymentWitness
from anomi_sdk.trade.orders import OrderView
from anomi_sdk.trade.seams import ReceiptClaim
from anomi_services.attestor.ledger import Transfer

__all__ = ["claim", "statement", "witness"]

NONCE: Final = 1


def claim(cast: Cast, payer: Person, transfer: Transfer) -> ReceiptClaim:
    """Return what attestors are asked to sign about a transfer."""
    world = cast.world
    return ReceiptClaim(
        deployment=world.deployment,
        rail=world.rail.name,
        account=payer.account,
        h=payer.identity.account_hash(world.rail, payer.account),
        payee_account=transfer.payee,
        amount_minor_units=transfer.amount_minor_units,
        paid_at_unix_s=transfer.paid_at_unix_s,
        txid=transfer.txid,
        nonce=NONCE,
    )


def witness(cast: Cast, payer: Person, transfer: Transfer, order: OrderView) -> PaymentWitness:
    """Return the witness of a genuine transfer to Ali, with the attestors' genuine signatures."""
    world = cast.world
    signatures = world.quorum.attest_receipt(world.attestor_set, claim(cast, payer, transfer))
    payee = world.ali.identity.payee(world.rail, world.ali.account, order.order.ask)
    return PaymentWitness(
        deployment=world.deployment,
        rail=world.rail.id(),
        market=bytes(cast.deployment.market),
        id_secret=payer.identity.id_secret,
        payer_account=pack_text(payer.account),
        payee_account=pack_text(transfer.payee),
        payee_secret=payee.secret,
        payee_salt=payee.salt,
        amount_minor_units=transfer.amount_minor_units,
        paid_at_unix_s=transfer.paid_at_unix_s,
        txid=pack_text(transfer.txid),
        nonce=NONCE,
        attestations=tuple(
            world.attestor_set.attestation(index, signature) for index, signature in sorted(signatures.items())
        ),
    )


def statement(cast: Cast, witness: PaymentWitness, order: OrderView, paid_floor_minor_units: int) -> PaymentStatement:
    """Return the statement that the program would put together for `order`, but for what the witness says itself."""
    not_before, not_after = order.payment_window_unix_s
    return witness.statement(
        order_id=order.order.order_id,
        paid_floor_minor_units=paid_floor_minor_units,
        not_before_unix_s=not_before,
        not_after_unix_s=not_after,
        root=cast.world.attestor_set.root,
    )
