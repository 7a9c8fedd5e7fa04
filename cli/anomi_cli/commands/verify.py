"""`anomi verify`."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, read_bytes

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
    from anomi_core.groth16 import parse_proof, parse_public_inputs, parse_verifying_key
    from anomi_prover.verify import verify as check

    key = parse_verifying_key(read_bytes(vk))
    inputs = parse_public_inputs(read_bytes(public))
    used = check(key, inputs, parse_proof(read_bytes(proof)), backend=backend)
    output.result({"valid": True, "backend": used, "public_inputs": len(inputs)}, f"valid (checked by {used})")
