"""Where the checkout is that set-up built artifacts in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anomi_core.errors import MissingToolError

__all__ = ["ArtifactMissingError", "CircuitArtifacts", "build_folder", "circuit_artifacts"]


class ArtifactMissingError(MissingToolError):
    """Something that `make setup` makes is not there."""


@dataclass(frozen=True)
class CircuitArtifacts:
    """The compiled form and the development key of one circuit."""

    name: str
    r1cs: Path
    wasm: Path
    zkey: Path
    vk_json: Path
    manifest: dict[str, Any]


def build_folder() -> Path:
    """Return the `build` folder of the checkout that this command was installed from, or of the one around us."""
    for start in (Path(__file__).resolve(), Path.cwd()):
        for folder in start.parents if start.is_file() else (start, *start.parents):
            if (folder / "pyproject.toml").is_file() and (folder / "spec" / "circuits.toml").is_file():
                return folder / "build"
    raise ArtifactMissingError(
        "this command works on the artifacts of an ANOMI checkout, and none was found", hint="run it inside one"
    )


def circuit_artifacts(name: str) -> CircuitArtifacts:
    """Return the artifacts of a keyed circuit; raises ArtifactMissingError naming what is not there."""
    folder = build_folder() / "circuits" / name
    files = {
        "r1cs": folder / f"{name}.r1cs",
        "wasm": folder / f"{name}.wasm",
        "zkey": folder / f"{name}.zkey",
        "vk_json": folder / f"{name}.vk.json",
    }
    manifest = folder / "manifest.json"
    for path in (*files.values(), manifest):
        if not path.is_file():
            raise ArtifactMissingError(f"{path} is missing", hint="run `make setup`")
    return CircuitArtifacts(name=name, manifest=json.loads(manifest.read_text(encoding="utf-8")), **files)
