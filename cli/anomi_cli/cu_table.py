"""How the report of `anomi bench cu` reads in a terminal."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from anomi_sdk.bench_cu import BUDGET_CU, BudgetFigure, Cost, CuReport

__all__ = ["cu_text"]

_WIDTH_MIN: Final = 160
_LAMPORTS_PER_SOL: Final = 10**9


def cu_text(report: CuReport) -> str:
    """Return the report as tables and sentences, at least 160 columns wide."""
    width = max(_WIDTH_MIN, shutil.get_terminal_size().columns)
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    with console.capture() as captured:
        for program in report.programs:
            rows = [cost for cost in report.costs if cost.program == program.name]
            rent = program.rent_lamports / _LAMPORTS_PER_SOL
            title = f"{program.name}: {program.elf_bytes:,} bytes, deployed for {rent:.3f} SOL of rent"
            console.print(_instructions(title, rows))
        console.print(_verify(report))
        for line in _sentences(report):
            console.print(line)
        console.print(_budgets(report.budgets()))
        for program in report.programs:
            console.print(f"{program.name}: SBPF {report.architecture}, sha256 {program.sha256}")
        console.print(f"runtime: {report.runtime}")
    return captured.get().rstrip()


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if 0 < number < len(columns) - 1 else "left")
    return table


def _instructions(title: str, costs: Sequence[Cost]) -> Table:
    numbers = ("base", "a bump more", "min", "median", "p99", "max", "bytes", "rent, SOL")
    table = _table(title, "instruction", *numbers, "data bytes")
    for cost in costs:
        units = cost.compute_units
        rent = sum(change.lamports for change in cost.changes)
        table.add_row(
            _label(cost),
            f"{cost.first_try:,}",
            " or ".join(dict.fromkeys(f"{each:,}" for each in cost.further_try_cu)),
            *(f"{value:,}" for value in (units.min, units.median, units.p99, units.max)),
            "" if cost.transaction_bytes is None else f"{cost.transaction_bytes:,}",
            f"{rent / _LAMPORTS_PER_SOL:.6f}" if rent else "",
            ", ".join(f"{change.account} {change.data_bytes:+,}" for change in cost.changes),
        )
    return table


def _label(cost: Cost) -> str:
    label = f"{cost.instruction}, {cost.variant}" if cost.variant else cost.instruction
    return label if cost.via is None else f"{label} (in {cost.via.rpartition('.')[2]})"


def _verify(report: CuReport) -> Table:
    table = _table("verify by public inputs", "public inputs", "CU", "floor CU", "above", "bytes", "")
    for row in report.verify:
        table.add_row(
            str(row.public_inputs),
            f"{row.compute_units:,}",
            f"{row.floor_compute_units:,}",
            f"{row.overhead_compute_units:,}",
            f"{row.transaction_bytes:,}",
            "",
        )
    return table


def _sentences(report: CuReport) -> tuple[str, ...]:
    return (
        f"Compute units of whole transactions, the {BUDGET_CU} of two compute-budget instructions included, over"
        f" {report.seeds} pinned seeds; of a call by another program, of that call alone.",
        "Statements are proven under keys with a known trapdoor: verifying costs the same for every key of one input.",
        "Base: when the first bump gives every address that is derived on chain. Half of all addresses need no bump"
        " more, a quarter one, an eighth two.",
        "Books are the highest trees of their size, in accounts of the largest size; the ask lies at the worst place"
        " for a match, elsewhere at any place. A bid on an empty book is refused.",
        "The floor is what the curve syscalls alone cost: 73,612 + 4,174 a public input.",
    )


def _budgets(figures: Sequence[BudgetFigure]) -> Table:
    table = _table("budgets", "figure", "dearest run", "budget", "share of transactions above", "")
    for figure in figures:
        share = figure.share_above_budget
        table.add_row(
            figure.name,
            f"{figure.compute_units:,}",
            f"{figure.budget:,}",
            "below 1 in 1,000,000" if share < 1e-6 else f"1 in {1 / share:,.0f}",
            "EXCEEDED" if figure.is_exceeded else "kept",
        )
    return table
