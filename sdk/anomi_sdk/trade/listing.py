"""What keeps asks in the book, brings them back and takes dead ones out of it; where a full book makes room."""

from __future__ import annotations

from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated.market import Ask, Book, Market, Terms
from anomi_sdk.rpc import Rpc
from anomi_sdk.trade.book import last_of_full_book
from anomi_sdk.trade.markets import MarketRef, read_current_terms, read_market, read_terms
from anomi_sdk.trade.prepared import Audience, Disclosure, Prepared, Till
from anomi_sdk.trade.terms import TermsDraft, terms_changes

__all__ = ["AskAliveError", "ask_to_evict", "prepare_accept_terms", "prepare_prune", "prepare_relist"]


class AskAliveError(RefusedError):
    """An ask can still be matched, or its seller still has time to accept the current terms."""


def ask_to_evict(rpc: Rpc, book: Pubkey, ask: Pubkey) -> Pubkey:
    """Return what stands in the place of the evicted ask: `ask` itself while the book has room, else its last one."""
    last = last_of_full_book(Book.read(rpc.accounts([book])[0]).slab)
    return ask if last is None else last.ask


def prepare_accept_terms(till: Till, ref: MarketRef, ask: Pubkey) -> Prepared:
    """Return accept_terms for the market's current terms; the seller pays. Raises what reading the market raises."""
    view = read_market(till.rpc, ref)
    current = read_current_terms(till.rpc, view)
    instruction = market_program.accept_terms(
        seller=till.payer,
        market=view.address,
        terms=current.address,
        ask=ask,
        book=view.market.book,
        terms_version=current.terms.version,
    )
    discloses = (Disclosure(Audience.CHAIN, "that the seller agrees to the terms", str(current.terms.version)),)
    accepted = Ask.read(till.rpc.accounts([ask])[0]).terms_version
    before = read_terms(till.rpc, view.address, accepted)
    follows = terms_changes(TermsDraft.of(before), TermsDraft.of(current))
    return till.prepare("accept_terms", instruction, discloses=discloses, follows=follows)


def prepare_relist(
    till: Till, ref: MarketRef, ask: Pubkey, *, price: int, min_fill_atoms: int, expiry_unix_s: int
) -> Prepared:
    """Return relist_ask under the market's current terms; the seller pays. Raises what reading the market raises."""
    rpc = till.rpc
    view = read_market(rpc, ref)
    current = read_current_terms(rpc, view)
    instruction = market_program.relist_ask(
        seller=till.payer,
        market=view.address,
        terms=current.address,
        ask=ask,
        book=view.market.book,
        evicted=ask_to_evict(rpc, view.market.book, ask),
        price=price,
        min_fill_atoms=min_fill_atoms,
        terms_version=current.terms.version,
        expiry_unix_s=expiry_unix_s,
    )
    discloses = (
        Disclosure(Audience.CHAIN, "price", str(price)),
        Disclosure(Audience.CHAIN, "that the seller agrees to the terms", str(current.terms.version)),
    )
    return till.prepare("relist_ask", instruction, discloses=discloses)


def prepare_prune(till: Till, ask: Pubkey) -> Prepared:
    """Return prune_ask with the terms that show the ask to be dead. Raises AskAliveError."""
    rpc = till.rpc
    listed = Ask.read(rpc.accounts([ask])[0])
    market = Market.read(rpc.accounts([listed.market])[0])
    instruction = market_program.prune_ask(
        market=listed.market, terms=_terms_that_show_it(rpc, ask, listed, market), ask=ask, book=market.book
    )
    return till.prepare("prune_ask", instruction)


def _terms_that_show_it(rpc: Rpc, address: Pubkey, ask: Ask, market: Market) -> Pubkey:
    """Return the ask's own terms, or the next, by which the market program sees that no bid can match the ask."""
    own = market_program.terms_address(ask.market, ask.terms_version)
    now = rpc.unix_time_s()
    if now >= ask.expiry_unix_s:
        return own
    if ask.terms_version != market.terms_version:
        following = market_program.terms_address(ask.market, ask.terms_version + 1)
        own_account, following_account = rpc.accounts([own, following])
        if Terms.read(own_account).revoked_at_unix_s != 0:
            return own
        if now >= Terms.read(following_account).published_at_unix_s + market_program.ACCEPT_TERMS_GRACE_S:
            return following
    raise AskAliveError(f"the ask {address} can still be matched, or its seller still has time to accept new terms")
