"""Events out of logs: in order, over all our programs, and only what each of them logged itself."""

from __future__ import annotations

import base64
import random

import pytest
from solders.pubkey import Pubkey

from anomi_sdk.events import events_in, events_of
from anomi_sdk.generated import PROGRAMS, market, order_processor, order_store
from anomi_sdk.layouts import EventLayout
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_errors import TransactionFailure
from tests.unit.sdk.test_layouts import filled

OTHER = Pubkey.from_bytes(bytes([7] * 32))
EVENTS = [event for program in PROGRAMS for event in program.events]


def _data(*slices: bytes) -> str:
    return f"Program data: {' '.join(base64.b64encode(data).decode() for data in slices)}"


def _call(program: Pubkey, *inside: str, depth: int = 1) -> list[str]:
    return [f"Program {program} invoke [{depth}]", *inside, f"Program {program} success"]


MATCHED = filled(market.BidMatched, random.Random(1))
STORED = filled(order_store.OrderStored, random.Random(2))
FINALIZED = filled(order_processor.TradeFinalized, random.Random(3))
TRADE = _call(
    market.PROGRAM_ID,
    *_call(order_store.PROGRAM_ID, _data(STORED.encode()), depth=2),
    _data(MATCHED.encode()),
) + _call(order_processor.PROGRAM_ID, "Program log: a word", _data(FINALIZED.encode()))


def test_in_order_over_all_programs() -> None:
    assert events_in(TRADE) == (STORED, MATCHED, FINALIZED)


def test_a_failed_transaction_has_none() -> None:
    done = TransactionOutcome("s", tuple(TRADE), 1, 2, None, None)
    failed = TransactionOutcome("s", tuple(TRADE), 1, 2, None, TransactionFailure("Custom", 0, OTHER, 1))
    assert events_of(done) == (STORED, MATCHED, FINALIZED)
    assert events_of(failed) == ()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_only_the_programs_own(event: type[EventLayout]) -> None:
    value = filled(event, random.Random(4))
    line = _data(value.encode())
    assert events_in(_call(event.PROGRAM, line)) == (value,)
    for program in (OTHER, *(program.program_id for program in PROGRAMS if program.program_id != event.PROGRAM)):
        assert events_in(_call(program, line)) == ()
        assert events_in(_call(event.PROGRAM, *_call(program, line, depth=2))) == ()
        assert events_in(_call(program, *_call(event.PROGRAM, line, depth=2))) == (value,)
        assert events_in([*_call(event.PROGRAM), *_call(program, line)]) == ()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_what_is_no_event_is_left_out(event: type[EventLayout]) -> None:
    data = filled(event, random.Random(5)).encode()
    for slices in ((data[:-1],), (data + b"\0",), (data, b""), (b"", data), (data[:8],), (b"",), (bytes(8) + data,)):
        assert events_in(_call(event.PROGRAM, _data(*slices))) == ()
    assert events_in(_call(event.PROGRAM, f"Program log: {base64.b64encode(data).decode()}")) == ()


def test_a_truth_value_that_is_none_is_no_event() -> None:
    event = filled(order_processor.OrderExpired, random.Random(6))
    data = event.encode()
    assert events_in(_call(order_processor.PROGRAM_ID, _data(data[:-1] + b"\2"))) == ()


def test_logs_that_were_cut_off() -> None:
    assert events_in([*TRADE[:2], "Log truncated"]) == ()
    assert events_in([*TRADE[:3], "Log truncated"]) == (STORED,)
    assert events_in(["Program nonsense invoke [1]", _data(MATCHED.encode())]) == ()
    assert events_in([]) == ()
