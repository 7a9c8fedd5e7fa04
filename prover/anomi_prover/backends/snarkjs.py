"""The reference prover: `snarkjs groth16 prove`."""

from __future__ import annotations

from pathlib import Path

from anomi_core.groth16 import Proof
from anomi_prover import tools
from anomi_prover.backends.output import read_output

__all__ = ["NAME", "prove"]

NAME = "snarkjs"


def prove(zkey: Path, wtns: Path, folder: Path) -> tuple[Proof, tuple[int, ...]]:
    """Return an unverified proof and its public inputs; `folder` is private scratch space.

    Raises MissingToolError, SnarkjsError, and what parsing its output raises.
    """
    proof, public = folder / "proof.json", folder / "public.json"
    tools.run_snarkjs(["groth16", "prove", *(str(path.absolute()) for path in (zkey, wtns, proof, public))])
    return read_output(proof, public)
