"""`snarkjs groth16 verify`: the reference verifier, as a program of its own, about 0.8 s."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from anomi_core.groth16 import Proof, VerifyingKey, proof_json, public_inputs_json, verifying_key_json
from anomi_prover import tools
from anomi_prover.files import atomic_write

__all__ = ["NAME", "pairing_equation_holds"]

NAME = "snarkjs"

_REFUSAL = ": Invalid proof"
"""How snarkjs ends when the equation does not hold; any other error is a failure, not a verdict."""


def pairing_equation_holds(key: VerifyingKey, public_inputs: Sequence[int], proof: Proof) -> bool:
    """Whether snarkjs accepts. It compares no counts and no subgroups: `anomi_prover.verify` checks those first.

    Raises MissingToolError without Node or snarkjs, and SnarkjsError when it fails in another way than by refusing.
    """
    with tempfile.TemporaryDirectory(prefix="anomi-verify-") as folder:
        names = ("verification_key.json", "public.json", "proof.json")
        texts = (verifying_key_json(key), public_inputs_json(public_inputs), proof_json(proof))
        paths = [Path(folder, name) for name in names]
        for path, text in zip(paths, texts, strict=True):
            atomic_write(path, text.encode())
        try:
            output = tools.run_snarkjs(["groth16", "verify", *map(str, paths)])
        except tools.SnarkjsError as error:
            if str(error).endswith(_REFUSAL):
                return False
            raise
    return "OK!" in output
