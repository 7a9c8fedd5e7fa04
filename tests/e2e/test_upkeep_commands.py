"""The commands beside the road of a trade: governing, staying in the book, giving an order up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from solders.account import Account
from solders.pubkey import Pubkey

from anomi_cli.commands.govern import TermsNotPublishedError
from anomi_cli.trade.development_keys import DevelopmentKeyError, refuse_development_keys
from anomi_cli.trade.steps import ConsentMissingError
from anomi_core.eddsa import derive_public_key
from anomi_core.errors import UsageError
from anomi_core.registry import QuorumOutOfRangeError
from anomi_core.spec import ACCEPT_TERMS_GRACE_S, CLAIM_EXTENSION_S, CLOCK_SKEW_S, ORDER_RETENTION_S
from anomi_sdk.generated.market import Terms
from anomi_sdk.generated.market_errors import (
    AskAlreadyListedError,
    GovernorMismatchError,
    PendingAuthorityMismatchError,
    TermsAlreadyAcceptedError,
    TermsNotRevokedError,
    TermsRevokedError,
)
from anomi_sdk.generated.order_processor_errors import (
    CancelNotFreeError,
    ClaimAlreadyExtendedError,
    OrderStatusMismatchError,
    PaymentNotReportedError,
)
from anomi_sdk.generated.order_store_errors import OrderNotOverError, RetentionNotOverError
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.trade.buyer import TradeNotMatchedError, TradePaidError
from anomi_sdk.trade.governing import AttestorsDisjointError, TermsUnchangedError
from anomi_sdk.trade.listing import AskAliveError
from anomi_sdk.trade.markets import MarketClosedError
from anomi_sdk.trade.paying import OrderNotFoundError, OrderRecordClosedError
from tests.programs.market.world import BASE_ATOMS, EXPIRY_UNIX_S, PRICE, attestor_secret
from tests.unit.sdk.trade.trade_world import DUE, TradeWorld, trade_programs

from .in_process import Person, Town, take, town

ASK = ("seller", "ask", "100", "--price", "285", "--number", "1", "--yes")


@pytest.fixture(scope="module")
def programs() -> tuple[BuiltProgram, ...]:
    return trade_programs()


@pytest.fixture
def place(tmp_path: Path, programs: tuple[BuiltProgram, ...]) -> Iterator[Town]:
    with town(TradeWorld(tmp_path, programs), tmp_path) as found:
        yield found


def edited_terms(place: Town, folder: Path, **changes: object) -> Path:
    """The current terms in a file, with some of them changed."""
    path = folder / "terms.json"
    place.governor.told("govern", "show", "--write", path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    return path


def test_terms_are_published_and_accepted(place: Town, tmp_path: Path) -> None:
    """An ask stays where it is, matches nothing until its seller agrees, and then does again."""
    governor, ali = place.governor, place.ali
    ask = ali.told(*ASK)["ask"]
    terms = edited_terms(place, tmp_path, fee_bps=31, reveal_window_s=600)
    assert isinstance(governor.refusal("govern", "publish", terms), ConsentMissingError)
    assert isinstance(ali.refusal("govern", "publish", terms, "--yes"), GovernorMismatchError)
    told = governor.told("govern", "publish", terms, "--yes")
    assert (told["terms_version"], told["terms"]["fee_bps"], told["terms"]["reveal_window_s"]) == (2, 31, 600)
    (step,) = told["steps"]
    assert step["follows"][:3] == [
        "fee_bps: 30 → 31",
        "reveal_window_s: 1800 → 600",
        "no bid matches any of the 1 asks in the book until its seller accepts these terms",
    ]
    assert isinstance(governor.refusal("govern", "publish", terms, "--yes"), TermsUnchangedError)
    told = ali.told("seller", "accept-terms", "1", "--yes")
    assert told["ask"] == {**ask, "terms_version": 2}
    assert told["steps"][0]["follows"] == ["fee_bps: 30 → 31", "reveal_window_s: 1800 → 600"]
    assert isinstance(ali.refusal("seller", "accept-terms", "1", "--yes"), TermsAlreadyAcceptedError)
    assert governor.told("govern", "show", "--terms", "1")["terms"]["fee_bps"] == 30
    assert isinstance(governor.refusal("govern", "show", "--terms", "3"), TermsNotPublishedError)


def test_attestors_are_not_exchanged_all_at_once(place: Town, tmp_path: Path) -> None:
    """Two of three old ones have to stay, or an account could be bound to two identities."""

    def attestors(*secrets: int) -> dict[str, object]:
        keys = [derive_public_key(attestor_secret(index)) for index in secrets]
        return {"k": 2, "depth": 2, "keys": [{"x": str(key.ax), "y": str(key.ay)} for key in keys]}

    governor = place.governor
    refused = edited_terms(place, tmp_path, attestors=attestors(0, 7, 8))
    assert isinstance(governor.refusal("govern", "publish", refused, "--yes"), AttestorsDisjointError)
    told = governor.told("govern", "publish", refused, "--allow-disjoint", "--yes")
    assert told["steps"][0]["follows"][0] == "attestors: 2 of 3 → 2 of 3, 1 of them as before"
    one_new = edited_terms(place, tmp_path, attestors={**attestors(0, 7), "k": 2})
    assert governor.told("govern", "publish", one_new, "--yes")["terms_version"] == 3
    minority = edited_terms(place, tmp_path, attestors={**attestors(0, 7, 8), "k": 1})
    assert isinstance(governor.refusal("govern", "publish", minority, "--yes"), QuorumOutOfRangeError)


def test_terms_are_revoked_and_restored(place: Town) -> None:
    governor = place.governor
    assert isinstance(governor.refusal("govern", "restore", "1", "--yes"), TermsNotRevokedError)
    assert isinstance(place.ali.refusal("govern", "revoke", "1", "--yes"), GovernorMismatchError)
    assert isinstance(governor.refusal("govern", "revoke", "2", "--yes"), TermsNotPublishedError)
    told = governor.told("govern", "revoke", "1", "--yes")["terms"]
    assert (told["revoked_at_unix_s"], told["claim_extension_s"]) == (place.now(), 7 * 86_400)
    assert isinstance(governor.refusal("govern", "revoke", "1", "--yes"), TermsRevokedError)
    assert isinstance(place.ali.refusal(*ASK), MarketClosedError)
    told = governor.told("govern", "restore", "1", "--yes")["terms"]
    assert (told["revoked_at_unix_s"], told["claim_extension_s"]) == (None, 7 * 86_400)
    assert place.ali.told(*ASK)["ask"]["listed"]


def test_a_paused_market_lets_everybody_out(place: Town) -> None:
    ali, governor = place.ali, place.governor
    ali.told(*ASK)
    assert isinstance(ali.refusal("govern", "pause", "--yes"), GovernorMismatchError)
    assert governor.told("govern", "pause", "--yes")["paused"]
    assert governor.told("govern", "pause", "--yes")["paused"]
    assert isinstance(ali.refusal(*ASK[:-2], "2", "--yes"), MarketClosedError)
    ali.told("seller", "cancel", "1", "--yes")
    assert isinstance(ali.refusal("seller", "relist", "1", "--yes"), MarketClosedError)
    assert ali.told("seller", "withdraw", "1", "--yes")["ask"]["withdrawn_atoms"] == BASE_ATOMS
    assert not governor.told("govern", "unpause", "--yes")["paused"]


def test_the_authority_changes_hands_in_two_steps(place: Town) -> None:
    governor, ali = place.governor, place.ali
    successor = str(place.world.ali.pubkey())
    assert isinstance(governor.refusal("govern", "offer", "--yes"), UsageError)
    assert isinstance(governor.refusal("govern", "offer", successor, "--withdraw", "--yes"), UsageError)
    assert isinstance(ali.refusal("govern", "accept", "--yes"), PendingAuthorityMismatchError)
    assert governor.told("govern", "offer", successor, "--yes")["pending_authority"] == successor
    assert governor.told("govern", "offer", "--withdraw", "--yes")["pending_authority"] is None
    assert isinstance(ali.refusal("govern", "accept", "--yes"), PendingAuthorityMismatchError)
    governor.told("govern", "offer", successor, "--yes")
    told = ali.told("govern", "accept", "--yes")
    assert (told["authority"], told["pending_authority"]) == (successor, None)
    assert isinstance(governor.refusal("govern", "pause", "--yes"), GovernorMismatchError)
    assert ali.told("govern", "pause", "--yes")["paused"]


def test_a_cancelled_ask_is_listed_again_at_another_price(place: Town) -> None:
    ali = place.ali
    ask = ali.told(*ASK)["ask"]
    assert isinstance(ali.refusal("seller", "relist", "1", "--yes"), AskAlreadyListedError)
    ali.told("seller", "cancel", "1", "--yes")
    told = ali.told("seller", "relist", "1", "--price", "290.50", "--min-fill", "2", "--expires-in", "2h", "--yes")
    assert told["ask"] == {
        **ask,
        "price": 29_050,
        "min_fill_atoms": 2_000_000,
        "expiry_unix_s": place.now() + 7200,
    }
    ali.told("seller", "cancel", "1", "--yes")
    told = ali.told("seller", "relist", "1", "--yes")
    assert (told["ask"]["price"], told["ask"]["min_fill_atoms"]) == (29_050, 2_000_000)


def test_anybody_prunes_a_dead_ask(place: Town, tmp_path: Path) -> None:
    ask = place.ali.told(*ASK)["ask"]["address"]
    prune = ("settle", "prune", ask, "--yes")
    assert isinstance(place.farzan.refusal(*prune), AskAliveError)
    place.governor.told("govern", "publish", edited_terms(place, tmp_path, fee_bps=31), "--yes")
    place.pass_time(ACCEPT_TERMS_GRACE_S - 1)
    assert isinstance(place.farzan.refusal(*prune), AskAliveError)
    place.pass_time(1)
    assert place.farzan.told(*prune)["steps"][0]["step"] == "prune_ask"
    (told,) = place.ali.told("seller", "list")["asks"]
    assert (told["listed"], told["returned_atoms"]) == (False, BASE_ATOMS)
    assert place.ali.told("seller", "relist", "--yes")["ask"]["terms_version"] == 2
    place.set_time(EXPIRY_UNIX_S + 86_400)
    place.farzan.told(*prune)


def test_a_cancel_says_its_strike_before(place: Town) -> None:
    place.matched()
    farzan = place.farzan
    refusal = farzan.refusal("buyer", "cancel", "--yes")
    assert isinstance(refusal, CancelNotFreeError)
    assert "a strike on the account, number 1; with number 3 its bids pause for 7 days" in str(refusal)
    assert refusal.hint is not None
    assert "free for 15 minutes after the reveal" in refusal.hint
    assert isinstance(farzan.refusal("buyer", "cancel", "--accept-strike"), ConsentMissingError)
    assert place.world.line().strikes == 0
    told = farzan.told("buyer", "cancel", "--accept-strike", "--yes")
    assert (told["state"], told["outcome"]) == ("ended", "cancelled")
    assert told["steps"][0]["follows"] == [
        "a strike on the account, number 1; with number 3 its bids pause for 7 days",
        "the seller has his tokens back",
    ]
    assert (place.world.line().strikes, place.world.line().reserved_minor_units) == (1, 0)
    assert isinstance(farzan.refusal("buyer", "cancel", "1", "--accept-strike", "--yes"), OrderStatusMismatchError)


def test_a_strike_that_starts_a_pause_says_so(place: Town) -> None:
    place.matched()
    place.world.edit_line(strikes=2)
    told = place.farzan.told("buyer", "cancel", "1", "--accept-strike", "--yes")
    assert told["steps"][0]["follows"][0] == "a strike on the account, number 3, and its bids pause for 7 days"
    assert place.world.line().cooldown_until_unix_s == place.now() + 7 * 86_400


def test_a_free_cancel_never_consents_to_a_strike(place: Town) -> None:
    """Within the grace after the reveal; one second past it, the same words cost a strike."""
    place.matched()
    place.ali.told("seller", "reveal", "--yes")
    place.pass_time(15 * 60 + 1)
    assert isinstance(place.farzan.refusal("buyer", "cancel", "--yes"), CancelNotFreeError)
    place.pass_time(-1)
    told = place.farzan.told("buyer", "cancel", "--accept-strike", "--yes")
    assert told["steps"][0]["follows"][0] == "no strike: should it land too late to be free, it is refused"
    assert (place.world.line().strikes, told["outcome"]) == (0, "cancelled")


def test_after_a_missed_reveal_a_cancel_is_free(place: Town) -> None:
    place.matched()
    place.pass_time(30 * 60 + 1)
    told = place.farzan.told("buyer", "cancel", "--yes")
    assert (place.world.line().strikes, told["outcome"]) == (0, "cancelled")
    place.ali.told("seller", "withdraw", "--yes")


def test_a_reported_payment_gets_more_time_once(place: Town) -> None:
    trade = place.matched()
    assert isinstance(place.farzan.refusal("buyer", "extend", "--yes"), OrderStatusMismatchError)
    place.ali.told("seller", "reveal", "--yes")
    assert isinstance(place.farzan.refusal("buyer", "extend", "--yes"), PaymentNotReportedError)
    take(trade, "open_reveal")
    place.pass_time(CLOCK_SKEW_S)
    trade.paid(**place.world.pay())  # type: ignore[arg-type]
    take(trade, "report_payment")
    (before,) = place.ali.told("seller", "list")["orders"]
    told = place.farzan.told("buyer", "extend", "--yes")
    assert told["order"]["prove_by_unix_s"] == before["prove_by_unix_s"] + CLAIM_EXTENSION_S
    assert told["steps"][0]["follows"] == ["3 days more to prove the payment, once"]
    assert isinstance(place.farzan.refusal("buyer", "extend", "--yes"), ClaimAlreadyExtendedError)
    assert isinstance(place.farzan.refusal("buyer", "cancel", "--accept-strike", "--yes"), TradePaidError)


def test_a_trade_without_an_order(place: Town) -> None:
    place.world.buyer(place.farzan.state / "journal.sqlite3").open(place.world.bid())
    for words in (("cancel", "--accept-strike"), ("extend",), ("close", "1")):
        assert isinstance(place.farzan.refusal("buyer", *words, "--yes"), TradeNotMatchedError)


@pytest.mark.parametrize("closer", ["buyer", "anybody"])
def test_a_dead_record_is_closed_after_its_time(place: Town, closer: str) -> None:
    trade = place.matched()
    order = str(trade.order().address)
    words = ("buyer", "close", "1", "--yes") if closer == "buyer" else ("settle", "close", order, "--yes")
    who: Person = place.farzan if closer == "buyer" else place.governor
    assert isinstance(who.refusal(*words), OrderNotOverError)
    place.farzan.told("buyer", "cancel", "--accept-strike", "--yes")
    place.pass_time(ORDER_RETENTION_S - 1)
    assert isinstance(who.refusal(*words), RetentionNotOverError)
    place.pass_time(1)
    rent = place.world.lamports(Pubkey.from_string(order))
    before = place.world.lamports(place.world.farzan.pubkey())
    assert who.told(*words)["steps"][0]["follows"] == [f"the record's rent goes to {place.world.farzan.pubkey()}"]
    fee = 5_000 if closer == "buyer" else 0
    assert place.world.lamports(place.world.farzan.pubkey()) == before + rent - fee
    assert isinstance(place.farzan.refusal("buyer", "close", "1", "--yes"), OrderRecordClosedError)
    assert place.farzan.told("buyer", "status", "1")["trades"][0]["outcome"] == "cancelled"


def test_a_trade_whose_record_was_closed_has_ended(place: Town) -> None:
    """The buyer stayed away for a month after he said that he had paid; the journal tells what it knows."""
    trade = place.matched()
    place.ali.told("seller", "reveal", "--yes")
    take(trade, "open_reveal")
    place.pass_time(CLOCK_SKEW_S)
    trade.paid(**place.world.pay())  # type: ignore[arg-type]
    order = trade.order()
    place.set_time(order.order.prove_by_unix_s + 1)
    place.governor.told("settle", "expire", str(order.address), "--yes")
    place.pass_time(ORDER_RETENTION_S)
    place.governor.told("settle", "close", str(order.address), "--yes")
    for _ in range(2):
        told = place.farzan.said("buyer", "resume", "1")
        assert "expired or cancelled; nothing was released, and the record on chain is closed" in told
        assert "a bid for 100 USDC at up to 285.00 PKR each, for which you said that you paid 28,500.00 PKR" in told
    told = place.farzan.told("buyer", "status", "1")["trades"][0]
    assert (told["state"], told["outcome"], told["released_atoms"]) == ("ended", "closed", 0)
    assert DUE == PRICE * BASE_ATOMS // 10**6


def test_an_order_that_a_node_does_not_show_is_not_taken_for_closed(place: Town) -> None:
    """A line that never counted so far shows that this is another cluster, or an old view of it."""
    order = place.matched().order().address
    place.world.edit_line(seq=0)
    place.world.svm.set_account(order, Account(1, b"", Pubkey.default()))
    assert isinstance(place.farzan.refusal("buyer", "resume", "1"), OrderNotFoundError)


def test_a_market_under_trapdoor_keys_stays_on_this_machine(place: Town) -> None:
    """Its keys are known by their points, whoever deployed them."""
    terms = place.world.read(Terms, place.world.place.terms())
    refuse_development_keys(place.world.svm, place.url, terms)
    with pytest.raises(DevelopmentKeyError, match="a measuring key, whose trapdoor anybody can derive"):
        refuse_development_keys(place.world.svm, "https://api.mainnet-beta.solana.com", terms)
