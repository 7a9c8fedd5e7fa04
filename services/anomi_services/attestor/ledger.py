"""A small bank ledger in SQLite: accounts, balances, completed transfers. The fiat world of the demo and the tests."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from anomi_core.errors import RefusedError
from anomi_sdk.sqlite import write_transaction

__all__ = [
    "BankLedger",
    "InsufficientFundsError",
    "Transfer",
    "UnknownAccountError",
    "UnknownTransferError",
    "WrongPasswordError",
]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    number TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    salt BLOB NOT NULL,
    password_hash BLOB NOT NULL,
    merchant INTEGER NOT NULL CHECK (merchant IN (0, 1)),
    balance_minor_units INTEGER NOT NULL CHECK (balance_minor_units >= 0)
) STRICT;
CREATE TABLE IF NOT EXISTS transfer (
    txid TEXT PRIMARY KEY,
    payer TEXT NOT NULL REFERENCES account (number),
    payee TEXT NOT NULL REFERENCES account (number),
    amount_minor_units INTEGER NOT NULL CHECK (amount_minor_units > 0),
    paid_at_unix_s INTEGER NOT NULL CHECK (paid_at_unix_s >= 0)
) STRICT;
"""


class UnknownAccountError(RefusedError):
    """The bank keeps no such account."""


class UnknownTransferError(RefusedError):
    """The bank completed no such transfer."""


class InsufficientFundsError(RefusedError):
    """The payer's balance is smaller than the transfer."""


class WrongPasswordError(RefusedError):
    """The caller does not hold the account: an attestor looks only where the holder lets it look."""


@dataclass(frozen=True)
class Transfer:
    """One completed transfer. Account numbers and txid are canonical text of the rail."""

    txid: str
    payer: str
    payee: str
    amount_minor_units: int
    paid_at_unix_s: int


class BankLedger:
    """Accounts and completed transfers; every change is one SQLite transaction."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        """Open (or make) the ledger at `path`; the default lives in memory."""
        self._db = sqlite3.connect(str(path), isolation_level=None)
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def open_account(
        self, number: str, holder: str, password: str, balance_minor_units: int, *, merchant: bool = False
    ) -> None:
        """Open an account; a number that is already open is refused. The password is kept salted and hashed."""
        if balance_minor_units < 0:
            raise RefusedError("an account cannot open with a negative balance")
        salt = secrets.token_bytes(16)
        row = (number, holder, salt, _password_hash(password, salt), int(merchant), balance_minor_units)
        try:
            self._db.execute("INSERT INTO account VALUES (?, ?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError:
            raise RefusedError("this account number is already open") from None

    def authenticate(self, number: str, password: str) -> None:
        """Return when the password opens the account; otherwise raise."""
        row = self._db.execute("SELECT salt, password_hash FROM account WHERE number = ?", (number,)).fetchone()
        if row is None:
            raise UnknownAccountError("the bank keeps no such account")
        if not hmac.compare_digest(_password_hash(password, row[0]), row[1]):
            raise WrongPasswordError("the password does not open this account")

    def balance_minor_units(self, number: str) -> int:
        """Return the balance of an account."""
        return int(self._account(number)[0])

    def total_minor_units(self) -> int:
        """Return the sum of all balances, which no transfer changes."""
        (total,) = self._db.execute("SELECT coalesce(sum(balance_minor_units), 0) FROM account").fetchone()
        return int(total)

    def is_merchant(self, number: str) -> bool:
        """Tell whether an account belongs to a merchant, whose takings can be reversed by its customers."""
        return bool(self._account(number)[1])

    def transfer(self, txid: str, payer: str, payee: str, amount_minor_units: int, paid_at_unix_s: int) -> Transfer:
        """Move money at once and for good: both balances and the record change together, or nothing does."""
        if amount_minor_units <= 0:
            raise RefusedError(f"a transfer moves at least 1 minor unit, not {amount_minor_units}")
        if payer == payee:
            raise RefusedError("payer and payee are the same account")
        with write_transaction(self._db):
            if self.balance_minor_units(payer) < amount_minor_units:
                raise InsufficientFundsError("the payer's balance is smaller than the transfer")
            self._account(payee)
            for number, change in ((payer, -amount_minor_units), (payee, amount_minor_units)):
                self._db.execute(
                    "UPDATE account SET balance_minor_units = balance_minor_units + ? WHERE number = ?",
                    (change, number),
                )
            try:
                self._db.execute(
                    "INSERT INTO transfer VALUES (?, ?, ?, ?, ?)",
                    (txid, payer, payee, amount_minor_units, paid_at_unix_s),
                )
            except sqlite3.IntegrityError:
                raise RefusedError("this transaction id was already used") from None
        return Transfer(txid, payer, payee, amount_minor_units, paid_at_unix_s)

    def completed_transfer(self, txid: str) -> Transfer:
        """Return the completed transfer of this id."""
        row = self._db.execute(
            "SELECT txid, payer, payee, amount_minor_units, paid_at_unix_s FROM transfer WHERE txid = ?",
            (txid,),
        ).fetchone()
        if row is None:
            raise UnknownTransferError("the bank completed no transfer of this id")
        return Transfer(*row)

    def _account(self, number: str) -> tuple[int, int]:
        row: tuple[int, int] | None = self._db.execute(
            "SELECT balance_minor_units, merchant FROM account WHERE number = ?", (number,)
        ).fetchone()
        if row is None:
            raise UnknownAccountError("the bank keeps no such account")
        return row


def _password_hash(password: str, salt: bytes) -> bytes:
    """scrypt (RFC 7914) with 16 MiB of work."""
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
