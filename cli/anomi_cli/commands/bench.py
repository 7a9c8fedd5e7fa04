"""`anomi bench cu | prove`."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE

__all__ = ["bench"]


@click.group()
def bench() -> None:
    """Measure compute units on chain, and proving time here."""


@bench.command()
@click.option(
    "--arch", type=click.Choice(["v0", "v3"]), default="v0", show_default=True, help="SBPF version of the programs."
)
@click.option("--seeds", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Runs of each.")
@common_options
def cu(output: Output, arch: str, seeds: int) -> None:
    """Compute units, bytes and rent of every instruction of every program, on the embedded SVM.

    Whole transactions with their compute-budget instructions, over SEEDS pinned seeds: what varies is how many bumps
    the derived addresses take. Exit code 1 when a figure with a budget is above it in any run.
    """
    from anomi_cli.cu_table import cu_text
    from anomi_cli.project import build_folder
    from anomi_sdk.bench_cu import PUBLIC_INPUT_COUNTS, measure
    from anomi_sdk.generated import PROGRAMS
    from anomi_sdk.programs import load_program

    programs = [load_program(build_folder() / "programs", program.name, arch) for program in PROGRAMS]
    with output.progress() as progress:
        progress.start("measuring", seeds + len(PUBLIC_INPUT_COUNTS))
        report = measure(programs, seeds, on_step=lambda: progress.advance(1))
    exceeded = [figure for figure in report.budgets() if figure.is_exceeded]
    output.result({"ok": not exceeded, **report.document()}, "" if output.as_json else cu_text(report))
    for figure in exceeded:
        click.echo(f"error: {figure.name} took {figure.compute_units:,} CU, budget {figure.budget:,}", err=True)
    if exceeded:
        sys.exit(1)


@bench.command(name="prove")
@click.argument("zkey", type=EXISTING_FILE, metavar="ZKEY")
@click.argument("wtns", type=EXISTING_FILE, metavar="WTNS")
@click.option(
    "--backend",
    "backends",
    multiple=True,
    type=click.Choice(["native", "snarkjs", "rapidsnark"]),
    default=("snarkjs",),
    show_default=True,
    help="May be given several times; they run in turn.",
)
@click.option("--runs", type=click.IntRange(1, 1000), default=5, show_default=True, help="Counted runs of each.")
@common_options
def prove_command(output: Output, zkey: Path, wtns: Path, backends: tuple[str, ...], runs: int) -> None:
    """Time proofs of WTNS under ZKEY, verification included: one run to warm up, then RUNS counted ones, in turn."""
    from anomi_prover.prove import prove

    seconds: dict[str, list[float]] = {name: [] for name in backends}
    with output.progress() as progress:
        progress.start("proving", (runs + 1) * len(seconds))
        for run in range(runs + 1):
            for name, times in seconds.items():
                began = time.perf_counter()
                prove(zkey, wtns, backend=name)
                if run:
                    times.append(time.perf_counter() - began)
                progress.advance(1)
    first = statistics.median(seconds[backends[0]])
    rows = {
        name: {
            "min_seconds": round(min(times), 4),
            "median_seconds": round(statistics.median(times), 4),
            "max_seconds": round(max(times), 4),
            "ratio_to_first": round(statistics.median(times) / first, 3),
        }
        for name, times in seconds.items()
    }
    text = "\n".join(
        f"{name:>10}  median {row['median_seconds']:.3f} s  ({row['min_seconds']:.3f} … {row['max_seconds']:.3f})  "
        f"x{row['ratio_to_first']:.2f}"
        for name, row in rows.items()
    )
    output.result({"runs": runs, "backends": rows}, text)
