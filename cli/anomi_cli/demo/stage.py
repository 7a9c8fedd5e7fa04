"""Runs the demo's parts and its attempts to cheat, and writes down what each of them did."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_cli.adapters.prover import ProofTimes
from anomi_cli.demo.audit import broken_invariants
from anomi_cli.demo.render import Narrator
from anomi_cli.demo.report import Balances, DemoReport, Fact, PhaseRow, ProofRow, RefusalRow, TransactionRow
from anomi_cli.demo.world import ALI_ATOMS, World
from anomi_core.errors import AnomiError, InternalError
from anomi_core.relations import CheckFailedError
from anomi_prover.witness import WitnessError
from anomi_sdk.events import events_of
from anomi_sdk.generated import PROGRAMS
from anomi_sdk.generated.market import FundsReleased, FundsReturned
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.program_errors import TransactionRefusedError
from anomi_sdk.trade.prepared import Audience, Prepared
from anomi_services.attestor.quorum import QuorumNotReachedError

__all__ = ["ATTESTORS", "CLIENT", "Stage"]

ATTESTORS: Final = "the attestors"
CLIENT: Final = "Farzan's client"
NOBODY: Final = "nobody"

_PROGRAM_NAMES: Final = {program.program_id: program.name for program in PROGRAMS}

_WHO: Final = {
    Audience.CHAIN: "everyone",
    Audience.ATTESTORS: "attestors",
}


class Stage:
    """The parts of the demo in turn; everything that goes through meanwhile is a part's."""

    def __init__(self, world: World, report: DemoReport, narrator: Narrator) -> None:
        """Listen to the chain; proofs are told to `on_proof`. `payouts` holds how each ended order was paid out."""
        self.world = world
        self.report = report
        self._narrator = narrator
        self._phase: PhaseRow | None = None
        self.payouts: dict[Pubkey, FundsReleased | FundsReturned] = {}
        world.chain.svm.on_send = self._on_send

    @contextmanager
    def phase(self, title: str) -> Iterator[None]:
        """Do one part of the demo; the balances are added up before and after it."""
        self._narrator.phase(title)
        balances = self.world.balances()
        row = self._phase = PhaseRow(title=title, before=balances, after=balances)
        began = time.perf_counter()
        yield
        self._phase = None
        row.seconds = round(time.perf_counter() - began, 3)
        row.after = self.world.balances()
        row.broken_invariants = broken_invariants(self.world.chain, issued_atoms=ALI_ATOMS)
        self.report.phases.append(row)
        self._narrator.phase_done(row)

    def tell(self, line: str) -> None:
        """Tell one thing that happened."""
        self._current.told.append(line)
        self._narrator.say(line)

    def learned(self, who: str, what: str, value: str) -> None:
        """Record what somebody learned in this part."""
        fact = Fact(who, what, value)
        if fact not in self._current.learned:
            self._current.learned.append(fact)

    def discloses(self, prepared: Prepared, *, counterparty: str) -> None:
        """Record what a step of the SDK says that it gives away."""
        for disclosure in prepared.discloses:
            who = counterparty if disclosure.to is Audience.COUNTERPARTY else _WHO[disclosure.to]
            self.learned(who, disclosure.what, disclosure.value)

    def hidden(self, *what: str) -> None:
        """Record what stayed hidden from the chain in this part."""
        self._current.hidden.extend(what)

    def on_proof(self, times: ProofTimes) -> None:
        """Record a proof of this part."""
        self._current.proofs.append(
            ProofRow(times.circuit, times.backend, round(times.witness_seconds, 4), round(times.prove_seconds, 4))
        )

    # Attempts to cheat.

    def chain_refuses(
        self,
        attempt: str,
        by: str,
        error: type[TransactionRefusedError],
        instructions: Sequence[Instruction],
        signers: Iterable[Keypair] = (),
    ) -> None:
        """Send a transaction past every check of our clients; the program called `by` must refuse it with `error`."""
        named = [meta.pubkey for instruction in instructions for meta in instruction.accounts]
        self._attempt(
            attempt,
            by,
            error.__name__,
            lambda: _refusal(lambda: self.world.chain.send(instructions, signers).require_success()),
            named,
        )

    def refuses(self, attempt: str, by: str, error: type[AnomiError], act: Callable[[], Any]) -> None:
        """Have the SDK, the attestors, or a program that the SDK simulates, refuse `act` with `error`."""
        self._attempt(attempt, by, error.__name__, lambda: _refusal(act))

    def circuit_refuses(
        self, attempt: str, circuit: str, check: str, relation: Callable[[], None], witness: Callable[[], Any]
    ) -> None:
        """Show that a statement is false: the reference relation fails in `check`, and the circuit has no witness."""
        by = f"{circuit} circuit"
        self._attempt(attempt, by, check, lambda: (by, *_failed_check(relation, witness)))

    @property
    def _current(self) -> PhaseRow:
        if self._phase is None:
            raise InternalError("something happened outside every part of the demo")
        return self._phase

    def _on_send(self, names: tuple[str, ...], outcome: TransactionOutcome) -> None:
        if self._phase is not None:
            self._phase.transactions.append(TransactionRow(names, outcome.compute_units, outcome.size_bytes))
        for event in events_of(outcome):
            if isinstance(event, FundsReleased | FundsReturned):
                self.payouts[event.order] = event

    def _attempt(
        self,
        attempt: str,
        by: str,
        expected: str,
        act: Callable[[], tuple[str, str, str]],
        named: Iterable[Pubkey] = (),
    ) -> None:
        """Run an attempt; no account may change but the one that pays its fee, and no balance at the bank."""
        before = self._everything(named)
        refused_by, got, reason = act()
        balances = self.world.balances()
        row = RefusalRow(
            phase=self._current.title,
            attempt=attempt,
            expected_by=by,
            refused_by=refused_by,
            expected=expected,
            got=got,
            reason=reason,
            unchanged=self._everything(()) == before,
            total_atoms=balances.total_atoms,
            total_minor_units=balances.total_minor_units,
        )
        self.report.refusals.append(row)
        self._narrator.refusal(row)

    def _everything(self, named: Iterable[Pubkey]) -> tuple[dict[Pubkey, bytes], Balances]:
        accounts = self.world.chain.svm.snapshot(named)
        accounts.pop(self.world.chain.gas.pubkey())
        return accounts, self.world.balances()


def _failed_check(relation: Callable[[], None], witness: Callable[[], Any]) -> tuple[str, str]:
    """Return the check in which the relation fails, and what relation and circuit say."""
    try:
        relation()
    except CheckFailedError as error:
        got, reason = error.check, str(error)
    else:
        got, reason = "accepted", "the reference relation accepted it"
    try:
        witness()
    except WitnessError as error:
        return got, f"{reason}; {error}"
    return f"{got}, but the circuit has a witness", reason


def _refusal(act: Callable[[], Any]) -> tuple[str, str, str]:
    """Return who refused, by which error, and the sentence; the one who refused is read off the error itself."""
    try:
        act()
    except QuorumNotReachedError as error:
        names = sorted({type(reason).__name__ for reason in error.reasons.values()})
        return ATTESTORS, ", ".join(names), str(next(iter(error.reasons.values())))
    except TransactionRefusedError as error:
        program_id = error.failure.program_id
        name = "the runtime" if program_id is None else _PROGRAM_NAMES.get(program_id, str(program_id))
        return name, type(error).__name__, str(error)
    except AnomiError as error:
        return CLIENT, type(error).__name__, str(error)
    return NOBODY, "accepted", "it went through"
