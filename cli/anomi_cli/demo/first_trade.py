"""The whole trade of protocol §8: Ali sells 100 USDC at 285 PKR, Farzan pays 28,500 PKR. Nobody cheats."""

from __future__ import annotations

from typing import Final

from anomi_cli.demo.cast import Cast
from anomi_cli.demo.render import tokens
from anomi_core.errors import InternalError
from anomi_sdk.generated.order_store import MatchedOrder
from anomi_sdk.trade.buyer import Bid, BuyerTrade
from anomi_sdk.trade.orders import OrderStatus
from anomi_sdk.trade.seller import AskTerms
from anomi_services.attestor.ledger import Transfer

__all__ = ["BASE_ATOMS", "LIMIT_PRICE", "MINUTE_S", "MIN_FILL_ATOMS", "PRICE", "WEEK_S", "pay", "run"]

PRICE: Final = 28_500
LIMIT_PRICE: Final = 30_000
BASE_ATOMS: Final = 100_000_000
MIN_FILL_ATOMS: Final = 2_000_000
MINUTE_S: Final = 60
WEEK_S: Final = 7 * 86_400


def run(cast: Cast) -> BuyerTrade:
    """Take the eight phases from the deployment to the settled order; return Farzan's side of it."""
    _deploy(cast)
    _ask(cast)
    trade = _prove_solvency(cast)
    _match(cast, trade)
    _reveal(cast, trade)
    _pay(cast, trade)
    _prove_payment(cast, trade)
    _settle(cast, trade)
    return trade


def pay(cast: Cast, trade: BuyerTrade, amount_minor_units: int) -> Transfer:
    """Have Farzan pay at his bank whom the reveal names, and tell his client so."""
    world = cast.world
    if trade.to_pay().account != world.ali.account:
        raise InternalError("the reveal names somebody else than Ali")
    transfer = world.pay(world.farzan, world.ali, amount_minor_units)
    trade.paid(txid=transfer.txid, amount_minor_units=amount_minor_units, paid_at_unix_s=transfer.paid_at_unix_s)
    return transfer


def _deploy(cast: Cast) -> None:
    world, stage, deployment = cast.world, cast.stage, cast.deployment
    with stage.phase("1  Deployment: four programs, one market, its terms"):
        for program in world.chain.programs:
            stage.tell(f"{program.name} stands at {program.program_id}")
        deployment.upload_keys()
        for name, address in deployment.keys.items():
            stage.tell(f"the {name} circuit's development key stands at {address}, immutable, named by its hash")
        deployment.open_market()
        deployment.publish_terms(1, world.attestor_set)
        terms = deployment.terms()
        stage.tell(
            f"market {deployment.market}: USDC against {world.rail.name} in {world.rail.currency}; "
            f"fee {terms.fee_bps / 100:.2f} %, {_quorum(cast)} have to sign"
        )
        stage.learned("everyone", "attestors' keys and their root", terms.attestor_root.hex())
        stage.learned("everyone", "windows to reveal, pay and prove", "30 min, 24 h, 6 h")
        stage.hidden("every bank account", "what the attestors can see at the bank")


def _ask(cast: Cast) -> None:
    world, stage = cast.world, cast.stage
    with stage.phase("2  Ali asks: 100 USDC at 285 PKR"):
        world.ali.vault.link_account(world.rail, world.ali.typed_account)
        ask = AskTerms(
            account=world.ali.account,
            base_atoms=BASE_ATOMS,
            price=PRICE,
            min_fill_atoms=MIN_FILL_ATOMS,
            client_nonce=cast.seller.next_nonce(),
            expiry_unix_s=world.clock.unix_time_s() + WEEK_S,
            reveal_delegate=world.delegate.pubkey(),
        )
        cast.sell(cast.seller.prepare_ask(ask), cast.seller)
        stage.tell("PENDING_MATCH: the tokens lie in a vault of this ask alone, and the book lists it")
        stage.hidden("Ali's bank account", "Ali's name")


def _prove_solvency(cast: Cast) -> BuyerTrade:
    world, stage = cast.world, cast.stage
    with stage.phase("3  Farzan links his account and proves that he is solvent"):
        farzan = world.farzan
        farzan.vault.link_account(world.rail, farzan.typed_account)
        held = world.ledger.balance_minor_units(farzan.account)
        stage.tell(f"his account holds {world.money(held)}; nobody on chain will see that")
        trade = cast.buyer(farzan).open(Bid(farzan.account, BASE_ATOMS, LIMIT_PRICE, BASE_ATOMS))
        cast.take(trade, "attest_balance", "prove_solvency")
        stage.tell(f"{_quorum(cast)} signed what they saw; they do not learn of his wallet or his order")
        stage.hidden("account number", "name", "balance", "identity secret", "exact time of the attestation")
    return trade


def _match(cast: Cast, trade: BuyerTrade) -> None:
    with cast.stage.phase("4  The bid is matched"):
        cast.take(trade, "place_bid_order")
        order = cast.matched(trade).order
        cast.stage.tell(
            f"Pending: order {order.order_id} locks {tokens(order.base_atoms)} for Farzan at Ali's price; "
            f"{cast.world.money(order.due_minor_units)} are due"
        )
        cast.stage.hidden("account number", "name", "balance beyond what is covered", "identity secret")


def _reveal(cast: Cast, trade: BuyerTrade) -> None:
    stage = cast.stage
    with stage.phase("5  Ali's delegate reveals the payee, encrypted to Farzan"):
        cast.world.clock.sleep(MINUTE_S)
        order = cast.matched(trade)
        cast.sell(cast.delegate.prepare_reveal(order.address), cast.delegate)
        cast.take(trade, "open_reveal")
        stage.tell("AwaitingPayment: Farzan's client opened the reveal, and it opens the commitment of Ali's ask")
        cast.wait(trade)
        stage.tell("it showed him the account 120 s after the reveal, so that no clock dates his payment before it")
        stage.hidden("Ali's bank account, but from Farzan")


def _pay(cast: Cast, trade: BuyerTrade) -> None:
    world, stage = cast.world, cast.stage
    with stage.phase("6  Farzan pays 28,500 PKR, and says so"):
        world.clock.sleep(MINUTE_S)
        due: MatchedOrder = cast.matched(trade).order
        pay(cast, trade, due.due_minor_units)
        stage.tell(f"his bank has sent {world.money(due.due_minor_units)} to Ali")
        cast.take(trade, "report_payment")
        stage.learned("Ali", "the account that paid, as his bank shows it", "as with any transfer")
        stage.hidden("both account numbers", "transaction id", "amount and time of the transfer")


def _prove_payment(cast: Cast, trade: BuyerTrade) -> None:
    with cast.stage.phase("7  The payment is proven"):
        cast.take(trade, "attest_receipt", "prove_payment")
        cast.stage.tell(f"{_quorum(cast)} signed the receipt; nothing of it is on chain yet")
        cast.stage.hidden("both account numbers", "names", "transaction id", "exact amount and time", "identity secret")


def _settle(cast: Cast, trade: BuyerTrade) -> None:
    stage = cast.stage
    with stage.phase("8  Finalized: the order is settled"):
        cast.world.clock.sleep(MINUTE_S)
        cast.take(trade, "finalize_trade")
        released = cast.require_ended(trade, OrderStatus.SETTLED.name.lower()).released_atoms
        received = cast.world.chain.balance_atoms(cast.world.farzan.address)
        stage.tell(f"Settled: {tokens(released)} released, {tokens(received)} to Farzan, the fee is the treasury's")
        stage.hidden("both account numbers", "names", "transaction id", "exact amount and time")


def _quorum(cast: Cast) -> str:
    attestors = cast.world.attestor_set
    return f"{attestors.k} of {len(attestors.keys)} attestors"
