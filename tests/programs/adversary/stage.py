"""Hostile calls tried in one world, which none of them changes: accepted or not, a transaction is simulated only.

Whoever an instruction names as a signer has signed, program-derived addresses included: what only another program
may call is tried as that program would call it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from solders.account import Account
from solders.instruction import Instruction
from solders.message import Message
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction

from anomi_sdk.generated import PROGRAMS
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_spec import InstructionSpec, ProgramSpec
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.trade.tokens import TOKEN_PROGRAM
from tests.programs.adversary.calls import calls_of, needs_of
from tests.programs.adversary.scene import Scene

__all__ = ["INSTRUCTIONS", "Stage", "described"]

INSTRUCTIONS: Final[Mapping[str, tuple[ProgramSpec, InstructionSpec]]] = {
    f"{program.name}.{instruction.name}": (program, instruction)
    for program in PROGRAMS
    for instruction in program.instructions
}
_NAMES: Final = {(program.program_id, spec.discriminator): name for name, (program, spec) in INSTRUCTIONS.items()}
_TOKEN_ERRORS: Final = {1: "InsufficientFunds", 3: "MintMismatch", 4: "OwnerMismatch", 17: "AccountFrozen"}


class Stage(Scene):
    """`calls` are the instructions by name, each where it goes through.

    `needs` are accounts that have to be otherwise than in the scene for some of them.
    """

    def __init__(self, programs: Sequence[BuiltProgram]) -> None:
        super().__init__(programs)
        self.calls: dict[str, Instruction] = {}
        for call in calls_of(self):
            name = _NAMES[call.program_id, bytes(call.data)[:8]]
            assert name not in self.calls
            self.calls[name] = call
        self.needs = needs_of(self)

    @contextmanager
    def with_accounts(self, accounts: Mapping[Pubkey, Account | None]) -> Iterator[None]:
        """Let these accounts be otherwise for a while, past every rule; None is an account that is not there."""
        svm = self.world.svm
        before = {address: self.world.account(address) for address in accounts}
        gone = Account(0, b"", Pubkey.default())
        try:
            for address, account in accounts.items():
                svm.set_account(address, account or gone)
            yield
        finally:
            for address, account in before.items():
                svm.set_account(address, account or gone)

    def simulated(self, call: Instruction) -> tuple[TransactionOutcome, dict[Pubkey, Account]]:
        """What would become of a transaction that everybody whom it names has signed, and of its accounts."""
        svm = self.world.svm
        message = Message.new_with_blockhash([call], self.bystander.pubkey(), svm.latest_blockhash())
        signatures = [Signature.default()] * message.header.num_required_signatures
        return svm.simulate_accounts(VersionedTransaction.populate(message, signatures), verify_signatures=False)

    def result(self, call: Instruction, of: str, accounts: Mapping[Pubkey, Account | None] = {}) -> str:
        """What becomes of a hostile call of the instruction `of`, as the tables say it; `accounts` are otherwise."""
        with self.with_accounts({**self.needs.get(of, {}), **accounts}):
            return described(self.simulated(call)[0], of)

    def after(self, name: str) -> dict[Pubkey, Account | None]:
        """The accounts that an instruction changes, as it leaves them."""
        with self.with_accounts(self.needs.get(name, {})):
            outcome, accounts = self.simulated(self.calls[name])
        outcome.require_success()
        changed = {meta.pubkey for meta in self.calls[name].accounts if meta.is_writable}
        return {address: account for address, account in accounts.items() if address in changed}


def described(outcome: TransactionOutcome, of: str) -> str:
    """An outcome in the words of the tables: "ok", the error of the program that was called, or whose else and what."""
    failure = outcome.failure
    if failure is None:
        return "ok"
    program = {spec.program_id: spec for spec in PROGRAMS}.get(failure.program_id)  # type: ignore[arg-type]
    if failure.code is None:
        return failure.reason
    if program is not None and failure.code in program.errors:
        name = program.errors[failure.code].name
        return name if of.startswith(f"{program.name}.") else f"{program.name}.{name}"
    if failure.program_id == TOKEN_PROGRAM:
        return f"token.{_TOKEN_ERRORS.get(failure.code, failure.code)}"
    if failure.program_id == Pubkey.default():
        return f"system.{failure.code}"
    return f"{failure.program_id}.{failure.code}"
