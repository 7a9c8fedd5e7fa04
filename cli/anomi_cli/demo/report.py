"""What the demo found: values for machines (docs/reference/demo.schema.json), kept apart from how they are shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["SCHEMA", "ArtifactRow", "DemoReport", "Fact", "ProofRow", "RefusalRow"]

SCHEMA = "anomi-demo/1"


@dataclass(frozen=True)
class ArtifactRow:
    """One circuit: its size, its key, and where the key lives on chain."""

    circuit: str
    constraints: int
    key_kind: str
    zkey_sha256: str
    verifying_key_address: str
    upload_transactions: int
    upload_compute_units: int


@dataclass(frozen=True)
class Fact:
    """One thing somebody learned, or that stayed hidden."""

    who: str
    what: str
    value: str


@dataclass(frozen=True)
class ProofRow:
    """One proof that was made here and accepted on chain, with the figures of this run."""

    circuit: str
    stmt: str
    witness_seconds: float
    prove_seconds: float
    verify_seconds: float
    backend: str
    compute_units: int
    transaction_bytes: int
    learned: tuple[Fact, ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class RefusalRow:
    """One attempt of a thief: who refused it, by which error, and whether that is the one expected."""

    attempt: str
    refused_by: str
    expected: str
    got: str
    reason: str

    @property
    def as_expected(self) -> bool:
        """Tell whether it was refused for exactly the expected reason."""
        return self.expected == self.got


@dataclass
class DemoReport:
    """The whole run."""

    program_sha256: str
    deployment: str
    attestors: str
    artifacts: list[ArtifactRow] = field(default_factory=list)
    proofs: list[ProofRow] = field(default_factory=list)
    refusals: list[RefusalRow] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def failures(self) -> list[str]:
        """Name every attempt that was not refused for its own reason."""
        return [row.attempt for row in self.refusals if not row.as_expected]

    def as_json(self) -> dict[str, Any]:
        """Return the report as the JSON document of docs/reference/demo.schema.json."""
        body = asdict(self)
        for row, refusal in zip(body["refusals"], self.refusals, strict=True):
            row["as_expected"] = refusal.as_expected
        return {"schema": SCHEMA, **body}
