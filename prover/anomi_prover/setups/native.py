"""Set-ups by the native core, which stops within moments when it is interrupted."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Final

import anomi_prover_native as core

from anomi_prover.progress import Progress, in_permille

__all__ = [
    "NAME",
    "VERSION",
    "contribute",
    "contribute_beacon",
    "new_key",
    "new_powers",
    "prepare_powers",
    "verify_contributions",
    "verify_key",
    "verify_powers",
]

NAME: Final = "native"
_BYTES: Final = 1
"""To be raised when the core's set-ups make other bytes than before."""
VERSION: Final = f"native {version('anomi_prover_native')}, bytes {_BYTES}"


def new_powers(power: int, output: Path, progress: Progress) -> None:
    """Write powers of tau up to 2^power that nobody has contributed to."""
    with in_permille(progress, "powers of tau: start") as advance:
        core.new_powers(power, output, progress=advance)


def prepare_powers(ptau: Path, output: Path, progress: Progress) -> None:
    """Write powers of tau with the Lagrange bases that phase 2 needs."""
    with in_permille(progress, "powers of tau: preparing phase 2") as advance:
        core.prepare_powers(ptau, output, progress=advance)


def verify_powers(ptau: Path, progress: Progress) -> None:
    """Accept powers of tau, or raise what is wrong with them."""
    with in_permille(progress, "verifying the powers of tau") as advance:
        core.verify_powers(ptau, progress=advance)


def new_key(r1cs: Path, ptau: Path, output: Path, progress: Progress) -> None:
    """Write the proving key of a circuit, to which nobody has contributed."""
    with in_permille(progress, "making the proving key") as advance:
        core.new_key(r1cs, ptau, output, progress=advance)


def verify_key(r1cs: Path, ptau: Path, zkey: Path, progress: Progress) -> None:
    """Accept a proving key that was made from circuit and powers of tau and follows from its contributions."""
    with in_permille(progress, "verifying the proving key") as advance:
        core.verify_key(r1cs, ptau, zkey, progress=advance)


def verify_contributions(zkey: Path, progress: Progress) -> None:
    """Accept a proving key whose contributions lead to its δ, each with a proof that its maker knew the factor."""
    with in_permille(progress, "verifying the contributions") as advance:
        core.verify_contributions(zkey, progress=advance)


def contribute(file: Path, output: Path, name: str, entropy: bytes | bytearray, progress: Progress) -> bytes:
    """Add a contribution to powers of tau or to a proving key; return the hash to publish."""
    with in_permille(progress, "contributing") as advance:
        return core.contribute(file, output, name=name, entropy=entropy, progress=advance)


def contribute_beacon(
    file: Path, output: Path, value: bytes, iterations_exp: int, name: str, progress: Progress
) -> bytes:
    """Add a beacon to powers of tau or to a proving key; return the hash to publish."""
    with in_permille(progress, "contributing the beacon") as advance:
        return core.contribute_beacon(file, output, value, iterations_exp, name=name, progress=advance)
