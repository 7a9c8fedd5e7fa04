"""Which program makes and verifies set-ups: the native core when it is installed, else snarkjs.

Both write the same bytes wherever no fresh secret goes in, take each other's files and verify each other's
contributions. snarkjs needs minutes where the native core needs seconds, and cannot follow a key's contributions
without its circuit and powers of tau.
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol, cast

from anomi_core.errors import MissingToolError, UsageError
from anomi_prover.progress import Progress

__all__ = ["SETUP_BACKENDS", "SetupBackend", "setup_backend"]

SETUP_BACKENDS: Final = MappingProxyType(
    {"native": "anomi_prover.setups.native", "snarkjs": "anomi_prover.setups.snarkjs"}
)
"""Name → module, which is imported when it is asked for."""


class SetupBackend(Protocol):
    """What a maker of set-ups offers. Outputs appear whole or not at all; all raise the errors of reading files."""

    NAME: str
    VERSION: str
    """Changes whenever the bytes of an output might."""

    def new_powers(self, power: int, output: Path, progress: Progress) -> None:
        """Write powers of tau up to 2^power that nobody has contributed to."""

    def prepare_powers(self, ptau: Path, output: Path, progress: Progress) -> None:
        """Write powers of tau with the Lagrange bases that phase 2 needs. Raises PhaseOneNotContributedError."""

    def verify_powers(self, ptau: Path, progress: Progress) -> None:
        """Accept powers of tau. Raises PhaseOneNotContributedError, SetupNotVerifiedError."""

    def new_key(self, r1cs: Path, ptau: Path, output: Path, progress: Progress) -> None:
        """Write a circuit's proving key that nobody has contributed to. Raises what `read_powers_of_tau` raises."""

    def verify_key(self, r1cs: Path, ptau: Path, zkey: Path, progress: Progress) -> None:
        """Accept a key that follows from circuit, powers and its contributions. Raises SetupNotVerifiedError."""

    def verify_contributions(self, zkey: Path, progress: Progress) -> None:
        """Accept a key whose contributions lead to its δ, or note that this backend cannot tell."""

    def contribute(self, file: Path, output: Path, name: str, entropy: bytes | bytearray, progress: Progress) -> bytes:
        """Add a contribution to a .ptau or .zkey; return the 64-byte hash that the contributor publishes.

        The secret comes from the system's random numbers and from `entropy`.
        """

    def contribute_beacon(
        self, file: Path, output: Path, value: bytes, iterations_exp: int, name: str, progress: Progress
    ) -> bytes:
        """Add a beacon, hashed 2^iterations_exp times, to a .ptau or .zkey; return the hash to publish."""


def setup_backend(name: str = "auto") -> SetupBackend:
    """Return the backend `name`. Raises UsageError on an unknown name, MissingToolError when it is not installed."""
    if name == "auto":
        name = "native" if importlib.util.find_spec("anomi_prover_native") else "snarkjs"
    if name not in SETUP_BACKENDS:
        raise UsageError(f"no maker of set-ups is called {name!r}; choose one of auto, {', '.join(SETUP_BACKENDS)}")
    try:
        return cast(SetupBackend, importlib.import_module(SETUP_BACKENDS[name]))
    except ImportError as error:
        raise MissingToolError(
            f"the native core cannot be loaded: {error}",
            hint="use --backend snarkjs, or run `make native` in the checkout",
        ) from error
