"""A trade by the commands alone: processes of their own against a local node, with real proofs, killed on the way."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from anomi_cli.trade.development_keys import DevelopmentKeyError, is_local, refuse_development_keys
from anomi_cli.trade.market_folder import read_market_file
from anomi_sdk.generated.market import Terms, terms_address
from anomi_sdk.rpc_url import RpcUrl
from anomi_sdk.trade.tokens import associated_token_address, token_balance_atoms
from anomi_sdk.trade.vault import KdfCost, create_vault
from anomi_sdk.wallets import read_wallet

from .conftest import Ran, run_anomi
from .test_command import refused
from .test_localnet import document, serving

PASSPHRASE = "correct horse battery staple"
CHEAP = KdfCost(passes=1, memory_bytes=8 << 20)
DAY_S = 86_400
ALI_ACCOUNT, FARZAN_ACCOUNT = "923457654321", "923001234567"
ALI_ATOMS = 500_000_000


@dataclass(frozen=True)
class Somebody:
    """One person's options, as environment variables."""

    env: dict[str, str]
    state: Path

    def run(self, *words: str | Path) -> Ran:
        """Run `anomi … --json` as this person."""
        return run_anomi(*words, "--json", env=self.env)

    def told(self, *words: str | Path) -> dict[str, Any]:
        """The document of a command that has to succeed."""
        ran = self.run(*words)
        assert ran.exit_code == 0, ran.stderr
        return ran.document

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start `anomi … --yes --json` in a process group of its own, to be killed with all its children."""
        return subprocess.Popen(
            [sys.executable, "-m", "anomi_cli.main", *words, "--yes", "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, **self.env},
            start_new_session=True,
        )

    def killed(self, *words: str, when: Callable[[], bool]) -> bool:
        """Kill a command by SIGKILL as soon as `when` holds; tell whether it was still running."""
        process = self.start(*words)
        try:
            while process.poll() is None and not when():
                time.sleep(0.002)
            alive = process.poll() is None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        return alive

    def records(self, kind: str) -> int:
        """How many records of this kind the journal holds; kinds stand in the clear."""
        path = self.state / "journal.sqlite3"
        if not path.exists():
            return 0
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as journal:
                (count,) = journal.execute("SELECT count(*) FROM record WHERE kind = ?", (kind,)).fetchone()
                return int(count)
        except sqlite3.OperationalError:  # the tables are being made
            return 0

    def one_more(self, kind: str) -> Callable[[], bool]:
        """Tell whether the journal has got a record of this kind since now."""
        before = self.records(kind)
        return lambda: self.records(kind) > before


@dataclass(frozen=True)
class Place:
    """A development market on a node that is a day behind, so that a test can let time pass."""

    folder: Path
    url: str
    start_unix_s: int
    ali: Somebody
    farzan: Somebody

    def rpc(self) -> RpcUrl:
        return RpcUrl(self.url)

    def set_time(self, unix_s: int) -> None:
        import httpx

        asked = {"jsonrpc": "2.0", "id": 1, "method": "anomi_setUnixTime", "params": [unix_s]}
        assert httpx.post(self.url, json=asked).json()["result"] == unix_s

    def balance_atoms(self, name: str) -> int:
        owner = read_wallet(self.folder / f"{name}.json").pubkey()
        mint = read_market_file(self.folder).base_mint
        with self.rpc() as rpc:
            return token_balance_atoms(rpc.accounts([associated_token_address(owner, mint)])[0])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """`anomi localnet --market`, with a vault for each of the two people; their accounts are linked by the command."""
    base = tmp_path_factory.mktemp("trade")
    folder, passphrase = base / "market", base / "passphrase"
    passphrase.touch(0o600)
    passphrase.write_text(PASSPHRASE + "\n")
    start = int(time.time()) - DAY_S

    def somebody(name: str) -> Somebody:
        state = base / name
        state.mkdir(mode=0o700)
        create_vault(state / "vault.json", PASSPHRASE.encode, cost=CHEAP)
        env = {
            "ANOMI_MARKET": str(folder),
            "ANOMI_WALLET": str(folder / f"{name}.json"),
            "ANOMI_STATE": str(state),
            "ANOMI_PASSPHRASE_FILE": str(passphrase),
        }
        return Somebody(env, state)

    with serving("--unix-time", str(start), "--market", str(folder), "--json") as process:
        told = document(process)
        assert told["market"]["folder"] == str(folder)
        place = Place(folder, told["url"], start, somebody("ali"), somebody("farzan"))
        assert place.ali.told("vault", "link", "0345-7654321")["account"] == ALI_ACCOUNT
        assert place.farzan.told("vault", "link", "+92 300 1234567")["account"] == FARZAN_ACCOUNT
        yield place


def test_a_whole_trade_through_kill_9(place: Place) -> None:
    seed = int.from_bytes(os.urandom(4), "big")
    print(f"seed of the kills: {seed}")  # noqa: T201 -- shown when the test fails
    chance = random.Random(seed)
    ali, farzan = place.ali, place.farzan

    def after(seconds: float) -> Callable[[], bool]:
        until = time.monotonic() + seconds
        return lambda: time.monotonic() > until

    asked = ali.told("seller", "ask", "100", "--price", "285", "--number", "1", "--yes")["ask"]
    assert (asked["open_atoms"], asked["price"], asked["listed"]) == (100_000_000, 28_500, True)

    # The bid, killed when it is signed and may or may not have been sent, then at a random moment.
    assert farzan.killed("buyer", "bid", "100", "--limit", "300", when=farzan.one_more("BidSigned"))
    farzan.killed("buyer", "resume", when=after(chance.uniform(0.2, 2.0)))
    told = farzan.told("buyer", "resume", "--yes")
    assert (told["trade"], told["state"], told["waiting_for"]) == (1, "waiting", "reveal")
    (order,) = ali.told("seller", "list")["orders"]
    assert (order["address"], order["status"], order["due_minor_units"]) == (told["order"], "pending", 2_850_000)
    assert told["until_unix_s"] == order["reveal_by_unix_s"] + 1

    # The reveal; the payee is not told before 120 s have passed.
    revealed = ali.told("seller", "reveal", "--yes")["steps"]
    assert [step["step"] for step in revealed] == ["reveal_payee"]
    early = farzan.run("buyer", "resume", "--yes")
    assert ALI_ACCOUNT.encode() not in early.stdout
    assert (early.document["state"], early.document["waiting_for"]) == ("waiting", "payee_delay")
    order = farzan.told("order", "show", order["address"])["order"]
    assert early.document["until_unix_s"] == order["revealed_at_unix_s"] + 120
    place.set_time(order["revealed_at_unix_s"] + 180)
    told = farzan.told("buyer", "resume", "--yes")
    assert told["waiting_for"] == "payment"
    assert told["to_pay"]["account"] == ALI_ACCOUNT
    assert told["to_pay"]["due_minor_units"] == 2_850_000

    # The payment, and its proof, killed at a random moment, then when the transaction that settles is signed.
    transfer = farzan.told("bank", "pay", "28500", "--from", FARZAN_ACCOUNT, "--to", told["to_pay"]["account"])
    paid = ("--txid", transfer["txid"], "--amount", "28500", "--at", str(transfer["paid_at_unix_s"]))
    assert farzan.killed("buyer", "paid", "1", *paid, when=farzan.one_more("ReportSigned"))
    farzan.killed("buyer", "resume", "1", when=after(chance.uniform(0.2, 2.0)))
    farzan.killed("buyer", "resume", "1", when=farzan.one_more("FinalizeSigned"))
    told = farzan.told("buyer", "resume", "1", "--yes")
    assert (told["state"], told["outcome"], told["released_atoms"]) == ("ended", "settled", 100_000_000)

    # The same balances as without any kill.
    assert place.balance_atoms("farzan") == 99_700_000
    assert place.balance_atoms("ali") == ALI_ATOMS - 100_000_000
    assert place.balance_atoms("governor") == 0
    assert ali.told("settle", "fees", asked["address"], "--yes")["steps"][0]["step"] == "collect_fees"
    assert place.balance_atoms("governor") == 300_000
    accounts = {entry["account"]: entry["balance_minor_units"] for entry in ali.told("bank", "show")["accounts"]}
    assert accounts == {ALI_ACCOUNT: 120_000 + 2_850_000, FARZAN_ACCOUNT: 20_000_000 - 2_850_000}
    assert [entry["status"] for entry in ali.told("seller", "list")["orders"]] == ["settled"]
    assert farzan.told("buyer", "status")["trades"][0]["outcome"] == "settled"
    refused(farzan.run("settle", "expire", order["address"], "--yes"), 1, "OrderStatusMismatchError")

    # The next bid of this account waits until the settlement is 120 s past.
    place.ali.told("seller", "ask", "10", "--price", "240", "--number", "6", "--yes")
    told = farzan.told("buyer", "bid", "10", "--limit", "240", "--yes")
    assert (told["state"], told["waiting_for"], told["steps"]) == ("waiting", "settlement", [])
    farzan.told("buyer", "abandon")
    place.ali.told("seller", "cancel", "6", "--yes")
    place.set_time(told["until_unix_s"] + 60)


def test_an_ask_from_the_deposit_to_the_withdrawal(place: Place) -> None:
    """The number makes a repetition harmless; every step that discloses is agreed to."""
    ali, before = place.ali, place.balance_atoms("ali")
    words = ("seller", "ask", "20", "--price", "290.50", "--number", "7")
    refused(ali.run(*words), 2, "ConsentMissingError")
    assert place.balance_atoms("ali") == before
    first, again = ali.told(*words, "--yes"), ali.told(*words, "--yes")
    assert [step["step"] for step in first["steps"]] == ["place_ask_order"]
    assert again["steps"] == []
    assert again["ask"] == first["ask"]
    disclosed = first["steps"][0]["discloses"]
    assert {item["to"] for item in disclosed} == {"chain"}
    assert ALI_ACCOUNT not in json.dumps(disclosed)
    assert place.balance_atoms("ali") == before - 20_000_000
    refused(ali.run("seller", "ask", "21", "--price", "290.50", "--number", "7", "--yes"), 2, "AskNonceTakenError")
    shown = ali.told("book", "show")["asks"]
    assert [leaf["open_atoms"] for leaf in shown if leaf["ask"] == first["ask"]["address"]] == [20_000_000]
    assert ali.told("seller", "cancel", "7", "--yes")["ask"]["returned_atoms"] == 20_000_000
    assert ali.told("seller", "withdraw", first["ask"]["address"], "--yes")["ask"]["withdrawn_atoms"] == 20_000_000
    assert place.balance_atoms("ali") == before


def test_a_bid_that_nobody_takes_leaves_nothing_to_resume(place: Place) -> None:
    farzan = place.farzan
    number = len(farzan.told("buyer", "status")["trades"]) + 1
    refused(farzan.run("buyer", "bid", "100", "--limit", "1", "--yes"), 1, "NoMatchError")
    assert farzan.told("buyer", "status", str(number))["trades"][0]["outcome"] == "abandoned"
    refused(farzan.run("buyer", "resume"), 2, "TradeChoiceError")
    refused(farzan.run("buyer", "resume", str(number + 1)), 2, "TradeUnknownError")


def test_a_bid_whose_ask_went_away_is_blocked_and_given_up(place: Place) -> None:
    farzan = place.farzan
    number = len(farzan.told("buyer", "status")["trades"]) + 1
    place.ali.told("seller", "ask", "10", "--price", "240", "--number", "8", "--yes")
    assert farzan.killed("buyer", "bid", "10", "--limit", "240", when=farzan.one_more("BalanceAttested"))
    place.ali.told("seller", "cancel", "8", "--yes")
    (told,) = farzan.told("buyer", "status", str(number))["trades"]
    assert (told["trade"], told["state"], told["why"]) == (number, "blocked", "NoMatchError")
    assert farzan.told("buyer", "abandon") == {"ok": True, "trade": number}
    assert farzan.told("buyer", "status", str(number))["trades"][0]["outcome"] == "abandoned"


def test_a_market_of_others_has_no_attestors_within_reach(place: Place, tmp_path: Path) -> None:
    """What is left of a market's folder without the bank's and the attestors' secrets."""
    shutil.copy(place.folder / "market.json", tmp_path)
    elsewhere = Somebody({**place.farzan.env, "ANOMI_MARKET": str(tmp_path)}, place.farzan.state)
    place.ali.told("seller", "ask", "10", "--price", "250", "--number", "9", "--yes")
    refused(elsewhere.run("buyer", "bid", "10", "--limit", "250", "--yes"), 3, "AttestorsUnreachableError")
    paid = elsewhere.run("bank", "pay", "1", "--from", ALI_ACCOUNT, "--to", FARZAN_ACCOUNT)
    refused(paid, 2, "DevelopmentMarketMissingError")
    place.ali.told("seller", "cancel", "9", "--yes")


def test_only_their_owner_reads_what_lies_in_the_folders(place: Place) -> None:
    files = [path for folder in (place.folder, place.ali.state, place.farzan.state) for path in folder.iterdir()]
    assert {path.name for path in files} >= {"development.json", "bank.sqlite3", "ali.json", "vault.json"}
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in files if path.stat().st_mode & 0o077} == {}


@pytest.mark.parametrize(
    ("words", "exit_code", "kind"),
    [
        (("seller", "ask", "1e3", "--price", "285"), 2, "AmountUnreadableError"),
        (("seller", "ask", "100", "--price", "285.001"), 2, "AmountUnreadableError"),
        (("seller", "ask", "100", "--price", "285", "--expires-in", "0d"), 2, "LifetimeUnreadableError"),
        (("seller", "ask", "100", "--price", "285", "--account", "0311 1111111", "--yes"), 1, "PayeeUnknownError"),
        (("seller", "ask", "100", "--price", "285", "--delegate", "nobody"), 2, "AddressUnreadableError"),
        (("seller", "reveal", "--watch"), 2, "UsageError"),
        (("seller", "cancel", "4", "--yes"), 1, "AccountMissingError"),
        (
            ("seller", "release", "1" * 32, "--txid", "12345678901", "--amount", "28500", "--yes"),
            1,
            "AccountMissingError",
        ),
        (("seller", "release", "1" * 32, "--txid", "12345678901", "--yes"), 2, "UsageError"),
        (("buyer", "paid", "--txid", "12345678901", "--amount", "1", "--at", "yesterday"), 2, "TimeUnreadableError"),
        (("order", "show", "xyz"), 2, "AddressUnreadableError"),
        (("order", "show", "11111111111111111111111111111111"), 1, "AccountMissingError"),
        (
            ("order", "show", "11111111111111111111111111111111", "--url", "http://127.0.0.1:1"),
            3,
            "ClusterUnreachableError",
        ),
        (("book", "show", "--url", "ftp://127.0.0.1"), 2, "ClusterUrlError"),
        (("bank", "pay", "5000000", "--from", FARZAN_ACCOUNT, "--to", ALI_ACCOUNT), 1, "InsufficientFundsError"),
        (("bank", "pay", "5", "--from", "0311 1111111", "--to", ALI_ACCOUNT), 1, "UnknownAccountError"),
    ],
)
def test_what_is_refused_and_how(place: Place, words: tuple[str, ...], exit_code: int, kind: str) -> None:
    refused(place.ali.run(*words), exit_code, kind)


def test_what_the_command_line_has_to_name(place: Place, tmp_path: Path) -> None:
    """Market, wallet, vault and passphrase: each missing in turn, with a hint at what gives it."""
    env, hint = place.ali.env, "hint"

    def run(*words: str, **changed: str) -> Ran:
        return Somebody({**env, **changed}, tmp_path).run(*words)

    ran = run("book", "show", ANOMI_MARKET="")
    refused(ran, 2, "MarketNotNamedError")
    assert ran.document["error"][hint] == "give --market DIR, or set ANOMI_MARKET"
    refused(run("book", "show", ANOMI_MARKET=str(tmp_path)), 2, "SecretFileUnreadableError")
    refused(run("seller", "list", ANOMI_WALLET=str(tmp_path / "none.json")), 2, "WalletUnreadableError")
    exposed = tmp_path / "exposed.json"
    shutil.copy(place.folder / "ali.json", exposed)
    exposed.chmod(0o644)
    ran = run("seller", "list", ANOMI_WALLET=str(exposed))
    refused(ran, 1, "WalletExposedError")
    assert ran.document["error"][hint] == f"chmod 600 {exposed}"
    ran = run("vault", "show", ANOMI_STATE=str(tmp_path))
    refused(ran, 2, "VaultMissingError")
    assert ran.document["error"][hint] == "`anomi vault create` makes one"
    ran = run("vault", "show", ANOMI_PASSPHRASE_FILE="")
    refused(ran, 2, "PassphraseMissingError")
    assert "ANOMI_PASSPHRASE_FILE" in ran.document["error"][hint]
    wrong = tmp_path / "wrong"
    wrong.write_text("another\n")
    wrong.chmod(0o600)
    refused(run("vault", "show", ANOMI_PASSPHRASE_FILE=str(wrong)), 1, "PassphraseWrongError")
    wrong.chmod(0o640)
    refused(run("vault", "show", ANOMI_PASSPHRASE_FILE=str(wrong)), 1, "SecretFileExposedError")
    (tmp_path / "proof.json").write_text('{"format": "anomi payment proof 1"}')
    refused(run("settle", "finalize", str(tmp_path / "proof.json"), "--yes"), 2, "PaymentProofUnreadableError")
    refused(run_anomi("localnet", "--port", "0", "--market", tmp_path, "--json"), 2, "MarketFolderTakenError")


def test_a_vault_comes_back_from_its_phrase(tmp_path: Path) -> None:
    """With the default cost; the phrase comes from standard input."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE)
    passphrase.chmod(0o600)
    env = {"ANOMI_PASSPHRASE_FILE": str(passphrase), "ANOMI_STATE": str(tmp_path / "first")}
    made = run_anomi("vault", "create", "--json", env=env)
    assert made.exit_code == 0, made.stderr
    refused(run_anomi("vault", "create", "--json", env=env), 2, "SecretFileExistsError")
    env["ANOMI_STATE"] = str(tmp_path / "second")
    again = subprocess.run(
        [sys.executable, "-m", "anomi_cli.main", "vault", "restore", "--json"],
        input=made.document["recovery_phrase"].encode(),
        capture_output=True,
        env={**os.environ, **env},
        check=True,
    )
    assert json.loads(again.stdout) == {"ok": True, "vault": str(tmp_path / "second" / "vault.json")}


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8899", True),
        ("http://[::1]:8899", True),
        ("http://localhost", True),
        ("https://api.mainnet-beta.solana.com", False),
        ("http://127.0.0.1.example.org", False),
        ("http://10.0.0.1:8899", False),
    ],
)
def test_development_keys_stay_on_this_machine(place: Place, url: str, local: bool) -> None:
    market = read_market_file(place.folder).ref.address
    with place.rpc() as rpc:
        terms = Terms.read(rpc.accounts([terms_address(market, 1)])[0])
        assert is_local(url) is local
        if local:
            refuse_development_keys(rpc, url, terms)
        else:
            with pytest.raises(DevelopmentKeyError, match="solvency key is a development key"):
                refuse_development_keys(rpc, url, terms)
