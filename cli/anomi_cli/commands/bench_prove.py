"""`anomi bench prove`."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE

__all__ = ["prove_command"]


@click.command(name="prove")
@click.argument("zkey", type=EXISTING_FILE, metavar="ZKEY")
@click.argument("wtns", type=EXISTING_FILE, metavar="WTNS")
@click.option(
    "--peer",
    "peers",
    multiple=True,
    metavar="NAME=COMMAND",
    help="Another prover; {zkey}, {wtns}, {proof}, {public} stand for the files, which else are its last arguments. "
    "snarkjs and rapidsnark alone mean the installed ones. May be given several times.",
)
@click.option("--threads", type=click.IntRange(1, 256), help="Keep every prover to as many processors.")
@click.option("--runs", type=click.IntRange(1, 1000), default=5, show_default=True, help="Counted rounds.")
@common_options
def prove_command(
    output: Output, zkey: Path, wtns: Path, peers: tuple[str, ...], threads: int | None, runs: int
) -> None:
    """Time the native prover on ZKEY and WTNS, as a command and resident, and other provers, in turn.

    One round warms up. Times are wall seconds, a command's from its start to its end; ratios are medians over rounds;
    memory is the operating system's account of each process.
    """
    from anomi_prover.bench import measure, peer

    with output.progress() as progress:
        report = measure(zkey, wtns, [peer(text) for text in peers], threads=threads, runs=runs, progress=progress)
    width = max(len(row.name) for row in report.rows)
    lines = [
        f"{row.name:<{width}}  {row.median_seconds:8.4f} s  {row.peak_bytes / 2**20:7.1f} MiB  "
        + "  ".join(f"{ratio:.3f} × {name}" for name, ratio in row.to.items())
        for row in report.rows
    ]
    stages = ", ".join(f"{name} {1000 * seconds:.1f}" for name, seconds in report.stage_seconds.items())
    lines.append(f"stages of the resident prover in ms: {stages}; loading the key {1000 * report.load_seconds:.1f}")
    output.result({"runs": runs, "threads": threads, **report.figures()}, "\n".join(lines))
