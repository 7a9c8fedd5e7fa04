"""The tool of the edited witnesses itself: a generator without refusals computes what the honest one would refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from anomi_prover.compile import compile_circuit
from anomi_prover.testing.unasserted import without_refusals
from anomi_prover.witness import WitnessError
from tests.circuits.support.circuit import Circuit
from tests.circuits.support.judges import refuse_edited

CONSTRAINED = "product === a * b;"
ASSERTED = "assert(product == a * b);"


def circuit(folder: Path, statement: str) -> Circuit:
    """Compile a circuit that claims product = a·b by `statement`, and uses all three otherwise."""
    source = folder / "product.circom"
    source.write_text(
        "pragma circom 2.2.3;\ntemplate Product() {\n"
        "    signal input product;\n    signal input a;\n    signal input b;\n    signal output square;\n"
        f"    {statement}\n    square <== (product + a + b) * (product + a + b);\n}}\ncomponent main = Product();\n",
        encoding="utf-8",
    )
    made = compile_circuit(source)
    return Circuit(made.r1cs, made.wasm, made.sym, folder / "scratch")


TRUE = {"product": "6", "a": "2", "b": "3"}
FALSE = {"product": "7", "a": "2", "b": "3"}


@pytest.mark.parametrize("statement", [CONSTRAINED, ASSERTED])
def test_true_inputs_give_the_same_wires(tmp_path: Path, statement: str) -> None:
    product = circuit(tmp_path, statement)
    assert product.unasserted_witness(TRUE) == product.witness(TRUE)
    assert product.violations(product.witness(TRUE)) == []


@pytest.mark.parametrize("statement", [CONSTRAINED, ASSERTED])
def test_false_inputs_stop_the_generator_and_not_the_other(tmp_path: Path, statement: str) -> None:
    product = circuit(tmp_path, statement)
    with pytest.raises(WitnessError, match="an assertion fails"):
        product.witness(FALSE)
    wires = product.unasserted_witness(FALSE)
    assert wires[product.wires["product"]] == 7
    assert wires[product.wires["square"]] == (7 + 2 + 3) ** 2  # what comes after the refusal is computed too


def test_constraint_is_told_from_an_assert(tmp_path: Path) -> None:
    refuse_edited(circuit(tmp_path, CONSTRAINED), FALSE, "product of a and b")
    with pytest.raises(pytest.fail.Exception, match="the R1CS accepts a false claim"):
        refuse_edited(circuit(tmp_path, ASSERTED), FALSE, "product of a and b")


def test_webassembly_without_refusals_is_not_taken() -> None:
    with pytest.raises(ValueError, match="no refusal"):
        without_refusals(b"\0asm\1\0\0\0")
