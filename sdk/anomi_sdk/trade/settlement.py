"""What ends an order: a proof of payment, its seller's release, a deadline. Anyone may bring the first and the last."""

from __future__ import annotations

from dataclasses import dataclass, field

from solders.pubkey import Pubkey

from anomi_core.errors import UsageError
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated import order_processor
from anomi_sdk.generated.market import Ask, Config, Market, Terms
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.giving_up import prepare_close
from anomi_sdk.trade.listing import prepare_prune
from anomi_sdk.trade.orders import OrderView, read_order
from anomi_sdk.trade.prepared import Audience, Disclosure, Prepared, Till, execute
from anomi_sdk.trade.seams import Wallet
from anomi_sdk.trade.tokens import associated_token_address

__all__ = [
    "PaymentNotReportedYetError",
    "PaymentProof",
    "Settler",
    "prepare_collect_fees",
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
        self._wallet = wallet
        self._till = Till(rpc, wallet.pubkey(), micro_lamports_per_unit)

    def prepare_finalize(self, order: Pubkey, proof: PaymentProof) -> Prepared:
        """Return the transaction that settles an order by a proof of payment."""
        return prepare_finalize(self._till, read_order(self._till.rpc, order), proof)

    def prepare_expire(self, order: Pubkey) -> Prepared:
        """Return the transaction that ends an order whose deadline has passed."""
        return prepare_expire(self._till, read_order(self._till.rpc, order))

    def prepare_collect_fees(self, ask: Pubkey) -> Prepared:
        """Return the transaction that pays an ask's fees to the treasury."""
        return prepare_collect_fees(self._till, ask)

    def prepare_prune(self, ask: Pubkey) -> Prepared:
        """Return the transaction that takes an ask out of the book that no bid can match. Raises AskAliveError."""
        return prepare_prune(self._till, ask)

    def prepare_close(self, order: Pubkey) -> Prepared:
        """Return the transaction that closes the record of an order that came to nothing long ago."""
        return prepare_close(self._till, read_order(self._till.rpc, order))

    def execute(self, prepared: Prepared) -> TransactionOutcome:
        """Sign, simulate, send and confirm. Raises the error class of the program that refuses."""
        return execute(self._till.rpc, prepared, [self._wallet])

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


def prepare_finalize(till: Till, view: OrderView, proof: PaymentProof) -> Prepared:
    """Return finalize_trade, after the creation of the buyer's token account where there is none."""
    order = view.order
    mint, payment_key = _mint_and_key(till.rpc, view)
    instruction = order_processor.finalize_trade(
        payer=till.payer,
        payment_key=payment_key,
        proof=proof.proof,
        nf=proof.nf,
        paid_floor_minor_units=proof.paid_floor_minor_units,
        bitmap=proof.bitmap,
        **_release_accounts(view, mint, proof.nf),
    )
    discloses = (
        Disclosure(Audience.CHAIN, "that at least this was paid, in minor units", str(proof.paid_floor_minor_units)),
        Disclosure(Audience.CHAIN, "the transfer's nullifier, which hides its id", proof.nf.hex()),
        Disclosure(Audience.CHAIN, "which attestors saw it", f"{proof.bitmap:b}"),
    )
    return till.prepare_payout("finalize_trade", instruction, order.buyer, mint, discloses=discloses)


def prepare_release(till: Till, view: OrderView) -> Prepared:
    """Return release_by_seller for the payment that the buyer reported. Raises PaymentNotReportedYetError."""
    order, nf = view.order, view.reported_nf
    if nf is None:
        raise PaymentNotReportedYetError(f"the buyer of {view.address} has not reported a payment yet")
    mint, _ = _mint_and_key(till.rpc, view)
    instruction = order_processor.release_by_seller(seller=till.payer, nf=nf, **_release_accounts(view, mint, nf))
    discloses = (Disclosure(Audience.CHAIN, "that the seller says he was paid in full", str(order.due_minor_units)),)
    return till.prepare_payout("release_by_seller", instruction, order.buyer, mint, discloses=discloses)


def prepare_expire(till: Till, view: OrderView) -> Prepared:
    """Return expire_order, which gives the tokens back to the ask."""
    instruction = order_processor.expire_order(
        order=view.address,
        terms=view.terms,
        ask=view.order.ask,
        line=view.line,
        book=view.book,
        processor_authority=order_processor.authority_address(),
    )
    discloses = (Disclosure(Audience.CHAIN, "that the order's deadline passed without settlement", ""),)
    return till.prepare("expire_order", instruction, discloses=discloses)


def prepare_collect_fees(till: Till, ask: Pubkey) -> Prepared:
    """Return collect_fees, after the creation of the treasury's token account where there is none."""
    ask_account, config_account = till.rpc.accounts([ask, market_program.config_address()])
    treasury = Config.read(config_account).treasury
    market = Market.read(till.rpc.accounts([Ask.read(ask_account).market])[0])
    instruction = market_program.collect_fees(
        config=market_program.config_address(),
        ask=ask,
        vault=market_program.vault_address(ask),
        treasury_token=associated_token_address(treasury, market.base_mint),
    )
    return till.prepare_payout("collect_fees", instruction, treasury, market.base_mint)


def _release_accounts(view: OrderView, mint: Pubkey, nf: bytes) -> dict[str, Pubkey]:
    """Return the accounts of every release of an order's tokens for the transfer `nf`."""
    order = view.order
    return {
        "order": view.address,
        "market": order.market,
        "terms": view.terms,
        "ask": order.ask,
        "vault": view.vault,
        "line": view.line,
        "buyer_token": associated_token_address(order.buyer, mint),
        "nullifier": order_processor.nullifier_address(nf),
        "word": view.word(nf),
        "processor_authority": order_processor.authority_address(),
    }


def _mint_and_key(rpc: Rpc, view: OrderView) -> tuple[Pubkey, Pubkey]:
    """Return the token that an order is about, and the verifying key of its terms."""
    market, terms = rpc.accounts([view.order.market, view.terms])
    return Market.read(market).base_mint, Terms.read(terms).payment_key
