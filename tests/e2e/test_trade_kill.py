"""A whole trade over a URL, the buyer in a process of his own that is killed with SIGKILL again and again."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anomi_sdk.localnet import Localnet
from anomi_sdk.rpc_url import RpcUrl
from anomi_sdk.trade.orders import OrderStatus
from anomi_sdk.trade.seller import Seller
from anomi_sdk.trade.vault import create_vault
from anomi_sdk.wallets import write_wallet
from tests.programs.market.world import BASE_ATOMS, FEE_BPS, RAIL
from tests.unit.sdk.trade.trade_world import (
    ALI,
    ALI_ACCOUNT,
    CHEAP,
    DUE,
    FARZAN_ACCOUNT,
    FARZAN_BALANCE,
    ROOT,
    Bank,
    TradeWorld,
    trade_programs,
)

PASSPHRASE = b"farzan's passphrase"
FEE = BASE_ATOMS * FEE_BPS // 10_000
LIVES_MAX = 60
STEP_S = 0.4
"""Longer than most steps take, so that the kill comes before, within and after them."""
TXID = "12345678901"


class Street:
    """The world around the buyer: the cluster behind its URL, the bank in its files, and Ali, who sells."""

    def __init__(self, folder: Path, rpc: RpcUrl, url: str, world: TradeWorld) -> None:
        self.folder = folder
        self.rpc = rpc
        self.url = url
        self.seller = Seller(rpc, world.ref, identity=ALI, wallet=world.ali)
        self.bank = Bank(world.deployment, rpc.unix_time_s, folder)
        self.bank.open_accounts()

    def live(self, lines: int | None, delay_s: float) -> str:
        """Let the buyer's process live until so many lines and a delay later, then kill it; return its last line."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.trade_buyer", self.url, str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(PASSPHRASE)
        process.stdin.close()
        process.stdin = None
        last = ""
        for number, line in enumerate(process.stdout, start=1):
            last = line.decode().strip()
            if number == lines:
                time.sleep(delay_s)
                process.kill()
                break
        _, errors = process.communicate(timeout=60)
        assert process.returncode in (0, -signal.SIGKILL), errors.decode()
        return last

    def answer(self, line: str) -> None:
        """Do what the buyer waits for."""
        if line == "REVEAL":
            self.seller.reveal_pending()
        elif line == "PAYEE_DELAY":
            self.rpc._node.ask("anomi_setUnixTime", [self.rpc.unix_time_s() + 120])
        elif line == "PAYMENT" and not (self.folder / "payment.json").exists():
            now = self.rpc.unix_time_s()
            self.bank.ledger.transfer(TXID, FARZAN_ACCOUNT, ALI_ACCOUNT, DUE, now)
            words = {"txid": TXID, "amount_minor_units": DUE, "paid_at_unix_s": now}
            (self.folder / "payment.json").write_text(json.dumps(words))


@pytest.mark.parametrize("seed", range(2))
def test_a_buyer_killed_at_random_points_ends_with_the_same_balances(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    world = TradeWorld(tmp_path, trade_programs())
    write_wallet(tmp_path / "wallet.json", world.farzan)
    create_vault(tmp_path / "vault", lambda: PASSPHRASE, cost=CHEAP).link_account(RAIL, FARZAN_ACCOUNT)
    (tmp_path / "mint").write_text(str(world.ref.base_mint))
    with Localnet(world.svm) as localnet, RpcUrl(localnet.url) as rpc:
        street = Street(tmp_path, rpc, localnet.url, world)
        street.seller.place_ask(world.ask_terms())
        last, kills = "", 0
        for _ in range(LIVES_MAX):
            lines = chance.choice([1, 1, 2, 3])
            last = street.live(lines, chance.uniform(0, STEP_S))
            kills += 1
            if last == "settled":
                break
            street.answer(last)
        assert last == "settled"
        assert kills > 4, "the process has to be killed often for this to say anything"
        (order,) = street.seller.orders()
        assert (order.status, order.order.seq) == (OrderStatus.SETTLED, 0)
        assert street.bank.ledger.balance_minor_units(FARZAN_ACCOUNT) == FARZAN_BALANCE - DUE
        assert street.bank.ledger.balance_minor_units(ALI_ACCOUNT) == DUE
    ask = world.ask()
    assert world.tokens(world.farzan.pubkey()) == BASE_ATOMS - FEE
    assert (ask.locked_atoms, ask.live_orders, ask.returned_atoms) == (0, 0, 0)
    assert (ask.released_atoms, ask.fees_atoms) == (BASE_ATOMS - FEE, FEE)
