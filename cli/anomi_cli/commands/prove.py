"""`anomi prove`."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, NEW_FILE, check_outputs
from anomi_core.errors import UsageError

__all__ = ["prove"]


@click.command()
@click.argument("zkey", type=EXISTING_FILE, metavar="ZKEY")
@click.argument("wtns", type=EXISTING_FILE, metavar="[WTNS]", required=False)
@click.option(
    "--input",
    "inputs",
    type=EXISTING_FILE,
    metavar="INPUT.json",
    help="The circuit's inputs, instead of WTNS: the witness is computed and written nowhere. Needs --wasm.",
)
@click.option("--wasm", type=EXISTING_FILE, metavar="FILE.wasm", help="The circuit's witness calculator, for --input.")
@click.option("-o", "--output", "proof_out", type=NEW_FILE, required=True, metavar="proof.json")
@click.option("-p", "--public", "public_out", type=NEW_FILE, required=True, metavar="public.json")
@click.option(
    "--backend",
    type=click.Choice(["auto", "native", "snarkjs", "rapidsnark"]),
    default="auto",
    show_default=True,
    help="auto: the native core when it is installed, else snarkjs.",
)
@click.option("--threads", type=click.IntRange(1, 256), help="Threads of the native prover; by default all there are.")
@click.option("--constant-work", is_flag=True, help="Make the native prover's time independent of the witness; slower.")
@common_options
def prove(
    output: Output,
    zkey: Path,
    wtns: Path | None,
    inputs: Path | None,
    wasm: Path | None,
    proof_out: Path,
    public_out: Path,
    backend: str,
    threads: int | None,
    constant_work: bool,
) -> None:
    """Prove the witness WTNS, or the one of INPUT.json, under ZKEY. The proof is verified before it is written."""
    from anomi_prover.prove import prove as make_proof

    given = tuple(path for path in (wtns, inputs, wasm) if path is not None)
    check_outputs((proof_out, public_out), inputs=(zkey, *given))
    witness = _witness(wtns, inputs, wasm)
    with output.progress() as progress:
        bundle = make_proof(
            zkey, witness, backend=backend, progress=progress, threads=threads, constant_work=constant_work
        )
    bundle.write(proof_out, public_out)
    output.result(
        {
            "proof": str(proof_out),
            "public": str(public_out),
            "public_inputs": [str(value) for value in bundle.public_inputs],
            "backend": bundle.backend,
            "verifier": bundle.verifier,
        },
        f"wrote {proof_out} and {public_out} (proved by {bundle.backend}, verified by {bundle.verifier})",
    )


def _witness(wtns: Path | None, inputs: Path | None, wasm: Path | None) -> Path | list[int]:
    """Return the witness file, or the values that the calculator computes."""
    if wtns is not None and inputs is None and wasm is None:
        return wtns
    if wtns is not None or inputs is None or wasm is None:
        raise UsageError(
            "what is proven is either a witness file WTNS, or --input INPUT.json together with --wasm FILE.wasm"
        )
    from anomi_prover.witness import WitnessCalculator, read_input_json

    calculator, values = WitnessCalculator(wasm), read_input_json(inputs)
    return calculator.calculate(values)
