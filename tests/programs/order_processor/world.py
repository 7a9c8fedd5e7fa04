"""Whole trades: asks, bids, reveals and payments, each step by the program that takes it.

Payments are proven under the measuring key that the terms name, so that a test can prove any payment statement at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_core.groth16.solana import proof_to_bytes
from anomi_core.identity import deployment_id, domain
from anomi_core.spec import TAG_PAYMENT
from anomi_core.statements import PaymentStatement
from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.measuring_key import scalar_from
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.trade.tokens import associated_token_address
from tests.programs.market.bid.world import DUE, BidArgs, BidWorld
from tests.programs.market.world import RAIL, AskArgs, Place, attestors, measuring_key
from tests.programs.world import UNIX_TIME_S

__all__ = [
    "ASK",
    "AWAITING",
    "BID",
    "BUDGET",
    "CANCELLED",
    "CIPHERTEXT",
    "CONFIRMED",
    "EXPIRED",
    "PAYMENT",
    "PAY_BY",
    "PENDING",
    "PROVE_BY",
    "REVEAL_BY",
    "SETTLED",
    "TRANSFER",
    "Payment",
    "TradeWorld",
    "nf",
    "prove",
]

PENDING, AWAITING, CONFIRMED, SETTLED, EXPIRED, CANCELLED = range(6)
CIPHERTEXT = bytes(range(1, 177))
REVEAL_BY = UNIX_TIME_S + 30 * 60
PAY_BY = UNIX_TIME_S + 24 * 3600
PROVE_BY = PAY_BY + 6 * 3600
"""The deadlines of an order that is matched and revealed in the world's first second."""
ASK, BID = AskArgs(), BidArgs()
BUDGET = (set_compute_unit_limit(200_000), set_compute_unit_price(1_000_000))
"""What a client puts before its instruction."""


def nf(transfer: str) -> bytes:
    """The nullifier of a transfer: a number that looks like any other."""
    return scalar_from(f"nullifier of {transfer}").to_bytes(32, "big")


TRANSFER = nf("a transfer")


def prove(stmt: int) -> bytes:
    """A proof of a payment statement."""
    return proof_to_bytes(measuring_key("payment").prove([stmt], f"payment {stmt}"))


@dataclass(frozen=True)
class Payment:
    """The arguments of finalize_trade but for the proof."""

    nf: bytes = TRANSFER
    paid_floor_minor_units: int = DUE
    bitmap: int = 0b011


PAYMENT = Payment()


class TradeWorld(BidWorld):
    """A BidWorld with order_processor on it, which remembers the sellers of its asks."""

    def __init__(self, programs: Sequence[BuiltProgram]) -> None:
        super().__init__(programs)
        self.sellers: dict[Pubkey, Keypair] = {}

    def ask(self, args: AskArgs = ASK, place: Place | None = None) -> Pubkey:
        """An ask of a seller of its own."""
        seller = self.seller(args.base_atoms, place)
        ask = self.place_ask(seller, args, place)
        self.sellers[ask] = seller
        return ask

    def seller_of(self, order: Pubkey) -> Keypair:
        return self.sellers[self.order(order).ask]

    # Orders.

    def matched(self, ask: AskArgs = ASK, bid: BidArgs = BID, place: Place | None = None) -> Pubkey:
        """An order in status Pending, out of an ask of its own; the buyer's token account is there."""
        self.buyer_token(place)
        return self.place_bid(self.ask(ask, place), bid, place)

    def revealed(self, ask: AskArgs = ASK, bid: BidArgs = BID, place: Place | None = None) -> Pubkey:
        """An order in status AwaitingPayment."""
        order = self.matched(ask, bid, place)
        self.accepted(self.reveal_instruction(order), signers=[self.seller_of(order)])
        return order

    def reported(self, transfer: bytes = TRANSFER) -> Pubkey:
        """An order whose buyer says that he has paid."""
        order = self.revealed()
        self.accepted(self.report_instruction(order, transfer), signers=[self.buyer])
        return order

    # Instructions.

    def reveal_instruction(
        self, order: Pubkey, revealer: Pubkey | None = None, ciphertext: bytes = CIPHERTEXT
    ) -> Instruction:
        stored = self.order(order)
        return order_processor.reveal_payee(
            revealer=revealer or stored.seller,
            order=order,
            ask=stored.ask,
            terms=market.terms_address(stored.market, stored.terms_version),
            processor_authority=order_processor.authority_address(),
            reveal_ciphertext=ciphertext,
        )

    def report_instruction(self, order: Pubkey, transfer: bytes, buyer: Pubkey | None = None) -> Instruction:
        return order_processor.report_payment(
            buyer=buyer or self.buyer.pubkey(),
            order=order,
            processor_authority=order_processor.authority_address(),
            nf=transfer,
        )

    def payment_statement(self, order: Pubkey, payment: Payment) -> PaymentStatement:
        """The statement that a payment has to prove, worked out without the programs."""
        stored = self.order(order)
        deployment = deployment_id(self.svm.genesis_hash(), bytes(market.PROGRAM_ID))
        return PaymentStatement(
            domain=domain(TAG_PAYMENT, deployment, RAIL.id(), bytes(stored.market)),
            order_id=stored.order_id,
            paid_floor_minor_units=payment.paid_floor_minor_units,
            not_before_unix_s=stored.revealed_at_unix_s,
            not_after_unix_s=stored.pay_by_unix_s + 120,
            bitmap=payment.bitmap,
            payee_commit=int.from_bytes(stored.payee_commit, "big"),
            root=attestors().root,
            line_id=int.from_bytes(stored.line_id, "big"),
            nf=int.from_bytes(payment.nf, "big"),
        )

    def finalize_instruction(
        self,
        order: Pubkey,
        payment: Payment = PAYMENT,
        *,
        proof: bytes | None = None,
        payer: Pubkey | None = None,
    ) -> Instruction:
        """A settlement, with a proof of its own statement unless another one is given."""
        stored = self.order(order)
        base_mint = self.read(market.Market, stored.market).base_mint
        return order_processor.finalize_trade(
            payer=payer or self.authority.pubkey(),
            order=order,
            market=stored.market,
            terms=market.terms_address(stored.market, stored.terms_version),
            ask=stored.ask,
            vault=market.vault_address(stored.ask),
            line=market.line_address(stored.line_id),
            buyer_token=associated_token_address(stored.buyer, base_mint),
            nullifier=order_processor.nullifier_address(payment.nf),
            word=order_processor.word_address(stored.line_id, payment.nf),
            payment_key=self.stored_key("payment"),
            processor_authority=order_processor.authority_address(),
            proof=prove(self.payment_statement(order, payment).stmt()) if proof is None else proof,
            nf=payment.nf,
            paid_floor_minor_units=payment.paid_floor_minor_units,
            bitmap=payment.bitmap,
        )

    def seller_release_instruction(self, order: Pubkey, transfer: bytes = TRANSFER) -> Instruction:
        stored = self.order(order)
        base_mint = self.read(market.Market, stored.market).base_mint
        return order_processor.release_by_seller(
            seller=stored.seller,
            order=order,
            market=stored.market,
            terms=market.terms_address(stored.market, stored.terms_version),
            ask=stored.ask,
            vault=market.vault_address(stored.ask),
            line=market.line_address(stored.line_id),
            buyer_token=associated_token_address(stored.buyer, base_mint),
            nullifier=order_processor.nullifier_address(transfer),
            word=order_processor.word_address(stored.line_id, transfer),
            processor_authority=order_processor.authority_address(),
            nf=transfer,
        )

    def expire_instruction(self, order: Pubkey) -> Instruction:
        stored = self.order(order)
        return order_processor.expire_order(
            order=order,
            terms=market.terms_address(stored.market, stored.terms_version),
            ask=stored.ask,
            line=market.line_address(stored.line_id),
            book=market.book_address(stored.market),
            processor_authority=order_processor.authority_address(),
        )

    def cancel_order_instruction(
        self, order: Pubkey, *, accepts_strike: bool = False, buyer: Pubkey | None = None
    ) -> Instruction:
        stored = self.order(order)
        return order_processor.cancel_order(
            buyer=buyer or self.buyer.pubkey(),
            order=order,
            terms=market.terms_address(stored.market, stored.terms_version),
            ask=stored.ask,
            line=market.line_address(stored.line_id),
            book=market.book_address(stored.market),
            processor_authority=order_processor.authority_address(),
            accepts_strike=accepts_strike,
        )

    def extend_instruction(self, order: Pubkey, buyer: Pubkey | None = None) -> Instruction:
        stored = self.order(order)
        return order_processor.extend_claim(
            buyer=buyer or self.buyer.pubkey(),
            order=order,
            terms=market.terms_address(stored.market, stored.terms_version),
            processor_authority=order_processor.authority_address(),
        )

    def finalized(self, order: Pubkey, payment: Payment = PAYMENT) -> TransactionOutcome:
        """Settle an order by a proof."""
        return self.accepted(self.finalize_instruction(order, payment))

    # Reading.

    def status(self, order: Pubkey) -> int:
        return self.order(order).status

    def nullifier(self, transfer: bytes) -> order_processor.Nullifier:
        """The nullifier of a transfer that a proof has spent."""
        return self.read(order_processor.Nullifier, order_processor.nullifier_address(transfer))

    def word(self, transfer: bytes) -> order_processor.SellerWord:
        """The seller's word for a transfer, on the default bid's line."""
        return self.read(order_processor.SellerWord, order_processor.word_address(BID.line_id, transfer))

    def edit_order(self, order: Pubkey, **changes: object) -> order_store.MatchedOrder:
        """Write fields of an order past every rule."""
        return self.edit(order_store.MatchedOrder, order, **changes)
