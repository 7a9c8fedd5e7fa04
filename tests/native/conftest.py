"""Keys and witnesses of small circuits, made without any set-up program, and the real payment key."""

from __future__ import annotations

from pathlib import Path

import pytest

from anomi_prover.wtns import write_wtns
from tests.native.circuits import Circuit, random_circuit
from tests.native.trusted import write_zkey


class Small:
    """A circuit and its files."""

    def __init__(self, circuit: Circuit, folder: Path) -> None:
        """Write them."""
        self.circuit = circuit
        self.zkey = write_zkey(folder / "small.zkey", circuit)
        self.r1cs = circuit.write(folder / "small.r1cs")
        self.wtns = folder / "small.wtns"
        write_wtns(self.wtns, circuit.witness)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """A circuit of 6 constraints with its files."""
    return Small(random_circuit(1, constraints=6, n_public=2, n_private=5), tmp_path_factory.mktemp("small"))
