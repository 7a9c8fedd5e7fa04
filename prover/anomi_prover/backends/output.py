"""What a proving program wrote: its two JSON files, read as strictly as anyone else's."""

from __future__ import annotations

from pathlib import Path

from anomi_core.groth16 import Proof, parse_proof, parse_public_inputs
from anomi_core.groth16.snarkjs_json import PROOF_BYTES_MAX, PUBLIC_INPUTS_BYTES_MAX
from anomi_prover.files import read_file

__all__ = ["read_output"]


def read_output(proof: Path, public: Path) -> tuple[Proof, tuple[int, ...]]:
    """Read `proof.json` and `public.json`. Raises what reading and parsing raise."""
    return (
        parse_proof(read_file(proof, max_bytes=PROOF_BYTES_MAX, what="proof")),
        parse_public_inputs(read_file(public, max_bytes=PUBLIC_INPUTS_BYTES_MAX, what="public inputs file")),
    )
