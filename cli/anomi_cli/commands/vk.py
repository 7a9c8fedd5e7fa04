"""`anomi vk export`."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.commands.raw import emit
from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, NEW_FILE, check_outputs

__all__ = ["vk"]


@click.group()
def vk() -> None:
    """Export the verifying key of a zkey."""


@vk.command()
@click.argument("zkey", type=EXISTING_FILE, metavar="ZKEY")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "solana", "rust"]),
    default="json",
    show_default=True,
    help="json: snarkjs's form. solana: the raw key body of groth16_verifier. rust: the body as a constant.",
)
@click.option("-o", "--output", "out", type=NEW_FILE, metavar="FILE", help="Default: stdout.")
@common_options
def export(output: Output, zkey: Path, form: str, out: Path | None) -> None:
    """Export the verifying key of ZKEY."""
    from anomi_prover.vk import export as render

    check_outputs((out,) if out else (), inputs=(zkey,))
    data = render(zkey, form)
    if out is None and output.as_json:
        output.result(
            {"format": form, "hex": data.hex()} if form == "solana" else {"format": form, "text": data.decode()},
            "",
        )
        return
    emit(data, out, binary=form == "solana")
    if out is not None:
        output.result({"format": form, "file": str(out), "bytes": len(data)}, f"wrote {out} ({len(data)} bytes)")
