"""Keys with a known trapdoor: deterministic, well formed, and their proofs hold under the independent verifier."""

from __future__ import annotations

import pytest

from anomi_core.errors import UsageError
from anomi_core.field import FR_MODULUS
from anomi_core.groth16.checks import check_proof, check_verifying_key
from anomi_core.groth16.curve import G1_GENERATOR, is_on_g1_curve
from anomi_core.spec import PUBLIC_INPUTS_MAX
from anomi_prover.verifiers.py_ecc import pairing_equation_holds
from anomi_sdk.measuring_key import MeasuringKey, g1_multiply, scalar_from


@pytest.mark.parametrize("count", [0, 1, 3])
def test_proofs_hold(count: int) -> None:
    key = MeasuringKey.derive("a key", count)
    inputs = [scalar_from(f"input {index}") for index in range(count)]
    proof = key.prove(inputs, "a proof")
    check_verifying_key(key.verifying_key)
    check_proof(proof)
    assert pairing_equation_holds(key.verifying_key, inputs, proof)
    if count:
        assert not pairing_equation_holds(key.verifying_key, [*inputs[:-1], inputs[-1] ^ 1], proof)
    assert not pairing_equation_holds(MeasuringKey.derive("another", count).verifying_key, inputs, proof)


def test_seeds_decide_everything() -> None:
    assert MeasuringKey.derive("a", 1) == MeasuringKey.derive("a", 1)
    assert MeasuringKey.derive("a", 1) != MeasuringKey.derive("b", 1)
    key = MeasuringKey.derive("a", 1)
    assert key.prove([5], "p") == key.prove([5], "p")
    assert key.prove([5], "p") != key.prove([5], "q")


def test_the_trapdoor_is_not_shown() -> None:
    key = MeasuringKey.derive("a", 1)
    assert str(key.alpha) not in repr(key)
    assert str(key.ic[0]) not in repr(key)


def test_counts_have_an_edge() -> None:
    assert MeasuringKey.derive("edge", PUBLIC_INPUTS_MAX).verifying_key.public_input_count == PUBLIC_INPUTS_MAX
    for count in (-1, PUBLIC_INPUTS_MAX + 1):
        with pytest.raises(UsageError, match="a key has 0 to 16 public inputs"):
            MeasuringKey.derive("edge", count)
    with pytest.raises(UsageError, match="this key takes 1 public inputs, 2 came"):
        MeasuringKey.derive("edge", 1).prove([1, 2], "p")


def test_g1_multiplication() -> None:
    assert g1_multiply(G1_GENERATOR, 1) == G1_GENERATOR
    double = g1_multiply(G1_GENERATOR, 2)
    assert is_on_g1_curve(double)
    # EIP-196's own vector for 1 + 1.
    assert double == (
        1368015179489954701390400359078579693043519447331113978918064868415326638035,
        9918110051302171585080402603319702774565515993150576347155970296011118125764,
    )
    assert g1_multiply(G1_GENERATOR, 6) == g1_multiply(double, 3)
    negated = g1_multiply(G1_GENERATOR, FR_MODULUS - 1)
    assert negated[0] == G1_GENERATOR[0]
    assert negated != G1_GENERATOR
    with pytest.raises(UsageError, match="the scalar 0 gives the identity"):
        g1_multiply(G1_GENERATOR, 0)
