"""Checking full witnesses against a real .r1cs: fast, and naming the first constraint that fails."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from anomi_prover_native import ConstraintSystem

from anomi_core.field import FR_MODULUS as R
from anomi_prover.backends.native import witness_bytes
from anomi_prover.binfile import FileFormatError, TruncatedFileError
from anomi_prover.r1cs import WireCountMismatchError, read_r1cs
from tests.native.conftest import Small
from tests.unit.prove.circuits import section, write_r1cs


def test_counts(small: Small) -> None:
    system = ConstraintSystem(small.r1cs)
    assert (system.n_wires, system.n_constraints, system.n_public) == (8, 6, 2)
    with pytest.raises(WireCountMismatchError, match="8 wires; a witness of 7"):
        system.first_violation(witness_bytes([1] * 7))


@pytest.mark.parametrize("first", [0, 1, 499, 998, 999])
@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_the_first_of_many_violations_is_named(tmp_path: Path, first: int, threads: int) -> None:
    """x·x = x² a thousand times; from `first` on the square is another wire's."""
    constraints = [([(1, 1)], [(1, 1)], [(2 if at < first else 3, 1)]) for at in range(1000)]
    path = write_r1cs(tmp_path / "c.r1cs", constraints, wires=4, public_inputs=0, private_inputs=3)
    system = ConstraintSystem(path)
    assert system.first_violation(witness_bytes([1, 5, 25, 26]), threads=threads) == first
    assert system.first_violation(witness_bytes([1, 5, 25, 25]), threads=threads) is None


@pytest.mark.parametrize("coefficient", [0, 1, 2, R - 1, R - 2, R // 3])
def test_every_kind_of_coefficient(tmp_path: Path, coefficient: int) -> None:
    x, y = R - 5, 1 << 200
    left = (coefficient * x - y) % R
    product = left * (x + coefficient) % R
    parts = ([(1, coefficient), (2, R - 1)], [(1, 1), (0, coefficient)], [(3, 1)])
    path = write_r1cs(tmp_path / "c.r1cs", [parts], wires=4, public_inputs=0, private_inputs=3)
    system = ConstraintSystem(path)
    assert system.first_violation(witness_bytes([1, x, y, product])) is None
    assert system.first_violation(witness_bytes([1, x, y, (product + 1) % R])) == 0


def test_no_constraints_at_all(tmp_path: Path) -> None:
    path = write_r1cs(tmp_path / "c.r1cs", [], wires=4)
    assert ConstraintSystem(path).first_violation(witness_bytes([1, 2, 3, 4])) is None


def test_wires_and_coefficients_out_of_range(small: Small, tmp_path: Path) -> None:
    data = small.r1cs.read_bytes()
    start, _ = section(data, 2)
    first = next(at for at in range(start, len(data), 4) if struct.unpack_from("<I", data, at)[0])
    for at, content, words in (
        (first + 4, struct.pack("<I", 8), "names wire 8 of 8"),
        (first + 8, R.to_bytes(32, "little"), "not below the modulus"),
    ):
        path = tmp_path / "bad.r1cs"
        path.write_bytes(data[:at] + content + data[at + len(content) :])
        with pytest.raises(FileFormatError, match=words):
            ConstraintSystem(path)
    for count in (0x7FFF_FFFF, 0xFFFF_FFFF):
        path.write_bytes(data[:first] + struct.pack("<I", count) + data[first + 4 :])
        with pytest.raises(TruncatedFileError, match="announces"):
            ConstraintSystem(path)


def test_the_payment_circuit_agrees_with_the_python_reader(artifact: Callable[[str], Path]) -> None:
    path = artifact("build/circuits/payment/payment.r1cs")
    system, reference = ConstraintSystem(path), read_r1cs(path)
    assert (system.n_wires, system.n_constraints) == (reference.n_wires, reference.n_constraints)
    rng = random.Random(7)
    for _ in range(3):
        witness = [1] + [rng.choice((0, 1, rng.randrange(R))) for _ in range(system.n_wires - 1)]
        assert system.first_violation(witness_bytes(witness)) == reference.first_violation(witness)
