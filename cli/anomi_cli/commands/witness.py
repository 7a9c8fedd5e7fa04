"""`anomi witness`."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, NEW_FILE, check_outputs

__all__ = ["witness"]


@click.command()
@click.argument("wasm", type=EXISTING_FILE, metavar="FILE.wasm")
@click.argument("inputs", type=EXISTING_FILE, metavar="INPUT.json")
@click.option("-o", "--output", "out", type=NEW_FILE, required=True, metavar="W.wtns", help="Where the witness goes.")
@click.option(
    "--log", "show_log", is_flag=True, help="Print what the circuit says with log(), on stderr; it may be secret."
)
@common_options
def witness(output: Output, wasm: Path, inputs: Path, out: Path, show_log: bool) -> None:
    """Compute the witness of INPUT.json. The witness holds every secret of the proof: it is written with mode 0600."""
    from anomi_prover.witness import WitnessCalculator, read_input_json
    from anomi_prover.wtns import write_wtns

    check_outputs((out,), inputs=(wasm, inputs))
    calculator, given = WitnessCalculator(wasm), read_input_json(inputs)

    def say_log(line: str) -> None:
        click.echo(f"log: {line}", err=True)

    values = calculator.calculate(given, on_log=say_log if show_log else None)
    write_wtns(out, values)
    output.result({"witness": str(out), "wires": len(values)}, f"wrote {out} ({len(values)} wires)")
