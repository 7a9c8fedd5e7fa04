"""The embedded runtime with the programs on it, and how one transaction there is measured."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from solders.account import Account
from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_core.errors import InternalError
from anomi_sdk.bench_cu.samples import AccountChange, Derivation, Sample
from anomi_sdk.generated import PROGRAMS
from anomi_sdk.measuring_key import scalar_from
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_spec import InstructionSpec, ProgramSpec
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.transactions import build_transaction

__all__ = ["BUDGET", "BUDGET_CU", "SEED", "UNIX_TIME_S", "BenchChain", "Call", "CallsMismatchError", "bumps"]

SEED: Final = "anomi bench cu"
"""Everything random is derived from it: the same seeds give the same figures."""

UNIX_TIME_S: Final = 1_790_000_000
BUDGET: Final = (set_compute_unit_limit(200_000), set_compute_unit_price(1))
"""What a client puts before its instruction, and the benchmark before every measured one."""
BUDGET_CU: Final = 300
"""What these two cost."""

_LAMPORTS: Final = 100_000_000_000
_PROGRAMS: Final[Mapping[Pubkey, ProgramSpec]] = {program.program_id: program for program in PROGRAMS}
_INVOKED: Final = re.compile(r"Program (\w+) invoke \[(\d+)\]")
_CONSUMED: Final = re.compile(r"Program (\w+) consumed (\d+) of \d+ compute units")


class CallsMismatchError(InternalError):
    """A measured transaction called other programs of ours than the benchmark says, so nothing can be told apart."""


@dataclass(frozen=True)
class Call:
    """A call that one of our programs makes to another, to be measured as the runtime logs it.

    `instruction` is None for one that is measured as a transaction of its own.
    """

    program: str
    instruction: str | None = None
    variant: str = ""
    derivations: tuple[Derivation, ...] = ()


def bumps(*found: tuple[Pubkey, int]) -> tuple[Derivation, ...]:
    """Return what it takes to derive addresses of these canonical bumps on chain."""
    return tuple(Derivation(255 - bump) for _, bump in found)


class BenchChain:
    """One runtime. Whatever it measures is appended to `samples`."""

    def __init__(self, programs: Iterable[BuiltProgram]) -> None:
        """Load the programs."""
        self.svm = EmbeddedSvm(unix_time_s=UNIX_TIME_S)
        for program in programs:
            self.svm.load(program)
        self.samples: list[Sample] = []
        self.payer = self.user("payer")

    def user(self, name: str) -> Keypair:
        """Return the funded key pair of this name."""
        user = Keypair.from_seed(scalar_from(f"{SEED} {name}").to_bytes(32, "big"))
        return self.funded(user)

    def funded(self, user: Keypair) -> Keypair:
        """Give lamports to a key pair and return it."""
        self.svm.airdrop(user.pubkey(), _LAMPORTS)
        return user

    def send(self, *instructions: Instruction, signers: Sequence[Keypair] = ()) -> TransactionOutcome:
        """Take a step that is not measured; `payer` pays."""
        return self._send(instructions, [self.payer, *signers])

    def measure(
        self,
        *instructions: Instruction,
        signers: Sequence[Keypair],
        variant: str = "",
        derivations: Sequence[Derivation] = (),
        calls: Sequence[Call] = (),
        keep: bool = True,
    ) -> None:
        """Take samples of the last of `instructions`, a transaction with compute-budget instructions before them all.

        The first of `signers` pays. With `keep` the transaction is sent, else only simulated. `calls` are those of our
        programs to one another, in order. Raises what the programs refuse with, and CallsMismatchError.
        """
        measured = instructions[-1]
        program, spec = _spec(measured)
        pairs = zip(measured.accounts, spec.accounts, strict=True)
        names: dict[Pubkey, str] = {}
        for meta, account in pairs:
            if meta.is_writable:
                names.setdefault(meta.pubkey, account.name)
        named = list(names.items())
        before = self._accounts(named)
        transaction = build_transaction(
            [*BUDGET, *instructions],
            payer=signers[0].pubkey(),
            signers=list(signers),
            blockhash=self.svm.latest_blockhash(),
        )
        outcome, simulated = self.svm.simulate_accounts(transaction)
        if keep:
            outcome = self.svm.send(transaction)
        outcome.require_success()
        after = self._accounts(named) if keep else {address: simulated.get(address) for address, _ in named}
        changes = _changes(named, before, after)
        sample = Sample(
            program=program.name,
            instruction=spec.name,
            variant=variant,
            compute_units=outcome.compute_units,
            transaction_bytes=outcome.size_bytes,
            changes=changes,
            derivations=tuple(derivations),
        )
        self.samples.append(sample)
        self._measure_calls(sample, calls, _logged(outcome.logs)[1:])

    def _measure_calls(self, caller: Sample, calls: Sequence[Call], logged: Sequence[tuple[str, int]]) -> None:
        if [call.program for call in calls] != [program for program, _ in logged]:
            raise CallsMismatchError(f"{caller.program}.{caller.instruction} called {[name for name, _ in logged]}")
        for call, (_, units) in zip(calls, logged, strict=True):
            if call.instruction is not None:
                names = _account_names(call.program, call.instruction)
                self.samples.append(
                    Sample(
                        program=call.program,
                        instruction=call.instruction,
                        variant=call.variant,
                        compute_units=units,
                        transaction_bytes=None,
                        changes=tuple(change for change in caller.changes if change.account in names),
                        derivations=call.derivations,
                        via=f"{caller.program}.{caller.instruction}",
                    )
                )

    def _send(self, instructions: Sequence[Instruction], signers: Sequence[Keypair]) -> TransactionOutcome:
        transaction = build_transaction(
            instructions, payer=signers[0].pubkey(), signers=list(signers), blockhash=self.svm.latest_blockhash()
        )
        return self.svm.send(transaction).require_success()

    def _accounts(self, named: Sequence[tuple[Pubkey, str]]) -> dict[Pubkey, Account | None]:
        addresses = [address for address, _ in named]
        return dict(zip(addresses, self.svm.accounts(addresses), strict=True))


def _spec(instruction: Instruction) -> tuple[ProgramSpec, InstructionSpec]:
    program = _PROGRAMS[instruction.program_id]
    data = bytes(instruction.data)
    return program, next(spec for spec in program.instructions if data.startswith(spec.discriminator))


def _account_names(program: str, instruction: str) -> set[str]:
    specs = {spec.name: spec for entry in PROGRAMS if entry.name == program for spec in entry.instructions}
    return {account.name for account in specs[instruction].accounts if account.writable}


def _changes(
    named: Sequence[tuple[Pubkey, str]],
    before: Mapping[Pubkey, Account | None],
    after: Mapping[Pubkey, Account | None],
) -> tuple[AccountChange, ...]:
    changes = []
    for address, name in named:
        data_bytes = _size(after[address]) - _size(before[address])
        if data_bytes:
            changes.append(AccountChange(name, data_bytes, _lamports(after[address]) - _lamports(before[address])))
    return tuple(changes)


def _size(account: Account | None) -> int:
    return 0 if account is None else len(account.data)


def _lamports(account: Account | None) -> int:
    return 0 if account is None else account.lamports


def _logged(logs: Sequence[str]) -> list[tuple[str, int]]:
    """Return the invocations of our programs in the order of their beginning: the program, and what it consumed."""
    found: list[tuple[str, int]] = []
    open_calls: list[int] = []
    for line in logs:
        if invoked := _INVOKED.fullmatch(line):
            program = _PROGRAMS.get(Pubkey.from_string(invoked[1]))
            open_calls.append(len(found) if program is not None else -1)
            if program is not None:
                found.append((program.name, 0))
        elif consumed := _CONSUMED.fullmatch(line):
            if open_calls[-1] >= 0:
                found[open_calls[-1]] = (found[open_calls[-1]][0], int(consumed[2]))
        elif line.startswith("Program ") and line.endswith(" success"):
            open_calls.pop()
    return found
