"""Constraints and signals are traced back to the template and line that wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest

from anomi_prover.circuit_map import CircuitMap
from anomi_prover.circuit_words import check_names, describe_constraint, source_line
from anomi_prover.compile import compile_circuit
from anomi_prover.compile_sources import SourceFile, SourceTree, read_sources
from anomi_prover.r1cs import read_r1cs
from anomi_prover.sym import read_sym

SOURCE = """pragma circom 2.2.0;

bus Point() { signal x; signal y; }

template Inner(n) {
    signal input a[n];
    signal input b;
    signal output out;
    var sum = 0;
    for (var i = 0; i < n; i++) { sum += a[i] * 2 ** i; }

    // The sum is the product's root.
    signal root <-- sum;
    root === sum; // root is the sum
    out <== root * b;
}

template Outer() {
    signal input bits[2];
    signal input other;
    Point() output p;
    signal {maxbit} loose;
    component inner = Inner(2);

    loose.maxbit = 3;
    inner.a <== bits;
    inner.b <== other;
    p.x <== Inner(2)(bits, inner.out);
    if (1 == 1) { p.y <== inner.out
        * other; }
    loose <-- other;
    /* loose === other; */
}

component main {public [other]} = Outer();
"""


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> CircuitMap:
    path = tmp_path_factory.mktemp("map") / "outer.circom"
    path.write_text(SOURCE, encoding="utf-8")
    made = compile_circuit(path, optimisation="O0")
    return CircuitMap.read(read_r1cs(made.r1cs), read_sym(made.sym), read_sources(path, []), as_written=True)


@pytest.fixture(scope="module")
def simplified(mapped: CircuitMap) -> CircuitMap:
    assert mapped.program is not None
    path = mapped.program.main_file
    made = compile_circuit(path, optimisation="O1")
    return CircuitMap.read(read_r1cs(made.r1cs), read_sym(made.sym), read_sources(path, []))


def test_every_constraint_has_its_line(mapped: CircuitMap) -> None:
    places = [mapped.place_of_constraint(index) for index in range(mapped.r1cs.n_constraints)]
    assert all(place.certain for place in places)
    found = sorted((place.template or "", place.instance.split("_")[0], place.lines[0]) for place in places)
    inner = [
        ("Inner", "main.Inner", 14),
        ("Inner", "main.Inner", 15),
        ("Inner", "main.inner", 14),
        ("Inner", "main.inner", 15),
    ]
    outer = [("Outer", "main", line) for line in (26, 26, 27, 28, 28, 28, 28, 29)]
    assert found == inner + outer


def test_signals_know_their_declaration_and_assignment(mapped: CircuitMap) -> None:
    for name, kind, declared, assigned in (
        ("main.bits[1]", "input", 19, 19),
        ("main.p.x", "output", 21, 28),
        ("main.loose", "intermediate", 22, 31),
        ("main.inner.b", "input", 7, 27),
        ("main.inner.root", "intermediate", 13, 13),
    ):
        assert mapped.kind_of(name) == kind
        assert (at := mapped.declaration_of(name)) is not None and at[1] == declared
        assert (at := mapped.statement_of(name)) is not None and at[1] == assigned
    assert mapped.is_hinted("main.loose") and mapped.is_hinted("main.inner.root")
    assert not mapped.is_hinted("main.p.x")
    assert mapped.elements_of("main.bits") == ("main.bits[0]", "main.bits[1]")
    assert (mapped.main, mapped.public) == ("Outer", ("other",))


def test_broken_constraint_is_described_with_values(mapped: CircuitMap) -> None:
    witness = [1] * mapped.r1cs.n_wires
    broken = next(mapped.r1cs.violations(witness))
    text = describe_constraint(mapped, broken, witness)
    assert "outer.circom:14, template Inner" in text
    assert "source: root === sum; // root is the sum" in text
    assert ".root = 1" in text
    assert "the left side is" in text


def test_comments_name_the_check(mapped: CircuitMap) -> None:
    assert mapped.program is not None
    file = mapped.program.main_file
    assert check_names(file, 14) == ("root is the sum", "The sum is the product's root")
    assert check_names(file, 26) == check_names(file, 999) == check_names(file, 0) == ()
    assert source_line(file, 15) == "out <== root * b;"
    assert source_line(file, 999) == source_line(Path("/nowhere"), 1) == ""


def test_without_source_instances_are_known(mapped: CircuitMap) -> None:
    bare = CircuitMap.read(mapped.r1cs, mapped.sym)
    places = [bare.place_of_constraint(index) for index in range(bare.r1cs.n_constraints)]
    assert all(place.template is None and place.lines == () and not place.certain for place in places)
    assert {place.instance.split("_")[0] for place in places} == {"main", "main.inner", "main.Inner"}
    assert bare.kind_of("main.loose") is None
    assert bare.statement_of("main.loose") is None


def test_lines_of_a_simplified_circuit_are_not_certain(simplified: CircuitMap) -> None:
    places = [simplified.place_of_constraint(index) for index in range(simplified.r1cs.n_constraints)]
    assert not any(place.certain for place in places)
    # The signals that are left are main's and its components', so main is where all of them are seen.
    assert {(place.template, place.lines) for place in places} == {
        ("Outer", one) for one in ((26, 28), (27, 29), (28,))
    }
    assert simplified.doubt == "only circom --O0 leaves constraints as their statements write them"
    single = next(index for index, place in enumerate(places) if place.lines == (28,))
    text = describe_constraint(simplified, single, [2] * simplified.r1cs.n_wires)
    assert "the line is not certain: only circom --O0" in text
    assert " (about), template " in text


def test_a_simplified_circuit_is_known_by_its_signals(simplified: CircuitMap) -> None:
    assert simplified.kind_of("main.inner.b") == "input"
    assert simplified.is_hinted("main.inner.root") and not simplified.is_hinted("main.inner.b")


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        (("loose <-- other;", "loose <== other;"), "the source writes "),
        (("out <== root * b;", "out <== absent;"), "the name absent is not declared"),
        (("out <== root * b;", "out <== root * ;"), "an expression is expected"),
    ],
)
def test_another_source_gives_no_certain_lines(mapped: CircuitMap, changed: tuple[str, str], doubt: str) -> None:
    assert mapped.program is not None
    file = SourceFile(mapped.program.main_file, SOURCE.replace(*changed), ())
    other = CircuitMap.read(mapped.r1cs, mapped.sym, SourceTree((file,)), as_written=True)
    assert doubt in (other.doubt or "")
    places = [other.place_of_constraint(index) for index in range(other.r1cs.n_constraints)]
    assert not any(place.certain for place in places)
    parsed = other.program is not None
    assert {place.template for place in places} == ({"Inner", "Outer"} if parsed else {None})
    assert other.kind_of("main.inner.b") == ("input" if parsed else None)


def test_a_comment_of_many_lines_moves_no_line(tmp_path: Path) -> None:
    path = tmp_path / "headed.circom"
    path.write_text(f"/*\n * a licence\n */\n{SOURCE}", encoding="utf-8")
    made = compile_circuit(path, optimisation="O0")
    headed = CircuitMap.read(read_r1cs(made.r1cs), read_sym(made.sym), read_sources(path, []), as_written=True)
    assert {headed.place_of_constraint(index).lines for index in range(headed.r1cs.n_constraints)} == {
        (line + 3,) for line in (14, 15, 26, 27, 28, 29)
    }
