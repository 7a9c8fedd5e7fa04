"""What an unfinished trusted set-up lets anyone do, done for real, and our refusals.

Phase 1 without a contribution: τ = 1 is a member of every evaluation domain, so the vanishing polynomial Z(τ) = τⁿ − 1
is 0. The identity A(τ)·B(τ) − C(τ) = H(τ)·Z(τ) that Groth16 checks at τ then says nothing about H, and Lagrange's
basis at τ = ω⁰ is 1 for the first row and 0 for the others: of all constraints only the first is enforced, and public
inputs outside it have IC at infinity. In the key this shows as α = β = the generators and a section H of nothing but
points at infinity, since it holds the odd elements of the basis of the doubled domain at τ.

Phase 2 without a contribution: γ = δ, so in e(A, B) = e(α, β)·e(IC(x), γ)·e(C, δ) the last two factors are
e(IC(x) + C, γ), and A = α, B = β, C = −IC(x) proves any x.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from anomi_core.field import FR_MODULUS
from anomi_core.groth16 import (
    Proof,
    VerifyingKey,
    parse_proof,
    parse_verifying_key,
    proof_json,
    public_inputs_json,
    solana,
)
from anomi_core.groth16.curve import G1_GENERATOR, G1_IDENTITY, g1_negate
from anomi_core.groth16.errors import GammaEqualsDeltaError, PhaseOneNotContributedError
from anomi_prover import tools, vk
from anomi_prover.cache import Cache
from anomi_prover.prove import UnprovableWitnessError, prove
from anomi_prover.setup import KeyBundle, make_development_key, verify_setup
from anomi_prover.verifiers.py_ecc import library, pairing_equation_holds
from anomi_prover.verify import verify
from anomi_prover.wtns import write_wtns
from anomi_prover.zkey import read_zkey_header
from tests.unit.prove.circuits import SQUARE, X, Y, cube_witness, section

FORGED_CUBE = 12345
"""Not the cube of 3."""


@pytest.fixture(scope="module")
def key_with_tau_one(cube: Path, uncontributed_ptau: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key over τ = 1 with an honest phase-2 contribution, so that γ ≠ δ and phase 1 alone is at fault."""
    folder = tmp_path_factory.mktemp("tau-one")
    tools.run_snarkjs(["zkey", "new", str(cube), str(uncontributed_ptau), str(folder / "initial.zkey")])
    final = folder / "final.zkey"
    tools.run_snarkjs(["zkey", "beacon", str(folder / "initial.zkey"), str(final), "77" * 32, "10", "-n=honest"])
    return final


def _snarkjs_proof(zkey: Path, witness: list[int], folder: Path) -> tuple[Proof, tuple[int, ...]]:
    """What a careless prover makes of any witness: snarkjs checks no constraint."""
    write_wtns(folder / "w.wtns", witness)
    paths = [str(path) for path in (zkey, folder / "w.wtns", folder / "proof.json", folder / "public.json")]
    tools.run_snarkjs(["groth16", "prove", *paths])
    public = json.loads((folder / "public.json").read_text())
    return parse_proof((folder / "proof.json").read_text()), tuple(int(value) for value in public)


def test_tau_one_accepts_a_forged_witness(key_with_tau_one: Path, tmp_path: Path) -> None:
    witness = cube_witness(3)
    witness[Y] = FORGED_CUBE
    proof, public = _snarkjs_proof(key_with_tau_one, witness, tmp_path)
    assert public == (FORGED_CUBE,)

    # snarkjs is convinced that 12345 has a cube root in Fr that its prover knows.
    tools.run_snarkjs(["zkey", "export", "verificationkey", str(key_with_tau_one), str(tmp_path / "vk.json")])
    paths = [str(tmp_path / name) for name in ("vk.json", "public.json", "proof.json")]
    assert "OK!" in tools.run_snarkjs(["groth16", "verify", *paths])

    # The bare equation holds for every other public input as well: y stands in no enforced constraint.
    key = read_zkey_header(key_with_tau_one).verifying_key
    assert pairing_equation_holds(key, (FORGED_CUBE,), proof)
    assert pairing_equation_holds(key, (FORGED_CUBE + 1,), proof)


def test_tau_one_enforces_the_first_constraint_only(key_with_tau_one: Path, tmp_path: Path) -> None:
    header = read_zkey_header(key_with_tau_one)
    assert header.alpha1 == G1_GENERATOR
    assert header.ic == (G1_IDENTITY, G1_IDENTITY)
    assert header.verifying_key.gamma != header.verifying_key.delta
    data = key_with_tau_one.read_bytes()
    start, length = section(data, 9)
    assert data[start : start + length] == bytes(length), "section H is nothing but points at infinity"

    witness = cube_witness(3)
    witness[SQUARE] += 1  # x·x = square is the first constraint
    proof, public = _snarkjs_proof(key_with_tau_one, witness, tmp_path)
    assert not pairing_equation_holds(header.verifying_key, public, proof)


def test_our_setup_refuses_powers_without_a_phase_1_contribution(
    cube: Path, uncontributed_ptau: Path, key_with_tau_one: Path, cache: Cache
) -> None:
    with pytest.raises(PhaseOneNotContributedError, match="no phase-1 contribution"):
        make_development_key(cube, uncontributed_ptau, cache=cache)
    with pytest.raises(PhaseOneNotContributedError, match="no phase-1 contribution"):
        verify_setup(cube, uncontributed_ptau, key_with_tau_one)


def test_our_prover_verifier_and_exports_refuse_a_key_over_tau_one(key_with_tau_one: Path, tmp_path: Path) -> None:
    with pytest.raises(PhaseOneNotContributedError, match="phase-1 contribution"):
        prove(key_with_tau_one, cube_witness(3))
    with pytest.raises(PhaseOneNotContributedError):
        vk.export(key_with_tau_one, "solana")
    tools.run_snarkjs(["zkey", "export", "verificationkey", str(key_with_tau_one), str(tmp_path / "vk.json")])
    with pytest.raises(PhaseOneNotContributedError):
        parse_verifying_key((tmp_path / "vk.json").read_text())


def test_a_tau_in_the_domain_is_noticed_by_the_quotient_points_alone(cube_key: KeyBundle, tmp_path: Path) -> None:
    """τ = ωʲ with honest α and β: only section H gives it away."""
    data = bytearray(cube_key.zkey.read_bytes())
    start, length = section(data, 9)
    data[start : start + length] = bytes(length)
    forged = tmp_path / "forged.zkey"
    forged.write_bytes(data)
    with pytest.raises(PhaseOneNotContributedError, match="evaluation domain"):
        prove(forged, cube_witness(3))


@pytest.mark.parametrize("wire", [Y, SQUARE, X])
def test_the_same_forged_witness_fails_under_a_contributed_key(cube_key: KeyBundle, wire: int) -> None:
    witness = cube_witness(3)
    witness[wire] = FORGED_CUBE
    with pytest.raises(UnprovableWitnessError, match="violates a constraint"):
        prove(cube_key.zkey, witness)


def _forge_for_equal_gamma_and_delta(key: VerifyingKey, public_inputs: tuple[int, ...]) -> Proof:
    """A = α, B = β, C = −IC(x): no witness, no proving key, nothing but the verifying key."""
    bn = library()
    total = (bn.FQ(key.ic[0][0]), bn.FQ(key.ic[0][1]), bn.FQ(1))
    for value, (x, y) in zip(public_inputs, key.ic[1:], strict=True):
        total = bn.add(total, bn.multiply((bn.FQ(x), bn.FQ(y), bn.FQ(1)), value))
    x, y = bn.normalize(total)
    return Proof(a=key.alpha, b=key.beta, c=g1_negate((int(x), int(y))))


def test_a_key_without_phase_2_accepts_forged_proofs(initial_zkey: Path, tmp_path: Path) -> None:
    key = read_zkey_header(initial_zkey).verifying_key
    assert key.gamma == key.delta
    for public_inputs in ((FORGED_CUBE,), (FR_MODULUS - 1,)):
        forged = _forge_for_equal_gamma_and_delta(key, public_inputs)
        assert pairing_equation_holds(key, public_inputs, forged)
        with pytest.raises(GammaEqualsDeltaError, match="anyone can forge"):
            verify(key, public_inputs, forged)
        with pytest.raises(GammaEqualsDeltaError):
            verify(key, public_inputs, forged, backend="snarkjs")

    # snarkjs, left to itself, accepts the forgery.
    tools.run_snarkjs(["zkey", "export", "verificationkey", str(initial_zkey), str(tmp_path / "vk.json")])
    (tmp_path / "public.json").write_text(public_inputs_json(public_inputs))
    (tmp_path / "proof.json").write_text(proof_json(forged))
    paths = [str(tmp_path / name) for name in ("vk.json", "public.json", "proof.json")]
    assert "OK!" in tools.run_snarkjs(["groth16", "verify", *paths])
    with pytest.raises(GammaEqualsDeltaError):
        parse_verifying_key((tmp_path / "vk.json").read_text())


def test_a_key_without_phase_2_is_refused_everywhere_else(initial_zkey: Path, cube: Path, small_ptau: Path) -> None:
    with pytest.raises(GammaEqualsDeltaError):
        prove(initial_zkey, cube_witness(3))
    with pytest.raises(GammaEqualsDeltaError):
        vk.export(initial_zkey, "json")
    with pytest.raises(GammaEqualsDeltaError):
        verify_setup(cube, small_ptau, initial_zkey)
    with pytest.raises(GammaEqualsDeltaError):
        solana.verifying_key_body(read_zkey_header(initial_zkey).verifying_key)


def test_the_forgery_is_worth_nothing_under_a_contributed_key(cube_key: KeyBundle) -> None:
    key = read_zkey_header(cube_key.zkey).verifying_key
    assert not pairing_equation_holds(key, (FORGED_CUBE,), _forge_for_equal_gamma_and_delta(key, (FORGED_CUBE,)))
