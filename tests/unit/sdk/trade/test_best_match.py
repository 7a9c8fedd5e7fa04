"""The client's best_match against the program's: random books, random bids, the same answer each time."""

from __future__ import annotations

import random

import pytest
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_core.groth16.solana import proof_to_bytes
from anomi_core.statements import SolvencyStatement
from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import NoAskMatchesError
from anomi_sdk.generated.order_store import MatchedOrder, order_address
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.trade.book import BestMatch, NoMatchError, best_match
from anomi_sdk.trade.markets import read_asks, read_market
from anomi_sdk.transactions import build_transaction
from tests.programs.market.world import (
    MIN_ASK_ATOMS,
    MIN_FILL_ATOMS,
    PRICE,
    AskArgs,
    TermsArgs,
    attestors,
    measuring_key,
)
from tests.unit.sdk.trade.trade_world import TradeWorld

UNIT = MIN_ASK_ATOMS
LINE_ID = (77).to_bytes(32, "big")
COVERED = 2**63


def bid_instruction(
    world: TradeWorld, ask: Pubkey, seq: int, atoms: int, limit: int, min_fill: int, version: int
) -> Instruction:
    state = world.read(market.Market, world.place.market)
    issued_min = world.svm.unix_time_s() - 8
    statement = SolvencyStatement(
        domain=int.from_bytes(state.domain_solvency, "big"),
        buyer=bytes(world.farzan.pubkey()),
        covered_minor_units=COVERED,
        seq=seq,
        issued_min_unix_s=issued_min,
        bitmap=3,
        root=attestors().root,
        line_id=77,
    )
    return market.place_bid_order(
        buyer=world.farzan.pubkey(),
        payer=world.farzan.pubkey(),
        market=world.place.market,
        terms=world.place.terms(version),
        book=world.place.book,
        ask=ask,
        line=market.line_address(LINE_ID),
        order=order_address(world.place.market, LINE_ID, seq),
        solvency_key=world.stored_key("solvency"),
        market_authority=market.authority_address(),
        proof=proof_to_bytes(measuring_key("solvency").prove([statement.stmt()], "bid")),
        line_id=LINE_ID,
        reveal_key=b"\1" * 32,
        base_atoms=atoms,
        limit_price=limit,
        min_fill_atoms=min_fill,
        covered_minor_units=COVERED,
        issued_min_unix_s=issued_min,
        bitmap=3,
    )


def predicted(world: TradeWorld, atoms: int, limit: int, min_fill: int, version: int) -> BestMatch | None:
    try:
        return best_match(
            read_asks(world.svm, read_market(world.svm, world.ref)),
            buyer=world.farzan.pubkey(),
            base_atoms=atoms,
            limit_price=limit,
            min_fill_atoms=min_fill,
            terms_version=version,
            now_unix_s=world.svm.unix_time_s(),
        )
    except NoMatchError:
        return None


@pytest.mark.parametrize("seed", range(3))
def test_the_client_and_the_program_match_alike(world: TradeWorld, seed: int) -> None:
    chance = random.Random(seed)
    sellers = [world.seller(atoms=10_000 * UNIT) for _ in range(2)]
    world.fund(world.ref.base_mint, world.farzan.pubkey(), 10_000 * UNIT)
    world.accepted(market.grow_book(payer=world.authority.pubkey(), book=world.place.book))
    version, seq, nonce, matches, refusals = 1, 0, 0, 0, 0
    a_place = None
    for _ in range(40):
        for _ in range(chance.randrange(4)):
            nonce += 1
            seller = chance.choice([*sellers, world.farzan])
            a_place = world.place_ask(
                seller,
                AskArgs(
                    client_nonce=nonce,
                    base_atoms=UNIT * chance.randrange(1, 6),
                    price=PRICE + chance.randrange(4),
                    min_fill_atoms=chance.choice([MIN_FILL_ATOMS, UNIT]),
                    terms_version=version,
                    expiry_unix_s=world.svm.unix_time_s() + chance.choice([market.LISTING_MIN_S, 10**6]),
                ),
            )
        if chance.random() < 0.05:
            version += 1
            world.publish_terms(TermsArgs(version=version))
        world.clock.sleep(chance.randrange(1, 60))
        atoms = chance.choice([MIN_FILL_ATOMS // 2, MIN_FILL_ATOMS, UNIT, 3 * UNIT, 10 * UNIT])
        limit, min_fill = PRICE + chance.randrange(-1, 4), chance.choice([1, atoms])
        found = predicted(world, atoms, limit, min_fill, version)
        if a_place is None:
            continue
        ask = found.ask.ask if found else a_place
        transaction = build_transaction(
            [bid_instruction(world, ask, seq, atoms, limit, min_fill, version)],
            payer=world.farzan.pubkey(),
            signers=[world.farzan],
            blockhash=world.svm.latest_blockhash(),
        )
        outcome = world.svm.send(transaction)
        if found is None:
            refusals += 1
            with pytest.raises(TransactionRefusedError) as refusal:
                outcome.require_success()
            assert type(refusal.value) is NoAskMatchesError
            continue
        outcome.require_success()
        order = world.read(MatchedOrder, order_address(world.place.market, LINE_ID, seq))
        assert (order.ask, order.base_atoms, order.price) == (found.ask.ask, found.fill_atoms, found.ask.price)
        matches, seq = matches + 1, seq + 1
    assert matches > 5, "the test has to see matches"
    assert refusals > 2, "and refusals"
