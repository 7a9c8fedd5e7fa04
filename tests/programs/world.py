"""One embedded runtime with groth16_verifier on it, and the two things a test does there: go through, or be refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.groth16_verifier import (
    GROTH16_VERIFIER_ID,
    finalize_key,
    init_key,
    staging_address,
    verify,
    verifying_key_address,
    write_key,
)
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.transactions import build_transaction

UNIX_TIME_S = 1_795_000_000
LAMPORTS = 100_000_000_000
FEE_PER_SIGNATURE = 5_000
CHUNK_BYTES = 900


class World:
    """A fresh runtime; `authority` pays for and signs everything unless a test says otherwise."""

    def __init__(self, program: BuiltProgram) -> None:
        self.program = program
        self.svm = EmbeddedSvm(unix_time_s=UNIX_TIME_S)
        self.svm.load(program)
        self._names = count()
        self.authority = self.user()

    def user(self, lamports: int = LAMPORTS) -> Keypair:
        """A funded key pair, always the same ones in the same order."""
        user = Keypair.from_seed(hashlib.sha256(f"user {next(self._names)}".encode()).digest())
        self.svm.airdrop(user.pubkey(), lamports)
        return user

    def account(self, address: Pubkey) -> Account | None:
        return self.svm.accounts([address])[0]

    def lamports(self, address: Pubkey) -> int:
        account = self.account(address)
        return account.lamports if account is not None else 0

    def send(
        self, *instructions: Instruction, payer: Keypair | None = None, signers: Sequence[Keypair] = ()
    ) -> TransactionOutcome:
        payer = payer or self.authority
        return self.svm.send(
            build_transaction(
                instructions,
                payer=payer.pubkey(),
                signers=[payer, *signers],
                blockhash=self.svm.latest_blockhash(),
            )
        )

    def accepted(
        self, *instructions: Instruction, payer: Keypair | None = None, signers: Sequence[Keypair] = ()
    ) -> TransactionOutcome:
        return self.send(*instructions, payer=payer, signers=signers).require_success()

    def refused(
        self,
        *instructions: Instruction,
        payer: Keypair | None = None,
        signers: Sequence[Keypair] = (),
        code: type[TransactionRefusedError] | None = None,
    ) -> TransactionOutcome:
        """Send what must be refused: no account may change, but for the payer's fee."""
        payer = payer or self.authority
        named = [meta.pubkey for instruction in instructions for meta in instruction.accounts]
        before = self.svm.snapshot([*named, *(instruction.program_id for instruction in instructions)])
        lamports = self.lamports(payer.pubkey())
        outcome = self.send(*instructions, payer=payer, signers=signers)
        assert outcome.failure is not None, "\n".join(["accepted:", *outcome.logs])
        after = self.svm.snapshot()
        assert self.lamports(payer.pubkey()) == lamports - FEE_PER_SIGNATURE * (1 + len(signers))
        before.pop(payer.pubkey())
        after.pop(payer.pubkey())
        assert after == before, "a refused transaction changed an account"
        if code is not None:
            raised = error_of(outcome)
            assert type(raised) is code, f"{type(raised).__name__}: {raised}\n" + "\n".join(outcome.logs)
        return outcome

    def stage(self, body: bytes, authority: Keypair | None = None, body_hash: bytes | None = None) -> bytes:
        """Open a staging account for `body` and write all of it; return its hash."""
        authority = authority or self.authority
        digest = body_hash or hashlib.sha256(body).digest()
        self.accepted(init_key(authority.pubkey(), digest, len(body)), payer=authority)
        for at in range(0, len(body), CHUNK_BYTES):
            chunk = body[at : at + CHUNK_BYTES]
            self.accepted(write_key(authority.pubkey(), digest, at, chunk), payer=authority)
        return digest

    def store(self, body: bytes) -> Pubkey:
        """Upload a whole key; return its address."""
        digest = self.stage(body)
        self.accepted(finalize_key(self.authority.pubkey(), digest))
        return verifying_key_address(digest)

    def staging(self, digest: bytes, authority: Keypair | None = None) -> Pubkey:
        return staging_address((authority or self.authority).pubkey(), digest)


def error_of(outcome: TransactionOutcome) -> TransactionRefusedError:
    try:
        outcome.require_success()
    except TransactionRefusedError as error:
        return error
    raise AssertionError("the transaction went through")


@dataclass(frozen=True)
class Case:
    """One hostile transaction: `run` makes it in a fresh world and returns its outcome; `error` is its exact class."""

    name: str
    error: type[TransactionRefusedError]
    run: Callable[[World], TransactionOutcome]

    def __str__(self) -> str:
        return self.name


def with_data(instruction: Instruction, data: bytes) -> Instruction:
    return Instruction(instruction.program_id, data, instruction.accounts)


def with_accounts(instruction: Instruction, accounts: Sequence[AccountMeta]) -> Instruction:
    return Instruction(instruction.program_id, instruction.data, list(accounts))


def with_account(instruction: Instruction, index: int, **changes: object) -> Instruction:
    """The instruction with one account's `pubkey`, `is_signer` or `is_writable` replaced."""
    metas = list(instruction.accounts)
    old = metas[index]
    fields = {"pubkey": old.pubkey, "is_signer": old.is_signer, "is_writable": old.is_writable} | changes
    metas[index] = AccountMeta(**fields)  # type: ignore[arg-type]
    return with_accounts(instruction, metas)


def words(data: bytes) -> list[bytes]:
    return [data[at : at + 32] for at in range(0, len(data), 32)]


__all__ = [
    "CHUNK_BYTES",
    "FEE_PER_SIGNATURE",
    "GROTH16_VERIFIER_ID",
    "LAMPORTS",
    "UNIX_TIME_S",
    "Case",
    "World",
    "error_of",
    "verify",
    "with_account",
    "with_accounts",
    "with_data",
    "words",
]
