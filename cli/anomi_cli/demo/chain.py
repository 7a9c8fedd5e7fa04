"""The chain's side: the embedded SVM with the four programs, a token, and everybody who can send a transaction.

What a program-derived address costs depends on luck with its seeds. Every key of the demo follows from a fixed text, so
that each run costs the same compute units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from solders.compute_budget import set_compute_unit_limit
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from anomi_cli.project import build_folder
from anomi_cli.trade.founding import development_key, issue_token, mint_to
from anomi_sdk.generated import PROGRAMS
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.programs import BuiltProgram, load_program
from anomi_sdk.rpc import DataMatch
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.trade.tokens import (
    ASSOCIATED_TOKEN_PROGRAM,
    TOKEN_PROGRAM,
    associated_token_address,
    token_balance_atoms,
)
from anomi_sdk.transactions import build_transaction

__all__ = ["Chain", "RecordedSvm", "instruction_names"]

LAMPORTS: Final = 10_000_000_000
COMPUTE_UNITS: Final = 400_000
TOKEN_ACCOUNT_BYTES: Final = 165
SUPPLY: Final = slice(36, 44)
TAG_BYTES: Final = 8

_NAMES: Final = {
    (program.program_id, instruction.discriminator): instruction.name
    for program in PROGRAMS
    for instruction in program.instructions
}


def instruction_names(transaction: VersionedTransaction) -> tuple[str, ...]:
    """Return the names of the instructions of our programs in a transaction, and of new token accounts."""
    message = transaction.message
    names = []
    for instruction in message.instructions:
        program_id = message.account_keys[instruction.program_id_index]
        if program_id == ASSOCIATED_TOKEN_PROGRAM:
            names.append("create_token_account")
        elif (name := _NAMES.get((program_id, bytes(instruction.data[:TAG_BYTES])))) is not None:
            names.append(name)
    return tuple(names)


class RecordedSvm(EmbeddedSvm):
    """An embedded runtime that tells `on_send` of every transaction that went through."""

    on_send: Callable[[tuple[str, ...], TransactionOutcome], None] = staticmethod(lambda _names, _outcome: None)

    def send(self, transaction: VersionedTransaction) -> TransactionOutcome:
        """Run `transaction`; see Rpc.send."""
        outcome = super().send(transaction)
        if outcome.failure is None and (names := instruction_names(transaction)):
            self.on_send(names, outcome)
        return outcome


class Chain:
    """The runtime, the programs on it, the token, and `gas`, who pays the fees of what is no step of a trade."""

    def __init__(self, *, unix_time_s: int) -> None:
        """Deploy the programs. Raises ProgramMissingError and ProgramDamagedError."""
        self.svm = RecordedSvm(unix_time_s=unix_time_s)
        folder = build_folder() / "programs"
        self.programs: tuple[BuiltProgram, ...] = tuple(load_program(folder, program.name) for program in PROGRAMS)
        for program in self.programs:
            self.svm.load(program)
        self.gas = self.wallet("gas")
        self._mint = development_key("anomi demo: mint of USDC")
        self.mint = self._mint.pubkey()

    def wallet(self, name: str) -> Keypair:
        """Return somebody's key pair, with lamports: the same in every run."""
        keypair = development_key(f"anomi demo: wallet of {name}")
        self.svm.airdrop(keypair.pubkey(), LAMPORTS)
        return keypair

    def send(self, instructions: Sequence[Instruction], signers: Iterable[Keypair] = ()) -> TransactionOutcome:
        """Send a transaction that `gas` pays for; nothing looks at it beforehand, and the outcome may be a refusal."""
        wanted = {meta.pubkey for instruction in instructions for meta in instruction.accounts if meta.is_signer} - {
            self.gas.pubkey()
        }
        transaction = build_transaction(
            [set_compute_unit_limit(COMPUTE_UNITS), *instructions],
            payer=self.gas.pubkey(),
            signers=[self.gas, *(signer for signer in signers if signer.pubkey() in wanted)],
            blockhash=self.svm.latest_blockhash(),
        )
        return self.svm.send(transaction)

    def issue(self, holders: Sequence[tuple[Pubkey, int]]) -> None:
        """Make the token, and mint so many atoms to each holder. The key that could mint more is thrown away."""
        minter, gas = Keypair(), self.gas.pubkey()
        self.send(issue_token(self.svm, gas, self.mint, minter.pubkey()), [self._mint]).require_success()
        for owner, atoms in holders:
            self.send(mint_to(gas, self.mint, minter.pubkey(), owner, atoms), [minter]).require_success()

    def balance_atoms(self, owner: Pubkey) -> int:
        """Return what an owner's associated token account holds."""
        return token_balance_atoms(self.svm.accounts([associated_token_address(owner, self.mint)])[0])

    def token_accounts(self) -> dict[Pubkey, int]:
        """Return what every token account of the mint holds, whoever it belongs to."""
        found = self.svm.program_accounts(
            TOKEN_PROGRAM, data_bytes=TOKEN_ACCOUNT_BYTES, matches=[DataMatch(0, bytes(self.mint))]
        )
        return {address: token_balance_atoms(account) for address, account in found}

    def supply_atoms(self) -> int:
        """Return how much of the token there is, as its mint says."""
        account = self.svm.accounts([self.mint])[0]
        return 0 if account is None else int.from_bytes(bytes(account.data)[SUPPLY], "little")
