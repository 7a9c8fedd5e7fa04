"""The journal: what was written is there after any kill, sealed, and only for its owner."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from solders.pubkey import Pubkey

from anomi_sdk.trade.journal import (
    BidInFlightError,
    Journal,
    JournalBusyError,
    JournalDamagedError,
    JournalOfAnotherIdentityError,
    TradeUnknownError,
)
from anomi_sdk.trade.records import (
    KINDS,
    BalanceAttested,
    BidSigned,
    BidVoided,
    FinalizeSigned,
    OrderMatched,
    PayeeOpened,
    PaymentMade,
    PaymentProven,
    Progress,
    ReceiptAttested,
    Record,
    RecordUnreadableError,
    ReportSigned,
    SolvencyProven,
    TradeEnded,
    decode_record,
)
from anomi_sdk.trade.secret_files import SecretFileExposedError, SecretFileUnreadableError
from tests.unit.sdk.trade import journal_kill
from tests.unit.sdk.trade.journal_kill import KEY, OPENED

ORDER = Pubkey.from_bytes(b"\7" * 32)
SIGNATURES = ((0, 2**253, 1, 2), (2, 3, 4, 2**250))
RECORDS: tuple[Record, ...] = (
    OPENED,
    BalanceAttested(1, 2_850_000, 1_795_000_000, 2**247 + 1, SIGNATURES),
    SolvencyProven(b"\1" * 256, 2**64 - 1, 1_795_000_000, 5),
    BidSigned(ORDER, 0, b"\2" * 944),
    BidVoided("MatchedAskMismatch"),
    OrderMatched(ORDER, 0),
    PayeeOpened("923001234567", 2**248 - 1, 2**247),
    PaymentMade("12345678901", 2_850_000, 1_795_000_500),
    ReportSigned(b"\3"),
    ReceiptAttested(2**247, SIGNATURES),
    PaymentProven(b"\4" * 256, b"\5" * 32, 2_850_000, 3),
    FinalizeSigned(b""),
    TradeEnded("settled", 100_000_000),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def test_every_record_is_read_back_as_it_was() -> None:
    assert {type(record) for record in RECORDS} == set(KINDS)
    for record in RECORDS:
        assert decode_record(type(record).__name__, record.encode()) == record


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("TradeForgotten", b"{}"),
        ("TradeEnded", b"{}"),
        ("TradeEnded", b'{"outcome": "x", "released_atoms": 1, "more": 1}'),
        ("TradeEnded", b"[]"),
        ("TradeEnded", b"\xff"),
        ("OrderMatched", b'{"order": {"address": "x"}, "seq": 1}'),
        ("PaymentProven", b'{"proof": {"hex": "0"}, "nf": {"hex": ""}, "paid_floor_minor_units": 1, "bitmap": 1}'),
    ],
)
def test_a_record_of_another_version_is_refused(kind: str, content: bytes) -> None:
    with pytest.raises(RecordUnreadableError):
        decode_record(kind, content)


def test_no_record_shows_a_secret_in_its_repr() -> None:
    shown = "".join(repr(record) for record in RECORDS)
    for secret in ("923001234567", str(2**247), str(2**247 + 1), str(2**248 - 1), "12345678901", str(2**253)):
        assert secret not in shown


def test_progress_is_the_same_after_a_new_process(path: Path) -> None:
    journal = Journal(path, KEY)
    trade = journal.open_trade(OPENED, now_unix_s=1)
    for time, record in enumerate(RECORDS[1:], start=2):
        journal.append(trade, record, now_unix_s=time)
    journal.close()
    progress = Journal(path, KEY).progress(trade)
    assert progress == Progress.of(RECORDS)
    assert progress.records == len(RECORDS)
    assert (progress.balance, progress.solvency, progress.bid) == (RECORDS[1], RECORDS[2], None)
    assert progress.bids == (RECORDS[3],)
    assert progress.ended == RECORDS[-1]


def test_a_later_record_voids_what_was_built_on_the_earlier() -> None:
    progress = Progress.of(RECORDS[:4])
    progress.apply(RECORDS[2])
    assert (progress.solvency, progress.bid) == (RECORDS[2], None)
    progress.apply(RECORDS[3])
    progress.apply(RECORDS[1])
    assert (progress.balance, progress.solvency, progress.bid) == (RECORDS[1], None, None)
    progress = Progress.of(RECORDS[:-1])
    progress.apply(RECORDS[10])
    assert (progress.receipt, progress.finalize) == (RECORDS[9], None)
    progress.apply(RECORDS[9])
    assert (progress.report, progress.proven) == (RECORDS[8], None)
    progress.apply(RECORDS[7])
    assert (progress.payment, progress.report, progress.receipt) == (RECORDS[7], None, None)
    assert progress.payee == RECORDS[6]


def test_a_trade_starts_with_what_was_wanted_and_only_once() -> None:
    for records in ((), RECORDS[1:2], (OPENED, OPENED)):
        with pytest.raises(RecordUnreadableError):
            Progress.of(records)


def test_trades_are_numbered_and_apart(path: Path) -> None:
    journal = Journal(path, KEY)
    first = journal.open_trade(OPENED, now_unix_s=1)
    second = journal.open_trade(replace(OPENED, base_atoms=9), now_unix_s=1)
    journal.append(first, RECORDS[1], now_unix_s=2)
    assert journal.trades() == (first, second)
    assert journal.progress(first).records == 2
    assert journal.progress(second) == Progress.of([replace(OPENED, base_atoms=9)])
    with pytest.raises(TradeUnknownError):
        journal.progress(3)


def test_nothing_private_is_in_the_clear_and_all_files_are_the_owners(path: Path, tmp_path: Path) -> None:
    journal = Journal(path, KEY)
    trade = journal.open_trade(OPENED, now_unix_s=1)
    for record in RECORDS[1:]:
        journal.append(trade, record, now_unix_s=1)
    files = list(tmp_path.iterdir())
    assert {entry.name for entry in files} == {"journal.db", "journal.db-wal", "journal.db-shm"}
    for entry in files:
        assert entry.stat().st_mode & 0o077 == 0, entry.name
        content = entry.read_bytes()
        for secret in (b"923001234567", b"12345678901", b"easypaisa", b"\1" * 64, b"01" * 64):
            assert secret not in content, entry.name


def test_a_journal_of_another_identity_is_refused(path: Path) -> None:
    Journal(path, KEY).close()
    with pytest.raises(JournalOfAnotherIdentityError):
        Journal(path, bytes(32))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE record SET sealed = (SELECT sealed FROM record WHERE number = 2) WHERE number = 3",
        "UPDATE record SET kind = 'BidVoided' WHERE number = 2",
        "UPDATE record SET written_at_unix_s = 9 WHERE number = 2",
        "UPDATE record SET number = 9 WHERE number = 3",
        "UPDATE record SET trade = 2 WHERE number = 3",
        "UPDATE record SET sealed = x''",
    ],
)
def test_records_cannot_be_changed_or_exchanged(path: Path, change: str) -> None:
    journal = Journal(path, KEY)
    for _ in range(2):
        trade = journal.open_trade(OPENED, now_unix_s=1)
        for record in RECORDS[1:3]:
            if trade == 1:
                journal.append(trade, record, now_unix_s=1)
    journal.close()
    with sqlite3.connect(path) as other:
        other.execute(change)
    other.close()
    journal = Journal(path, KEY)
    with pytest.raises(JournalDamagedError):
        for trade in (1, 2):
            journal.progress(trade)


def test_what_is_no_journal_is_refused(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"not a database at all" * 100)
    path.chmod(0o600)
    with pytest.raises(JournalDamagedError):
        Journal(path, KEY)
    foreign = tmp_path / "foreign.db"
    for script in ("CREATE TABLE t (x)", "PRAGMA application_id = 7", "PRAGMA user_version = 2"):
        with sqlite3.connect(foreign) as other:
            other.execute(script)
        other.close()
        foreign.chmod(0o600)
        with pytest.raises(JournalDamagedError):
            Journal(foreign, KEY)
        foreign.unlink()


def test_a_newer_journal_is_refused(path: Path) -> None:
    Journal(path, KEY).close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 2")
    other.close()
    with pytest.raises(JournalDamagedError, match="version 2"):
        Journal(path, KEY)


def test_a_journal_that_others_can_open_is_refused(path: Path, tmp_path: Path) -> None:
    Journal(path, KEY).close()
    path.chmod(0o644)
    with pytest.raises(SecretFileExposedError):
        Journal(path, KEY)
    with pytest.raises(SecretFileUnreadableError):
        Journal(tmp_path / "none" / "journal.db", KEY)


def test_one_order_belongs_to_one_trade(path: Path) -> None:
    journal = Journal(path, KEY)
    first, second = (journal.open_trade(OPENED, now_unix_s=1) for _ in range(2))
    journal.append(first, RECORDS[3], now_unix_s=1, claim=ORDER)
    journal.append(first, RECORDS[3], now_unix_s=1, claim=ORDER)
    with pytest.raises(BidInFlightError):
        journal.append(second, RECORDS[3], now_unix_s=1, claim=ORDER)
    assert journal.progress(second).records == 1, "the record that came with the claim is not there either"
    assert journal.claimed_orders() == {ORDER}
    journal.append(first, TradeEnded("abandoned", 0), now_unix_s=1, release=True)
    assert journal.claimed_orders() == frozenset()
    journal.append(second, RECORDS[3], now_unix_s=1, claim=ORDER)


def test_an_order_is_taken_over_whole_or_not_at_all(path: Path) -> None:
    journal = Journal(path, KEY)
    taken = journal.open_trade(OPENED, OrderMatched(ORDER, 4), now_unix_s=1, claim=ORDER)
    assert journal.progress(taken).matched == OrderMatched(ORDER, 4)
    with pytest.raises(BidInFlightError):
        journal.open_trade(OPENED, OrderMatched(ORDER, 4), now_unix_s=1, claim=ORDER)
    assert journal.trades() == (taken,)


def test_two_processes_do_not_work_on_one_trade(path: Path) -> None:
    journal, other = Journal(path, KEY), Journal(path, KEY)
    trade = journal.open_trade(OPENED, now_unix_s=1)
    with journal.hold(trade):
        with pytest.raises(JournalBusyError), other.hold(trade):
            pass
        with other.hold(trade + 1):
            pass
    with other.hold(trade):
        pass


def test_a_journal_that_is_being_written_makes_others_wait_then_give_up(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anomi_sdk.trade.journal._BUSY_TIMEOUT_S", 0.05)
    Journal(path, KEY).close()
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    try:
        journal = Journal(path, KEY)
        with pytest.raises(JournalBusyError):
            journal.open_trade(OPENED, now_unix_s=1)
    finally:
        blocker.close()
    assert journal.open_trade(OPENED, now_unix_s=1) == 1


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_process_killed_at_any_statement_loses_nothing_that_it_was_told(tmp_path: Path, side: str) -> None:
    """Killed before and after every statement to SQLite, the making of the file included."""
    kept = set()
    for number in range(1, 80):
        path = tmp_path / f"journal-{number}.db"
        done = subprocess.run(
            [sys.executable, "-m", journal_kill.__name__, str(path), str(number), side],
            capture_output=True,
            cwd=Path(__file__).resolve().parents[4],
            check=False,
        )
        told = [int(word) for word in done.stdout.split()]
        journal = Journal(path, KEY)
        found = journal.progress(1).records if journal.trades() else 0
        assert len(told) <= found <= len(told) + 1, done.stderr
        assert len(journal.claimed_orders()) == max(0, found - 1), "a record and its claim come together"
        again = journal.open_trade(OPENED, now_unix_s=1)
        journal.append(again, RECORDS[1], now_unix_s=2)
        assert journal.progress(again).records == 2, "it can be written on"
        journal.close()
        kept.add(found)
        if done.returncode == 0:
            break
    assert done.returncode == 0, done.stderr
    assert kept == set(range(journal_kill.RECORDS + 1))
