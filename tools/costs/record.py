"""What every instruction cost when that was last recorded, and how a measurement is held to it.

A record is of one runtime, one SBPF version and one compiler. With the same three, the same seeds give the same figures
to the unit, so what is dearer has become so by a change of the sources. Another compiler may translate the same sources
otherwise: then the tolerance is wider.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anomi_core.errors import RefusedError, UnreadableInputError
from anomi_sdk.bench_cu import CuReport

__all__ = [
    "PAGE",
    "RECORD",
    "ROOT",
    "SEEDS",
    "CostsDearerError",
    "Figures",
    "Record",
    "RecordUnreadableError",
    "check",
    "encode",
    "read",
]

ROOT: Final = Path(__file__).resolve().parents[2]
RECORD: Final = ROOT / "docs" / "reference" / "costs.json"
PAGE: Final = ROOT / "docs" / "reference" / "costs.md"
SEEDS: Final = 20
"""Runs of every instruction, for a record and for a check: they take a few seconds."""
_FORMAT: Final = 1
_UNITS: Final = ("first_try", "min", "median", "max")

Figures = Mapping[str, Mapping[str, int]]
"""By an instruction's name and variant: compute units (`first_try`, `min`, `median`, `max`), `transaction_bytes` (0 for
a call that only programs make), and the `data_bytes` and `rent_lamports` by which accounts grow."""


class CostsDearerError(RefusedError):
    """Something costs more than is recorded, or nothing is recorded for it."""


class RecordUnreadableError(UnreadableInputError):
    """A record of costs that is not one."""


@dataclass(frozen=True)
class Record:
    """Every figure of one runtime, SBPF version and compiler."""

    runtime: str
    architecture: str
    rustc: str
    tolerance_permille: int
    """How much more a figure may be with this compiler."""
    figures: Figures

    @classmethod
    def of(cls, report: CuReport, rustc: str, tolerance_permille: int) -> Record:
        """What a measurement found."""
        figures = {
            cost.name: {
                "first_try": cost.first_try,
                "min": cost.compute_units.min,
                "median": cost.compute_units.median,
                "max": cost.compute_units.max,
                "transaction_bytes": cost.transaction_bytes or 0,
                "data_bytes": sum(change.data_bytes for change in cost.changes),
                "rent_lamports": sum(change.lamports for change in cost.changes),
            }
            for cost in report.costs
        }
        return cls(report.runtime, report.architecture, rustc, tolerance_permille, figures)

    @property
    def place(self) -> tuple[str, str]:
        """What it is of, whatever the compiler."""
        return self.runtime, self.architecture


def read(path: Path = RECORD) -> tuple[list[Record], int]:
    """Return every record, and the tolerance for compilers that none is of; raises RecordUnreadableError."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != _FORMAT:
            raise ValueError(f"format {document['format']!r}, not {_FORMAT}")
        return [Record(**entry) for entry in document["records"]], int(document["other_rustc_tolerance_permille"])
    except OSError as error:
        raise RecordUnreadableError(f"{path.name} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RecordUnreadableError(f"{path.name} is no record of costs: {error}") from error


def encode(records: list[Record], other_rustc_tolerance_permille: int) -> str:
    """Return the text of the record file."""
    document = {
        "format": _FORMAT,
        "seeds": SEEDS,
        "other_rustc_tolerance_permille": other_rustc_tolerance_permille,
        "records": [vars(record) for record in sorted(records, key=lambda record: (*record.place, record.rustc))],
    }
    return json.dumps(document, indent=1) + "\n"


def check(measured: Record, records: list[Record], other_rustc_tolerance_permille: int) -> str:
    """Hold a measurement to what is recorded for its runtime and SBPF version; return what was compared, in a sentence.

    Raises CostsDearerError, which names each figure with what is recorded, measured and allowed.
    """
    same = [record for record in records if record.place == measured.place]
    if not same:
        raise CostsDearerError(
            f"nothing is recorded for {measured.runtime}, SBPF {measured.architecture}", hint="record it: --record"
        )
    recorded = next((record for record in same if record.rustc == measured.rustc), None)
    permille = other_rustc_tolerance_permille if recorded is None else recorded.tolerance_permille
    recorded = recorded or same[-1]
    problems = list(_dearer(measured.figures, recorded.figures, permille))
    compilers = f"rustc {measured.rustc}, recorded with {recorded.rustc}, tolerance {permille / 10:g} %"
    if problems:
        raise CostsDearerError(
            "\n".join(
                [f"costs have risen ({measured.runtime}, SBPF {measured.architecture}; {compilers}):", *problems]
            ),
            hint="make it cheaper; or, when the rise is worth it, record it with `python -m tools.costs --record`",
        )
    return f"{len(measured.figures)} costs are within what is recorded ({measured.runtime}, {compilers})"


def _dearer(measured: Figures, recorded: Figures, permille: int) -> Iterator[str]:
    for name in recorded.keys() - measured.keys():
        yield f"{name}: recorded, and not measured any more"
    for name, figures in measured.items():
        if (before := recorded.get(name)) is None:
            yield f"{name}: measured, and not recorded"
            continue
        for figure, value in figures.items():
            # Bytes and rent depend on no compiler.
            most = before[figure] + before[figure] * permille // 1000 if figure in _UNITS else before[figure]
            if value > most:
                yield f"{name}: {figure} recorded {before[figure]:,}, measured {value:,}, allowed {most:,}"
