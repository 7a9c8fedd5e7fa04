"""`anomi bench cu | prove`."""

from __future__ import annotations

import statistics
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
    "--arch", type=click.Choice(["v0", "v3"]), default="v0", show_default=True, help="SBPF version of the program."
)
@common_options
def cu(output: Output, arch: str) -> None:
    """Compute units of groth16_verifier, whole transactions on the embedded SVM, beside the physical floor.

    The floor is what the curve syscalls alone cost: 73,612 + 4,174 a public input. `verify` derives no address, so its
    figure does not vary with bump luck; `init` and `finalize` do, by 1,500 a bump tried.
    """
    from anomi_cli.project import build_folder
    from anomi_sdk.bench_cu import PUBLIC_INPUT_COUNTS, measure
    from anomi_sdk.programs import load_program

    program = load_program(build_folder() / "programs", "groth16_verifier", arch)
    with output.progress() as progress:
        progress.start("measuring", len(PUBLIC_INPUT_COUNTS))
        report = measure(program, on_count=lambda _: progress.advance(1))
    lines = [f"{'public inputs':>13}  {'verify CU':>9}  {'floor CU':>9}  {'above':>6}  {'bytes':>6}"]
    lines += [
        f"{row.public_inputs:>13}  {row.compute_units:>9,}  {row.floor_compute_units:>9,}  "
        f"{row.overhead_compute_units:>6,}  {row.transaction_bytes:>6,}"
        for row in report.verify
    ]
    lines.append(f"{report.runtime}, SBPF {report.architecture}, program {report.program_sha256}")
    facts = {"runtime": report.runtime, "architecture": report.architecture, "program_sha256": report.program_sha256}
    output.result({**report.figures(), **facts}, "\n".join(lines))


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
