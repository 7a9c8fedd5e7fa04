"""`anomi prove`."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, NEW_FILE, check_outputs

__all__ = ["prove"]


@click.command()
@click.argument("zkey", type=EXISTING_FILE, metavar="ZKEY")
@click.argument("wtns", type=EXISTING_FILE, metavar="WTNS")
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
    wtns: Path,
    proof_out: Path,
    public_out: Path,
    backend: str,
    threads: int | None,
    constant_work: bool,
) -> None:
    """Prove the witness WTNS under ZKEY. The proof is verified before it is written."""
    from anomi_prover.prove import prove as make_proof

    check_outputs((proof_out, public_out), inputs=(zkey, wtns))
    with output.progress() as progress:
        bundle = make_proof(
            zkey, wtns, backend=backend, progress=progress, threads=threads, constant_work=constant_work
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
