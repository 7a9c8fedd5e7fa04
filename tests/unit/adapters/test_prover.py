"""The prover of this machine behind the seam of the trade flows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from anomi_cli.adapters.prover import CIRCUITS, LocalProver
from anomi_core.errors import UsageError
from anomi_core.groth16.solana import verifying_key_body
from anomi_prover.verify import read_verifying_key
from anomi_sdk.trade.seams import Prover


@pytest.fixture(scope="module")
def prover(artifact: Callable[[str], Path]) -> Prover:
    for name in CIRCUITS:
        artifact(f"build/circuits/{name}/{name}.zkey")
    return LocalProver()


@pytest.mark.parametrize("name", CIRCUITS)
def test_a_circuit_is_named_by_the_hash_of_its_key(prover: Prover, artifact: Callable[[str], Path], name: str) -> None:
    key = read_verifying_key(artifact(f"build/circuits/{name}/{name}.vk.json"))
    assert prover.verifying_key_hash(name) == hashlib.sha256(verifying_key_body(key)).digest()


@pytest.mark.parametrize("name", ["", "solvency_k1_d1", "Payment"])
def test_another_circuit_has_no_key_here(prover: Prover, name: str) -> None:
    with pytest.raises(UsageError, match="solvency and payment"):
        prover.verifying_key_hash(name)
