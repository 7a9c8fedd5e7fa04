"""What goes wrong, and how it ends: a partial payment, a release by hand, an expiry, and every way to cheat."""

from __future__ import annotations

from typing import Final

from solders.pubkey import Pubkey

from anomi_cli.demo import bid_attempts, custody_attempts, payment_attempts
from anomi_cli.demo.cast import Cast
from anomi_cli.demo.first_trade import LIMIT_PRICE, MIN_FILL_ATOMS, MINUTE_S, PRICE, WEEK_S, pay
from anomi_cli.demo.render import tokens
from anomi_sdk.trade.buyer import Bid, BuyerTrade
from anomi_sdk.trade.markets import field_bytes
from anomi_sdk.trade.seller import AskTerms
from anomi_sdk.trade.settlement import PaymentProof
from anomi_services.attestor.ledger import Transfer

__all__ = ["run"]

BASE_ATOMS: Final = 150_000_000
PARTLY_PAID_ATOMS: Final = 40_000_000
PARTLY_PAID_MINOR_UNITS: Final = 760_000
"""Two thirds of the 11,400 PKR that are due for 40 USDC."""
BY_HAND_ATOMS: Final = 20_000_000
EXPIRED_ATOMS: Final = 30_000_000


def run(cast: Cast, first: BuyerTrade) -> None:
    """Go on after the first trade: three more orders, and every attempt to cheat."""
    ask = _ask_again(cast, first)
    partly, by_hand, late = _bid_thrice(cast, ask)
    early = _before_the_reveal(cast, partly, late, ask)
    _reveal(cast, partly, by_hand, early)
    transfer = _pay_partly(cast, partly, by_hand)
    _settle_partly(cast, partly, by_hand, transfer)
    _release_by_hand(cast, by_hand)
    _expire(cast, late)


def _ask_again(cast: Cast, first: BuyerTrade) -> Pubkey:
    world, stage = cast.world, cast.stage
    with stage.phase("9  Ali asks again: 150 USDC at 285 PKR. What is over is over"):
        world.clock.sleep(MINUTE_S)
        nonce = cast.seller.next_nonce()
        prepared = cast.seller.prepare_ask(
            AskTerms(
                account=world.ali.account,
                base_atoms=BASE_ATOMS,
                price=PRICE,
                min_fill_atoms=MIN_FILL_ATOMS,
                client_nonce=nonce,
                expiry_unix_s=world.clock.unix_time_s() + WEEK_S,
                reveal_delegate=world.delegate.pubkey(),
            )
        )
        cast.sell(prepared, cast.seller)
        ask = cast.seller.ask_address(nonce)
        custody_attempts.finalized_twice(cast, first)
        bid_attempts.money_that_has_moved(cast, ask)
        bid_attempts.money_that_is_not_there(cast)
    return ask


def _bid_thrice(cast: Cast, ask: Pubkey) -> tuple[BuyerTrade, BuyerTrade, BuyerTrade]:
    farzan, stage = cast.world.farzan, cast.stage
    trades: list[BuyerTrade] = []
    with stage.phase("10  Farzan bids for 40, 20 and 30 USDC. One balance backs what it covers, once"):
        for atoms in (PARTLY_PAID_ATOMS, BY_HAND_ATOMS, EXPIRED_ATOMS):
            trade = cast.buyer(farzan).open(Bid(farzan.account, atoms, LIMIT_PRICE, atoms))
            if not trades:
                # Attestors must not have looked before the settlement, by the slowest of their clocks.
                cast.wait(trade)
                cast.world.clock.sleep(MINUTE_S)
            cast.take(trade, "attest_balance", "prove_solvency", "place_bid_order")
            order = cast.matched(trade).order
            stage.tell(
                f"Pending: order {order.order_id}, {tokens(atoms)}, {cast.world.money(order.due_minor_units)} due"
            )
            if not trades:
                bid_attempts.one_balance_twice(cast, ask)
            trades.append(trade)
    one, two, three = trades
    return one, two, three


def _before_the_reveal(cast: Cast, partly: BuyerTrade, late: BuyerTrade, ask: Pubkey) -> Transfer:
    world, stage = cast.world, cast.stage
    with stage.phase("11  Before the reveal"):
        order = cast.matched(partly).order
        transfer = world.pay(world.farzan, world.ali, order.paid_min_minor_units)
        stage.tell(
            f"Farzan, who knows Ali's account by now, sends {world.money(transfer.amount_minor_units)} too early"
        )
        payment_attempts.before_the_reveal(cast, partly)
        payment_attempts.false_reveal(cast, cast.matched(late))
        custody_attempts.withdrawn_while_locked(cast, ask)
    return transfer


def _reveal(cast: Cast, partly: BuyerTrade, by_hand: BuyerTrade, early: Transfer) -> None:
    with cast.stage.phase("12  Ali's delegate reveals orders 2 and 3"):
        cast.world.clock.sleep(MINUTE_S)
        for trade in (partly, by_hand):
            cast.sell(cast.delegate.prepare_reveal(cast.matched(trade).address), cast.delegate)
            cast.take(trade, "open_reveal")
        cast.wait(by_hand)
        payment_attempts.paid_too_early(cast, partly, early)


def _pay_partly(cast: Cast, partly: BuyerTrade, by_hand: BuyerTrade) -> Transfer:
    world, stage = cast.world, cast.stage
    with stage.phase("13  Farzan pays two thirds of order 2, and proves it"):
        world.clock.sleep(MINUTE_S)
        third_party = world.pay(world.bilal, world.ali, cast.matched(partly).order.due_minor_units)
        transfer = pay(cast, partly, PARTLY_PAID_MINOR_UNITS)
        stage.tell(f"he pays {world.money(PARTLY_PAID_MINOR_UNITS)}; Bilal pays Ali all of the due besides")
        cast.take(partly, "report_payment", "attest_receipt", "prove_payment")
        payment_attempts.wrong_payer(cast, partly, third_party)
        payment_attempts.too_little(cast, partly, transfer)
        payment_attempts.another_order(cast, partly, by_hand)
        custody_attempts.past_the_processor(cast, cast.matched(partly))
        custody_attempts.to_another(cast, cast.matched(partly))
    return transfer


def _settle_partly(cast: Cast, partly: BuyerTrade, by_hand: BuyerTrade, transfer: Transfer) -> None:
    stage = cast.stage
    with stage.phase("14  Order 2 is settled in proportion; its receipt is spent"):
        proven = cast.prover.payment[-1]
        proof = PaymentProof(
            proven.made.proof,
            field_bytes(proven.statement.nf),
            proven.statement.paid_floor_minor_units,
            proven.statement.bitmap,
        )
        custody_attempts.prove_receipt_again(cast, cast.matched(by_hand), transfer)
        prepared = cast.settler.prepare_finalize(cast.matched(partly).address, proof)
        stage.discloses(prepared, counterparty="Farzan")
        cast.settler.execute(prepared)
        order = cast.require_ended(partly, "settled")
        stage.tell(
            f"Settled, by Bilal, who gets nothing for it: {tokens(order.released_atoms)} are released; "
            "the rest is Ali's again, and Farzan's line has a strike"
        )
        custody_attempts.same_receipt_twice(cast, by_hand, transfer)
        stage.hidden("both account numbers", "transaction id", "that Bilal paid too")


def _release_by_hand(cast: Cast, by_hand: BuyerTrade) -> None:
    stage = cast.stage
    with stage.phase("15  Order 3 is paid, and released by Ali without a proof"):
        order = cast.matched(by_hand)
        custody_attempts.released_without_a_report(cast, order)
        cast.world.clock.sleep(MINUTE_S)
        transfer = pay(cast, by_hand, order.order.due_minor_units)
        cast.take(by_hand, "report_payment")
        release = cast.seller.prepare_release(
            order.address, txid=transfer.txid, seen_minor_units=transfer.amount_minor_units
        )
        cast.sell(release, cast.seller)
        released = cast.require_ended(by_hand, "settled").released_atoms
        stage.tell(f"Settled: {tokens(released)} released in full")


def _expire(cast: Cast, late: BuyerTrade) -> None:
    world, stage = cast.world, cast.stage
    with stage.phase("16  Nobody reveals order 4: it expires, and Ali withdraws everything"):
        order = cast.matched(late)
        custody_attempts.expired_too_early(cast, order)
        custody_attempts.revealed_too_late(cast, order)
        cast.settler.expire(order.address)
        cast.require_ended(late, "expired")
        stage.tell(
            "Expired, by Bilal, as anyone could: the tokens are Ali's again, his ask has left the book, no strike"
        )
        for view in cast.seller.asks():
            cast.settler.collect_fees(view.address)
            cast.seller.withdraw(view.address)
        stage.tell(
            f"fees collected: {tokens(world.chain.balance_atoms(world.treasury.pubkey()))}; "
            "Ali has withdrawn from both vaults, and they are closed"
        )
