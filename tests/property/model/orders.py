"""Orders after the match: revealed, reported, settled by a proof or by the seller's word, or expired."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from solders.pubkey import Pubkey

from anomi_core.statements import PaymentStatement
from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.generated.order_store import MatchedOrder
from anomi_sdk.trade.tokens import associated_token_address
from tests.property.model import tokens
from tests.property.model.asks import unlist, vault_of
from tests.property.model.bids import bitmap_names, check_proof
from tests.property.model.checks import TIME_END, Program, is_field_element
from tests.property.model.ledger import Book, Ledger, Token, pda

__all__ = [
    "AWAITING",
    "CANCELLED",
    "EXPIRED",
    "LIVE",
    "PENDING",
    "SETTLED",
    "cancel_order",
    "close_order",
    "expire_order",
    "extend_claim",
    "finalize_trade",
    "prove_until",
    "release_by_seller",
    "report_payment",
    "reveal_payee",
]

PROCESSOR = Program(order_processor.PROGRAM)
need = PROCESSOR.need
MARKET = Program(market.PROGRAM)
PENDING, AWAITING, _CONFIRMED, SETTLED, EXPIRED, CANCELLED = range(6)
LIVE = (PENDING, AWAITING)
_SKEW_S = 120
_ZEROS = bytes(32)


def _order(ledger: Ledger, address: Pubkey) -> MatchedOrder:
    return PROCESSOR.load(ledger, MatchedOrder, address, "OrderInvalid")


def _terms(ledger: Ledger, order: MatchedOrder, address: Pubkey) -> market.Terms:
    terms = PROCESSOR.load(ledger, market.Terms, address, "TermsMismatch")
    need((terms.market, terms.version) == (order.market, order.terms_version), "TermsMismatch")
    return terms


def _ask(ledger: Ledger, order: MatchedOrder, address: Pubkey) -> market.Ask:
    need(address == order.ask, "AskMismatch")
    return PROCESSOR.load(ledger, market.Ask, address, "AskMismatch")


def _line(ledger: Ledger, order: MatchedOrder, address: Pubkey) -> market.SolvencyLine:
    line = PROCESSOR.load(ledger, market.SolvencyLine, address, "LineMismatch")
    need(line.line_id == order.line_id, "LineMismatch")
    return line


def _check_nf(nf: bytes) -> None:
    need(is_field_element(nf) and nf != _ZEROS, "FieldElementNotCanonical")


def prove_until(order: MatchedOrder, terms: market.Terms) -> int:
    """The last second in which the order can be settled by a proof."""
    return order.prove_by_unix_s + terms.claim_extension_s


def reveal_payee(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    order = _order(ledger, accounts.order)
    ask = _ask(ledger, order, accounts.ask)
    terms = _terms(ledger, order, accounts.terms)
    need(accounts.revealer in (order.seller, ask.reveal_delegate), "RevealerMismatch")
    need(order.status == PENDING, "OrderStatusMismatch")
    need(ledger.now <= order.reveal_by_unix_s, "RevealTooLate")
    need(any(args.reveal_ciphertext), "RevealEmpty")
    pay_by = ledger.now + terms.pay_window_s
    prove_by = pay_by + terms.prove_window_s
    need(max(prove_by, pay_by + _SKEW_S) < TIME_END, "ClockOutOfRange")
    ledger.accounts[accounts.order] = replace(
        order,
        status=AWAITING,
        revealed_at_unix_s=ledger.now,
        pay_by_unix_s=pay_by,
        prove_by_unix_s=prove_by,
        reveal_ciphertext=args.reveal_ciphertext,
    )


def report_payment(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    order = _order(ledger, accounts.order)
    need(accounts.buyer == order.buyer, "BuyerMismatch")
    need(order.status == AWAITING, "OrderStatusMismatch")
    _check_nf(args.nf)
    need(order.reported_nf == _ZEROS, "PaymentAlreadyReported")
    ledger.accounts[accounts.order] = replace(order, reported_nf=args.nf)


def finalize_trade(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    order = _order(ledger, accounts.order)
    need(accounts.market == order.market, "MarketMismatch")
    place = PROCESSOR.load(ledger, market.Market, accounts.market, "MarketMismatch")
    terms = _terms(ledger, order, accounts.terms)
    _ask(ledger, order, accounts.ask)
    _line(ledger, order, accounts.line)
    need(accounts.payment_key == terms.payment_key, "PaymentKeyMismatch")
    need(order.status == AWAITING, "OrderStatusMismatch")
    need(ledger.now <= prove_until(order, terms), "ProveTooLate")
    need(terms.revoked_at_unix_s == 0, "TermsRevoked")
    need(args.paid_floor_minor_units >= order.paid_min_minor_units, "PaidBelowMinimum")
    need(bitmap_names(args.bitmap, terms), "BitmapInvalid")
    _check_nf(args.nf)
    _check_unspent(ledger, order, accounts, args.nf)
    statement = PaymentStatement(
        domain=int.from_bytes(place.domain_payment, "big"),
        order_id=order.order_id,
        paid_floor_minor_units=args.paid_floor_minor_units,
        not_before_unix_s=order.revealed_at_unix_s,
        not_after_unix_s=order.pay_by_unix_s + _SKEW_S,
        bitmap=args.bitmap,
        payee_commit=int.from_bytes(order.payee_commit, "big"),
        root=int.from_bytes(terms.attestor_root, "big"),
        line_id=int.from_bytes(order.line_id, "big"),
        nf=int.from_bytes(args.nf, "big"),
    )
    check_proof(ledger, args.proof, accounts.payment_key, statement)
    _settle(ledger, accounts, args.nf, args.paid_floor_minor_units)
    ledger.accounts[accounts.nullifier] = order_processor.Nullifier(args.nf, accounts.order)


def release_by_seller(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    order = _order(ledger, accounts.order)
    need(accounts.market == order.market, "MarketMismatch")
    PROCESSOR.load(ledger, market.Market, accounts.market, "MarketMismatch")
    _terms(ledger, order, accounts.terms)
    _ask(ledger, order, accounts.ask)
    _line(ledger, order, accounts.line)
    need(accounts.seller == order.seller, "SellerMismatch")
    need(order.status == AWAITING, "OrderStatusMismatch")
    need(args.nf != _ZEROS and args.nf == order.reported_nf, "PaymentNotReported")
    _check_unspent(ledger, order, accounts, args.nf)
    _settle(ledger, accounts, args.nf, order.due_minor_units)
    ledger.accounts[accounts.word] = order_processor.SellerWord(args.nf, accounts.order)


def _check_unspent(ledger: Ledger, order: MatchedOrder, accounts: SimpleNamespace, nf: bytes) -> None:
    """Neither a proof, for any line, nor a seller's word for this line has spent the transfer."""
    program = order_processor.PROGRAM_ID
    need(accounts.nullifier == pda(program, b"nf", nf)[0], "NullifierAddressMismatch")
    need(accounts.word == pda(program, b"word", order.line_id, nf)[0], "WordAddressMismatch")
    unspent = accounts.nullifier not in ledger.accounts and accounts.word not in ledger.accounts
    need(unspent, "NullifierAlreadySpent")


def _settle(ledger: Ledger, accounts: SimpleNamespace, nf: bytes, paid: int) -> None:
    """Release what the payment covers, less the fee, to the buyer's own account; the rest is the seller's again."""
    order, terms = _order(ledger, accounts.order), ledger.get(market.Terms, accounts.terms)
    ask, line = ledger.get(market.Ask, accounts.ask), ledger.get(market.SolvencyLine, accounts.line)
    place = ledger.get(market.Market, accounts.market)
    assert ask is not None
    assert line is not None
    assert terms is not None
    assert place is not None
    vault_of(ask, accounts.vault)
    MARKET.need(
        accounts.buyer_token == associated_token_address(order.buyer, place.base_mint), "TokenAccountAddressMismatch"
    )
    token = MARKET.load(ledger, Token, accounts.buyer_token, "TokenAccountInvalid")
    MARKET.need(token.owner == order.buyer, "TokenAccountOwnerMismatch")
    released = order.base_atoms * min(paid, order.due_minor_units) // order.due_minor_units
    fee = released * terms.fee_bps // 10_000
    ledger.accounts[accounts.ask] = replace(
        ask,
        live_orders=ask.live_orders - 1,
        locked_atoms=ask.locked_atoms - order.base_atoms,
        released_atoms=ask.released_atoms + released - fee,
        fees_atoms=ask.fees_atoms + fee,
        fee_owed_atoms=ask.fee_owed_atoms + fee,
        returned_atoms=ask.returned_atoms + order.base_atoms - released,
    )
    line = replace(
        line,
        reserved_minor_units=line.reserved_minor_units - order.due_minor_units,
        fresh_after_unix_s=ledger.now + _SKEW_S,
    )
    ledger.accounts[accounts.line] = _strike(line, terms, ledger.now) if paid < order.due_minor_units else line
    ledger.accounts[accounts.order] = replace(
        order,
        status=SETTLED,
        nf=nf,
        paid_floor_minor_units=paid,
        released_atoms=released,
        resolved_at_unix_s=ledger.now,
    )
    tokens.move(ledger, ask.vault, accounts.buyer_token, released - fee)


def _strike(line: market.SolvencyLine, terms: market.Terms, now: int) -> market.SolvencyLine:
    """One strike more; the last one starts a cool-down, which ends no earlier for another, and the count anew."""
    strikes = min(line.strikes + 1, 255)
    if terms.strikes_max == 0 or strikes < terms.strikes_max:
        return replace(line, strikes=strikes)
    until = max(line.cooldown_until_unix_s, now + terms.cooldown_s)
    return replace(line, strikes=0, cooldown_until_unix_s=until)


def expire_order(ledger: Ledger, accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    order = _order(ledger, accounts.order)
    terms = _terms(ledger, order, accounts.terms)
    _ask(ledger, order, accounts.ask)
    line = _line(ledger, order, accounts.line)
    need(order.status in LIVE, "OrderStatusMismatch")
    missed_reveal = order.status == PENDING
    need(ledger.now > (order.reveal_by_unix_s if missed_reveal else prove_until(order, terms)), "DeadlineNotReached")
    struck = line if missed_reveal else _strike(line, terms, ledger.now)
    _end(ledger, accounts, order, struck, EXPIRED, unlists=missed_reveal)


def cancel_order(ledger: Ledger, accounts: SimpleNamespace, args: SimpleNamespace) -> None:
    order = _order(ledger, accounts.order)
    terms = _terms(ledger, order, accounts.terms)
    _ask(ledger, order, accounts.ask)
    line = _line(ledger, order, accounts.line)
    need(accounts.buyer == order.buyer, "BuyerMismatch")
    need(order.status in LIVE, "OrderStatusMismatch")
    missed_reveal = order.status == PENDING and ledger.now > order.reveal_by_unix_s
    free = (
        order.status == AWAITING
        and ledger.now <= order.revealed_at_unix_s + terms.free_cancel_grace_s
        and order.reported_nf == _ZEROS
        and ledger.now >= line.free_cancel_at_unix_s
    )
    need(missed_reveal or free or args.accepts_strike, "CancelNotFree")
    if free:
        line = replace(line, free_cancel_at_unix_s=ledger.now + terms.free_cancel_interval_s)
    elif not missed_reveal:
        line = _strike(line, terms, ledger.now)
    _end(ledger, accounts, order, line, CANCELLED, unlists=missed_reveal)


def _end(
    ledger: Ledger,
    accounts: SimpleNamespace,
    order: MatchedOrder,
    line: market.SolvencyLine,
    status: int,
    *,
    unlists: bool,
) -> None:
    """The order came to nothing: its tokens are the seller's again, and its line owes nothing for them."""
    ask = ledger.get(market.Ask, accounts.ask)
    assert ask is not None
    book = MARKET.load(ledger, Book, accounts.book, "BookInvalid")
    MARKET.need(book.market == order.market, "BookAddressMismatch")
    ledger.accounts[accounts.ask] = replace(
        ask,
        live_orders=ask.live_orders - 1,
        locked_atoms=ask.locked_atoms - order.base_atoms,
        returned_atoms=ask.returned_atoms + order.base_atoms,
    )
    if unlists and ask.listed:
        unlist(ledger, accounts.ask, accounts.book)
    reserved = line.reserved_minor_units - order.due_minor_units
    ledger.accounts[accounts.line] = replace(line, reserved_minor_units=reserved)
    ledger.accounts[accounts.order] = replace(order, status=status, resolved_at_unix_s=ledger.now)


def extend_claim(ledger: Ledger, accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    order = _order(ledger, accounts.order)
    terms = _terms(ledger, order, accounts.terms)
    need(accounts.buyer == order.buyer, "BuyerMismatch")
    need(order.status == AWAITING, "OrderStatusMismatch")
    need(order.reported_nf != _ZEROS, "PaymentNotReported")
    need(not order.claim_extended, "ClaimAlreadyExtended")
    need(ledger.now <= prove_until(order, terms), "ProveTooLate")
    prove_by = order.prove_by_unix_s + order_processor.CLAIM_EXTENSION_S
    need(prove_by < TIME_END, "ClockOutOfRange")
    ledger.accounts[accounts.order] = replace(order, prove_by_unix_s=prove_by, claim_extended=True)


def close_order(ledger: Ledger, accounts: SimpleNamespace, _args: SimpleNamespace) -> None:
    """The record of an order that came to nothing goes, a while after its end; its rent goes back to who paid it."""
    store = Program(order_store.PROGRAM)
    order = store.load(ledger, MatchedOrder, accounts.order, "OrderInvalid")
    store.need(accounts.rent_payer == order.rent_payer, "RentPayerMismatch")
    store.need(order.status in (EXPIRED, CANCELLED), "OrderNotOver")
    store.need(ledger.now >= order.resolved_at_unix_s + order_store.ORDER_RETENTION_S, "RetentionNotOver")
    del ledger.accounts[accounts.order]
