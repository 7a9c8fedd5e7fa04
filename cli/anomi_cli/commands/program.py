"""`anomi program build`: a Rust program into a Solana executable, without the Solana tools."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from pathlib import Path

import click

from anomi_cli.output import Output, common_options
from anomi_core.errors import UnreadableInputError

__all__ = ["ProgramManifestError", "program"]


class ProgramManifestError(UnreadableInputError):
    """The folder holds no Cargo.toml, or one that names no package."""


@click.group()
def program() -> None:
    """Build Solana programs from Rust, without the Solana tools."""


@program.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-p", "--package", help="The package, where DIR is a workspace of several.")
@click.option(
    "--arch",
    "architectures",
    type=click.Choice(["v0", "v3"]),
    multiple=True,
    help="SBPF version; may be given twice. Default: v0, which runs everywhere.",
)
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the executables. Default: DIR/target/deploy.",
)
@common_options
def build(output: Output, folder: Path, package: str | None, architectures: tuple[str, ...], out: Path | None) -> None:
    """Build the program in DIR, a cargo package with a Cargo.lock, into NAME.so (v0) and NAME.v3.so (v3).

    The first build on a machine fetches a compiler from Debian's packages (137 MB). An executable that is up to date
    is left alone.
    """
    from anomi_sbf import build as builder
    from anomi_sbf import cargo_build_sbf

    manifest = folder / "Cargo.toml"
    name = package or _package(manifest)
    place = out or folder / "target" / "deploy"
    stem = name.replace("-", "_")
    files = {arch: place / (f"{stem}.so" if arch == "v0" else f"{stem}.{arch}.so") for arch in architectures or ("v0",)}
    if cargo_build_sbf.available():
        built = cargo_build_sbf.build(manifest, name, files)
    else:
        with output.progress() as progress:
            built = builder.build(
                manifest,
                name,
                files,
                target_folder=folder / "target" / "sbf",
                progress=progress,
                show=lambda text: click.echo(text, err=True, nl=False),
            )
    output.result({"folder": str(place), "programs": [asdict(item) for item in built]}, builder.names(built))


def _package(manifest: Path) -> str:
    """Return the name of the package that a Cargo.toml describes. Raises ProgramManifestError."""
    from anomi_prover.files import read_file

    text = read_file(manifest, max_bytes=1 << 20, what="manifest of the program")
    try:
        name = tomllib.loads(text.decode()).get("package", {}).get("name")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError) as error:
        raise ProgramManifestError(f"{manifest} is no TOML that cargo would read: {error}") from error
    if not isinstance(name, str) or not name:
        raise ProgramManifestError(f"{manifest} names no package", hint="name one of its workspace with -p")
    return name
