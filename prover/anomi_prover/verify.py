"""Verify a Groth16 proof: our strict checks first, whichever verifier computes the pairing.

`auto` is the native core when it is installed, else py-ecc: code independent of the prover, with no Node to start.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol, cast, runtime_checkable

from anomi_core.errors import MissingToolError, UsageError
from anomi_core.groth16 import (
    Proof,
    VerifyingKey,
    check_proof,
    check_public_inputs,
    check_verifying_key,
    parse_proof,
    parse_public_inputs,
    parse_verifying_key,
)
from anomi_core.groth16.errors import InvalidProofError
from anomi_core.groth16.snarkjs_json import PROOF_BYTES_MAX, PUBLIC_INPUTS_BYTES_MAX, VERIFYING_KEY_BYTES_MAX
from anomi_prover.files import read_file

__all__ = [
    "VERIFIERS",
    "StrictVerifier",
    "Verifier",
    "read_proof",
    "read_public_inputs",
    "read_verifying_key",
    "verifier",
    "verify",
    "verify_files",
]


class Verifier(Protocol):
    """What a verifier module offers."""

    NAME: str

    def pairing_equation_holds(self, key: VerifyingKey, public_inputs: Sequence[int], proof: Proof) -> bool:
        """Whether the bare pairing equation holds for arguments that have been checked."""


@runtime_checkable
class StrictVerifier(Protocol):
    """What a verifier module offers that makes every check of `verify` itself."""

    def verify_strictly(self, key: VerifyingKey, public_inputs: Sequence[int], proof: Proof) -> None:
        """Return when the proof is valid; raise what `verify` raises, in its order."""


VERIFIERS: Final = MappingProxyType(
    {
        "native": "anomi_prover.verifiers.native",
        "snarkjs": "anomi_prover.verifiers.snarkjs",
        "py-ecc": "anomi_prover.verifiers.py_ecc",
    }
)
"""Name → module, which is imported when it is asked for."""


def verifier(name: str = "auto") -> Verifier:
    """Return the verifier `name`. Raises UsageError on an unknown name, MissingToolError when it is not installed."""
    if name == "auto":
        name = "native" if importlib.util.find_spec("anomi_prover_native") else "py-ecc"
    if name not in VERIFIERS:
        raise UsageError(f"no verifier is called {name!r}; choose one of auto, {', '.join(VERIFIERS)}")
    try:
        return cast(Verifier, importlib.import_module(VERIFIERS[name]))
    except ModuleNotFoundError as error:
        raise MissingToolError(
            f"the verifier {name!r} is not installed on this machine",
            hint="use --backend py-ecc, which needs nothing else",
        ) from error
    except ImportError as error:
        raise MissingToolError(f"the verifier {name!r} cannot be loaded: {error}", hint="run `make native`") from error


def verify(key: VerifyingKey, public_inputs: Sequence[int], proof: Proof, backend: str = "auto") -> None:
    """Return when `proof` is valid for `key` and `public_inputs`; raise the exact refusal otherwise.

    Raises what `check_verifying_key`, `check_public_inputs` and `check_proof` raise, in that order, then
    InvalidProofError when the pairing equation does not hold.
    """
    chosen = verifier(backend)
    if isinstance(chosen, StrictVerifier):
        chosen.verify_strictly(key, public_inputs, proof)
        return
    check_verifying_key(key)
    check_public_inputs(key, public_inputs)
    check_proof(proof)
    if not chosen.pairing_equation_holds(key, public_inputs, proof):
        raise InvalidProofError(
            "the proof is not valid for this verifying key and these public inputs",
            hint="compare the key with the circuit's, and the public inputs with those that were proven",
        )


def verify_files(key: Path, public_inputs: Path, proof: Path, backend: str = "auto") -> None:
    """Verify snarkjs's three JSON files. Raises what reading and `verify` raise."""
    verify(read_verifying_key(key), read_public_inputs(public_inputs), read_proof(proof), backend)


def read_verifying_key(path: Path) -> VerifyingKey:
    """Read and check a `verification_key.json`."""
    return parse_verifying_key(read_file(path, max_bytes=VERIFYING_KEY_BYTES_MAX, what="verifying key"))


def read_public_inputs(path: Path) -> tuple[int, ...]:
    """Read and check a `public.json`."""
    return parse_public_inputs(read_file(path, max_bytes=PUBLIC_INPUTS_BYTES_MAX, what="public inputs file"))


def read_proof(path: Path) -> Proof:
    """Read and check a `proof.json`."""
    return parse_proof(read_file(path, max_bytes=PROOF_BYTES_MAX, what="proof"))
