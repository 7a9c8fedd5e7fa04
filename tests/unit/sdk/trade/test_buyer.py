"""A buyer's trade, step by step: what is disclosed, what is refused beforehand, what is made again and when."""

from __future__ import annotations

from pathlib import Path

import pytest
from solders.account import Account
from solders.keypair import Keypair
from solders.transaction import VersionedTransaction

from anomi_core.relations import CheckFailedError
from anomi_core.spec import CLOCK_SKEW_S
from anomi_sdk.generated import market
from anomi_sdk.generated.market_errors import (
    AttestationBeforeSettlementError,
    IssuedMinTooOldError,
    NoAskMatchesError,
)
from anomi_sdk.generated.order_processor_errors import ProveTooLateError
from anomi_sdk.generated.order_store import MatchedOrder
from anomi_sdk.trade.bidding import choose_issued_min
from anomi_sdk.trade.book import NoMatchError
from anomi_sdk.trade.buyer import (
    AccountNotLinkedError,
    BidValuesError,
    Buyer,
    BuyerTrade,
    StepOutdatedError,
    TradeMatchedError,
    TradeOfAnotherMarketError,
)
from anomi_sdk.trade.buyer_steps import AttestorQuorumError, Ended, ProofOfAnotherStatementError, WaitFor, Waiting
from anomi_sdk.trade.journal import BidInFlightError, Journal, JournalBusyError
from anomi_sdk.trade.markets import MarketClosedError, VerifyingKeyForeignError
from anomi_sdk.trade.orders import OrderStatus
from anomi_sdk.trade.paying import (
    PayeeNotShownYetError,
    PaymentOutsideWindowError,
    PaymentTooSmallError,
    TransferAlreadySpentError,
)
from anomi_sdk.trade.prepared import Audience, Prepared
from anomi_sdk.trade.reveal import RevealCommitmentMismatchError
from anomi_sdk.trade.seams import MadeProof
from anomi_sdk.trade.seller import PayeeUnknownError
from anomi_sdk.trade.tokens import (
    TokenAccountFrozenError,
    TokenAccountGivenAwayError,
    associated_token_address,
)
from anomi_services.attestor.attestor import BalanceTooSmallError, ReceiptMismatchError
from tests.programs.market.world import BASE_ATOMS, FEE_BPS, PRICE, AskArgs, TermsArgs
from tests.unit.sdk.trade.crash import Fuse, KilledError, fused_buyer
from tests.unit.sdk.trade.trade_world import ALI_ACCOUNT, DUE, FARZAN, FARZAN_ACCOUNT, FARZAN_BALANCE, TradeWorld

HALF = BASE_ATOMS // 2


@pytest.fixture
def asked(world: TradeWorld) -> TradeWorld:
    """Ali's ask is in the book."""
    world.seller_client().place_ask(world.ask_terms())
    return world


def step_to(trade: BuyerTrade, name: str) -> Prepared:
    """Take steps up to the one of this name, and return it untaken."""
    for _ in range(10):
        step = trade.prepare()
        assert isinstance(step, Prepared), step
        if step.step == name:
            return step
        trade.execute(step)
    raise AssertionError(f"no step {name}")


def take(trade: BuyerTrade, *names: str) -> None:
    for name in names:
        step = trade.prepare()
        assert isinstance(step, Prepared), step
        assert step.step == name
        trade.execute(step)


def bid_matched(world: TradeWorld, buyer: Buyer | None = None, **bid: object) -> BuyerTrade:
    trade = (buyer or world.buyer()).open(world.bid(**bid))
    take(trade, "attest_balance", "prove_solvency", "place_bid_order")
    return trade


def payee_shown(world: TradeWorld, trade: BuyerTrade) -> None:
    world.seller_client().reveal_pending()
    take(trade, "open_reveal")
    world.clock.sleep(CLOCK_SKEW_S)


def settle(world: TradeWorld, trade: BuyerTrade, amount: int = DUE, txid: str = "12345678901") -> Ended:
    payee_shown(world, trade)
    trade.paid(**world.pay(amount, txid))  # type: ignore[arg-type]
    take(trade, "report_payment", "attest_receipt", "prove_payment", "finalize_trade")
    ended = trade.prepare()
    assert isinstance(ended, Ended)
    return ended


# What is disclosed


def test_each_audience_learns_its_part_and_no_more(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    told: dict[str, Prepared] = {}
    for step in ("attest_balance", "prove_solvency", "place_bid_order"):
        told[step] = step_to(trade, step)
        trade.execute(told[step])
    asked.seller_client().reveal_pending()
    told["open_reveal"] = step_to(trade, "open_reveal")
    trade.execute(told["open_reveal"])
    asked.clock.sleep(CLOCK_SKEW_S)
    trade.paid(**asked.pay())  # type: ignore[arg-type]
    for step in ("report_payment", "attest_receipt", "prove_payment", "finalize_trade"):
        told[step] = step_to(trade, step)
        trade.execute(told[step])

    def values(step: str, audience: Audience) -> set[str]:
        return {item.value for item in told[step].discloses if item.to is audience}

    chain = set().union(*(values(step, Audience.CHAIN) for step in told))
    attestors = set().union(*(values(step, Audience.ATTESTORS) for step in told))
    private = {FARZAN_ACCOUNT, ALI_ACCOUNT, "12345678901"}
    assert private <= attestors, "attestors look into accounts and transfers"
    assert not private & chain
    assert str(asked.farzan.pubkey()) in chain
    assert str(asked.farzan.pubkey()) not in attestors
    assert str(FARZAN_BALANCE) not in chain | attestors, "nobody learns the whole balance"
    assert str(DUE) in values("attest_balance", Audience.ATTESTORS)
    for step in ("prove_solvency", "open_reveal", "prove_payment"):
        assert (told[step].discloses, told[step].message) == ((), None)
    for prepared in told.values():
        for secret in private | {str(DUE)}:
            assert secret not in repr(prepared.discloses)


def test_an_unsigned_transaction_is_within_the_packet_and_names_its_signers(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    bid = step_to(trade, "place_bid_order")
    assert bid.signers == (asked.farzan.pubkey(),)
    outcome = trade.execute(bid)
    assert outcome is not None
    assert outcome.size_bytes == bid.transaction_bytes <= 1232


def test_another_wallet_may_pay_the_fees(asked: TradeWorld) -> None:
    payer = asked.user()
    penniless = Keypair()
    buyer = asked.buyer(wallet=penniless, fee_payer=payer)
    before = asked.lamports(payer.pubkey())
    trade = bid_matched(asked, buyer)
    ended = settle(asked, trade)
    assert ended == Ended("settled", BASE_ATOMS)
    assert asked.lamports(penniless.pubkey()) == 0
    assert asked.lamports(payer.pubkey()) < before
    assert asked.tokens(penniless.pubkey()) == BASE_ATOMS - BASE_ATOMS * FEE_BPS // 10_000


def test_lamports_at_the_buyers_token_address_do_not_hold_his_tokens_up(asked: TradeWorld) -> None:
    """Anybody can send some there before the account is made."""
    trade = bid_matched(asked)
    asked.svm.airdrop(associated_token_address(asked.farzan.pubkey(), asked.ref.base_mint), 1_000_000)
    assert settle(asked, trade) == Ended("settled", BASE_ATOMS)


def test_every_transaction_fits_when_another_pays(asked: TradeWorld) -> None:
    buyer = asked.buyer(wallet=Keypair(), fee_payer=asked.user(), micro_lamports_per_unit=1000)
    trade = buyer.open(asked.bid())
    bid = step_to(trade, "place_bid_order")
    trade.execute(bid)
    payee_shown(asked, trade)
    trade.paid(**asked.pay())  # type: ignore[arg-type]
    finalize = step_to(trade, "finalize_trade")
    assert bid.transaction_bytes <= 1232
    assert finalize.transaction_bytes <= 1232


# What is refused before anything is disclosed, proven or paid


def test_a_bid_is_from_a_linked_account(asked: TradeWorld) -> None:
    with pytest.raises(AccountNotLinkedError):
        asked.buyer().open(asked.bid(account=ALI_ACCOUNT))
    assert asked.buyer().trades() == ()


@pytest.mark.parametrize(
    "values",
    [{"limit_price": 0}, {"min_fill_atoms": 0}, {"base_atoms": 0, "min_fill_atoms": 0}, {"base_atoms": HALF}],
    ids=["price", "least", "amount", "least above amount"],
)
def test_a_bid_makes_sense(asked: TradeWorld, values: dict[str, object]) -> None:
    with pytest.raises(BidValuesError):
        asked.buyer().open(asked.bid(**values))


def test_without_a_matching_ask_nobody_is_asked_anything(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid(limit_price=PRICE - 1))
    with pytest.raises(NoMatchError):
        trade.prepare()
    assert (asked.bank.calls, asked.prover.calls) == ([], [])


def test_a_closed_market_takes_no_bid(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    asked.edit(market.Market, asked.place.market, paused=True)
    with pytest.raises(MarketClosedError, match="paused"):
        trade.prepare()
    asked.edit(market.Market, asked.place.market, paused=False, terms_version=0)
    with pytest.raises(MarketClosedError, match="no terms"):
        trade.prepare()
    asked.edit(market.Market, asked.place.market, terms_version=1)
    asked.edit(market.Terms, asked.place.terms(), revoked_at_unix_s=1)
    with pytest.raises(MarketClosedError, match="revoked"):
        trade.prepare()
    assert asked.bank.calls == []


def test_nobody_proves_for_a_foreign_key(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    asked.edit(market.Terms, asked.place.terms(), solvency_key=asked.stored_key("payment"))
    with pytest.raises(VerifyingKeyForeignError):
        trade.prepare()
    assert (asked.bank.calls, asked.prover.calls) == ([], [])


def test_a_balance_that_is_not_there_ends_at_the_attestors(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid(limit_price=PRICE * 2))
    with pytest.raises(BalanceTooSmallError):
        take(trade, "attest_balance")
    assert asked.prover.calls == []


def test_signatures_that_do_not_verify_are_no_quorum(asked: TradeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = asked.bank.attest_balance

    def lying(attestors, claim):  # type: ignore[no-untyped-def]
        signatures = dict(answer(attestors, claim))
        signatures[1] = signatures[0]
        signatures[9] = signatures[0]
        return signatures

    monkeypatch.setattr(asked.bank, "attest_balance", lying)
    trade = asked.buyer().open(asked.bid())
    with pytest.raises(AttestorQuorumError, match="1 of these"):
        take(trade, "attest_balance")
    assert asked.buyer().resume(trade.number).prepare().step == "attest_balance"  # type: ignore[union-attr]


def test_nothing_is_proven_that_the_relation_refuses(asked: TradeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anomi_sdk.trade.bidding.quorum", lambda *_: ((0, 0, 1, 0), (1, 0, 1, 0)))
    trade = asked.buyer().open(asked.bid())
    take(trade, "attest_balance")
    with pytest.raises(CheckFailedError):
        take(trade, "prove_solvency")
    assert asked.prover.calls == []


@pytest.mark.parametrize("wrong", ["input", "length"])
def test_a_prover_that_proves_something_else_is_found_out(
    asked: TradeWorld, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    prove = asked.prover.prove_solvency

    def other(statement, witness):  # type: ignore[no-untyped-def]
        made = prove(statement, witness)
        return MadeProof(made.proof, made.public_input + 1) if wrong == "input" else MadeProof(b"", made.public_input)

    monkeypatch.setattr(asked.prover, "prove_solvency", other)
    trade = asked.buyer().open(asked.bid())
    take(trade, "attest_balance")
    with pytest.raises(ProofOfAnotherStatementError):
        take(trade, "prove_solvency")


def test_a_doomed_bid_raises_the_programs_error_and_costs_nothing(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    bid = step_to(trade, "place_bid_order")
    records = asked.buyer().resume(trade.number)
    asked.accepted(
        asked.cancel_instruction(asked.ali.pubkey(), asked.place.ask(asked.ali.pubkey())), signers=[asked.ali]
    )
    before = asked.svm.snapshot()
    with pytest.raises(NoAskMatchesError):
        trade.execute(bid)
    assert asked.svm.snapshot() == before
    with pytest.raises(NoMatchError):
        records.prepare()
    records.abandon()


# What is made again, and when


def test_a_proof_that_waited_too_long_is_made_again_with_new_attestations(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    bid = step_to(trade, "place_bid_order")
    asked.clock.sleep(870)
    with pytest.raises(IssuedMinTooOldError):
        trade.execute(bid)
    take(trade, "attest_balance", "prove_solvency", "place_bid_order")
    assert asked.bank.calls == ["balance", "balance"]


def test_a_proof_is_used_as_long_as_the_program_takes_it(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    step_to(trade, "place_bid_order")
    asked.clock.sleep(840)
    take(trade, "place_bid_order")
    assert asked.prover.calls == ["solvency"]


def test_another_match_makes_a_new_proof_necessary_but_no_new_attestation(asked: TradeWorld) -> None:
    """The line's sequence number moved, and what the attestors signed still covers both."""
    asked.bank.ledger.transfer("1", FARZAN_ACCOUNT, ALI_ACCOUNT, 1, 1)
    buyer = asked.buyer()
    first = buyer.open(asked.bid(base_atoms=HALF, min_fill_atoms=HALF))
    step_to(first, "place_bid_order")
    second = bid_matched(asked, buyer, base_atoms=HALF // 5, min_fill_atoms=1)
    take(first, "attest_balance")  # the other trade's reservation needs more cover than was attested
    take(first, "prove_solvency", "place_bid_order")
    assert asked.line().seq == 2
    assert asked.line().reserved_minor_units == DUE // 2 + DUE // 10
    assert first.prepare() == second.prepare()


def test_a_sequence_number_alone_makes_a_new_proof_out_of_the_old_attestations(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid(base_atoms=HALF, min_fill_atoms=HALF))
    step_to(trade, "place_bid_order")
    bid_matched(asked, asked.buyer(asked.folder / "elsewhere.db"), base_atoms=HALF // 5, min_fill_atoms=1)
    asked.edit_line(reserved_minor_units=0)
    take(trade, "prove_solvency", "place_bid_order")
    assert (asked.bank.calls, asked.prover.calls) == (["balance"] * 2, ["solvency"] * 3), "one of each is the other's"


def test_one_attestation_never_backs_two_trades_in_a_row(asked: TradeWorld) -> None:
    """Both trades are attested at once; when the first has settled, the second needs a new look at the account."""
    buyer = asked.buyer()
    second = buyer.open(asked.bid(base_atoms=HALF // 5, min_fill_atoms=1))
    first = buyer.open(asked.bid(base_atoms=HALF, min_fill_atoms=HALF))
    take(second, "attest_balance")
    take(first, "attest_balance", "prove_solvency", "place_bid_order")
    settle(asked, first, DUE // 2)
    fresh_after = asked.clock.unix_time_s() + CLOCK_SKEW_S
    assert asked.line().fresh_after_unix_s == fresh_after
    assert second.prepare() == Waiting(WaitFor.SETTLEMENT, fresh_after)
    asked.svm.set_unix_time(fresh_after - 1)
    assert second.prepare() == Waiting(WaitFor.SETTLEMENT, fresh_after)
    asked.svm.set_unix_time(fresh_after)
    take(second, "attest_balance")
    waiting = second.prepare()
    assert waiting == Waiting(WaitFor.FRESHNESS, asked.line().fresh_after_unix_s + 8)
    asked.clock.sleep(8)
    take(second, "prove_solvency", "place_bid_order")


def test_a_settlement_voids_a_proof_that_was_made_before_it(asked: TradeWorld) -> None:
    """The sequence number still fits; what was proven is a balance from before the money left the account."""
    buyer = asked.buyer()
    first = bid_matched(asked, buyer, base_atoms=HALF, min_fill_atoms=HALF)
    payee_shown(asked, first)
    first.paid(**asked.pay(DUE // 2))  # type: ignore[arg-type]
    take(first, "report_payment", "attest_receipt", "prove_payment")
    second = buyer.open(asked.bid(base_atoms=HALF // 5, min_fill_atoms=1))
    asked.bank.ledger.open_account("923111111111", "Friend", "pin", DUE)
    asked.bank.ledger.transfer("33333333333", "923111111111", FARZAN_ACCOUNT, DUE, 1)
    stale = step_to(second, "place_bid_order")
    asked.clock.sleep(10)
    take(first, "finalize_trade")
    with pytest.raises(AttestationBeforeSettlementError):
        second.execute(stale)
    asked.clock.sleep(CLOCK_SKEW_S)
    take(second, "attest_balance")


def test_nothing_is_bought_for_a_token_account_that_cannot_be_paid(asked: TradeWorld) -> None:
    """The tokens would wait until the deadline and go back to the seller, after the buyer has paid."""
    trade = asked.buyer().open(asked.bid())
    token, thief = associated_token_address(asked.farzan.pubkey(), asked.ref.base_mint), asked.user()
    asked.fund(asked.ref.base_mint, asked.farzan.pubkey(), 0)
    good = asked.svm.accounts([token])[0]
    assert good is not None
    data = bytes(good.data)
    for owner, state, error in (
        (thief.pubkey(), 1, TokenAccountGivenAwayError),
        (asked.farzan.pubkey(), 2, TokenAccountFrozenError),
    ):
        spoilt = data[:32] + bytes(owner) + data[64:108] + bytes([state]) + data[109:]
        asked.svm.set_account(token, Account(good.lamports, spoilt, good.owner))
        with pytest.raises(error):
            trade.prepare()
    assert asked.bank.calls == []
    asked.svm.set_account(token, good)
    take(trade, "attest_balance")


def test_new_terms_need_new_attestations(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    step_to(trade, "place_bid_order")
    asked.publish_terms(TermsArgs(version=2))
    asked.place_ask(asked.seller(), AskArgs(terms_version=2))
    take(trade, "attest_balance", "prove_solvency", "place_bid_order")


def test_a_line_that_cools_down_waits(asked: TradeWorld) -> None:
    bid_matched(asked, base_atoms=HALF // 5, min_fill_atoms=1)
    until = asked.clock.unix_time_s() + 500
    asked.edit_line(cooldown_until_unix_s=until)
    assert asked.buyer().open(asked.bid(min_fill_atoms=1)).prepare() == Waiting(WaitFor.COOLDOWN, until)


@pytest.mark.parametrize(
    ("issued_at", "fresh_after", "now", "chosen"),
    [
        (1000, 0, 1000, 962),
        (1000, 962, 1000, 962),
        (1000, 963, 1000, 963),
        (1000, 1000, 1000, 1000),
        (1000, 1001, 1000, None),
        (1000, 0, 1802, 962),
        (1000, 0, 1803, 963),
        (1000, 0, 1840, 1000),
        (1000, 0, 1841, None),
    ],
    ids=[
        "margin", "settled before the margin", "settled within it", "settled in the same second", "settled after",
        "old", "older than the margin allows", "as old as can be", "too old",
    ],
)  # fmt: skip
def test_the_freshness_window_is_chosen_to_its_edges(
    issued_at: int, fresh_after: int, now: int, chosen: int | None
) -> None:
    assert choose_issued_min(issued_at, fresh_after, now) == chosen
    if chosen is not None:
        assert chosen <= issued_at < chosen + 128


# One trade, one order


def test_two_trades_do_not_bid_for_the_same_order(asked: TradeWorld) -> None:
    """The first trade's process dies after it wrote its bid down; whether that landed it must find out itself."""
    buyer = asked.buyer()
    first = buyer.open(asked.bid(base_atoms=HALF, min_fill_atoms=HALF))
    step_to(first, "place_bid_order")
    lost_bid(asked, first)
    second = asked.buyer().open(asked.bid(base_atoms=HALF, min_fill_atoms=HALF))
    with pytest.raises(BidInFlightError):
        take(second, "attest_balance", "prove_solvency", "place_bid_order")
    take(first, "place_bid_order")
    assert asked.line().seq == 1


def test_a_bid_that_was_lost_is_given_up_when_its_blockhash_has_expired(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    step_to(trade, "place_bid_order")
    lost = VersionedTransaction.from_bytes(lost_bid(asked, trade))
    again = asked.buyer().resume(trade.number)
    with pytest.raises(TradeMatchedError):
        again.abandon()
    for _ in range(200):
        asked.svm.latest_blockhash()
    step = again.prepare()
    assert isinstance(step, Prepared)
    assert step.message != lost.message
    again.execute(step)
    assert asked.prover.calls == ["solvency"], "the proof was still good"


def lost_bid(asked: TradeWorld, trade: BuyerTrade) -> bytes:
    """The process dies after it wrote its signed bid down and before it sent it; return what it wrote."""
    fuse = Fuse()
    dying = fused_buyer(asked, fuse).resume(trade.number)
    bid = dying.prepare()
    assert isinstance(bid, Prepared)
    fuse.at = len(fuse.seen) + 3
    with pytest.raises(KilledError, match="before send"):
        dying.execute(bid)
    recorded = Journal(asked.folder / "journal.db", FARZAN.journal_key()).progress(trade.number).bid
    assert recorded is not None
    return recorded.transaction


def test_a_bid_that_failed_on_chain_is_replaced(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    step_to(trade, "place_bid_order")
    transaction = VersionedTransaction.from_bytes(lost_bid(asked, trade))
    asked.seller_client().cancel(asked.place.ask(asked.ali.pubkey()))
    assert asked.svm.send(transaction).failure is not None
    asked.place_ask(asked.seller(), AskArgs(client_nonce=2))
    again = asked.buyer().resume(trade.number)
    take(again, "place_bid_order")
    assert asked.line().seq == 1


def test_an_order_of_the_same_identity_and_another_wallet_is_not_taken_for_ones_own(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid(base_atoms=HALF, min_fill_atoms=HALF))
    step_to(trade, "place_bid_order")
    lost_bid(asked, trade)
    other = asked.buyer(asked.folder / "elsewhere.db", wallet=asked.user())
    bid_matched(asked, other, base_atoms=HALF, min_fill_atoms=HALF)
    again = asked.buyer().resume(trade.number)
    take(again, "attest_balance", "prove_solvency", "place_bid_order")
    assert [view.order.seq for view in asked.seller_client().orders()] == [0, 1]


@pytest.mark.parametrize("change", [{"base_atoms": HALF + 1}, {"base_atoms": HALF - 1}, {"price": PRICE + 1}])
def test_an_order_that_the_bid_could_not_have_made_is_not_taken_for_its_own(
    asked: TradeWorld, change: dict[str, object]
) -> None:
    trade = asked.buyer().open(asked.bid(base_atoms=HALF, min_fill_atoms=HALF))
    step_to(trade, "place_bid_order")
    lost_bid(asked, trade)
    bid_matched(asked, asked.buyer(asked.folder / "elsewhere.db"), base_atoms=HALF, min_fill_atoms=HALF)
    asked.edit(MatchedOrder, asked.order_address(0), **change)
    take(asked.buyer().resume(trade.number), "attest_balance")


def test_a_trade_is_abandoned_only_while_it_is_not_matched(asked: TradeWorld) -> None:
    buyer = asked.buyer()
    trade = buyer.open(asked.bid())
    take(trade, "attest_balance")
    trade.abandon()
    trade.abandon()
    assert trade.prepare() == Ended("abandoned", 0)
    matched = bid_matched(asked, buyer)
    with pytest.raises(TradeMatchedError):
        matched.abandon()


def test_a_step_is_taken_once_and_only_while_it_is_the_next(asked: TradeWorld) -> None:
    buyer = asked.buyer()
    trade, same = buyer.open(asked.bid()), asked.buyer()
    attest = step_to(trade, "attest_balance")
    with pytest.raises(StepOutdatedError):
        same.resume(trade.number).execute(attest)
    take(same.resume(trade.number), "attest_balance")
    with pytest.raises(StepOutdatedError):
        trade.execute(attest)
    assert asked.bank.calls == ["balance"]


def test_two_processes_do_not_take_the_same_trade(asked: TradeWorld) -> None:
    buyer = asked.buyer()
    trade = buyer.open(asked.bid())
    journal = Journal(asked.folder / "journal.db", FARZAN.journal_key())
    with journal.hold(trade.number), pytest.raises(JournalBusyError):
        trade.prepare()


def test_a_trade_of_another_wallet_is_not_resumed(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    with pytest.raises(TradeOfAnotherMarketError):
        asked.buyer(wallet=asked.user()).resume(trade.number)


def test_lamports_sent_to_the_orders_address_do_not_look_like_an_order(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    bid = step_to(trade, "place_bid_order")
    assert bid.message is not None
    accounts = bid.message.account_keys
    for address in (market.line_address(asked.line_id()), asked.order_address(0)):
        assert address in accounts
        asked.svm.airdrop(address, 1_000_000)
    take(trade, "place_bid_order")
    assert isinstance(trade.prepare(), Waiting)


# Whom to pay, and when


def test_the_payee_is_shown_120_seconds_after_the_reveal(asked: TradeWorld) -> None:
    trade = bid_matched(asked)
    with pytest.raises(PayeeNotShownYetError):
        trade.to_pay()
    asked.seller_client().reveal_pending()
    revealed_at = asked.clock.unix_time_s()
    take(trade, "open_reveal")
    assert trade.prepare() == Waiting(WaitFor.PAYEE_DELAY, revealed_at + 120)
    asked.svm.set_unix_time(revealed_at + 119)
    with pytest.raises(PayeeNotShownYetError):
        trade.to_pay()
    asked.svm.set_unix_time(revealed_at + 120)
    to_pay = trade.to_pay()
    assert (to_pay.account, to_pay.due_minor_units, to_pay.least_minor_units) == (ALI_ACCOUNT, DUE, DUE // 10)
    assert to_pay.pay_by_unix_s == revealed_at + 24 * 3600
    assert ALI_ACCOUNT not in repr(to_pay)


def test_the_payee_waits_for_the_slower_of_two_clocks(asked: TradeWorld) -> None:
    trade = bid_matched(asked)
    payee_shown(asked, trade)
    asked.clock.unix_time_s = lambda: asked.svm.unix_time_s() - 1  # type: ignore[method-assign]
    with pytest.raises(PayeeNotShownYetError):
        trade.to_pay()
    assert isinstance(trade.prepare(), Waiting)
    asked.clock.sleep(1)
    assert trade.to_pay().account == ALI_ACCOUNT


def test_a_reveal_of_another_payee_is_not_shown(asked: TradeWorld) -> None:
    trade = bid_matched(asked)
    order = asked.seller_client().orders()[0]
    asked.edit(MatchedOrder, order.address, payee_commit=(5).to_bytes(32, "big"))
    with pytest.raises(PayeeUnknownError):
        asked.seller_client().reveal(order.address)
    asked.edit(MatchedOrder, order.address, payee_commit=order.order.payee_commit)
    asked.seller_client().reveal(order.address)
    asked.edit(MatchedOrder, order.address, payee_commit=(5).to_bytes(32, "big"))
    with pytest.raises(RevealCommitmentMismatchError):
        take(trade, "open_reveal")
    with pytest.raises(PayeeNotShownYetError):
        trade.to_pay()


@pytest.mark.parametrize(("amount", "refused"), [(DUE // 10 - 1, True), (DUE // 10, False)])
def test_a_payment_reaches_the_orders_least(asked: TradeWorld, amount: int, refused: bool) -> None:
    trade = bid_matched(asked)
    payee_shown(asked, trade)
    paid = asked.pay(amount)
    if refused:
        with pytest.raises(PaymentTooSmallError):
            trade.paid(**paid)  # type: ignore[arg-type]
    else:
        trade.paid(**paid)  # type: ignore[arg-type]
        assert step_to(trade, "report_payment")


@pytest.mark.parametrize(("seconds", "refused"), [(-1, True), (0, False), (86_520, False), (86_521, True)])
def test_a_payment_is_made_inside_its_window(asked: TradeWorld, seconds: int, refused: bool) -> None:
    trade = bid_matched(asked)
    payee_shown(asked, trade)
    revealed_at = asked.clock.unix_time_s() - CLOCK_SKEW_S
    words = {"txid": "12345678901", "amount_minor_units": DUE, "paid_at_unix_s": revealed_at + seconds}
    if refused:
        with pytest.raises(PaymentOutsideWindowError):
            trade.paid(**words)  # type: ignore[arg-type]
    else:
        trade.paid(**words)  # type: ignore[arg-type]


def test_nothing_is_paid_before_the_payee_is_known(asked: TradeWorld) -> None:
    trade = bid_matched(asked)
    with pytest.raises(PayeeNotShownYetError):
        trade.paid(txid="12345678901", amount_minor_units=DUE, paid_at_unix_s=1)


def test_a_mistyped_transfer_is_named_again(asked: TradeWorld) -> None:
    trade = bid_matched(asked)
    payee_shown(asked, trade)
    paid = asked.pay()
    trade.paid(**{**paid, "amount_minor_units": DUE - 1})  # type: ignore[arg-type]
    take(trade, "report_payment")
    with pytest.raises(ReceiptMismatchError):
        take(trade, "attest_receipt")
    trade.paid(**paid)  # type: ignore[arg-type]
    take(trade, "attest_receipt", "prove_payment", "finalize_trade")
    assert trade.prepare() == Ended("settled", BASE_ATOMS)


def test_a_transfer_settles_one_order(asked: TradeWorld) -> None:
    buyer = asked.buyer()
    first = bid_matched(asked, buyer, base_atoms=HALF // 5, min_fill_atoms=1)
    settle(asked, first, DUE // 10, "11111111111")
    asked.clock.sleep(CLOCK_SKEW_S + 60)
    second = bid_matched(asked, buyer, base_atoms=HALF // 5, min_fill_atoms=1)
    payee_shown(asked, second)
    now = asked.clock.unix_time_s()
    with pytest.raises(TransferAlreadySpentError):
        second.paid(txid="11111111111", amount_minor_units=DUE // 10, paid_at_unix_s=now)


def test_a_part_payment_releases_its_part(asked: TradeWorld) -> None:
    trade = bid_matched(asked)
    assert settle(asked, trade, DUE // 3) == Ended("settled", BASE_ATOMS // 3)
    ask = asked.ask()
    assert ask.returned_atoms == BASE_ATOMS - BASE_ATOMS // 3
    assert asked.line().strikes == 1


def test_what_was_paid_beyond_the_due_stays_private(asked: TradeWorld) -> None:
    trade = bid_matched(asked)
    assert settle(asked, trade, DUE + 777) == Ended("settled", BASE_ATOMS)
    (order,) = asked.seller_client().orders()
    assert order.order.paid_floor_minor_units == DUE


def test_a_payment_of_another_account_proves_nothing(asked: TradeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """A third party paid: no attestor signs it for the buyer, and if two did, the relation still refuses."""
    trade = bid_matched(asked)
    payee_shown(asked, trade)
    asked.bank.ledger.open_account("923000000000", "Third", "pin", DUE)
    now = asked.clock.unix_time_s()
    asked.bank.ledger.transfer("22222222222", "923000000000", ALI_ACCOUNT, DUE, now)
    trade.paid(txid="22222222222", amount_minor_units=DUE, paid_at_unix_s=now)
    take(trade, "report_payment")
    with pytest.raises(ReceiptMismatchError):
        take(trade, "attest_receipt")
    monkeypatch.setattr("anomi_sdk.trade.paying.quorum", lambda *_: ((0, 0, 1, 0), (1, 0, 1, 0)))
    monkeypatch.setattr(asked.bank, "attest_receipt", lambda *_: {})
    take(trade, "attest_receipt")
    with pytest.raises(CheckFailedError):
        take(trade, "prove_payment")


# Ends that are no settlement by the buyer


def test_the_seller_may_release_by_himself(asked: TradeWorld) -> None:
    trade = bid_matched(asked)
    payee_shown(asked, trade)
    trade.paid(**asked.pay())  # type: ignore[arg-type]
    take(trade, "report_payment")
    order = asked.seller_client().orders()[0].address
    asked.seller_client().release(order, txid="0012345678901", seen_minor_units=DUE)
    assert trade.prepare() == Ended("settled", BASE_ATOMS)
    assert asked.prover.calls == ["solvency"]


def test_a_missed_reveal_is_ended_by_the_buyer(asked: TradeWorld) -> None:
    trade = bid_matched(asked)
    waiting = trade.prepare()
    assert waiting == Waiting(WaitFor.REVEAL, asked.clock.unix_time_s() + 1801)
    asked.clock.sleep(1800)
    assert isinstance(trade.prepare(), Waiting)
    asked.clock.sleep(1)
    take(trade, "expire_order")
    assert trade.prepare() == Ended("expired", 0)
    assert (asked.line().reserved_minor_units, asked.line().strikes) == (0, 0)
    assert asked.ask().returned_atoms == BASE_ATOMS


def test_an_order_that_nobody_paid_is_ended_by_the_buyer(asked: TradeWorld) -> None:
    trade = bid_matched(asked)
    payee_shown(asked, trade)
    waiting = trade.prepare()
    assert isinstance(waiting, Waiting)
    assert waiting.what is WaitFor.PAYMENT
    asked.svm.set_unix_time(waiting.until_unix_s - 1)
    assert trade.prepare() == waiting
    asked.svm.set_unix_time(waiting.until_unix_s)
    take(trade, "expire_order")
    assert trade.prepare() == Ended("expired", 0)
    assert asked.line().strikes == 1


def test_an_order_that_was_paid_is_never_ended_by_the_buyer(asked: TradeWorld) -> None:
    trade = bid_matched(asked)
    payee_shown(asked, trade)
    trade.paid(**asked.pay())  # type: ignore[arg-type]
    take(trade, "report_payment", "attest_receipt", "prove_payment")
    asked.clock.sleep(40 * 3600)
    with pytest.raises(ProveTooLateError):
        trade.prepare()


# All at once, and after a loss


def test_run_does_everything_but_the_payment(asked: TradeWorld) -> None:
    trade = asked.buyer().open(asked.bid())
    seller = asked.seller_client()
    sleep = asked.clock.sleep

    def while_sleeping(seconds: float) -> None:
        seller.reveal_pending()
        sleep(seconds)

    asked.clock.sleep = while_sleeping  # type: ignore[method-assign]
    waiting = trade.run()
    assert isinstance(waiting, Waiting)
    assert waiting.what is WaitFor.PAYMENT
    trade.paid(**asked.pay())  # type: ignore[arg-type]
    assert trade.run() == Ended("settled", BASE_ATOMS)


def test_a_lost_journal_is_made_again_from_the_vault_and_the_chain(asked: TradeWorld, tmp_path: Path) -> None:
    trade = bid_matched(asked)
    payee_shown(asked, trade)
    paid = asked.pay()
    lost = asked.buyer(tmp_path / "new.db")
    (found,) = lost.recover()
    take(found, "open_reveal")
    assert found.to_pay().account == ALI_ACCOUNT
    found.paid(**paid)  # type: ignore[arg-type]
    assert found.run() == Ended("settled", BASE_ATOMS)
    assert lost.recover() == ()
    assert asked.seller_client().orders()[0].status is OrderStatus.SETTLED


def test_what_the_journal_knows_is_not_recovered(asked: TradeWorld) -> None:
    bid_matched(asked)
    assert asked.buyer().recover() == ()
