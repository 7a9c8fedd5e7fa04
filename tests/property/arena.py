"""The model and the real programs side by side: one state each, every call made in both, and compared after each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from solders.account import Account as RuntimeAccount
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.program_spec import InstructionSpec, ProgramSpec
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.transactions import build_transaction
from anomi_sdk.wire import Reader
from tests.programs.market.world import Place
from tests.programs.world import FEE_PER_SIGNATURE
from tests.property.invariants import History, check_invariants
from tests.property.model import execute
from tests.property.model.ledger import Account, Call, Ledger, Refused
from tests.property.observe import TRADE_PROGRAMS, observed, refusal_of

__all__ = ["INSTRUCTIONS", "Arena", "Cast", "Start", "call_of", "new_call"]

INSTRUCTIONS: Mapping[str, tuple[ProgramSpec, InstructionSpec]] = {
    f"{program.name}.{instruction.name}": (program, instruction)
    for program in TRADE_PROGRAMS
    for instruction in program.instructions
}
_BY_DISCRIMINATOR = {
    (program.program_id, instruction.discriminator): name for name, (program, instruction) in INSTRUCTIONS.items()
}


@dataclass(frozen=True)
class Cast:
    """Who takes part, and where: the same in every run."""

    payer: Keypair
    initializer: Keypair
    governor: Keypair
    treasury: Keypair
    minter: Keypair
    actors: tuple[Keypair, ...]
    places: tuple[Place, ...]
    keys: Mapping[str, Pubkey]
    """The verifying keys by their measuring keys' names."""

    @property
    def signers(self) -> dict[Pubkey, Keypair]:
        """Everybody who can sign, by address."""
        everybody = (self.payer, self.initializer, self.governor, self.treasury, self.minter, *self.actors)
        return {keypair.pubkey(): keypair for keypair in everybody}


@dataclass(frozen=True)
class Start:
    """A state to begin from: every account, and the model's state that equals it."""

    cast: Cast
    programs: Sequence[BuiltProgram]
    accounts: Mapping[Pubkey, RuntimeAccount]
    ledger: Ledger


def new_call(name: str, accounts: Mapping[str, Pubkey], arguments: Mapping[str, object]) -> Call:
    """An instruction as an honest client would make it, every account with the rights that it takes."""
    program, spec = INSTRUCTIONS[name]
    data = spec.discriminator + b"".join(
        field.type.encode(arguments[field.name], f"{name}: {field.name}") for field in spec.arguments
    )
    places = tuple(
        Account(account.address or accounts[account.name], account.signer, account.writable)
        for account in spec.accounts
    )
    return Call(program, spec, places, arguments, data, len(data))


def call_of(instruction: Instruction) -> Call:
    """An instruction that a builder of the SDK made, as a call."""
    data = bytes(instruction.data)
    name = _BY_DISCRIMINATOR[instruction.program_id, data[:8]]
    program, spec = INSTRUCTIONS[name]
    reader = Reader(data[8:], name)
    arguments = {field.name: field.type.decode(reader, field.name) for field in spec.arguments}
    reader.require_end()
    places = tuple(Account(meta.pubkey, meta.is_signer, meta.is_writable) for meta in instruction.accounts)
    return Call(program, spec, places, arguments, data, len(data))


class Arena:
    """One run. `ledger` is the model's state, `svm` the real one; after every act they are equal."""

    def __init__(self, start: Start) -> None:
        self.cast = start.cast
        self.svm = EmbeddedSvm(unix_time_s=start.ledger.now)
        for program in start.programs:
            self.svm.load(program)
        for address, account in start.accounts.items():
            self.svm.set_account(address, account)
        self.ledger = start.ledger.copy()
        self.ledger.proofs = dict(start.ledger.proofs)
        self.signers = start.cast.signers
        self.history = History.of(self.ledger.accounts)
        self.calls: list[Call] = []
        self.log: list[str] = []
        self.fresh = 0
        self.verdicts: Counter[tuple[str, str]] = Counter()

    def call(self, call: Call) -> Refused | None:
        """Make a call in both; return the model's refusal. Fails on any difference, and on a broken invariant."""
        try:
            after, expected = execute(self.ledger, call, self.cast.payer.pubkey()), None
        except Refused as refused:
            after, expected = self.ledger, refused
        signers = {account.address for account in call.accounts if account.signer} - {self.cast.payer.pubkey()}
        metas = [AccountMeta(account.address, account.signer, account.writable) for account in call.accounts]
        instruction = Instruction(call.program.program_id, call.data, metas)
        before = self.svm.snapshot([account.address for account in call.accounts])
        came, logs = self._send(instruction, [self.signers[address] for address in signers])
        verdict = "accepted" if came is None else f"{came.program}: {came.name}"
        self.log.append(f"{describe(call, self.names())} → {verdict}")
        self.calls.append(call)
        self.verdicts[call.name, verdict] += 1
        self._agree(expected, came, logs)
        snapshot = self.svm.snapshot()
        self._check_lamports(before, snapshot, 1 + len(signers), changed=came is None)
        self.ledger = after
        self._check(snapshot, call.name if came is None else None)
        return expected

    def outside(self, *instructions: Instruction, signers: Sequence[Keypair] = (), what: str) -> None:
        """Do something that no program of the trade has a say in; the caller has put it into the model's state."""
        came, logs = self._send_all(instructions, signers)
        assert came is None, "\n".join([f"{what} was refused: {came}", *logs])
        self.log.append(what)
        self._check(self.svm.snapshot(), what)

    def advance(self, unix_time_s: int) -> None:
        """Let time pass."""
        assert unix_time_s >= self.ledger.now
        self.log.append(f"{unix_time_s - self.ledger.now} s pass, now {unix_time_s}")
        self.ledger.now = unix_time_s
        self.svm.set_unix_time(unix_time_s)

    def names(self) -> dict[Pubkey, str]:
        """Short names of the people and places, for messages."""
        cast = self.cast
        named = {keypair.pubkey(): f"actor {index}" for index, keypair in enumerate(cast.actors)}
        named |= {cast.governor.pubkey(): "governor", cast.payer.pubkey(): "payer"}
        for index, place in enumerate(cast.places):
            named |= {place.market: f"market {index}", place.book: f"book {index}", place.mint: f"mint {index}"}
        return named

    def _send(self, instruction: Instruction, signers: Sequence[Keypair]) -> tuple[Refused | None, Sequence[str]]:
        return self._send_all((instruction,), signers)

    def _send_all(
        self, instructions: Sequence[Instruction], signers: Sequence[Keypair]
    ) -> tuple[Refused | None, Sequence[str]]:
        payer = self.cast.payer
        transaction = build_transaction(
            instructions,
            payer=payer.pubkey(),
            signers=[payer, *(signer for signer in signers if signer != payer)],
            blockhash=self.svm.latest_blockhash(),
        )
        outcome = self.svm.send(transaction)
        return refusal_of(outcome), outcome.logs

    def _agree(self, expected: Refused | None, came: Refused | None, logs: Sequence[str]) -> None:
        same = (expected is None) == (came is None)
        if expected is not None and came is not None and expected.name is not None:
            same = (expected.program, expected.name) == (came.program, came.name)
        assert same, self._report(f"the model says {expected or 'accepted'}, the programs {came or 'accepted'}", logs)

    def _check_lamports(
        self, before: dict[Pubkey, bytes], after: dict[Pubkey, bytes], signatures: int, *, changed: bool
    ) -> None:
        fee = FEE_PER_SIGNATURE * signatures
        payer = self.cast.payer.pubkey()
        if changed:
            assert _lamports(after) == _lamports(before) - fee, self._report("lamports came or went")
            return
        paid = RuntimeAccount.from_bytes(before.pop(payer)).lamports - RuntimeAccount.from_bytes(after[payer]).lamports
        rest = {address: account for address, account in after.items() if address != payer}
        assert rest == before, self._report("a refused instruction changed an account")
        assert paid == fee, self._report(f"a refused instruction cost its payer {paid} lamports")

    def _check(self, snapshot: dict[Pubkey, bytes], act: str | None) -> None:
        """Hold the real accounts to the model's, then to the invariants by themselves."""
        real, modelled = observed(snapshot), self.ledger.accounts
        if real != modelled:
            wrong = [address for address in {**real, **modelled} if real.get(address) != modelled.get(address)]
            lines = [f"{address}\n  real  {real.get(address)}\n  model {modelled.get(address)}" for address in wrong]
            raise AssertionError(self._report("\n".join(["the states differ:", *lines])))
        try:
            self.history = check_invariants(self.history, real, act)
        except AssertionError as broken:
            raise AssertionError(self._report(f"an invariant is broken: {broken}")) from broken

    def _report(self, what: str, logs: Sequence[str] = ()) -> str:
        return "\n".join([what, "What happened:", *(f"  {line}" for line in self.log), *logs])


def _lamports(snapshot: dict[Pubkey, bytes]) -> int:
    # A serialized account begins with its lamports.
    return sum(int.from_bytes(account[:8], "little") for account in snapshot.values())


def describe(call: Call, names: Mapping[Pubkey, str]) -> str:
    """A call in one line."""
    specs = [spec.name for spec in call.instruction.accounts]
    specs += ["surplus"] * (len(call.accounts) - len(specs))
    accounts = [
        f"{name}={names.get(account.address, str(account.address)[:6])}"
        for name, account in zip(specs, call.accounts, strict=False)
    ]
    arguments = [f"{name}={_short(value)}" for name, value in call.arguments.items() if name != "attestor_keys"]
    return f"{call.name}({', '.join([*accounts, *arguments])})"


def _short(value: object) -> str:
    return value.hex()[:8] if isinstance(value, bytes) else str(value)
