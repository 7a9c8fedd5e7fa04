"""Unrolling against the compiler: the same components, the same number of constraints, in the same order."""

from __future__ import annotations

from pathlib import Path

import pytest

from anomi_prover.circom_source.layout import LayoutMismatchError, lay_out
from anomi_prover.circom_source.program import read_program
from anomi_prover.circom_source.unroll import Instance, NotUnrollableError, unroll
from anomi_prover.circuit_report.survivors import written_as
from anomi_prover.compile import compile_circuit
from anomi_prover.r1cs import read_r1cs
from anomi_prover.sym import read_sym
from anomi_prover.tools import find_node_module
from tests.unit.circom_source.conftest import Written

CIRCOMLIB = find_node_module("circomlib/package.json")
FOLDERS = [CIRCOMLIB.parent.parent] if CIRCOMLIB else []

# Loops, arrays of components out of order, anonymous ones in and out of loops, names of inputs, tuples, buses,
# functions, recursion, conditions on parameters, hints under conditions on signals, constants that circom drops.
EVERYTHING = """
bus Point(n) { signal x; signal y[n]; }
function half(n) { var r = 0; while (2 * (r + 1) <= n) { r++; } return r; }
function inverse(x) { if (x == 0) { return 0; } return 1 / x; }
template Power(n) {
  signal input in; signal output out; signal t[n];
  t[0] <== in * in;
  for (var i = 1; i < n; i++) t[i] <== t[i - 1] * in;
  out <== t[n - 1];
}
template Bool() { signal input in; in * (in - 1) === 0; }
template Two() { signal input a; signal input b; signal output x; signal output y; x <== a * b; y <== a + b; }
template Tree(n) {
  signal input in[n]; signal output out;
  if (n == 1) { out <== in[0] * in[0]; } else {
    component left = Tree(half(n)); component right = Tree(n - half(n));
    for (var i = 0; i < half(n); i++) { left.in[i] <== in[i]; }
    for (var i = half(n); i < n; i++) { right.in[i - half(n)] <== in[i]; }
    out <== left.out * right.out;
  }
}
template Swap() {
  input Point(2) p; output Point(2) q;
  q.x <== p.y[0]; q.y[0] <== p.x; q.y[1] <== p.y[1];
}
template IsZero() {
  signal input in; signal output out; signal inv;
  var guess = 0;
  if (in != 0) { guess = 1 / in; } else { guess = 0; }
  inv <-- in != 0 ? inverse(in) : guess;
  out <== -in * inv + 1;
  in * out === 0;
}
template Main(n) {
  signal input a; signal input b[n]; input Point(2) p; signal output o; signal output z; output Point(2) q;
  component c[12];
  for (var i = 0; i < 12; i++) { c[11 - i] = Power(i + 2); }
  for (var i = 0; i < 12; i++) { c[i].in <== a; }
  for (var i = 0; i < n; i++) { for (var j = 0; j < 2; j++) { Bool()(b[i]); } }
  signal s; signal t; signal u; signal x[2]; signal grid[2][2];
  (s, t) <== Two()(b <== Power(2)(a), a <== Power(3)(b[0]));
  (_, u) <== Two()(a, b[1]);
  x <== [a * b[0], Power(2)(a)];
  grid[0] <== x; grid[1] <== grid[0];
  component tree = Tree(n);
  tree.in <== b;
  0 === 0;
  var sum = 0;
  for (var i = 0; i < 12; i++) { sum += c[i].out * (i - 1); }
  o <== sum + s + t + u + grid[1][0] + tree.out;
  component swap = Swap();
  swap.p <== p;
  q <== swap.q;
  z <== IsZero()(a);
}
component main {public [a]} = Main(5);
"""


def compare(source: Path) -> tuple[Instance, list[int | None]]:
    """Lay the circuit out (which checks itself) and match what --O2 leaves."""
    main = unroll(read_program(source, FOLDERS))
    full, small = (compile_circuit(source, include_dirs=FOLDERS, optimisation=level) for level in ("O0", "O2"))
    system = read_r1cs(full.r1cs)
    layout = lay_out(main, system, read_sym(full.sym))
    assert len(layout.instances) > 1
    return main, written_as(system, read_r1cs(small.r1cs))


def test_every_construct_is_unrolled_as_circom_does(written: Written) -> None:
    main, found = compare(written(EVERYTHING))
    assert main.children["c[11]"].arguments == (2,)
    assert sum(one.startswith("Bool_") for one in main.children) == 10
    known = [index for index in found if index is not None]
    assert known == sorted(set(known))
    assert len(found) - len(known) <= 1  # a linear constraint between outputs, put together from several


def test_circomlib_is_unrolled_as_circom_does(written: Written) -> None:
    """Poseidon begins with a constant state, so some of its products are linear."""
    assert FOLDERS, "circomlib is missing; run `make setup`"
    includes = "".join(
        f'include "circomlib/circuits/{one}.circom";\n' for one in ("poseidon", "comparators", "babyjub")
    )
    source = written(
        includes + "template T() { signal input a; signal input b; signal output o;\n"
        "  signal l <== LessThan(64)([a, b]); component p = Poseidon(2); p.inputs <== [a, l]; o <== p.out;\n"
        "  BabyCheck()(a, b); }\ncomponent main = T();\n"
    )
    _, found = compare(source)
    assert None not in found
    assert found == sorted(set(found))  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("signal input a; signal output o; component c = U(a); o <== a;", "depends on signals"),
        ("signal input a[2]; signal output o; o <== a[2];", "past the end"),
        ("signal output o; o <== 1 / 0;", "division by zero"),
        ("signal output o; o <== missing;", "is not declared"),
        ("signal output o; o <== f(1);", "no function f"),
        ("component c = V();", "no template V"),
        ("for (var i = 0; i < 1; i += 0) { var x = 1; }", "more than"),
        ("component c = T();", "nests too deeply"),
    ],
)
def test_what_cannot_be_unrolled_says_where(
    written: Written, monkeypatch: pytest.MonkeyPatch, body: str, words: str
) -> None:
    monkeypatch.setattr("anomi_prover.circom_source.unroll.STEPS_MAX", 10_000)
    source = written(f"template U(n) {{ signal input x; }}\ntemplate T() {{ {body} }}\ncomponent main = T();\n")
    with pytest.raises(NotUnrollableError, match=words):
        unroll(read_program(source))


def test_a_layout_that_does_not_fit_is_refused(written: Written) -> None:
    source = written("template T() { signal input a; signal output o; o <== a * a; }\ncomponent main = T();\n")
    compiled = compile_circuit(source, optimisation="O0")
    system, names = read_r1cs(compiled.r1cs), read_sym(compiled.sym)
    main = unroll(read_program(source))
    lay_out(main, system, names)
    main.written.append(main.written[0])
    with pytest.raises(LayoutMismatchError, match="writes 2 constraints"):
        lay_out(main, system, names)
    other = unroll(read_program(source))
    other.children["c"], other.written = Instance("U", (), source, 1, list(other.written)), []
    with pytest.raises(LayoutMismatchError, match="does not belong"):
        lay_out(other, system, names)
