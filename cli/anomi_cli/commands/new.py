"""`anomi new`: a small working project to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.output import Output, common_options

__all__ = ["new"]


@click.command()
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The folder it will lie in. Default: here.",
)
@common_options
def new(output: Output, name: str, into: Path) -> None:
    """Write the project NAME: a circuit, a program gated by its proofs, a client and tests. `make` in it runs all."""
    from anomi_cli.new_project import write_project

    folder = write_project(name, into)
    output.result({"folder": str(folder)}, f"wrote {folder}; build and test it:\n  cd {folder} && make")
