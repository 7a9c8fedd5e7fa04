"""Every circuit of spec/circuits.toml, compiled; each also without the witness generator's own refusals.

`<main>.unasserted.wasm` computes a whole witness where `<main>.wasm` would stop at the first unmet `===`. The tests
edit such witnesses and have the constraints refuse them: what a dishonest prover would try.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from anomi_core.spec import CIRCUIT_PRESETS
from anomi_prover.cache import Cache
from anomi_prover.compile import compile_circuit

from tools.setup.place import copy_into_place
from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file, hash_text, hash_tree

__all__ = ["CIRCUITS", "circuit_folder"]

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
    libraries = [workspace.npm / "node_modules" / "circomlib" / "circuits"]
    outputs: list[Path] = []
    reporter.start("compiling", 2 * len(CIRCUIT_PRESETS))
    for preset in CIRCUIT_PRESETS:
        source = workspace.root / "circuits" / "main" / f"{preset.main}.circom"
        folder = circuit_folder(workspace, preset.main)
        honest = compile_circuit(source, include_dirs=libraries, cache=cache)
        reporter.advance(1)
        unasserted = compile_circuit(source, include_dirs=libraries, constraint_asserts=False, cache=cache)
        reporter.advance(1)
        placed = {
            f"{preset.main}.r1cs": honest.r1cs,
            f"{preset.main}.wasm": honest.wasm,
            f"{preset.main}.sym": honest.sym,
            f"{preset.main}.unasserted.wasm": unasserted.wasm,
            "manifest.json": honest.manifest,
        }
        outputs += [copy_into_place(file, folder / name) for name, file in placed.items()]
    reporter.done()
    return outputs


CIRCUITS = Step(
    name="circuits",
    title="circuits (build/circuits)",
    inputs=_inputs,
    build=_build,
    after=("npm",),
)
