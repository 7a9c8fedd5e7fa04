"""Every circuit of spec/circuits.toml, compiled into build/circuits/<main>."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from anomi_core.spec import CIRCUIT_PRESETS
from anomi_prover.cache import Cache
from anomi_prover.compile import compile_circuit
from anomi_prover.files import atomic_write
from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file, hash_text, hash_tree

__all__ = ["CIRCUITS", "CIRCUIT_RECORD", "MANIFEST", "circuit_folder", "overrides"]

MANIFEST = "manifest.json"
"""What a circuit's files were made from; with its key, where it has one."""
CIRCUIT_RECORD = "compiled.json"
"""The part of the manifest that does not depend on a key."""


# A developer may point to other programs; what they make is not what the project's own would have made.
_OVERRIDES = ("ANOMI_CIRCOM", "ANOMI_CIRCOM_WASM", "ANOMI_NODE", "ANOMI_SNARKJS")


def circuit_folder(workspace: Workspace, main: str) -> Path:
    """Return where the files of one main component lie."""
    return workspace.build / "circuits" / main


def overrides() -> dict[str, str]:
    """Return the environment variables that change which programs work, as inputs of a step."""
    return {name: os.environ[name] for name in _OVERRIDES if os.environ.get(name)}


def _inputs(workspace: Workspace) -> dict[str, str]:
    return {
        "circuits": hash_tree(workspace.root / "circuits", ["*.circom"]),
        "presets": hash_text(repr(CIRCUIT_PRESETS)),
        "prover": hash_tree(workspace.root / "prover" / "anomi_prover", ["*.py"]),
        "code": hash_file(Path(__file__)),
    } | overrides()


def _build(context: Context) -> Iterable[Path]:
    workspace, reporter = context.workspace, context.reporter
    cache = Cache.default(progress=reporter)
    libraries = [workspace.npm / "node_modules"]
    outputs: list[Path] = []
    reporter.start("compiling", len(CIRCUIT_PRESETS))
    for preset in CIRCUIT_PRESETS:
        source = workspace.root / "circuits" / "main" / f"{preset.main}.circom"
        folder = circuit_folder(workspace, preset.main)
        compiled = compile_circuit(source, include_dirs=libraries, cache=cache)
        outputs += compiled.place(folder).values()
        record = (json.dumps(compiled.manifest, indent=2) + "\n").encode()
        for name in (CIRCUIT_RECORD, MANIFEST):
            atomic_write(folder / name, record)
        # The manifest of a circuit that gets a key is rewritten, and answered for, by the step that makes the key.
        outputs += [folder / CIRCUIT_RECORD] if preset.keyed else [folder / CIRCUIT_RECORD, folder / MANIFEST]
        reporter.advance(1)
    reporter.done()
    return outputs


CIRCUITS = Step(
    name="circuits",
    title="circuits (build/circuits)",
    inputs=_inputs,
    build=_build,
    after=("npm",),
)
