"""What the command writes: JSON by its schema, SARIF by its rules, a page that needs nothing but itself; exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from anomi_cli.circuit_report.hashing import POSEIDON_CONSTRAINTS, hashing_lines, poseidon_constraints
from anomi_cli.commands.circuit_report import FindingsError, report
from anomi_prover.circuit_report.findings import RULES
from anomi_prover.circuit_report.report import report_on_r1cs, report_on_source
from anomi_prover.compile import compile_circuit
from anomi_prover.r1cs import read_r1cs
from tests.unit.circuit_report.conftest import Written
from tests.unit.circuit_report.test_rules import FOLDERS

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = ROOT / "docs" / "reference" / "circuit-report.schema.json"
CIRCUIT = """
template Square() { signal input in; signal output out; out <== in * in; }
template Main(n) { // <script>alert(1)</script>
  signal input a[n]; signal input secret; signal output sum; signal q;
  component square[n]; var s = 0;
  for (var i = 0; i < n; i++) { square[i] = Square(); square[i].in <== a[i] + secret; s += square[i].out; }
  sum <== s;
  q <-- secret >> 1;
  signal unused; // anomi: allow(unused-signal): the layout of an older version
}
component main {public [a]} = Main(3);
"""


@pytest.fixture
def outputs(written: Written, tmp_path: Path) -> tuple[Path, dict[str, Any], dict[str, Any], str]:
    """Run the command once for everything it writes."""
    source = written(CIRCUIT)
    files = [tmp_path / name for name in ("page.html", "report.json", "log.sarif")]
    arguments = [str(source), "--html", str(files[0]), "--report-json", str(files[1]), "--sarif", str(files[2])]
    done = CliRunner().invoke(report, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    assert "circuit.circom:9:3: error: q is assigned by <--" in done.output
    return source, json.loads(files[1].read_text()), json.loads(files[2].read_text()), files[0].read_text()


def test_everything_that_is_written(outputs: tuple[Path, dict[str, Any], dict[str, Any], str]) -> None:
    _, data, log, page = outputs
    jsonschema.validate(data, json.loads(SCHEMA.read_text()))
    assert data["attribution"] == {"exact": True, "doubt": None, "combined": 0}
    assert data["size"]["constraints"] == data["components"]["total"] == sum(one["left"] for one in data["lines"]) == 3
    assert data["size"]["written"] == data["components"]["written"] == sum(one["written"] for one in data["lines"]) == 7
    assert [one["instances"] for one in data["components"]["children"]] == [3]
    assert data["chain"]["public_inputs"] == 4
    _check_sarif(log, data)
    _check_page(page)


def _check_sarif(log: dict[str, Any], data: dict[str, Any]) -> None:
    """SARIF 2.1.0: §3.13 sarifLog, §3.14 run, §3.27 result, §3.30 region, §3.35 suppression."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == list(RULES)
    for one in rules:
        assert one["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert one["shortDescription"]["text"]
    assert len(run["results"]) == len(data["findings"]) == 2
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "circuit.circom"
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
    allowed = [one for one in run["results"] if "suppressions" in one]
    assert [one["suppressions"] for one in allowed] == [
        [{"kind": "inSource", "justification": "the layout of an older version"}]
    ]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _check_page(page: str) -> None:
    """Nothing is loaded, the policy forbids it, and no text of the source becomes a tag."""
    tags = _Tags()
    tags.feed(page)
    assert [tag for tag, _ in tags.found].count("script") == 2
    for tag, attributes in tags.found:
        assert tag not in ("link", "img", "iframe", "object", "base", "form")
        assert not {"src", "action"} & set(attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert "default-src 'none'" in page
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert not re.search(r"https?://", page)
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["components"]["total"] == 3


@pytest.mark.parametrize(("level", "fails"), [("error", True), ("warning", True), ("never", False)])
def test_exit_codes(written: Written, level: str, fails: bool) -> None:
    body = "signal input a; signal output o; signal q; q <-- a >> 1; o <== a * a;"
    source = written(f"template T() {{ {body} }}\n")
    done = CliRunner().invoke(report, [str(source), "--fail-on", level])
    assert isinstance(done.exception, FindingsError) == fails
    clean = written("template T() { signal input a; signal output o; o <== a * a; }\n")
    assert CliRunner().invoke(report, [str(clean), "--fail-on", "note"]).exit_code == 0


def test_a_warning_is_no_error(written: Written) -> None:
    source = written("template T() { signal input a; signal output o; signal u; o <== a * a; }\n")
    assert CliRunner().invoke(report, [str(source), "--fail-on", "error"]).exit_code == 0
    assert isinstance(CliRunner().invoke(report, [str(source), "--fail-on", "warning"]).exception, FindingsError)


def test_a_circuit_without_its_source(written: Written) -> None:
    compiled = compile_circuit(written(CIRCUIT), optimisation="O2")
    with_names = report_on_r1cs(compiled.r1cs, compiled.sym)
    assert with_names.size is not None
    assert with_names.costs is not None
    assert with_names.costs.tree.total == with_names.size.constraints == 3
    assert not with_names.exact
    assert report_on_r1cs(compiled.r1cs, None).costs is None


def _hashed(written: Written, count: int) -> Iterator[int]:
    text = (
        "template Many(n) { signal input a[n]; signal input digest; signal output hashed; var s = 0;\n"
        "for (var i = 0; i < n; i++) { s += a[i]; } hashed <== s * digest; }\n"
    )
    source = written(f"{text}component main {{public [a]}} = Many({count - 1});\n", "many")
    found = report_on_source(source)
    lines = hashing_lines(found)
    assert lines is not None
    assert lines.rust.count("&words[") == count
    wrapped = source.with_name("hashed.circom")
    # The wrapped circuit has a main of its own, so the template is included from a file without one.
    source.write_text(f"pragma circom 2.2.3;\n{text}")
    wrapped.write_text(lines.circom)
    system = read_r1cs(compile_circuit(wrapped, include_dirs=FOLDERS, optimisation="O2").r1cs)
    assert system.n_public == 1
    assert found.size is not None
    yield system.n_constraints - found.size.constraints
    yield lines.added_constraints


def test_the_lines_that_hash_compile_and_cost_what_is_said(written: Written) -> None:
    added, told = _hashed(written, 3)
    assert added == told == POSEIDON_CONSTRAINTS[3]
    assert poseidon_constraints(13) == POSEIDON_CONSTRAINTS[12] + POSEIDON_CONSTRAINTS[1] + POSEIDON_CONSTRAINTS[2]


def test_one_public_input_is_hashed_already(written: Written) -> None:
    source = written("template T() { signal input a; signal output o; o <== a * a; }\ncomponent main = T();\n")
    assert hashing_lines(report_on_source(source)) is None
