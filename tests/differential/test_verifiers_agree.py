"""Ours, py_ecc and snarkjs on the same altered proofs.

Ours must refuse each by its exact name; what the bare pairing and snarkjs say is pinned beside it, because where they
accept is why the strict checks exist.
"""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anomi_core.errors import AnomiError
from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16 import Proof, parse_proof, parse_public_inputs, parse_verifying_key
from anomi_core.groth16.curve import g1_negate, g2_multiply
from anomi_core.groth16.errors import (
    CoordinateNotCanonicalError,
    GammaEqualsDeltaError,
    InvalidProofError,
    MalformedProofError,
    MalformedPublicInputsError,
    PointAtInfinityError,
    PointNotInSubgroupError,
    PointNotOnCurveError,
    PublicInputCountMismatchError,
    PublicInputNotCanonicalError,
    VerifyingKeyArityError,
    WrongProtocolError,
)
from anomi_core.groth16.types import G1Point, G2Point
from anomi_prover import tools
from anomi_prover.verifiers.py_ecc import library, pairing_equation_holds
from anomi_prover.verify import verify
from tests.unit.prove.vectors import off_subgroup_g2, vector

VECTOR = vector(4)
"""Its public inputs are a large one, 1, r − 1 and 0."""

Document = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One altered document, what ours must say (None: valid), and what snarkjs says."""

    name: str
    alter: Callable[[Document], object]
    ours: type[AnomiError] | None
    snarkjs: bool | str

    def document(self) -> Document:
        """The vector's three documents, altered."""
        document = {name: copy.deepcopy(VECTOR.document[name]) for name in ("vk", "public", "proof")}
        self.alter(document)
        return document


def _set(*path: str | int, to: object) -> Callable[[Document], object]:
    def alter(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = to

    return alter


def _map(*path: str | int, by: Callable[[Any], object]) -> Callable[[Document], object]:
    def alter(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = by(document[path[-1]])

    return alter


def _both(*alterations: Callable[[Document], object]) -> Callable[[Document], object]:
    def alter(document: Document) -> None:
        for one in alterations:
            one(document)

    return alter


def _plus(modulus: int) -> Callable[[str], str]:
    return lambda text: str(int(text) + modulus)


def _negated(text: str) -> str:
    return str(-int(text) % FQ_MODULUS)


def _negated_fq2(items: list[str]) -> list[str]:
    return [_negated(item) for item in items]


def _g2_sum(a: G2Point, b: G2Point) -> G2Point:
    bn = library()
    p, q = ((bn.FQ2(x), bn.FQ2(y), bn.FQ2.one()) for x, y in (a, b))
    x, y = bn.normalize(bn.add(p, q))
    return (int(x.coeffs[0]), int(x.coeffs[1])), (int(y.coeffs[0]), int(y.coeffs[1]))


def _with_a_component_outside_the_subgroup(point: G2Point) -> G2Point:
    """B + T, where the order of T divides the twist's cofactor: its part in the subgroup is that of B."""
    return _g2_sum(point, g2_multiply(off_subgroup_g2(), FR_MODULUS))


def _items(point: G2Point) -> list[list[str]]:
    return [[str(c) for c in point[0]], [str(c) for c in point[1]], ["1", "0"]]


def _projective(items: list[str]) -> list[str]:
    """The same point in Jacobian coordinates with Z = 2."""
    return [str(int(items[0]) * 4 % FQ_MODULUS), str(int(items[1]) * 8 % FQ_MODULUS), "2"]


CASES = (
    Case("honest", lambda _: None, None, True),
    Case("−A", _map("proof", "pi_a", 1, by=_negated), InvalidProofError, False),
    Case("−B", _map("proof", "pi_b", 1, by=_negated_fq2), InvalidProofError, False),
    Case("−C", _map("proof", "pi_c", 1, by=_negated), InvalidProofError, False),
    Case(
        "−A and −B: malleable, and valid",
        _both(_map("proof", "pi_a", 1, by=_negated), _map("proof", "pi_b", 1, by=_negated_fq2)),
        None,
        True,
    ),
    Case("C in place of A", lambda d: d["proof"].update(pi_a=d["proof"]["pi_c"]), InvalidProofError, False),
    Case("another proof's A", _set("proof", "pi_a", to=vector(2).document["proof"]["pi_a"]), InvalidProofError, False),
    Case("last input, a zero, dropped", lambda d: d["public"].pop(), PublicInputCountMismatchError, True),
    Case("two inputs dropped", _map("public", by=lambda p: p[:2]), PublicInputCountMismatchError, False),
    Case("no inputs", _set("public", to=[]), PublicInputCountMismatchError, False),
    Case("a zero more", lambda d: d["public"].append("0"), PublicInputCountMismatchError, "error"),
    Case("first input + r", _map("public", 0, by=_plus(FR_MODULUS)), PublicInputNotCanonicalError, False),
    Case("0 as r", _set("public", 3, to=str(FR_MODULUS)), PublicInputNotCanonicalError, False),
    Case("first input + 1", _map("public", 0, by=_plus(1)), InvalidProofError, False),
    Case("inputs reversed", lambda d: d["public"].reverse(), InvalidProofError, False),
    Case("input with a leading zero", _set("public", 1, to="01"), MalformedPublicInputsError, True),
    Case("input in hexadecimal", _set("public", 1, to="0x1"), MalformedPublicInputsError, True),
    Case("input as a number", _set("public", 1, to=1), MalformedPublicInputsError, True),
    Case("A.x + q", _map("proof", "pi_a", 0, by=_plus(FQ_MODULUS)), CoordinateNotCanonicalError, True),
    Case("B.y1 + q", _map("proof", "pi_b", 1, 1, by=_plus(FQ_MODULUS)), CoordinateNotCanonicalError, True),
    Case("A with Z = 2", _map("proof", "pi_a", by=_projective), MalformedProofError, True),
    Case("A.x with a leading zero", _map("proof", "pi_a", 0, by=lambda x: "0" + x), MalformedProofError, True),
    Case("A.x + 1", _map("proof", "pi_a", 0, by=_plus(1)), PointNotOnCurveError, False),
    Case("C.y + 1", _map("proof", "pi_c", 1, by=_plus(1)), PointNotOnCurveError, False),
    Case("halves of B.x swapped", lambda d: d["proof"]["pi_b"][0].reverse(), PointNotOnCurveError, False),
    Case(
        "halves of B swapped",
        _map("proof", "pi_b", by=lambda b: [h[::-1] for h in b[:2]] + [b[2]]),
        PointNotOnCurveError,
        False,
    ),
    Case("B outside the subgroup", _set("proof", "pi_b", to=_items(off_subgroup_g2())), PointNotInSubgroupError, False),
    Case(
        "B with a component outside the subgroup",
        _set("proof", "pi_b", to=_items(_with_a_component_outside_the_subgroup(VECTOR.proof.b))),
        PointNotInSubgroupError,
        False,
    ),
    Case("A at infinity", _set("proof", "pi_a", to=["0", "1", "0"]), PointAtInfinityError, False),
    Case("B at infinity", _set("proof", "pi_b", to=[["0", "0"], ["1", "0"], ["0", "0"]]), PointAtInfinityError, False),
    Case("C at infinity", _set("proof", "pi_c", to=["0", "1", "0"]), PointAtInfinityError, False),
    Case("PLONK", _set("proof", "protocol", to="plonk"), WrongProtocolError, True),
    Case("nPublic of the key + 1", _set("vk", "nPublic", to=5), VerifyingKeyArityError, True),
    Case("e(α, β) of another key", _set("vk", "vk_alphabeta_12", to=[]), None, True),
    Case("γ for δ", lambda d: d["vk"].update(vk_delta_2=d["vk"]["vk_gamma_2"]), GammaEqualsDeltaError, False),
    Case("2δ for δ", _set("vk", "vk_delta_2", to=_items(g2_multiply(VECTOR.key.delta, 2))), InvalidProofError, False),
    Case(
        "IC[1] and IC[2] swapped",
        _map("vk", "IC", by=lambda ic: [ic[0], ic[2], ic[1], *ic[3:]]),
        InvalidProofError,
        False,
    ),
)


def _verify_ours(document: Document) -> None:
    key = parse_verifying_key(json.dumps(document["vk"]))
    inputs = parse_public_inputs(json.dumps(document["public"]))
    verify(key, inputs, parse_proof(json.dumps(document["proof"])), backend="py-ecc")


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_ours_refuses_by_name(case: Case) -> None:
    if case.ours is None:
        _verify_ours(case.document())
        return
    with pytest.raises(case.ours) as refusal:
        _verify_ours(case.document())
    assert type(refusal.value) is case.ours


def test_snarkjs_says_what_is_pinned(tmp_path: Path) -> None:
    documents = tmp_path / "cases.json"
    documents.write_text(json.dumps([case.document() for case in CASES]))
    script = Path(__file__).parent / "snarkjs_verify.cjs"
    library_path = tools.snarkjs_cli().with_name("main.cjs")
    command = [str(tools.node()), str(script), str(library_path), str(documents)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    verdicts = dict(zip((case.name for case in CASES), json.loads(output), strict=True))
    assert verdicts == {case.name: case.snarkjs for case in CASES}


def test_ours_never_accepts_what_snarkjs_refuses() -> None:
    """Being stricter is the point; being laxer anywhere would be a fault of ours."""
    assert [case.name for case in CASES if case.ours is None and case.snarkjs is not True] == []
    assert [case.name for case in CASES if case.ours is not None and case.snarkjs is True] == [
        "last input, a zero, dropped",
        "input with a leading zero",
        "input in hexadecimal",
        "input as a number",
        "A.x + q",
        "B.y1 + q",
        "A with Z = 2",
        "A.x with a leading zero",
        "PLONK",
        "nPublic of the key + 1",
    ]


@pytest.mark.parametrize(
    ("name", "holds"),
    [("honest", True), ("first input + r", True), ("0 as r", True), ("−A", False), ("inputs reversed", False)],
)
def test_the_bare_equation_of_py_ecc(name: str, holds: bool) -> None:
    """An aliased input satisfies it: the scalar field's order is the group's."""
    (case,) = (case for case in CASES if case.name == name)
    document = case.document()
    inputs = tuple(int(value) for value in document["public"])
    assert pairing_equation_holds(VECTOR.key, inputs, parse_proof(json.dumps(document["proof"]))) is holds


def _g1_multiply(point: G1Point, scalar: int) -> G1Point:
    bn = library()
    x, y = bn.normalize(bn.multiply((bn.FQ(point[0]), bn.FQ(point[1]), bn.FQ.one()), scalar))
    return int(x), int(y)


def _g1_sum(a: G1Point, b: G1Point) -> G1Point:
    bn = library()
    p, q = ((bn.FQ(x), bn.FQ(y), bn.FQ.one()) for x, y in (a, b))
    x, y = bn.normalize(bn.add(p, q))
    return int(x), int(y)


def rerandomised(proof: Proof, delta: G2Point, s: int, t: int) -> Proof:
    """Another proof of the same statement, without its witness: (A/s, sB + stδ, C + tA)."""
    return Proof(
        a=_g1_multiply(proof.a, pow(s, -1, FR_MODULUS)),
        b=_g2_sum(g2_multiply(proof.b, s), g2_multiply(delta, s * t % FR_MODULUS)),
        c=_g1_sum(proof.c, _g1_multiply(proof.a, t)),
    )


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(s=st.integers(1, FR_MODULUS - 1), t=st.integers(1, FR_MODULUS - 1))
def test_anyone_can_make_another_valid_proof_of_the_same_statement(s: int, t: int) -> None:
    """So a proof's bytes are no identifier; and the same change with another t is not valid."""
    base = vector(1)
    other = rerandomised(base.proof, base.key.delta, s, t)
    assert other != base.proof
    verify(base.key, base.inputs, other)
    with pytest.raises(InvalidProofError):
        verify(base.key, base.inputs, replace(other, c=g1_negate(other.c)))


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(position=st.integers(0, 3), value=st.integers(0, FR_MODULUS - 1))
def test_no_other_public_input_is_accepted(position: int, value: int) -> None:
    inputs = list(VECTOR.inputs)
    is_same = inputs[position] == value
    inputs[position] = value
    if is_same:
        verify(VECTOR.key, inputs, VECTOR.proof)
    else:
        with pytest.raises(InvalidProofError):
            verify(VECTOR.key, inputs, VECTOR.proof)
