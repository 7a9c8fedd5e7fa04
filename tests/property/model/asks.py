"""Asks: deposits into vaults of their own, listed in the book until they are taken, cancelled or withdrawn."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.trade.tokens import associated_token_address
from tests.property.model import tokens
from tests.property.model.checks import TIME_END, U64_END, Program, is_field_element
from tests.property.model.ledger import Book, Leaf, Ledger, Token, pda

__all__ = [
    "NO_VAULT",
    "book_of",
    "cancel_ask_order",
    "collect_fees",
    "due_ceil",
    "open_atoms",
    "place_ask_order",
    "unlist",
    "vault_of",
    "withdraw_ask",
]

MARKET = Program(market.PROGRAM)
need = MARKET.need
NO_VAULT = Pubkey.default()
_NODE_BYTES = 25 + market.BOOK_LEAF_BYTES


def due_ceil(base_atoms: int, price: int, decimals: int) -> int:
    """What so many atoms cost: the smallest whole minor unit that is not too little."""
    whole: int = 10**decimals
    return -(-base_atoms * price // whole)


def open_atoms(ledger: Ledger, address: Pubkey) -> int:
    """What the book holds of an ask."""
    return sum(
        leaf.value.open_atoms for book in ledger.all(Book).values() for leaf in book.leaves if leaf.value.ask == address
    )


def place_ask_order(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    place = MARKET.load(ledger, market.Market, accounts.market, "MarketInvalid")
    terms = MARKET.load(ledger, market.Terms, accounts.terms, "TermsInvalid")
    need(terms.market == accounts.market, "TermsOfAnotherMarket")
    need(accounts.book == place.book, "BookAddressMismatch")
    need(accounts.base_mint == place.base_mint, "MintMismatch")
    source = MARKET.load(ledger, Token, accounts.seller_token, "TokenAccountInvalid")
    need(source.mint == accounts.base_mint, "TokenAccountMintMismatch")
    need(source.owner == accounts.seller, "TokenAccountOwnerMismatch")
    nonce = args.client_nonce.to_bytes(8, "little")
    ask, bump = pda(market.PROGRAM_ID, b"ask", bytes(accounts.market), bytes(accounts.seller), nonce)
    need(accounts.ask == ask, "AskAddressMismatch")
    vault, vault_bump = pda(market.PROGRAM_ID, b"vault", bytes(ask))
    need(accounts.vault == vault, "VaultAddressMismatch")
    need(ask not in ledger.accounts, "AskAlreadyExists")
    check_admission(place, terms, args.terms_version)
    need(is_field_element(args.payee_commit), "FieldElementNotCanonical")
    check_offer(ledger, place, terms, args.base_atoms, args)
    value = market.Ask(
        market=accounts.market,
        seller=accounts.seller,
        vault=vault,
        client_nonce=args.client_nonce,
        price=args.price,
        min_fill_atoms=args.min_fill_atoms,
        payee_commit=args.payee_commit,
        reveal_delegate=args.reveal_delegate,
        terms_version=args.terms_version,
        expiry_unix_s=args.expiry_unix_s,
        sequence=0,
        listed=False,
        bump=bump,
        vault_bump=vault_bump,
        live_orders=0,
        deposited_atoms=args.base_atoms,
        locked_atoms=0,
        released_atoms=0,
        fees_atoms=0,
        fee_owed_atoms=0,
        returned_atoms=0,
        withdrawn_atoms=0,
    )
    put_on_list(ledger, ask, value, args.base_atoms, accounts.evicted)
    ledger.accounts[vault] = Token(place.base_mint, ask, 0)
    tokens.move(ledger, accounts.seller_token, vault, args.base_atoms)


def check_admission(place: market.Market, terms: market.Terms, version: int) -> None:
    """Nothing new in a paused market, nor under terms that are not the current ones or are revoked."""
    need(not place.paused, "MarketPaused")
    need(version == terms.version == place.terms_version, "TermsVersionMismatch")
    need(terms.revoked_at_unix_s == 0, "TermsRevoked")


def check_offer(
    ledger: Ledger, place: market.Market, terms: market.Terms, base_atoms: int, args: SimpleNamespace
) -> None:
    """What a seller may list."""
    enough = base_atoms >= terms.min_ask_atoms and args.min_fill_atoms >= terms.min_fill_atoms
    need(enough, "AmountBelowMinimum")
    need(args.min_fill_atoms <= base_atoms, "MinFillAboveAmount")
    need(args.price > 0, "PriceZero")
    need(due_ceil(base_atoms, args.price, place.base_decimals) < U64_END, "DueOutOfRange")
    need(args.expiry_unix_s < TIME_END, "ExpiryOutOfRange")
    need(args.expiry_unix_s > ledger.now, "ExpiryPassed")
    need(args.expiry_unix_s >= ledger.now + market.LISTING_MIN_S, "ExpiryTooSoon")


def put_on_list(ledger: Ledger, address: Pubkey, ask: market.Ask, base_atoms: int, evicted: Pubkey) -> None:
    """List so much of an ask at its price, behind those of the same price; a full book gives up a dearer last one."""
    place = ledger.get(market.Market, ask.market)
    assert place is not None
    book = ledger.get(Book, place.book)
    assert book is not None
    if len(book.leaves) == market.BOOK_LEAVES_MAX:
        last = book.leaves[-1]
        need(ask.price < last.price, "BookFull")
        need(evicted == last.value.ask, "EvictedAskMismatch")
        unlist(ledger, evicted, place.book)
        book = replace(book, leaves=book.leaves[:-1])
    else:
        need(evicted == address, "EvictedAskMismatch")
    need(len(book.leaves) < (book.size_bytes - 48 - 16) // _NODE_BYTES, "BookFull")
    leaf = market.BookLeaf(
        ask=address,
        seller=ask.seller,
        open_atoms=base_atoms,
        min_fill_atoms=ask.min_fill_atoms,
        payee_commit=ask.payee_commit,
        terms_version=ask.terms_version,
        expiry_unix_s=ask.expiry_unix_s,
    )
    leaves = (*book.leaves, Leaf(ask.price, book.next_sequence, leaf))
    leaves = tuple(sorted(leaves, key=lambda entry: (entry.price, entry.sequence)))
    ledger.accounts[place.book] = replace(book, leaves=leaves, next_sequence=book.next_sequence + 1)
    ledger.accounts[address] = replace(ask, sequence=book.next_sequence, listed=True)


def book_of(ledger: Ledger, ask: market.Ask, address: Pubkey) -> Book:
    """The account in the book's place, which is the ask's market's book."""
    book = MARKET.load(ledger, Book, address, "BookInvalid")
    need(book.market == ask.market, "BookAddressMismatch")
    return book


def unlist(ledger: Ledger, address: Pubkey, book: Pubkey) -> None:
    """Take a listed ask out of its book: what was open is returned."""
    ask, listed = ledger.get(market.Ask, address), ledger.get(Book, book)
    assert ask is not None
    assert listed is not None
    kept = tuple(leaf for leaf in listed.leaves if leaf.value.ask != address)
    opened = open_atoms(ledger, address)
    ledger.accounts[book] = replace(listed, leaves=kept)
    ledger.accounts[address] = replace(ask, listed=False, returned_atoms=ask.returned_atoms + opened)


def vault_of(ask: market.Ask, vault: Pubkey) -> None:
    """The account in the vault's place is the ask's vault, which is not closed."""
    need(ask.vault != NO_VAULT, "VaultClosed")
    need(vault == ask.vault, "VaultAddressMismatch")


def cancel_ask_order(ledger: Ledger, accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    ask = MARKET.load(ledger, market.Ask, accounts.ask, "AskInvalid")
    need(accounts.seller == ask.seller, "AskSellerMismatch")
    book_of(ledger, ask, accounts.book)
    need(ask.listed, "AskNotListed")
    unlist(ledger, accounts.ask, accounts.book)


def withdraw_ask(ledger: Ledger, accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    ask = MARKET.load(ledger, market.Ask, accounts.ask, "AskInvalid")
    need(accounts.seller == ask.seller, "AskSellerMismatch")
    vault_of(ask, accounts.vault)
    vault = ledger.get(Token, ask.vault)
    assert vault is not None
    destination = MARKET.load(ledger, Token, accounts.destination, "TokenAccountInvalid")
    need(destination.mint == vault.mint, "TokenAccountMintMismatch")
    need(destination.owner == accounts.seller, "TokenAccountOwnerMismatch")
    over = not ask.listed and ask.live_orders == 0 and ask.fee_owed_atoms == 0
    need(over or ask.returned_atoms > 0, "NothingToWithdraw")
    # With the vault goes whatever anyone has sent there.
    paid = vault.atoms if over else ask.returned_atoms
    ledger.accounts[accounts.ask] = replace(
        ask,
        vault=NO_VAULT if over else ask.vault,
        returned_atoms=0,
        withdrawn_atoms=ask.withdrawn_atoms + ask.returned_atoms,
    )
    if paid > 0:
        tokens.move(ledger, ask.vault, accounts.destination, paid)
    if over:
        tokens.close(ledger, ask.vault)


def collect_fees(ledger: Ledger, accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    need(accounts.config == market.config_address(), "ConfigAddressMismatch")
    config = MARKET.load(ledger, market.Config, accounts.config, "ConfigNotInitialized")
    ask = MARKET.load(ledger, market.Ask, accounts.ask, "AskInvalid")
    vault_of(ask, accounts.vault)
    vault = ledger.get(Token, ask.vault)
    assert vault is not None
    need(
        accounts.treasury_token == associated_token_address(config.treasury, vault.mint), "TokenAccountAddressMismatch"
    )
    MARKET.load(ledger, Token, accounts.treasury_token, "TokenAccountInvalid")
    need(ask.fee_owed_atoms > 0, "NoFeesOwed")
    ledger.accounts[accounts.ask] = replace(ask, fee_owed_atoms=0)
    tokens.move(ledger, ask.vault, accounts.treasury_token, ask.fee_owed_atoms)
