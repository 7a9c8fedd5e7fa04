"""Commands in this process, against a world of trapdoor keys behind a local node: no proof has to be made."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from click.testing import CliRunner
from solders.keypair import Keypair

from anomi_cli.main import root
from anomi_cli.trade.market_folder import Development, MarketFile, write_market_folder
from anomi_sdk.localnet import Localnet
from anomi_sdk.trade.buyer import BuyerTrade
from anomi_sdk.trade.phrase import recovery_phrase
from anomi_sdk.trade.prepared import Prepared
from anomi_sdk.trade.vault import Identity, restore_vault
from anomi_sdk.wallets import write_wallet
from tests.programs.market.world import RAIL
from tests.unit.sdk.trade.trade_world import ALI, CHEAP, FARZAN, TradeWorld

PASSPHRASE = "correct horse battery staple"


@dataclass(frozen=True)
class Person:
    """One person's options, as environment variables."""

    env: dict[str, str]
    state: Path

    def told(self, *words: str | Path) -> dict[str, Any]:
        """The document of a command that has to succeed."""
        result = CliRunner().invoke(root, [*map(str, words), "--json"], env=self.env)
        assert result.exception is None, (words, result.exception)
        found = json.loads(result.stdout)
        assert isinstance(found, dict)
        assert found["ok"] is True
        return found

    def refusal(self, *words: str | Path) -> BaseException:
        """What a command that has to be refused raises; `main` makes its sentence and exit code of it."""
        result = CliRunner().invoke(root, [*map(str, words), "--json"], env=self.env)
        assert result.exception is not None, (words, result.stdout)
        return result.exception

    def said(self, *words: str | Path) -> str:
        """What people read of a command that has to succeed."""
        result = CliRunner().invoke(root, [*map(str, words)], env=self.env)
        assert result.exception is None, (words, result.exception)
        return result.stdout


@dataclass(frozen=True)
class Town:
    """A market behind a node, its people, and the clock of all."""

    world: TradeWorld
    url: str
    ali: Person
    farzan: Person
    governor: Person

    def now(self) -> int:
        return self.world.svm.unix_time_s()

    def set_time(self, unix_s: int) -> None:
        asked = {"jsonrpc": "2.0", "id": 1, "method": "anomi_setUnixTime", "params": [unix_s]}
        assert httpx.post(self.url, json=asked).json()["result"] == unix_s

    def pass_time(self, seconds: int) -> None:
        self.set_time(self.now() + seconds)

    def matched(self) -> BuyerTrade:
        """A trade of Farzan's with Ali's ask, taken up to the match by the flows."""
        self.world.seller_client().place_ask(self.world.ask_terms())
        trade = self.world.buyer(self.farzan.state / "journal.sqlite3").open(self.world.bid())
        take(trade, "attest_balance", "prove_solvency", "place_bid_order")
        return trade


def take(trade: BuyerTrade, *names: str) -> None:
    """Take the next steps, which have to be these."""
    for name in names:
        step = trade.prepare()
        assert isinstance(step, Prepared), step
        assert step.step == name
        trade.execute(step)


@contextmanager
def town(world: TradeWorld, folder: Path) -> Iterator[Town]:
    """Serve the world, with a market's folder, wallets and vaults for its people."""
    started = time.monotonic()
    with Localnet(world.svm, monotonic=lambda: started) as net:
        market, passphrase = folder / "market", folder / "passphrase"
        market.mkdir(mode=0o700)
        passphrase.touch(0o600)
        passphrase.write_text(PASSPHRASE)
        write_market_folder(market, MarketFile(net.url, world.ref.base_mint, "USDC", RAIL), Development((), {}))

        def person(name: str, wallet: Keypair, identity: Identity) -> Person:
            state = folder / name
            state.mkdir(mode=0o700)
            write_wallet(state / "wallet.json", wallet)
            phrase = recovery_phrase(identity.id_secret)
            vault = restore_vault(state / "vault.json", phrase, PASSPHRASE.encode, cost=CHEAP)
            for linked in identity.accounts:
                vault.link_account(RAIL, linked.account)
            env = {
                "ANOMI_MARKET": str(market),
                "ANOMI_WALLET": str(state / "wallet.json"),
                "ANOMI_STATE": str(state),
                "ANOMI_PASSPHRASE_FILE": str(passphrase),
            }
            return Person(env, state)

        yield Town(
            world,
            net.url,
            person("ali", world.ali, ALI),
            person("farzan", world.farzan, FARZAN),
            person("governor", world.governor, Identity(1 << 200, ())),
        )
