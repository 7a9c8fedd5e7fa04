"""Farzan's client as a process of its own: it takes his trade as far as it can, and may be killed at any moment.

Usage: python -m tests.e2e.trade_buyer URL FOLDER, with the vault's passphrase on its standard input. In the folder are
his wallet, his vault, his journal, the bank's files, and `payment.json` once he has paid. Each step is named on
standard output before it is taken; the last line says what the process waits for, or how the trade ended.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from solders.pubkey import Pubkey

from anomi_sdk.rpc_url import RpcUrl
from anomi_sdk.trade.buyer import Bid, Buyer
from anomi_sdk.trade.buyer_steps import Ended, WaitFor, Waiting
from anomi_sdk.trade.journal import Journal
from anomi_sdk.trade.markets import MarketRef, read_market
from anomi_sdk.trade.prepared import Prepared
from anomi_sdk.trade.vault import open_vault, passphrase_from_descriptor
from anomi_sdk.wallets import read_wallet
from tests.programs.market.world import BASE_ATOMS, PRICE, RAIL
from tests.unit.sdk.trade.trade_world import FARZAN_ACCOUNT, Bank, TrapdoorProver


class ClusterClock:
    """The wall clock of a machine that agrees with the cluster."""

    def __init__(self, rpc: RpcUrl) -> None:
        self._rpc = rpc

    def unix_time_s(self) -> int:
        return self._rpc.unix_time_s()

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.1))


def main() -> None:
    url, folder = sys.argv[1], Path(sys.argv[2])
    with RpcUrl(url) as rpc:
        ref = MarketRef(Pubkey.from_string((folder / "mint").read_text()), RAIL)
        clock = ClusterClock(rpc)
        unlocked = open_vault(folder / "vault", passphrase_from_descriptor(0)).identity
        buyer = Buyer(
            rpc,
            ref,
            identity=unlocked,
            wallet=read_wallet(folder / "wallet.json"),
            journal=Journal(folder / "journal.db", unlocked.journal_key()),
            prover=TrapdoorProver(),
            attestors=Bank(read_market(rpc, ref).deployment, clock.unix_time_s, folder),
            clock=clock,
        )
        trades = buyer.trades()
        trade = buyer.resume(trades[-1]) if trades else buyer.open(Bid(FARZAN_ACCOUNT, BASE_ATOMS, PRICE, BASE_ATOMS))
        payment = folder / "payment.json"
        while True:
            step = trade.prepare()
            if isinstance(step, Prepared):
                say(step.step)
                trade.execute(step)
            elif isinstance(step, Waiting) and step.what is WaitFor.PAYMENT and payment.exists():
                say("paid")
                trade.paid(**json.loads(payment.read_text()))
            else:
                say(step.outcome if isinstance(step, Ended) else step.what.name)
                return


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
