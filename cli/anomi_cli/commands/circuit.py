"""`anomi circuit compile | info | check | report | soundness`."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.commands.circuit_report import report
from anomi_cli.commands.circuit_soundness import soundness
from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, check_outputs, include_option

__all__ = ["circuit"]


@click.group()
def circuit() -> None:
    """Compile a Circom circuit; report on it; describe an R1CS; check a witness; search for second witnesses."""


circuit.add_command(report)
circuit.add_command(soundness)


@circuit.command(name="compile")
@click.argument("source", type=EXISTING_FILE, metavar="FILE.circom")
@include_option
@click.option("--O0", "optimisation", flag_value="O0", help="No simplification.")
@click.option("--O1", "optimisation", flag_value="O1", help="Only signal-to-signal and signal-to-constant.")
@click.option("--O2", "optimisation", flag_value="O2", default="O2", help="Full simplification (the default).")
@click.option(
    "-o",
    "--output",
    "out_dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Folder for NAME.r1cs, NAME.wasm and NAME.sym (default: here).",
)
@common_options
def compile_command(
    output: Output, source: Path, include_dirs: tuple[Path, ...], optimisation: str, out_dir: Path
) -> None:
    """Compile FILE.circom to NAME.r1cs, NAME.wasm and NAME.sym."""
    from anomi_prover.compile import compile_circuit
    from anomi_prover.tools import find_node_module

    if out_dir.is_dir():
        check_outputs(out_dir / f"{source.stem}.{kind}" for kind in ("r1cs", "wasm", "sym"))
    circomlib = find_node_module("circomlib/package.json")
    folders = (*include_dirs, *([circomlib.parent.parent] if circomlib else []))
    with output.progress() as progress:
        compiled = compile_circuit(source, include_dirs=folders, optimisation=optimisation, progress=progress)
    placed = compiled.place(out_dir)
    output.result(
        {
            "name": compiled.name,
            "files": {kind: str(path) for kind, path in placed.items()},
            "manifest": dict(compiled.manifest),
        },
        "\n".join([*map(str, compiled.warnings), *(f"wrote {path}" for path in placed.values())]),
    )


@circuit.command()
@click.argument("r1cs", type=EXISTING_FILE, metavar="FILE.r1cs")
@common_options
def info(output: Output, r1cs: Path) -> None:
    """Describe an R1CS: constraints, wires, inputs, outputs."""
    from anomi_prover.r1cs import read_r1cs

    system = read_r1cs(r1cs)
    facts = {
        "prime": str(system.prime),
        "constraints": system.n_constraints,
        "wires": system.n_wires,
        "public_outputs": system.n_public_outputs,
        "public_inputs": system.n_public_inputs,
        "private_inputs": system.n_private_inputs,
        "labels": system.n_labels,
    }
    width = max(len(name) for name in facts)
    output.result(facts, "\n".join(f"{name.replace('_', ' '):<{width}}  {value}" for name, value in facts.items()))


@circuit.command()
@click.argument("r1cs", type=EXISTING_FILE, metavar="FILE.r1cs")
@click.argument("wtns", type=EXISTING_FILE, metavar="W.wtns")
@click.option("--sym", type=EXISTING_FILE, metavar="FILE.sym", help="Names of signals (default: beside FILE.r1cs).")
@click.option("--show-values", is_flag=True, help="Tell the values in a constraint that fails; they are secrets.")
@click.option("--threads", type=click.IntRange(1), help="How many threads to use (default: all).")
@common_options
def check(output: Output, r1cs: Path, wtns: Path, sym: Path | None, show_values: bool, threads: int | None) -> None:
    """Check a full witness against every constraint; the first that fails is named by its signals, with exit code 1."""
    from anomi_prover.circuit_check import check_witness

    checked = check_witness(r1cs, wtns, sym=sym, show_values=show_values, threads=threads)
    output.result(
        {"constraints": checked.constraints, "wires": checked.wires},
        f"all {checked.constraints:,} constraints hold ({checked.wires:,} wires)",
    )
