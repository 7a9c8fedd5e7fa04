"""The development powers of tau and, for each keyed circuit, the development key, made once per user."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from anomi_core.spec import CIRCUIT_PRESETS
from anomi_prover.cache import Cache
from anomi_prover.manifest import write_manifest
from anomi_prover.setup import DEVELOPMENT_PTAU, development_ptau, make_development_key
from tools.setup.circuits import circuit_folder, compiled_circuit, overrides
from tools.setup.place import copy_into_place
from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file, hash_text, hash_tree

__all__ = ["KEYS", "PTAU"]


def _ptau(workspace: Workspace) -> Path:
    return workspace.build / "ptau" / f"dev_{DEVELOPMENT_PTAU.power}.ptau"


def _inputs(workspace: Workspace) -> dict[str, str]:
    return {
        "recipe": hash_text(repr(DEVELOPMENT_PTAU)),
        "prover": hash_tree(workspace.root / "prover" / "anomi_prover", ["*.py"]),
        "core": hash_tree(workspace.root / "core" / "anomi_core", ["*.py"]),
        "code": hash_file(Path(__file__)),
    } | overrides()


def _build_ptau(context: Context) -> Iterable[Path]:
    reporter = context.reporter
    made = development_ptau(cache=Cache.default(progress=reporter), progress=reporter)
    return [copy_into_place(made, _ptau(context.workspace))]


def _build_keys(context: Context) -> Iterable[Path]:
    workspace, reporter = context.workspace, context.reporter
    cache = Cache.default(progress=reporter)
    outputs: list[Path] = []
    for preset in CIRCUIT_PRESETS:
        if not preset.keyed:
            continue
        folder = circuit_folder(workspace, preset.main)
        r1cs = folder / f"{preset.main}.r1cs"
        bundle = make_development_key(r1cs, _ptau(workspace), cache=cache, progress=reporter)
        outputs += bundle.place(folder, preset.main).values()
        circuit = compiled_circuit(workspace, preset.main, cache)
        outputs.append(write_manifest(folder, circuit.manifest, bundle, name=preset.main))
    return outputs


PTAU = Step(
    name="ptau",
    title="development powers of tau (once per user)",
    inputs=_inputs,
    build=_build_ptau,
    after=("native",),
)

KEYS = Step(
    name="keys",
    title="development keys (once per user)",
    inputs=_inputs,
    build=_build_keys,
    after=("native", "circuits", "ptau"),
)
