"""Config, markets and books: what the governor sets up."""

from __future__ import annotations

from dataclasses import replace

from solders.pubkey import Pubkey

from anomi_core.identity import deployment_id, domain
from anomi_core.spec import TAG_PAYMENT, TAG_SOLVENCY
from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import BookAtLargestSizeError, BookFullError
from tests.programs.market.world import (
    BASE_ATOMS,
    DECIMALS,
    MIN_ASK_ATOMS,
    RAIL,
    AskArgs,
    MarketWorld,
    Place,
    event,
)


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


def test_one_rail_serves_many_mints(empty: MarketWorld) -> None:
    empty.initialize_config()
    places = {empty.initialize_market(empty.mint(decimals)).market for decimals in (0, 12)}
    assert len(places) == 2
    assert empty.read(market.Config, market.config_address()).rails_count == 1


def test_book_grows_to_its_largest_size_and_keeps_its_leaves(world: MarketWorld) -> None:
    place, payer = world.place, world.user()
    seller = world.seller(2 * BASE_ATOMS)
    first = world.place_ask(seller)
    grow = market.grow_book(payer=payer.pubkey(), book=place.book)
    largest = 48 + 16 + market.BOOK_LEAVES_MAX * (25 + market.BOOK_LEAF_BYTES)
    sizes = [_size(world, place)]
    while sizes[-1] < largest:
        outcome = world.accepted(grow, signers=[payer])
        sizes.append(_size(world, place))
        assert event(outcome, market.BookGrown) == market.BookGrown(place.market, sizes[-1])
        assert world.lamports(place.book) == world.svm.minimum_balance_lamports(sizes[-1])
    assert sizes[:3] == [market.BOOK_GROWTH_BYTES * times for times in (1, 2, 3)]
    assert sizes[-1] == largest
    world.refused(grow, signers=[payer], code=BookAtLargestSizeError)
    second = world.place_ask(seller, AskArgs(client_nonce=2))
    assert [leaf.value.ask for leaf in world.leaves()] == [first, second]


def test_growth_uses_lamports_that_are_there(world: MarketWorld) -> None:
    payer, book = world.user(), world.place.book
    world.svm.airdrop(book, 10**9)
    before = world.lamports(payer.pubkey())
    world.accepted(market.grow_book(payer=payer.pubkey(), book=book), signers=[payer])
    assert world.lamports(payer.pubkey()) == before
    assert _size(world, world.place) == 2 * market.BOOK_GROWTH_BYTES


def test_growth_adds_the_one_lamport_that_is_lacking(world: MarketWorld) -> None:
    payer, book = world.user(), world.place.book
    needed = world.svm.minimum_balance_lamports(2 * market.BOOK_GROWTH_BYTES)
    world.svm.airdrop(book, needed - 1 - world.lamports(book))
    before = world.lamports(payer.pubkey())
    world.accepted(market.grow_book(payer=payer.pubkey(), book=book), signers=[payer])
    assert world.lamports(payer.pubkey()) == before - 1
    assert world.lamports(book) == needed


def test_full_book_takes_no_ask_until_it_grows_or_one_leaves(world: MarketWorld) -> None:
    capacity = (market.BOOK_GROWTH_BYTES - 48 - 16) // (25 + market.BOOK_LEAF_BYTES)
    seller = world.seller(MIN_ASK_ATOMS * (capacity + 2))

    def args(nonce: int) -> AskArgs:
        return AskArgs(client_nonce=nonce, base_atoms=MIN_ASK_ATOMS, price=1 + nonce * 7919 % 31)

    asks = [world.place_ask(seller, args(nonce)) for nonce in range(capacity)]
    world.refused(world.ask_instruction(seller.pubkey(), args(capacity)), signers=[seller], code=BookFullError)
    world.accepted(world.cancel_instruction(seller.pubkey(), asks[3]), signers=[seller])
    world.place_ask(seller, args(capacity))
    world.refused(world.ask_instruction(seller.pubkey(), args(capacity + 1)), signers=[seller], code=BookFullError)
    world.accepted(market.grow_book(payer=seller.pubkey(), book=world.place.book), signers=[seller])
    world.place_ask(seller, args(capacity + 1))
    assert len(world.leaves()) == capacity + 1


def test_largest_book_holds_as_many_asks_as_promised(world: MarketWorld) -> None:
    """And placing an ask stays far inside the 200,000 compute units that an instruction gets by default."""
    place, seller = world.place, world.seller(MIN_ASK_ATOMS * (market.BOOK_LEAVES_MAX + 2))
    world.svm.airdrop(seller.pubkey(), 10**13)
    while _size(world, place) < 48 + 16 + market.BOOK_LEAVES_MAX * (25 + market.BOOK_LEAF_BYTES):
        world.accepted(market.grow_book(payer=seller.pubkey(), book=place.book), signers=[seller])

    def args(nonce: int) -> AskArgs:
        return AskArgs(client_nonce=nonce, base_atoms=MIN_ASK_ATOMS, price=1 + nonce * 7919 % 4099)

    most = 0
    for nonce in range(market.BOOK_LEAVES_MAX):
        outcome = world.send(world.ask_instruction(seller.pubkey(), args(nonce)), signers=[seller]).require_success()
        most = max(most, outcome.compute_units)
    assert len(world.leaves()) == market.BOOK_LEAVES_MAX
    assert most < 60_000, most
    last = world.leaves()[-1]
    as_dear = replace(args(market.BOOK_LEAVES_MAX), price=last.price)
    one_more = world.ask_instruction(seller.pubkey(), as_dear)
    world.refused(one_more, signers=[seller], code=BookFullError)
    world.accepted(world.cancel_instruction(seller.pubkey(), place.ask(seller.pubkey(), 2048)), signers=[seller])
    world.accepted(one_more, signers=[seller])
    # Full again: a better price takes the place of the last ask, which is the one that has just come.
    better = replace(as_dear, client_nonce=market.BOOK_LEAVES_MAX + 1, price=last.price - 1)
    evicted = place.ask(seller.pubkey(), as_dear.client_nonce)
    world.accepted(world.ask_instruction(seller.pubkey(), better, evicted=evicted), signers=[seller])
    assert len(world.leaves()) == market.BOOK_LEAVES_MAX
    assert world.leaves()[-1] == last


def _size(world: MarketWorld, place: Place) -> int:
    book = world.account(place.book)
    assert book is not None
    return len(book.data)
