"""docs/reference/costs.md: the records as a table to read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from tools.costs.record import SEEDS, Record

__all__ = ["page"]

_HEAD: Final = f"""# Costs of every instruction

Written by `python -m tools.costs --record` from `costs.json`; do not edit. `make check` measures again and fails when
a figure has risen by more than is allowed; `make test` does so on both runtimes.

Compute units are of whole transactions with two compute-budget instructions (300 CU) over {SEEDS} pinned seeds; those
of a call that only another program can make are of that call alone, and have no bytes. **Base** is the cost when every
derived address is found at its first bump, at the dearest place in a book of that size; what varies is explained in
[benchmarks.md](benchmarks.md). Books stand in accounts of the largest size and are the highest trees of their number of
leaves; a bid on an empty book is refused. Rent is what the accounts hold that an instruction creates or lets grow, less
what those held that it closes, in lamports.

With the compiler of a record the figures repeat to the unit, so that `tolerance` is for changes of the sources that are
not worth a record. With any other compiler units may be higher by the tolerance of `costs.json`; bytes and rent never.
"""


def page(records: Sequence[Record]) -> str:
    """Return the page for these records."""
    parts = [_HEAD]
    for record in sorted(records, key=lambda record: (*record.place, record.rustc)):
        parts.append(
            f"## {record.runtime}, SBPF {record.architecture}, rustc {record.rustc}\n\n"
            f"Tolerance {record.tolerance_permille / 10:g} %.\n"
        )
        for program, names in groupby(record.figures, key=lambda name: name.partition(".")[0]):
            rows = [_row(name, record) for name in names]
            head = "instruction | base | min | median | max | bytes | data bytes | rent"
            parts.append(
                f"### {program}\n\n| {head} |\n|---|---:|---:|---:|---:|---:|---:|---:|\n" + "\n".join(rows) + "\n"
            )
    return "\n".join(parts)


def _row(name: str, record: Record) -> str:
    figures = record.figures[name]
    units = " | ".join(f"{figures[figure]:,}" for figure in ("first_try", "min", "median", "max"))
    sizes = ("transaction_bytes", "data_bytes", "rent_lamports")
    size = " | ".join(f"{figures[figure]:,}" if figures[figure] else "" for figure in sizes)
    instruction, _, variant = name.partition(".")[2].partition(", ")
    return f"| `{instruction}`{', ' + variant if variant else ''} | {units} | {size} |"
