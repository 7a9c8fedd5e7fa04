"""Widths of signals, from constraints: bits, sums, products, choices; and what is not shown."""

from __future__ import annotations

import pytest

from anomi_prover.circuit_report.report import report_on_source
from tests.unit.circuit_report.conftest import Written

BITS = """
template Bits(n) { signal input in; signal output out[n]; var s = 0;
  for (var i = 0; i < n; i++) { out[i] <-- (in >> i) & 1; out[i] * (out[i] - 1) === 0; s += out[i] * 2 ** i; }
  s === in; }
"""


@pytest.mark.parametrize(
    ("body", "bits"),
    [
        ("o <== a;", 8),
        ("o <== a + 1;", 9),
        ("o <== 3 * a + s;", 10),
        ("o <== a * a;", 16),
        ("o <== s * (a - 5) + 5;", 8),
        ("o <== 300 - a;", 9),
        ("o <== a - 1;", None),  # may be r - 1
        ("o <== 255 - a;", 8),
        ("o <== a * x;", None),
        ("o <== x;", None),
        ("component w = Bits(253); w.in <== x; o <== x;", 253),
        ("component w = Bits(254); w.in <== x; o <== x;", None),  # 2^254 > r: any value fits
        ("x * (x - 1) === 0; o <== x;", 1),
        ("x * (x - 2) === 0; o <== x;", None),
        ("x * x === x; o <== x;", 1),
    ],
)
def test_the_width_of_an_output(written: Written, body: str, bits: int | None) -> None:
    text = (
        f"{BITS}template T() {{ signal input a; signal input s; signal input x; signal output o;\n"
        f"component c = Bits(8); c.in <== a; s * (s - 1) === 0; {body} }}\ncomponent main = T();\n"
    )
    report = report_on_source(written(text))
    assert report.exact
    assert [one.bits for one in report.public_signals] == [bits]
