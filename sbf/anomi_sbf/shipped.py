"""What travels with the package for programs of other people: the crates of a gate, and the verifier as built.

In a checkout both are where they are made; a wheel carries copies (`tools/wheel_data.py` puts them there).
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Final

from anomi_core.errors import MissingToolError

__all__ = ["CRATES", "ShippedFilesMissingError", "copy_crates", "programs_folder"]

CRATES: Final = (
    "crates/groth16-verify",
    "crates/layout",
    "crates/account-checks",
    "programs/groth16_verifier/interface",
)
"""Folders of `verifier_program` that a gated program is compiled with: the two ways to verify, and what they need."""

MEMBERS: Final = re.compile(r"^members = \[.*\]$", re.MULTILINE)
_INSTALLED: Final = Path(__file__).with_name("shipped")
_CHECKOUT: Final = Path(__file__).resolve().parents[2]


class ShippedFilesMissingError(MissingToolError):
    """The crates or the built verifier are neither in this installation nor in a checkout around it."""


def programs_folder() -> Path:
    """Return the folder of the built groth16_verifier and its manifest, for `anomi_sdk.programs.load_program`.

    Raises ShippedFilesMissingError.
    """
    return _find("programs", _CHECKOUT / "build" / "programs", "manifest.json")


def copy_crates(into: Path) -> None:
    """Copy CRATES into a new folder, as a cargo workspace without tests. Raises ShippedFilesMissingError.

    What the crates inherit (versions, lints) stands in the workspace's Cargo.toml, so that is copied too, with the
    members that are there.
    """
    sources = _find("verifier_program", _CHECKOUT / "verifier_program", "Cargo.toml")
    into.mkdir(parents=True)
    members = f"members = {json.dumps(CRATES)}"
    manifest, count = MEMBERS.subn(members, (sources / "Cargo.toml").read_text(encoding="utf-8"))
    if count != 1:
        raise ShippedFilesMissingError(f"{sources / 'Cargo.toml'} lists no members", hint="install the package again")
    (into / "Cargo.toml").write_text(manifest, encoding="utf-8")
    for crate in CRATES:
        (into / crate).mkdir(parents=True)
        shutil.copy(sources / crate / "Cargo.toml", into / crate / "Cargo.toml")
        shutil.copytree(sources / crate / "src", into / crate / "src")


def _find(name: str, in_checkout: Path, mark: str) -> Path:
    for folder in (_INSTALLED / name, in_checkout):
        if (folder / mark).is_file():
            return folder
    raise ShippedFilesMissingError(
        f"neither {_INSTALLED / name} nor {in_checkout} holds {mark}",
        hint="install the package again; in a checkout, run `make setup`",
    )
