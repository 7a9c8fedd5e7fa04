"""The journal: what a buyer must not forget, written down before each step that cannot be undone.

SQLite in WAL mode with `synchronous=FULL`: a record is on disk when `append` returns, a record and the order's address
that it claims come together or not at all, and a process killed at any moment leaves a journal that opens again.
Separate files, each replaced atomically, would give the first and the last, and not the second.

Everything private is sealed by XChaCha20-Poly1305 under a key that only the identity's vault yields, with the record's
place as associated data, so that records cannot be exchanged. In the clear stand numbers, kinds, times and addresses of
orders.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from solders.pubkey import Pubkey

from anomi_core.errors import RefusedError, UnreadableInputError, UsageError
from anomi_sdk.sqlite import write_transaction
from anomi_sdk.trade.records import Progress, Record, TradeOpened, decode_record
from anomi_sdk.trade.secret_files import (
    SECRET_MODE,
    SecretFileNotWritableError,
    SecretFileUnreadableError,
    require_private,
)

__all__ = [
    "BidInFlightError",
    "Journal",
    "JournalBusyError",
    "JournalDamagedError",
    "JournalOfAnotherIdentityError",
    "TradeUnknownError",
]

_WHAT: Final = "journal"
_APPLICATION_ID: Final = 0x414E4F4D  # "ANOM", as the SQLite file format has it
_VERSION: Final = 1
_BUSY_TIMEOUT_S: Final = 10.0
_OWNER: Final = b"anomi journal"

_SCHEMA: Final = (
    "CREATE TABLE owner (sealed BLOB NOT NULL) STRICT",
    "CREATE TABLE trade (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT",
    """
    CREATE TABLE record (
        trade INTEGER NOT NULL REFERENCES trade (id),
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        written_at_unix_s INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        PRIMARY KEY (trade, number)
    ) STRICT
    """,
    """
    CREATE TABLE claim (
        order_address TEXT PRIMARY KEY,
        trade INTEGER NOT NULL REFERENCES trade (id)
    ) STRICT
    """,
    f"PRAGMA application_id = {_APPLICATION_ID}",
    f"PRAGMA user_version = {_VERSION}",
)


class JournalDamagedError(UnreadableInputError):
    """A file is not a journal of this version, or a record in it was changed."""


class JournalOfAnotherIdentityError(RefusedError):
    """A journal was written by another identity than the vault's."""


class JournalBusyError(RefusedError):
    """Another process is at work on the same trade, or holds the journal."""


class TradeUnknownError(UsageError):
    """The journal holds no trade of this number."""


class BidInFlightError(RefusedError):
    """Another trade of the same line has a bid under way for the same order: only one of them can land."""


class Journal:
    """The trades of one identity, in one file with mode 0600."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open the journal at `path`, or make it; `key` is `Identity.journal_key()`.

        Raises SecretFileExposedError, SecretFileUnreadableError, SecretFileNotWritableError, JournalDamagedError,
        JournalOfAnotherIdentityError and JournalBusyError.
        """
        self._path = path
        self._box = Aead(key)
        _require_private_file(path)
        with self._sqlite():
            self._db = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_TIMEOUT_S)
        try:
            with self._sqlite():
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA foreign_keys = ON")
                self._open()
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def open_trade(self, opened: TradeOpened, *more: Record, now_unix_s: int, claim: Pubkey | None = None) -> int:
        """Write a new trade down, with more records at once when it takes an order over; return its number."""
        with self._transaction():
            trade = self._db.execute("INSERT INTO trade DEFAULT VALUES").lastrowid
            assert trade is not None  # noqa: S101 -- an INSERT always has one
            for number, record in enumerate((opened, *more), start=1):
                self._insert(trade, number, record, now_unix_s)
            if claim is not None:
                self._claim(trade, claim)
        return trade

    def trades(self) -> tuple[int, ...]:
        """Return the numbers of all trades."""
        with self._sqlite():
            return tuple(number for (number,) in self._db.execute("SELECT id FROM trade ORDER BY id"))

    def claimed_orders(self) -> frozenset[Pubkey]:
        """Return the orders that trades of this journal stand for."""
        with self._sqlite():
            return frozenset(
                Pubkey.from_string(order) for (order,) in self._db.execute("SELECT order_address FROM claim")
            )

    def progress(self, trade: int) -> Progress:
        """Return where a trade stands. Raises TradeUnknownError and JournalDamagedError."""
        with self._sqlite():
            rows = self._db.execute(
                "SELECT number, kind, written_at_unix_s, sealed FROM record WHERE trade = ? ORDER BY number", (trade,)
            ).fetchall()
        if not rows:
            raise TradeUnknownError(f"the journal {self._path} holds no trade {trade}")
        return Progress.of(self._read(trade, *row) for row in rows)

    def append(
        self, trade: int, record: Record, *, now_unix_s: int, claim: Pubkey | None = None, release: bool = False
    ) -> None:
        """Write a record down, on disk when this returns.

        With it, in one step, take an order's address for this trade (`claim`: raises BidInFlightError when another
        trade has it), or give up all that it has (`release`).
        """
        with self._transaction():
            (number,) = self._db.execute("SELECT max(number) FROM record WHERE trade = ?", (trade,)).fetchone()
            self._insert(trade, number + 1, record, now_unix_s)
            if claim is not None:
                self._claim(trade, claim)
            if release:
                self._db.execute("DELETE FROM claim WHERE trade = ?", (trade,))

    @contextmanager
    def hold(self, trade: int) -> Iterator[None]:
        """Keep other processes off a trade. The kernel lets go when this process ends, however it ends.

        Raises JournalBusyError at once when another process holds it.
        """
        lock = self._path.with_name(f"{self._path.name}.trade-{trade}.lock")
        try:
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, SECRET_MODE)
        except OSError as error:
            raise SecretFileNotWritableError(f"cannot lock the trade {trade}: {error.strerror}") from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise JournalBusyError(f"another process is at work on the trade {trade}") from None
            yield
        finally:
            os.close(descriptor)

    def _open(self) -> None:
        (application,) = self._db.execute("PRAGMA application_id").fetchone()
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if (application, version, tables) == (0, 0, 0):
            self._make()
        elif application != _APPLICATION_ID:
            raise JournalDamagedError(f"{self._path} is a database, but no journal")
        elif version != _VERSION:
            raise JournalDamagedError(f"{self._path} is a journal of version {version}; this one reads {_VERSION}")
        (sealed,) = self._db.execute("SELECT sealed FROM owner").fetchone()
        try:
            self._box.decrypt(sealed, _OWNER)
        except (CryptoError, ValueError) as error:
            raise JournalOfAnotherIdentityError(
                f"the journal {self._path} was written by another identity than this vault's"
            ) from error

    def _make(self) -> None:
        with self._transaction():
            (tables,) = self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if tables:
                return  # another process has just made it
            for statement in _SCHEMA:
                self._db.execute(statement)
            self._db.execute("INSERT INTO owner VALUES (?)", (bytes(self._box.encrypt(b"", _OWNER)),))

    def _insert(self, trade: int, number: int, record: Record, now_unix_s: int) -> None:
        kind = type(record).__name__
        sealed = bytes(self._box.encrypt(record.encode(), _place(trade, number, kind, now_unix_s)))
        self._db.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?)", (trade, number, kind, now_unix_s, sealed))

    def _read(self, trade: int, number: int, kind: str, written_at_unix_s: int, sealed: bytes) -> Record:
        try:
            content = self._box.decrypt(sealed, _place(trade, number, kind, written_at_unix_s))
        except (CryptoError, ValueError) as error:
            raise JournalDamagedError(f"the record {number} of the trade {trade} was changed") from error
        return decode_record(kind, content)

    def _claim(self, trade: int, order: Pubkey) -> None:
        row = self._db.execute("SELECT trade FROM claim WHERE order_address = ?", (str(order),)).fetchone()
        if row is not None and row[0] != trade:
            raise BidInFlightError(
                f"the trade {row[0]} has a bid under way for the same order {order}",
                hint=f"resume or abandon the trade {row[0]} first",
            )
        self._db.execute("INSERT OR REPLACE INTO claim VALUES (?, ?)", (str(order), trade))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._sqlite(), write_transaction(self._db):
            yield

    @contextmanager
    def _sqlite(self) -> Iterator[None]:
        """Turn SQLite's errors into this module's."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise JournalBusyError(f"another process holds the journal {self._path}") from error
            raise SecretFileNotWritableError(f"cannot use the journal {self._path}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise JournalDamagedError(f"{self._path} is no journal, or a damaged one: {error}") from error


def _place(trade: int, number: int, kind: str, written_at_unix_s: int) -> bytes:
    return f"{trade}|{number}|{kind}|{written_at_unix_s}".encode()


def _require_private_file(path: Path) -> None:
    """Make the file with mode 0600 when there is none; SQLite gives its side files the mode of the main one."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, SECRET_MODE)
    except OSError as error:
        raise SecretFileUnreadableError(f"cannot open the {_WHAT} {path}: {error.strerror}") from error
    try:
        require_private(path, os.fstat(descriptor), what=_WHAT)
    finally:
        os.close(descriptor)
