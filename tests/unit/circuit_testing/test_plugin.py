"""The plugin in a suite of its own: what passes, what fails and with which words, and the report of coverage."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

CIRCUIT = """pragma circom 2.0.0;

template Product() {
    signal input a;
    signal input b;
    signal output out;
    signal copy;

    // Both factors are small.
    a * (a - 3) === 0;
    out <== a * b;
    copy <-- b;
}
"""

SUITE = """
import pytest
from anomi_prover.testing.circuit import CircuitFailure


@pytest.fixture
def product(circuit):
    return circuit("product.circom", template="Product", public=["b"])


def test_pass(product):
    assert product.expect_pass({"a": 3, "b": 5}, out=15) == {"out": 15}
    product.expect_pass({"a": 3, "b": 7}, out=21)


def test_wrong_output(product):
    product.expect_pass({"a": 3, "b": 5}, out=16)


def test_fail(product):
    product.expect_fail({"a": 2, "b": 5}, at="Both factors are small")
    product.expect_fail({"a": 2, "b": 5}, at="a")
    product.expect_fail({"a": 2, "b": 5}, at="Product:10")


def test_fail_elsewhere(product):
    product.expect_fail({"a": 2, "b": 5}, at="b")


def test_refused(product):
    product.expect_pass({"a": 2, "b": 5})


def test_edit(product):
    witness = product.witness({"a": 3, "b": 5})
    assert witness["out"] == 15
    witness.edit("out", 16).expect_refused(at="out")
    witness.edit({"out": 3, "b": 1}).expect_accepted()


def test_edit_unseen(product):
    product.witness({"a": 3, "b": 5}).edit("copy", 6).expect_refused()


def test_unique(product):
    assert not product.expect_unique({"a": 3, "b": 5}).is_unique


def test_ceiling(product):
    assert product.expect_constraints(at_most=2, exactly=2) == 2
    product.expect_constraints(at_most=1)


def test_prove(product):
    bundle = product.prove({"a": 3, "b": 5})
    assert bundle.public_inputs == (15, 5)
    product.verify(bundle)
    with pytest.raises(Exception, match="not valid"):
        product.verify(bundle, [15, 6])
"""


@pytest.fixture
def suite(inner: pytest.Pytester) -> pytest.Pytester:
    inner.makefile(".circom", product=CIRCUIT)
    inner.makepyfile(test_product=SUITE)
    return inner


def test_words_of_a_suite(suite: pytest.Pytester) -> None:
    result = suite.runpytest_inprocess(
        "--circuit-coverage",
        "--circuit-coverage-json=report.json",
    )
    result.assert_outcomes(passed=5, failed=5)
    result.stdout.re_match_lines_random(
        [
            r".*Product\(\): main\.out is 15, expected 16 .*product\.circom:11: out <== a \* b;.*",
            r".*refuses, but not at 'b'.*",
            r".*the circuit refuses these inputs: an assertion fails in template Product_0 line 10.*",
            r".*source: a \* \(a - 3\) === 0;.*",
            r".*the left side is -2, the right side 0.*",
            r".*main\.a = 2.*",
            r".*nothing refuses this edit of copy .*product\.circom:12: copy <-- b;.*",
            r".*has 2 constraints, 1 more than the ceiling of 1.*",
            r".*2 of 2 constraints have refused something, 3 of 4 signals took two values or more.*",
        ]
    )
    ((_, report),) = json.loads((suite.path / "report.json").read_text(encoding="utf-8")).items()
    assert report["constraints"] == {"total": 2, "refused": 2, "never_refused": []}


def test_workers_send_what_they_saw(suite: pytest.Pytester) -> None:
    result = suite.runpytest_subprocess(
        "-n1",
        "--circuit-coverage",
        "-k",
        "test_edit or test_fail",
    )
    result.stdout.fnmatch_lines(["*circuit coverage*", "*2 of 2 constraints have refused something*"])


def test_plugin_costs_nothing_until_it_is_used() -> None:
    code = (
        "import sys, anomi_prover.pytest_plugin\n"
        "heavy = {'wasmtime', 'anchorpy', 'solders', 'solana', 'py_ecc', 'click', 'anomi_core', 'anomi_prover.r1cs'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def test_forged_witness_is_proven(inner: pytest.Pytester) -> None:
    inner.makefile(
        ".circom",
        loose="pragma circom 2.0.0;\ntemplate Loose() { signal input a; signal output out; signal out2;\n"
        "    out2 <== a * a;\n    out <-- a;\n    out * (out - a) === 0;\n}\n",
    )
    inner.makepyfile("def test(circuit):\n    circuit('loose.circom', template='Loose').expect_unique({'a': 3})\n")
    result = inner.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*Loose() is under-constrained: an output of the circuit is not determined*main.out (*loose.circom:4)*",
            "*main.out = 3, but also 0*",
            "*a proof of the other witness verifies under a real key; its public signals: [[]0[]]*",
        ]
    )
