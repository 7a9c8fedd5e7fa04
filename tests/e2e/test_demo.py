"""`anomi demo --json`: valid against its schema, everything accepted and refused as it should be."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from .conftest import run_anomi


def test_demo(repo_root: Path) -> None:
    ran = run_anomi("demo", "--json")
    assert ran.exit_code == 0, ran.stderr
    schema = json.loads((repo_root / "docs" / "reference" / "demo.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(ran.document, schema)
    assert [proof["circuit"] for proof in ran.document["proofs"]] == ["solvency", "payment"]
    assert {row["refused_by"] for row in ran.document["refusals"]} == {
        "attestors",
        "solvency circuit",
        "payment circuit",
        "groth16_verifier",
    }
