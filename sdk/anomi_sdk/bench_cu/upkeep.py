"""What keeps a market in order, measured: governing, asks listed anew or pruned, orders and records ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from solders.account import Account
from solders.pubkey import Pubkey

from anomi_sdk.bench_cu.chain import UNIX_TIME_S, BenchChain, Call
from anomi_sdk.bench_cu.stall import PRICE, PROVE_BY, Stall, governor
from anomi_sdk.generated import market, order_processor, order_store

__all__ = [
    "measure_closing",
    "measure_extension",
    "measure_governing",
    "measure_order_cancel",
    "measure_relisting",
    "measure_upkeep",
]

_EXPIRED: Final = 4
_SIZES: Final = (market.BOOK_LEAVES_MAX, 100, 1)

WriteBook = Callable[[int], str]
"""Write a book of so many leaves, and return what such a book is called."""


def measure_order_cancel(chain: BenchChain, stall: Stall, variant: str, *, accepts_strike: bool) -> None:
    """Measure cancel_order as the order stands."""
    instruction = order_processor.cancel_order(
        buyer=stall.buyer.pubkey(),
        order=stall.order(),
        terms=stall.terms,
        ask=stall.ask,
        line=stall.line,
        book=stall.book,
        processor_authority=order_processor.authority_address(),
        accepts_strike=accepts_strike,
    )
    calls = [
        Call("market", "return_escrowed_funds", f"cancelled, {variant}"),
        Call("order_store", "update_status", "to Cancelled"),
    ]
    chain.measure(instruction, signers=[stall.buyer], variant=variant, calls=calls, keep=False)


def measure_extension(chain: BenchChain, stall: Stall) -> None:
    """Measure extend_claim of a reported order."""
    instruction = order_processor.extend_claim(
        buyer=stall.buyer.pubkey(),
        order=stall.order(),
        terms=stall.terms,
        processor_authority=order_processor.authority_address(),
    )
    calls = [Call("order_store", "record_claim_extension")]
    chain.measure(instruction, signers=[stall.buyer], calls=calls, keep=False)


def measure_closing(chain: BenchChain, stall: Stall) -> None:
    """Measure close_order of the order, written as one that expired long enough ago; it is put back afterwards."""
    address = stall.order()
    order = order_store.MatchedOrder.read(chain.svm.accounts([address])[0])
    over = replace(order, status=_EXPIRED, resolved_at_unix_s=PROVE_BY + 1)
    _write(chain, address, over.encode(), order_store.PROGRAM_ID)
    chain.svm.set_unix_time(PROVE_BY + 1 + order_store.ORDER_RETENTION_S)
    chain.measure(
        order_store.close_order(order=address, rent_payer=order.rent_payer), signers=[chain.payer], keep=False
    )
    chain.svm.set_unix_time(UNIX_TIME_S)
    _write(chain, address, order.encode(), order_store.PROGRAM_ID)


def measure_upkeep(chain: BenchChain, stall: Stall, write_book: WriteBook) -> None:
    """Publish the terms that come next; measure how a listed ask moves to them, or is pruned. The book is put back."""
    book = market.Book.read(chain.svm.accounts([stall.book])[0])
    chain.send(stall.publish_terms(2, 2, 3, 2), signers=[governor()])
    accept = market.accept_terms(
        seller=stall.seller.pubkey(),
        market=stall.market,
        terms=_next_terms(stall),
        ask=stall.ask,
        book=stall.book,
        terms_version=2,
    )
    prune = market.prune_ask(market=stall.market, terms=_next_terms(stall), ask=stall.ask, book=stall.book)
    for leaves in _SIZES:
        variant = write_book(leaves)
        chain.measure(accept, signers=[stall.seller], variant=variant, keep=False)
        chain.svm.set_unix_time(UNIX_TIME_S + market.ACCEPT_TERMS_GRACE_S)
        chain.measure(prune, signers=[chain.payer], variant=variant, keep=False)
        chain.svm.set_unix_time(UNIX_TIME_S)
    _write(chain, stall.book, book.encode(), market.PROGRAM_ID)


def measure_relisting(chain: BenchChain, stall: Stall, write_book: WriteBook) -> None:
    """Measure relist_ask of an ask that was cancelled, under the next terms."""
    instruction = market.relist_ask(
        seller=stall.seller.pubkey(),
        market=stall.market,
        terms=_next_terms(stall),
        ask=stall.ask,
        book=stall.book,
        evicted=stall.ask,
        price=PRICE,
        min_fill_atoms=1,
        terms_version=2,
        expiry_unix_s=UNIX_TIME_S + 7 * 86_400,
    )
    for leaves in (market.BOOK_LEAVES_MAX - 1, 100, 1, 0):
        variant = write_book(leaves)
        chain.measure(instruction, signers=[stall.seller], variant=variant, keep=False)


def measure_governing(chain: BenchChain, stall: Stall) -> None:
    """Measure what the governor does, and undo it."""
    authority, config = governor(), market.config_address()
    by = {"authority": authority.pubkey(), "config": config}
    chain.measure(market.revoke_terms(**by, terms=_next_terms(stall)), signers=[authority])
    chain.measure(market.restore_terms(**by, terms=_next_terms(stall)), signers=[authority])
    chain.measure(market.set_paused(**by, market=stall.market, paused=True), signers=[authority], keep=False)
    heir = stall.seller.pubkey()
    chain.measure(market.transfer_authority(**by, pending_authority=heir), signers=[authority])
    accept = market.accept_authority(successor=heir, config=config)
    chain.measure(accept, signers=[stall.seller], keep=False)
    chain.send(market.transfer_authority(**by, pending_authority=Pubkey.default()), signers=[authority])


def _write(chain: BenchChain, address: Pubkey, data: bytes, owner: Pubkey) -> None:
    chain.svm.set_account(address, Account(chain.svm.minimum_balance_lamports(len(data)), data, owner))


def _next_terms(stall: Stall) -> Pubkey:
    return market.terms_address(stall.market, 2)
