"""Hostile transactions around asks that stand or stood in the book: accepting terms, listing anew, pruning."""

from __future__ import annotations

from dataclasses import replace

from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import (
    AmountBelowMinimumError,
    AskAlreadyListedError,
    AskInvalidError,
    AskNotListedError,
    AskNotPrunableError,
    AskOfAnotherMarketError,
    AskSellerMismatchError,
    BookAddressMismatchError,
    BookCorruptError,
    BookFullError,
    DueOutOfRangeError,
    ExpiryOutOfRangeError,
    ExpiryPassedError,
    ExpiryTooSoonError,
    MarketInvalidError,
    MarketPausedError,
    MinFillAboveAmountError,
    PriceZeroError,
    TermsAlreadyAcceptedError,
    TermsInvalidError,
    TermsOfAnotherMarketError,
    TermsRevokedError,
    TermsVersionMismatchError,
    VaultClosedError,
)
from anomi_sdk.program_errors import TransactionRefusedError
from tests.programs.market import steps
from tests.programs.market.ask_cases import DUE_MAX_PRICE
from tests.programs.market.ready import Ready
from tests.programs.market.refusals import (
    STRANGER,
    Refusal,
    Spoil,
    argument,
    arguments,
    not_this_kind,
    replaced,
    signed_by_another,
)
from tests.programs.market.terms_cases import paused
from tests.programs.market.world import (
    BASE_ATOMS,
    MIN_ASK_ATOMS,
    MIN_FILL_ATOMS,
    AskArgs,
    MarketWorld,
    TermsArgs,
)
from tests.programs.world import UNIX_TIME_S, with_account

GRACE_S = market.ACCEPT_TERMS_GRACE_S


def cases() -> list[Refusal]:
    return [*_accepting(), *_relisting(), *_pruning()]


def _places(name: str) -> list[Refusal]:
    """Market, terms, ask and book, as all three instructions take them."""

    def everything_elsewhere(world: MarketWorld, ready: Ready) -> Ready:
        """Market, terms and book are another market's."""
        place = world.open_market()
        instruction = ready.instruction
        for account, address in (("market", place.market), ("terms", place.terms()), ("book", place.book)):
            instruction = with_account(instruction, ready.index(account), pubkey=address)
        return replace(ready, instruction=instruction)

    return [
        *not_this_kind(name, "market", MarketInvalidError),
        *not_this_kind(name, "terms", TermsInvalidError),
        *not_this_kind(name, "ask", AskInvalidError),
        Refusal(
            name,
            "terms of another market",
            TermsOfAnotherMarketError,
            replaced("terms", lambda world, _: world.open_market().terms()),
        ),
        Refusal(
            name,
            "another market",
            TermsOfAnotherMarketError,
            replaced("market", lambda world, _: world.open_market().market),
        ),
        Refusal(name, "another market, its terms and its book", AskOfAnotherMarketError, everything_elsewhere),
        Refusal(
            name,
            "book of another market",
            BookAddressMismatchError,
            replaced("book", lambda world, _: world.open_market().book),
        ),
        Refusal(name, "book is a stranger", BookAddressMismatchError, replaced("book", STRANGER)),
    ]


def _admission(name: str, current: int) -> list[Refusal]:
    """What stops anything from being listed; `current` is the version in force."""

    def revoked(world: MarketWorld, ready: Ready) -> Ready:
        world.accepted(steps.revoke(world, current), signers=[world.governor])
        return ready

    def superseded(world: MarketWorld, ready: Ready) -> Ready:
        world.publish_terms(TermsArgs(version=current + 1))
        return ready

    def superseded_account(world: MarketWorld, ready: Ready) -> Ready:
        return argument("terms_version", current + 1)(world, superseded(world, ready))

    def superseded_version(world: MarketWorld, ready: Ready) -> Ready:
        return replaced("terms", world.place.terms(current + 1))(world, superseded(world, ready))

    return [
        Refusal(name, "another seller signs", AskSellerMismatchError, signed_by_another("seller")),
        Refusal(
            name,
            "ask of another seller",
            AskSellerMismatchError,
            replaced("ask", lambda world, _: _ask_of_another(world, current)),
        ),
        Refusal(name, "the market is paused", MarketPausedError, paused),
        Refusal(name, "version 0", TermsVersionMismatchError, argument("terms_version", 0)),
        Refusal(name, "version to come", TermsVersionMismatchError, argument("terms_version", current + 1)),
        Refusal(name, "terms of yesterday", TermsVersionMismatchError, superseded),
        Refusal(name, "terms of yesterday, the version of today", TermsVersionMismatchError, superseded_account),
        Refusal(name, "terms of today, the version of yesterday", TermsVersionMismatchError, superseded_version),
        Refusal(name, "terms are revoked", TermsRevokedError, revoked),
    ]


def _accepting() -> list[Refusal]:
    name = "accept_terms"

    def cancelled(world: MarketWorld, ready: Ready) -> Ready:
        (seller,) = ready.signers
        world.accepted(world.cancel_instruction(seller.pubkey(), ready.address("ask")), signers=[seller])
        return ready

    def below(**least: int) -> Spoil:
        """The current terms ask for more than the ask has."""

        def spoil(world: MarketWorld, ready: Ready) -> Ready:
            world.edit(market.Terms, ready.address("terms"), **least)
            return ready

        return spoil

    return [
        *_places(name),
        *_admission(name, 2),
        Refusal(name, "the ask is cancelled", AskNotListedError, cancelled),
        Refusal(name, "accepted already", TermsAlreadyAcceptedError, _again),
        Refusal(name, "a deposit below the least", AmountBelowMinimumError, below(min_ask_atoms=BASE_ATOMS + 1)),
        Refusal(name, "a fill below the least", AmountBelowMinimumError, below(min_fill_atoms=MIN_FILL_ATOMS + 1)),
        Refusal(name, "the ask has no leaf", BookCorruptError, _edited(sequence=2**40)),
        Refusal(name, "the ask's leaf is another's", BookCorruptError, _leaf_of_another),
    ]


def _relisting() -> list[Refusal]:
    name = "relist_ask"
    spoilt: list[tuple[str, type[TransactionRefusedError], Spoil]] = [
        ("the vault is closed", VaultClosedError, _edited(vault=Pubkey.default())),
        ("it is listed", AskAlreadyListedError, _again),
        ("nothing returned", AmountBelowMinimumError, _edited(returned_atoms=0)),
        ("too little returned", AmountBelowMinimumError, _edited(returned_atoms=MIN_ASK_ATOMS - 1)),
        ("too small a fill", AmountBelowMinimumError, argument("min_fill_atoms", MIN_FILL_ATOMS - 1)),
        ("no smallest fill", AmountBelowMinimumError, argument("min_fill_atoms", 0)),
        ("a fill above what is there", MinFillAboveAmountError, argument("min_fill_atoms", BASE_ATOMS + 1)),
        ("no price", PriceZeroError, argument("price", 0)),
        ("a due of 65 bits", DueOutOfRangeError, argument("price", DUE_MAX_PRICE + 1)),
        ("no expiry", ExpiryPassedError, argument("expiry_unix_s", 0)),
        ("expiry now", ExpiryPassedError, argument("expiry_unix_s", UNIX_TIME_S)),
        ("expiry too soon", ExpiryTooSoonError, argument("expiry_unix_s", UNIX_TIME_S + market.LISTING_MIN_S - 1)),
        ("expiry of 41 bits", ExpiryOutOfRangeError, argument("expiry_unix_s", 2**40)),
        ("the last expiry", ExpiryOutOfRangeError, argument("expiry_unix_s", 2**64 - 1)),
        ("several at once", PriceZeroError, arguments(price=0, expiry_unix_s=0)),
        ("the book is full", BookFullError, _full_book),
    ]
    return [
        *_places(name),
        *_admission(name, 1),
        *(Refusal(name, label, error, spoil) for label, error, spoil in spoilt),
    ]


def _pruning() -> list[Refusal]:
    name, alive = "prune_ask", AskNotPrunableError

    def at(unix_time_s: int) -> Spoil:
        def spoil(world: MarketWorld, ready: Ready) -> Ready:
            world.svm.set_unix_time(unix_time_s)
            return ready

        return spoil

    def under_current_terms(world: MarketWorld, ready: Ready) -> Ready:
        world.edit(market.Ask, ready.address("ask"), terms_version=2)
        return ready

    def revoked_and_current(world: MarketWorld, ready: Ready) -> Ready:
        world.accepted(steps.revoke(world, 2), signers=[world.governor])
        return under_current_terms(world, ready)

    def skipped_a_version(world: MarketWorld, ready: Ready) -> Ready:
        """Terms 3 came after terms 2, and do not show when the ask's terms were left."""
        world.publish_terms(TermsArgs(version=3))
        world.svm.set_unix_time(UNIX_TIME_S + 10 * GRACE_S)
        return replaced("terms", world.place.terms(3))(world, ready)

    def restored(world: MarketWorld, ready: Ready) -> Ready:
        world.accepted(steps.revoke(world), steps.restore(world), signers=[world.governor])
        return replaced("terms", world.place.terms(1))(world, ready)

    return [
        *_places(name),
        Refusal(name, "a second before the grace is over", alive, at(steps.GRACE_OVER - 1)),
        Refusal(name, "at once", alive, at(UNIX_TIME_S)),
        Refusal(
            name, "its own terms, which are in force", alive, replaced("terms", lambda world, _: world.place.terms())
        ),
        Refusal(name, "its own terms, restored", alive, restored),
        Refusal(name, "terms after the next", alive, skipped_a_version),
        Refusal(name, "an ask under the current terms", alive, under_current_terms),
        Refusal(name, "an ask under the current terms, which are revoked", alive, revoked_and_current),
        Refusal(name, "pruned already", AskNotListedError, _again),
        Refusal(name, "the ask has no leaf", BookCorruptError, _edited(sequence=2**40)),
        Refusal(name, "the ask's leaf is another's", BookCorruptError, _leaf_of_another),
    ]


def _again(world: MarketWorld, ready: Ready) -> Ready:
    """The same transaction once more."""
    world.accepted(ready.instruction, signers=ready.signers)
    return ready


def _edited(**fields: object) -> Spoil:
    def spoil(world: MarketWorld, ready: Ready) -> Ready:
        world.edit(market.Ask, ready.address("ask"), **fields)
        return ready

    return spoil


def _ask_of_another(world: MarketWorld, version: int = 1) -> Pubkey:
    return world.place_ask(world.seller(), AskArgs(terms_version=version))


def _leaf_of_another(world: MarketWorld, ready: Ready) -> Ready:
    other = world.read(market.Ask, world.place_ask(world.seller(), AskArgs(price=7, terms_version=2)))
    return _edited(price=other.price, sequence=other.sequence)(world, ready)


def _full_book(world: MarketWorld, ready: Ready) -> Ready:
    """Every place of the smallest book is taken."""
    capacity = (market.BOOK_GROWTH_BYTES - market.BOOK_SLAB_OFFSET - 16) // (25 + market.BOOK_LEAF_BYTES)
    seller = world.seller(capacity * MIN_ASK_ATOMS)
    for nonce in range(capacity):
        world.place_ask(seller, AskArgs(client_nonce=nonce, base_atoms=MIN_ASK_ATOMS))
    return ready
