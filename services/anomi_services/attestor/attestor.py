"""One attestor: it signs what the client proposes when what it saw implies it, and remembers what it signed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from anomi_core import eddsa, identity, statements
from anomi_core.errors import RefusedError
from anomi_core.rails import Rail, pack_text
from anomi_core.spec import CLOCK_SKEW_S, REBIND_COOLDOWN_S
from anomi_services.attestor.ledger import BankLedger

__all__ = [
    "AccountBoundElsewhereError",
    "Attestor",
    "BalanceRequest",
    "BalanceTooSmallError",
    "ClockSkewError",
    "MerchantAccountError",
    "ReceiptMismatchError",
    "ReceiptRequest",
    "SignedForAnotherDeploymentError",
    "UnknownDeploymentError",
]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS binding (account TEXT PRIMARY KEY, h TEXT NOT NULL, used_at_unix_s INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS signed_transfer (txid TEXT PRIMARY KEY, deployment TEXT NOT NULL) STRICT;
"""


class AccountBoundElsewhereError(RefusedError):
    """Another identity holds this account, and its cool-down has not passed."""


class BalanceTooSmallError(RefusedError):
    """The balance seen is smaller than the balance claimed."""


class ClockSkewError(RefusedError):
    """issued_at is further from the attestor's clock than the allowance."""


class MerchantAccountError(RefusedError):
    """One side of the transfer is a merchant account: such payments can be reversed."""


class ReceiptMismatchError(RefusedError):
    """The completed transfer differs from the receipt proposed."""


class SignedForAnotherDeploymentError(RefusedError):
    """This transfer was already attested for another deployment."""


class UnknownDeploymentError(RefusedError):
    """The attestor does not serve this deployment."""


@dataclass(frozen=True)
class BalanceRequest:
    """A balance to attest: `h` hides the identity, `account` is canonical text, `password` opens it."""

    deployment: int
    account: str
    password: str = field(repr=False)
    h: int
    balance_minor_units: int
    issued_at_unix_s: int
    nonce: int


@dataclass(frozen=True)
class ReceiptRequest:
    """A completed transfer to attest, seen from the payer's account."""

    deployment: int
    account: str
    password: str = field(repr=False)
    h: int
    payee_account: str
    amount_minor_units: int
    paid_at_unix_s: int
    txid: str
    nonce: int


class Attestor:
    """One attestor over one bank and one rail. `clock` returns unix seconds; `state` is its own SQLite file."""

    def __init__(
        self,
        secret: bytes,
        *,
        ledger: BankLedger,
        rail: Rail,
        deployments: frozenset[int],
        clock: Callable[[], int],
        state: Path | str = ":memory:",
    ) -> None:
        """Keep the signing secret (32 bytes) and open the memory of bindings and signed transfers."""
        self._secret = secret
        self._ledger = ledger
        self._rail = rail
        self._deployments = deployments
        self._clock = clock
        self.key = eddsa.derive_public_key(secret)
        self._db = sqlite3.connect(str(state), isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the attestor's memory."""
        self._db.close()

    def attest_balance(self, request: BalanceRequest) -> eddsa.Signature:
        """Sign the balance message of `request`, or raise the reason for refusing."""
        self._admit(request.deployment, request.account, request.password)
        if abs(request.issued_at_unix_s - self._clock()) > CLOCK_SKEW_S:
            raise ClockSkewError(f"issued_at is more than {CLOCK_SKEW_S} s away from the attestor's clock")
        if not 0 <= request.balance_minor_units <= self._ledger.balance_minor_units(request.account):
            raise BalanceTooSmallError("the balance seen is smaller than the balance claimed")
        self._bind(request.account, request.h)
        message = statements.balance_message(
            deployment=request.deployment,
            rail=self._rail.id(),
            idc=self._idc(request.h, request.account),
            balance_minor_units=request.balance_minor_units,
            issued_at_unix_s=request.issued_at_unix_s,
            nonce=request.nonce,
        )
        return eddsa.sign(self._secret, message)

    def attest_receipt(self, request: ReceiptRequest) -> eddsa.Signature:
        """Sign the receipt message of `request`, or raise the reason for refusing."""
        self._admit(request.deployment, request.account, request.password)
        seen = self._ledger.completed_transfer(request.txid)
        claimed = (request.account, request.payee_account, request.amount_minor_units, request.paid_at_unix_s)
        if claimed != (seen.payer, seen.payee, seen.amount_minor_units, seen.paid_at_unix_s):
            raise ReceiptMismatchError("the completed transfer of this id differs from the receipt proposed")
        if self._ledger.is_merchant(seen.payer) or self._ledger.is_merchant(seen.payee):
            raise MerchantAccountError("a transfer of a merchant account can be reversed, so it is not attested")
        self._bind(request.account, request.h)
        self._claim_transfer(request.txid, request.deployment)
        message = statements.receipt_message(
            deployment=request.deployment,
            rail=self._rail.id(),
            idc=self._idc(request.h, request.account),
            payee_account=pack_text(seen.payee),
            amount_minor_units=seen.amount_minor_units,
            paid_at_unix_s=seen.paid_at_unix_s,
            txid=pack_text(seen.txid),
            nonce=request.nonce,
        )
        return eddsa.sign(self._secret, message)

    def _admit(self, deployment: int, account: str, password: str) -> None:
        if deployment not in self._deployments:
            raise UnknownDeploymentError("this attestor does not serve that deployment")
        self._ledger.authenticate(account, password)

    def _idc(self, h: int, account: str) -> int:
        return identity.idc(h, self._rail.id(), pack_text(account))

    def _bind(self, account: str, h: int) -> None:
        """Let one identity hold the account; another one only when the last was unused for the cool-down."""
        now = self._clock()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            row = self._db.execute("SELECT h, used_at_unix_s FROM binding WHERE account = ?", (account,)).fetchone()
            if row is not None and row[0] != str(h) and now < row[1] + REBIND_COOLDOWN_S:
                raise AccountBoundElsewhereError(
                    f"another identity holds this account until {row[1] + REBIND_COOLDOWN_S} (unix seconds)"
                )
            self._db.execute("INSERT OR REPLACE INTO binding VALUES (?, ?, ?)", (account, str(h), now))
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _claim_transfer(self, txid: str, deployment: int) -> None:
        """Attest a transfer for the first deployment that asks, and for that one only."""
        self._db.execute("INSERT OR IGNORE INTO signed_transfer VALUES (?, ?)", (txid, str(deployment)))
        (first,) = self._db.execute("SELECT deployment FROM signed_transfer WHERE txid = ?", (txid,)).fetchone()
        if first != str(deployment):
            raise SignedForAnotherDeploymentError("this transfer was already attested for another deployment")
