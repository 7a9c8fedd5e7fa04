"""`anomi setup`: the development key, the verification of anyone's, and the steps of a ceremony."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.commands.setup_steps import STEPS, backend_option
from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, NEW_FILE, check_outputs

__all__ = ["setup"]


@click.group()
def setup() -> None:
    """Make a development key; make and verify powers of tau and keys, step by step.

    A ceremony: new-powers, contribute (each person), beacon, prepare; then for each circuit new-key, contribute (each
    person), beacon. Files are snarkjs's, and its contributions mix with these.
    """


@setup.command()
@click.argument("r1cs", type=EXISTING_FILE, metavar="FILE.r1cs")
@click.option(
    "--ptau", type=EXISTING_FILE, metavar="P.ptau", help="Prepared powers of tau. Default: the development ones."
)
@click.option("-o", "--output", "out", type=NEW_FILE, required=True, metavar="K.zkey")
@backend_option
@common_options
def dev(output: Output, r1cs: Path, ptau: Path | None, out: Path, backend: str) -> None:
    """Make a development key for FILE.r1cs. Anyone can forge proofs under it: for development and tests only.

    The first run without --ptau makes the development powers of tau, once per user.
    """
    from anomi_prover.files import copy_file
    from anomi_prover.setup import make_development_key

    check_outputs((out,), inputs=(r1cs, *((ptau,) if ptau else ())))
    with output.progress() as progress:
        bundle = make_development_key(r1cs, ptau, progress=progress, backend=backend)
    copy_file(bundle.zkey, out)
    output.result(
        {"zkey": str(out), "manifest": dict(bundle.manifest)},
        f"wrote {out}: a development key, under which anyone can forge proofs",
    )


@setup.command()
@click.argument("r1cs", type=EXISTING_FILE, metavar="R1CS")
@click.argument("ptau", type=EXISTING_FILE, metavar="PTAU")
@click.argument("zkey", type=EXISTING_FILE, metavar="ZKEY")
@click.option("--trust-ptau", is_flag=True, help="Do not check the powers of tau themselves, which can take long.")
@backend_option
@common_options
def verify(output: Output, r1cs: Path, ptau: Path, zkey: Path, trust_ptau: bool, backend: str) -> None:
    """Check that ZKEY was made from R1CS and PTAU, and that each phase has a contribution."""
    from anomi_prover.setup import verify_setup
    from anomi_prover.setup_key import contribution_records

    with output.progress() as progress:
        report = verify_setup(r1cs, ptau, zkey, ptau_too=not trust_ptau, progress=progress, backend=backend)
    kind = "development key" if report.is_development else "key"
    output.result(
        {
            "verified": True,
            "kind": kind,
            "ptau_verified": report.ptau_verified,
            "ptau_power": report.ptau_power,
            "needed_power": report.needed_power,
            "phase_1": contribution_records(report.phase_1),
            "phase_2": contribution_records(report.phase_2),
        },
        f"verified: a {kind} of this circuit, {len(report.phase_1)} phase-1 and {len(report.phase_2)} phase-2 "
        "contribution(s)" + ("" if report.ptau_verified else "; the powers of tau were trusted"),
    )


for step in STEPS:
    setup.add_command(step)
