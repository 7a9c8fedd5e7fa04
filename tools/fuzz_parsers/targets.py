"""The readers written in Python, each with the corpus that it is fuzzed from and tested with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from anomi_core.errors import AnomiError
from anomi_prover.ptau import read_ptau_header
from anomi_prover.r1cs import read_r1cs
from anomi_prover.sym import read_sym
from anomi_prover.verify import read_proof, read_public_inputs, read_verifying_key
from anomi_prover.witness_input import flatten_inputs, read_input_json
from anomi_prover.wtns import read_wtns
from anomi_prover.zkey import read_zkey_header

__all__ = ["CORPORA", "NATIVE", "PYTHON", "SOURCES", "Target", "outcome"]

ROOT: Final = Path(__file__).resolve().parents[2]
CORPORA: Final = ROOT / "tests" / "fuzz" / "corpora"
NATIVE: Final = ("r1cs", "wtns", "zkey", "proving-key", "ptau")
"""The binaries of prover/native/fuzz; each name is that of its corpus too."""
SOURCES: Final = (str(ROOT / "core" / "anomi_core") + "/", str(ROOT / "prover" / "anomi_prover") + "/")
"""Whose lines count as covered."""

EXIT_CODES: Final = (1, 2)


@dataclass(frozen=True)
class Target:
    """A reader: what it does with a file, and whether the file is JSON."""

    read: Callable[[Path], object]
    is_json: bool = False


def _sym(path: Path) -> None:
    read_sym(path).main_dimensions()


def _input(path: Path) -> None:
    flatten_inputs(read_input_json(path))


PYTHON: Final[Mapping[str, Target]] = MappingProxyType(
    {
        "r1cs": Target(read_r1cs),
        "wtns": Target(read_wtns),
        "zkey": Target(read_zkey_header),
        "ptau": Target(read_ptau_header),
        "sym": Target(_sym),
        "vk-json": Target(read_verifying_key, is_json=True),
        "proof-json": Target(read_proof, is_json=True),
        "public-json": Target(read_public_inputs, is_json=True),
        "input-json": Target(_input, is_json=True),
    }
)


def outcome(target: Target, path: Path) -> type[AnomiError] | None:
    """Return the class of the refusal, or None when the file was read; whatever else is raised is a finding."""
    try:
        target.read(path)
    except AnomiError as error:
        if error.exit_code not in EXIT_CODES:
            raise
        return type(error)
    return None
