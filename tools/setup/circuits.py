"""Every circuit of spec/circuits.toml, compiled into build/circuits/<main>."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from anomi_core.spec import CIRCUIT_PRESETS
from anomi_prover.cache import Cache
from anomi_prover.compile import CompiledCircuit, compile_circuit
from anomi_prover.manifest import write_manifest
from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file, hash_text, hash_tree

__all__ = ["CIRCUITS", "circuit_folder", "compiled_circuit", "overrides"]

# A developer may point to other programs; what they make is not what the project's own would have made.
_OVERRIDES = ("ANOMI_CIRCOM", "ANOMI_CIRCOM_WASM", "ANOMI_NODE", "ANOMI_SNARKJS")


def circuit_folder(workspace: Workspace, main: str) -> Path:
    """Return where the files of one main component lie."""
    return workspace.build / "circuits" / main


def compiled_circuit(workspace: Workspace, main: str, cache: Cache) -> CompiledCircuit:
    """Compile one main component, or find what an earlier run made of the same sources."""
    source = workspace.root / "circuits" / "main" / f"{main}.circom"
    return compile_circuit(source, include_dirs=[workspace.npm / "node_modules"], cache=cache)


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
    outputs: list[Path] = []
    reporter.start("compiling", len(CIRCUIT_PRESETS))
    for preset in CIRCUIT_PRESETS:
        folder = circuit_folder(workspace, preset.main)
        compiled = compiled_circuit(workspace, preset.main, cache)
        outputs += compiled.place(folder).values()
        if not preset.keyed:
            # The manifest of a circuit that gets a key is written, and answered for, by the step that makes the key.
            outputs.append(write_manifest(folder, compiled.manifest, None, name=preset.main))
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
