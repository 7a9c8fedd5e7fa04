"""Proving keys: what must hold of a .zkey before anything is proven with it or exported from it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from anomi_core import spec
from anomi_core.errors import RefusedError
from anomi_core.groth16 import VerifyingKey, check_verifying_key
from anomi_core.groth16.checks import check_g1
from anomi_core.groth16.curve import G1_IDENTITY
from anomi_core.groth16.errors import PhaseOneNotContributedError
from anomi_prover import zkey
from anomi_prover.binfile import BinFile
from anomi_prover.points import G1_BYTES, read_g1
from anomi_prover.zkey import ZkeyHeader, read_zkey_header

__all__ = [
    "DEVELOPMENT_NOTICE",
    "PhaseTwoNotContributedError",
    "check_proving_key",
    "has_development_powers",
    "is_development_key",
    "read_proving_key",
    "read_zkey_verifying_key",
]


DEVELOPMENT_NOTICE: Final = (
    "{} is a development key: the secrets of a phase are public, so anyone can forge proofs for it"
)
"""What is said of a key that must not be used in production, with its path."""


class PhaseTwoNotContributedError(RefusedError):
    """The key lists no phase-2 contribution."""


def read_proving_key(path: Path) -> ZkeyHeader:
    """Read the header of a .zkey and check it. Raises what `read_zkey_header` and `check_proving_key` raise."""
    header = read_zkey_header(path)
    check_proving_key(path, header)
    return header


def read_zkey_verifying_key(path: Path) -> VerifyingKey:
    """Return the checked verifying key of a .zkey. Raises what `read_proving_key` raises."""
    return read_proving_key(path).verifying_key


def check_proving_key(path: Path, header: ZkeyHeader) -> None:
    """Refuse a key that proves false statements, or whose proofs would not hide the witness.

    With τ = 1, or any τ in the evaluation domain, the vanishing polynomial Z(τ) is 0: the quotient's points (section H)
    are all at infinity and only the constraint at that one place of the domain is enforced. [β]₁ and [δ]₁ carry the
    blinding, so a key that has them at infinity yields proofs that verify and leak.

    Raises PhaseOneNotContributedError, PhaseTwoNotContributedError and what `check_verifying_key` raises.
    """
    check_verifying_key(header.verifying_key)
    check_g1(header.beta1, "β in G1 of the proving key")
    check_g1(header.delta1, "δ in G1 of the proving key")
    if _first_quotient_point(path) == G1_IDENTITY:
        raise PhaseOneNotContributedError(
            f"{path}: τ lies in the evaluation domain (τ = 1 without a phase-1 contribution), so the key enforces one "
            "constraint at most",
            hint="make the key from powers of tau that have contributions",
        )
    if not header.contributions:
        raise PhaseTwoNotContributedError(
            f"{path}: the key lists no phase-2 contribution, so its maker can forge proofs for it",
            hint="contribute to it: `anomi setup contribute`, or `anomi setup dev` for development",
        )


def is_development_key(header: ZkeyHeader) -> bool:
    """Whether a phase's secrets are known to be public: phase 2 has beacons only, or phase 1 is the development one.

    A key does not tell who contributed to its phase 1: `anomi_prover.setup.verify_setup` looks at the powers of tau.
    """
    beacons_only = all(contribution.kind == "beacon" for contribution in header.contributions)
    return beacons_only or has_development_powers(header.verifying_key)


def has_development_powers(key: VerifyingKey) -> bool:
    """Whether a key was made from the development powers of tau, whose τ, α and β anyone can compute."""
    return key.alpha == spec.DEV_PTAU_ALPHA_G1


def _first_quotient_point(path: Path) -> tuple[int, int]:
    with BinFile(path, zkey.MAGIC, zkey.VERSION) as file:
        return read_g1(file.section(zkey.H, max_bytes=G1_BYTES))
