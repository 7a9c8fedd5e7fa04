"""Listed asks later on: moved to newer terms, listed anew, or pruned by anyone when no bid can match them any more."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from anomi_sdk.generated import market
from tests.property.model.asks import NO_VAULT, check_admission, check_offer, put_on_list, unlist
from tests.property.model.checks import Program
from tests.property.model.ledger import Book, Leaf, Ledger

__all__ = ["accept_terms", "prune_ask", "relist_ask"]

MARKET = Program(market.PROGRAM)
need = MARKET.need


def _place_and_terms(ledger: Ledger, accounts: SimpleNamespace) -> tuple[market.Market, market.Terms]:
    place = MARKET.load(ledger, market.Market, accounts.market, "MarketInvalid")
    terms = MARKET.load(ledger, market.Terms, accounts.terms, "TermsInvalid")
    need(terms.market == accounts.market, "TermsOfAnotherMarket")
    return place, terms


def _own_ask(ledger: Ledger, accounts: SimpleNamespace, place: market.Market) -> market.Ask:
    """The seller's ask, of this market, whose book stands beside it."""
    ask = MARKET.load(ledger, market.Ask, accounts.ask, "AskInvalid")
    need(accounts.seller == ask.seller, "AskSellerMismatch")
    need(ask.market == accounts.market, "AskOfAnotherMarket")
    need(accounts.book == place.book, "BookAddressMismatch")
    return ask


def accept_terms(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    """The ask keeps its price and its place."""
    place, terms = _place_and_terms(ledger, accounts)
    ask = _own_ask(ledger, accounts, place)
    check_admission(place, terms, args.terms_version)
    need(ask.listed, "AskNotListed")
    need(ask.terms_version != args.terms_version, "TermsAlreadyAccepted")
    enough = ask.deposited_atoms >= terms.min_ask_atoms and ask.min_fill_atoms >= terms.min_fill_atoms
    need(enough, "AmountBelowMinimum")
    book = ledger.get(Book, place.book)
    assert book is not None
    leaves = tuple(
        Leaf(leaf.price, leaf.sequence, replace(leaf.value, terms_version=terms.version))
        if leaf.value.ask == accounts.ask
        else leaf
        for leaf in book.leaves
    )
    ledger.accounts[place.book] = replace(book, leaves=leaves)
    ledger.accounts[accounts.ask] = replace(ask, terms_version=terms.version)


def relist_ask(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    """All that was returned is listed as a new offer, behind those of its price."""
    place, terms = _place_and_terms(ledger, accounts)
    ask = _own_ask(ledger, accounts, place)
    check_admission(place, terms, args.terms_version)
    need(ask.vault != NO_VAULT, "VaultClosed")
    need(not ask.listed, "AskAlreadyListed")
    check_offer(ledger, place, terms, ask.returned_atoms, args)
    anew = replace(
        ask,
        price=args.price,
        min_fill_atoms=args.min_fill_atoms,
        terms_version=args.terms_version,
        expiry_unix_s=args.expiry_unix_s,
        returned_atoms=0,
    )
    put_on_list(ledger, accounts.ask, anew, ask.returned_atoms, accounts.evicted)


def prune_ask(ledger: Ledger, accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    place, terms = _place_and_terms(ledger, accounts)
    ask = MARKET.load(ledger, market.Ask, accounts.ask, "AskInvalid")
    need(ask.market == accounts.market, "AskOfAnotherMarket")
    need(accounts.book == place.book, "BookAddressMismatch")
    need(ask.listed, "AskNotListed")
    need(_is_dead(ask, place, terms, ledger.now), "AskNotPrunable")
    unlist(ledger, accounts.ask, accounts.book)


def _is_dead(ask: market.Ask, place: market.Market, terms: market.Terms, now: int) -> bool:
    """Expired; or under earlier terms, which the ask's own show to be revoked, or the next ones to be old news."""
    if now >= ask.expiry_unix_s:
        return True
    if ask.terms_version == place.terms_version:
        return False
    revoked = terms.version == ask.terms_version and terms.revoked_at_unix_s > 0
    old_news = now >= terms.published_at_unix_s + market.ACCEPT_TERMS_GRACE_S
    return revoked or (terms.version == ask.terms_version + 1 and old_news)
