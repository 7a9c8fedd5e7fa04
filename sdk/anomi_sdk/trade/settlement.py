"""What ends an order: a proof of payment, its seller's release, a deadline. Anyone may bring the first and the last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_core.errors import UsageError
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated import order_processor
from anomi_sdk.generated.market import Config, Market, Terms
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.giving_up import prepare_close
from anomi_sdk.trade.listing import prepare_prune
from anomi_sdk.trade.orders import OrderView, read_order
from anomi_sdk.trade.prepared import (
    Audience,
    Disclosure,
    Prepared,
    execute,
    prepare,
)
from anomi_sdk.trade.seams import Wallet
from anomi_sdk.trade.tokens import TOKEN_PROGRAM, associated_token_address, create_associated_token

__all__ = [
    "PaymentNotReportedYetError",
    "PaymentProof",
    "Settler",
    "prepare_expire",
    "prepare_finalize",
    "prepare_release",
]


class PaymentNotReportedYetError(UsageError):
    """A seller would release an order whose buyer has not said that he has paid."""


@dataclass(frozen=True)
class PaymentProof:
    """A proof of one order's payment: 256 bytes, and the public values that the program does not know by itself."""

    proof: bytes = field(repr=False)
    nf: bytes
    paid_floor_minor_units: int
    bitmap: int


class Settler:
    """Finalizes and expires orders, whoever they belong to. Nothing that it sends can go to itself."""

    def __init__(self, rpc: Rpc, wallet: Wallet, *, micro_lamports_per_unit: int = 0) -> None:
        """Pay fees and rent with `wallet`."""
        self._rpc = rpc
        self._wallet = wallet
        self._price = micro_lamports_per_unit

    def prepare_finalize(self, order: Pubkey, proof: PaymentProof) -> Prepared:
        """Return the transaction that settles an order by a proof of payment."""
        view = read_order(self._rpc, order)
        return prepare_finalize(self._rpc, self._wallet.pubkey(), view, proof, micro_lamports_per_unit=self._price)

    def prepare_expire(self, order: Pubkey) -> Prepared:
        """Return the transaction that ends an order whose deadline has passed."""
        view = read_order(self._rpc, order)
        return prepare_expire(self._rpc, self._wallet.pubkey(), view, micro_lamports_per_unit=self._price)

    def prepare_collect_fees(self, ask: Pubkey) -> Prepared:
        """Return the transaction that pays an ask's fees to the treasury."""
        return prepare_collect_fees(self._rpc, self._wallet.pubkey(), ask, micro_lamports_per_unit=self._price)

    def prepare_prune(self, ask: Pubkey) -> Prepared:
        """Return the transaction that takes an ask out of the book that no bid can match. Raises AskAliveError."""
        return prepare_prune(self._rpc, self._wallet.pubkey(), ask, micro_lamports_per_unit=self._price)

    def prepare_close(self, order: Pubkey) -> Prepared:
        """Return the transaction that closes the record of an order that came to nothing long ago."""
        view = read_order(self._rpc, order)
        return prepare_close(self._rpc, self._wallet.pubkey(), view, micro_lamports_per_unit=self._price)

    def execute(self, prepared: Prepared) -> TransactionOutcome:
        """Sign, simulate, send and confirm. Raises the error class of the program that refuses."""
        return execute(self._rpc, prepared, [self._wallet])

    def finalize(self, order: Pubkey, proof: PaymentProof) -> TransactionOutcome:
        """Settle an order by a proof of payment."""
        return self.execute(self.prepare_finalize(order, proof))

    def expire(self, order: Pubkey) -> TransactionOutcome:
        """End an order whose deadline has passed."""
        return self.execute(self.prepare_expire(order))

    def collect_fees(self, ask: Pubkey) -> TransactionOutcome:
        """Pay an ask's fees to the treasury."""
        return self.execute(self.prepare_collect_fees(ask))

    def prune(self, ask: Pubkey) -> TransactionOutcome:
        """Take an ask out of the book that no bid can match. Raises AskAliveError."""
        return self.execute(self.prepare_prune(ask))

    def close(self, order: Pubkey) -> TransactionOutcome:
        """Close the record of an order that came to nothing long ago; its rent goes back to who paid it."""
        return self.execute(self.prepare_close(order))


def prepare_finalize(
    rpc: Rpc, payer: Pubkey, view: OrderView, proof: PaymentProof, *, micro_lamports_per_unit: int = 0
) -> Prepared:
    """Return finalize_trade, after the creation of the buyer's token account where there is none."""
    order = view.order
    mint, payment_key = _mint_and_key(rpc, view)
    instruction = order_processor.finalize_trade(
        payer=payer,
        order=view.address,
        market=order.market,
        terms=view.terms,
        ask=order.ask,
        vault=view.vault,
        line=view.line,
        buyer_token=associated_token_address(order.buyer, mint),
        nullifier=order_processor.nullifier_address(proof.nf),
        word=view.word(proof.nf),
        payment_key=payment_key,
        processor_authority=order_processor.authority_address(),
        proof=proof.proof,
        nf=proof.nf,
        paid_floor_minor_units=proof.paid_floor_minor_units,
        bitmap=proof.bitmap,
    )
    discloses = (
        Disclosure(Audience.CHAIN, "that at least this was paid, in minor units", str(proof.paid_floor_minor_units)),
        Disclosure(Audience.CHAIN, "the transfer's nullifier, which hides its id", proof.nf.hex()),
        Disclosure(Audience.CHAIN, "which attestors saw it", f"{proof.bitmap:b}"),
    )
    return _payout(rpc, "finalize_trade", instruction, payer, order.buyer, mint, discloses, micro_lamports_per_unit)


def prepare_release(rpc: Rpc, seller: Pubkey, view: OrderView, *, micro_lamports_per_unit: int = 0) -> Prepared:
    """Return release_by_seller for the payment that the buyer reported. Raises PaymentNotReportedYetError."""
    order, nf = view.order, view.reported_nf
    if nf is None:
        raise PaymentNotReportedYetError(f"the buyer of {view.address} has not reported a payment yet")
    mint, _ = _mint_and_key(rpc, view)
    instruction = order_processor.release_by_seller(
        seller=seller,
        order=view.address,
        market=order.market,
        terms=view.terms,
        ask=order.ask,
        vault=view.vault,
        line=view.line,
        buyer_token=associated_token_address(order.buyer, mint),
        nullifier=order_processor.nullifier_address(nf),
        word=view.word(nf),
        processor_authority=order_processor.authority_address(),
        nf=nf,
    )
    discloses = (Disclosure(Audience.CHAIN, "that the seller says he was paid in full", str(order.due_minor_units)),)
    return _payout(rpc, "release_by_seller", instruction, seller, order.buyer, mint, discloses, micro_lamports_per_unit)


def prepare_expire(rpc: Rpc, payer: Pubkey, view: OrderView, *, micro_lamports_per_unit: int = 0) -> Prepared:
    """Return expire_order, which gives the tokens back to the ask."""
    instruction = order_processor.expire_order(
        order=view.address,
        terms=view.terms,
        ask=view.order.ask,
        line=view.line,
        book=view.book,
        processor_authority=order_processor.authority_address(),
    )
    return prepare(
        rpc,
        "expire_order",
        [instruction],
        payer=payer,
        discloses=(Disclosure(Audience.CHAIN, "that the order's deadline passed without settlement", ""),),
        micro_lamports_per_unit=micro_lamports_per_unit,
    )


def prepare_collect_fees(rpc: Rpc, payer: Pubkey, ask: Pubkey, *, micro_lamports_per_unit: int = 0) -> Prepared:
    """Return collect_fees, after the creation of the treasury's token account where there is none."""
    ask_account, config_account = rpc.accounts([ask, market_program.config_address()])
    treasury = Config.read(config_account).treasury
    market = Market.read(rpc.accounts([market_program.Ask.read(ask_account).market])[0])
    instruction = market_program.collect_fees(
        config=market_program.config_address(),
        ask=ask,
        vault=market_program.vault_address(ask),
        treasury_token=associated_token_address(treasury, market.base_mint),
    )
    return _payout(rpc, "collect_fees", instruction, payer, treasury, market.base_mint, (), micro_lamports_per_unit)


def _payout(
    rpc: Rpc,
    step: str,
    instruction: Instruction,
    payer: Pubkey,
    owner: Pubkey,
    mint: Pubkey,
    discloses: Iterable[Disclosure],
    micro_lamports_per_unit: int,
) -> Prepared:
    """Return a step that pays `owner`, whose token account it creates where there is none."""
    token_account = rpc.accounts([associated_token_address(owner, mint)])[0]
    creates = token_account is None or token_account.owner != TOKEN_PROGRAM
    before = [create_associated_token(payer, owner, mint)] if creates else []
    return prepare(
        rpc,
        step,
        [*before, instruction],
        payer=payer,
        discloses=discloses,
        creates_token_account=creates,
        micro_lamports_per_unit=micro_lamports_per_unit,
    )


def _mint_and_key(rpc: Rpc, view: OrderView) -> tuple[Pubkey, Pubkey]:
    """Return the token that an order is about, and the verifying key of its terms."""
    market, terms = rpc.accounts([view.order.market, view.terms])
    return Market.read(market).base_mint, Terms.read(terms).payment_key
