"""Trusted set-ups: the development one, and checking anyone's.

`development_ptau` and `make_development_key` make keys whose secrets are public, for development and tests.
`verify_setup` says whether a proving key belongs to a circuit and to powers of tau, and was contributed to.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from anomi_prover.contributions import Contribution
from anomi_prover.files import sha256_file
from anomi_prover.keys import read_proving_key
from anomi_prover.progress import NoProgress, Progress
from anomi_prover.setup_backend import setup_backend
from anomi_prover.setup_checks import (
    SetupNotVerifiedError,
    check_key_fits_circuit,
    domain_power,
    read_circuit,
    read_powers_of_tau,
)
from anomi_prover.setup_key import KeyBundle, make_development_key
from anomi_prover.setup_ptau import DEVELOPMENT_PTAU, PtauRecipe, development_ptau

__all__ = [
    "DEVELOPMENT_PTAU",
    "KeyBundle",
    "PtauRecipe",
    "SetupNotVerifiedError",
    "SetupReport",
    "development_ptau",
    "domain_power",
    "make_development_key",
    "verify_setup",
]


@dataclass(frozen=True)
class SetupReport:
    """What a verified set-up rests on. `is_development`: a phase has only beacons, so that its secrets are public."""

    phase_1: tuple[Contribution, ...]
    phase_2: tuple[Contribution, ...]
    ptau_power: int
    needed_power: int
    ptau_verified: bool
    is_development: bool


def verify_setup(
    r1cs: Path,
    ptau: Path,
    zkey: Path,
    *,
    ptau_too: bool = True,
    progress: Progress | None = None,
    backend: str = "auto",
) -> SetupReport:
    """Check that `zkey` was made from `r1cs` and `ptau` and that each phase has a contribution.

    The backend recomputes the key's circuit part and follows every contribution, and checks the powers of tau
    themselves, which takes long for those of public ceremonies, unless `ptau_too` is false or they are the development
    ones, known by their hash.

    Raises what `read_circuit`, `read_powers_of_tau`, `read_proving_key` and `check_key_fits_circuit` raise,
    SetupNotVerifiedError, MissingToolError.
    """
    verifier, progress = setup_backend(backend), progress or NoProgress()
    circuit = read_circuit(r1cs)
    powers = read_powers_of_tau(ptau, circuit)
    header = read_proving_key(zkey)
    check_key_fits_circuit(header, circuit)
    is_known = sha256_file(ptau) == DEVELOPMENT_PTAU.sha256
    if ptau_too and not is_known:
        verifier.verify_powers(ptau, progress)
    verifier.verify_key(r1cs, ptau, zkey, progress)
    return SetupReport(
        phase_1=powers.contributions,
        phase_2=header.contributions,
        ptau_power=powers.power,
        needed_power=domain_power(circuit),
        ptau_verified=ptau_too or is_known,
        is_development=_is_published(powers.contributions) or _is_published(header.contributions),
    )


def _is_published(phase: tuple[Contribution, ...]) -> bool:
    """Whether nobody but beacons contributed to a phase: then all can compute its secrets, and forge."""
    return all(one.kind == "beacon" for one in phase)
