"""Run as a program: writes records to a journal and kills itself at the statement of the given number.

It prints how many records were reported as written before that, so that the test can hold the journal to its promise.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from functools import partial
from pathlib import Path
from typing import Any

from solders.pubkey import Pubkey

from anomi_sdk.trade.journal import Journal
from anomi_sdk.trade.records import BidVoided, TradeOpened

KEY = bytes(range(32))
OPENED = TradeOpened(
    base_mint=Pubkey.default(),
    rail="easypaisa",
    buyer=Pubkey.default(),
    account="923001234567",
    base_atoms=3,
    limit_price=2,
    min_fill_atoms=1,
)
RECORDS = 3


class DyingConnection(sqlite3.Connection):
    """Dies before or after the statement of a number."""

    statements = 0
    dies_at = 0
    after = False

    def execute(self, *args: Any) -> sqlite3.Cursor:
        DyingConnection.statements += 1
        dies = DyingConnection.statements == DyingConnection.dies_at
        if dies and not DyingConnection.after:
            os.kill(os.getpid(), signal.SIGKILL)
        cursor = super().execute(*args)
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
        return cursor


def main() -> None:
    path = Path(sys.argv[1])
    DyingConnection.dies_at, DyingConnection.after = int(sys.argv[2]), sys.argv[3] == "after"
    connect = sqlite3.connect
    setattr(sqlite3, "connect", partial(connect, factory=DyingConnection))  # noqa: B010 -- its stub allows no other
    journal = Journal(path, KEY)
    trade = journal.open_trade(OPENED, now_unix_s=1)
    sys.stdout.write("1")
    sys.stdout.flush()
    for number in range(2, RECORDS + 1):
        order = Pubkey.from_bytes(bytes([number]) * 32)
        journal.append(trade, BidVoided(str(number)), now_unix_s=number, claim=order)
        sys.stdout.write(f" {number}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
