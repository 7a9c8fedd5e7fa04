"""`make test` judges the demo by its exit code and by its schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.setup import actions
from tools.setup.workspace import Workspace

SCHEMA = {"type": "object", "required": ["proofs"], "properties": {"proofs": {"type": "array", "minItems": 1}}}


@pytest.fixture
def demo(workspace: Workspace) -> Callable[[str], str | None]:
    """A function that puts a script in the place of `.venv/bin/anomi` and returns what is wrong with its demo."""
    schema = workspace.root / actions.DEMO_SCHEMA
    schema.parent.mkdir(parents=True)
    schema.write_text(json.dumps(SCHEMA))
    command = workspace.venv / "bin" / "anomi"
    command.parent.mkdir(parents=True)

    def run(script: str) -> str | None:
        command.write_text(f'#!/bin/sh\ntest "$*" = "demo --json" || exit 9\n{script}\n')
        command.chmod(0o755)
        return actions.demo_problem(workspace)

    return run


def test_a_fitting_document_passes(demo: Callable[[str], str | None]) -> None:
    assert demo("""echo progress >&2; echo '{"proofs": [1]}'""") is None


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("echo 'error: no keys' >&2; exit 3", "anomi demo --json ended with exit code 3:\nerror: no keys"),
        ("echo all went well", "anomi demo --json printed something that is not JSON"),
        ("""echo '{"proofs": []}'""", "does not fit docs/reference/demo.schema.json at $.proofs: [] should be"),
        ("""echo '{}'""", "at $: 'proofs' is a required property"),
    ],
)
def test_anything_else_does_not(demo: Callable[[str], str | None], script: str, problem: str) -> None:
    found = demo(script)
    assert found is not None
    assert problem in found


def test_a_missing_schema_fails(demo: Callable[[str], str | None], workspace: Workspace) -> None:
    (workspace.root / actions.DEMO_SCHEMA).unlink()
    found = demo("""echo '{"proofs": [1]}'""")
    assert found is not None
    assert found.startswith("docs/reference/demo.schema.json cannot be read")


def test_the_schema_of_this_project_is_one(repo_root: Path) -> None:
    import jsonschema

    schema = json.loads((repo_root / actions.DEMO_SCHEMA).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    with pytest.raises(jsonschema.exceptions.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({})
