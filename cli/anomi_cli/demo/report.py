"""What the demo found: values for machines (docs/reference/demo.schema.json), kept apart from how they are shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = [
    "SCHEMA",
    "AskRow",
    "Balances",
    "CircuitRow",
    "DemoReport",
    "Fact",
    "LineRow",
    "MarketRow",
    "OrderRow",
    "PhaseRow",
    "ProgramRow",
    "ProofRow",
    "RefusalRow",
    "TransactionRow",
]

SCHEMA = "anomi-demo/2"


@dataclass(frozen=True)
class ProgramRow:
    """One program that ran."""

    name: str
    program_id: str
    sha256: str


@dataclass(frozen=True)
class CircuitRow:
    """One circuit: its size, its key, and where the verifying key lives on chain."""

    circuit: str
    constraints: int
    key_kind: str
    zkey_sha256: str
    verifying_key: str


@dataclass(frozen=True)
class MarketRow:
    """What is traded, and under which terms."""

    address: str
    deployment: str
    base_mint: str
    base_decimals: int
    rail: str
    currency: str
    currency_exponent: int
    fee_bps: int
    reveal_window_s: int
    pay_window_s: int
    prove_window_s: int
    attestors_needed: int
    attestors: int
    attestor_root: str


@dataclass(frozen=True)
class Balances:
    """Who holds how much, atoms of the token and minor units of the fiat money.

    `total_atoms` is added up from every token account of the mint that the chain has, not from the names here.
    """

    ali_atoms: int
    vaults_atoms: int
    farzan_atoms: int
    bilal_atoms: int
    treasury_atoms: int
    total_atoms: int
    ali_minor_units: int
    farzan_minor_units: int
    bilal_minor_units: int
    total_minor_units: int


@dataclass(frozen=True)
class Fact:
    """One thing that somebody learned."""

    who: str
    what: str
    value: str


@dataclass(frozen=True)
class TransactionRow:
    """One transaction that went through: its instructions, and what it cost."""

    instructions: tuple[str, ...]
    compute_units: int
    transaction_bytes: int


@dataclass(frozen=True)
class ProofRow:
    """One proof that was made here."""

    circuit: str
    backend: str
    witness_seconds: float
    prove_seconds: float


@dataclass
class PhaseRow:
    """One part of the trade; `before` and `after` stand around it."""

    title: str
    before: Balances
    after: Balances
    seconds: float = 0.0
    told: list[str] = field(default_factory=list)
    transactions: list[TransactionRow] = field(default_factory=list)
    proofs: list[ProofRow] = field(default_factory=list)
    learned: list[Fact] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    broken_invariants: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AskRow:
    """One ask as the chain has it at the end; it is not listed any more, so nothing of it is open."""

    address: str
    price: int
    deposited_atoms: int
    locked_atoms: int
    released_atoms: int
    fees_atoms: int
    fee_owed_atoms: int
    returned_atoms: int
    withdrawn_atoms: int
    vault_closed: bool


@dataclass(frozen=True)
class LineRow:
    """One solvency line as the chain has it at the end."""

    line_id: str
    reserved_minor_units: int
    seq: int
    strikes: int


@dataclass(frozen=True)
class OrderRow:
    """One order as the chain has it at the end."""

    order_id: int
    address: str
    buyer: str
    status: str
    base_atoms: int
    price: int
    due_minor_units: int
    paid_min_minor_units: int
    paid_floor_minor_units: int
    released_atoms: int
    fee_atoms: int
    buyer_atoms: int
    returned_atoms: int


@dataclass(frozen=True)
class RefusalRow:
    """One attempt: who refused it, by which error, whether both are as expected, and what stands unchanged after it."""

    phase: str
    attempt: str
    expected_by: str
    refused_by: str
    expected: str
    got: str
    reason: str
    unchanged: bool
    total_atoms: int
    total_minor_units: int

    @property
    def as_expected(self) -> bool:
        """Tell whether exactly the expected one refused, for exactly the expected reason, and nothing changed."""
        return (self.expected_by, self.expected) == (self.refused_by, self.got) and self.unchanged


@dataclass
class DemoReport:
    """The whole run."""

    runtime: str
    programs: list[ProgramRow]
    circuits: list[CircuitRow] = field(default_factory=list)
    market: MarketRow | None = None
    phases: list[PhaseRow] = field(default_factory=list)
    refusals: list[RefusalRow] = field(default_factory=list)
    orders: list[OrderRow] = field(default_factory=list)
    asks: list[AskRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    supply_atoms: int = 0
    seconds: float = 0.0

    @property
    def failures(self) -> list[str]:
        """Name every attempt that was not refused as expected, and every invariant that did not hold."""
        attempts = [f"not refused as expected: {row.attempt}" for row in self.refusals if not row.as_expected]
        return attempts + [f"after {row.title!r}: {name}" for row in self.phases for name in row.broken_invariants]

    @property
    def transactions(self) -> list[TransactionRow]:
        """Every transaction that went through."""
        return [row for phase in self.phases for row in phase.transactions]

    @property
    def proofs(self) -> list[ProofRow]:
        """Every proof that was made."""
        return [row for phase in self.phases for row in phase.proofs]

    def as_json(self) -> dict[str, Any]:
        """Return the report as the JSON document of docs/reference/demo.schema.json."""
        body = asdict(self)
        for row, refusal in zip(body["refusals"], self.refusals, strict=True):
            row["as_expected"] = refusal.as_expected
        return {"schema": SCHEMA, **body}
