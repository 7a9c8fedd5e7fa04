"""How each instruction is tried: mostly as an honest client would, sometimes with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace

from solders.pubkey import Pubkey

from anomi_core.field import FR_MODULUS
from anomi_core.statements import PaymentStatement, SolvencyStatement
from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.generated.order_store import MatchedOrder
from anomi_sdk.trade.tokens import associated_token_address
from tests.programs.market.world import RAIL, Place, attestor_keys
from tests.property.arena import Arena, new_call
from tests.property.choices import Choices
from tests.property.model.bids import NO_PROOF, best_match, new_line
from tests.property.model.ledger import Book, Call
from tests.property.model.orders import AWAITING, CANCELLED, EXPIRED, LIVE, PENDING
from tests.property.proofs import prove
from tests.property.starts import ATTESTOR_KEYS

__all__ = ["ACTS", "LINE_IDS", "TRANSFERS", "Act"]

Act = Callable[[Arena, Choices], Call | None]
"""Makes a call, or none when the run has nothing yet to try it on."""

_NOT_AN_ELEMENT = FR_MODULUS.to_bytes(32, "big")
LINE_IDS = tuple((7001 + index).to_bytes(32, "big") for index in range(3))
TRANSFERS = tuple((9001 + index).to_bytes(32, "big") for index in range(6))
_COMMITS = tuple((5001 + index).to_bytes(32, "big") for index in range(2))
_CIPHERTEXT = bytes(range(1, 177))
_PRICES = (28_500, 28_499, 30_000, 1, 7)
_HUGE = 2**64 - 1
_DAY_S = 86_400
_REVEAL_KEY = (9).to_bytes(32, "little")


def _place(arena: Arena, choices: Choices) -> Place:
    return choices.mostly(*arena.cast.places, once_in=3)


def _actor(arena: Arena, choices: Choices) -> Pubkey:
    return choices.one(actor.pubkey() for actor in arena.cast.actors)


def _market(arena: Arena, place: Place) -> market.Market:
    value = arena.ledger.get(market.Market, place.market)
    assert value is not None
    return value


def _terms(arena: Arena, address: Pubkey) -> market.Terms:
    value = arena.ledger.get(market.Terms, address)
    assert value is not None
    return value


def initialize_config(arena: Arena, choices: Choices) -> Call:
    who = choices.one([arena.cast.initializer.pubkey(), _actor(arena, choices)])
    return new_call(
        "market.initialize_config",
        {"initializer": who, "config": market.config_address()},
        {"authority": who, "treasury": who, "genesis_hash": arena.ledger.genesis_hash},
    )


def initialize_market(arena: Arena, choices: Choices) -> Call:
    place = _place(arena, choices)
    mint = choices.mostly(place.mint, place.book, associated_token_address(arena.cast.treasury.pubkey(), place.mint))
    provider = choices.mostly(RAIL.provider_id, 0, 77)
    exponent = choices.mostly(RAIL.exponent, 7, 3)
    return new_call(
        "market.initialize_market",
        {
            "authority": choices.mostly(_governor(arena), _actor(arena, choices)),
            "config": market.config_address(),
            "base_mint": mint,
            "market": place.market,
            "book": place.book,
        },
        {"provider_id": provider, "iso4217_numeric": RAIL.iso4217_numeric, "exponent": exponent},
    )


def _governor(arena: Arena) -> Pubkey:
    config = arena.ledger.get(market.Config, market.config_address())
    assert config is not None
    return config.authority


def grow_book(arena: Arena, choices: Choices) -> Call:
    return new_call("market.grow_book", {"payer": _actor(arena, choices), "book": _place(arena, choices).book}, {})


def publish_terms(arena: Arena, choices: Choices) -> Call:
    place = _place(arena, choices)
    current = _market(arena, place).terms_version
    version = choices.mostly(current + 1, current, current + 2)
    k, n, depth = choices.mostly((2, 3, 2), (3, 5, 3), (1, 1, 1), (1, 2, 1), (2, 3, 1), (2, 1, 1), (1, 1, 0), once_in=3)
    keys = list(attestor_keys(ATTESTOR_KEYS[:n]))
    if choices.once_in(12):
        keys[choices.number(0, 4)] = keys[0]
    minimum = choices.one([1, 50, 10**6])
    cast = arena.cast
    return new_call(
        "market.publish_terms",
        {
            "authority": choices.mostly(_governor(arena), _actor(arena, choices)),
            "config": market.config_address(),
            "market": place.market,
            "terms": place.terms(version),
            "solvency_key": choices.mostly(cast.keys["solvency"], cast.keys["of two inputs"], place.book, once_in=12),
            "payment_key": choices.mostly(cast.keys["payment"], cast.keys["other payment"], place.mint),
        },
        {
            "version": version,
            "attestor_k": k,
            "attestor_n": n,
            "attestor_depth": depth,
            "attestor_keys": tuple(keys),
            "fee_bps": choices.mostly(30, 0, 1, 100, 101, once_in=3),
            "reveal_window_s": choices.mostly(1800, 300, _DAY_S, 299, once_in=4),
            "pay_window_s": choices.mostly(_DAY_S, 3600, 3599, once_in=4),
            "prove_window_s": choices.mostly(6 * 3600, 3600, 7 * _DAY_S, 7 * _DAY_S + 1, once_in=4),
            "strikes_max": choices.one([2, 1, 0, 3, 11]),
            "cooldown_s": choices.one([7 * _DAY_S, 0, 3600]),
            "free_cancel_grace_s": choices.mostly(900, 0, 3600, _DAY_S + 1),
            "free_cancel_interval_s": choices.mostly(_DAY_S, 0, 7 * _DAY_S + 1),
            "min_ask_atoms": minimum,
            "min_fill_atoms": choices.mostly(1, minimum, minimum + 1, 0),
        },
    )


def _governed(name: str, arguments: Mapping[str, Sequence[object]]) -> Act:
    """What the authority does to a market or its terms; each argument is one of some."""

    def act(arena: Arena, choices: Choices) -> Call:
        place = _place(arena, choices)
        version = max(_market(arena, place).terms_version - (1 if choices.once_in(3) else 0), 1)
        accounts = {
            "authority": choices.mostly(_governor(arena), _actor(arena, choices)),
            "config": market.config_address(),
            "terms": place.terms(version),
            "market": place.market,
        }
        return new_call(name, accounts, {key: choices.one(values) for key, values in arguments.items()})

    return act


def transfer_authority(arena: Arena, choices: Choices) -> Call:
    pending = choices.one([arena.cast.governor.pubkey(), _actor(arena, choices), Pubkey.default()])
    authority = choices.mostly(_governor(arena), _actor(arena, choices))
    accounts = {"authority": authority, "config": market.config_address()}
    return new_call("market.transfer_authority", accounts, {"pending_authority": pending})


def accept_authority(arena: Arena, choices: Choices) -> Call:
    config = arena.ledger.get(market.Config, market.config_address())
    assert config is not None
    named = config.pending_authority
    who = choices.mostly(named if named in arena.signers else _governor(arena), _actor(arena, choices))
    return new_call("market.accept_authority", {"successor": who, "config": market.config_address()}, {})


def place_ask_order(arena: Arena, choices: Choices) -> Call:
    place, seller = _place(arena, choices), _actor(arena, choices)
    version = _market(arena, place).terms_version
    nonces = [ask.client_nonce for ask in arena.ledger.all(market.Ask).values() if ask.seller == seller]
    nonce = choices.mostly(max(nonces, default=0) + 1, *nonces[:1])
    ask = place.ask(seller, nonce)
    base = choices.one([10**6, 100, 10**8, 1, 1_500_001, 333_333])
    named = choices.mostly(version, version + 1, max(version - 1, 1), once_in=12)
    now = arena.ledger.now
    return new_call(
        "market.place_ask_order",
        {
            "seller": seller,
            "market": place.market,
            "terms": place.terms(named),
            "book": place.book,
            "ask": ask,
            "vault": market.vault_address(ask),
            "seller_token": associated_token_address(seller, place.mint),
            "base_mint": place.mint,
            "evicted": _evicted(arena, choices, place.book, ask),
        },
        {
            "client_nonce": nonce,
            "base_atoms": choices.mostly(base, 2 * 10**9, 0, once_in=24),
            "price": choices.mostly(choices.one(_PRICES), 0, 2**63, _HUGE, once_in=24),
            "min_fill_atoms": choices.mostly(max(base // 4, 1), 1, base, base + 1, 0, once_in=4),
            "payee_commit": choices.mostly(choices.one(_COMMITS), _NOT_AN_ELEMENT, once_in=24),
            "reveal_delegate": choices.mostly(seller, _actor(arena, choices), once_in=3),
            "terms_version": named,
            "expiry_unix_s": choices.mostly(
                now + 30 * _DAY_S, now + 3 * _DAY_S, now + 1, now, 2**40 - 1, 2**40, once_in=4
            ),
        },
    )


def _evicted(arena: Arena, choices: Choices, book: Pubkey, ask: Pubkey) -> Pubkey:
    """The ask itself, as long as the book has room; sometimes its last one."""
    listed = arena.ledger.get(Book, book)
    return choices.mostly(ask, *[leaf.value.ask for leaf in listed.leaves[-1:]] if listed else [], once_in=24)


def _ask(arena: Arena, choices: Choices) -> tuple[Pubkey, market.Ask] | None:
    asks = arena.ledger.all(market.Ask)
    return choices.one(reversed(asks.items())) if asks else None


def _mint_of(arena: Arena, address: Pubkey) -> Pubkey:
    place = arena.ledger.get(market.Market, address)
    assert place is not None
    return place.base_mint


def cancel_ask_order(arena: Arena, choices: Choices) -> Call | None:
    if (found := _ask(arena, choices)) is None:
        return None
    address, ask = found
    seller = choices.mostly(ask.seller, _actor(arena, choices))
    return new_call(
        "market.cancel_ask_order", {"seller": seller, "ask": address, "book": market.book_address(ask.market)}, {}
    )


def withdraw_ask(arena: Arena, choices: Choices) -> Call | None:
    if (found := _ask(arena, choices)) is None:
        return None
    address, ask = found
    seller = choices.mostly(ask.seller, _actor(arena, choices))
    owner = choices.mostly(seller, _actor(arena, choices))
    return new_call(
        "market.withdraw_ask",
        {
            "seller": seller,
            "ask": address,
            "vault": market.vault_address(address),
            "destination": associated_token_address(owner, _mint_of(arena, ask.market)),
        },
        {},
    )


def _listing(
    name: str,
    fits: Callable[[market.Ask, market.Market, int], bool],
    arguments: Callable[[Arena, Choices, market.Ask, int], Mapping[str, object]],
) -> Act:
    """What is done to an ask, mostly one that it fits, beside its market and the current terms, or near ones."""

    def act(arena: Arena, choices: Choices) -> Call | None:
        places, asks = arena.ledger.all(market.Market), arena.ledger.all(market.Ask)
        if not choices.once_in(6):
            now = arena.ledger.now
            asks = {address: ask for address, ask in asks.items() if fits(ask, places[ask.market], now)}
        if not asks:
            return None
        address, ask = choices.one(reversed(asks.items()))
        place = places[ask.market]
        version = choices.mostly(place.terms_version, ask.terms_version, ask.terms_version + 1, once_in=3)
        accounts = {
            "seller": choices.mostly(ask.seller, _actor(arena, choices)),
            "market": ask.market,
            "terms": market.terms_address(ask.market, version),
            "ask": address,
            "book": place.book,
            "evicted": _evicted(arena, choices, place.book, address),
        }
        return new_call(name, accounts, arguments(arena, choices, ask, version))

    return act


def _is_behind(ask: market.Ask, place: market.Market, _now: int) -> bool:
    return ask.listed and ask.terms_version < place.terms_version


def _is_off(ask: market.Ask, _place: market.Market, _now: int) -> bool:
    return not ask.listed and ask.returned_atoms > 0


def _is_stale(ask: market.Ask, place: market.Market, now: int) -> bool:
    return _is_behind(ask, place, now) or (ask.listed and now >= ask.expiry_unix_s)


def _version(_arena: Arena, choices: Choices, _ask: market.Ask, version: int) -> Mapping[str, object]:
    return {"terms_version": choices.mostly(version, version + 1, once_in=12)}


def _anew(arena: Arena, choices: Choices, ask: market.Ask, version: int) -> Mapping[str, object]:
    now, base = arena.ledger.now, ask.returned_atoms
    return {
        "price": choices.mostly(choices.one(_PRICES), 0, _HUGE, once_in=24),
        "min_fill_atoms": choices.mostly(max(base // 4, 1), 1, base, base + 1, 0, once_in=4),
        "terms_version": choices.mostly(version, version + 1, once_in=12),
        "expiry_unix_s": choices.mostly(now + 30 * _DAY_S, now + 1, now, 2**40, once_in=6),
    }


def _nothing(_arena: Arena, _choices: Choices, _ask: market.Ask, _version: int) -> Mapping[str, object]:
    return {}


def collect_fees(arena: Arena, choices: Choices) -> Call | None:
    asks = arena.ledger.all(market.Ask)
    owing = {address: ask for address, ask in asks.items() if ask.fee_owed_atoms}
    if not asks:
        return None
    address, ask = choices.one((owing if owing and not choices.once_in(4) else asks).items())
    treasury = choices.mostly(arena.cast.treasury.pubkey(), _actor(arena, choices))
    return new_call(
        "market.collect_fees",
        {
            "config": market.config_address(),
            "ask": address,
            "vault": market.vault_address(address),
            "treasury_token": associated_token_address(treasury, _mint_of(arena, ask.market)),
        },
        {},
    )


def place_bid_order(arena: Arena, choices: Choices) -> Call | None:
    ledger, cast = arena.ledger, arena.cast
    asks = ledger.all(market.Ask)
    if not asks:
        return None
    fitting = _fitting(arena)
    if not fitting and not choices.once_in(6):
        return None
    place = choices.one(fitting or cast.places)
    value, leaves = _market(arena, place), _book(arena, place).leaves
    first = choices.mostly(*[leaf.value for leaf in leaves[:8]], once_in=3) if leaves else None
    buyers = [actor.pubkey() for actor in cast.actors]
    buyer = choices.one([buyer for buyer in buyers if first is None or buyer != first.seller or choices.once_in(6)])
    version = choices.mostly(value.terms_version, max(value.terms_version - 1, 1), once_in=16)
    terms = _terms(arena, place.terms(version))
    line_id = choices.mostly(choices.one(LINE_IDS), _NOT_AN_ELEMENT, once_in=40)
    line = ledger.get(market.SolvencyLine, market.line_address(line_id)) or new_line(line_id)
    sizes = [first.open_atoms, first.min_fill_atoms, first.open_atoms // 2 + 1] if first is not None else []
    base = choices.one([*sizes, 10**8, 1, 100, 333_332])
    now = ledger.now
    args = SimpleNamespace(
        base_atoms=choices.mostly(base, 0, once_in=32),
        limit_price=choices.mostly(_HUGE, *_PRICES, 0, once_in=6),
        min_fill_atoms=choices.mostly(1, 0, base, base + 1, once_in=10),
        issued_min_unix_s=choices.mostly(
            max(now - 60, min(line.fresh_after_unix_s, now - 8)),
            *(now - 7, now - 8, now - 900, now - 901, now + 5, line.fresh_after_unix_s, line.fresh_after_unix_s - 1),
            once_in=8,
        ),
        bitmap=choices.mostly(2**terms.attestor_k - 1, 0, 31, 2**terms.attestor_n, 255, once_in=32),
    )
    args.issued_min_unix_s = max(args.issued_min_unix_s, 0)
    match = best_match(_book(arena, place), buyer, args, value.terms_version, now) if args.limit_price else None
    listed = [leaf.value.ask for leaf in _book(arena, place).leaves] or list(asks)
    ask = choices.mostly(match.leaf.value.ask if match else listed[0], *listed, *asks, once_in=16)
    due = -(-match.fill_atoms * match.leaf.price // 10**value.base_decimals) if match else 1
    exact = min(line.reserved_minor_units + due, _HUGE)
    covered = choices.mostly(max(10**12, exact), exact, max(exact - 1, 0), due, _HUGE, once_in=5)
    statement = None
    if line_id != _NOT_AN_ELEMENT and args.bitmap < 32:
        statement = SolvencyStatement(
            domain=int.from_bytes(value.domain_solvency, "big"),
            buyer=bytes(buyer),
            covered_minor_units=covered,
            seq=line.seq,
            issued_min_unix_s=args.issued_min_unix_s,
            bitmap=args.bitmap,
            root=int.from_bytes(terms.attestor_root, "big"),
            line_id=int.from_bytes(line_id, "big"),
        )
    return new_call(
        "market.place_bid_order",
        {
            "buyer": buyer,
            "payer": choices.mostly(buyer, _actor(arena, choices), once_in=3),
            "market": place.market,
            "terms": place.terms(version),
            "book": place.book,
            "ask": ask,
            "line": market.line_address(line_id),
            "order": order_store.order_address(place.market, line_id, line.seq),
            "solvency_key": terms.solvency_key,
            "market_authority": market.authority_address(),
        },
        {
            "proof": _proof(arena, choices, "solvency", statement),
            "line_id": line_id,
            "reveal_key": choices.mostly(_REVEAL_KEY, bytes(32), once_in=40),
            "covered_minor_units": covered,
            **vars(args),
        },
    )


def _fitting(arena: Arena) -> list[Place]:
    """The markets that take bids just now."""
    return [
        place
        for place in arena.cast.places
        if _book(arena, place).leaves
        and not _market(arena, place).paused
        and not _terms(arena, place.terms(_market(arena, place).terms_version)).revoked_at_unix_s
    ]


def _book(arena: Arena, place: Place) -> Book:
    book = arena.ledger.get(Book, place.book)
    assert book is not None
    return book


def _proof(arena: Arena, choices: Choices, key: str, statement: SolvencyStatement | PaymentStatement | None) -> bytes:
    """A proof of the statement; sometimes of one that differs in one value, of another key's, an old one, or none."""
    if statement is None:
        return NO_PROOF
    how = choices.mostly("right", "one value", "another key", "an old proof", "none", once_in=8)
    if how == "one value":
        name = choices.one(statement.__dataclass_fields__)
        value = getattr(statement, name)
        other = bytes([value[0] ^ 1]) + value[1:] if isinstance(value, bytes) else max(value - 1, 0) or value + 1
        statement = type(statement)(**{**vars(statement), name: other})
    if how == "another key":
        key = "payment" if key == "solvency" else "solvency"
    if how == "an old proof" and arena.ledger.proofs:
        return choices.one(reversed(arena.ledger.proofs))
    if how == "none":
        return NO_PROOF
    return prove(arena.ledger, arena.cast.keys, key, statement, choices.number(0, 1))


def _order(arena: Arena, choices: Choices, status: int | None = None) -> tuple[Pubkey, MatchedOrder] | None:
    """An order, mostly one in this status; mostly none when no order is."""
    orders = arena.ledger.all(MatchedOrder)
    if status is not None and not choices.once_in(10):
        orders = {address: order for address, order in orders.items() if order.status == status}
    return choices.one(reversed(orders.items())) if orders else None


def _processor() -> Mapping[str, Pubkey]:
    return {"processor_authority": order_processor.authority_address()}


def reveal_payee(arena: Arena, choices: Choices) -> Call | None:
    if (found := _order(arena, choices, PENDING)) is None:
        return None
    address, order = found
    ask = arena.ledger.get(market.Ask, order.ask)
    assert ask is not None
    return new_call(
        "order_processor.reveal_payee",
        {
            "revealer": choices.mostly(order.seller, ask.reveal_delegate, _actor(arena, choices), once_in=4),
            "order": address,
            "ask": order.ask,
            "terms": market.terms_address(order.market, order.terms_version),
            **_processor(),
        },
        {"reveal_ciphertext": choices.mostly(_CIPHERTEXT, bytes(176), once_in=12)},
    )


def report_payment(arena: Arena, choices: Choices) -> Call | None:
    if (found := _order(arena, choices, AWAITING)) is None:
        return None
    address, order = found
    nf = choices.mostly(choices.one(TRANSFERS), bytes(32), _NOT_AN_ELEMENT)
    buyer = choices.mostly(order.buyer, _actor(arena, choices))
    return new_call("order_processor.report_payment", {"buyer": buyer, "order": address, **_processor()}, {"nf": nf})


def _settlement(arena: Arena, order: MatchedOrder, nf: bytes) -> Mapping[str, Pubkey]:
    """The accounts that both ways to settle take."""
    return {
        "market": order.market,
        "terms": market.terms_address(order.market, order.terms_version),
        "ask": order.ask,
        "vault": market.vault_address(order.ask),
        "line": market.line_address(order.line_id),
        "buyer_token": associated_token_address(order.buyer, _mint_of(arena, order.market)),
        "nullifier": order_processor.nullifier_address(nf),
        "word": order_processor.word_address(order.line_id, nf),
        **_processor(),
    }


def finalize_trade(arena: Arena, choices: Choices) -> Call | None:
    if (found := _order(arena, choices, AWAITING)) is None:
        return None
    address, order = found
    terms = _terms(arena, market.terms_address(order.market, order.terms_version))
    place = arena.ledger.get(market.Market, order.market)
    assert place is not None
    nf = choices.mostly(choices.one(TRANSFERS), bytes(32), _NOT_AN_ELEMENT, order.reported_nf, once_in=12)
    due, least = order.due_minor_units, order.paid_min_minor_units
    odd = (max(due - 1, 0), min(due + 5, _HUGE), least, max(least - 1, 0), (least + due) // 2, _HUGE)
    paid = choices.mostly(due, *odd, once_in=2)
    bitmap = choices.mostly(2**terms.attestor_k - 1, 0, 31, 2**terms.attestor_n, once_in=16)
    statement = None
    if nf != _NOT_AN_ELEMENT and bitmap < 32:
        statement = PaymentStatement(
            domain=int.from_bytes(place.domain_payment, "big"),
            order_id=order.order_id,
            paid_floor_minor_units=paid,
            not_before_unix_s=order.revealed_at_unix_s,
            not_after_unix_s=order.pay_by_unix_s + 120,
            bitmap=bitmap,
            payee_commit=int.from_bytes(order.payee_commit, "big"),
            root=int.from_bytes(terms.attestor_root, "big"),
            line_id=int.from_bytes(order.line_id, "big"),
            nf=int.from_bytes(nf, "big"),
        )
    key = next(name for name, value in arena.cast.keys.items() if value == terms.payment_key)
    return new_call(
        "order_processor.finalize_trade",
        {
            "payer": _actor(arena, choices),
            "order": address,
            "payment_key": terms.payment_key,
            **_settlement(arena, order, nf),
        },
        {
            "proof": _proof(arena, choices, key, statement),
            "nf": nf,
            "paid_floor_minor_units": paid,
            "bitmap": bitmap,
        },
    )


def release_by_seller(arena: Arena, choices: Choices) -> Call | None:
    if (found := _order(arena, choices, AWAITING)) is None:
        return None
    address, order = found
    nf = choices.mostly(order.reported_nf, choices.one(TRANSFERS))
    return new_call(
        "order_processor.release_by_seller",
        {
            "seller": choices.mostly(order.seller, order.buyer, _actor(arena, choices)),
            "order": address,
            **_settlement(arena, order, nf),
        },
        {"nf": nf},
    )


def _returning(order: MatchedOrder) -> Mapping[str, Pubkey]:
    """The accounts by which an order's tokens go back to its ask."""
    return {
        "terms": market.terms_address(order.market, order.terms_version),
        "ask": order.ask,
        "line": market.line_address(order.line_id),
        "book": market.book_address(order.market),
        **_processor(),
    }


def expire_order(arena: Arena, choices: Choices) -> Call | None:
    if (found := _order(arena, choices, choices.one(LIVE))) is None:
        return None
    address, order = found
    return new_call("order_processor.expire_order", {"order": address, **_returning(order)}, {})


def cancel_order(arena: Arena, choices: Choices) -> Call | None:
    if (found := _order(arena, choices, choices.mostly(AWAITING, PENDING, once_in=3))) is None:
        return None
    address, order = found
    buyer = choices.mostly(order.buyer, order.seller, _actor(arena, choices))
    accounts = {"buyer": buyer, "order": address, **_returning(order)}
    return new_call("order_processor.cancel_order", accounts, {"accepts_strike": choices.once_in(2)})


def extend_claim(arena: Arena, choices: Choices) -> Call | None:
    if (found := _order(arena, choices, AWAITING)) is None:
        return None
    address, order = found
    buyer = choices.mostly(order.buyer, order.seller, _actor(arena, choices))
    terms = market.terms_address(order.market, order.terms_version)
    accounts = {"buyer": buyer, "order": address, "terms": terms, **_processor()}
    return new_call("order_processor.extend_claim", accounts, {})


def close_order(arena: Arena, choices: Choices) -> Call | None:
    if (found := _order(arena, choices, choices.one([EXPIRED, CANCELLED]))) is None:
        return None
    address, order = found
    payer = choices.mostly(order.rent_payer, _actor(arena, choices))
    return new_call("order_store.close_order", {"order": address, "rent_payer": payer}, {})


def _of_a_program(name: str, arguments: Callable[[MatchedOrder], Mapping[str, object]]) -> Act:
    """What only another program's authority may call: by somebody who signs in its place, or without a signature."""

    def act(arena: Arena, choices: Choices) -> Call | None:
        if (found := _order(arena, choices)) is None:
            return None
        address, order = found
        names = {
            "order": address,
            "payer": _actor(arena, choices),
            "market_authority": market.authority_address(),
            "terms": market.terms_address(order.market, order.terms_version),
            **_settlement(arena, order, TRANSFERS[0]),
            "book": market.book_address(order.market),
        }
        call = new_call(name, names, arguments(order))
        forged = choices.once_in(2)
        authority = replace(
            call.accounts[0], address=_actor(arena, choices) if forged else call.accounts[0].address, signer=forged
        )
        return replace(call, accounts=(authority, *call.accounts[1:]))

    return act


def _stored(order: MatchedOrder) -> Mapping[str, object]:
    names = [field.name for field in order_store.STORE_MATCHED_ORDER.arguments]
    return {name: getattr(order, name) for name in names}


ACTS: Mapping[str, Act] = {
    "market.initialize_config": initialize_config,
    "market.initialize_market": initialize_market,
    "market.grow_book": grow_book,
    "market.publish_terms": publish_terms,
    "market.revoke_terms": _governed("market.revoke_terms", {}),
    "market.restore_terms": _governed("market.restore_terms", {}),
    "market.set_paused": _governed("market.set_paused", {"paused": (False, False, True)}),
    "market.transfer_authority": transfer_authority,
    "market.accept_authority": accept_authority,
    "market.place_ask_order": place_ask_order,
    "market.cancel_ask_order": cancel_ask_order,
    "market.accept_terms": _listing("market.accept_terms", _is_behind, _version),
    "market.relist_ask": _listing("market.relist_ask", _is_off, _anew),
    "market.prune_ask": _listing("market.prune_ask", _is_stale, _nothing),
    "market.withdraw_ask": withdraw_ask,
    "market.collect_fees": collect_fees,
    "market.place_bid_order": place_bid_order,
    "market.release_escrowed_funds": _of_a_program(
        "market.release_escrowed_funds", lambda order: {"paid_floor_minor_units": order.due_minor_units}
    ),
    "market.return_escrowed_funds": _of_a_program(
        "market.return_escrowed_funds", lambda order: {"reason": order.status & 1}
    ),
    "order_store.store_matched_order": _of_a_program("order_store.store_matched_order", _stored),
    "order_store.record_reveal": _of_a_program(
        "order_store.record_reveal",
        lambda order: {
            "revealed_at_unix_s": order.matched_at_unix_s,
            "pay_by_unix_s": order.reveal_by_unix_s,
            "prove_by_unix_s": order.reveal_by_unix_s,
            "reveal_ciphertext": _CIPHERTEXT,
        },
    ),
    "order_store.record_payment_report": _of_a_program(
        "order_store.record_payment_report", lambda _order: {"nf": TRANSFERS[0]}
    ),
    "order_store.record_claim_extension": _of_a_program(
        "order_store.record_claim_extension", lambda order: {"prove_by_unix_s": order.reveal_by_unix_s}
    ),
    "order_store.close_order": close_order,
    "order_store.update_status": _of_a_program(
        "order_store.update_status",
        lambda order: {
            "status": order.status + 1,
            "now_unix_s": order.reveal_by_unix_s,
            "nf": TRANSFERS[0],
            "paid_floor_minor_units": order.due_minor_units,
            "released_atoms": order.base_atoms,
        },
    ),
    "order_processor.reveal_payee": reveal_payee,
    "order_processor.report_payment": report_payment,
    "order_processor.finalize_trade": finalize_trade,
    "order_processor.release_by_seller": release_by_seller,
    "order_processor.extend_claim": extend_claim,
    "order_processor.cancel_order": cancel_order,
    "order_processor.expire_order": expire_order,
}
"""By program and instruction: one for each instruction of the trade's programs."""
