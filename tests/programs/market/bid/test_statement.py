"""Every public value of the solvency statement counts: a proof of any other statement is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from anomi_core.field import FR_MODULUS
from anomi_core.groth16.solana import proof_to_bytes
from anomi_core.statements import SolvencyStatement
from anomi_sdk.generated import market
from anomi_sdk.generated.groth16_verifier_errors import (
    ProofFlagBitsSetError,
    ProofInvalidError,
    ProofPointAtInfinityError,
    ProofPointInvalidError,
)
from tests.programs.market.bid.world import BidArgs, BidWorld, line_id, prove
from tests.programs.market.world import BASE_ATOMS, AskArgs, TermsArgs, attestor_keys, attestors, measuring_key
from tests.programs.world import UNIX_TIME_S

ARGS = BidArgs(base_atoms=BASE_ATOMS // 4)


def plus(field: str, step: int) -> Callable[[SolvencyStatement], SolvencyStatement]:
    def change(statement: SolvencyStatement) -> SolvencyStatement:
        return statement.altered(**{field: (getattr(statement, field) + step) % FR_MODULUS})

    return change


def flipped(bit: int) -> Callable[[SolvencyStatement], SolvencyStatement]:
    def change(statement: SolvencyStatement) -> SolvencyStatement:
        return statement.altered(buyer=(int.from_bytes(statement.buyer, "big") ^ 1 << bit).to_bytes(32, "big"))

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(change, id=name)
        for name, change in {
            "domain + 1": plus("domain", 1),
            "domain - 1": plus("domain", -1),
            "covered + 1": plus("covered_minor_units", 1),
            "covered - 1": plus("covered_minor_units", -1),
            "seq + 1": plus("seq", 1),
            "seq - 1": plus("seq", -1),
            "issued_min + 1": plus("issued_min_unix_s", 1),
            "issued_min - 1": plus("issued_min_unix_s", -1),
            "bitmap of others": plus("bitmap", 1),
            "root + 1": plus("root", 1),
            "root - 1": plus("root", -1),
            "line_id + 1": plus("line_id", 1),
            "line_id - 1": plus("line_id", -1),
            "buyer's lowest bit": flipped(0),
            "buyer's bit below the halves' border": flipped(127),
            "buyer's bit above the halves' border": flipped(128),
            "buyer's highest bit": flipped(255),
        }.items()
    ],
)
def test_a_proof_of_another_value_is_refused(
    world: BidWorld, change: Callable[[SolvencyStatement], SolvencyStatement]
) -> None:
    ask = world.ask()
    world.place_bid(ask, ARGS)
    honest = world.statement(ARGS)
    changed = change(honest)
    assert changed.stmt() != honest.stmt()
    world.bid_refused(world.bid_instruction(ask, ARGS, proof=prove(changed.stmt())), ProofInvalidError)
    world.bids(world.bid_instruction(ask, ARGS, proof=prove(honest.stmt())))


@pytest.mark.parametrize(
    "claimed",
    [
        pytest.param(claimed, id=name)
        for name, claimed in {
            "covered + 1": replace(ARGS, covered_minor_units=ARGS.covered_minor_units + 1),
            "covered - 1": replace(ARGS, covered_minor_units=ARGS.covered_minor_units - 1),
            "issued_min + 1": replace(ARGS, issued_min_unix_s=ARGS.issued_min_unix_s + 1),
            "issued_min - 1": replace(ARGS, issued_min_unix_s=ARGS.issued_min_unix_s - 1),
            "other attestors": replace(ARGS, bitmap=0b011),
            "another line": replace(ARGS, line_id=line_id("another")),
        }.items()
    ],
)
def test_an_argument_that_was_not_proven_is_refused(world: BidWorld, claimed: BidArgs) -> None:
    ask = world.ask()
    proof = prove(world.statement(ARGS).stmt())
    world.bid_refused(world.bid_instruction(ask, claimed, proof=proof), ProofInvalidError)
    world.bids(world.bid_instruction(ask, ARGS, proof=proof))


@pytest.mark.parametrize(
    "other",
    [
        replace(ARGS, base_atoms=ARGS.base_atoms - 1),
        replace(ARGS, limit_price=ARGS.limit_price + 1),
        replace(ARGS, min_fill_atoms=2),
        replace(ARGS, reveal_key=bytes([9]) + bytes(31)),
    ],
)
def test_amount_price_and_key_are_the_buyers_to_choose_until_he_signs(world: BidWorld, other: BidArgs) -> None:
    """They are no part of the statement: the buyer's signature of the transaction binds them."""
    ask = world.ask()
    world.bids(world.bid_instruction(ask, other, proof=prove(world.statement(ARGS).stmt())))


def test_a_proof_is_of_no_use_to_another_buyer(world: BidWorld) -> None:
    ask, thief = world.ask(), world.user()
    proof = prove(world.statement(ARGS).stmt())
    stolen = world.bid_instruction(ask, ARGS, buyer=thief.pubkey(), payer=thief.pubkey(), proof=proof)
    world.refused(stolen, payer=thief, code=ProofInvalidError)


def test_a_proof_is_of_no_use_twice(world: BidWorld) -> None:
    """Neither as it was nor as another proof of the same statement."""
    ask = world.ask()
    spent = world.statement(ARGS).stmt()
    world.place_bid(ask, ARGS)
    for seed in ("a proof", "another"):
        world.bid_refused(world.bid_instruction(ask, ARGS, proof=prove(spent, seed)), ProofInvalidError)


def test_a_proof_for_one_market_is_of_no_use_in_another(world: BidWorld) -> None:
    other = world.open_market(decimals=6)
    ask = world.ask(place=other)
    proof = prove(world.statement(ARGS).stmt())
    world.bid_refused(world.bid_instruction(ask, ARGS, place=other, proof=proof), ProofInvalidError)


def test_a_payment_statements_domain_is_no_solvency_statements(world: BidWorld) -> None:
    ask = world.ask()
    stored = world.read(market.Market, world.place.market)
    assert stored.domain_payment != stored.domain_solvency
    changed = world.statement(ARGS).altered(domain=int.from_bytes(stored.domain_payment, "big"))
    world.bid_refused(world.bid_instruction(ask, ARGS, proof=prove(changed.stmt())), ProofInvalidError)


def test_attestors_of_earlier_terms_do_not_count(world: BidWorld) -> None:
    chosen = attestors(1, 1, 1)
    world.publish_terms(
        TermsArgs(version=2, attestor_k=1, attestor_n=1, attestor_depth=1, attestor_keys=attestor_keys(chosen.keys))
    )
    ask = world.ask(AskArgs(terms_version=2))
    args = replace(ARGS, bitmap=1)
    statement = world.statement(args)
    assert statement.root == attestors().root != chosen.root
    instruction = world.bid_instruction(ask, args, terms_version=2, proof=prove(statement.stmt()))
    world.bid_refused(instruction, ProofInvalidError)
    now = statement.altered(root=chosen.root)
    world.bids(world.bid_instruction(ask, args, terms_version=2, proof=prove(now.stmt())))


def test_a_proof_under_another_key_is_refused(world: BidWorld) -> None:
    ask = world.ask()
    foreign = measuring_key("payment").prove([world.statement(ARGS).stmt()], "a proof")
    world.bid_refused(world.bid_instruction(ask, ARGS, proof=proof_to_bytes(foreign)), ProofInvalidError)


def test_malformed_proofs_are_refused_by_the_verifier(world: BidWorld) -> None:
    ask = world.ask()
    honest = prove(world.statement(ARGS).stmt())
    for proof, error in (
        (bytes(256), ProofPointAtInfinityError),
        (honest[:32] + bytes([honest[32] | 0x80]) + honest[33:], ProofFlagBitsSetError),
        (honest[:63] + bytes([honest[63] ^ 1]) + honest[64:], ProofPointInvalidError),
        (honest[192:] + honest[64:192] + honest[:64], ProofInvalidError),
    ):
        world.bid_refused(world.bid_instruction(ask, ARGS, proof=proof), error)


def test_sequence_numbers_reach_across_a_lines_whole_life(world: BidWorld) -> None:
    """At the largest number that still has a next one, and all 64 bits of it are in the statement."""
    ask = world.ask()
    world.place_bid(ask, ARGS)
    line = market.line_address(ARGS.line_id)
    world.edit(market.SolvencyLine, line, seq=2**64 - 2)
    stale = world.statement(ARGS).altered(seq=2**32 - 2)
    world.bid_refused(world.bid_instruction(ask, ARGS, proof=prove(stale.stmt())), ProofInvalidError)
    order = world.order(world.place_bid(ask, ARGS))
    assert order.seq == 2**64 - 2
    assert world.seq(ARGS.line_id) == 2**64 - 1
    assert order.matched_at_unix_s == UNIX_TIME_S
