"""Verifying keys on chain by command: what is refused, what it costs, and that no kill loses anything."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from anomi_cli.commands.vk import KeyDiffersError, LamportsMissingError
from anomi_cli.key_file import KeyForDevelopmentError
from anomi_cli.trade.steps import ConsentMissingError
from anomi_core.errors import UsageError
from anomi_core.groth16 import proof_json, public_inputs_json, verifying_key_json
from anomi_core.groth16.errors import MalformedVerifyingKeyError, PublicInputNotCanonicalError
from anomi_core.groth16.solana import verifying_key_body, verifying_key_body_hash
from anomi_core.spec import PUBLIC_INPUTS_MAX
from anomi_sdk.generated.groth16_verifier_errors import ProofInvalidError, PublicInputCountMismatchError
from anomi_sdk.groth16_verifier import staging_address, verifying_key_address
from anomi_sdk.layouts import AccountMissingError
from anomi_sdk.localnet import Localnet
from anomi_sdk.measuring_key import KeyTrapdoorKnownError, MeasuringKey
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.programs import load_program
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.wallets import write_wallet
from tests.programs.somebody import key_of_somebody

from .in_process import Person

LAMPORTS = 1_000_000_000
SET_LIMIT = b"\x02"
OURS = Keypair.from_seed(b"\x51" * 32)


class KillingSvm(EmbeddedSvm):
    """A runtime that kills its client at a transaction, before or after that runs."""

    victim: subprocess.Popen[bytes] | None = None
    before = False
    asked_units = 0
    """The compute units that transactions asked for, where they say a limit: what a price is paid for."""

    def send(self, transaction: VersionedTransaction) -> TransactionOutcome:
        for instruction in transaction.message.instructions:
            if bytes(instruction.data[:1]) == SET_LIMIT and len(instruction.data) == 5:
                self.asked_units += int.from_bytes(instruction.data[1:], "little")
        outcome = None if self.victim is not None and self.before else super().send(transaction)
        if self.victim is not None:
            os.kill(self.victim.pid, signal.SIGKILL)
            self.victim = None
        return outcome or TransactionOutcome.never_ran(transaction, "BlockhashNotFound")


@dataclass(frozen=True)
class Place:
    """A node with the verifier on it, a wallet with lamports, and a folder for files."""

    svm: KillingSvm
    person: Person
    folder: Path

    def key(self, key: MeasuringKey) -> Path:
        path = self.folder / "vk.json"
        path.write_text(verifying_key_json(key.verifying_key))
        return path

    def proof(self, key: MeasuringKey, inputs: list[int]) -> tuple[Path, Path]:
        public, proof = self.folder / "public.json", self.folder / "proof.json"
        public.write_text(public_inputs_json(inputs))
        proof.write_text(proof_json(key.prove(inputs, "a proof")))
        return public, proof

    def lamports(self) -> int:
        (account,) = self.svm.accounts([OURS.pubkey()])
        return 0 if account is None else account.lamports


@pytest.fixture
def place(tmp_path: Path, artifact: Callable[[str], Path]) -> Iterator[Place]:
    svm = KillingSvm(unix_time_s=1_795_000_000)
    svm.load(load_program(artifact("build/programs"), "groth16_verifier"))
    svm.airdrop(OURS.pubkey(), LAMPORTS)
    write_wallet(tmp_path / "id.json", OURS)
    with Localnet(svm) as net:
        env = {"ANOMI_URL": net.url, "ANOMI_WALLET": str(tmp_path / "id.json")}
        yield Place(svm, Person(env, tmp_path), tmp_path)


@pytest.mark.parametrize("file", ["solvency.zkey", "solvency.vk.json", "payment.vk.json"])
def test_a_development_key_is_known_by_its_points(place: Place, artifact: Callable[[str], Path], file: str) -> None:
    """A VK.json tells by α and β that its powers of tau are the published ones."""
    path = artifact(f"build/circuits/{file.partition('.')[0]}/{file}")
    assert isinstance(place.person.refusal("vk", "deploy", path, "--yes"), KeyForDevelopmentError)
    assert place.lamports() == LAMPORTS
    told = place.person.told("vk", "deploy", path, "--development", "--yes")
    assert told["origin"] == "development"
    assert place.person.told("vk", "show", told["verifying_key"])["origin"] == "development"


def test_a_key_with_a_known_trapdoor_never_goes_on_chain(place: Place) -> None:
    path = place.key(MeasuringKey.derive("any seed at all", 3))
    for more in ((), ("--development",)):
        assert isinstance(place.person.refusal("vk", "deploy", path, *more, "--yes"), KeyTrapdoorKnownError)
    assert place.lamports() == LAMPORTS


@pytest.mark.parametrize("price", [0, 1_000])
def test_it_costs_what_was_said_once(place: Place, price: int) -> None:
    key = key_of_somebody(PUBLIC_INPUTS_MAX)
    path = place.key(key)
    words = ("vk", "deploy", path, "--unit-price", str(price))
    assert isinstance(place.person.refusal(*words), ConsentMissingError)
    told = place.person.told(*words, "--yes")
    costs = told["lamports"]
    assert place.lamports() == LAMPORTS - costs["key_rent"] - 2 * 5_000
    # The runtime of solders 0.26 takes nothing for a price; a cluster takes it for every unit that was asked for.
    assert place.svm.asked_units == (800_000 if price else 0)
    assert costs["fees"] == 2 * 5_000 + place.svm.asked_units * price // 1_000_000
    assert costs["staging_rent_returned"] > 0
    assert (len(told["transactions"]), told["stored_before"], told["public_inputs"]) == (2, False, PUBLIC_INPUTS_MAX)
    digest = verifying_key_body_hash(verifying_key_body(key.verifying_key))
    assert told["verifying_key"] == str(verifying_key_address(digest))
    before = place.lamports()
    again = place.person.told("vk", "deploy", path)  # nothing to agree to
    assert (again["transactions"], again["stored_before"], place.lamports()) == ([], True, before)
    assert place.person.told("vk", "check", told["verifying_key"], path)["body_sha256"] == digest.hex()
    other = place.key(key_of_somebody(1))
    assert isinstance(place.person.refusal("vk", "check", told["verifying_key"], other), KeyDiffersError)


def test_people_read_the_costs_before(place: Place) -> None:
    said = place.person.said("vk", "deploy", place.key(key_of_somebody(1)), "--yes")
    assert "    1 transaction, 0.000005000 SOL of fees\n" in said
    assert "    0.004955520 SOL of rent for the key, for ever: nobody can change or close it\n" in said
    assert "    0.005400960 SOL of rent for the staging account, which comes back at the end;" in said


def test_a_wallet_that_cannot_pay_is_told_how_much(place: Place) -> None:
    path = place.key(key_of_somebody(1))
    needed = 4_955_520 + 5_400_960 + 5_000
    poor = Keypair.from_seed(b"\x52" * 32)
    write_wallet(place.folder / "poor.json", poor)
    words = ("vk", "deploy", path, "--keypair", place.folder / "poor.json", "--yes")
    place.svm.airdrop(poor.pubkey(), needed - 1)
    refusal = place.person.refusal(*words)
    assert isinstance(refusal, LamportsMissingError)
    assert "takes 0.010361480 SOL, and the wallet holds 0.010361479 SOL" in str(refusal)


@pytest.mark.parametrize("content", [b"", b"{}", b"zkey", b"[" * 5_000, b"\xff\xfe"])
def test_what_is_no_key(place: Place, content: bytes) -> None:
    path = place.folder / "vk.json"
    path.write_bytes(content)
    refusal = place.person.refusal("vk", "deploy", path, "--yes")
    assert getattr(refusal, "exit_code", None) == 2, refusal
    if content == b"{}":
        assert isinstance(refusal, MalformedVerifyingKeyError)


def test_kill_9_at_every_transaction_loses_nothing(place: Place) -> None:
    """Before and after each of both transactions; one staging account, one rent, each byte paid for once."""
    key = key_of_somebody(PUBLIC_INPUTS_MAX)
    path = place.key(key)
    digest = verifying_key_body_hash(verifying_key_body(key.verifying_key))
    staging, stored = staging_address(OURS.pubkey(), digest), verifying_key_address(digest)
    fees = 0
    for before in (True, False, True, False):
        place.svm.before = before
        place.svm.victim = victim = subprocess.Popen(
            [sys.executable, "-m", "anomi_cli.main", "vk", "deploy", str(path), "--yes", "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **place.person.env},
        )
        assert victim.wait(60) == -signal.SIGKILL
        fees += 0 if before else 5_000
    accounts = place.svm.accounts([staging, stored])
    assert accounts[0] is None
    assert accounts[1] is not None
    assert place.lamports() == LAMPORTS - accounts[1].lamports - fees
    told = place.person.told("vk", "deploy", path, "--yes")
    assert (told["stored_before"], told["transactions"]) == (True, [])


def test_an_upload_that_ended_says_that_it_goes_on(place: Place) -> None:
    path = place.key(key_of_somebody(PUBLIC_INPUTS_MAX))
    place.svm.victim = victim = subprocess.Popen(
        [sys.executable, "-m", "anomi_cli.main", "vk", "deploy", str(path), "--yes", "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **place.person.env},
    )
    victim.wait(60)
    told = place.person.told("vk", "deploy", path, "--yes")
    assert (told["went_on"], len(told["transactions"]), told["lamports"]["staging_rent_returned"]) == (True, 1, 0)


@pytest.mark.parametrize("count", [0, 1, PUBLIC_INPUTS_MAX])
def test_the_program_verifies_in_a_simulation(place: Place, count: int) -> None:
    key, inputs = key_of_somebody(count), list(range(7, 7 + count))
    path = place.key(key)
    public, proof = place.proof(key, inputs)
    words = ("verify", "--onchain", path, public, proof)
    assert isinstance(place.person.refusal(*words), AccountMissingError)
    place.person.told("vk", "deploy", path, "--yes")
    before = place.lamports()
    told = place.person.told(*words)
    assert (told["valid"], told["backend"], told["public_inputs"]) == (True, "onchain", [str(one) for one in inputs])
    assert 73_000 + 4_174 * count <= told["compute_units"] <= 75_000 + 4_300 * count
    assert place.lamports() == before
    if count:
        public.write_text(json.dumps([str(value + (index == 0)) for index, value in enumerate(inputs)]))
        assert isinstance(place.person.refusal(*words), ProofInvalidError)
        public.write_text(json.dumps([str(value) for value in inputs[1:]]))
        assert isinstance(place.person.refusal(*words), PublicInputCountMismatchError)
        public.write_text(json.dumps([str(2**254)] * count))
        assert isinstance(place.person.refusal(*words), PublicInputNotCanonicalError)


def test_who_stands_for_the_fee_payer(place: Place, tmp_path: Path) -> None:
    """No wallet is needed; an address without lamports does not do."""
    key = key_of_somebody(1)
    path = place.key(key)
    public, proof = place.proof(key, [5])
    place.person.told("vk", "deploy", path, "--yes")
    nobody = Person({"ANOMI_URL": place.person.env["ANOMI_URL"], "ANOMI_WALLET": str(tmp_path / "none")}, tmp_path)
    words = ("verify", "--onchain", path, public, proof)
    assert nobody.told(*words, "--payer", str(OURS.pubkey()))["valid"]
    assert getattr(nobody.refusal(*words), "exit_code", None) == 2
    assert getattr(nobody.refusal(*words, "--payer", str(Pubkey([3] * 32))), "exit_code", None) == 1
    assert isinstance(nobody.refusal(*words, "--backend", "snarkjs"), UsageError)
    assert isinstance(nobody.refusal("verify", path, public, proof, "--payer", str(OURS.pubkey())), UsageError)
