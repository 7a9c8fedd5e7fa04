"""Known classes of bugs in Circom circuits, re-created: each buggy circuit is found out, its fixed twin is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from anomi_core.field import FR_MODULUS
from anomi_prover.testing.circuit import CircuitFailure, CircuitUnderTest

Compile = Callable[..., CircuitUnderTest]


class Undetermined(NamedTuple):
    """A circuit whose inputs leave a second witness open, in the buggy form; `cause` is the signal to blame."""

    file: str
    buggy: str
    fixed: str
    inputs: Mapping[str, Any]
    cause: str
    severity: str = "output"
    params: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())


POINT_Y = 16950150798460657717958625567821834550301663161624707787222815936182638968203

SECOND_WITNESS = [
    Undetermined("unconstrained_output", "Product", "Product", {"a": 3, "b": 5}, "main.out", params=((0,), (1,))),
    Undetermined("is_zero", "IsZeroBuggy", "IsZeroFixed", {"in": 7}, "main.inv"),
    Undetermined("bits", "BitsBuggy", "BitsFixed", {"in": 37}, "main.out[3]", params=((8,), (8,))),
    Undetermined("aliased_bits", "LowBitBuggy", "LowBitFixed", {"in": 12}, "main.bits.out[0]"),
    Undetermined("quotient", "DivideBuggy", "DivideFixed", {"a": 100, "b": 7}, "main.q"),
    Undetermined("point_sign", "DecompressBuggy", "DecompressFixed", {"y": POINT_Y}, "main.x"),
    Undetermined("loop_bound", "SquaresBuggy", "SquaresFixed", {"in": [1, 2, 3]}, "main.out[2]", params=((3,), (3,))),
    Undetermined("selector", "ChooseBuggy", "ChooseFixed", {"a": 4, "b": 9, "which": 1}, "main.selector"),
    Undetermined("nullifier", "NullifierBuggy", "NullifierFixed", {"secret": 77}, "main.bits.out[0]"),
    Undetermined("inner_component", "EvenBuggy", "EvenFixed", {"number": 35}, "main.mod.out", "component"),
]


class Accepted(NamedTuple):
    """Inputs that must be refused at a check; the buggy form accepts them, or only its calculator refuses."""

    file: str
    buggy: str
    fixed: str
    inputs: Mapping[str, Any]
    check: str
    says: str


ACCEPTED = [
    Accepted("asserted", "AgeBuggy", "AgeFixed", {"age": 17, "limit": 18}, "Age is the limit", "only the calculator"),
    Accepted("compared", "LimitBuggy", "LimitFixed", {"amount": FR_MODULUS - 1, "limit": 5}, "Num2Bits:38", "accepts"),
    Accepted("selector_input", "MuxBuggy", "MuxFixed", {"a": 4, "b": 9, "selector": 2}, "Selector is a bit", "accepts"),
    Accepted(
        "inner_component",
        "SixteenBuggy",
        "SixteenFixed",
        {"number": 35},
        "Number is a multiple of sixteen",
        "other wires",
    ),
]


@pytest.mark.parametrize("bug", SECOND_WITNESS, ids=lambda bug: bug.file)
def test_second_witness_of_the_buggy_is_found_and_proven(circuit: Compile, bug: Undetermined) -> None:
    buggy = circuit(f"circuits/{bug.file}.circom", template=bug.buggy, params=bug.params[0])
    found = buggy.find_second_witness(bug.inputs)
    worst = found.worst()
    assert worst is not None
    assert (worst.severity, worst.cause) == (bug.severity, bug.cause)
    assert worst.place is not None
    assert f"{'bitify' if '.bits.' in bug.cause else bug.file}.circom:" in worst.place
    assert buggy.r1cs.first_violation(worst.forged) is None
    assert worst.forged != worst.honest
    inputs = buggy.r1cs.input_wires
    assert [worst.forged[wire] for wire in inputs] == [worst.honest[wire] for wire in inputs]


@pytest.mark.parametrize("bug", SECOND_WITNESS, ids=lambda bug: bug.file)
def test_second_witness_of_the_fixed_is_not_reported(circuit: Compile, bug: Undetermined) -> None:
    fixed = circuit(f"circuits/{bug.file}.circom", template=bug.fixed, params=bug.params[1])
    assert fixed.expect_unique(bug.inputs).is_unique


@pytest.mark.parametrize("bug", ACCEPTED, ids=lambda bug: bug.file)
def test_inputs_to_be_refused_show_the_buggy(circuit: Compile, bug: Accepted) -> None:
    with pytest.raises(CircuitFailure, match=bug.says):
        circuit(f"circuits/{bug.file}.circom", template=bug.buggy).expect_fail(bug.inputs)


@pytest.mark.parametrize("bug", ACCEPTED, ids=lambda bug: bug.file)
def test_inputs_to_be_refused_are_by_the_fixed(circuit: Compile, bug: Accepted) -> None:
    fixed = circuit(f"circuits/{bug.file}.circom", template=bug.fixed)
    fixed.expect_fail(bug.inputs, at=bug.check)


def test_unused_input_is_named(circuit: Compile) -> None:
    with pytest.raises(CircuitFailure, match=r"no constraint holds the input main\.recipient .*unused_input\.circom:6"):
        circuit("circuits/unused_input.circom", template="WithdrawBuggy").expect_inputs_bound()


def test_used_inputs_are_not(circuit: Compile) -> None:
    circuit("circuits/unused_input.circom", template="WithdrawFixed").expect_inputs_bound()
