"""`anomi proof export`."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.commands.raw import emit
from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, NEW_FILE, check_outputs

__all__ = ["proof"]


@click.group()
def proof() -> None:
    """Export a proof as the bytes that Solana programs read."""


@proof.command()
@click.argument("proof_json", type=EXISTING_FILE, metavar="proof.json")
@click.argument("public_json", type=EXISTING_FILE, metavar="public.json")
@click.option("--format", "form", type=click.Choice(["solana"]), default="solana", show_default=True)
@click.option("-o", "--output", "out", type=NEW_FILE, metavar="FILE", help="Default: stdout.")
@common_options
def export(output: Output, proof_json: Path, public_json: Path, form: str, out: Path | None) -> None:
    """Write A ‖ B ‖ C (256 bytes, big-endian, G2 as c1 ‖ c0) and then each public input (32 bytes, big-endian)."""
    from anomi_core.groth16.solana import proof_to_bytes, public_inputs_to_bytes
    from anomi_prover.verify import read_proof, read_public_inputs

    check_outputs((out,) if out else (), inputs=(proof_json, public_json))
    proof_bytes = proof_to_bytes(read_proof(proof_json))
    input_bytes = public_inputs_to_bytes(read_public_inputs(public_json))
    if out is None and output.as_json:
        output.result({"format": form, "proof_hex": proof_bytes.hex(), "public_inputs_hex": input_bytes.hex()}, "")
        return
    data = proof_bytes + input_bytes
    emit(data, out, binary=True)
    if out is not None:
        output.result({"format": form, "file": str(out), "bytes": len(data)}, f"wrote {out} ({len(data)} bytes)")
