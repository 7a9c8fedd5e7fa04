"""The protocol's invariants, held to real accounts and their history alone: the model has no say here.

Their numbers are the protocol's. 7, a refused instruction changes nothing, is checked where calls are made; 8, that any
order past its deadlines can be resolved, and 10, that a pause blocks no exit, by the machine's exits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from solders.pubkey import Pubkey

from anomi_sdk.generated import market, order_processor
from anomi_sdk.generated.order_store import MatchedOrder
from tests.property.model.ledger import Book, Token

__all__ = ["History", "check_invariants"]

T = TypeVar("T")

PENDING, AWAITING, SETTLED, EXPIRED, CANCELLED = 0, 1, 3, 4, 5
_LIVE = (PENDING, AWAITING)
_ARROWS = {
    (PENDING, AWAITING),
    (PENDING, EXPIRED),
    (PENDING, CANCELLED),
    (AWAITING, SETTLED),
    (AWAITING, EXPIRED),
    (AWAITING, CANCELLED),
}
_PLACES = ("locked_atoms", "released_atoms", "fees_atoms", "returned_atoms", "withdrawn_atoms")
_ASK_FOR_EVER = ("market", "seller", "client_nonce", "payee_commit", "reveal_delegate", "deposited_atoms")
_ORDER_FOR_EVER = (
    *("market", "order_id", "buyer", "seller", "ask", "line_id", "seq", "base_atoms", "price", "due_minor_units"),
    *("paid_min_minor_units", "payee_commit", "terms_version", "matched_at_unix_s", "reveal_by_unix_s", "rent_payer"),
)
_TERMS_MUTABLE = ("revoked_at_unix_s", "claim_extension_s")
_MAY_CLOSE_ORDERS = "order_store.close_order"
_MAY_PAY = {
    "market.place_ask_order",
    "market.withdraw_ask",
    "market.collect_fees",
    "order_processor.finalize_trade",
    "order_processor.release_by_seller",
}
"""The only instructions after which any token account holds something else."""


@dataclass(frozen=True)
class History:
    """What an earlier state said that a later one is held to."""

    accounts: Mapping[Pubkey, object]
    tokens_per_mint: Mapping[Pubkey, int]

    @classmethod
    def of(cls, accounts: Mapping[Pubkey, object]) -> History:
        """The history that begins with these accounts."""
        return cls(dict(accounts), _per_mint(accounts))


def check_invariants(before: History, accounts: Mapping[Pubkey, object], act: str | None) -> History:
    """Raise AssertionError unless every invariant holds; return the history with this state in it."""
    _asks(accounts)
    _lines(accounts)
    _nullifiers(accounts)
    _orders(before.accounts, accounts, act)
    _for_ever(before.accounts, accounts)
    assert _per_mint(accounts) == before.tokens_per_mint, "6: tokens came or went"
    _payments(before.accounts, accounts, act)
    return History(accounts, before.tokens_per_mint)


def _all(accounts: Mapping[Pubkey, object], kind: type[T]) -> dict[Pubkey, T]:
    return {address: value for address, value in accounts.items() if isinstance(value, kind)}


def _per_mint(accounts: Mapping[Pubkey, object]) -> dict[Pubkey, int]:
    totals: dict[Pubkey, int] = {}
    for token in _all(accounts, Token).values():
        totals[token.mint] = totals.get(token.mint, 0) + token.atoms
    return totals


def _asks(accounts: Mapping[Pubkey, object]) -> None:
    leaves = [leaf.value for book in _all(accounts, Book).values() for leaf in book.leaves]
    opened = {leaf.ask: leaf.open_atoms for leaf in leaves}
    assert len(opened) == len(leaves), "an ask stands in a book twice"
    orders = [order for order in _all(accounts, MatchedOrder).values() if order.status in _LIVE]
    asks = _all(accounts, market.Ask)
    assert opened.keys() == {address for address, ask in asks.items() if ask.listed}, "listed asks are those in books"
    for address, ask in asks.items():
        live = [order for order in orders if order.ask == address]
        vault = accounts.get(market.vault_address(address))
        held = vault.atoms if isinstance(vault, Token) else 0
        owed = opened.get(address, 0) + ask.locked_atoms + ask.returned_atoms + ask.fee_owed_atoms
        assert held >= owed, f"1: the vault of {address} holds {held} and owes {owed}"
        somewhere = opened.get(address, 0) + sum(getattr(ask, name) for name in _PLACES)
        assert ask.deposited_atoms == somewhere, (
            f"1: of {ask.deposited_atoms} atoms of {address} {somewhere} are somewhere"
        )
        assert ask.locked_atoms == sum(order.base_atoms for order in live), f"2: locked atoms of {address}"
        assert ask.live_orders == len(live), f"2: live orders of {address}"
        assert (vault is None) == (ask.vault == Pubkey.default()), (
            f"the vault of {address} is closed and named, or neither"
        )


def _lines(accounts: Mapping[Pubkey, object]) -> None:
    orders = [order for order in _all(accounts, MatchedOrder).values() if order.status in _LIVE]
    for line in _all(accounts, market.SolvencyLine).values():
        due = sum(order.due_minor_units for order in orders if order.line_id == line.line_id)
        assert line.reserved_minor_units == due, f"3: a line has reserved {line.reserved_minor_units} for {due}"


def _nullifiers(accounts: Mapping[Pubkey, object]) -> None:
    settled = {address: order for address, order in _all(accounts, MatchedOrder).items() if order.status == SETTLED}
    proven = [(mark.order, mark.nf) for mark in _all(accounts, order_processor.Nullifier).values()]
    said = [(mark.order, mark.nf) for mark in _all(accounts, order_processor.SellerWord).values()]
    spent = dict(proven + said)
    assert len(spent) == len(proven) + len(said), "4: an order is settled by two transfers"
    assert spent == {address: order.nf for address, order in settled.items()}, "4: settled orders and their transfers"
    transfers = {(order.line_id, order.nf) for order in settled.values()}
    assert len(transfers) == len(settled), "4: one transfer of one line has settled two orders"
    assert len({nf for _, nf in proven}) == len(proven), "4: two proofs have spent one transfer"


def _orders(before: Mapping[Pubkey, object], accounts: Mapping[Pubkey, object], act: str | None) -> None:
    now = _all(accounts, MatchedOrder)
    for address, order in now.items():
        earlier = before.get(address)
        assert order.status in (*_LIVE, SETTLED, EXPIRED, CANCELLED), f"5: status {order.status}"
        if not isinstance(earlier, MatchedOrder):
            assert order.status == PENDING, "5: an order begins as Pending"
        elif earlier.status != order.status:
            assert (earlier.status, order.status) in _ARROWS, f"5: {earlier.status} became {order.status}"
        elif order.status not in _LIVE:
            assert order == earlier, "5: an order changed after its end"
    for address, earlier in _all(before, MatchedOrder).items():
        closed = earlier.status in (EXPIRED, CANCELLED) and act == _MAY_CLOSE_ORDERS
        assert address in now or closed, "5: the record of an order is gone"


def _for_ever(before: Mapping[Pubkey, object], accounts: Mapping[Pubkey, object]) -> None:
    """11, and what is never rewritten at all: who can receive funds is settled when an ask or an order begins."""
    for address, earlier in before.items():
        later = accounts.get(address)
        names: tuple[str, ...] = ()
        if isinstance(earlier, market.Ask):
            names = _ASK_FOR_EVER
        elif isinstance(earlier, MatchedOrder) and later is not None:
            names = _ORDER_FOR_EVER
        elif isinstance(earlier, market.Terms):
            names = tuple(name for name in market.Terms.__dataclass_fields__ if name not in _TERMS_MUTABLE)
        elif isinstance(earlier, (order_processor.Nullifier, order_processor.SellerWord)):
            names = ("nf", "order")
        for name in names:
            assert getattr(later, name) == getattr(earlier, name), f"11: {name} of {address} changed"


def _payments(before: Mapping[Pubkey, object], accounts: Mapping[Pubkey, object], act: str | None) -> None:
    """9: what leaves a vault reaches its order's buyer, the treasury or its ask's seller, and nobody else."""
    if act is not None and "." not in act:
        return  # Users move their own tokens as they please.
    asks = _all(accounts, market.Ask)
    vaults = {market.vault_address(address): ask for address, ask in asks.items()}
    gains = {
        address: token.atoms - earlier.atoms
        for address, token in _all(accounts, Token).items()
        if isinstance(earlier := before.get(address), Token) and token.atoms != earlier.atoms
    }
    paying = {
        address: ask
        for address, ask in vaults.items()
        if isinstance(old := before.get(address), Token)
        and old.atoms > (new.atoms if isinstance(new := accounts.get(address), Token) else 0)
    }
    assert not gains or act in _MAY_PAY, f"9: {act} moved tokens"
    assert len(paying) <= 1, "9: two vaults paid at once"
    config = next(iter(_all(accounts, market.Config).values()))
    for address, gain in gains.items():
        token = accounts[address]
        assert isinstance(token, Token)
        if gain <= 0 or not paying:
            continue
        (ask,) = paying.values()
        settled = [
            order.buyer
            for place, order in _all(accounts, MatchedOrder).items()
            if order.status == SETTLED and isinstance(was := before.get(place), MatchedOrder) and was.status != SETTLED
        ]
        allowed = {
            "market.withdraw_ask": [ask.seller],
            "market.collect_fees": [config.treasury],
        }.get(act or "", settled)
        assert token.owner in allowed, f"9: {act} paid {gain} atoms to {token.owner}"
