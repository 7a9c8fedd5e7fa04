"""Real proofs go through where their statement is the program's own, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from anomi_core.field import FR_MODULUS
from anomi_core.relations import CheckFailedError
from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.programs import BuiltProgram
from tests.programs.market.bid.world import BidArgs
from tests.programs.order_processor.world import Payment, nf
from tests.programs.proofs.claims import CLAIMS
from tests.programs.proofs.prover import Proven
from tests.programs.proofs.test_bytes import rerandomised
from tests.programs.proofs.trade import Claim, Trades
from tests.programs.proofs.tries import BID, FINALIZE, REFUSED, bid, edited, settle, tried
from tests.programs.world import with_account

TRUE = [name for name, check in CLAIMS.items() if check is None]


@pytest.mark.parametrize("name", CLAIMS)
def test_the_circuits_prove_what_is_true_and_nothing_else(
    proven: Proven, claims: Mapping[str, Claim], name: str
) -> None:
    """The reference relation names the check that refuses; the circuit refuses the same claims."""
    if (check := CLAIMS[name]) is None:
        claims[name].check()
        assert proven.proofs[name] is not None
        return
    with pytest.raises(CheckFailedError) as refused:
        claims[name].check()
    assert (refused.value.check, proven.proofs[name]) == (check, None)


@pytest.mark.parametrize("name", [name for name in TRUE if name.startswith("a balance")])
def test_a_proof_of_a_balance(bidding: Trades, proven: Proven, name: str) -> None:
    """One at the very edges of window and amount is as good; one of another market, deployment or rail is none here."""
    assert bid(bidding, bidding.bid("first", proven.proof(name))) == (REFUSED if "elsewhere" in name else "ok")


@pytest.mark.parametrize("name", [name for name in TRUE if name.startswith("a transfer")])
def test_a_proof_of_a_transfer(paying: Trades, proven: Proven, name: str) -> None:
    assert settle(paying, proven.proof(name)) == (REFUSED if "elsewhere" in name else "ok")


def stepped(field: bytes, step: int) -> bytes:
    return ((int.from_bytes(field, "big") + step) % FR_MODULUS).to_bytes(32, "big")


@pytest.mark.parametrize("step", [-1, 1])
def test_every_public_value_of_a_bid_off_by_one(bidding: Trades, proven: Proven, step: int) -> None:
    world, proof = bidding, proven.proof("first bid")
    ask, place = world.asks["first"]

    def told(**changes: object) -> str:
        args: BidArgs = replace(world.args, **changes)  # type: ignore[arg-type]
        return bid(world, world.bid_instruction(ask, args, place=place, proof=proof))

    came = {
        "covered": told(covered_minor_units=world.args.covered_minor_units + step),
        "issued_min": told(issued_min_unix_s=world.args.issued_min_unix_s + step),
        "bitmap": told(bitmap=0b011 if step < 0 else 0b110),
        "line_id": told(line_id=stepped(world.args.line_id, step)),
    }
    stored, terms = world.read(market.Market, place.market), world.read(market.Terms, place.terms())
    with edited(world, market.Market, place.market, domain_solvency=stepped(stored.domain_solvency, step)):
        came["domain"] = told()
    with edited(world, market.Terms, place.terms(), attestor_root=stepped(terms.attestor_root, step)):
        came["root"] = told()
    thief = world.user()
    stolen = world.bid_instruction(ask, world.args, buyer=thief.pubkey(), payer=thief.pubkey(), proof=proof)
    came["buyer"] = tried(world, stolen, BID, thief)
    assert came == dict.fromkeys(came, REFUSED)
    assert told() == "ok"


@pytest.mark.parametrize("step", [-1, 1])
def test_every_public_value_of_a_payment_off_by_one(paying: Trades, proven: Proven, step: int) -> None:
    world, proof = paying, proven.proof("first payment")
    address = world.orders["first"]
    order, paid = world.order(address), world.payment

    def told(**changes: object) -> str:
        payment: Payment = replace(paid, **changes)  # type: ignore[arg-type]
        return settle(world, proof, payment=payment)

    came = {
        "paid_floor": told(paid_floor_minor_units=paid.paid_floor_minor_units + step),
        "bitmap": told(bitmap=0b011 if step < 0 else 0b110),
        "nf": told(nf=stepped(paid.nf, step)),
    }
    for name, value in {
        "order_id": order.order_id + step,
        "revealed_at_unix_s": order.revealed_at_unix_s + step,
        "pay_by_unix_s": order.pay_by_unix_s + step,
        "payee_commit": stepped(order.payee_commit, step),
    }.items():
        with edited(world, order_store.MatchedOrder, address, **{name: value}):
            came[name] = told()
    stored, terms = world.read(market.Market, order.market), world.read(market.Terms, world.home.terms())
    with edited(world, market.Market, order.market, domain_payment=stepped(stored.domain_payment, step)):
        came["domain"] = told()
    with edited(world, market.Terms, world.home.terms(), attestor_root=stepped(terms.attestor_root, step)):
        came["root"] = told()
    # The line's own account is found by its name: both are another line's.
    line = market.line_address(order.line_id)
    other = stepped(order.line_id, step)
    with (
        edited(world, market.SolvencyLine, line, line_id=other),
        edited(world, order_store.MatchedOrder, address, line_id=other),
    ):
        call = world.finalize_instruction(address, paid, proof=proof)
        places = [account.name for account in order_processor.FINALIZE_TRADE.accounts]
        came["line_id"] = tried(world, with_account(call, places.index("line"), pubkey=line), FINALIZE)
    assert came == dict.fromkeys(came, REFUSED)
    assert told() == "ok"


def test_a_number_plus_r_is_refused_before_it_is_reduced(bidding: Trades, paying: Trades, proven: Proven) -> None:
    """Hashes take numbers below r only: no value has a second name that proves the same."""
    ask, place = bidding.asks["first"]
    line = (int.from_bytes(bidding.args.line_id, "big") + FR_MODULUS).to_bytes(32, "big")
    again = bidding.bid_instruction(
        ask, replace(bidding.args, line_id=line), place=place, proof=proven.proof("first bid")
    )
    assert bid(bidding, again) == "FieldElementNotCanonical"
    transfer = (int.from_bytes(paying.payment.nf, "big") + FR_MODULUS).to_bytes(32, "big")
    spent_twice = replace(paying.payment, nf=transfer)
    assert settle(paying, proven.proof("first payment"), payment=spent_twice) == "FieldElementNotCanonical"


def test_a_bids_proof_is_good_once(programs: tuple[BuiltProgram, ...], proven: Proven) -> None:
    """As it was, or as another proof of the same statement; for the ask of another market neither."""
    world = Trades(programs, proven)
    first = proven.proof("first bid")
    foreign_ask, foreign = world.asks["foreign"]
    assert bid(world, world.bid_instruction(foreign_ask, world.args, place=foreign, proof=first)) == REFUSED
    world.match("first")
    assert [bid(world, world.bid("second", proof)) for proof in (first, *rerandomised(first))] == [REFUSED] * 3
    assert bid(world, world.bid("second")) == "ok"


def test_a_transfer_settles_one_order(programs: tuple[BuiltProgram, ...], proven: Proven) -> None:
    """Two true proofs of one transfer, each for an order of its own: the second is too late."""
    world = Trades(programs, proven)
    world.orders = {name: world.match(name) for name in world.asks}
    first, second = proven.proof("first payment"), proven.proof("second payment")
    assert [settle(world, first, order) for order in ("second", "foreign")] == [REFUSED] * 2
    assert settle(world, second, "second") == "ok"
    world.accepted(world.finalize_instruction(world.orders["first"], world.payment, proof=first))
    for proof in (second, *rerandomised(second)):
        assert settle(world, proof, "second") == "NullifierAlreadySpent"
    for proof in (first, *rerandomised(first)):
        assert settle(world, proof, "first") == "OrderStatusMismatch"
        assert settle(world, proof, "second", replace(world.payment, nf=nf("another"))) == REFUSED


def test_a_proof_waits_for_revoked_terms(paying: Trades, proven: Proven) -> None:
    terms = paying.home.terms()
    with edited(paying, market.Terms, terms, revoked_at_unix_s=1):
        assert settle(paying, proven.proof("first payment")) == "TermsRevoked"
    assert settle(paying, proven.proof("first payment")) == "ok"
