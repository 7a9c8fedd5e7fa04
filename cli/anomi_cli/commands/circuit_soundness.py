"""`anomi circuit soundness`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, check_outputs, include_option

if TYPE_CHECKING:
    from anomi_prover.soundness.campaign import Campaign, Forgiven
    from anomi_prover.soundness.findings import Finding

__all__ = ["soundness"]

SIGNALS_SHOWN = 20


@click.command()
@click.argument("circuit", type=EXISTING_FILE, metavar="FILE")
@click.option("--sym", type=EXISTING_FILE, help="The signals' names (default: NAME.sym beside NAME.r1cs).")
@click.option("--wasm", type=EXISTING_FILE, help="The witness calculator (default: NAME.wasm beside NAME.r1cs).")
@click.option("--source", type=EXISTING_FILE, metavar="FILE.circom", help="The source of FILE.r1cs, to name lines.")
@include_option
@click.option(
    "--input",
    "inputs",
    multiple=True,
    type=EXISTING_FILE,
    metavar="INPUT.json",
    help="Inputs to start from; several may.",
)
@click.option("--seconds", type=click.FloatRange(1, 86_400), default=30.0, show_default=True, help="Time to search.")
@click.option(
    "-o",
    "--output",
    "out_dir",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    metavar="DIR",
    help="Folder for honest.wtns and forged.wtns of the worst finding (mode 0600).",
)
@click.option("--prove", "proving", is_flag=True, help="Prove the worst forged witness with a development key.")
@common_options
def soundness(
    output: Output,
    circuit: Path,
    sym: Path | None,
    wasm: Path | None,
    source: Path | None,
    include_dirs: tuple[Path, ...],
    inputs: tuple[Path, ...],
    seconds: float,
    out_dir: Path | None,
    proving: bool,
) -> None:
    """Search a circuit for two witnesses of the same inputs.

    FILE is a .circom file, which is compiled without simplification, or a .r1cs file, best made with --O1. Exit code 1
    means that something was found. The values of signals that differ are shown: give inputs that are no secrets.
    """
    from anomi_prover.compile import compile_circuit
    from anomi_prover.soundness.campaign import flat_inputs, run_campaign
    from anomi_prover.soundness.subject import subject
    from anomi_prover.tools import find_node_module
    from anomi_prover.witness import read_input_json
    from anomi_prover.wtns import write_wtns

    placed = (out_dir / "honest.wtns", out_dir / "forged.wtns") if out_dir else ()
    check_outputs(placed, inputs=inputs)
    given = [flat_inputs(read_input_json(path)) for path in inputs]
    circomlib = find_node_module("circomlib/package.json")
    folders = (*include_dirs, *([circomlib.parent.parent] if circomlib else []))
    r1cs = circuit
    if circuit.suffix == ".circom":
        with output.progress() as progress:
            made = compile_circuit(circuit, include_dirs=folders, optimisation="O0", progress=progress)
        r1cs, sym, wasm, source = made.r1cs, made.sym, made.wasm, circuit
    sym, wasm = sym or r1cs.with_suffix(".sym"), wasm or r1cs.with_suffix(".wasm")
    with subject(r1cs, sym, wasm, source, folders) as one, output.progress() as progress:
        if one.removed:
            progress.note(
                f"optimisation has removed {one.removed} of the inputs: second witnesses may differ in them; "
                "compile with --O0 or --O1"
            )
        progress.start(f"searching {circuit.name}", None)
        found = run_campaign(one.circuit, one.calculator, one.unasserted, one.shapes, given, seconds=seconds)
        progress.done()
    worst = next((finding for finding in found.findings), None)
    if worst is not None:
        for path, values in zip(placed, (worst.honest, worst.forged), strict=False):
            write_wtns(path, values)
    proven = _prove(r1cs, worst) if proving and worst is not None else None
    bad = [finding for finding in found.findings if finding.severity != "internal"]
    is_sound = not (bad or found.forgiven or found.unbound)
    text = _text(circuit.name, found, is_sound)
    if proven is not None:
        text += f"\na proof of the other witness verifies; its public signals: {', '.join(proven)}"
    output.result({**_data(found, is_sound), "proven_public_signals": proven}, text)
    if not is_sound:
        sys.exit(1)


def _prove(r1cs: Path, worst: Finding) -> list[str]:
    """Prove a forged witness under a real key; return its public signals."""
    from anomi_prover.prove import prove
    from anomi_prover.setup_key import make_development_key

    return [str(value) for value in prove(make_development_key(r1cs).zkey, worst.forged).public_inputs]


def _data(found: Campaign, is_sound: bool) -> dict[str, Any]:
    return {
        "found_nothing": is_sound,
        "inputs": {"accepted": found.accepted, "refused": found.refused, "proven_unique": found.proven_unique},
        "findings": [_finding(one) for one in found.findings],
        "refused_by_calculator_only": [_forgiven(one) for one in found.forgiven],
        "unbound_inputs": list(found.unbound),
        "undetermined": list(found.undetermined),
    }


def _finding(one: Finding) -> dict[str, Any]:
    data = one.as_json()
    changed = data["changed"]
    return {**data, "changed": dict(list(changed.items())[:SIGNALS_SHOWN]), "changed_count": len(changed)}


def _forgiven(one: Forgiven) -> dict[str, Any]:
    inputs = {name: [str(value) for value in values[:SIGNALS_SHOWN]] for name, values in one.inputs.items()}
    return {"reason": one.reason, "wires": "calculated" if one.by_calculator else "forged", "inputs": inputs}


def _text(name: str, found: Campaign, is_sound: bool) -> str:
    lines = [str(one) for one in found.findings]
    for one in found.forgiven:
        how = "every constraint accepts what it computes" if one.by_calculator else "the constraints accept other wires"
        lines.append(f"refused by the calculator only: {one.reason}; {how}")
    lines += [f"no constraint holds the input {one}" for one in found.unbound]
    tried = f"{found.accepted} inputs accepted, {found.refused} refused"
    if is_sound:
        proven = f"; for {found.proven_unique} of those accepted there is proven to be no other witness"
        lines.append(f"{name}: nothing found ({tried}{proven})")
    else:
        lines.append(f"{name}: under-constrained ({tried})")
    return "\n".join(lines)
