"""`anomi witness`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, NEW_FILE, check_outputs, include_option

if TYPE_CHECKING:
    from anomi_prover.witness_cpp import CppCalculator

__all__ = ["witness"]


@click.command()
@click.argument("circuit", type=EXISTING_FILE, metavar="FILE.wasm|FILE.circom")
@click.argument("inputs", type=EXISTING_FILE, metavar="INPUT.json")
@click.option("-o", "--output", "out", type=NEW_FILE, required=True, metavar="W.wtns", help="Where the witness goes.")
@click.option(
    "--log", "show_log", is_flag=True, help="Print what the circuit says with log(), on stderr; it may be secret."
)
@click.option(
    "--backend",
    type=click.Choice(["wasm", "cpp"]),
    default="wasm",
    help="cpp: circom's C++ of FILE.circom, compiled once, run unconfined (needs g++, make, nasm, gmp, nlohmann-json).",
)
@include_option
@common_options
def witness(
    output: Output,
    circuit: Path,
    inputs: Path,
    out: Path,
    show_log: bool,
    backend: str,
    include_dirs: tuple[Path, ...],
) -> None:
    """Compute the witness of INPUT.json. The witness holds every secret of the proof: it is written with mode 0600."""
    from anomi_prover.witness import WitnessCalculator, read_input_json
    from anomi_prover.wtns import write_wtns

    check_outputs((out,), inputs=(circuit, inputs))
    given = read_input_json(inputs)
    calculator = _compiled(output, circuit, include_dirs) if backend == "cpp" else WitnessCalculator(circuit)

    def say_log(line: str) -> None:
        click.echo(f"log: {line}", err=True)

    values = calculator.calculate(given, on_log=say_log if show_log else None)
    write_wtns(out, values)
    output.result({"witness": str(out), "wires": len(values)}, f"wrote {out} ({len(values)} wires)")


def _compiled(output: Output, source: Path, include_dirs: tuple[Path, ...]) -> CppCalculator:
    from anomi_prover.tools import find_node_module
    from anomi_prover.witness_cpp import CppCalculator, compile_calculator

    circomlib = find_node_module("circomlib/package.json")
    folders = (*include_dirs, *([circomlib.parent.parent] if circomlib else []))
    with output.progress() as progress:
        return CppCalculator(compile_calculator(source, include_dirs=folders, progress=progress))
