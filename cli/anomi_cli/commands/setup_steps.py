"""The steps of a ceremony, each from files to one file: `anomi setup new-powers | contribute | beacon | …`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, NEW_FILE, check_outputs
from anomi_core.errors import UnreadableInputError, UsageError

__all__ = ["STEPS", "BeaconValueError", "EntropyUnreadableError", "backend_option"]

_ENTROPY_BYTES_MAX: Final = 1 << 16

backend_option = click.option(
    "--backend",
    type=click.Choice(["auto", "native", "snarkjs"]),
    default="auto",
    show_default=True,
    help="auto: the native core when it is installed, else snarkjs, which is far slower.",
)
_output_option = click.option("-o", "--output", "out", type=NEW_FILE, required=True, metavar="FILE")
_name_option = click.option("--name", default="", metavar="NAME", help="Recorded in the file, for all to read.")


class BeaconValueError(UsageError):
    """A beacon's value is not given in hexadecimal."""


class EntropyUnreadableError(UnreadableInputError):
    """What a contributor wants to add to the random numbers cannot be read."""


@click.command("new-powers")
@click.argument("power", type=click.IntRange(1, 27), metavar="POWER")
@_output_option
@backend_option
@common_options
def new_powers(output: Output, power: int, out: Path, backend: str) -> None:
    """Write powers of tau for circuits of up to 2^POWER rows, to which nobody has contributed."""
    from anomi_prover.setup_backend import setup_backend

    check_outputs((out,))
    with output.progress() as progress:
        setup_backend(backend).new_powers(power, out, progress)
    output.result({"file": str(out), "power": power}, f"wrote {out}: nobody has contributed to it yet")


@click.command()
@click.argument("file", type=EXISTING_FILE, metavar="PTAU|ZKEY")
@_output_option
@_name_option
@click.option(
    "--entropy",
    "source",
    metavar="FILE",
    help="Mix in up to 64 KiB of this file (-: standard input) with the system's random numbers.",
)
@backend_option
@common_options
def contribute(output: Output, file: Path, out: Path, name: str, source: str | None, backend: str) -> None:
    """Add your contribution to powers of tau or to a key, and forget its secret.

    Publish the hash that this prints: it proves later that your contribution is in the file.
    """
    from anomi_prover.setup_backend import setup_backend

    check_outputs((out,), inputs=(file,))
    entropy = _read_entropy(source) if source is not None else bytearray()
    try:
        with output.progress() as progress:
            digest = setup_backend(backend).contribute(file, out, name, entropy, progress)
    finally:
        entropy[:] = bytes(len(entropy))
    _tell(output, out, digest)


@click.command()
@click.argument("file", type=EXISTING_FILE, metavar="PTAU|ZKEY")
@click.argument("value", metavar="HEX")
@_output_option
@_name_option
@click.option("--iterations-exp", type=click.IntRange(10, 63), default=10, show_default=True, metavar="N",
              help="Hash the value 2^N times.")  # fmt: skip
@backend_option
@common_options
def beacon(output: Output, file: Path, value: str, out: Path, name: str, iterations_exp: int, backend: str) -> None:
    """Add a beacon, a value that nobody could know beforehand, to powers of tau or to a key.

    All can compute its secret: it ends a ceremony, and is no contribution of its own.
    """
    from anomi_prover.setup_backend import setup_backend

    check_outputs((out,), inputs=(file,))
    try:
        beacon_value = bytes.fromhex(value)
    except ValueError as error:
        raise BeaconValueError("a beacon's value is given in hexadecimal, two digits a byte") from error
    with output.progress() as progress:
        digest = setup_backend(backend).contribute_beacon(file, out, beacon_value, iterations_exp, name, progress)
    _tell(output, out, digest)


@click.command()
@click.argument("ptau", type=EXISTING_FILE, metavar="PTAU")
@_output_option
@backend_option
@common_options
def prepare(output: Output, ptau: Path, out: Path, backend: str) -> None:
    """Prepare contributed powers of tau for phase 2, the keys of circuits."""
    from anomi_prover.setup_backend import setup_backend

    check_outputs((out,), inputs=(ptau,))
    with output.progress() as progress:
        setup_backend(backend).prepare_powers(ptau, out, progress)
    output.result({"file": str(out)}, f"wrote {out}")


@click.command("verify-powers")
@click.argument("ptau", type=EXISTING_FILE, metavar="PTAU")
@backend_option
@common_options
def verify_powers(output: Output, ptau: Path, backend: str) -> None:
    """Check powers of tau: every contribution and every point; prepared ones as well."""
    from anomi_prover.ptau import read_ptau_header
    from anomi_prover.setup_backend import setup_backend
    from anomi_prover.setup_key import contribution_records

    with output.progress() as progress:
        setup_backend(backend).verify_powers(ptau, progress)
    header = read_ptau_header(ptau)
    records = contribution_records(header.contributions)
    output.result(
        {"verified": True, "power": header.power, "prepared": header.prepared, "contributions": records},
        f"verified: powers of tau up to 2^{header.power}, {len(records)} contribution(s)"
        + ("" if header.prepared else "; not prepared for phase 2"),
    )


@click.command("new-key")
@click.argument("r1cs", type=EXISTING_FILE, metavar="R1CS")
@click.argument("ptau", type=EXISTING_FILE, metavar="PTAU")
@_output_option
@backend_option
@common_options
def new_key(output: Output, r1cs: Path, ptau: Path, out: Path, backend: str) -> None:
    """Write the key of a circuit under prepared powers of tau, to which nobody has contributed.

    The powers are taken as they are: check them once with verify-powers.
    """
    from anomi_prover.setup_backend import setup_backend

    check_outputs((out,), inputs=(r1cs, ptau))
    with output.progress() as progress:
        setup_backend(backend).new_key(r1cs, ptau, out, progress)
    output.result(
        {"file": str(out)},
        f"wrote {out}: anyone can forge proofs under it, and nothing here takes it, until somebody contributes",
    )


STEPS: Final = (new_powers, contribute, beacon, prepare, verify_powers, new_key)
"""The commands, in a ceremony's order."""


def _read_entropy(source: str) -> bytearray:
    """Read what a contributor adds, into memory that can be overwritten."""
    buffer = bytearray(_ENTROPY_BYTES_MAX)
    taken = 0
    try:
        descriptor = sys.stdin.fileno() if source == "-" else os.open(source, os.O_RDONLY | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb", buffering=0, closefd=source != "-") as file, memoryview(buffer) as view:
            while taken < len(buffer) and (count := file.readinto(view[taken:])):
                taken += count
    except (OSError, ValueError) as error:
        raise EntropyUnreadableError(f"cannot read the entropy from {source}: {error}") from error
    del buffer[taken:]
    return buffer


def _tell(output: Output, out: Path, digest: bytes) -> None:
    words = [digest.hex()[at : at + 8] for at in range(0, 2 * len(digest), 8)]
    rows = "\n".join("  " + " ".join(words[at : at + 4]) for at in range(0, len(words), 4))
    output.result({"file": str(out), "contribution_hash": digest.hex()}, f"wrote {out}; publish its hash:\n{rows}")
