"""After any run: what is past its deadlines can be resolved by anyone, and every token finds its way out.

Invariant 8 and 10: no one is asked for a favour. The one who resolves an order is a stranger; the sellers get new token
accounts; only a vault that the mint's own authority has frozen keeps its tokens, since no program could move them.
"""

from __future__ import annotations

from solders.pubkey import Pubkey

from anomi_sdk.generated import market, order_processor
from anomi_sdk.generated.order_store import MatchedOrder
from anomi_sdk.trade.tokens import associated_token_address
from anomi_sdk.transactions import build_transaction
from tests.property.arena import Arena, new_call
from tests.property.events import fresh_token_account, thaw
from tests.property.independent import Chain, check_conservation, ends_of_live_orders
from tests.property.model.orders import LIVE, prove_until

__all__ = ["check_exits", "check_independently"]


def check_exits(arena: Arena) -> None:
    """Expire every live order after its last deadline, take every ask off and everything out of its vault."""
    orders = {address: order for address, order in arena.ledger.all(MatchedOrder).items() if order.status in LIVE}
    deadlines = [_deadline(arena, order) for order in orders.values()]
    arena.advance(max([arena.ledger.now, *(deadline + 1 for deadline in deadlines)]))
    for address, order in orders.items():
        _must(arena, "order_processor.expire_order", {"order": address, **_returning(order)})
    for address, ask in arena.ledger.all(market.Ask).items():
        _leave(arena, address, ask)


def check_independently(arena: Arena) -> None:
    """Hold the accounts to what the IDLs alone say, and see that each live order can be ended by a stranger."""
    chain = Chain.read(arena.svm.snapshot())
    check_conservation(chain)
    payer = arena.cast.payer
    for unix_time_s, instruction in ends_of_live_orders(chain):
        arena.svm.set_unix_time(max(unix_time_s, arena.ledger.now))
        blockhash = arena.svm.latest_blockhash()
        transaction = build_transaction([instruction], payer=payer.pubkey(), signers=[payer], blockhash=blockhash)
        outcome, _ = arena.svm.simulate_accounts(transaction)
        assert outcome.failure is None, f"an order cannot be ended a second after its last: {outcome.failure}"
    arena.svm.set_unix_time(arena.ledger.now)


def _deadline(arena: Arena, order: MatchedOrder) -> int:
    terms = arena.ledger.get(market.Terms, market.terms_address(order.market, order.terms_version))
    assert terms is not None
    return max(order.reveal_by_unix_s, prove_until(order, terms))


def _returning(order: MatchedOrder) -> dict[str, Pubkey]:
    return {
        "terms": market.terms_address(order.market, order.terms_version),
        "ask": order.ask,
        "line": market.line_address(order.line_id),
        "book": market.book_address(order.market),
        "processor_authority": order_processor.authority_address(),
    }


def _leave(arena: Arena, address: Pubkey, ask: market.Ask) -> None:
    """Everything of this ask goes where it belongs, and its vault is closed."""
    if ask.vault == Pubkey.default():
        return
    place = next(place for place in arena.cast.places if place.market == ask.market)
    treasury = associated_token_address(arena.cast.treasury.pubkey(), place.mint)
    destination = fresh_token_account(arena, arena.signers[ask.seller], place.mint)
    for account in (ask.vault, treasury):
        thaw(arena, account)
    if ask.listed:
        _must(arena, "market.cancel_ask_order", {"seller": ask.seller, "ask": address, "book": place.book})
    if ask.fee_owed_atoms:
        config = {"config": market.config_address(), "treasury_token": treasury}
        _must(arena, "market.collect_fees", {"ask": address, "vault": ask.vault, **config})
    accounts = {"seller": ask.seller, "ask": address, "vault": ask.vault, "destination": destination}
    _must(arena, "market.withdraw_ask", accounts)
    assert ask.vault not in arena.ledger.accounts, f"the vault of {address} is still there after everything"


def _must(arena: Arena, name: str, accounts: dict[str, Pubkey]) -> None:
    refused = arena.call(new_call(name, accounts, {}))
    assert refused is None, f"an exit is shut: {name} is refused with {refused}"
