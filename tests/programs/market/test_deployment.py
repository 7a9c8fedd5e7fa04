"""Config, markets and books: what the governor sets up."""

from __future__ import annotations

from solders.pubkey import Pubkey

from anomi_core.identity import deployment_id, domain
from anomi_core.spec import TAG_PAYMENT, TAG_SOLVENCY
from anomi_sdk.generated import market
from tests.programs.market.world import DECIMALS, RAIL, MarketWorld, Place, event


def test_config_begins_a_deployment(empty: MarketWorld) -> None:
    outcome = empty.initialize_config()
    config = empty.read(market.Config, market.config_address())
    number = deployment_id(empty.svm.genesis_hash(), bytes(market.PROGRAM_ID)).to_bytes(32, "big")
    assert config == market.Config(
        authority=empty.governor.pubkey(),
        pending_authority=Pubkey.default(),
        treasury=empty.treasury.pubkey(),
        genesis_hash=empty.svm.genesis_hash(),
        deployment=number,
        rails_count=0,
        rails=(market.RailEntry(0, 0, 0),) * market.RAILS_MAX,
    )
    assert event(outcome, market.ConfigInitialized) == market.ConfigInitialized(
        authority=empty.governor.pubkey(), treasury=empty.treasury.pubkey(), deployment=number
    )


def test_market_is_created_with_its_book(empty: MarketWorld) -> None:
    empty.initialize_config()
    mint = empty.mint()
    outcome = empty.accepted(empty.market_instruction(mint), signers=[empty.governor])
    rail = RAIL.id()
    place = Place.of(mint, rail.to_bytes(32, "big"))
    deployment = deployment_id(empty.svm.genesis_hash(), bytes(market.PROGRAM_ID))

    def domain_of(tag: int) -> bytes:
        return domain(tag, deployment, rail, bytes(place.market)).to_bytes(32, "big")

    assert empty.read(market.Market, place.market) == market.Market(
        base_mint=mint,
        rail=place.rail,
        book=place.book,
        domain_solvency=domain_of(TAG_SOLVENCY),
        domain_payment=domain_of(TAG_PAYMENT),
        provider_id=RAIL.provider_id,
        iso4217_numeric=RAIL.iso4217_numeric,
        exponent=RAIL.exponent,
        base_decimals=DECIMALS,
        bump=market.market_address_and_bump(mint, place.rail)[1],
        paused=False,
        terms_version=0,
        next_order_id=1,
    )
    book = empty.read(market.Book, place.book)
    assert (book.market, book.next_sequence, empty.leaves(place)) == (place.market, 1, [])
    assert event(outcome, market.MarketInitialized) == market.MarketInitialized(place.market, mint, place.rail)
    config = empty.read(market.Config, market.config_address())
    assert config.rails_count == 1
    assert config.rails[0] == market.RailEntry(RAIL.provider_id, RAIL.iso4217_numeric, RAIL.exponent)
