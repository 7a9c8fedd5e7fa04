"""The parser: every file of ours and of circomlib, what is refused with its place, and where things stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from anomi_prover.circom_source.parser import parse_file
from anomi_prover.circom_source.syntax import (
    AnonymousComponent,
    Call,
    Constraint,
    Declaration,
    Infix,
    Substitution,
    Variable,
    expressions_in,
    statements_in,
    subexpressions,
)
from anomi_prover.circom_source.tokens import CircomSyntaxError
from anomi_prover.tools import find_node_module

ROOT = Path(__file__).resolve().parents[3]


def circom_files() -> list[Path]:
    circomlib = find_node_module("circomlib/package.json")
    assert circomlib is not None, "circomlib is missing; run `make setup`"
    return [*(ROOT / "circuits").rglob("*.circom"), *circomlib.parent.rglob("*.circom")]


def test_our_circuits_and_all_of_circomlib_parse() -> None:
    files = circom_files()
    assert len(files) > 100
    for path in files:
        parsed, _ = parse_file(path.read_text(encoding="utf-8"), str(path))
        assert parsed.definitions or parsed.main or parsed.includes, path


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("template T() { signal input a }", "f:1:31"),
        ("template T() {\n  a <== ;\n}", "f:2:9"),
        ("template T() { /* for ever", "f:1:16"),
        ("template T() { var a = 1 # 2; }", "f:1:26"),
        ("template T( { }", "f:1:13"),
        ("function f() { return 1; ", "f:1:26"),
        ("component main = T()", "f:1:21"),
        ("include lib;", "f:1:9"),
        ("pragma circom 2.0.0", "f:1:1"),
        ("template T() { var a = " + "(" * 300 + "1" + ")" * 300 + "; }", "f:1:"),
        ("template T() { var a = " + "-" * 5000 + "1; }", "f:1:"),
        ("template T() " + "{" * 5000, "f:1:"),
    ],
)
def test_what_is_no_circom_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(CircomSyntaxError) as refused:
        parse_file(text, "f")
    assert str(refused.value).startswith(place)


def test_operators_bind_as_circom_binds_them() -> None:
    """`**` before `*` before `+` before shifts before `&` `^` `|` before comparisons; all leftwards."""
    text = "function f(a) { return a - 1 - 2 * 3 ** 2 << 1 & 7 == 4 || 0 && !a ? -a ** 2 : a | 1; }"
    parsed, _ = parse_file(text, "f")
    value = next(iter(expressions_in(parsed.definitions[0].body.statements[0])))

    def shown(node: object) -> str:
        match node:
            case Infix(operator=operator, left=left, right=right):
                return f"({shown(left)}{operator}{shown(right)})"
        fields = {name: getattr(node, name) for name in ("value", "name", "operand", "operator") if hasattr(node, name)}
        if "operand" in fields:
            return f"[{fields['operator']}{shown(fields['operand'])}]"
        return str(fields.get("value", fields.get("name")))

    ternary = value
    assert shown(ternary.condition) == "(((((a-1)-(2*(3**2)))<<1)&7)==4)||(0&&[!a])".join("()")  # type: ignore[union-attr]
    assert shown(ternary.yes) == "([-a]**2)"  # type: ignore[union-attr]
    assert shown(ternary.no) == "(a|1)"  # type: ignore[union-attr]


def test_statements_know_their_places() -> None:
    text = (
        'pragma circom 2.2.3;\ninclude "a.circom"\n// why\ntemplate T(n) {\n  signal input {binary} a[n], b;\n'
        "  input Point(n) p;\n  Point(n) {t} q;\n  a[0] * b ==> c.x[1].y;\n  signal (s, t) <== Two()"
        "(y <== b, x <== a);\n"
        "  for (var i = 0; i < n; i++) { c.z --> d; 0 === a[i]; }\n}\ncomponent main {public [a]} = T(3);\n"
    )
    parsed, comments = parse_file(text, "f")
    assert parsed.includes == ("a.circom",)
    assert [(one.line, one.text, one.after_code) for one in comments] == [(3, "// why", False)]
    template = parsed.definitions[0]
    assert (template.name, template.line, template.end_line, template.parameters) == ("T", 4, 11, ("n",))
    statements = list(statements_in(template.body))
    declared = [one for one in statements if isinstance(one, Declaration)]
    assert [(one.kind, one.symbols[0].name, one.tags, one.bus.name if one.bus else None) for one in declared] == [
        ("input", "a", ("binary",), None),
        ("input", "b", ("binary",), None),
        ("input", "p", (), "Point"),
        ("signal", "q", ("t",), "Point"),
        ("signal", "s", (), None),
        ("var", "i", (), None),
    ]
    assigned = [one for one in statements if isinstance(one, Substitution)]
    assert [(one.line, one.operator) for one in assigned] == [(8, "<=="), (9, "<=="), (10, "="), (10, "="), (10, "<--")]
    target = assigned[0].target
    assert isinstance(target, Variable)
    assert (target.name, target.line, target.column) == ("c", 8, 16)
    anonymous = assigned[1].value
    assert isinstance(anonymous, AnonymousComponent)
    assert anonymous.names == ("y", "x")
    constraint = next(one for one in statements if isinstance(one, Constraint))
    assert [one.name for one in subexpressions(constraint.right) if isinstance(one, Variable)] == ["a", "i"]
    assert parsed.main is not None
    assert parsed.main.public == ("a",)
    assert isinstance(parsed.main.value, Call)
