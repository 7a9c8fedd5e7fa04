"""Every rule: an example that it finds, and a twin that it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from anomi_prover.circom_source.facts import gather
from anomi_prover.circom_source.program import read_program
from anomi_prover.circom_source.unroll import unroll
from anomi_prover.circuit_report.findings import RULES
from anomi_prover.circuit_report.hint_rules import hint_findings
from anomi_prover.circuit_report.report import report_on_source
from anomi_prover.circuit_report.use_rules import use_findings
from anomi_prover.tools import find_node_module
from tests.unit.circuit_report.conftest import Written

ROOT = Path(__file__).resolve().parents[3]
CIRCOMLIB = find_node_module("circomlib/package.json")
FOLDERS = [CIRCOMLIB.parent.parent] if CIRCOMLIB else []

PARTS = """
template Num2Bits(n) { signal input in; signal output out[n]; var s = 0;
  for (var i = 0; i < n; i++) { out[i] <-- (in >> i) & 1; out[i] * (out[i] - 1) === 0; s += out[i] * 2 ** i; }
  s === in; }
template IsZero() { signal input in; signal output out; signal inv; inv <-- in != 0 ? 1 / in : 0;
  out <== 1 - in * inv; in * out === 0; }
template Pair() { signal input in; signal output x; signal output y; x <== in * in; y <== in + 1; }
"""

# rule: what it finds, and a twin without it; each the body of a template with an input a, b and an output o.
SOURCE = {
    "hint-without-constraint": (
        "signal q; q <-- a >> 1; o <== a * b;",
        "signal q; q <-- a >> 1; var v = q * 2; v * b === a; o <== a * b;",
    ),
    "unconstrained-output": ("a * b === 1;", "o <== a * b;"),
    "hint-could-be-constraint": ("o <-- a * b + 1; o === a * b + 1;", "o <-- (a >> 1) * b; o * 2 === a * b;"),
    "hint-quotient": ("o <-- a / b; o * b === a;", "o <-- b != 0 ? a / b : 0; o * b === a;"),
    "hint-integer-division": (
        "signal q; q <-- a \\ 3; signal r; r <-- a % 3; q * 3 + r === a; o <== q * r * 1 + b;",
        "signal q; q <-- a \\ 3; signal r; r <-- a % 3; q * 3 + r === a; o <== b * r;\n"
        "component x = Num2Bits(64); x.in <== q; component y = Num2Bits(2); y.in <== r;",
    ),
    "assert-on-signal": ("var v = a + 1; assert(v != 0); o <== a * b;", "assert(n > 0); o <== a * b;"),
    "non-strict-decomposition": (
        "component c = Num2Bits(254); c.in <== a; o <== a * b;",
        "component c = Num2Bits(253); c.in <== a; o <== a * b;",
    ),
    "unread-input": ("o <== a * a;", "o <== a * a; b * b === a;"),
    "unread-result": (
        "component z = IsZero(); z.in <== a; o <== a * b;",
        "component z = IsZero(); z.in <== a; o <== z.out * b;",
    ),
    "unused-output": (
        "component p = Pair(); p.in <== a; o <== a * b;",
        "component p = Pair(); p.in <== a; o <== p.y * b;",
    ),
    "unused-signal": ("signal u; o <== a * b;", "signal u; u <== a; o <== u * b;"),
    "unused-variable": ("var v = 1; o <== a * b;", "var v = 1; o <== a * b + v;"),
    "shadowed-name": (
        "var v = 1; if (n > 0) { var v = 2; o <== a * b + v; } else { o <== a * b + v; }",
        "var v = 1; if (n > 0) { var w = 2; o <== a * b + w + v; } else { var w = 3; o <== a * b + w; }",
    ),
    "suppression-without-reason": (
        "signal u; // anomi: allow(unused-signal)\n o <== a * b;",
        "signal u; // anomi: allow(unused-signal): kept for the layout\n o <== a * b;",
    ),
    "unused-suppression": (
        "signal u; // anomi: allow(unused-signal): kept\n u <== a; o <== u * b;",
        "signal u; // anomi: allow(unused-signal): kept\n o <== a * b;",
    ),
}

COMPARE = 'include "circomlib/circuits/comparators.circom";\ninclude "circomlib/circuits/bitify.circom";\n'
MUX = 'include "circomlib/circuits/mux1.circom";\n'
CIRCUIT = {
    "comparator-without-range-check": (
        (COMPARE, "component l = LessThan(8); l.in[0] <== a; l.in[1] <== 7; o <== l.out * b;"),
        (
            COMPARE,
            "component r = Num2Bits(8); r.in <== a; component l = LessThan(8); l.in[0] <== a; l.in[1] <== 7; "
            "o <== l.out * b;",
        ),
    ),
    "operand-not-boolean": (
        (MUX, "component m = Mux1(); m.c[0] <== a; m.c[1] <== 5; m.s <== b; o <== m.out;"),
        (MUX, "b * (b - 1) === 0; component m = Mux1(); m.c[0] <== a; m.c[1] <== 5; m.s <== b; o <== m.out;"),
    ),
    "input-without-constraint": (("", "o <== a * a;"), ("", "o <== a * a; signal c <== b * b;")),
}


def template(body: str) -> str:
    return f"template T(n) {{ signal input a; signal input b; signal output o; {body} }}\n"


def rules_of(path: Path) -> set[str]:
    return {one.rule for one in report_on_source(path, include_dirs=FOLDERS).findings if not one.is_suppressed}


def test_every_rule_has_its_examples() -> None:
    assert set(SOURCE) | set(CIRCUIT) == set(RULES)
    assert not set(SOURCE) & set(CIRCUIT)


@pytest.mark.parametrize("rule", SOURCE)
def test_a_rule_of_the_source_finds_one_and_leaves_the_other(written: Written, rule: str) -> None:
    bad, good = SOURCE[rule]
    assert rule in rules_of(written(PARTS + template(bad), "bad"))
    assert rule not in rules_of(written(PARTS + template(good), "good"))


@pytest.mark.parametrize("rule", CIRCUIT)
def test_a_rule_of_the_circuit_finds_one_and_leaves_the_other(written: Written, rule: str) -> None:
    bad, good = CIRCUIT[rule]
    main = "component main {public [b]} = T(1);\n"
    assert rule in rules_of(written(bad[0] + template(bad[1]) + main, "bad"))
    assert rule not in rules_of(written(good[0] + template(good[1]) + main, "good"))


def test_the_parts_themselves_are_clean(written: Written) -> None:
    assert rules_of(written(PARTS)) == set()


def test_our_circuits_break_no_rule() -> None:
    program = read_program(ROOT / "circuits" / "main" / "solvency.circom", FOLDERS)
    payment = read_program(ROOT / "circuits" / "main" / "payment.circom", FOLDERS)
    own = {
        located.definition.name: located
        for located in (*program.templates.values(), *payment.templates.values())
        if "node_modules" not in located.file.parts
    }
    assert len(own) > 10
    for located in own.values():
        facts = gather(located)
        assert [*hint_findings(facts), *use_findings(facts, {**payment.templates, **program.templates})] == []


def test_a_long_sum_is_read(written: Written) -> None:
    """Three thousand terms nest as deep to the left; circom itself ends there."""
    text = template(f"signal q; q <-- (a{' + a' * 3000}) >> 1; var v = q; v * b === a; o <== a{' + b' * 3000};")
    assert rules_of(written(text)) == set()
    assert unroll(read_program(written(f"{text}component main = T(1);\n"))).own_constraints == 2


def test_comments_allow_a_line_the_next_line_or_a_template(written: Written) -> None:
    reason = ": why"
    for text in (
        f"signal u; // anomi: allow(unused-signal){reason}\n",
        f"\n// anomi: allow(unused-signal, unused-variable){reason}\n// and more\nsignal u;\n",
        f"\n/* anomi: allow(unused-signal){reason} */\nsignal u;\n",
    ):
        found = report_on_source(written(template(f"{text} o <== a * b;"))).findings
        assert [(one.rule, one.reason) for one in found] == [("unused-signal", "why")], text
    whole = f"// anomi: allow(unused-signal){reason}\n" + template("o <== a * b;\n signal u;\n")
    report = report_on_source(written(whole))
    assert [one.is_suppressed for one in report.findings] == [True]
    assert report.worst() is None
    elsewhere = template("signal u;\n // anomi: allow(unused-signal): why\n o <== a * b;")
    assert [one.rule for one in report_on_source(written(elsewhere)).findings] == [
        "unused-signal",
        "unused-suppression",
    ]
