"""What a wheel carries beside the packages: the circuit compiler, circomlib, crates, the built verifier.

hatchling runs this for every wheel. An editable installation finds all of it in its checkout and gets nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["WheelDataHook", "carried"]

NODE_MODULES = Path(".tools/npm/node_modules")
PROGRAMS = Path("build/programs")


class WheelDataHook(BuildHookInterface[BuilderConfig]):
    """The hook that pyproject.toml names."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files; fail where set-up has not made them."""
        if version != "editable":
            build_data["force_include"].update(carried(Path(self.root)))


def carried(root: Path) -> dict[str, str]:
    """Return each file or folder of the checkout `root` that a wheel carries, with its place in the wheel.

    Raises FileNotFoundError naming what is missing.
    """
    sys.path.insert(0, str(root / "sbf"))
    sys.path.insert(0, str(root / "core"))
    try:
        from anomi_sbf.shipped import CRATES
    finally:
        del sys.path[:2]
    places: dict[Path, str] = {}
    for name in ("circom2/circom.wasm", "circom2/package.json", "circomlib/package.json", "circomlib/circuits"):
        places[NODE_MODULES / name] = f"anomi_prover/shipped/node_modules/{name}"
    for name in ("manifest.json", "groth16_verifier.so", "groth16_verifier.v3.so"):
        places[PROGRAMS / name] = f"anomi_sbf/shipped/programs/{name}"
    places[Path("verifier_program/Cargo.toml")] = "anomi_sbf/shipped/verifier_program/Cargo.toml"
    for crate in CRATES:
        for name in ("Cargo.toml", "src"):
            places[Path("verifier_program") / crate / name] = f"anomi_sbf/shipped/verifier_program/{crate}/{name}"
    # circom and circomlib are under this licence.
    places[Path("circuits/LICENSE")] = "anomi_prover/shipped/node_modules/LICENSE"
    missing = [str(path) for path in places if not (root / path).exists()]
    if missing:
        raise FileNotFoundError(f"a wheel needs what `make setup` makes; missing: {', '.join(missing)}")
    return {str(root / path): place for path, place in places.items()}
