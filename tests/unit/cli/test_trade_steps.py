"""Consent before a step, and the countdown of a wait, as a person at a terminal meets them."""

from __future__ import annotations

import io
import time

import click
import pytest
from solders.message import Message
from solders.pubkey import Pubkey

from anomi_cli.output import Output
from anomi_cli.trade.driving import Countdown
from anomi_cli.trade.steps import ConsentMissingError, StepDeclinedError, Steps
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_errors import TransactionFailure, TransactionRefusedError
from anomi_sdk.trade.buyer_steps import WaitFor, Waiting
from anomi_sdk.trade.prepared import Audience, Disclosure, Prepared

TOLD = Disclosure(Audience.COUNTERPARTY, "the account to be paid", "923457654321")
REVEAL = Prepared("reveal_payee", (TOLD,), follows=("it stays on chain",))
OUTCOME = TransactionOutcome("1" * 64, (), 2_549, 560, None, None)


class Terminal(io.StringIO):
    """Standard input or error that is a terminal."""

    def isatty(self) -> bool:
        return True


def must_not(_prepared: Prepared) -> TransactionOutcome:
    raise AssertionError("a step was taken against a no")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """A person at a terminal; the list holds the answers still to come, and is left with what was not asked."""
    answers: list[bool] = []
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(click, "confirm", lambda *_, **__: answers.pop(0))
    return answers


def output(*, as_json: bool = False, quiet: bool = False) -> Output:
    return Output(as_json=as_json, quiet=quiet)


def test_a_step_is_shown_before_consent_and_taken_after_it(
    asked: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    asked[:] = [True]
    steps, taken = Steps(output(), yes=False), []

    def execute(prepared: Prepared) -> TransactionOutcome:
        assert capsys.readouterr().out == (
            "reveal_payee\n  learned by the counterparty:\n    the account to be paid  923457654321\n"
            "  what follows:\n    it stays on chain\n"
        )
        taken.append(prepared)
        return OUTCOME

    assert steps.take(lambda: REVEAL, execute) is OUTCOME
    assert taken == [REVEAL]
    assert steps.taken == [
        {
            "step": "reveal_payee",
            "discloses": [{"to": "counterparty", "what": "the account to be paid", "value": "923457654321"}],
            "follows": ["it stays on chain"],
            "transaction": {"signature": "1" * 64, "compute_units": 2_549, "bytes": 560},
        }
    ]


def test_a_no_ends_it(asked: list[bool]) -> None:
    asked[:] = [False]
    with pytest.raises(StepDeclinedError, match="reveal_payee was not taken"):
        Steps(output(), yes=False).take(lambda: REVEAL, must_not)


def test_a_step_that_is_prepared_again_is_not_asked_about_again(asked: list[bool]) -> None:
    """Its blockhash expired while the person thought; four times are too many."""
    asked[:] = [True]
    expired = TransactionRefusedError("too old", failure=TransactionFailure("BlockhashNotFound"))
    outcomes: list[TransactionRefusedError | TransactionOutcome] = [expired, expired, expired, OUTCOME]

    def execute(_prepared: Prepared) -> TransactionOutcome:
        outcome = outcomes.pop(0)
        if isinstance(outcome, TransactionRefusedError):
            raise outcome
        return outcome

    steps = Steps(output(), yes=False)
    assert steps.take(lambda: REVEAL, execute) is OUTCOME
    outcomes[:] = [expired] * 4
    with pytest.raises(TransactionRefusedError, match="too old"):
        steps.take(lambda: REVEAL, execute)
    assert outcomes == []


def test_what_follows_is_asked_about_again_when_it_is_another(asked: list[bool]) -> None:
    """A cancel that was free when it was agreed to, and costs a strike when it is prepared again."""
    asked[:] = [True, False]
    steps = Steps(output(), yes=False)
    steps.agree(Prepared("cancel_order", (), follows=("no strike",)))
    with pytest.raises(StepDeclinedError):
        steps.agree(Prepared("cancel_order", (), follows=("a strike",)))


def test_another_disclosure_is_asked_about(asked: list[bool]) -> None:
    asked[:] = [True, False]
    steps = Steps(output(), yes=False)
    steps.agree(REVEAL)
    steps.agree(REVEAL)
    with pytest.raises(StepDeclinedError):
        steps.agree(Prepared("reveal_payee", (Disclosure(TOLD.to, TOLD.what, "923331112223"),)))


@pytest.mark.parametrize("told", [output(as_json=True), output(quiet=True)])
def test_nobody_is_asked_where_nothing_is_shown(asked: list[bool], told: Output) -> None:
    with pytest.raises(ConsentMissingError, match="reveal_payee has to be agreed to"):
        Steps(told, yes=False).agree(REVEAL)
    Steps(told, yes=True).agree(REVEAL)
    assert asked == []


def test_what_discloses_and_sends_nothing_needs_no_consent(asked: list[bool]) -> None:
    steps = Steps(output(), yes=False)
    steps.agree(Prepared("prove_payment", ()))
    asked[:] = [False]
    with pytest.raises(StepDeclinedError):
        steps.agree(Prepared("withdraw_ask", (), Message([], Pubkey.default())))


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    return naps


def test_a_countdown_on_a_terminal(monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    now = [1_000]
    countdown = Countdown(output(), lambda: now[0], patient=True)
    waiting = Waiting(WaitFor.REVEAL, 1_119)
    countdown.wait(waiting, again=False)
    now[0] = 1_118
    countdown.wait(waiting, again=True)
    assert slept == [2.0, 1.0]
    assert "reveal the payee: 1:59 " in screen.getvalue()
    assert "reveal the payee: 0:01 " in screen.getvalue()


@pytest.mark.parametrize("told", [output(as_json=True), output(quiet=True)])
def test_a_quiet_wait(monkeypatch: pytest.MonkeyPatch, slept: list[float], told: Output) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    countdown = Countdown(told, lambda: 0, patient=True)
    countdown.wait(Waiting(WaitFor.REVEAL, 5), again=False)
    countdown.done()
    assert (screen.getvalue(), slept) == ("", [2.0])


def test_elsewhere_the_end_of_a_wait_is_told_once(slept: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    countdown = Countdown(output(), lambda: 1_795_223_000, patient=True)
    waiting = Waiting(WaitFor.REVEAL, 1_795_223_775)
    countdown.wait(waiting, again=False)
    countdown.wait(waiting, again=True)
    assert capsys.readouterr().err == "waiting for the seller to reveal the payee, until 2026-11-21T01:16:15Z\n"
    assert len(slept) == 2


@pytest.mark.parametrize("what", list(WaitFor))
def test_who_waits_for_what(what: WaitFor) -> None:
    """A payment is never waited for; without patience, only what takes seconds is."""
    short = what in (WaitFor.FRESHNESS, WaitFor.CONFIRMATION)
    waiting = Waiting(what, 1)
    assert Countdown(output(), lambda: 0, patient=True).waits_for(waiting) is (what is not WaitFor.PAYMENT)
    assert Countdown(output(as_json=True), lambda: 0, patient=False).waits_for(waiting) is short
