"""`anomi bench cu | prove`."""

from __future__ import annotations

import sys

import click

from anomi_cli.commands.bench_prove import prove_command
from anomi_cli.output import Output, common_options

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


bench.add_command(prove_command)
