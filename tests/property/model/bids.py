"""Bids: one ask is matched at once, or the bid is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace

from solders.pubkey import Pubkey

from anomi_core.statements import PaymentStatement, SolvencyStatement
from anomi_sdk.generated import groth16_verifier, market, order_store
from anomi_sdk.trade.reveal import RevealKeyUnusableError, require_usable_reveal_key
from tests.property.model.asks import check_admission, due_ceil
from tests.property.model.checks import U64_END, Program, is_field_element
from tests.property.model.ledger import Book, Leaf, Ledger, Refused, pda

__all__ = ["NO_PROOF", "Match", "best_match", "bitmap_names", "check_proof", "new_line", "place_bid_order"]

MARKET = Program(market.PROGRAM)
need = MARKET.need
NO_PROOF = bytes(256)
"""Three points at infinity: what proves nothing, and is refused as that."""
_ZEROS = bytes(32)


@dataclass(frozen=True)
class Match:
    """The leaf that a bid takes, and how much of it."""

    leaf: Leaf
    fill_atoms: int


def best_match(book: Book, buyer: Pubkey, args: SimpleNamespace, version: int, now: int) -> Match | None:
    """The first leaf in price-time order that fits but for its price; then its price decides. Eight are looked at."""
    for leaf in book.leaves[: market.BOOK_LEAVES_LOOKED_AT_MAX]:
        offered = leaf.value
        fill = min(args.base_atoms, offered.open_atoms)
        fits = (
            offered.terms_version == version
            and now < offered.expiry_unix_s
            and offered.seller != buyer
            and fill >= min(offered.min_fill_atoms, offered.open_atoms)
            and fill >= args.min_fill_atoms
        )
        if fits:
            return Match(leaf, fill) if leaf.price <= args.limit_price else None
    return None


def bitmap_names(bitmap: int, terms: market.Terms) -> bool:
    """Whether the bitmap names exactly k of the n attestors."""
    return bitmap < 2**terms.attestor_n and bitmap.bit_count() == terms.attestor_k


def check_proof(ledger: Ledger, proof: bytes, key: Pubkey, statement: SolvencyStatement | PaymentStatement) -> None:
    """The verifier's verdict: the proof is one of this statement, under this key."""
    if ledger.proofs.get(proof) == (key, statement):
        return
    name = "ProofInvalid" if proof in ledger.proofs else "ProofPointAtInfinity" if proof == NO_PROOF else None
    raise Refused(groth16_verifier.PROGRAM.name, name)


def new_line(line_id: bytes) -> market.SolvencyLine:
    """A line on which nothing has happened yet."""
    return market.SolvencyLine(line_id, 0, 0, 0, 0, 0, 0, pda(market.PROGRAM_ID, b"line", line_id)[1])


def _line(ledger: Ledger, address: Pubkey, line_id: bytes) -> market.SolvencyLine:
    if isinstance(ledger.accounts.get(address), (*market.PROGRAM.accounts, Book)):
        line = MARKET.load(ledger, market.SolvencyLine, address, "LineInvalid")
        need(line.line_id == line_id, "LineAddressMismatch")
        return line
    need(address == pda(market.PROGRAM_ID, b"line", line_id)[0], "LineAddressMismatch")
    return new_line(line_id)


def _can_be_sealed_to(key: bytes) -> bool:
    try:
        require_usable_reveal_key(key)
    except RevealKeyUnusableError:
        return False
    return True


def place_bid_order(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    now = ledger.now
    place = MARKET.load(ledger, market.Market, accounts.market, "MarketInvalid")
    terms = MARKET.load(ledger, market.Terms, accounts.terms, "TermsInvalid")
    need(terms.market == accounts.market, "TermsOfAnotherMarket")
    need(accounts.solvency_key == terms.solvency_key, "SolvencyKeyMismatch")
    need(accounts.book == place.book, "BookAddressMismatch")
    book = MARKET.load(ledger, Book, accounts.book, "BookInvalid")
    ask = MARKET.load(ledger, market.Ask, accounts.ask, "AskInvalid")
    need(ask.market == accounts.market, "AskOfAnotherMarket")
    line = _line(ledger, accounts.line, args.line_id)
    check_admission(place, terms, terms.version)
    need(is_field_element(args.line_id), "FieldElementNotCanonical")
    need(_can_be_sealed_to(args.reveal_key), "RevealKeyInvalid")
    need(args.base_atoms > 0, "AmountZero")
    need(args.limit_price > 0, "PriceZero")
    need(args.min_fill_atoms <= args.base_atoms, "MinFillAboveAmount")
    need(bitmap_names(args.bitmap, terms), "BitmapInvalid")
    age = now - args.issued_min_unix_s
    need(age <= market.ISSUED_MIN_AGE_MAX_S, "IssuedMinTooOld")
    need(age >= market.ISSUED_MIN_AGE_MIN_S, "IssuedMinTooYoung")
    need(args.issued_min_unix_s >= line.fresh_after_unix_s, "AttestationBeforeSettlement")
    need(now >= line.cooldown_until_unix_s, "LineCoolingDown")
    found = best_match(book, accounts.buyer, args, place.terms_version, now)
    need(found is not None, "NoAskMatches")
    assert found is not None
    leaf, fill = found.leaf, found.fill_atoms
    need(leaf.value.ask == accounts.ask, "MatchedAskMismatch")
    due = due_ceil(fill, leaf.price, place.base_decimals)
    need(due < U64_END, "DueOutOfRange")
    need(line.reserved_minor_units + due <= args.covered_minor_units, "CoverageExceeded")
    statement = SolvencyStatement(
        domain=int.from_bytes(place.domain_solvency, "big"),
        buyer=bytes(accounts.buyer),
        covered_minor_units=args.covered_minor_units,
        seq=line.seq,
        issued_min_unix_s=args.issued_min_unix_s,
        bitmap=args.bitmap,
        root=int.from_bytes(terms.attestor_root, "big"),
        line_id=int.from_bytes(args.line_id, "big"),
    )
    check_proof(ledger, args.proof, accounts.solvency_key, statement)

    reserved = line.reserved_minor_units + due
    ledger.accounts[accounts.line] = replace(line, reserved_minor_units=reserved, seq=line.seq + 1)
    _take(ledger, accounts, leaf, fill)
    ledger.accounts[accounts.market] = replace(place, next_order_id=place.next_order_id + 1)
    seeds = (b"order", bytes(accounts.market), args.line_id, line.seq.to_bytes(8, "little"))
    address, bump = pda(order_store.PROGRAM_ID, *seeds)
    if accounts.order != address and list(vars(accounts).values()).count(accounts.order) > 1:
        # The market still holds an account that stands in two places when it calls order_store: the runtime refuses.
        raise Refused(market.PROGRAM.name, None)
    Program(order_store.PROGRAM).need(accounts.order == address, "OrderAddressMismatch")
    ledger.accounts[address] = order_store.MatchedOrder(
        market=accounts.market,
        order_id=place.next_order_id,
        buyer=accounts.buyer,
        seller=ask.seller,
        ask=accounts.ask,
        line_id=args.line_id,
        seq=line.seq,
        base_atoms=fill,
        price=leaf.price,
        due_minor_units=due,
        paid_min_minor_units=due_ceil(min(fill, leaf.value.min_fill_atoms), leaf.price, place.base_decimals),
        payee_commit=ask.payee_commit,
        terms_version=terms.version,
        matched_at_unix_s=now,
        reveal_by_unix_s=now + terms.reveal_window_s,
        reveal_key=args.reveal_key,
        rent_payer=accounts.payer,
        bump=bump,
        status=0,
        revealed_at_unix_s=0,
        pay_by_unix_s=0,
        prove_by_unix_s=0,
        claim_extended=False,
        reported_nf=_ZEROS,
        resolved_at_unix_s=0,
        paid_floor_minor_units=0,
        released_atoms=0,
        nf=_ZEROS,
        reveal_ciphertext=bytes(176),
    )


def _take(ledger: Ledger, accounts: SimpleNamespace, leaf: Leaf, fill: int) -> None:
    """Lock so much of the ask; with nothing left open it leaves the book."""
    ask, book = ledger.get(market.Ask, accounts.ask), ledger.get(Book, accounts.book)
    assert ask is not None
    assert book is not None
    left = leaf.value.open_atoms - fill
    smaller = Leaf(leaf.price, leaf.sequence, replace(leaf.value, open_atoms=left))
    leaves = tuple(smaller if other == leaf else other for other in book.leaves if other != leaf or left > 0)
    ledger.accounts[accounts.book] = replace(book, leaves=leaves)
    ledger.accounts[accounts.ask] = replace(
        ask, locked_atoms=ask.locked_atoms + fill, live_orders=ask.live_orders + 1, listed=left > 0
    )
