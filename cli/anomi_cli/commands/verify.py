"""`anomi verify`."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE

__all__ = ["verify"]


@click.command()
@click.argument("vk", type=EXISTING_FILE, metavar="VK.json")
@click.argument("public", type=EXISTING_FILE, metavar="public.json")
@click.argument("proof", type=EXISTING_FILE, metavar="proof.json")
@click.option(
    "--backend",
    type=click.Choice(["auto", "native", "snarkjs", "py-ecc"]),
    default="auto",
    show_default=True,
    help="auto: the native core when it is installed, else py-ecc.",
)
@common_options
def verify(output: Output, vk: Path, public: Path, proof: Path, backend: str) -> None:
    """Verify proof.json for public.json under VK.json; exit 0 when it is valid, 1 when it is refused."""
    from anomi_prover.verify import read_proof, read_public_inputs, read_verifying_key, verifier
    from anomi_prover.verify import verify as check

    used = verifier(backend).NAME
    public_inputs = read_public_inputs(public)
    check(read_verifying_key(vk), public_inputs, read_proof(proof), backend)
    output.result(
        {"valid": True, "backend": used, "public_inputs": [str(value) for value in public_inputs]},
        f"valid (checked by {used})",
    )
